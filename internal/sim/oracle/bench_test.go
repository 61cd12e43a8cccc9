package oracle

import (
	"fmt"
	"testing"

	"github.com/nichework/nwnd/htlc"
)

// BenchmarkPayments is what both sides of a channel compute for a batch of payments,
// signatures and wire encoding among it, from the adds to the end of the dance.
func BenchmarkPayments(b *testing.B) {
	for _, evm := range []bool{false, true} {
		for _, n := range []int{1, 10, 50} {
			b.Run(fmt.Sprintf("evm=%v/batch=%d", evm, n), func(b *testing.B) {
				pr := profile{evm: evm, capacity: 1_000_000_000, pushed: 500_000_000_000, rate: 253}
				w, err := newWorld(b, pr, 1)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					if err := w.payments(n); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "us/payment")
			})
		}
	}
}

// payments pays n times from A to B, without the ledger.
func (w *world) payments(n int) error {
	for range n {
		w.nodes[A].command(htlc.Add{Amount: 10_000_000, Hash: w.hash(), Expiry: w.expiry(), Onion: w.onion})
	}
	for _, settle := range []bool{false, true} {
		for busy := true; busy; {
			busy = false
			for _, side := range []htlc.Side{A, B} {
				out, err := w.nodes[side].pump()
				if err != nil {
					return err
				}
				for _, msg := range out {
					if msg, err = overTheWire(msg); err != nil {
						return err
					}
					w.nodes[side.Other()].deliver(msg)
				}
				busy = busy || len(out) > 0
			}
		}
		if settle {
			break
		}
		for _, in := range w.nodes[B].incoming() {
			w.nodes[B].command(htlc.Fulfill{ID: in.id, Preimage: w.pre[in.hash]})
		}
	}
	return nil
}
