package htlc_test

import (
	"crypto/sha256"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// lockedIn is a world in which the first node's HTLC 0, that secret opens, is locked in.
func lockedIn(t *testing.T) *htlctest.World {
	t.Helper()
	w := newWorld(t, nil)
	for i, dir := range []int{0, 1} {
		c, eff := step(t, w.Nodes[dir].Channel, offer(1_000_000))
		w.Nodes[dir].Channel = c
		require.Empty(t, eff.Results, i)
		relay(t, w, dir, eff.Send)
	}
	return w
}

// relay carries messages between the world's channels until none is left.
func relay(t *testing.T, w *htlctest.World, from int, msgs []lnwire.Message) []htlc.Result {
	t.Helper()
	var out []htlc.Result
	for ; len(msgs) > 0; from = 1 - from {
		var batch []htlc.Input
		for _, m := range msgs {
			batch = append(batch, htlc.Recv{Msg: m})
		}
		c, eff := step(t, w.Nodes[1-from].Channel, batch...)
		w.Nodes[1-from].Channel = c
		out = append(out, eff.Results...)
		msgs = eff.Send
	}
	return out
}

func TestWhatThePeerMustNotSend(t *testing.T) {
	id := func(c *htlc.Channel) lnwire.ChannelID { return c.ID() }
	for name, tc := range map[string]struct {
		msg  func(c *htlc.Channel) lnwire.Message
		want htlc.Reaction
	}{
		"an id out of order": {func(c *htlc.Channel) lnwire.Message { return wireAdd(c, 7, 1e6) }, htlc.Warn},
		"a preimage of something else": {func(c *htlc.Channel) lnwire.Message {
			return &lnwire.UpdateFulfillHTLC{ChanID: id(c), ID: 0, PaymentPreimage: [32]byte{9}}
		}, htlc.FailChannel},
		"a preimage for an HTLC that isn't there": {func(c *htlc.Channel) lnwire.Message {
			return &lnwire.UpdateFulfillHTLC{ChanID: id(c), ID: 1, PaymentPreimage: secret}
		}, htlc.Warn},
		"a failure for an HTLC that isn't there": {func(c *htlc.Channel) lnwire.Message {
			return &lnwire.UpdateFailHTLC{ChanID: id(c), ID: 1 << 60}
		}, htlc.Warn},
		"a malformed failure without BADONION": {func(c *htlc.Channel) lnwire.Message {
			return &lnwire.UpdateFailMalformedHTLC{ChanID: id(c), ID: 0, FailureCode: 5}
		}, htlc.Warn},
		"a fee update from who didn't open": {func(c *htlc.Channel) lnwire.Message {
			return &lnwire.UpdateFee{ChanID: id(c), FeePerKw: 2000}
		}, htlc.FailChannel},
		"a signature of something else": {func(c *htlc.Channel) lnwire.Message {
			return &lnwire.CommitSig{ChanID: id(c), HtlcSigs: make([]lnwire.Sig, 2)}
		}, htlc.FailChannel},
		"too few HTLC signatures": {func(c *htlc.Channel) lnwire.Message {
			return &lnwire.CommitSig{ChanID: id(c)}
		}, htlc.FailChannel},
		"too many HTLC signatures": {func(c *htlc.Channel) lnwire.Message {
			return &lnwire.CommitSig{ChanID: id(c), HtlcSigs: make([]lnwire.Sig, 3)}
		}, htlc.FailChannel},
		"a revocation of what we didn't replace": {func(c *htlc.Channel) lnwire.Message {
			return &lnwire.RevokeAndAck{ChanID: id(c), NextRevocationKey: c.Params().Terms[0].HTLC}
		}, htlc.FailChannel},
		"closing_signed in an open channel": {func(c *htlc.Channel) lnwire.Message {
			return &lnwire.ClosingSigned{ChannelID: id(c)}
		}, htlc.Warn},
		"channel_reestablish twice": {func(c *htlc.Channel) lnwire.Message {
			return &lnwire.ChannelReestablish{ChanID: id(c)}
		}, htlc.Warn},
		"a message of another protocol": {func(c *htlc.Channel) lnwire.Message {
			return &lnwire.Ping{}
		}, htlc.Warn},
		"channel_ready without a point": {func(c *htlc.Channel) lnwire.Message {
			return &lnwire.ChannelReady{ChanID: id(c)}
		}, htlc.Warn},
	} {
		t.Run(name, func(t *testing.T) {
			c := lockedIn(t).Nodes[0].Channel
			blame(t, c, tc.want, tc.msg(c))
		})
	}
}

func TestWrongSecretsAreRefused(t *testing.T) {
	w := lockedIn(t)
	c, eff := step(t, w.Nodes[0].Channel, offer(1_000_000))
	require.Len(t, sent[*lnwire.CommitSig](eff), 1)
	key := c.Params().Terms[0].HTLC
	blame(t, c, htlc.FailChannel, &lnwire.RevokeAndAck{ChanID: c.ID(), Revocation: [32]byte{1}, NextRevocationKey: key})
	blame(t, c, htlc.FailChannel, &lnwire.RevokeAndAck{ChanID: c.ID(), Revocation: [32]byte{1}})
}

func TestUpdateFeeOfThePeer(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) {
		c.Params.Pushed, c.Params.Terms[1].MaxAccepted = 99_000_000_000, 5
	})
	c := w.Nodes[1].Channel
	fee := func(rate uint32) lnwire.Message { return &lnwire.UpdateFee{ChanID: c.ID(), FeePerKw: rate} }
	blame(t, c, htlc.FailChannel, fee(252))
	blame(t, c, htlc.FailChannel, fee(1_000_001))
	most := uint32((1_000_000 - 10_000 - 660) * 1000 / 1124) // the reserve stays
	blame(t, c, htlc.FailChannel, fee(most+2))
	step(t, c, htlc.Recv{Msg: fee(most)})
	step(t, c, htlc.Recv{Msg: fee(253)})

	onesig := newWorld(t, func(c *htlctest.Config) {
		c.Format, c.Params.FeeRate = htlctest.Format{OneSig: true, NoFees: true}, 0
	})
	blame(t, onesig.Nodes[1].Channel, htlc.FailChannel, fee(1000))
}

