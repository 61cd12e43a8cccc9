package enforce_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/enforce"
)

// The process dies at each write in turn, and what it wrote then is on disk or is not: nothing
// is published that isn't durable, no fee falls, and what is wanted is taken in the end.
func TestACrashAtEveryWriteLosesNothing(t *testing.T) {
	p := newPair(t)
	for i := range 4 {
		p.add(i%2, 60_000)
	}
	writes := 0
	for _, outcome := range []dbtest.Outcome{dbtest.Lost, dbtest.Kept} {
		for n := 0; ; n++ {
			crashed := false
			t.Run(fmt.Sprintf("outcome=%d/write=%d", outcome, n), func(t *testing.T) { crashed = crash(t, p, n, outcome) })
			if !crashed {
				break
			}
			writes++
		}
	}
	require.Greater(t, writes, 20)
}

// crash runs a fixed story whose nth write fails, and reports whether there was one.
func crash(t *testing.T, p *pair, n int, outcome dbtest.Outcome) (crashed bool) {
	b := newBenchOf(t, p)
	for range 8 {
		b.coin(60_000)
	}
	for b.height < 496 {
		b.confirm()
	}
	b.publishes(0, 0, 518)
	b.wants = slices.DeleteFunc(b.wants, func(w enforce.Want) bool { return w.Deadline == 0 }) // our balance has time
	watchRates(b)
	round := func() {
		err := b.sweeper.Round(context.Background(), adjudicator.Height(b.height), b.open())
		if err == nil {
			return
		}
		require.ErrorIs(t, err, channeldb.ErrStopped)
		require.False(t, crashed)
		crashed = true
		b.start()
		b.round() // at the same block
	}
	b.disk.FailAt(n, outcome)
	for b.height < 520 {
		round()
		b.happen()
		b.confirm()
	}
	for range 3 { // whatever waits is mined
		round()
		for _, p := range b.pool {
			b.confirm(p.tx)
		}
	}
	round()
	require.Empty(t, b.open())
	b.height += 150
	round()
	require.Empty(t, b.rows())
	return crashed
}

// happen is the story: fees rise and fall, an HTLC is stolen, one is mined, one comes back.
func (b *bench) happen() {
	for _, w := range b.open() {
		p := b.spender(w.Claim.Out)
		switch {
		case p == nil:
		case b.height == 505:
			b.fee = func(uint32) chain.SatPerKWeight { return 9000 }
		case b.height == 508:
			b.fee = func(uint32) chain.SatPerKWeight { return 400 }
		case b.height == 511 && len(p.tx.TxIn) > 1:
			b.steal(w.Claim.Out, 50_000)
			return
		case b.height == 514 && w.Claim.Path.Staged():
			b.confirm(p.tx)
			return
		}
	}
}
