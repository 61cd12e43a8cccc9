package node

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/channeldb/dbtest"
)

func (n *testNode) forwarded(req ListForwards) []Forward {
	n.net.t.Helper()
	page, err := n.ListForwards(n.net.t.Context(), req)
	require.NoError(n.net.t, err)
	return page.Forwards
}

func TestForwardIsRemembered(t *testing.T) {
	n, alice, bob, carol := line(t)
	n.eventually("bob knows the others' names", func() bool {
		a, _ := bob.graph.Node(alice.self)
		c, _ := bob.graph.Node(carol.self)
		return a.Announcement != nil && c.Announcement != nil
	})
	before := time.Now()
	require.Equal(t, PaymentSucceeded, alice.pay(carol.invoice(10_000*sat).PaymentRequest).Status)
	n.settled(alice, bob, carol)
	require.Empty(t, alice.forwarded(ListForwards{}))
	require.Empty(t, carol.forwarded(ListForwards{}))
	all := bob.forwarded(ListForwards{Aliases: true})
	require.Len(t, all, 1)
	f := all[0]
	fee := DefaultPolicy.Fee(10_000 * sat)
	require.Equal(t, 10_000*sat, f.AmtOut)
	require.Equal(t, fee, f.Fee())
	require.Equal(t, alice.sw.channels()[0].channel().SCID(), f.In)
	require.Equal(t, carol.sw.channels()[0].channel().SCID(), f.Out)
	require.WithinRange(t, f.Time, before, time.Now())
	require.Equal(t, [2]string{"alice", "carol"}, [2]string{f.AliasIn, f.AliasOut})

	bob.restart()
	again := bob.forwarded(ListForwards{})
	require.Len(t, again, 1)
	require.True(t, f.Time.Equal(again[0].Time))
	r, err := bob.FeeReport(t.Context())
	require.NoError(t, err)
	require.Equal(t, [3]lnwire.MilliSatoshi{fee, fee, fee}, [3]lnwire.MilliSatoshi{r.Day, r.Week, r.Month})
}

// The forwarder dies at each of its commits in turn. There is a record of a forward if it
// was paid for it, one and no more.
func TestForwardIsRememberedOnceWhateverCommitItDiesAt(t *testing.T) {
	for _, outcome := range []dbtest.Outcome{dbtest.Lost, dbtest.Kept} {
		t.Run(fmt.Sprintf("outcome=%d", outcome), func(t *testing.T) {
			n, alice, bob, carol := line(t)
			paid := 0
			for at := 0; ; at++ {
				inv := carol.invoice(1_000 * sat)
				bob.disk.FailAt(at, outcome)
				result := make(chan Payment, 1)
				alice.forgetRoutes()
				go func() { result <- payWhileDying(t.Context(), alice.Node, inv.PaymentRequest) }()
				n.eventually("all is quiet, or bob dead", func() bool {
					return bob.db.Err() != nil || len(result) > 0 && n.quiet(alice, bob, carol)
				})
				died := bob.db.Err() != nil
				if died {
					bob.restart()
					n.eventually("channels are back", func() bool { return alice.usable() && bob.usable() && carol.usable() })
					n.known(2, alice)
				} else {
					bob.disk.FailAt(-1_000_000, outcome)
				}
				if end(t, alice, carol, inv, <-result) {
					paid++
				}
				n.settled(alice, bob, carol)
				all := bob.forwarded(ListForwards{})
				require.Len(t, all, paid, "commit %d", at)
				for _, f := range all {
					require.Equal(t, DefaultPolicy.Fee(1_000*sat), f.Fee())
				}
				if !died {
					require.Greater(t, paid, 2)
					return
				}
			}
		})
	}
}

func TestForwardsArePagedByTime(t *testing.T) {
	var clock atomic.Int64
	clock.Store(10_000_000)
	a := newTestNet(t).node("alice", func(c *Config) {
		c.Now = func() time.Time { return time.Unix(clock.Load(), 0) }
	})
	const count = 3*pageChunk + 7
	start := time.Unix(10_000_000, 0)
	for i := range count {
		clock.Store(start.Unix() + int64(i))
		f := Forward{In: lnwire.NewShortChanIDFromInt(uint64(i % 2)), Out: lnwire.NewShortChanIDFromInt(9), InID: uint64(i), AmtIn: 3000, AmtOut: 1000}
		row := a.sw.history.put(f)
		if i%10 == 3 {
			continue // a crash undid it: its number stays free
		}
		require.NoError(t, a.db.Append(channeldb.Batch{Puts: []channeldb.KV{row}}))
	}
	all := a.forwarded(ListForwards{Max: 10_000})
	require.Len(t, all, count-count/10-1)
	require.Len(t, a.forwarded(ListForwards{}), 100)

	var pages []Forward
	for offset := uint32(0); ; {
		page, err := a.ListForwards(t.Context(), ListForwards{Offset: offset, Max: 99})
		require.NoError(t, err)
		if len(page.Forwards) == 0 {
			break
		}
		pages, offset = append(pages, page.Forwards...), page.Next
	}
	require.Equal(t, all, pages)

	for from := range 40 { // every alignment with the numbers that are missing
		some := a.forwarded(ListForwards{After: start.Add(time.Duration(from) * time.Second), Before: start.Add(60 * time.Second), Max: 1000})
		want := 0
		for i := from; i <= 60; i++ {
			if i%10 != 3 {
				want++
			}
		}
		require.Len(t, some, want, "from %d", from)
	}
	require.Empty(t, a.forwarded(ListForwards{After: start.Add(time.Hour)}))
	odd := a.forwarded(ListForwards{In: []lnwire.ShortChannelID{lnwire.NewShortChanIDFromInt(1)}, Max: 5, Offset: 2})
	require.Len(t, odd, 5)
	require.EqualValues(t, 7, odd[0].InID, "1, 3 (missing), 5, 7")
	require.Empty(t, a.forwarded(ListForwards{Out: []lnwire.ShortChannelID{{}}}))

	clock.Store(start.Unix() - 5000) // the clock was set back
	require.Equal(t, 2000*lnwire.MilliSatoshi(len(all)), must(a.FeeReport(t.Context())).Day)
	row := a.sw.history.put(Forward{})
	v, err := decodeForward(row.Value)
	require.NoError(t, err)
	require.False(t, v.Time.Before(all[len(all)-1].Time))

	clock.Store(start.Unix() + 3*24*3600)
	r := must(a.FeeReport(t.Context()))
	require.Zero(t, r.Day)
	require.Equal(t, 2000*lnwire.MilliSatoshi(len(all)), r.Week)
	clock.Store(start.Unix() + 20*24*3600)
	r = must(a.FeeReport(t.Context()))
	require.Zero(t, r.Week)
	require.Equal(t, 2000*lnwire.MilliSatoshi(len(all)), r.Month)
	clock.Store(start.Unix() + 40*24*3600)
	require.Zero(t, must(a.FeeReport(t.Context())).Month)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = a.ListForwards(ended, ListForwards{})
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, a.db.Append(channeldb.Batch{Puts: []channeldb.KV{put(bucketForwards, key64(2), []byte{1})}}))
	_, err = a.ListForwards(t.Context(), ListForwards{})
	require.ErrorContains(t, err, "forward 2")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
