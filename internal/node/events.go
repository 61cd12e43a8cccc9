package node

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"

	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/htlc"
)

// ChannelEventKind is what happened to a channel.
type ChannelEventKind uint8

// What can happen.
const (
	ChannelPending  ChannelEventKind = iota // agreed; its funding transaction isn't deep enough
	ChannelOpened                           // it can carry payments; Channel is set
	ChannelActive                           // its peer is there
	ChannelInactive                         // its peer is gone, or it is being closed
	ChannelClosed                           // its end is final; Closed is set
	ChannelUnfunded                         // it was forgotten, since its opener never funded it
)

// ChannelEvent tells what happened to a channel.
type ChannelEvent struct {
	Kind         ChannelEventKind
	ChannelPoint wire.OutPoint
	Channel      Channel
	Closed       ClosedChannel
}

// Limits of subscribers. One whose queue is full is cut off, so that nobody waits for it.
const (
	maxSubscribers = 100
	maxQueued      = 1000 // events of one subscriber
)

// subscribers hand every value to everyone who follows, without waiting for any. The zero
// value is ready.
type subscribers[T any] struct {
	count atomic.Int32 // so that nothing is made that nobody wants

	mu  sync.Mutex
	all map[chan T]struct{}
}

// anyone reports whether someone follows.
func (s *subscribers[T]) anyone() bool { return s.count.Load() > 0 }

func (s *subscribers[T]) tell(v T) {
	if !s.anyone() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for ch := range s.all {
		select {
		case ch <- v:
		default:
			s.drop(ch)
		}
	}
}

// drop ends one, which sees its queue closed after what is in it; s.mu is held.
func (s *subscribers[T]) drop(ch chan T) {
	if _, ok := s.all[ch]; ok {
		delete(s.all, ch)
		close(ch)
		s.count.Add(-1)
	}
}

func (s *subscribers[T]) join() (ch chan T, leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) >= maxSubscribers {
		return nil, nil, fmt.Errorf("%w: %d subscribers already", ErrBusy, len(s.all))
	}
	if s.all == nil {
		s.all = make(map[chan T]struct{})
	}
	ch = make(chan T, maxQueued)
	s.all[ch] = struct{}{}
	s.count.Add(1)
	return ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.drop(ch)
	}, nil
}

// errSlow ends the stream of one who reads too slowly.
var errSlow = fmt.Errorf("%w: the subscriber reads too slowly; %d events are waiting for it", ErrBusy, maxQueued)

// follow takes values until one is refused, the call or the node ends, or the queue was
// closed. The caller has joined.
func follow[T any](ctx, node context.Context, ch <-chan T, take func(T) bool) error {
	for {
		select {
		case v, ok := <-ch:
			if !ok {
				return errSlow
			}
			if !take(v) {
				return nil
			}
		case <-ctx.Done():
			return ctx.Err()
		case <-node.Done():
			return ErrStopped
		}
	}
}

// channelEvents are those who follow what happens to channels, and when their peers are there.
type channelEvents struct {
	subscribers[ChannelEvent]
	peers attendance
}

func (e *channelEvents) opened(n *Node, d *driver) {
	if e.anyone() && d.token == nil {
		e.tell(ChannelEvent{Kind: ChannelOpened, ChannelPoint: d.channel().Params().Outpoint, Channel: n.describe(d)})
	}
}

func (e *channelEvents) ended(v ClosedChannel) {
	kind := ChannelClosed
	if v.Kind == NeverFunded {
		kind = ChannelUnfunded
	}
	e.tell(ChannelEvent{Kind: kind, ChannelPoint: v.ChannelPoint, Closed: v})
}

// observe tells when a channel became usable or ceased to be. It runs on the channel's
// goroutine after every batch.
func (n *Node) observe(d *driver) {
	n.htlcs.finals(d)
	c := d.channel()
	active := c.Connected() && c.State() == htlc.Open
	if active == d.active {
		return
	}
	d.active = active
	kind := ChannelInactive
	if active {
		kind = ChannelActive
		n.sw.decide(n.sw.waiting.connected(d))
	}
	if d.token == nil {
		n.events.tell(ChannelEvent{Kind: kind, ChannelPoint: c.Params().Outpoint})
	}
}

// ChannelEvents streams what happens to channels.
func (n *Node) ChannelEvents(ctx context.Context) iter.Seq2[ChannelEvent, error] {
	return func(yield func(ChannelEvent, error) bool) {
		ch, leave, err := n.events.join()
		if err == nil {
			defer leave()
			err = follow(ctx, n.ctx, ch, func(e ChannelEvent) bool { return yield(e, nil) })
			if err == nil {
				return
			}
		}
		yield(ChannelEvent{}, err)
	}
}
