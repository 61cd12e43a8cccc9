package router

// queue is a 4-ary min-heap of nodes by cost. A node whose cost fell is pushed
// again; whoever pops skips what is out of date.
type queue []queued

type queued struct {
	cost float64
	node uint32
}

func (q *queue) push(cost float64, node uint32) {
	h := append(*q, queued{})
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 4
		if h[up].cost <= cost {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = queued{cost, node}
	*q = h
}

func (q *queue) pop() queued {
	h := *q
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for {
		child := 4*i + 1
		if child >= len(h) {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, len(h)); c++ {
			if h[c].cost < h[least].cost {
				least = c
			}
		}
		if h[least].cost >= last.cost {
			break
		}
		h[i] = h[least]
		i = least
	}
	h[i] = last
	return top
}
