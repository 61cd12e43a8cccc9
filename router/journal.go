package router

// change names a row that differs from what is on disk.
type change struct {
	node  bool
	chain uint16
	at    uint64 // a node's number, or a short channel id
}

// journal lists what changed and was not asked for yet, each row once, in the order of the first
// change. It holds no messages, so it is bounded by the graph: 50 bytes a row.
type journal struct {
	on      bool
	changes []change
	listed  map[change]struct{}
}

func (j *journal) add(c change) {
	if !j.on {
		return
	}
	if _, ok := j.listed[c]; !ok {
		j.listed[c] = struct{}{}
		j.changes = append(j.changes, c)
	}
}

// Journal makes the graph list its changes from now on, for Changed. Rows that are loaded are
// no changes.
func (g *Graph) Journal() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.journal = journal{on: true, listed: map[change]struct{}{}}
}

// Changed takes out the rows that changed first: at most limit of them, and about as many bytes,
// unless one alone is larger. None is left when it returns nothing.
func (g *Graph) Changed(limit, size int) []Row {
	g.mu.Lock()
	defer g.mu.Unlock()
	j := &g.journal
	var rows []Row
	for len(j.changes) > 0 && len(rows) < limit && size > 0 {
		row := g.row(j.changes[0])
		delete(j.listed, j.changes[0])
		j.changes = j.changes[1:]
		size -= len(row.Key) + len(row.Value)
		rows = append(rows, row)
	}
	if len(j.changes) == 0 && j.on {
		j.changes, j.listed = nil, map[change]struct{}{} // a busy hour's memory goes
	}
	return rows
}

// touched and touchedNode note a change. The caller holds mu.
func (g *Graph) touched(at uint32) {
	if c := &g.chans[at]; c.public {
		g.journal.add(change{chain: c.chain, at: c.scid})
	}
}

func (g *Graph) touchedNode(n uint32) { g.journal.add(change{node: true, at: uint64(n)}) }
