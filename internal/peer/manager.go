package peer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"

	"github.com/btcsuite/btcd/btcec/v2"
)

// Reasons for which the manager refuses or ends a connection.
var (
	ErrSelf         = errors.New("peer: that is our own key")
	ErrDuplicate    = errors.New("peer: already connected to this node")
	ErrReplaced     = errors.New("peer: the node connected anew")
	ErrStrangers    = errors.New("peer: too many inbound peers without channels")
	ErrHandshakes   = errors.New("peer: too many handshakes at once")
	ErrDisconnected = errors.New("peer: disconnected by us")
	ErrNotConnected = errors.New("peer: not connected to this node")
	ErrStopped      = errors.New("peer: manager is stopped")
	ErrPersistent   = errors.New("peer: too many persistent peers")
)

// Manager keeps at most one connection to each node, and reconnects to those
// that are to stay. All its methods are safe for concurrent use.
type Manager struct {
	cfg  Config
	self ID

	ctx   context.Context
	stop  context.CancelFunc
	dials chan struct{} // places for reconnections

	mu         sync.Mutex
	closed     bool
	tasks      sync.WaitGroup // links, dials and the accept loops' children
	links      map[ID]*link
	known      map[ID]struct{}
	persistent map[ID]*persistent
	pending    map[string]int // inbound handshakes by IP
	pendingAll int
}

// NewManager checks the config; nothing runs before Serve or Connect.
func NewManager(cfg Config) (*Manager, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	return &Manager{
		cfg:        cfg,
		self:       NewID(cfg.Identity.PubKey()),
		ctx:        ctx,
		stop:       stop,
		dials:      make(chan struct{}, cfg.Limits.Dials),
		links:      map[ID]*link{},
		known:      map[ID]struct{}{},
		persistent: map[ID]*persistent{},
		pending:    map[string]int{},
	}, nil
}

// Connect dials a node and waits until it is up (PeerUp has returned), or
// returns the connection that there is. With persistent the manager also keeps
// trying, now and whenever the connection ends, until Disconnect; an error then
// tells of the first attempt only.
func (m *Manager) Connect(ctx context.Context, pub *btcec.PublicKey, addr string, persistent bool) (*Peer, error) {
	id := NewID(pub)
	if id == m.self {
		return nil, ErrSelf
	}
	if persistent {
		if err := m.persist(pub, addr); err != nil {
			return nil, err
		}
	}
	p, err := m.connect(ctx, pub, addr)
	if persistent && err != nil {
		m.scheduleReconnect(id, 0)
	}
	return p, err
}

// Keep makes a node persistent without waiting for it; the first attempt comes
// at once. It is how a node that starts finds its channels' peers again.
func (m *Manager) Keep(pub *btcec.PublicKey, addr string) error {
	id := NewID(pub)
	if id == m.self {
		return ErrSelf
	}
	if err := m.persist(pub, addr); err != nil {
		return err
	}
	m.scheduleReconnect(id, keepNow)
	return nil
}

func (m *Manager) connect(ctx context.Context, pub *btcec.PublicKey, addr string) (*Peer, error) {
	if l := m.linkOf(NewID(pub)); l != nil {
		return l.wait(ctx)
	}
	l, err := m.dial(ctx, pub, addr)
	if errors.Is(err, ErrDuplicate) { // somebody was faster
		if l := m.linkOf(NewID(pub)); l != nil {
			return l.wait(ctx)
		}
	}
	if err != nil {
		return nil, err
	}
	return l.wait(ctx)
}

// dial connects, does the handshake and starts the link.
func (m *Manager) dial(ctx context.Context, pub *btcec.PublicKey, addr string) (*link, error) {
	if !m.begin() {
		return nil, ErrStopped
	}
	defer m.tasks.Done()

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stopWithManager := context.AfterFunc(m.ctx, func() { cancel(ErrStopped) })
	defer stopWithManager()
	limit := m.cfg.Clock.AfterFunc(m.cfg.Limits.Connect, func() {
		cancel(fmt.Errorf("peer: no connection within %v", m.cfg.Limits.Connect))
	})
	defer limit.Stop()

	conn, err := m.cfg.Dial(ctx, addr)
	if err != nil {
		return nil, fmt.Errorf("peer: dial %s: %w", addr, orCause(ctx, err))
	}
	hangUp := context.AfterFunc(ctx, func() { _ = conn.Close() })
	t, err := Initiate(conn, m.cfg.Identity, pub)
	hangUp() // from here on the link has its own limits
	if err != nil {
		_ = conn.Close() // the handshake's error says more
		return nil, fmt.Errorf("peer: %s: %w", addr, orCause(ctx, err))
	}
	return m.startLink(t, false)
}

// orCause is why a context ended, if it did, and else err.
func orCause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// begin counts a task that Close waits for; false once the manager is closed.
func (m *Manager) begin() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.tasks.Add(1)
	return true
}

// Disconnect ends the connection to a node and stops reconnecting to it.
func (m *Manager) Disconnect(id ID) error {
	m.mu.Lock()
	kept := m.forget(id)
	l := m.links[id]
	m.mu.Unlock()

	switch {
	case l != nil:
		l.drop(ErrDisconnected)
		return nil
	case kept:
		return nil
	default:
		return ErrNotConnected
	}
}

// Peer is the connection to a node that is up, nil if there is none.
func (m *Manager) Peer(id ID) *Peer {
	if l := m.linkOf(id); l != nil {
		return l.up()
	}
	return nil
}

// Peers are the connections that are up.
func (m *Manager) Peers() []*Peer {
	m.mu.Lock()
	defer m.mu.Unlock()
	peers := make([]*Peer, 0, len(m.links))
	for _, l := range m.links {
		if p := l.up(); p != nil {
			peers = append(peers, p)
		}
	}
	return peers
}

// SetKnown marks the nodes that we have a channel with, or are opening one:
// the bounds on strangers don't count them.
func (m *Manager) SetKnown(id ID, known bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if known {
		m.known[id] = struct{}{}
	} else {
		delete(m.known, id)
	}
}

// Close ends all connections and waits until every PeerDown has returned.
func (m *Manager) Close() {
	m.mu.Lock()
	m.closed = true
	for id := range m.persistent {
		m.forget(id)
	}
	links := make([]*link, 0, len(m.links))
	for _, l := range m.links {
		links = append(links, l)
	}
	m.mu.Unlock()

	m.stop()
	for _, l := range links {
		l.drop(ErrStopped)
	}
	m.tasks.Wait()
}

func (m *Manager) linkOf(id ID) *link {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.links[id]
}

// host is the address that bounds by IP count, empty for loopback: a Tor
// service and everything on this machine come from there.
func host(addr net.Addr) string {
	name, _, err := net.SplitHostPort(addr.String())
	if err != nil {
		name = addr.String()
	}
	if ip := net.ParseIP(name); ip != nil && ip.IsLoopback() {
		return ""
	}
	return name
}
