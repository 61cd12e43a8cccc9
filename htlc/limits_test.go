package htlc_test

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// The limits that both sides hold a new HTLC to: the offerer is Refused, and a peer that
// sends it regardless is to blame.
func TestAttack08LimitsOfAnAdd(t *testing.T) {
	type edit = func(*htlctest.Config)
	both := func(f func(*htlc.Terms)) edit {
		return func(c *htlctest.Config) { f(&c.Params.Terms[0]); f(&c.Params.Terms[1]) }
	}
	poor := func(c *htlctest.Config) { c.Params.Capacity, c.Params.Pushed = 1_000_000, 500_000_000 }
	for name, tc := range map[string]struct {
		edit   edit
		before []htlc.MilliSat // added first
		amount htlc.MilliSat
		expiry uint32
		want   error
	}{
		"amount must not be zero":        {amount: 0, want: htlc.ErrAmountZero},
		"amount above the minimum":       {edit: both(func(t *htlc.Terms) { t.HTLCMinimum = 1000 }), amount: 999, want: htlc.ErrBelowMinimum},
		"amount at the minimum":          {edit: both(func(t *htlc.Terms) { t.HTLCMinimum = 1000 }), amount: 1000},
		"amount within the capacity":     {amount: 100_000_000_001, want: htlc.ErrReserve},
		"amount can't wrap around":       {amount: 1<<64 - 1, want: htlc.ErrReserve},
		"expiry is a height":             {amount: 1_000_000, expiry: 500_000_000, want: htlc.ErrExpiry},
		"HTLCs up to the peer's limit":   {edit: both(func(t *htlc.Terms) { t.MaxAccepted = 2 }), before: []htlc.MilliSat{1e6}, amount: 1e6},
		"HTLCs over the peer's limit":    {edit: both(func(t *htlc.Terms) { t.MaxAccepted = 2 }), before: []htlc.MilliSat{1e6, 1e6}, amount: 1e6, want: htlc.ErrTooMany},
		"value up to the peer's limit":   {edit: both(func(t *htlc.Terms) { t.MaxInFlight = 3e6 }), before: []htlc.MilliSat{1e6}, amount: 2e6},
		"value over the peer's limit":    {edit: both(func(t *htlc.Terms) { t.MaxInFlight = 3e6 }), before: []htlc.MilliSat{1e6}, amount: 2e6 + 1, want: htlc.ErrInFlight},
		"the reserve stays":              {edit: poor, amount: 499_000_000, want: htlc.ErrReserve},
		"dust within the exposure limit": {edit: func(c *htlctest.Config) { c.Params.MaxDust = 800_000 }, before: []htlc.MilliSat{300_000}, amount: 200_000},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tc.edit)
			for i, n := range w.Nodes {
				for _, amount := range tc.before {
					w.Add(i, amount)
				}
				w.Feed(i)
				w.Settle()
				add := offer(tc.amount)
				if tc.expiry != 0 {
					add.Expiry = tc.expiry
				}
				err := refused(t, n.Channel, add)
				require.ErrorIs(t, err, tc.want)

				peer := w.Nodes[1-i].Channel
				msg := wireAdd(peer, uint64(len(tc.before)), tc.amount)
				msg.Expiry = add.Expiry
				if tc.want != nil {
					require.ErrorIs(t, blame(t, peer, htlc.Warn, msg), tc.want)
				} else {
					step(t, peer, htlc.Recv{Msg: msg})
				}
			}
		})
	}
}

func TestAttack07DustOverTheLimitIsRefusedHereAndMarkedFromThePeer(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) { c.Params.MaxDust = 500_000 })
	w.Add(0, 300_000)
	w.Feed(0)
	w.Settle()
	require.ErrorIs(t, refused(t, w.Nodes[0].Channel, offer(200_001)), htlc.ErrDustExposure)
	require.NoError(t, refused(t, w.Nodes[0].Channel, offer(354_000)), "it has an output")

	// A peer that holds to no such limit: its HTLC locks in, and is to be failed.
	careless := newWorld(t, nil)
	strict := newWorld(t, func(c *htlctest.Config) { c.Params.MaxDust = 500_000 })
	careless.Nodes[1] = strict.Nodes[1]
	for range 2 {
		careless.Add(0, 300_000)
		careless.Feed(0)
		careless.Settle()
	}
	arrived := careless.Nodes[1].Book.Arrived
	require.False(t, arrived[0].OverDust)
	require.True(t, arrived[1].OverDust)
	reloaded, err := careless.Nodes[1].Reload()
	require.NoError(t, err)
	require.True(t, reloaded.Pending()[1].(htlc.LockedIn).OverDust, "also after a restart")
}

func TestAttack08OpenerKeepsABufferForTwiceTheFeeAndOneHTLCMore(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) {
		c.Params.Capacity, c.Params.Pushed = 1_000_000, 0
	})
	c := w.Nodes[0].Channel
	f := htlctest.Format{}
	most := htlc.MilliSat(1_000_000-10_000-f.Fee(2000, 2)) * 1000
	require.ErrorIs(t, refused(t, c, offer(most+1)), htlc.ErrReserve)
	require.NoError(t, refused(t, c, offer(most)))
	require.Equal(t, most, c.Spendable())
	step(t, w.Nodes[1].Channel, htlc.Recv{Msg: wireAdd(c, 0, most)})

	// The peer takes what leaves the fee, without the buffer.
	bare := htlc.MilliSat(1_000_000-10_000-f.Fee(1000, 1)) * 1000
	step(t, w.Nodes[1].Channel, htlc.Recv{Msg: wireAdd(c, 0, bare)})
	require.ErrorIs(t, blame(t, w.Nodes[1].Channel, htlc.Warn, wireAdd(c, 0, bare+1)), htlc.ErrReserve)
}

