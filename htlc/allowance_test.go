package htlc_test

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// aMillion is a channel of 1,000,000 sat: its allowance is 100,000 sat, its slots 54 each way. The
// opener accepts 483 HTLCs, as lnd does.
func aMillion(c *htlctest.Config) {
	c.Params.Capacity, c.Params.Pushed = 1_000_000, 300_000_000
	c.Params.Terms[1].MaxAccepted = 54
}

// dearest is the highest rate at which so many HTLCs are within an allowance.
func dearest(allowance htlc.Sat, htlcs int) htlc.FeeRate {
	rate := htlc.FeeRate(1)
	for (htlctest.Format{}).Fee(rate+1, htlcs) <= allowance {
		rate++
	}
	return rate
}

// TestAttack09NoRateTakesTheFeeAboveTheAllowance: an opener that mines would put its balance into the
// fee of a state, spend it, and publish that state.
func TestAttack09NoRateTakesTheFeeAboveTheAllowance(t *testing.T) {
	fee := func(rate htlc.FeeRate) lnwire.Message { return &lnwire.UpdateFee{FeePerKw: uint32(rate)} }
	for _, ours := range []int{0, 10, 54} {
		w := newWorld(t, aMillion)
		for range ours {
			w.Add(1, 1_000_000)
		}
		w.Feed(1)
		w.Settle()
		c := w.Nodes[1].Channel
		most := dearest(100_000, 54+ours)
		require.ErrorIs(t, blame(t, c, htlc.Warn, fee(most+1)), htlc.ErrFeeAllowance)
		c, _ = step(t, c, htlc.Recv{Msg: fee(most)})
		for id := range uint64(54) { // the peer fills what it was told of, and nothing is held against it
			c, _ = step(t, c, htlc.Recv{Msg: wireAdd(c, id, 1_000_000)})
		}
		step(t, c, htlc.Recv{Msg: fee(most - 1)}) // a lower rate is always taken
	}
}

// TestAttack09AnOpeningAboveTheAllowanceIsRefused: the first state is one like the others.
func TestAttack09AnOpeningAboveTheAllowanceIsRefused(t *testing.T) {
	_, msg, err := htlc.Propose(openConfig("a"))
	require.NoError(t, err)
	most := dearest(100_000, 54)
	msg.FeePerKiloWeight = uint32(most)
	_, _, err = htlc.Answer(openConfig("b"), msg)
	require.NoError(t, err)
	msg.FeePerKiloWeight++
	_, _, err = htlc.Answer(openConfig("b"), msg)
	require.ErrorIs(t, err, htlc.ErrFeeAllowance)
	require.NotNil(t, htlctest.Blame(err))

	cfg := openConfig("a")
	cfg.FeeRate = most + 1
	_, _, err = htlc.Propose(cfg)
	require.ErrorIs(t, err, htlc.ErrFeeAllowance, "nor do we ask for it")
}

// TestAttack10SlotsAreAnnouncedByTheAllowance: HTLCs that a peer holds cost the opener a fee each.
func TestAttack10SlotsAreAnnouncedByTheAllowance(t *testing.T) {
	f := htlctest.Format{}
	for capacity, tc := range map[htlc.Sat]struct {
		allowance htlc.Sat
		slots     int
	}{
		20_000:      {23_480, 10}, // enough for every implementation
		100_000:     {23_480, 10},
		300_000:     {30_000, 13},
		1_000_000:   {100_000, 54},
		4_000_000:   {400_000, 228},
		8_500_000:   {850_000, 483},
		100_000_000: {10_000_000, 483},
	} {
		require.Equal(t, tc.allowance, htlc.FeeAllowance(f, capacity), "%d sat", capacity)
		require.Equal(t, tc.slots, htlc.Slots(f, capacity), "%d sat", capacity)
		require.LessOrEqual(t, f.Fee(5_000, 2*tc.slots), tc.allowance)

		cfg := openConfig("a")
		cfg.Capacity, cfg.Pushed, cfg.Wumbo = capacity, 0, true
		cfg.Reserve = max(capacity/100, 1_000)
		_, open, err := htlc.Propose(cfg)
		require.NoError(t, err)
		require.EqualValues(t, tc.slots, open.MaxAcceptedHTLCs)
		theirs := openConfig("b")
		theirs.Wumbo, theirs.Reserve = true, cfg.Reserve
		o, accept, err := htlc.Answer(theirs, open)
		require.NoError(t, err)
		require.EqualValues(t, tc.slots, accept.MaxAcceptedHTLCs)
		require.EqualValues(t, tc.slots, o.Params().Terms[htlc.Local].MaxAccepted, "and held to")

		cfg.Terms.MaxAccepted = 7
		_, open, err = htlc.Propose(cfg)
		require.NoError(t, err)
		require.EqualValues(t, 7, open.MaxAcceptedHTLCs, "fewer were asked for")
	}
	require.Equal(t, htlc.MaxHTLCs, htlc.Slots(htlctest.Format{NoFees: true}, 1), "where commitments cost nothing")
}

// TestAttack10OurOwnHTLCsLeaveThePeerItsSlots: a peer that takes 483 of ours is offered no more than the
// allowance bears, and may still do all that it was told it may.
func TestAttack10OurOwnHTLCsLeaveThePeerItsSlots(t *testing.T) {
	w := newWorld(t, aMillion)
	fill := func(side int) {
		for range 54 {
			w.Add(side, 1_000_000)
		}
		w.Feed(side)
		w.Settle()
	}
	fill(1)
	c := w.Nodes[1].Channel
	require.ErrorIs(t, refused(t, c, offer(1_000_000)), htlc.ErrFeeAllowance)
	require.NoError(t, refused(t, c, offer(1_000)), "dust costs nothing")
	require.EqualValues(t, 353_999, c.Spendable(), "and is all that can be sent")
	fill(0)
	w.Feed(0, htlc.SetFee{Rate: 5_000})
	w.Settle()
	for _, n := range w.Nodes {
		count, _ := n.Channel.InFlight()
		require.Equal(t, 108, count)
		require.EqualValues(t, 5_000, n.Channel.FeeRate())
		require.Equal(t, htlctest.Format{}.Fee(5_000, 108), n.Channel.CommitFee())
		require.LessOrEqual(t, n.Channel.CommitFee(), htlc.Sat(100_000))
	}
}

// TestWeProposeOnlyWhatTheAllowanceBearsWithAllSlotsFull: what the peer adds meanwhile is unknown to us,
// and it might refuse.
func TestWeProposeOnlyWhatTheAllowanceBearsWithAllSlotsFull(t *testing.T) {
	c := newWorld(t, aMillion).Nodes[0].Channel
	most := dearest(100_000, 108)
	_, eff := step(t, c, htlc.SetFee{Rate: most + 1})
	require.Empty(t, eff.Send)
	_, eff = step(t, c, htlc.SetFee{Rate: most})
	require.Len(t, sent[*lnwire.UpdateFee](eff), 1)
}
