package node

import (
	"sync"
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/stretchr/testify/require"
)

// Payments through the whole node but for gRPC and fsync: what they cost in CPU.
// Fifty are in flight; invoices are made before the clock starts.
func BenchmarkPayments(b *testing.B) {
	b.Run("direct", func(b *testing.B) { benchmarkPayments(b, 2) })
	b.Run("forwarded", func(b *testing.B) { benchmarkPayments(b, 3) })
}

func benchmarkPayments(b *testing.B, nodes int) {
	n := newTestNet(b)
	line := make([]*testNode, nodes)
	for i := range line {
		line[i] = n.node(string(rune('a'+i)), func(c *Config) { c.MaxChannel = 10 * btcutil.SatoshiPerBitcoin })
	}
	for i := range nodes - 1 {
		n.open(line[i], line[i+1], 5*btcutil.SatoshiPerBitcoin, 0)
	}
	n.known(nodes-1, line...)
	payer, payee := line[0], line[nodes-1]
	requests := make(chan string, b.N)
	for range b.N {
		requests <- payee.invoice(10_000 * sat).PaymentRequest
	}
	close(requests)
	b.ResetTimer()
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for r := range requests {
				if p := payer.pay(r); p.Status != PaymentSucceeded {
					b.Errorf("payment failed: %+v", p)
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	require.False(b, b.Failed())
	s := payer.db.Stats()
	b.ReportMetric(float64(s.Commits)/float64(b.N), "commits/payment")
}
