package router

import "github.com/lightningnetwork/lnd/lnwire"

// waiting holds updates of channels and announcements of nodes that we have not
// heard of yet: a channel_announcement takes a chain look-up, what follows it on
// the wire does not wait. It is bounded in messages and bytes, and by peer, so that
// one that floods displaces only its own.
type waiting struct {
	max, maxBytes int
	perPeer       int
	n, bytes      int
	peers         map[Node]int
	items         map[waitKey][]waiter
	order         []waitRef // oldest first; refs whose item is gone are skipped
	seq           uint64
}

// waitKey is what an item waits for: a channel or a node.
type waitKey struct {
	channel ChanID
	node    Node
}

func waitChan(id ChanID) waitKey { return waitKey{channel: id} }
func waitNode(n Node) waitKey    { return waitKey{node: n} }

type waiter struct {
	peer Node
	msg  lnwire.Message
	kind uint8 // direction of an update; one of each kind per peer
	size int
	seq  uint64
}

type waitRef struct {
	key waitKey
	seq uint64
}

func newWaiting(n, bytes int) waiting {
	return waiting{max: n, maxBytes: bytes, perPeer: max(1, n/8), peers: map[Node]int{}, items: map[waitKey][]waiter{}}
}

// stamp is the time that a message says it was made at.
func stamp(m lnwire.Message) uint32 {
	switch m := m.(type) {
	case *lnwire.ChannelUpdate1:
		return m.Timestamp
	case *lnwire.NodeAnnouncement1:
		return m.Timestamp
	}
	return 0
}

// add keeps an item, replacing what the peer sent of the same kind for the same key unless
// that is newer: relays don't keep the order. It says if there was room.
func (w *waiting) add(key waitKey, it waiter) bool {
	for i, old := range w.items[key] {
		if old.peer != it.peer || old.kind != it.kind {
			continue
		}
		if stamp(old.msg) > stamp(it.msg) {
			return true
		}
		w.drop(key, i)
		break
	}
	if w.peers[it.peer] >= w.perPeer || it.size > w.maxBytes/8 {
		return false
	}
	for w.n >= w.max || w.bytes+it.size > w.maxBytes {
		w.evict()
	}
	w.seq++
	it.seq = w.seq
	w.items[key] = append(w.items[key], it)
	w.n, w.bytes = w.n+1, w.bytes+it.size
	w.peers[it.peer]++
	w.order = append(w.order, waitRef{key, it.seq})
	if len(w.order) > 2*w.max {
		w.compact()
	}
	return true
}

// take removes and returns everything that waits for key.
func (w *waiting) take(key waitKey) []waiter {
	all := w.items[key]
	taken := append([]waiter(nil), all...)
	for range taken {
		w.drop(key, 0)
	}
	return taken
}

func (w *waiting) drop(key waitKey, i int) {
	list := w.items[key]
	it := list[i]
	list = append(list[:i:i], list[i+1:]...)
	if len(list) == 0 {
		delete(w.items, key)
	} else {
		w.items[key] = list
	}
	w.n, w.bytes = w.n-1, w.bytes-it.size
	if w.peers[it.peer]--; w.peers[it.peer] == 0 {
		delete(w.peers, it.peer)
	}
}

func (w *waiting) find(ref waitRef) int {
	for i, it := range w.items[ref.key] {
		if it.seq == ref.seq {
			return i
		}
	}
	return -1
}

func (w *waiting) evict() {
	for len(w.order) > 0 {
		ref := w.order[0]
		w.order = w.order[1:]
		if i := w.find(ref); i >= 0 {
			w.drop(ref.key, i)
			return
		}
	}
}

func (w *waiting) compact() {
	live := make([]waitRef, 0, w.n)
	for _, ref := range w.order {
		if w.find(ref) >= 0 {
			live = append(live, ref)
		}
	}
	w.order = live
}
