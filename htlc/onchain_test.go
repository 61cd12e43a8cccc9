package htlc_test

import (
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// onDisk steps a channel, signing nothing, and holds that its facts, replayed on the channel before, give the
// channel after.
func onDisk(t *testing.T, c *htlc.Channel, in ...htlc.Input) (*htlc.Channel, htlc.Effects) {
	t.Helper()
	next, eff := c, htlc.Effects{}
	for _, one := range in {
		after, asked, err := next.Step(one)
		require.NoError(t, err)
		next = after
		eff.Facts = append(eff.Facts, asked.Facts...)
		eff.Send = append(eff.Send, asked.Send...)
		eff.Results = append(eff.Results, asked.Results...)
	}
	disk, err := decodeChannel(c.Encode())
	require.NoError(t, err)
	for _, f := range eff.Facts {
		disk, err = disk.Apply(f)
		require.NoError(t, err)
	}
	require.Equal(t, next.Encode(), disk.Encode())
	again, err := decodeChannel(next.Encode())
	require.NoError(t, err)
	require.Equal(t, pending(next), pending(disk))
	require.Equal(t, pending(next), pending(again))
	return next, eff
}

// pending is Pending without the onions of outgoing HTLCs, which aren't kept.
func pending(c *htlc.Channel) []htlc.Result {
	var out []htlc.Result
	bare := func(h *htlc.HTLC) *htlc.HTLC {
		copied := *h
		copied.Onion = nil
		return &copied
	}
	for _, r := range c.Pending() {
		switch v := r.(type) {
		case htlc.Fulfilled:
			v.HTLC = bare(v.HTLC)
			r = v
		case htlc.Failed:
			v.HTLC = bare(v.HTLC)
			r = v
		}
		out = append(out, r)
	}
	return out
}

// lifeOnChain is a channel with everything that the chain can say of its HTLCs.
func lifeOnChain(t *testing.T) (snapshot []byte, facts [][]byte, end *htlc.Channel) {
	t.Helper()
	w := newWorld(t, nil)
	c, eff := step(t, w.Nodes[0].Channel, offer(1e6), offer(2e6), offer(3e6))
	w.Nodes[0].Channel = c
	relay(t, w, 0, eff.Send)
	c, eff = step(t, w.Nodes[1].Channel, offer(4e6))
	w.Nodes[1].Channel = c
	relay(t, w, 1, eff.Send)
	end = w.Nodes[0].Channel
	snapshot = end.Encode()
	fail := htlc.Recv{Msg: &lnwire.UpdateFailHTLC{ID: 0, Reason: []byte("no")}}
	_, removal := step(t, w.Nodes[1].Channel, htlc.Fail{ID: 0, Reason: []byte("no")})
	for _, in := range [][]htlc.Input{
		{fail, htlc.Recv{Msg: sent[*lnwire.CommitSig](removal)[0]}},
		{htlc.Learned{ID: 0, Preimage: secret}}, // late
		{htlc.Fail{ID: 0, Reason: []byte("no")}},
		{htlc.Halt{Reason: "test"}},
		{htlc.Fulfill{ID: 0, Preimage: secret}}, // late
		{htlc.TimedOut{ID: 1}},
		{htlc.TimedOut{ID: 2}, htlc.Learned{ID: 2, Preimage: secret}},
	} {
		var eff htlc.Effects
		end, eff = onDisk(t, end, in...)
		facts = append(facts, eff.Facts...)
	}
	return snapshot, facts, end
}

// trail is every channel that one side passes through while an HTLC of the opener's, id 0, is
// offered and ended, message by message, by the HTLC's state.
func trail(t *testing.T, side int, end htlc.Input) map[string]*htlc.Channel {
	t.Helper()
	all := make(map[string]*htlc.Channel)
	w := newWorld(t, nil)
	var queues [2][]htlc.Input
	run := func(i int, in ...htlc.Input) {
		c, eff := step(t, w.Nodes[i].Channel, in...)
		w.Nodes[i].Channel = c
		for _, m := range eff.Send {
			queues[1-i] = append(queues[1-i], htlc.Recv{Msg: m})
		}
	}
	one := func(i int, in htlc.Input) {
		c, eff, err := w.Nodes[i].Channel.Step(in) // signs nothing yet
		require.NoError(t, err)
		w.Nodes[i].Channel = c
		for _, m := range eff.Send {
			queues[1-i] = append(queues[1-i], htlc.Recv{Msg: m})
		}
	}
	note := func() {
		for _, h := range w.Nodes[side].Channel.HTLCs() {
			all[h.State] = w.Nodes[side].Channel
		}
	}
	settle := func() {
		for len(queues[0])+len(queues[1]) > 0 {
			for i := range queues {
				batch := queues[i]
				queues[i] = nil
				for _, in := range batch {
					one(i, in)
					note()
				}
				run(i)
				note()
			}
		}
	}
	one(0, offer(1e6))
	note()
	run(0)
	note()
	settle()
	one(1, end)
	note()
	run(1)
	settle()
	return all
}

// stops are the ways in which a channel is left to the chain.
var stops = map[string]htlc.Input{
	"halted": htlc.Halt{Reason: "test"},
	"closed": htlc.FundingSpent{TxID: [32]byte{1}},
}

var (
	failing    = htlc.Fail{ID: 0, Reason: []byte("no")}
	fulfilling = htlc.Fulfill{ID: 0, Preimage: secret}
	learned    = htlc.Learned{ID: 0, Preimage: secret}
)

// commitments are all that may be published.
func commitments(t *testing.T, c *htlc.Channel) []*htlc.Commitment {
	t.Helper()
	local, _, err := c.LocalCommitment()
	require.NoError(t, err)
	remote, err := c.RemoteCommitments()
	require.NoError(t, err)
	return append(remote, local)
}

// TestAttack14APreimageFromTheChainIsNeverFollowedByAFailure: whatever state the HTLC and the
// channel are in, even if the peer fails the HTLC at the same time. A node that failed it
// upstream would have paid for it.
func TestAttack14APreimageFromTheChainIsNeverFollowedByAFailure(t *testing.T) {
	seen := 0
	for state, open := range trail(t, 0, failing) {
		ends := map[string]htlc.Input{"open": htlc.Disconnected{}}
		for name, in := range stops {
			ends[name] = in
		}
		for name, end := range ends {
			t.Run(state+" "+name, func(t *testing.T) {
				c := open
				if name != "open" {
					c, _ = step(t, c, end)
				}
				before := commitments(t, c)
				c, eff := onDisk(t, c, learned)
				if state == "SENT_ADD_HTLC" {
					require.Empty(t, eff, "the peer never had it")
					return
				}
				seen++
				given := results[htlc.Fulfilled](eff)
				require.Len(t, given, 1)
				require.Equal(t, secret, given[0].Preimage)
				require.Equal(t, before, commitments(t, c), "what was signed stays")
				if name == "open" && state == "RCVD_REMOVE_HTLC" {
					require.Equal(t, htlc.Halted, c.State(), "the peer does both")
				}
				c, eff = onDisk(t, c, learned)
				require.Empty(t, eff, "it is known")
				c, _ = step(t, c, htlc.Halt{Reason: "test"})
				c, eff = onDisk(t, c, htlc.TimedOut{ID: 0})
				require.Empty(t, eff)
				require.Equal(t, []htlc.Result{given[0]}, c.Pending())
				require.True(t, c.HTLCs()[0].Fulfilled)
				c, _ = onDisk(t, c, htlc.Forget{ID: 0})
				require.Empty(t, c.Pending())
			})
		}
	}
	require.Equal(t, 7*3, seen, "every state that the peer knows of")
}

// TestAttack15AFailureThatThePeerSignsDoesNotUndoAPreimage: the peer takes the HTLC on chain
// and signs its failure here.
func TestAttack15AFailureThatThePeerSignsDoesNotUndoAPreimage(t *testing.T) {
	w := newWorld(t, nil)
	c, eff := step(t, w.Nodes[0].Channel, offer(1e6))
	w.Nodes[0].Channel = c
	relay(t, w, 0, eff.Send)
	peer, removal := step(t, w.Nodes[1].Channel, failing)
	w.Nodes[1].Channel = peer

	late, _ := onDisk(t, w.Nodes[0].Channel, learned)
	blame(t, late, htlc.FailChannel, removal.Send[0])

	c, eff = step(t, w.Nodes[0].Channel, htlc.Recv{Msg: removal.Send[0]}, htlc.Recv{Msg: removal.Send[1]})
	c, given := onDisk(t, c, learned)
	require.Len(t, results[htlc.Fulfilled](given), 1)
	w.Nodes[0].Channel = c
	for _, r := range relay(t, w, 0, eff.Send) {
		require.IsNotType(t, htlc.Failed{}, r)
	}
	c = w.Nodes[0].Channel
	require.True(t, c.HTLCs()[0].Removed)
	require.Equal(t, given.Results, c.Pending())
	require.EqualValues(t, 50_000_000_000, c.Balance(htlc.Local), "the ledger is what both signed")
	c, _ = onDisk(t, c, htlc.Forget{ID: 0})
	require.Empty(t, c.HTLCs())
}

// TestAPreimageFromTheChainMustOpenItsHTLC, and an HTLC that is not there needs none.
func TestAPreimageFromTheChainMustOpenItsHTLC(t *testing.T) {
	c := lockedIn(t).Nodes[0].Channel
	before := c.Encode()
	same, eff, err := c.Step(htlc.Learned{ID: 0, Preimage: htlc.Preimage{8}})
	require.ErrorContains(t, err, "isn't that of outgoing HTLC 0")
	require.Empty(t, eff)
	require.Equal(t, before, same.Encode())
	for _, in := range []htlc.Input{
		htlc.Learned{ID: 1, Preimage: secret}, htlc.Learned{ID: 1 << 60}, htlc.TimedOut{ID: 1},
	} {
		_, eff = onDisk(t, c, in)
		require.Empty(t, eff, "%#v", in)
	}
}

// TestAnHTLCThatTimedOutOnChainFails, once, and again after each start until that is forgotten.
func TestAnHTLCThatTimedOutOnChainFails(t *testing.T) {
	for state, open := range trail(t, 0, failing) {
		for name, end := range stops {
			t.Run(state+" "+name, func(t *testing.T) {
				c, _ := step(t, open, end)
				before := c.Pending()
				c, eff := onDisk(t, c, htlc.TimedOut{ID: 0})
				switch state {
				case "SENT_ADD_HTLC":
					require.Empty(t, eff, "it was dropped")
					return
				case "RCVD_REMOVE_ACK_REVOCATION":
					require.Empty(t, eff, "it had failed before")
					require.Equal(t, before, c.Pending())
					return
				}
				want := []htlc.Result{htlc.Failed{HTLC: c.HTLCs()[0].HTLC, OnChain: true}}
				require.Equal(t, want, eff.Results)
				require.True(t, c.HTLCs()[0].TimedOut)
				require.Equal(t, want, c.Pending())
				c, eff = onDisk(t, c, htlc.TimedOut{ID: 0})
				require.Empty(t, eff)
				c, _ = onDisk(t, c, htlc.Forget{ID: 0})
				require.Empty(t, c.Pending())
			})
		}
	}
}

// TestOnlyAStoppedChannelsHTLCsTimeOut: elsewhere the peer may still be paid for them.
func TestOnlyAStoppedChannelsHTLCsTimeOut(t *testing.T) {
	c := lockedIn(t).Nodes[0].Channel
	_, eff, err := c.Step(htlc.TimedOut{ID: 0})
	require.ErrorContains(t, err, "needs halted or closed")
	require.Empty(t, eff)
}

// TestAPreimageAfterATimeoutStillCounts: a reorganisation can bring it. What the switch made
// durable elsewhere isn't asked again.
func TestAPreimageAfterATimeoutStillCounts(t *testing.T) {
	for _, how := range []htlc.Input{
		learned, htlc.Recv{Msg: &lnwire.UpdateFulfillHTLC{ID: 0, PaymentPreimage: secret}},
	} {
		c, _ := step(t, lockedIn(t).Nodes[0].Channel, htlc.Halt{}, htlc.TimedOut{ID: 0})
		c, eff := onDisk(t, c, how)
		require.Len(t, results[htlc.Fulfilled](eff), 1)
		require.Contains(t, c.Pending(), eff.Results[0])
		c, eff = onDisk(t, c, htlc.TimedOut{ID: 0})
		require.Empty(t, eff)
		require.True(t, c.HTLCs()[0].Fulfilled)
	}
	c, _ := step(t, lockedIn(t).Nodes[0].Channel, htlc.Halt{}, htlc.TimedOut{ID: 0}, htlc.Forget{ID: 0})
	_, eff := onDisk(t, c, learned)
	require.Empty(t, eff)
}

// TestAStoppedChannelTakesThePreimagesOfItsIncomingHTLCs: they are what it claims with, even
// for an HTLC whose failure was not agreed upon when it stopped.
func TestAStoppedChannelTakesThePreimagesOfItsIncomingHTLCs(t *testing.T) {
	committed := false
	for state, open := range trail(t, 1, failing) {
		for name, end := range stops {
			t.Run(state+" "+name, func(t *testing.T) {
				c, _ := step(t, open, end)
				before := commitments(t, c)
				_, ok := c.Preimage(sha256.Sum256(secret[:]))
				require.False(t, ok)
				next, eff, err := c.StepAll([]htlc.Input{fulfilling})
				switch state {
				case "RCVD_ADD_HTLC", "RCVD_ADD_COMMIT", "SENT_ADD_REVOCATION", "SENT_ADD_ACK_COMMIT":
					require.Error(t, err, "the switch was never told of it")
					require.Empty(t, next.Pending())
					return
				case "RCVD_ADD_ACK_REVOCATION":
					committed = true
				}
				require.NoError(t, err)
				require.Equal(t, []htlc.Result{htlc.Resolved{ID: 0}}, eff.Results)
				require.Empty(t, eff.Send)
				c, _ = onDisk(t, c, fulfilling)
				require.Empty(t, c.Pending())
				require.Equal(t, before, commitments(t, c))
				p, ok := c.Preimage(sha256.Sum256(secret[:]))
				require.True(t, ok)
				require.Equal(t, secret, p)
				c, eff = onDisk(t, c, fulfilling, failing)
				require.Empty(t, eff.Facts)
				require.Len(t, eff.Results, 2)
				require.True(t, c.HTLCs()[0].Fulfilled)
			})
		}
		if state == "SENT_REMOVE_HTLC" {
			c, _ := onDisk(t, open, fulfilling)
			require.False(t, c.HTLCs()[0].Fulfilled, "the peer was told of the failure, and may sign it")
		}
	}
	require.True(t, committed)
}

// TestThePreimageOfAnHTLCIsKnownWhileItIsBeingRemoved: until then a commitment may hold it.
func TestThePreimageOfAnHTLCIsKnownWhileItIsBeingRemoved(t *testing.T) {
	seen := 0
	for state, c := range trail(t, 1, fulfilling) {
		if !strings.Contains(state, "REMOVE") {
			continue
		}
		seen++
		p, ok := c.Preimage(sha256.Sum256(secret[:]))
		require.True(t, ok, state)
		require.Equal(t, secret, p)
		_, ok = c.Preimage([32]byte{1})
		require.False(t, ok)
	}
	require.Equal(t, 3, seen)
}

// TestCloseScriptsAreThoseThatWereTold, or agreed at opening.
func TestCloseScriptsAreThoseThatWereTold(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) { c.Params.Terms[htlc.Remote].CloseScript = []byte{0, 9} })
	c := w.Nodes[0].Channel
	require.Equal(t, [2][]byte{nil, {0, 9}}, c.CloseScripts())
	c, _ = step(t, c, htlc.Shutdown{Script: []byte{0, 7}})
	require.Equal(t, [2][]byte{{0, 7}, {0, 9}}, c.CloseScripts())
}

// TestAnOperatorsWordsDoNotMakeAStateStale: only a proof does.
func TestAnOperatorsWordsDoNotMakeAStateStale(t *testing.T) {
	c, _ := onDisk(t, newWorld(t, nil).Nodes[0].Channel,
		htlc.Halt{Reason: "this node's state is old (a backup was restored?): the peer has proof"})
	require.False(t, c.Stale())
	again, err := decodeChannel(c.Encode())
	require.NoError(t, err)
	require.False(t, again.Stale())
}
