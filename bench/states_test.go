package main

import (
	"path/filepath"
	"testing"

	"github.com/nichework/nwnd/internal/enforce/records"
)

// Two thousand states, as a million: a channel starts, closes and punishes each of those that were
// kept, and nothing is stored of a state without HTLCs.
func TestPastStatesAreCheapAndCanBePunished(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nwnd.db")
	got := figures{}
	if err := measureStates(path, 2_000, got, t.Logf); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"bytes_per_state", "bytes_per_htlc", "states_open_ms", "states_load_ms", "states_close_ms",
		"justice_p50_ms", "justice_max_ms"} {
		if _, ok := got[name]; !ok {
			t.Errorf("%s was not measured", name)
		}
	}
}

// What grows with states is the rows of HTLCs, one for each: nothing is kept of a state without.
func TestStatesWithoutHTLCsTakeNoSpace(t *testing.T) {
	p, err := newOldChannel(filepath.Join(t.TempDir(), "nwnd.db"), 1_000)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
	}()
	p.group = 8 << 10
	written := func() uint64 { return p.db.Stats().BytesIn }
	kept := func() int { return p.db.Stats().LogBytes }
	for _, n := range []uint64{2_000, 4_000} {
		if err := p.feesTo(n); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d states: %d bytes were written, %d are in the log", n, written(), kept())
	}
	const most = 350 << 10 // the store leaves 256 KiB to be tidied later
	if written() < most*3/2 || kept() > most {
		t.Errorf("of %d bytes %d are kept, want at most %d", written(), kept(), most)
	}
	if rows, err := p.db.Count(records.Bucket); err != nil || rows != 0 {
		t.Errorf("%d rows of HTLCs, want none (%v)", rows, err)
	}
	if err := p.htlcsTo(p.number() + 20); err != nil {
		t.Fatal(err)
	}
	if rows, err := p.db.Count(records.Bucket); err != nil || rows != uint64(p.htlcs) {
		t.Errorf("%d rows of HTLCs, want %d (%v)", rows, p.htlcs, err)
	}
}