func TestAttack07FeeUpdatesNeverRaiseTheDustOverItsLimit(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) {
		c.Format = htlctest.Format{TrimByFee: true}
		c.Params.MaxDust = 2_000_000
	})
	for range 4 {
		w.Add(0, 1_100_000) // an output at 1000 sat/kw, none at 2000
	}
	w.Feed(0)
	w.Settle()
	before := w.Nodes[0].Channel
	c, eff := step(t, before, htlc.SetFee{Rate: 2000})
	require.Empty(t, eff.Send)
	require.Equal(t, before.Encode(), c.Encode())
	require.ErrorIs(t, blame(t, w.Nodes[1].Channel, htlc.FailChannel,
		&lnwire.UpdateFee{ChanID: c.ID(), FeePerKw: 2000}), htlc.ErrDustExposure)
}

func TestSetFeeIsTheOpenersAndWithinItsMeans(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) { c.Params.Pushed = 99_950_000_000 })
	for name, tc := range map[string]struct {
		node int
		rate htlc.FeeRate
		want int
	}{
		"affordable":            {0, 2000, 1},
		"more than it has":      {0, 40_000, 0},
		"what it is already":    {0, 1000, 0},
		"below what is relayed": {0, 252, 0},
		"absurd":                {0, 1_000_001, 0},
		"of who didn't open":    {1, 2000, 0},
	} {
		_, eff := step(t, w.Nodes[tc.node].Channel, htlc.SetFee{Rate: tc.rate})
		require.Len(t, sent[*lnwire.UpdateFee](eff), tc.want, name)
	}
}

