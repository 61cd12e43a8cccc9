package peer

import (
	"context"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/lightningnetwork/lnd/keychain"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// fakeClock stands still until a test advances it.
type fakeClock struct {
	mu     sync.Mutex
	now    time.Time
	timers map[*fakeTimer]struct{}
}

type fakeTimer struct {
	clock *fakeClock
	at    time.Time
	f     func()
}

func newFakeClock() *fakeClock {
	return &fakeClock{now: time.Unix(1_700_000_000, 0), timers: map[*fakeTimer]struct{}{}}
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) AfterFunc(d time.Duration, f func()) Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	timer := &fakeTimer{clock: c, at: c.now.Add(d), f: f}
	c.timers[timer] = struct{}{}
	return timer
}

func (t *fakeTimer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	_, there := t.clock.timers[t]
	delete(t.clock.timers, t)
	return there
}

// Advance lets time pass, running what falls due on the way, in order.
func (c *fakeClock) Advance(d time.Duration) {
	c.mu.Lock()
	end := c.now.Add(d)
	for {
		var first *fakeTimer
		for timer := range c.timers {
			if !timer.at.After(end) && (first == nil || timer.at.Before(first.at)) {
				first = timer
			}
		}
		if first == nil {
			break
		}
		delete(c.timers, first)
		if first.at.After(c.now) {
			c.now = first.at
		}
		c.mu.Unlock()
		first.f()
		c.mu.Lock()
	}
	c.now = end
	c.mu.Unlock()
}

// due is how long until the next timer, 0 if there is none.
func (c *fakeClock) due() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	var least time.Duration
	for timer := range c.timers {
		if d := timer.at.Sub(c.now); least == 0 || d < least {
			least = d
		}
	}
	return least
}

// event is a call of the Handler.
type event struct {
	kind string // "up", "message", "down"
	peer *Peer
	msg  lnwire.Message
	err  error
}

// node is a Manager, its key and what its handler was told.
type node struct {
	*Manager
	key    *btcec.PrivateKey
	clock  *fakeClock
	addr   string
	events chan event
	block  func(event) // called first in each handler call, if set
}

func (n *node) PeerUp(p *Peer) { n.record(event{kind: "up", peer: p}) }

func (n *node) PeerMessage(p *Peer, msg lnwire.Message) {
	n.record(event{kind: "message", peer: p, msg: msg})
}

func (n *node) PeerDown(p *Peer, err error) {
	n.record(event{kind: "down", peer: p, err: err})
}

func (n *node) record(e event) {
	if n.block != nil {
		n.block(e)
	}
	n.events <- e
}

// patience is how long a test waits for what must happen; nothing waits for it
// to pass.
const patience = 2 * time.Minute

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(patience):
		require.FailNow(t, "nothing came")
		panic("unreachable")
	}
}

// expect is the next event, which must be of that kind.
func (n *node) expect(t *testing.T, kind string) event {
	t.Helper()
	got := receive(t, n.events)
	require.Equal(t, kind, got.kind, "%+v", got)
	return got
}

func ourFeatures() *lnwire.RawFeatureVector {
	return lnwire.NewRawFeatureVector(0, 5, 7, 8, 12, 14, 17, 23, 27, 44)
}

func randomKey(t testing.TB) *btcec.PrivateKey {
	key, err := btcec.NewPrivateKey()
	require.NoError(t, err)
	return key
}

// newNode is a node with a fake clock; change edits its config.
func newNode(t testing.TB, change func(*node, *Config)) *node {
	n := &node{
		key:    randomKey(t),
		clock:  newFakeClock(),
		events: make(chan event, 100_000),
	}
	cfg := Config{
		Features: ourFeatures(),
		Network:  *chaincfg.RegressionNetParams.GenesisHash,
		Handler:  n,
		Clock:    n.clock,
		Random:   rand.New(rand.NewPCG(1, 2)).Float64,
	}
	if change != nil {
		change(n, &cfg)
	}
	if cfg.Identity == nil {
		cfg.Identity = &keychain.PrivKeyECDH{PrivKey: n.key}
	}
	var err error
	n.Manager, err = NewManager(cfg)
	require.NoError(t, err)
	t.Cleanup(n.Close)
	return n
}

// listen serves on loopback.
func (n *node) listen(t testing.TB) *node {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	n.addr = listener.Addr().String()
	served := make(chan error, 1)
	go func() { served <- n.Serve(context.Background(), listener) }()
	t.Cleanup(func() {
		n.Close()
		require.NoError(t, <-served)
	})
	return n
}

// pair is two nodes, the first of which dialed the second.
func pair(t *testing.T, change func(*node, *Config)) (a, b *node, atA, atB *Peer) {
	t.Helper()
	a, b = newNode(t, change), newNode(t, change).listen(t)
	_, err := a.Connect(context.Background(), b.key.PubKey(), b.addr, false)
	require.NoError(t, err)
	return a, b, a.expect(t, "up").peer, b.expect(t, "up").peer
}

// rawPeer is a connection whose messages the test writes itself.
type rawPeer struct {
	*Transport
	key *btcec.PrivateKey
}

// dialRaw does the handshake only.
func (n *node) dialRaw(t testing.TB) *rawPeer {
	conn, err := net.Dial("tcp", n.addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() }) // may be closed already
	key := randomKey(t)
	transport, err := Initiate(conn, &keychain.PrivKeyECDH{PrivKey: key}, n.key.PubKey())
	require.NoError(t, err)
	return &rawPeer{transport, key}
}

// dialUp does the handshake and init.
func (n *node) dialUp(t *testing.T) *rawPeer {
	t.Helper()
	raw := n.dialRaw(t)
	cfg := n.cfg
	_, err := exchangeInit(raw.Transport, &cfg)
	require.NoError(t, err)
	n.settle(t, n.expect(t, "up").peer)
	return raw
}

// settle waits until the peer has nothing left to do with what a test has seen it
// do, so that time can pass.
func (n *node) settle(t *testing.T, p *Peer) {
	t.Helper()
	require.Eventually(t, func() bool { return !p.handling.Load() && p.writingSince.Load() == 0 }, patience, time.Millisecond)
}

// next is the next message that decodes.
func (r *rawPeer) next(t *testing.T) lnwire.Message {
	t.Helper()
	encoded, err := r.Read()
	require.NoError(t, err)
	msg, err := decode(encoded, func(lnwire.MessageType) bool { return true })
	require.NoError(t, err)
	return msg
}

// numbered is a channel message that carries a number.
func numbered(i int) *lnwire.UpdateFee {
	return &lnwire.UpdateFee{FeePerKw: uint32(i)}
}
