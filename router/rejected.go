package router

// rejected remembers the latest channels whose funding output was missing or wrong,
// so that hearing of them again costs no chain look-up.
type rejected struct {
	ring  []ChanID
	next  int
	known map[ChanID]struct{}
}

func (r *rejected) add(id ChanID) {
	if _, ok := r.known[id]; ok {
		return
	}
	if len(r.ring) < cap(r.ring) {
		r.ring = append(r.ring, id)
	} else {
		delete(r.known, r.ring[r.next])
		r.ring[r.next] = id
		r.next = (r.next + 1) % len(r.ring)
	}
	r.known[id] = struct{}{}
}

func (r *rejected) has(id ChanID) bool {
	_, ok := r.known[id]
	return ok
}
