package onion

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
)

func BenchmarkBuild(b *testing.B) {
	for _, hops := range []int{1, 2, 3, 10} {
		trip := newTrip(b, rand.New(rand.NewPCG(1, 1)), hops, nil)
		b.Run(fmt.Sprint("hops=", hops), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Build(trip.hops, trip.hash, trip.session); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkProcess(b *testing.B) {
	for hops, name := range map[int]string{1: "final", 2: "forward"} {
		trip := newTrip(b, rand.New(rand.NewPCG(1, 1)), hops, nil)
		peeler := NewPeeler(NewKey(trip.keys[0]))
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if peeler.Process(trip.packet, trip.hash).Payload == nil {
					b.Fatal("refused")
				}
			}
		})
	}
}

func BenchmarkProcessAll(b *testing.B) {
	trip := newTrip(b, rand.New(rand.NewPCG(1, 1)), 2, nil)
	peeler := NewPeeler(NewKey(trip.keys[0]))
	jobs := make([]Job, 100)
	for i := range jobs {
		jobs[i] = Job{trip.packet, trip.hash}
	}
	for b.Loop() {
		peeler.ProcessAll(jobs)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(jobs)), "ns/onion")
}

func BenchmarkFailure(b *testing.B) {
	trip := newTrip(b, rand.New(rand.NewPCG(1, 1)), 3, nil)
	for b.Loop() {
		reason, err := EncryptFailure(trip.secrets.Secrets[0], &lnwire.FailUnknownNextPeer{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := trip.secrets.Decrypt(reason); err != nil {
			b.Fatal(err)
		}
	}
}
