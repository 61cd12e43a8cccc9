package router

import (
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

func TestPairsTellWhatIsRemembered(t *testing.T) {
	_, r, h := line(t, 10_000)
	require.Empty(t, h.Pairs())
	h.Report(Attempt{Route: r, FailedAt: 1, Code: tempFail, Now: testNow})
	first, failed := Pair{From: nodeNo(0), To: nodeNo(1)}, Pair{From: nodeNo(1), To: nodeNo(2)}
	first.Passed, first.PassedAt = r.Hops[0].Received, testNow
	failed.Failed, failed.FailedAt = r.Hops[1].Received, testNow
	same(t, []Pair{first, failed}, h.Pairs())
	got, ok := h.Pair(nodeNo(1), nodeNo(2))
	require.True(t, ok)
	same(t, []Pair{failed}, []Pair{got})
	_, ok = h.Pair(nodeNo(2), nodeNo(1))
	require.False(t, ok)
	_, ok = h.Pair(Node{9}, Node{8})
	require.False(t, ok)

	h.Report(Attempt{Route: r, FailedAt: 2, Code: lnwire.CodeTemporaryNodeFailure, Now: testNow})
	all := h.Pairs()
	require.Equal(t, nodeNo(2), all[len(all)-1].From)
	require.True(t, all[len(all)-1].All)
}

func same(t *testing.T, want, got []Pair) {
	t.Helper()
	for _, list := range [][]Pair{want, got} {
		for i := range list {
			if !list[i].FailedAt.IsZero() {
				list[i].FailedAt = time.Unix(list[i].FailedAt.Unix(), 0)
			}
			if !list[i].PassedAt.IsZero() {
				list[i].PassedAt = time.Unix(list[i].PassedAt.Unix(), 0)
			}
		}
	}
	require.Equal(t, want, got)
}

// What was forgotten is gone from the rows too, and what comes after is remembered.
func TestForgetLeavesNothing(t *testing.T) {
	g, r, h := line(t, 10_000)
	h.Journal()
	h.Report(Attempt{Route: r, FailedAt: 1, Code: tempFail, Now: testNow})
	h.Report(Attempt{Route: r, FailedAt: 2, Code: lnwire.CodeTemporaryNodeFailure, Now: testNow})
	stored := map[uint32][]byte{}
	write := func() {
		for _, row := range h.Changed(1000) {
			if stored[row.Number] = row.Value; row.Value == nil {
				delete(stored, row.Number)
			}
		}
	}
	write()
	require.NotEmpty(t, stored)
	h.Forget()
	require.Zero(t, h.Len())
	require.Empty(t, h.Pairs())
	require.InDelta(t, 0.95, h.chance(1, 2, 10_000, 0), 0.01)
	write()
	require.Empty(t, stored)
	h.Report(Attempt{Route: r, FailedAt: 1, Code: tempFail, Now: testNow})
	require.Zero(t, h.chance(1, 2, 10_000, 0))
	write()
	again := NewHistory(g, 0)
	again.Journal()
	var rows []MemoryRow
	for n, v := range stored {
		rows = append(rows, MemoryRow{n, v})
	}
	require.NoError(t, again.Load(rows, testNow))
	same(t, h.Pairs(), again.Pairs())
}

func TestImportTakesWhatIsNewer(t *testing.T) {
	_, r, h := line(t, 10_000)
	h.Report(Attempt{Route: r, FailedAt: 1, Code: tempFail, Now: testNow})
	before, _ := h.Pair(nodeNo(1), nodeNo(2))
	told := Pair{From: nodeNo(1), To: nodeNo(2), Failed: 500, FailedAt: testNow.Add(-time.Minute)}
	h.Import([]Pair{told}, false, testNow)
	got, _ := h.Pair(nodeNo(1), nodeNo(2))
	same(t, []Pair{before}, []Pair{got})
	h.Import([]Pair{told}, true, testNow)
	got, _ = h.Pair(nodeNo(1), nodeNo(2))
	same(t, []Pair{told}, []Pair{got})

	told.FailedAt = testNow.Add(time.Hour) // a clock that is ahead
	told.Failed = 700
	h.Import([]Pair{told}, false, testNow)
	got, _ = h.Pair(nodeNo(1), nodeNo(2))
	require.Equal(t, testNow.Unix(), got.FailedAt.Unix())
	require.EqualValues(t, 700, got.Failed)

	// A success of what failed before takes its place.
	h.Import([]Pair{{From: nodeNo(1), To: nodeNo(2), Passed: 900, PassedAt: testNow}}, false, testNow)
	got, _ = h.Pair(nodeNo(1), nodeNo(2))
	require.True(t, got.FailedAt.IsZero())
	require.EqualValues(t, 900, got.Passed)

	// Nodes that the graph doesn't know are as good as others.
	h.Import([]Pair{{From: Node{9}, To: Node{8}, FailedAt: testNow}}, false, testNow)
	got, ok := h.Pair(Node{9}, Node{8})
	require.True(t, ok)
	require.Equal(t, testNow.Unix(), got.FailedAt.Unix())
	require.Zero(t, h.Probability(Node{9}, Node{8}, 1, 0, testNow))
}

func TestImportKeepsTheBound(t *testing.T) {
	g, _, _ := line(t, 10_000)
	h := NewHistory(g, 10)
	for i := range 1000 {
		h.Import([]Pair{{From: Node{1, byte(i), byte(i >> 8)}, To: Node{2}, FailedAt: testNow}}, false, testNow)
	}
	require.Equal(t, 10, h.Len())
	require.LessOrEqual(t, len(h.foreign), 11)
	require.LessOrEqual(t, len(h.Pairs()), 10)
}
