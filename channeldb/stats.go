package channeldb

import "sync"

// Stats is what the store has done since Open, and what it holds.
type Stats struct {
	Commits      uint64 // transactions
	Syncs        uint64 // fdatasyncs: two per commit; growing the file adds a few
	Appends      uint64 // batches
	LargestGroup int    // batches in one commit
	BytesIn      uint64 // of the batches
	BytesWritten uint64 // pages written to the file
	MostTidied   int    // rows that one commit deleted on behalf of earlier ones

	PendingAppends, PendingBytes int // waiting for the committer

	Streams   int // live
	LogBytes  int // rows in the log
	LiveBytes int // of them, those still needed
	Carried   int // appends whose facts were carried out of the log since their stream lags
	Drops     int // ranges being deleted in steps
}

// counters are what commits add up.
type counters struct {
	mu sync.Mutex
	s  Stats
}

func (c *counters) committed(w *writer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.s.Commits++
	c.s.Syncs += 2
	c.s.Appends += uint64(w.appends)
	c.s.LargestGroup = max(c.s.LargestGroup, w.appends)
	c.s.MostTidied = max(c.s.MostTidied, w.deleted)
	c.s.BytesIn += uint64(w.payload)
}

// Stats may be asked at any time.
func (db *DB) Stats() Stats {
	db.counts.mu.Lock()
	s := db.counts.s
	db.counts.mu.Unlock()
	s.PendingAppends, s.PendingBytes = db.group.pending()
	tx := db.bolt.Stats().TxStats
	s.BytesWritten = uint64(tx.GetPageAlloc()) + s.Commits*metaPage

	x := db.index
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, st := range x.streams {
		if !st.empty() {
			s.Streams++
		}
		s.Carried += st.carried
	}
	s.LogBytes, s.LiveBytes, s.Drops = x.logSize, x.liveSize, len(x.drops)
	return s
}

// metaPage is the page a commit ends with.
const metaPage = 4096
