package htlc_test

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// life runs a channel from its funding to its end and gives the first snapshot, every
// fact since and the channel that came of it.
func life(t *testing.T) (snapshot []byte, facts [][]byte, end *htlc.Channel) {
	t.Helper()
	cfg := htlctest.Default()
	cfg.Unopened = true
	pair, signers, err := htlctest.NewPair(cfg)
	require.NoError(t, err)
	snapshot = pair[0].Encode()
	alias := lnwire.NewShortChanIDFromInt(99)
	w := &htlctest.World{}
	w.Nodes[0], w.Nodes[1] = &htlctest.Node{Channel: pair[0]}, &htlctest.Node{Channel: pair[1]}
	run := func(i int, in ...htlc.Input) {
		for from, batch := i, in; len(batch) > 0; from = 1 - from {
			c, eff := step(t, w.Nodes[from].Channel, batch...)
			w.Nodes[from].Channel = c
			if from == 0 {
				facts = append(facts, eff.Facts...)
			}
			batch = nil
			for _, m := range eff.Send {
				batch = append(batch, htlc.Recv{Msg: m})
			}
		}
	}
	scid := htlc.FundingConfirmed{SCID: lnwire.NewShortChanIDFromInt(7)}
	run(0, scid, htlc.Recv{Msg: &lnwire.ChannelReady{
		NextPerCommitmentPoint: signers[1].Point(1), AliasScid: &alias,
	}})
	run(1, scid)
	run(0, scid, htlc.FundingConfirmed{SCID: lnwire.NewShortChanIDFromInt(8)}) // a reorganisation
	run(0, offer(1e6), offer(2e6), htlc.SetFee{Rate: 1200})
	run(1, offer(3e6), offer(4e6))
	run(1, htlc.Fulfill{ID: 0, Preimage: secret}, htlc.FailMalformed{ID: 1, Code: 0x8005})
	run(0, htlc.Fail{ID: 0, Reason: []byte("no")}, htlc.Fulfill{ID: 1, Preimage: secret})
	run(0, htlc.Forget{ID: 0})
	run(1, htlc.Shutdown{Script: []byte{0, 1}})
	run(0, htlc.Shutdown{Script: []byte{0, 0}})
	run(0, htlc.Halt{Reason: "test"}, htlc.FundingSpent{TxID: [32]byte{5}, Cooperative: true})
	return snapshot, facts, w.Nodes[0].Channel
}

func decodeChannel(b []byte) (*htlc.Channel, error) {
	return htlc.Decode(b, htlctest.Format{}, htlctest.NewSigner("opener"))
}

// replayed is the channel that a snapshot and the facts behind it give.
func replayed(t *testing.T, snapshot []byte, facts [][]byte, kinds map[byte]bool) *htlc.Channel {
	t.Helper()
	c, err := decodeChannel(snapshot)
	require.NoError(t, err)
	for _, f := range facts {
		kinds[f[1]] = true
		c, err = c.Apply(f)
		require.NoError(t, err)
	}
	return c
}

func TestEveryFactIsReplayed(t *testing.T) {
	kinds := map[byte]bool{}
	snapshot, facts, end := lifeOnChain(t)
	c := replayed(t, snapshot, facts, kinds)
	require.Equal(t, end.Encode(), c.Encode())
	require.Equal(t, pending(end), pending(c))
	snapshot, facts, end = life(t)
	c = replayed(t, snapshot, facts, kinds)
	require.Len(t, kinds, 13, "every kind of fact but a signed withdrawal: TestMoneyIsReplayed")
	require.Equal(t, end.Encode(), c.Encode())
	require.Equal(t, end.Pending(), c.Pending())
	require.Equal(t, htlc.Closed, c.State())
	require.Equal(t, end.Spent(), c.Spent())
	require.Equal(t, end.CloseTx(), c.CloseTx())
	require.EqualValues(t, 8, c.SCID().ToUint64())
	alias, ok := c.Alias()
	require.True(t, ok)
	require.EqualValues(t, 99, alias.ToUint64())
	require.Len(t, c.Pending(), 1, "one outcome isn't forgotten")
	require.EqualValues(t, 0x8005, c.Pending()[0].(htlc.Failed).Code)
}

