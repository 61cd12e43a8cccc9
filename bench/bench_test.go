package main

import (
	"bytes"
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

func TestPercentilesAreNearestRank(t *testing.T) {
	var ts times
	for i := 1; i <= 200; i++ {
		ts.each = append(ts.each, time.Duration(i)*time.Millisecond)
	}
	ts.all = 2 * time.Second
	if p50, p99 := ts.percentile(50), ts.percentile(99); p50 != 100 || p99 != 198 {
		t.Fatalf("p50 %v p99 %v", p50, p99)
	}
	if ts.rate() != 100 {
		t.Fatalf("rate %v", ts.rate())
	}
}

func TestCountOfTracedCalls(t *testing.T) {
	trace := `101 fdatasync(7 <unfinished ...>
102 pwrite64(8, ""..., 4096, 8192) = 4096
101 <... fdatasync resumed>)            = 0
103 pwrite64(9, ""..., 100, 0 <unfinished ...>
102 fsync(3)                           = 0
103 <... pwrite64 resumed>)             = 100
104 pwrite64(9, ""..., 100, 0) = -1 EIO (Input/output error)
`
	if got, want := count([]byte(trace)), (calls{syncs: 2, written: 4196}); got != want {
		t.Fatalf("%+v, want %+v", got, want)
	}
}

func TestLinesHaveARatioOnlyOfTwo(t *testing.T) {
	var out bytes.Buffer
	print(&out, figures{"direct": 600, "alone_p50_ms": 7.5}, figures{"direct": 180})
	want := "bench direct nwnd=600 lnd=180 ratio=3.33\nbench alone_p50_ms nwnd=7.50 lnd=- ratio=-\n"
	if out.String() != want {
		t.Fatalf("%q", out.String())
	}
}

func TestParallelStopsAfterAnErrorAndKeepsItsWidth(t *testing.T) {
	var running, most, calls atomic.Int64
	bad := errors.New("bad")
	err := parallel(context.Background(), 1_000_000, 8, func(i int) error {
		most.Store(max(most.Load(), running.Add(1)))
		defer running.Add(-1)
		if calls.Add(1) == 100 {
			return bad
		}
		return nil
	})
	if !errors.Is(err, bad) || most.Load() > 8 || calls.Load() > 200 {
		t.Fatalf("err %v, width %d, calls %d", err, most.Load(), calls.Load())
	}
}

func TestFlagsAreChecked(t *testing.T) {
	for _, bad := range [][]string{{"-n", "0"}, {"-in-flight", "1000"}, {"-kinds", "cln"}} {
		if _, err := parse(bad); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}

func TestSamplesAreToldApartByTheirFrames(t *testing.T) {
	trace := `
	ffffffff81 fsync ([kernel.kallsyms])
	4a1 go.etcd.io/bbolt.(*Tx).Commit (/bin/nwnd)

	4b1 secp256k1_fe_mul (/bin/nwnd)
	4b2 secp256k1_ext_scalar_mul (/bin/nwnd)

	4c1 secp256k1_ecdsa_verify (/bin/nwnd)

	4d1 runtime.memmove (/bin/nwnd)
	4d2 go.etcd.io/bbolt.(*Tx).Commit (/bin/nwnd)
	4d3 github.com/nichework/nwnd/channeldb.commit (/bin/nwnd)
`
	got, err := byPart(bytes.NewBufferString(trace))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]float64{}
	for _, s := range got {
		seen[s.part] = s.share
	}
	for _, part := range []string{"system calls", "onion", "signatures", "store"} {
		if seen[part] != 0.25 {
			t.Errorf("%s has %v of the samples: %v", part, seen[part], got)
		}
	}
	if _, err := byPart(bytes.NewBufferString("")); err == nil {
		t.Error("no samples were taken for a profile")
	}
}

func TestFiguresOfOtherSizesFollowInOrder(t *testing.T) {
	names := ordered(figures{"direct": 1, "start_20_mb": 1}, figures{"another": 2, "start_20_mb": 3})
	if got := names[len(names)-2:]; names[0] != "direct" || got[0] != "another" || got[1] != "start_20_mb" {
		t.Fatalf("%v", names)
	}
}