func TestAfterAPreimageNoFailureCounts(t *testing.T) {
	w := lockedIn(t)
	c, eff := step(t, w.Nodes[0].Channel, htlc.Recv{Msg: &lnwire.UpdateFulfillHTLC{
		ChanID: w.Nodes[0].Channel.ID(), ID: 0, PaymentPreimage: secret,
	}})
	require.Len(t, results[htlc.Fulfilled](eff), 1, "at once, before it is committed")
	require.Len(t, eff.Facts, 1)

	// The connection ends before the peer signs. It may fulfil again, but not fail.
	c, _ = step(t, c, htlc.Disconnected{})
	require.Equal(t, htlc.Fulfilled{HTLC: c.HTLCs()[0].HTLC, Preimage: secret}, c.Pending()[1])
	w.Nodes[0].Channel = c
	peer, _ := step(t, w.Nodes[1].Channel, htlc.Disconnected{})
	c, hello := step(t, c, htlc.Connected{})
	peer, theirs := step(t, peer, htlc.Connected{})
	c, _ = step(t, c, htlc.Recv{Msg: theirs.Send[0]})
	_, _ = step(t, peer, htlc.Recv{Msg: hello.Send[0]})
	blame(t, c, htlc.FailChannel, &lnwire.UpdateFailHTLC{ChanID: c.ID(), ID: 0})
	again, eff := step(t, c, htlc.Recv{Msg: &lnwire.UpdateFulfillHTLC{
		ChanID: c.ID(), ID: 0, PaymentPreimage: secret,
	}})
	require.Empty(t, eff.Facts, "it is known")
	require.Empty(t, eff.Results)
	blame(t, again, htlc.Warn, &lnwire.UpdateFulfillHTLC{ChanID: c.ID(), ID: 0, PaymentPreimage: secret})
}

func TestFailureCountsOnceItIsIrrevocable(t *testing.T) {
	w := lockedIn(t)
	c, eff := step(t, w.Nodes[1].Channel, htlc.Fail{ID: 0, Reason: []byte("why")})
	require.Equal(t, []htlc.Resolved{{ID: 0}}, results[htlc.Resolved](eff))
	w.Nodes[1].Channel = c
	sender, one := step(t, w.Nodes[0].Channel, htlc.Recv{Msg: eff.Send[0]}, htlc.Recv{Msg: eff.Send[1]})
	require.Empty(t, one.Results, "the peer's commitment still has it")
	w.Nodes[0].Channel = sender
	out := relay(t, w, 0, one.Send)
	require.Len(t, out, 1)
	require.Equal(t, []byte("why"), out[0].(htlc.Failed).Reason)
	require.Len(t, w.Nodes[0].Channel.Pending(), 2, "until it is forgotten")
	c, _ = step(t, w.Nodes[0].Channel, htlc.Forget{ID: 0}, htlc.Forget{ID: 0})
	require.Len(t, c.Pending(), 1)
}

func TestCommandsOfTheSwitchAreIdempotent(t *testing.T) {
	w := lockedIn(t)
	c := w.Nodes[1].Channel
	hash := sha256.Sum256(nil)
	for name, in := range map[string]htlc.Input{
		"a preimage of something else":   htlc.Fulfill{ID: 0, Preimage: htlc.Preimage{1}},
		"an HTLC that never was":         htlc.Fulfill{ID: 1, Preimage: secret},
		"a malformed without BADONION":   htlc.FailMalformed{ID: 0, Code: 5, OnionHash: hash},
		"a reason that fits no message":  htlc.Fail{ID: 0, Reason: make([]byte, 70_000)},
		"forgetting what has no outcome": htlc.Forget{ID: 0},
	} {
		same, eff, err := c.Step(in)
		require.Error(t, err, name)
		require.Nil(t, htlctest.Blame(err), name)
		require.Empty(t, eff, name)
		require.Same(t, c, same, name)
	}
	for range 3 {
		var eff htlc.Effects
		c, eff = step(t, c, htlc.Fulfill{ID: 0, Preimage: secret}, htlc.Fail{ID: 0})
		require.Equal(t, []htlc.Resolved{{ID: 0}, {ID: 0}}, results[htlc.Resolved](eff))
		w.Nodes[1].Channel = c
		relay(t, w, 1, eff.Send)
		c = w.Nodes[1].Channel
	}
	require.EqualValues(t, 50_000_000_000, c.Balance(htlc.Local), "one HTLC taken, one offered")
}

