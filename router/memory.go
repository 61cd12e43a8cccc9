package router

// entry returns the memory of a pair, making room by forgetting the pair that was
// not touched for longest. It moves to the newest end. The caller holds mu.
func (h *History) entry(from, to uint32) *memory {
	key := pairKey(from, to)
	i, ok := h.index[key]
	switch {
	case ok:
		h.unlink(i)
	case len(h.entries) < h.max:
		i = int32(len(h.entries))
		h.entries = append(h.entries, memory{key: key})
	default:
		i = h.oldest
		h.unlink(i)
		h.failedNodes -= aboutNode(h.entries[i].key)
		delete(h.index, h.entries[i].key)
		h.entries[i] = memory{key: key}
	}
	if !ok {
		h.failedNodes += aboutNode(key)
	}
	h.index[key] = i
	h.link(i)
	h.mark(from, to)
	if h.changed != nil {
		h.changed[i] = struct{}{}
	}
	return &h.entries[i]
}

// mark lets searches see cheaply that there is an entry. Marks of evicted entries
// stay: they cost a look-up, nothing else.
func (h *History) mark(from, to uint32) {
	size := len(h.marks)
	if from&foreignBit == 0 {
		size = max(size, int(from)+1)
	}
	if to&foreignBit == 0 {
		size = max(size, int(to)+1)
	}
	h.marks = append(h.marks, make([]uint8, size-len(h.marks))...)
	switch {
	case to == anyNode && from&foreignBit == 0:
		h.marks[from] |= isFailed
	case to != anyNode && from&foreignBit == 0:
		h.marks[from] |= isSender
	}
	if to&foreignBit == 0 {
		h.marks[to] |= isReceiver
	}
}

func (h *History) unlink(i int32) {
	m := &h.entries[i]
	if m.prev >= 0 {
		h.entries[m.prev].next = m.next
	} else {
		h.oldest = m.next
	}
	if m.next >= 0 {
		h.entries[m.next].prev = m.prev
	} else {
		h.newest = m.prev
	}
}

func (h *History) link(i int32) {
	m := &h.entries[i]
	m.prev, m.next = h.newest, -1
	if h.newest >= 0 {
		h.entries[h.newest].next = i
	} else {
		h.oldest = i
	}
	h.newest = i
}

// forgetForeign drops the numbers of nodes that the graph does not know. Their
// entries are never found again and age out.
func (h *History) forgetForeign() { clear(h.foreign) }

// aboutNode is 1 for the key of a node alone, else 0.
func aboutNode(key uint64) int {
	if uint32(key) == anyNode {
		return 1
	}
	return 0
}
