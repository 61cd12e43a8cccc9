package enforce_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/enforce"
)

// At each block the same addresses, and those of one batch share one.
func TestNoAddressIsUsedUp(t *testing.T) {
	b := newBench(t)
	for i := range 4 {
		b.add(i%2, 150_000)
	}
	b.coin(100_000)
	b.publishes(0, 1, 600)
	for b.height < 520 {
		b.block()
		if b.height%20 == 0 {
			b.start()
		}
	}
	require.Greater(t, len(b.offered), 100)
	require.LessOrEqual(t, b.scripts, 4, "balance, HTLCs by preimage, HTLCs by timeout of two expiries")
}

// What was taken by somebody else is offered once more with all that it was to be taken with, so that
// the wallet hears that nothing will come of it, and not again.
func TestWhatCameToNothingIsOfferedOnceMore(t *testing.T) {
	b := newBench(t)
	b.add(0, 200_000)
	b.publishes(0, 1, 900)
	b.confirm()
	b.round()
	out := b.only(bitcoin.PreimageHTLC).Claim.Out
	mine := b.spender(out).tx
	b.confirm(b.steal(out, 50_000))
	b.offered = nil
	for range 5 {
		b.round()
		b.confirm()
	}
	count := 0
	for _, tx := range b.offered {
		if tx.TxHash() == mine.TxHash() {
			count++
		}
	}
	require.Equal(t, 1, count)
	require.Equal(t, 1, b.refusals)
}

// What was taken and comes back by a reorganisation is taken by the same transaction; after
// 144 blocks nothing of it is left.
func TestAReorganisationBringsTheSameTransactionBack(t *testing.T) {
	b := newBench(t)
	b.add(0, 200_000)
	b.publishes(0, 1, 900)
	b.confirm()
	b.round()
	preimage := b.only(bitcoin.PreimageHTLC).Claim.Out
	p := b.spender(preimage)
	b.confirm(p.tx)
	b.round()
	require.Len(t, b.sweeper.Sweeps(), 1, "the balance")
	require.True(t, b.sweeper.Made(p.tx.TxHash()))
	for range 100 {
		b.block()
	}
	b.start()
	b.undo(p.tx)
	b.fee = func(uint32) chain.SatPerKWeight { return 253 }
	b.height = 430
	b.round()
	require.Equal(t, p.tx.TxHash(), b.spender(preimage).tx.TxHash())
	require.Equal(t, enforce.SweepPublished, b.sweep(preimage).State)

	b.wants = nil
	for range 150 {
		b.block()
	}
	require.Empty(t, b.rows())
	require.False(t, b.sweeper.Made(p.tx.TxHash()))
	require.Empty(t, b.held)
}

// rows are the keys of all that the store has of the sweeper.
func (b *bench) rows() (keys [][]byte) {
	for _, bucket := range []string{"sweep", "sweep_tx"} {
		b.require().NoError(b.db.Scan(bucket, nil, false, func(k, _ []byte) bool {
			keys = append(keys, k)
			return true
		}))
	}
	return keys
}

// While the backend is away nothing is lost, and nothing becomes dearer than the curve has it.
func TestABackendThatIsAwayIsWaitedFor(t *testing.T) {
	b := newBench(t)
	b.add(0, 200_000)
	b.publishes(0, 1, 900)
	b.confirm()
	b.away = true
	b.round()
	out := b.only(bitcoin.PreimageHTLC).Claim.Out
	require.Equal(t, enforce.SweepRefused, b.sweep(out).State)
	require.Contains(t, b.sweep(out).Note, "not handed over")
	b.away = false
	b.round()
	require.Equal(t, enforce.SweepPublished, b.sweep(out).State)
	require.EqualValues(t, 1, b.sweep(out).Attempts)
}

// Whatever happens, in whatever order: what is published is valid and durable, no fee falls, no
// transaction costs more than what it saves, no address is wasted.
func TestTheSweeperUnderChance(t *testing.T) {
	from, to := uint64(1), uint64(12)
	if *seedFlag != 0 {
		from, to = *seedFlag, *seedFlag
	}
	for seed := from; seed <= to; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { chance(t, seed) })
	}
}

func chance(t *testing.T, seed uint64) {
	t.Logf("replay: go test ./internal/enforce -run '^TestTheSweeperUnderChance$' -seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 3))
	b := newBench(t)
	for range 2 + r.IntN(10) {
		b.add(r.IntN(2), htlc.Sat(1000+r.IntN(200_000)))
	}
	for range r.IntN(12) {
		b.coin(htlc.Sat(2000 + r.IntN(100_000)))
	}
	who := r.IntN(2)
	b.publishes(r.IntN(2), who, 480+uint32(r.IntN(100)))
	for i := range b.wants {
		if w := &b.wants[i]; w.Deadline != 0 {
			w.Deadline += adjudicator.Height(r.IntN(4))
		}
	}
	watchRates(b)
	rate := 300 + r.IntN(3000)
	b.fee = func(target uint32) chain.SatPerKWeight { return chain.SatPerKWeight(rate + 600/int(target)) }
	for b.height < 600 {
		b.step(r, &rate)
		b.round()
		for _, s := range b.sweeper.Sweeps() {
			require.LessOrEqual(t, s.Fee, s.Amount, "seed %d", seed)
			require.LessOrEqual(t, s.Fee, s.Budget+s.Budget/100+400, "seed %d: %+v", seed, s)
		}
	}
	require.LessOrEqual(t, b.scripts, len(b.wants))
}

// step is something that happens.
func (b *bench) step(r *rand.Rand, rate *int) {
	open := b.open()
	switch k := r.IntN(24); {
	case k == 0:
		b.start()
	case k == 1 && len(open) > 0:
		b.steal(open[r.IntN(len(open))].Claim.Out, int64(1000+r.IntN(100_000)))
	case k == 2:
		clear(b.pool)
	case k == 3:
		*rate = 300 + r.IntN(30_000)
	case k == 4 && len(b.pool) > 0:
		ids := poolIDs(b)
		b.confirm(b.pool[ids[0]].tx)
	case k == 5:
		b.away = !b.away
	case k < 9:
	default:
		b.confirm()
	}
}