func TestABatchStopsAtTheInputItRefuses(t *testing.T) {
	w := lockedIn(t)
	c := w.Nodes[1].Channel
	next, eff, err := c.StepAll([]htlc.Input{
		htlc.Fulfill{ID: 0, Preimage: secret},
		htlc.Recv{Msg: &lnwire.UpdateFee{ChanID: c.ID(), FeePerKw: 1}},
		offer(1_000_000),
	})
	var batch *htlc.BatchError
	require.ErrorAs(t, err, &batch)
	require.Equal(t, 1, batch.Index)
	require.NotNil(t, htlctest.Blame(err))
	require.Len(t, eff.Facts, 1)
	require.Len(t, eff.Send, 1, "the fulfil; nothing is signed")
	require.Len(t, results[htlc.Resolved](eff), 1)
	require.NotEqual(t, c.Encode(), next.Encode())
}

func TestAHaltedChannelStillTakesAPreimage(t *testing.T) {
	w := lockedIn(t)
	c, _ := step(t, w.Nodes[0].Channel, htlc.Halt{Reason: "test"})
	for _, m := range []*lnwire.UpdateFulfillHTLC{
		{ID: 0, PaymentPreimage: [32]byte{1}}, {ID: 5, PaymentPreimage: secret},
	} {
		_, eff := step(t, c, htlc.Recv{Msg: m})
		require.Empty(t, eff)
	}
	right := htlc.Recv{Msg: &lnwire.UpdateFulfillHTLC{ID: 0, PaymentPreimage: secret}}
	c, eff := step(t, c, right, right)
	require.Len(t, eff.Facts, 1)
	require.Len(t, results[htlc.Fulfilled](eff), 1)
	c, _ = step(t, c, htlc.Forget{ID: 0})
	require.Len(t, c.Pending(), 1, "the incoming one")
}

func TestAnErrorOfThePeerHaltsTheChannel(t *testing.T) {
	w := lockedIn(t)
	c, eff := step(t, w.Nodes[0].Channel, htlc.Recv{Msg: &lnwire.Error{
		ChanID: w.Nodes[0].Channel.ID(), Data: []byte("bad\x1b[31m thing"),
	}})
	changed := results[htlc.StateChanged](eff)
	require.Len(t, changed, 1)
	require.Equal(t, htlc.Halted, changed[0].To)
	require.Equal(t, "the peer failed the channel: bad?[31m thing", changed[0].Why)
	require.ErrorIs(t, refused(t, c, offer(1e6)), htlc.ErrNotOpen)

	// A preimage that comes from elsewhere is still kept, for the chain.
	_, eff = step(t, w.Nodes[1].Channel, htlc.Halt{Reason: "test"})
	require.Len(t, sent[*lnwire.Error](eff), 1)
	halted, _ := step(t, w.Nodes[1].Channel, htlc.Halt{Reason: "test"}, htlc.Halt{Reason: "again"})
	require.Equal(t, "test", halted.Halted())
	halted, eff = step(t, halted, htlc.Fulfill{ID: 0, Preimage: secret})
	require.Len(t, eff.Facts, 1)
	require.Empty(t, eff.Send)
	halted, eff = step(t, halted, htlc.Disconnected{}, htlc.Connected{},
		htlc.Recv{Msg: &lnwire.ChannelReestablish{}}, htlc.Recv{Msg: &lnwire.Stfu{}})
	require.Len(t, eff.Send, 2)
	for _, m := range eff.Send {
		require.IsType(t, &lnwire.Error{}, m)
	}
	halted, eff = step(t, halted, htlc.FundingSpent{TxID: [32]byte{1}}, htlc.FundingSpent{TxID: [32]byte{2}})
	require.Equal(t, htlc.Closed, halted.State())
	require.Len(t, eff.Facts, 1)
	require.EqualValues(t, 1, halted.Spent().TxID[0])
	_, eff = step(t, halted, htlc.Disconnected{}, htlc.Connected{}, htlc.Halt{})
	require.Empty(t, eff)
}
