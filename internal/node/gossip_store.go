package node

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/router"
)

// The graph on disk. Gossip isn't money: what a crash takes of the last moments comes again.
const (
	bucketGraph      = "graph"       // chain_hash, short_channel_id -> router.Row of a channel
	bucketGraphNodes = "graph_nodes" // node id -> router.Row of a node_announcement
)

// What the store writes: channels share its commits, so one holds little, and the next waits.
const (
	storeEvery = 5 * time.Second
	storePause = 20 * time.Millisecond
	storeRows  = 128
	storeBytes = 128 << 10

	// At the end nobody waits but who stops the node.
	storeLastRows  = 4096
	storeLastBytes = 4 << 20
)

// graphDB is what the store needs of channeldb.DB.
type graphDB interface {
	Append(...channeldb.Batch) error
	Scan(bucket string, from []byte, reverse bool, fn func(k, v []byte) bool) error
}

// graphStore keeps the graph's announcements on disk.
type graphStore struct {
	log   *slog.Logger
	db    graphDB
	gate  *router.Gossip
	every time.Duration
	at    func() (scanned, bool) // the last block whose spends are in the graph
	told  scanned                // the one in the row
}

func newGraphStore(db graphDB, gate *router.Gossip, log *slog.Logger) *graphStore {
	none := func() (scanned, bool) { return scanned{}, false }
	return &graphStore{log: log, db: db, gate: gate, every: storeEvery, at: none}
}

var graphTables = []struct {
	bucket string
	table  router.Table
}{{bucketGraph, router.ChannelRows}, {bucketGraphNodes, router.NodeRows}}

// load reads the graph. Rows that can't be used are deleted: a peer tells us again.
func (s *graphStore) load() error {
	var bad []channeldb.KV
	rows := 0
	for _, t := range graphTables {
		err := s.db.Scan(t.bucket, nil, false, func(k, v []byte) bool {
			rows++
			if err := s.gate.Load(router.Row{Table: t.table, Key: k, Value: v}); err != nil && len(bad) < storeLastRows {
				s.log.Warn("a row of the graph can't be used", "key", k, "err", err)
				bad = append(bad, channeldb.KV{Bucket: t.bucket, Key: k})
			}
			return true
		})
		if err != nil {
			return err
		}
	}
	s.gate.Graph().Journal()
	if len(bad) > 0 {
		if err := s.db.Append(channeldb.Batch{Puts: bad}); err != nil {
			return err
		}
	}
	if rows > 0 {
		s.log.Info("graph read", "rows", rows, "unusable", len(bad))
	}
	return nil
}

// run writes what changed, now and then, until ctx ends. It returns the error that must stop
// the node.
func (s *graphStore) run(ctx context.Context) error {
	wait := time.NewTimer(s.every)
	defer wait.Stop()
	at, ok := s.at()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-wait.C:
		}
		more, err := s.write(storeRows, storeBytes)
		if err != nil {
			return err
		}
		if more {
			wait.Reset(storePause)
			continue
		}
		if err := s.reached(at, ok); err != nil {
			return err
		}
		at, ok = s.at()
		wait.Reset(s.every)
	}
}

// reached notes the last block that was looked through before all changes were written.
func (s *graphStore) reached(at scanned, ok bool) error {
	if !ok || at == s.told {
		return nil
	}
	s.told = at
	return s.db.Append(channeldb.Batch{Puts: []channeldb.KV{at.row()}})
}

// write puts one batch on disk, and says whether there may be more.
func (s *graphStore) write(rows, size int) (more bool, err error) {
	changed := s.gate.Graph().Changed(rows, size)
	if len(changed) == 0 {
		return false, nil
	}
	puts := make([]channeldb.KV, len(changed))
	for i, row := range changed {
		puts[i] = channeldb.KV{Bucket: graphTables[row.Table].bucket, Key: row.Key, Value: row.Value}
	}
	return true, s.db.Append(channeldb.Batch{Puts: puts})
}

// flush writes all that is left, when nothing else goes on.
func (s *graphStore) flush() error {
	at, ok := s.at()
	for {
		more, err := s.write(storeLastRows, storeLastBytes)
		if err != nil {
			return err
		}
		if !more {
			return s.reached(at, ok)
		}
	}
}

// close is flush at the node's end. A store that has stopped takes nothing more, which is
// told elsewhere.
func (s *graphStore) close() {
	err := s.flush()
	if err != nil && !errors.Is(err, channeldb.ErrClosed) && !errors.Is(err, channeldb.ErrStopped) {
		s.log.Warn("the graph's last changes were not stored", "err", err)
	}
}
