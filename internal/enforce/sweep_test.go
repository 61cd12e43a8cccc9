package enforce_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/enforce"
)

// Everything of a force close comes to the wallet: our balance, HTLCs of either stage.
func TestAllThatIsWantedIsTaken(t *testing.T) {
	for publisher := range 2 {
		b := newBench(t)
		for i := range 6 {
			b.add(i%2, 50_000)
		}
		for range 8 {
			b.coin(100_000)
		}
		tx := b.publishes(publisher, 0, 700)
		spent, _ := b.claims(0, tx, b.height)
		for range 300 {
			b.round()
			var mined []bitcoin.Followed
			for _, p := range b.pool {
				b.confirm(p.tx)
				mined = append(mined, spent.Follow(p.tx, adjudicator.Height(b.height)))
			}
			for _, f := range mined {
				for _, c := range f.Claims {
					b.wants = append(b.wants, b.want(0, c, 0))
				}
			}
			b.confirm()
		}
		require.Empty(t, b.open())
		require.Empty(t, b.sweeper.Sweeps())
		require.Zero(t, b.refusals)
		require.Empty(t, b.held, "the coins that are left are free")
	}
}

// Whoever looks or asks may do so while a round is under way.
func TestSweepsMayBeReadDuringARound(t *testing.T) {
	b := newBench(t)
	b.add(0, 80_000)
	b.publishes(0, 1, 600)
	b.block()
	out := b.only(bitcoin.PreimageHTLC).Claim.Out
	var readers sync.WaitGroup
	done := make(chan struct{})
	readers.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			for _, s := range b.sweeper.Sweeps() {
				txid, _ := b.sweeper.Spending(s.Outpoint)
				b.sweeper.Made(txid)
			}
			_ = b.sweeper.Bump(out, enforce.BumpRequest{Rate: 2000})
		}
	})
	for range 50 {
		b.block()
	}
	close(done)
	readers.Wait()
	require.GreaterOrEqual(t, b.sweep(out).Rate, chain.SatPerKWeight(2000))
}
