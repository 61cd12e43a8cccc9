package htlc_test

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// TestAttack09TheFeeNeverEatsTheOpenersReserve: a miner that opens a channel could have its
// whole balance in a fee that it collects itself, and then nothing to lose by cheating.
func TestAttack09TheFeeNeverEatsTheOpenersReserve(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) { c.Params.Pushed = 99_900_000_000 })
	c := w.Nodes[1].Channel
	fee := func(rate uint32) lnwire.Message { return &lnwire.UpdateFee{ChanID: c.ID(), FeePerKw: rate} }
	most := uint32((100_000 - 10_000 - 660) * 1000 / 1124)
	blame(t, c, htlc.FailChannel, fee(most+2))
	step(t, c, htlc.Recv{Msg: fee(most)})

	// A lower rate is never refused, whatever the opener has.
	poor := newWorld(t, func(c *htlctest.Config) { c.Params.Pushed = 99_995_000_000 })
	c = poor.Nodes[1].Channel
	step(t, c, htlc.Recv{Msg: fee(999)})
	blame(t, c, htlc.FailChannel, fee(1001))
}

// TestAttack18HTLCsThatAreEqualButForTheirIDEndEachOnItsOwn: neither hash
// nor amount names an HTLC.
func TestAttack18HTLCsThatAreEqualButForTheirIDEndEachOnItsOwn(t *testing.T) {
	w := newWorld(t, nil)
	c, eff := step(t, w.Nodes[0].Channel, offer(1_000_000), offer(1_000_000), offer(1_000_000))
	w.Nodes[0].Channel = c
	relay(t, w, 0, eff.Send)
	c, eff = step(t, w.Nodes[1].Channel,
		htlc.Fail{ID: 0, Reason: []byte("no")}, htlc.Fulfill{ID: 1, Preimage: secret})
	w.Nodes[1].Channel = c
	out := relay(t, w, 1, eff.Send)
	require.Len(t, out, 2)
	require.EqualValues(t, 1, out[0].(htlc.Fulfilled).HTLC.ID)
	require.EqualValues(t, 0, out[1].(htlc.Failed).HTLC.ID)
	n, value := w.Nodes[0].Channel.InFlight()
	require.Equal(t, 1, n)
	require.EqualValues(t, 1_000_000, value)
	require.EqualValues(t, 49_998_000_000, w.Nodes[0].Channel.Balance(htlc.Local))
	require.EqualValues(t, 50_001_000_000, w.Nodes[1].Channel.Balance(htlc.Local))
}

// TestNoUpdateIsTakenBeforeTheFundingIsConfirmed: what locks in is forwarded, and a peer's
// unfunded channel pays for nothing.
func TestNoUpdateIsTakenBeforeTheFundingIsConfirmed(t *testing.T) {
	for name, closing := range map[string][]htlc.Input{
		"we close": {htlc.Shutdown{Script: []byte{1}}},
		"both close": {htlc.Shutdown{Script: []byte{1}},
			htlc.Recv{Msg: &lnwire.Shutdown{Address: []byte{2}}}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(c *htlctest.Config) { c.Unopened = true })
			c, _ := step(t, w.Nodes[1].Channel, closing...)
			c, _ = step(t, c, htlc.Recv{Msg: &lnwire.ChannelReady{
				NextPerCommitmentPoint: htlctest.NewSigner("opener").Point(1),
			}})
			for _, msg := range []lnwire.Message{
				wireAdd(c, 0, 100_000),
				&lnwire.UpdateFee{FeePerKw: 2000},
				&lnwire.CommitSig{},
				&lnwire.RevokeAndAck{},
			} {
				blame(t, c, htlc.Warn, msg)
			}
			opener, _ := step(t, w.Nodes[0].Channel, closing[0])
			_, eff := step(t, opener, htlc.SetFee{Rate: 2000})
			require.Empty(t, eff.Send, "we neither")
		})
	}
}

