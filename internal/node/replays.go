package node

import (
	"encoding/binary"
	"math"
	"sync"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/internal/onion"
)

// bucketReplays marks onions that were peeled: expiry and replay key -> the incoming HTLC.
const bucketReplays = "replays"

// maxReplays bounds the marks, at about 130 bytes each. Beyond it those that expire next
// make room: a replay tells something about a route and steals nothing, so whoever floods
// us may repeat an old onion, but never stops us from reading new ones.
const maxReplays = 4 << 20

// replays keep an onion from being used twice: who records one and sends it again would
// learn by what we do where it leads (BOLT 4, "Shared Secret": replay). A mark is written
// by the append that acts on the onion and lives as long as the onion could be acted on.
type replays struct {
	db   reader
	most int // marks held at once

	mu      sync.Mutex
	m       map[[16]byte]replayMark
	expires map[uint32][][16]byte // the marks by expiry
}

type replayMark struct {
	in     incomingKey
	expiry uint32
}

func newReplays(db reader) *replays {
	return &replays{db: db, most: maxReplays, m: make(map[[16]byte]replayMark), expires: make(map[uint32][][16]byte)}
}

const replayKeySize = 4 + 16

// load reads the marks.
func (r *replays) load() error {
	return r.db.Scan(bucketReplays, nil, false, func(k, v []byte) bool {
		if len(k) == replayKeySize && len(v) == 40 {
			mark := replayMark{expiry: binary.BigEndian.Uint32(k)}
			copy(mark.in.Chan[:], v)
			mark.in.ID = beUint64(v[32:])
			r.add([16]byte(k[4:]), mark)
		}
		return len(r.m) < r.most
	})
}

// mark notes that an HTLC's onion was peeled. The row must be written by the append that
// acts on it. seen is true if another HTLC brought the same onion before; an HTLC may see
// its own mark again after a restart.
func (r *replays) mark(secret [32]byte, in incomingKey, expiry uint32) (row []channeldb.KV, seen bool) {
	key := onion.ReplayKey(secret)
	r.mu.Lock()
	defer r.mu.Unlock()
	if m, ok := r.m[key]; ok {
		return nil, m.in != in
	}
	if len(r.m) >= r.most {
		row = r.evict()
	}
	r.add(key, replayMark{in: in, expiry: expiry})
	value := append(append(make([]byte, 0, 40), in.Chan[:]...), key64(in.ID)...)
	return append(row, put(bucketReplays, replayRow(expiry, key), value)), false
}

func (r *replays) add(key [16]byte, mark replayMark) {
	r.m[key] = mark
	r.expires[mark.expiry] = append(r.expires[mark.expiry], key)
}

func replayRow(expiry uint32, key [16]byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, expiry), key[:]...)
}

// How many marks one append removes.
const (
	maxReplayDrops = 20_000 // that expired
	maxEvicted     = 1000   // that had to make room
)

// evict drops some of the marks that expire next; r.mu is held.
func (r *replays) evict() []channeldb.KV {
	next := uint32(math.MaxUint32)
	for expiry := range r.expires {
		next = min(next, expiry)
	}
	return r.drop(next, maxEvicted)
}

// drop forgets up to most marks of one expiry; r.mu is held.
func (r *replays) drop(expiry uint32, most int) []channeldb.KV {
	keys := r.expires[expiry]
	n := min(len(keys), most)
	rows := make([]channeldb.KV, 0, n)
	for _, key := range keys[:n] {
		delete(r.m, key)
		rows = append(rows, channeldb.KV{Bucket: bucketReplays, Key: replayRow(expiry, key)})
	}
	if r.expires[expiry] = keys[n:]; n == len(keys) {
		delete(r.expires, expiry)
	}
	return rows
}

// expire forgets marks of HTLCs that can no longer be offered to us by the height, or the least time of
// the EVM chains, and returns the rows to delete; as long as there are any, there may be more.
func (r *replays) expire(height, time uint32) []channeldb.KV {
	r.mu.Lock()
	defer r.mu.Unlock()
	var rows []channeldb.KV
	for expiry := range r.expires {
		now := height
		if expiry >= leastTime {
			now = time
		}
		if expiry <= now && len(rows) < maxReplayDrops {
			rows = append(rows, r.drop(expiry, maxReplayDrops-len(rows))...)
		}
	}
	return rows
}
