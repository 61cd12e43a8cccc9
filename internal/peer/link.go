package peer

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"
)

// link is one connection from its handshake to its end: init, PeerUp, messages,
// PeerDown. The manager holds one per node; a link that takes another's place
// waits with PeerUp until the other's PeerDown has returned.
type link struct {
	id        ID
	inbound   bool
	host      string
	since     time.Time
	transport *Transport
	before    *link // whose place it took

	ready chan struct{} // closed when up, or when over without
	over  chan struct{} // closed when PeerDown has returned

	mu   sync.Mutex
	peer *Peer // set while up
	last *Peer // set from init on, for drop
	err  error // why it is being dropped or is over
}

// startLink claims the node's place for a connection and runs it.
func (m *Manager) startLink(t *Transport, inbound bool) (*link, error) {
	l := &link{
		id:        NewID(t.Remote()),
		inbound:   inbound,
		host:      host(t.conn.RemoteAddr()),
		since:     m.cfg.Clock.Now(),
		transport: t,
		ready:     make(chan struct{}),
		over:      make(chan struct{}),
	}
	if err := m.claim(l); err != nil {
		_ = t.Close() // refused: nothing to learn from closing it
		return nil, err
	}
	go m.runLink(l)
	return l, nil
}

// claim gives the node's place to a new link, or says why not.
func (m *Manager) claim(l *link) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.closed:
		return ErrStopped
	case l.id == m.self:
		return ErrSelf
	}
	old := m.links[l.id]
	if old != nil && !m.replaces(l, old) {
		return ErrDuplicate
	}
	if err := m.roomFor(l); err != nil {
		return err
	}
	if old != nil {
		l.before = old
		old.drop(ErrReplaced)
	}
	m.links[l.id] = l
	m.tasks.Add(1)
	return nil
}

// replaces decides between two connections to one node. Both ends must decide
// alike when both dialed at once: then the connection that the smaller key
// dialed stays, as with lnd. An older connection is known dead by the fact
// that its node dials again.
func (m *Manager) replaces(l, old *link) bool {
	if l.inbound == old.inbound {
		return l.inbound
	}
	if l.since.Sub(old.since) >= m.cfg.Limits.Tie {
		return l.inbound
	}
	weDialed := !l.inbound
	weAreSmaller := bytes.Compare(m.self[:], l.id[:]) < 0
	return weDialed == weAreSmaller
}

// roomFor bounds the inbound connections of nodes without channels.
func (m *Manager) roomFor(l *link) error {
	if !m.stranger(l) {
		return nil
	}
	all, sameHost := 0, 0
	for id, other := range m.links {
		if id != l.id && m.stranger(other) {
			all++
			if other.host == l.host {
				sameHost++
			}
		}
	}
	if all >= m.cfg.Limits.Strangers {
		return fmt.Errorf("%w: %d", ErrStrangers, all)
	}
	if l.host != "" && sameHost >= m.cfg.Limits.StrangersPerIP {
		return fmt.Errorf("%w: %d from %s", ErrStrangers, sameHost, l.host)
	}
	return nil
}

func (m *Manager) stranger(l *link) bool {
	_, known := m.known[l.id]
	_, kept := m.persistent[l.id]
	return l.inbound && !known && !kept
}

// runLink is a link's life.
func (m *Manager) runLink(l *link) {
	defer m.tasks.Done()
	log := m.cfg.Log.With("peer", l.id, "inbound", l.inbound)

	p, err := m.introduce(l)
	if l.before != nil {
		<-l.before.over
		l.before = nil
	}
	if err == nil {
		err = l.setUp(p)
	}
	if err == nil {
		log.Info("peer up", "addr", p.Addr().String())
		p.start()
		m.cfg.Handler.PeerUp(p)
		l.publish()
		err = p.run()
		m.cfg.Handler.PeerDown(p, err)
		log.Info("peer down", "reason", err)
	} else {
		_ = l.transport.Close() // err says why; closing has nothing to add
		log.Debug("peer refused", "reason", err)
	}
	l.finish(err)

	lasted := time.Duration(0)
	if p != nil {
		lasted = m.cfg.Clock.Now().Sub(p.since)
	}
	m.mu.Lock()
	if m.links[l.id] == l {
		delete(m.links, l.id)
	}
	m.mu.Unlock()
	close(l.over)
	m.scheduleReconnect(l.id, lasted)
}

// introduce exchanges init in bounded time.
func (m *Manager) introduce(l *link) (*Peer, error) {
	limit := m.cfg.Clock.AfterFunc(m.cfg.Limits.Handshake, func() {
		l.drop(fmt.Errorf("peer: no init within %v", m.cfg.Limits.Handshake))
	})
	defer limit.Stop()
	features, err := exchangeInit(l.transport, &m.cfg)
	if err != nil {
		return nil, err
	}
	return newPeer(&m.cfg, l.id, l.inbound, l.transport, features), nil
}

// setUp gives the link its peer unless it was dropped before.
func (l *link) setUp(p *Peer) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	l.last = p
	return nil
}

// publish shows the peer to others, once PeerUp has returned.
func (l *link) publish() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.peer = l.last
	close(l.ready)
}

// finish records the end. A link that never came up tells those who wait.
func (l *link) finish(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = err
	}
	if l.last == nil {
		close(l.ready)
	}
	l.peer = nil
}

// drop ends the link, wherever it is in its life. It doesn't block.
func (l *link) drop(reason error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = reason
	}
	if l.last != nil {
		l.last.Disconnect(reason)
	} else {
		_ = l.transport.Close() // the reading side reports
	}
}

func (l *link) up() *Peer {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.peer
}

// wait is the peer once it is up.
func (l *link) wait(ctx context.Context) (*Peer, error) {
	select {
	case <-l.ready:
	case <-ctx.Done():
		return nil, fmt.Errorf("peer: waiting for %v: %w", l.id, context.Cause(ctx))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == nil {
		return nil, l.err
	}
	return l.last, nil
}
