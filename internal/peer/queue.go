package peer

import (
	"bytes"

	"github.com/lightningnetwork/lnd/lnwire"
)

// queue is encoded messages, first in first out, in one buffer that is used
// again and again.
type queue struct {
	data  bytes.Buffer
	sizes []int
	next  int // index in sizes of the first message still there
}

// keptCapacity is what a queue's buffer may hold on to when it is empty.
const keptCapacity = 256 << 10

func (q *queue) empty() bool { return q.next == len(q.sizes) }

func (q *queue) bytes() int { return q.data.Len() }

// encode appends a message. On error the queue is as it was.
func (q *queue) encode(msg lnwire.Message) error {
	n, err := lnwire.WriteMessage(&q.data, msg, 0)
	if err != nil {
		return err
	}
	q.sizes = append(q.sizes, n)
	return nil
}

// add appends a message that is already encoded.
func (q *queue) add(raw []byte) {
	q.data.Write(raw)
	q.sizes = append(q.sizes, len(raw))
}

// mark and reset take back what was appended since.
func (q *queue) mark() (data, sizes int) { return q.data.Len(), len(q.sizes) }

func (q *queue) reset(data, sizes int) {
	q.data.Truncate(data)
	q.sizes = q.sizes[:sizes]
}

// pop is the first message, valid until the queue is appended to.
func (q *queue) pop() []byte {
	size := q.sizes[q.next]
	q.next++
	if q.empty() {
		q.sizes, q.next = q.sizes[:0], 0
	} else if q.next >= 1024 && q.next*2 >= len(q.sizes) {
		q.sizes = q.sizes[:copy(q.sizes, q.sizes[q.next:])]
		q.next = 0
	}
	return q.data.Next(size)
}

// trim lets go of a buffer that grew large. The queue must be empty.
func (q *queue) trim() {
	q.data.Reset()
	if q.data.Cap() > keptCapacity {
		*q = queue{}
	}
}

// moveTo hands over up to limit bytes of messages, at least one if there is any.
func (q *queue) moveTo(to *queue, limit int) {
	for first := true; !q.empty(); first = false {
		if !first && to.bytes()+q.sizes[q.next] > limit {
			return
		}
		to.add(q.pop())
	}
	q.trim()
}
