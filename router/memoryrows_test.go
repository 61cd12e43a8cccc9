package router

import (
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// memories applies rows to a map, as a database does.
type memories map[uint32][]byte

func (m memories) put(rows []MemoryRow) {
	for _, r := range rows {
		if r.Value == nil {
			delete(m, r.Number)
		} else {
			m[r.Number] = r.Value
		}
	}
}

// load makes a history of a graph from rows, and checks that what it lists as changed makes them its own.
func (m memories) load(t testing.TB, g *Graph, size int, now time.Time) *History {
	h := NewHistory(g, size)
	h.Journal()
	var rows []MemoryRow
	for n, v := range m {
		rows = append(rows, MemoryRow{n, v})
	}
	require.NoError(t, h.Load(rows, now))
	m.put(h.Changed(1 << 20))
	require.Len(t, m, h.Len())
	return h
}

func TestHistoryComesBackAndGoesOnFading(t *testing.T) {
	g, r, h := line(t, 10_000)
	h.Journal()
	h.Report(Attempt{Route: r, FailedAt: 1, Code: tempFail, Now: testNow})
	disk := memories{}
	rows := h.Changed(1)
	require.Len(t, rows, 1, "it is bounded")
	disk.put(rows)
	disk.put(h.Changed(100))
	require.Empty(t, h.Changed(100))
	require.Len(t, disk, 2)

	again := disk.load(t, g, 0, testNow.Add(time.Minute))
	for _, after := range []time.Duration{0, time.Hour, 5 * time.Hour} {
		for _, pair := range [][2]int{{0, 1}, {1, 2}, {2, 3}, {2, 1}} {
			for _, amount := range []int{1, 9_999, 10_000, 50_000} {
				want := h.chance(pair[0], pair[1], lnwire.MilliSatoshi(amount), after)
				require.InDelta(t, want, again.chance(pair[0], pair[1], lnwire.MilliSatoshi(amount), after), 1e-9)
			}
		}
	}
	require.Empty(t, again.Changed(100), "what is read is no change")

	require.Zero(t, disk.load(t, g, 0, testNow.Add(MemoryKept+time.Hour)).Len(), "what faded is not read back")
	require.Empty(t, disk, "and its rows go")
}

func TestStoredNodeFailureCountsForAllItsChannels(t *testing.T) {
	g, r, h := line(t, 10_000)
	h.Journal()
	h.Report(Attempt{Route: r, FailedAt: 1, Code: 0x2000 | 2, Now: testNow}) // temporary_node_failure
	disk := memories{}
	disk.put(h.Changed(100))
	again := disk.load(t, g, 0, testNow)
	require.Zero(t, again.chance(1, 2, 10, 0))
	require.Zero(t, again.chance(0, 1, 10, 0))
}

func TestStoredMemoryFromTheFutureStillFades(t *testing.T) {
	g, r, h := line(t, 10_000)
	h.Journal()
	h.Report(Attempt{Route: r, FailedAt: 1, Code: tempFail, Now: testNow.Add(1000 * time.Hour)})
	disk := memories{}
	disk.put(h.Changed(100))
	again := disk.load(t, g, 0, testNow)
	require.Greater(t, again.chance(1, 2, 10_000, 5*time.Hour), 0.8)
}

// Rows never outnumber the history, whoever was forgotten meanwhile.
func TestStoredHistoryIsBounded(t *testing.T) {
	g, r, _ := line(t, 10_000)
	h := NewHistory(g, 2)
	h.Journal()
	disk := memories{}
	for i := range 30 {
		h.Report(Attempt{Route: r, FailedAt: i % 3, Code: tempFail, Now: testNow.Add(time.Duration(i) * time.Second)})
		disk.put(h.Changed(100))
		require.LessOrEqual(t, len(disk), 2)
	}
	big := memories{}
	for i := range uint32(5) {
		big[1000+i] = disk[0]
	}
	require.Equal(t, 1, big.load(t, g, 2, testNow).Len(), "a pair that is there twice counts once")

	empty := NewHistory(NewGraph(), 0)
	empty.Journal()
	require.NoError(t, empty.Load([]MemoryRow{{0, disk[0]}, {1, disk[1]}}, testNow))
	require.Zero(t, empty.Len(), "of nodes that are gone")
	require.ErrorIs(t, empty.Load([]MemoryRow{{0, []byte{1, 2}}, {1, nil}}, testNow), ErrRow)
}
