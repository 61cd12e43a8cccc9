package peer

import (
	"slices"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
)

// persistent is a node that we reconnect to.
type persistent struct {
	pub      *btcec.PublicKey
	addrs    []string // the latest first
	failures int      // since a connection was stable
	timer    Timer    // set while an attempt is due
	dialing  bool
}

// maxAddrs of one node are remembered.
const maxAddrs = 4

// persist makes a node persistent, or adds an address to one that is.
func (m *Manager) persist(pub *btcec.PublicKey, addr string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrStopped
	}
	id := NewID(pub)
	node := m.persistent[id]
	if node == nil {
		if len(m.persistent) >= m.cfg.Limits.Persistent {
			return ErrPersistent
		}
		node = &persistent{pub: pub}
		m.persistent[id] = node
	}
	node.addrs = slices.DeleteFunc(node.addrs, func(a string) bool { return a == addr })
	node.addrs = slices.Insert(node.addrs, 0, addr)
	node.addrs = node.addrs[:min(len(node.addrs), maxAddrs)]
	return nil
}

// forget makes a node persistent no longer. The caller holds the lock.
func (m *Manager) forget(id ID) bool {
	node := m.persistent[id]
	if node == nil {
		return false
	}
	if node.timer != nil {
		node.timer.Stop()
	}
	delete(m.persistent, id)
	return true
}

// keepNow, for scheduleReconnect, asks for an attempt without delay.
const keepNow time.Duration = -1

// scheduleReconnect sees to it that a persistent node without a connection has
// an attempt due. lasted is how long its last connection was up, 0 if it
// failed.
func (m *Manager) scheduleReconnect(id ID, lasted time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	node := m.persistent[id]
	if node == nil || m.closed || node.timer != nil || node.dialing || m.links[id] != nil {
		return
	}
	if lasted >= m.cfg.Limits.Stable {
		node.failures = 0
	}
	delay := m.backoff(node.failures)
	if lasted == keepNow {
		delay = 0
	}
	node.failures++
	node.timer = m.cfg.Clock.AfterFunc(delay, func() { m.reconnect(id, node) })
}

// backoff doubles with each failure up to the limit, less up to half of it, so
// that nodes which lost a peer at once don't return at once.
func (m *Manager) backoff(failures int) time.Duration {
	l := &m.cfg.Limits
	delay := l.MaxBackoff
	if failures < 30 {
		delay = min(l.MinBackoff<<failures, l.MaxBackoff)
	}
	return delay - time.Duration(m.cfg.Random()*float64(delay)/2)
}

// reconnect is one attempt. It runs on its timer's goroutine.
func (m *Manager) reconnect(id ID, node *persistent) {
	m.mu.Lock()
	node.timer = nil
	if m.closed || m.persistent[id] != node || m.links[id] != nil {
		m.mu.Unlock()
		return
	}
	m.tasks.Add(1)
	defer m.tasks.Done()
	node.dialing = true
	addr := node.addrs[(node.failures-1)%len(node.addrs)]
	m.mu.Unlock()

	select {
	case m.dials <- struct{}{}:
		_, err := m.dial(m.ctx, node.pub, addr)
		<-m.dials
		if err != nil {
			m.cfg.Log.Debug("reconnect failed", "peer", id, "addr", addr, "reason", err)
		}
	case <-m.ctx.Done():
	}

	m.mu.Lock()
	node.dialing = false
	m.mu.Unlock()
	m.scheduleReconnect(id, 0)
}