func TestNoOutputIsAddedThatTheOpenerCannotPay(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) {
		c.Params.Capacity = 1_000_000
		fee := htlctest.Format{}.Fee(1000, 0)
		c.Params.Pushed = htlc.MilliSat(1_000_000-10_000-fee-100) * 1000
	})
	c := w.Nodes[1].Channel
	require.ErrorIs(t, refused(t, c, offer(1_000_000)), htlc.ErrFee)
	require.NoError(t, refused(t, c, offer(1_000)), "dust has no output")
}

func TestAddWhileAwayOrNotOpenIsRefused(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) { c.Unopened = true })
	require.ErrorIs(t, refused(t, w.Nodes[0].Channel, offer(1e6)), htlc.ErrNotOpen)
	w = newWorld(t, nil)
	w.Cut()
	require.ErrorIs(t, refused(t, w.Nodes[0].Channel, offer(1e6)), htlc.ErrNotOpen)
	w.Link()
	require.ErrorIs(t, refused(t, w.Nodes[0].Channel, offer(1e6)), htlc.ErrNotOpen,
		"channel_reestablish is not answered yet")
	w.Settle()
	require.NoError(t, refused(t, w.Nodes[0].Channel, offer(1e6)))
}

func TestOutcomesThatNobodyForgetsAreBounded(t *testing.T) {
	w := newWorld(t, nil)
	for len(w.Nodes[0].Channel.HTLCs()) < 4*htlc.MaxHTLCs && w.Err == nil {
		for range 400 {
			w.Add(0, 1000)
		}
		w.Feed(0)
		w.Settle()
		batch := []htlc.Input{}
		for id := range w.Nodes[1].Book.Arrived {
			delete(w.Nodes[1].Book.Arrived, id)
			w.Nodes[1].Book.Decided[id] = htlc.Fail{}
			batch = append(batch, htlc.Fail{ID: id})
		}
		w.Feed(1, batch...)
		w.Settle()
	}
	require.ErrorIs(t, refused(t, w.Nodes[0].Channel, offer(1000)), htlc.ErrTooMany)
	w.Feed(0, htlc.Forget{ID: 3})
	w.Feed(0, htlc.Forget{ID: 3})
	require.NoError(t, refused(t, w.Nodes[0].Channel, offer(1000)))
}

func TestBothSidesFillTheChannelWith483HTLCs(t *testing.T) {
	w := newWorld(t, nil)
	for range htlc.MaxHTLCs {
		for i := range w.Nodes {
			w.Add(i, 1_000_000)
		}
	}
	w.Feed(0)
	w.Feed(1)
	w.Settle()
	for i, n := range w.Nodes {
		count, value := n.Channel.InFlight()
		require.Equal(t, 2*htlc.MaxHTLCs, count)
		require.EqualValues(t, 2*htlc.MaxHTLCs*1_000_000, value)
		require.Len(t, n.Book.Arrived, htlc.MaxHTLCs)
		require.ErrorIs(t, refused(t, n.Channel, offer(1e6)), htlc.ErrTooMany)
		w.Crash(i)
		w.Link()
		w.Settle()
	}
	// Decide all of it in one batch a side; the world's Drain compares with the books.
	for i, n := range w.Nodes {
		var batch []htlc.Input
		for id, l := range n.Book.Arrived {
			in := htlc.Input(htlc.Fail{ID: id, Reason: []byte{1}})
			if id%2 == 0 {
				n.Book.Taken += l.HTLC.Amount
				in = htlc.Fulfill{ID: id, Preimage: w.Preimage(l.HTLC)}
			}
			delete(n.Book.Arrived, id)
			n.Book.Decided[id] = in
			batch = append(batch, in)
		}
		w.Feed(i, batch...)
	}
	w.Drain()
}

// A peer below its reserve that gains by a fulfil may offer part of the gain at once, as lnd
// does: it has no less to lose than before. It may not offer more than it gained.
func TestPeerBelowItsReserveMayOfferWhatItGains(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) { c.Params.Pushed = 0 })
	w.Add(0, 5_000_000)
	w.Feed(0)
	w.Settle()
	c := w.Nodes[0].Channel
	h := c.HTLCs()[0]
	require.Zero(t, c.Balance(htlc.Remote))
	c, _ = step(t, c, htlc.Recv{Msg: &lnwire.UpdateFulfillHTLC{
		ChanID: c.ID(), ID: h.ID, PaymentPreimage: w.Preimage(h.HTLC),
	}})

	require.ErrorIs(t, blame(t, c, htlc.Warn, wireAdd(c, 0, 5_000_001)), htlc.ErrReserve)
	step(t, c, htlc.Recv{Msg: wireAdd(c, 0, 5_000_000)})
}
