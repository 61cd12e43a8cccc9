package htlc_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// full is a channel with n HTLCs of the first node locked in.
func full(b *testing.B, n int) *htlctest.World {
	b.Helper()
	w, err := htlctest.NewWorld(htlctest.Default())
	require.NoError(b, err)
	for k := range n {
		w.Add(k%2, 1_000_000)
	}
	w.Feed(0)
	w.Feed(1)
	w.Settle()
	require.NoError(b, w.Err)
	return w
}

// BenchmarkAdd offers ten HTLCs in one batch and signs them, with so many in flight.
func BenchmarkAdd(b *testing.B) {
	for _, n := range []int{0, 50, 400, 940} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := full(b, n)
			batch := make([]htlc.Input, 10)
			for i := range batch {
				batch[i] = offer(1_000_000)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				_, eff, err := w.Nodes[0].Channel.StepAll(batch)
				if err != nil || len(eff.Send) != 11 {
					b.Fatal(err, len(eff.Send))
				}
			}
		})
	}
}

// BenchmarkRecvAdd takes ten HTLCs of the peer in one batch.
func BenchmarkRecvAdd(b *testing.B) {
	for _, n := range []int{0, 50, 400, 940} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := full(b, n)
			var batch []htlc.Input
			for i := range 10 {
				batch = append(batch, htlc.Recv{Msg: wireAdd(w.Nodes[1].Channel, uint64((n+1)/2+i), 1_000_000)})
			}
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if _, _, err := w.Nodes[1].Channel.StepAll(batch); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkEncode takes a snapshot.
func BenchmarkEncode(b *testing.B) {
	w := full(b, 940)
	b.ResetTimer()
	for range b.N {
		b.SetBytes(int64(len(w.Nodes[0].Channel.Encode())))
	}
}

// BenchmarkSpendable asks what an Add could carry.
func BenchmarkSpendable(b *testing.B) {
	w := full(b, 50)
	b.ResetTimer()
	for range b.N {
		if w.Nodes[0].Channel.Spendable() == 0 {
			b.Fatal("nothing")
		}
	}
}
