package channeldb

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"

	"github.com/nichework/nwnd/channeldb/internal/fault"
)

// model is the naive store: everything in maps, nothing in steps.
type model struct {
	snapshots map[Stream]string
	tails     map[Stream][]string
	rows      map[string]map[string]string
	dropped   map[string]bool // prefixes in bucket "drops" that were dropped
}

func newModel() *model {
	return &model{map[Stream]string{}, map[Stream][]string{}, map[string]map[string]string{}, map[string]bool{}}
}

func (m *model) apply(batches ...Batch) {
	for _, b := range batches {
		for _, kv := range b.Puts {
			if kv.Value == nil {
				delete(m.rows[kv.Bucket], string(kv.Key))
				continue
			}
			if m.rows[kv.Bucket] == nil {
				m.rows[kv.Bucket] = map[string]string{}
			}
			m.rows[kv.Bucket][string(kv.Key)] = string(kv.Value)
		}
		for _, d := range b.Drops {
			m.dropped[string(d.Prefix)] = true
			maps.DeleteFunc(m.rows[d.Bucket], func(k, _ string) bool { return strings.HasPrefix(k, string(d.Prefix)) })
		}
		for _, f := range b.Facts {
			m.tails[b.Stream] = append(m.tails[b.Stream], string(f))
		}
		if b.Snapshot != nil {
			m.snapshots[b.Stream] = string(b.Snapshot)
			delete(m.tails, b.Stream)
		}
		if b.Forget {
			delete(m.snapshots, b.Stream)
			delete(m.tails, b.Stream)
		}
	}
}

