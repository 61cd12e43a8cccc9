package node

import (
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"time"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/router"
)

const bucketHistory = "mission_control" // number u32 -> router.MemoryRow

// What payments taught is written once a minute, so much at most, and at the end.
const (
	historyEvery = time.Minute
	historyRows  = 1000
)

// historyStore keeps on disk what payments taught about the network.
type historyStore struct {
	log   *slog.Logger
	db    graphDB
	h     *router.History
	every time.Duration
	now   func() time.Time
}

// load reads what is not too old to count. Rows that can't be read are written over in time.
func (s *historyStore) load() error {
	var rows []router.MemoryRow
	var odd []channeldb.KV
	err := s.db.Scan(bucketHistory, nil, false, func(k, v []byte) bool {
		if len(k) != 4 || len(rows) >= 2*router.DefaultHistorySize {
			odd = append(odd, channeldb.KV{Bucket: bucketHistory, Key: k})
		} else {
			rows = append(rows, router.MemoryRow{Number: binary.BigEndian.Uint32(k), Value: v})
		}
		return len(odd) < historyRows
	})
	if err != nil {
		return err
	}
	s.h.Journal()
	if err := s.h.Load(rows, s.now()); err != nil {
		s.log.Warn("some of what payments taught can't be read", "err", err)
	}
	if len(odd) == 0 {
		return nil
	}
	return s.db.Append(channeldb.Batch{Puts: odd})
}

// run writes what changed, now and then, until ctx ends. It returns the error that must stop
// the node.
func (s *historyStore) run(ctx context.Context) error {
	tick := time.NewTicker(s.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if _, err := s.write(); err != nil {
				return err
			}
		}
	}
}

func (s *historyStore) write() (more bool, err error) {
	changed := s.h.Changed(historyRows)
	if len(changed) == 0 {
		return false, nil
	}
	puts := make([]channeldb.KV, len(changed))
	for i, row := range changed {
		puts[i] = channeldb.KV{Bucket: bucketHistory, Key: binary.BigEndian.AppendUint32(nil, row.Number), Value: row.Value}
	}
	return true, s.db.Append(channeldb.Batch{Puts: puts})
}

// close writes all that is left, at the node's end.
func (s *historyStore) close() {
	for {
		more, err := s.write()
		if err != nil && !errors.Is(err, channeldb.ErrClosed) && !errors.Is(err, channeldb.ErrStopped) {
			s.log.Warn("what payments taught last was not stored", "err", err)
		}
		if err != nil || !more {
			return
		}
	}
}
