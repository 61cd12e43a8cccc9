package router

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"
)

// MemoryKept is when a remembered pair has faded to nothing: it is not read back.
const MemoryKept = 24 * HalfLife

// MemoryRow is a pair on disk. Rows are numbered below the history's size, and a number is used
// again for another pair, so what is stored is bounded as the history is.
type MemoryRow struct {
	Number uint32
	Value  []byte // nil: there is no such row any more
}

const memoryRowSize = 1 + 2*33 + 5*8

// Journal makes the history list the pairs that change from now on, for Changed.
func (h *History) Journal() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.changed == nil {
		h.changed = map[int32]struct{}{}
	}
}

// Changed takes out at most limit pairs that changed, as rows. Pairs with a node that the graph
// doesn't know, a payee behind a private channel, are not stored.
func (h *History) Changed(limit int) []MemoryRow {
	type change struct {
		number int32
		m      memory
	}
	var changes []change
	h.mu.Lock()
	for i := range h.changed {
		if len(changes) >= limit {
			break
		}
		delete(h.changed, i)
		if int(i) < len(h.entries) {
			changes = append(changes, change{i, h.entries[i]})
		} else {
			changes = append(changes, change{i, memory{key: foreignBit}})
		}
	}
	h.mu.Unlock()
	rows := make([]MemoryRow, 0, len(changes))
	h.g.mu.RLock()
	defer h.g.mu.RUnlock()
	for _, c := range changes {
		rows = append(rows, MemoryRow{uint32(c.number), h.g.memoryRow(&c.m)})
	}
	return rows
}

// memoryRow encodes a pair. The caller holds mu.
func (g *Graph) memoryRow(m *memory) []byte {
	from, to := uint32(m.key>>32), uint32(m.key)
	if int(from) >= len(g.nodes) || to != anyNode && int(to) >= len(g.nodes) {
		return nil
	}
	var end Node // zero for anyNode
	if to != anyNode {
		end = g.nodes[to].key
	}
	b := make([]byte, 0, memoryRowSize)
	b = append(append(append(b, rowVersion), g.nodes[from].key[:]...), end[:]...)
	for _, v := range [5]uint64{m.failed, m.passed, uint64(m.failedAt), uint64(m.passedAt), uint64(m.excusedAt)} {
		b = binary.BigEndian.AppendUint64(b, v)
	}
	return b
}

// Load puts stored pairs back into an empty history that is journaled, except those that faded or
// whose nodes the graph doesn't know. What then differs from the rows is listed as changed. The error
// tells of rows that could not be read.
func (h *History) Load(rows []MemoryRow, now time.Time) error {
	slices.SortFunc(rows, func(a, b MemoryRow) int { return int(int64(a.Number) - int64(b.Number)) })
	type found struct {
		m      memory
		number uint32
	}
	var all []found
	var bad error
	h.g.mu.RLock()
	for _, row := range rows {
		m, ok, err := h.g.remembered(row.Value, now.Unix())
		if err != nil {
			bad = fmt.Errorf("%w: pair %d has %d bytes", err, row.Number, len(row.Value))
		}
		if ok && len(all) < h.max {
			all = append(all, found{m, row.Number})
		}
	}
	h.g.mu.RUnlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, f := range all {
		if _, twice := h.index[f.m.key]; twice || len(h.entries) >= h.max {
			continue
		}
		at := int32(len(h.entries))
		h.entries = append(h.entries, f.m)
		h.index[f.m.key] = at
		h.failedNodes += aboutNode(f.m.key)
		h.mark(uint32(f.m.key>>32), uint32(f.m.key))
		if f.number != uint32(at) {
			h.changed[at] = struct{}{}
		}
		all[i].number = uint32(at)
	}
	order := make([]int32, len(h.entries))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return int(h.entries[a].last() - h.entries[b].last()) })
	for _, i := range order {
		h.link(i)
	}
	for _, row := range rows {
		if row.Number >= uint32(len(h.entries)) && row.Number < 1<<31 {
			h.changed[int32(row.Number)] = struct{}{}
		}
	}
	return bad
}

// remembered decodes a pair, and says if it is of use. The caller holds mu.
func (g *Graph) remembered(b []byte, now int64) (m memory, ok bool, err error) {
	if len(b) != memoryRowSize || b[0] != rowVersion {
		return m, false, ErrRow
	}
	r := reader{b: b[1:]}
	var from, to Node
	copy(from[:], r.take(33))
	copy(to[:], r.take(33))
	m.failed, m.passed = r.u64(), r.u64()
	for _, at := range []*int64{&m.failedAt, &m.passedAt, &m.excusedAt} {
		*at = min(max(0, int64(r.u64())), now) // a clock that was ahead must not keep a memory fresh
	}
	if now-m.last() > int64(MemoryKept/time.Second) {
		return m, false, nil
	}
	f, okf := g.nodeNo[from]
	t, okt := uint32(anyNode), true
	if to != (Node{}) {
		t, okt = g.nodeNo[to]
	}
	m.key = pairKey(f, t)
	if t == anyNode { // a node is only ever remembered for failing
		m.passed, m.passedAt = 0, 0
	}
	return m, okf && okt, nil
}

func (m *memory) last() int64 { return max(m.failedAt, m.passedAt) }