func TestWhatIsStoredInPartIsCorrupt(t *testing.T) {
	snapshot, facts, end := life(t)
	_, onChain, late := lifeOnChain(t)
	for _, b := range [][]byte{snapshot, end.Encode(), late.Encode()} {
		for n := range b {
			_, err := decodeChannel(b[:n])
			require.ErrorIs(t, err, htlc.ErrCorrupt, "%d of %d bytes", n, len(b))
		}
		_, err := decodeChannel(append(b[:len(b):len(b)], 0))
		require.ErrorIs(t, err, htlc.ErrCorrupt)
		_, err = decodeChannel(append([]byte{4}, b[1:]...))
		require.ErrorContains(t, err, "version 4")
	}
	c, err := decodeChannel(snapshot)
	require.NoError(t, err)
	for _, f := range facts {
		for n := range f {
			_, err := c.Apply(f[:n])
			require.ErrorIs(t, err, htlc.ErrCorrupt, "%d of %d bytes", n, len(f))
		}
		c, err = c.Apply(f)
		require.NoError(t, err)
	}
	for _, f := range onChain {
		for n := range f {
			_, err := c.Apply(f[:n])
			require.ErrorIs(t, err, htlc.ErrCorrupt, "%d of %d bytes", n, len(f))
		}
	}
	for _, f := range [][]byte{{4, 1}, {0, 1}, {3, 0}, {3, 15}, {1, 200}} {
		_, err := c.Apply(f)
		require.ErrorIs(t, err, htlc.ErrCorrupt)
	}
}

// A fact that is out of place is corrupt, or changes nothing that another relies on.
func TestFactsOutOfPlaceAreNoPanic(t *testing.T) {
	snapshot, facts, _ := life(t)
	_, onChain, _ := lifeOnChain(t)
	facts = append(facts, onChain...)
	refused := 0
	for _, first := range facts {
		c, err := decodeChannel(snapshot)
		require.NoError(t, err)
		for _, f := range append([][]byte{first}, facts...) {
			next, err := c.Apply(f)
			if err != nil {
				require.ErrorIs(t, err, htlc.ErrCorrupt)
				refused++
				continue
			}
			c = next
		}
	}
	require.Positive(t, refused)
}

func TestViewsOfAChannel(t *testing.T) {
	w := lockedIn(t)
	c := w.Nodes[0].Channel
	require.EqualValues(t, 1000, c.FeeRate())
	require.Equal(t, htlctest.Format{}.Fee(1000, 2), c.CommitFee())
	require.EqualValues(t, 49_999_000_000, c.Balance(htlc.Local))
	require.EqualValues(t, 49_999_000_000, c.Balance(htlc.Remote))
	_, ok := c.Alias()
	require.False(t, ok)
	items := c.HTLCs()
	require.Len(t, items, 2)
	require.Equal(t, "SENT_ADD_ACK_REVOCATION", items[0].State)
	require.True(t, items[0].LockedIn)
	require.False(t, items[0].Removed)
	require.True(t, items[0].Ref.Own())
	require.False(t, htlc.Ref{Chan: c.ID()}.Own())

	// Spendable is the largest Add that is taken; the peer's side sees it alike.
	most := c.Spendable()
	require.NoError(t, refused(t, c, offer(most)))
	require.ErrorIs(t, refused(t, c, offer(most+1)), htlc.ErrReserve)
	require.Equal(t, most, w.Nodes[1].Channel.Receivable())
	receivable := c.Receivable()
	require.NoError(t, refused(t, w.Nodes[1].Channel, offer(receivable)))
	require.Error(t, refused(t, w.Nodes[1].Channel, offer(receivable+1)))

	com, sigs, err := c.LocalCommitment()
	require.NoError(t, err)
	require.Len(t, sigs, 3)
	require.Len(t, com.HTLCs, 2)

	// The peer may publish either of two commitments while one is unacknowledged.
	next, _ := step(t, c, offer(5e6))
	remote, err := next.RemoteCommitments()
	require.NoError(t, err)
	require.Len(t, remote, 2)
	require.Len(t, remote[0].HTLCs, 2)
	require.Len(t, remote[1].HTLCs, 3)
	require.Equal(t, remote[0].Number+1, remote[1].Number)
	before, err := c.RemoteCommitments()
	require.NoError(t, err)
	require.Equal(t, before, remote[:1])
	for name, s := range map[string]htlc.State{"open": htlc.Open, "unknown": 99, "closed": htlc.Closed} {
		require.Equal(t, name, s.String())
	}
}

// A flipped bit is found, or it changes a value; it never makes a later step panic.
func TestFlippedBitsAreNoPanic(t *testing.T) {
	w := lockedIn(t)
	c, _ := step(t, w.Nodes[0].Channel, offer(1e6))
	hello := htlc.Recv{Msg: &lnwire.ChannelReestablish{NextLocalCommitHeight: 3, RemoteCommitTailHeight: 2}}
	b := c.Encode()
	for at := range b {
		if len(b) > 4000 && at%16 != 0 && at > 1200 && at < len(b)-1500 {
			continue // onions
		}
		flipped := append([]byte(nil), b...)
		flipped[at] ^= 1 << (at % 8)
		c, err := decodeChannel(flipped)
		if err != nil {
			require.ErrorIs(t, err, htlc.ErrCorrupt)
			continue
		}
		c.Pending()
		c.Spendable()
		_, _, _ = c.StepAll([]htlc.Input{htlc.Connected{}, hello, htlc.Shutdown{Script: []byte{0, 1}}})
	}
}
