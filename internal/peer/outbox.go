package peer

import (
	"errors"
	"fmt"
	"sync"

	"github.com/lightningnetwork/lnd/lnwire"
)

// Reasons for which sending fails.
var (
	// ErrQueueFull says that the peer reads more slowly than we have to
	// say. The connection ends: channel messages can't be left out.
	ErrQueueFull = errors.New("peer: send queue is full")

	// ErrClosed says that the connection has ended or is about to.
	ErrClosed = errors.New("peer: connection is closed")
)

const (
	// gossipBatch is the gossip that a channel message may have to wait for.
	gossipBatch = 16 << 10

	// maxPongs waiting; a peer that asks for more before it reads goes without.
	maxPongs = 4
)

// outbox is what waits to be sent to one peer: channel messages first, then
// answers to pings, then gossip.
type outbox struct {
	maxChannel, maxGossip int

	mu       sync.Mutex
	channel  queue
	inFlight int // bytes of channel messages taken and not yet written
	pongs    []uint16
	gossip   queue
	closing  bool

	wake        chan struct{} // there may be work
	gossipReady chan struct{} // there may be room for gossip
}

func newOutbox(maxChannel, maxGossip int) *outbox {
	return &outbox{
		maxChannel:  maxChannel,
		maxGossip:   maxGossip,
		wake:        make(chan struct{}, 1),
		gossipReady: make(chan struct{}, 1),
	}
}

// signal leaves a token in a channel of one place.
func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// put queues channel messages, all or none.
func (o *outbox) put(msgs []lnwire.Message) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closing {
		return ErrClosed
	}
	data, sizes := o.channel.mark()
	for _, msg := range msgs {
		if err := o.channel.encode(msg); err != nil {
			o.channel.reset(data, sizes)
			return fmt.Errorf("peer: encode %T: %w", msg, err)
		}
		if queued := o.channel.bytes() + o.inFlight; queued > o.maxChannel {
			o.channel.reset(data, sizes)
			return fmt.Errorf("%w: %d bytes, at most %d",
				ErrQueueFull, queued, o.maxChannel)
		}
	}
	signal(o.wake)
	return nil
}

// putGossip queues gossip, all or none; add appends it.
func (o *outbox) putGossip(add func(*queue) error) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closing {
		return false
	}
	data, sizes := o.gossip.mark()
	if err := add(&o.gossip); err != nil || o.gossip.bytes() > o.maxGossip {
		o.gossip.reset(data, sizes)
		return false
	}
	signal(o.wake)
	return true
}

// putPong queues an answer of that many bytes, unless too many wait already.
func (o *outbox) putPong(bytes uint16) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.pongs) < maxPongs && !o.closing {
		o.pongs = append(o.pongs, bytes)
		signal(o.wake)
	}
}

// take moves what is to be written next into batch, which is empty, and says
// that whatever take gave before is written. done means that nothing will come.
func (o *outbox) take(batch *queue) (done bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.inFlight = 0
	switch {
	case !o.channel.empty():
		batch.trim()
		o.channel, *batch = *batch, o.channel
		o.inFlight = batch.bytes()

	case o.closing:
		return true

	case len(o.pongs) > 0:
		for _, size := range o.pongs {
			// Zeroes within the protocol's limit always encode.
			_ = batch.encode(lnwire.NewPong(make([]byte, size)))
		}
		o.pongs = o.pongs[:0]

	case !o.gossip.empty():
		o.gossip.moveTo(batch, gossipBatch)
		if o.gossip.bytes() <= o.maxGossip/2 {
			signal(o.gossipReady)
		}
	}
	return false
}

// close refuses what comes from now on; channel messages that are queued can
// still be taken.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closing = true
	o.gossip, o.pongs = queue{}, nil
	signal(o.wake)
}