// String tells the whole state; long values by their size and end.
func (m *model) String() string {
	var lines []string
	short := func(s string) string { return fmt.Sprintf("%d..%q", len(s), s[max(0, len(s)-8):]) }
	for s, text := range m.snapshots {
		lines = append(lines, fmt.Sprintf("stream %x snapshot %s", string(s), short(text)))
	}
	for s, facts := range m.tails {
		for i, f := range facts {
			lines = append(lines, fmt.Sprintf("stream %x tail %06d %s", string(s), i, short(f)))
		}
	}
	for bucket, rows := range m.rows {
		for k, v := range rows {
			lines = append(lines, fmt.Sprintf("row %s %q %q", bucket, k, v))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// read makes a model of what the store holds. Rows below prefixes that are being dropped do not count.
func read(t testing.TB, db *DB, dropped map[string]bool) *model {
	t.Helper()
	m := newModel()
	streams, err := db.Streams()
	require.NoError(t, err)
	for _, s := range streams {
		require.NoError(t, db.Replay(s,
			func(b []byte) error { m.snapshots[s] = string(b); return nil },
			func(b []byte) error { m.tails[s] = append(m.tails[s], string(b)); return nil }))
	}
	for _, bucket := range []string{"rows", "drops"} {
		m.rows[bucket] = map[string]string{}
		require.NoError(t, db.Scan(bucket, nil, false, func(k, v []byte) bool {
			if i := slices.Index(k, '/'); bucket != "drops" || !dropped[string(k[:i+1])] {
				m.rows[bucket][string(k)] = string(v)
			}
			return true
		}))
	}
	return m
}

// script makes random requests.
type script struct {
	r     *rand.Rand
	n     int
	epoch int
}

func (s *script) text(limit int) []byte {
	s.n++
	return fmt.Appendf(make([]byte, s.r.IntN(limit)), "|%06d", s.n)
}

func (s *script) request() []Batch {
	var batches []Batch
	for range 1 + s.r.IntN(3) {
		batches = append(batches, s.batch())
	}
	return batches
}

func (s *script) batch() Batch {
	limit := []int{1, 100, 2000, 20_000}[s.r.IntN(4)]
	b := Batch{Stream: Stream([]string{"a", "ab", "b", "idle", strings.Repeat("x", MaxStream)}[s.r.IntN(5)])}
	for range s.r.IntN(4) {
		b.Facts = append(b.Facts, s.text(limit))
	}
	if b.Stream != "idle" {
		switch s.r.IntN(12) {
		case 0, 1:
			b.Snapshot = s.text(limit * 2)
		case 2:
			b.Forget = true
		}
	}
	for range s.r.IntN(3) {
		b.Puts = append(b.Puts, KV{"rows", fmt.Appendf(nil, "%02d", s.r.IntN(40)), s.text(50)})
	}
	if s.r.IntN(4) == 0 {
		b.Puts = append(b.Puts, KV{Bucket: "rows", Key: fmt.Appendf(nil, "%02d", s.r.IntN(40))})
	}
	for range s.r.IntN(6) {
		b.Puts = append(b.Puts, KV{"drops", fmt.Appendf(nil, "%d/%06d", s.epoch, s.n), s.text(20)})
	}
	if s.r.IntN(10) == 0 {
		b.Drops = append(b.Drops, Prefix{"drops", fmt.Appendf(nil, "%d/", s.epoch)})
		s.epoch++
	}
	return b
}

// seed is the one in the environment or a new one; it is printed with the way to run it again.
func seed(t testing.TB) uint64 {
	n, err := strconv.ParseUint(os.Getenv("NWND_SEED"), 10, 64)
	if err != nil {
		n = rand.Uint64()
	}
	t.Logf("replay: NWND_SEED=%d go test ./channeldb -run '^%s$'", n, t.Name())
	return n
}

var smallTuning = tuning{
	mapSize: 32 << 10, growBytes: 32 << 10, listAbove: 300 << 10, listedPages: 25,
	garbageFloor: 4 << 10, trimRows: 4, carryBytes: 2 << 10, inlineRows: 3, dropRows: 2, tombs: 1,
}

func openSmall(t testing.TB, path string, plan fault.Plan) *DB {
	t.Helper()
	plan.NoSync = true
	db, err := Open(path, Options{tuning: &smallTuning, Faults: &plan})
	require.NoError(t, err)
	return db
}

// failing makes every commit fail while it is true.
type failing struct{ atomic.Bool }

func (f *failing) before(uint64) error {
	if f.Load() {
		return errDisk
	}
	return nil
}

func TestRandomRequestsEqualTheModel(t *testing.T) {
	n := seed(t)
	r := rand.New(rand.NewPCG(n, 0))
	path := filepath.Join(t.TempDir(), "nwnd.db")
	want, s := newModel(), &script{r: r}
	var fail failing
	plan := fault.Plan{Before: fail.before}
	db := openSmall(t, path, plan)
	reopened, crashed := 0, 0
	for range 3000 {
		request := s.request()
		require.NoError(t, db.Append(request...))
		want.apply(request...)
		switch r.IntN(60) {
		case 0:
			require.NoError(t, db.Close())
			db = openSmall(t, path, plan)
			reopened++
		case 1: // dies with a request under way
			fail.Store(true)
			_ = db.Append((&script{r: r, n: 900_000, epoch: 900_000}).request()...)
			_ = db.Close()
			fail.Store(false)
			db = openSmall(t, path, plan)
			crashed++
		default:
			if r.IntN(20) > 0 {
				continue
			}
		}
		require.Equal(t, want.String(), read(t, db, want.dropped).String())
		checkIndex(t, db)
	}
	// All steps left behind come to an end, and nothing of what was dropped is left.
	for db.Stats().Drops > 0 {
		require.NoError(t, db.Append(Batch{}))
	}
	require.Equal(t, want.String(), read(t, db, nil).String())
	t.Logf("%d reopened, %d crashed, %d bytes in the log, %d live", reopened, crashed, db.Stats().LogBytes, db.Stats().LiveBytes)
	require.NoError(t, db.Close())
}

// checkIndex requires that the index is what a fresh load of the file says, and that what may
// lie about is bounded.
func checkIndex(t testing.TB, db *DB) {
	t.Helper()
	db.disk.Lock()
	defer db.disk.Unlock()
	fresh := &DB{}
	tx, err := db.bolt.Begin(false)
	require.NoError(t, err)
	defer func() { require.NoError(t, tx.Rollback()) }()
	require.NoError(t, fresh.load(tx))
	got, want := db.index, fresh.index
	require.Equal(t, want.logSize, got.logSize)
	require.Equal(t, want.liveSize, got.liveSize)
	require.Equal(t, want.next, got.next)
	require.Equal(t, len(want.drops), len(got.drops))
	require.ElementsMatch(t, want.tombs, got.tombs)
	require.Len(t, got.streams, len(want.streams))
	for s, st := range want.streams {
		g := *got.streams[s]
		g.life = st.life
		if len(g.tail) == 0 {
			g.tail = nil
		}
		require.Equal(t, *st, g, "stream %q", s)
	}
	for err := range tx.Check() {
		require.NoError(t, err)
	}
	require.NoError(t, tx.ForEach(func(name []byte, b *bolt.Bucket) error {
		if strings.HasPrefix(string(name), kvPrefix) {
			require.EqualValues(t, b.Stats().KeyN, b.Sequence(), "rows of %q", name)
		}
		return nil
	}))
}