// TestSumsNearTheLargestCapacityDontWrap: a token channel may hold 2^63 msat, and what two
// HTLCs and a reserve add up to may pass 2^64.
func TestSumsNearTheLargestCapacityDontWrap(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) {
		c.Format, c.Params.FeeRate = htlctest.Format{OneSig: true, NoFees: true}, 0
		c.Params.Capacity, c.Params.Pushed = htlc.MaxCapacity, 0
		for i := range c.Params.Terms {
			c.Params.Terms[i].Reserve = htlc.MaxCapacity / 5
			c.Params.Terms[i].MaxInFlight = 1<<64 - 1
		}
	})
	c := w.Nodes[1].Channel
	all := htlc.MilliSat(htlc.MaxCapacity) * 1000
	c, _ = step(t, c, htlc.Recv{Msg: wireAdd(c, 0, all/5*4)})
	for _, amount := range []htlc.MilliSat{1000, all / 2, all - 1, all} {
		require.ErrorIs(t, blame(t, c, htlc.Warn, wireAdd(c, 1, amount)), htlc.ErrReserve)
	}
	// Balances that an HTLC brings in don't wrap either.
	require.ErrorIs(t, refused(t, w.Nodes[1].Channel, offer(all)), htlc.ErrReserve)
}

// TestAHugeClosingFeeLeavesAnOutput: a close that pays nobody can't be made, and to try
// would halt the channel.
func TestAHugeClosingFeeLeavesAnOutput(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) {
		c.Params.Capacity, c.Params.Pushed = 100_000, 200_000 // the other has dust
	})
	w.Feed(0, htlc.Shutdown{Script: []byte{0, 0}, FeeRate: 1_000_000})
	w.Feed(1, htlc.Shutdown{Script: []byte{0, 1}})
	w.Settle()
	require.Equal(t, htlc.Closing, w.Nodes[0].Channel.State())
	require.Equal(t, htlc.Closing, w.Nodes[1].Channel.State())
}

// TestAttack35OversizedFailuresAreNotKept: what a peer says of 483 HTLCs goes into one
// append and one snapshot, and a store that refuses them stops the node.
func TestAttack35OversizedFailuresAreNotKept(t *testing.T) {
	w := newWorld(t, nil)
	for range htlc.MaxHTLCs {
		w.Add(0, 1_000_000)
	}
	w.Feed(0)
	w.Settle()
	peer := w.Nodes[1].Channel
	var fails []htlc.Input
	for id := range uint64(htlc.MaxHTLCs) {
		fails = append(fails, htlc.Fail{ID: id, Reason: make([]byte, 65_000)})
	}
	_, eff := step(t, peer, fails...)
	var batch []htlc.Input
	for _, m := range eff.Send {
		batch = append(batch, htlc.Recv{Msg: m})
	}
	c, eff := step(t, w.Nodes[0].Channel, batch...)
	size := 0
	for _, f := range eff.Facts {
		size += len(f)
	}
	const most = 4 << 20 // a quarter of channeldb.MaxAppend
	require.Less(t, size, most)
	require.Less(t, len(c.Encode()), most)

	// The longest that anybody could read is kept as it is.
	for length, want := range map[int]int{htlc.MaxFailure: htlc.MaxFailure, htlc.MaxFailure + 1: 0} {
		w := lockedIn(t)
		c, eff := step(t, w.Nodes[1].Channel, htlc.Fail{ID: 0, Reason: make([]byte, length)})
		w.Nodes[1].Channel = c
		out := relay(t, w, 1, eff.Send)
		require.Len(t, out, 1)
		require.Len(t, out[0].(htlc.Failed).Reason, want)
	}
}

// TestAttack10APeersHTLCsCannotEatTheOpenersBalance: each output that a peer adds costs the
// opener a fee, so a peer could burn all that the opener has and take its HTLCs back.
func TestAttack10APeersHTLCsCannotEatTheOpenersBalance(t *testing.T) {
	f := htlctest.Format{}
	w := newWorld(t, func(c *htlctest.Config) {
		c.Params.Capacity = 10_000_000
		c.Params.Pushed = htlc.MilliSat(10_000_000-10_000-f.Fee(1000, 0)) * 1000
	})
	c := w.Nodes[0].Channel
	id := uint64(0)
	for f.Fee(1000, int(id)+1) <= 10_000+f.Fee(1000, 0) { // its reserve may go
		c, _ = step(t, c, htlc.Recv{Msg: wireAdd(c, id, 1_000_000)})
		id++
	}
	require.EqualValues(t, 10_000/172, id)
	require.ErrorIs(t, blame(t, c, htlc.Warn, wireAdd(c, id, 1_000_000)), htlc.ErrFee)
	step(t, c, htlc.Recv{Msg: wireAdd(c, id, 1_000)}) // dust costs nothing
}
