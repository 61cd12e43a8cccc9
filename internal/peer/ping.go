package peer

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
)

// Reasons for which watch ends a connection.
var (
	ErrSilent = errors.New("peer: nothing heard, not even after a ping")
	ErrStuck  = errors.New("peer: the peer doesn't read")
)

const (
	// pongBytes that we ask for: enough to look like a small message.
	pongBytes = 16

	// noPong is the least num_pong_bytes that asks for no answer (BOLT 1).
	noPong = lnwire.MaxPongBytes + 1
)

// watch looks after a connection from time to time: it pings a silent peer, and
// ends the connection if that doesn't help or if writing is stuck. While the
// handler is busy the silence is our own.
func (p *Peer) watch() (stop func()) {
	l := &p.cfg.Limits
	every := min(l.PingAfter, l.PongLimit, l.Write) / 2

	var (
		mu      sync.Mutex
		timer   Timer
		stopped bool
		tick    func()
	)
	tick = func() {
		mu.Lock()
		defer mu.Unlock()
		if stopped {
			return
		}
		p.check(p.cfg.Clock.Now())
		timer = p.cfg.Clock.AfterFunc(every, tick)
	}
	mu.Lock()
	defer mu.Unlock()
	timer = p.cfg.Clock.AfterFunc(every, tick)
	return func() {
		mu.Lock()
		defer mu.Unlock()
		stopped = true
		timer.Stop()
	}
}

func (p *Peer) check(now time.Time) {
	l := &p.cfg.Limits
	since := func(unixNano int64) time.Duration {
		return now.Sub(time.Unix(0, unixNano))
	}
	if start := p.writingSince.Load(); start != 0 && since(start) > l.Write {
		p.fail(fmt.Errorf("%w: a write takes more than %v", ErrStuck, l.Write))
		return
	}
	if p.handling.Load() {
		return
	}
	silent := since(p.heard.Load())
	switch ping := p.pingSince.Load(); {
	case silent < l.PingAfter:
		p.pingSince.Store(0)
	case ping == 0:
		p.pingSince.Store(now.UnixNano())
		// If there is no room the peer gets a ping's time to make some.
		_ = p.out.put([]lnwire.Message{lnwire.NewPing(pongBytes)})
	case since(ping) >= l.PongLimit:
		p.fail(fmt.Errorf("%w: silent for %v", ErrSilent, silent))
	}
}

// gotPing answers, unless the peer asks for too much or too often: the
// protocol lets it pad its traffic with pings that ask for no answer.
func (p *Peer) gotPing(ping *lnwire.Ping) {
	if ping.NumPongBytes < noPong && p.pings.allow(p.cfg.Clock.Now()) {
		p.out.putPong(ping.NumPongBytes)
	}
}

func (p *Peer) gotPong() {
	if start := p.pingSince.Swap(0); start != 0 {
		p.roundTrip.Store(p.cfg.Clock.Now().UnixNano() - start)
	}
}

// pingLimit is a bucket of answers to pings: ten, and one more each second.
// Only the reading goroutine uses it.
type pingLimit struct {
	left float64
	at   time.Time
}

const maxPingsAtOnce = 10

func newPingLimit(now time.Time) *pingLimit {
	return &pingLimit{left: maxPingsAtOnce, at: now}
}

func (l *pingLimit) allow(now time.Time) bool {
	l.left = min(maxPingsAtOnce, l.left+now.Sub(l.at).Seconds())
	l.at = now
	if l.left < 1 {
		return false
	}
	l.left--
	return true
}

// Stats are numbers about a connection.
type Stats struct {
	Since         time.Time
	Received      uint64 // bytes of messages, without encryption's
	Sent          uint64
	PingRoundTrip time.Duration // 0 before the first
}

// Stats are the numbers of now.
func (p *Peer) Stats() Stats {
	return Stats{
		Since:         p.since,
		Received:      p.received.Load(),
		Sent:          p.sent.Load(),
		PingRoundTrip: time.Duration(p.roundTrip.Load()),
	}
}
