package peer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lightningnetwork/lnd/keychain"
	"github.com/stretchr/testify/require"
)

func TestConnectFindsTheConnectionThereIs(t *testing.T) {
	a, b, atA, _ := pair(t, nil)
	again, err := a.Connect(context.Background(), b.key.PubKey(), b.addr, false)
	require.NoError(t, err)
	require.Equal(t, atA, again)
	require.Empty(t, a.events)
}

func TestConnectToOurselvesOrToAnotherKeyFails(t *testing.T) {
	n := newNode(t, nil).listen(t)
	_, err := n.Connect(context.Background(), n.key.PubKey(), n.addr, true)
	require.ErrorIs(t, err, ErrSelf)
	_, err = n.Connect(context.Background(), randomKey(t).PubKey(), n.addr, false)
	require.ErrorContains(t, err, "handshake act two")
}

func TestDialIsBoundedInTime(t *testing.T) {
	dialing := make(chan struct{})
	n := newNode(t, func(_ *node, cfg *Config) {
		cfg.Dial = func(ctx context.Context, _ string) (net.Conn, error) {
			close(dialing)
			<-ctx.Done()
			return nil, ctx.Err()
		}
	})
	failed := make(chan error, 1)
	go func() {
		_, err := n.Connect(context.Background(), randomKey(t).PubKey(), "nowhere", false)
		failed <- err
	}()
	receive(t, dialing)
	n.clock.Advance(n.cfg.Limits.Connect)
	require.ErrorContains(t, receive(t, failed), "no connection within 10s")
}

func TestDisconnect(t *testing.T) {
	a, b, atA, atB := pair(t, nil)
	require.NoError(t, a.Disconnect(atA.ID()))
	require.ErrorIs(t, a.expect(t, "down").err, ErrDisconnected)
	b.expect(t, "down")
	<-atA.Done()
	<-atB.Done()
	require.ErrorIs(t, a.Disconnect(ID{}), ErrNotConnected)
}

func TestCloseTellsEveryPeerDown(t *testing.T) {
	a, b, _, _ := pair(t, nil)
	a.Close()
	require.ErrorIs(t, a.expect(t, "down").err, ErrStopped)
	b.expect(t, "down")
	_, err := a.Connect(context.Background(), b.key.PubKey(), b.addr, true)
	require.ErrorIs(t, err, ErrStopped)
}

func TestPersistentPeerIsFoundAgainWithBackoff(t *testing.T) {
	a, b := newNode(t, nil), newNode(t, nil).listen(t)
	_, err := a.Connect(context.Background(), b.key.PubKey(), b.addr, true)
	require.NoError(t, err)
	a.expect(t, "up")

	require.NoError(t, b.Disconnect(NewID(a.key.PubKey())))
	a.expect(t, "down")
	a.waitDue(t)
	a.clock.Advance(a.cfg.Limits.MinBackoff)
	a.expect(t, "up")

	b.Close() // nobody listens now
	a.expect(t, "down")
	least := a.cfg.Limits.MinBackoff
	for range 12 {
		due := a.waitDue(t)
		require.GreaterOrEqual(t, due, least/2)
		require.LessOrEqual(t, due, a.cfg.Limits.MaxBackoff)
		a.clock.Advance(due)
		least = min(2*least, a.cfg.Limits.MaxBackoff)
	}
	require.Equal(t, a.cfg.Limits.MaxBackoff, least)

	require.NoError(t, a.Disconnect(NewID(b.key.PubKey())))
	require.Zero(t, a.clock.due(), "forgotten")
	require.Empty(t, a.events)
}

// waitDue is how long until the node's next attempt to reconnect.
func (n *node) waitDue(t *testing.T) time.Duration {
	t.Helper()
	n.mu.Lock()
	links := make([]*link, 0)
	for _, l := range n.links {
		links = append(links, l)
	}
	n.mu.Unlock()
	for _, l := range links {
		receive(t, l.over)
	}
	// The attempt is scheduled after over is closed; the task ends after that.
	n.tasks.Wait()
	due := n.clock.due()
	require.NotZero(t, due)
	return due
}

func TestStableConnectionResetsTheBackoff(t *testing.T) {
	n := newNode(t, nil)
	key := randomKey(t).PubKey()
	id := NewID(key)
	require.NoError(t, n.persist(key, "a"))
	n.persistent[id].failures = 9
	n.scheduleReconnect(id, n.cfg.Limits.Stable)
	require.LessOrEqual(t, n.clock.due(), n.cfg.Limits.MinBackoff)
	require.Equal(t, 1, n.persistent[id].failures)
}

func TestBackoffStaysInBounds(t *testing.T) {
	n := newNode(t, nil)
	for failures := range 1000 {
		delay := n.backoff(failures)
		require.GreaterOrEqual(t, delay, n.cfg.Limits.MinBackoff/2)
		require.LessOrEqual(t, delay, n.cfg.Limits.MaxBackoff)
	}
}

func TestKeepConnectsAtOnceAndAddressesAreBounded(t *testing.T) {
	a, b := newNode(t, nil), newNode(t, nil).listen(t)
	for i := range 10 {
		require.NoError(t, a.persist(b.key.PubKey(), fmt.Sprint("old ", i)))
	}
	require.NoError(t, a.Keep(b.key.PubKey(), b.addr))
	a.clock.Advance(0)
	a.expect(t, "up")
	require.Len(t, a.persistent[NewID(b.key.PubKey())].addrs, maxAddrs)
}

func TestPersistentPeersAreBounded(t *testing.T) {
	n := newNode(t, func(_ *node, cfg *Config) { cfg.Limits.Persistent = 3 })
	for range 3 {
		require.NoError(t, n.Keep(randomKey(t).PubKey(), "a"))
	}
	require.ErrorIs(t, n.Keep(randomKey(t).PubKey(), "a"), ErrPersistent)
}

// Both dial at once: exactly one connection survives, the one that the smaller
// key dialed, and both ends agree on it.
func TestCrossingConnectionsLeaveOne(t *testing.T) {
	for round := range 10 {
		a, b := newNode(t, nil).listen(t), newNode(t, nil).listen(t)
		var both sync.WaitGroup
		for _, way := range [][2]*node{{a, b}, {b, a}} {
			both.Go(func() {
				// One of the two may lose: that is the point.
				_, _ = way[0].Connect(context.Background(), way[1].key.PubKey(), way[1].addr, false)
			})
		}
		both.Wait()

		// What is left is up at both ends once a message has crossed it.
		for _, n := range []*node{a, b} {
			other := a
			if n == a {
				other = b
			}
			id := NewID(other.key.PubKey())
			require.Eventually(t, func() bool {
				p := n.Peer(id)
				return p != nil && p.Send(numbered(round)) == nil
			}, patience, time.Millisecond)
		}
		a.alternates(t)
		b.alternates(t)
		a.Close()
		b.Close()
	}
}

// alternates reads events up to the first message, checking their order.
func (n *node) alternates(t *testing.T) {
	t.Helper()
	up := false
	for {
		switch e := receive(t, n.events); e.kind {
		case "up":
			require.False(t, up)
			up = true
		case "down":
			require.True(t, up)
			up = false
		default:
			require.True(t, up)
			return
		}
	}
}

func TestTie(t *testing.T) {
	n := newNode(t, nil)
	at := n.clock.Now()
	var smaller, larger ID
	smaller, larger = n.self, n.self
	smaller[32]--
	larger[32]++
	if n.self[32] == 0 {
		smaller = ID{2}
	}
	if n.self[32] == 255 {
		larger = ID(bytes.Repeat([]byte{3}, 33))
	}
	tie := n.cfg.Limits.Tie
	tests := []struct {
		name       string
		peer       ID
		newInbound bool
		oldInbound bool
		age        time.Duration
		want       bool
	}{
		{"we dialed, they are larger", larger, true, false, 0, false},
		{"they dialed, they are larger", larger, false, true, 0, true},
		{"we dialed, they are smaller", smaller, true, false, 0, true},
		{"they dialed, they are smaller", smaller, false, true, 0, false},
		{"they dial again", larger, true, true, 0, true},
		{"we dialed twice", smaller, false, false, 0, false},
		{"they come back later", larger, true, false, tie, true},
		{"we dial later", larger, false, true, tie, false},
	}
	for _, test := range tests {
		l := &link{id: test.peer, inbound: test.newInbound, since: at.Add(test.age)}
		old := &link{id: test.peer, inbound: test.oldInbound, since: at}
		require.Equal(t, test.want, n.replaces(l, old), test.name)
	}
}

// A node that connects anew takes its own place: PeerDown for the old
// connection comes before PeerUp for the new one, even if it takes its time.
func TestReconnectionReplacesInOrder(t *testing.T) {
	downEntered, release := make(chan struct{}, 1), make(chan struct{})
	n := newNode(t, func(n *node, _ *Config) {
		n.block = func(e event) {
			if e.kind == "down" {
				signal(downEntered)
				<-release
			}
		}
	}).listen(t)
	identity := &keychain.PrivKeyECDH{PrivKey: randomKey(t)}
	dial := func() *Transport {
		conn, err := net.Dial("tcp", n.addr)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() }) // may be closed already
		transport, err := Initiate(conn, identity, n.key.PubKey())
		require.NoError(t, err)
		require.NoError(t, transport.send(initMessage(&n.cfg)))
		return transport
	}
	dial()
	first := n.expect(t, "up").peer
	second := dial()
	receive(t, downEntered)
	_, err := second.Read() // its init is answered meanwhile
	require.NoError(t, err)
	third := dial()
	_, err = third.Read()
	require.NoError(t, err)
	require.Empty(t, n.events)
	close(release)

	down := n.expect(t, "down")
	require.Equal(t, first, down.peer)
	require.ErrorIs(t, down.err, ErrReplaced)
	require.NoError(t, third.send(numbered(3)))
	for { // the second may or may not have been up before the third came
		up := n.expect(t, "up")
		next := receive(t, n.events)
		require.Equal(t, up.peer, next.peer)
		if next.kind == "message" {
			return
		}
	}
}

// ATTACKS 2, 29: a hundred strangers are let in, however many come; those we
// have channels with always are.
func TestAttack03StrangersAreBoundedUnderFlood(t *testing.T) {
	n := newNode(t, func(_ *node, cfg *Config) { cfg.Limits.Handshakes = 1000 }).listen(t)
	friend := randomKey(t)
	n.SetKnown(NewID(friend.PubKey()), true)

	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 15 {
				conn, err := net.Dial("tcp", n.addr)
				if err != nil {
					continue
				}
				t.Cleanup(func() { _ = conn.Close() }) // may be closed already
				identity := &keychain.PrivKeyECDH{PrivKey: randomKey(t)}
				transport, err := Initiate(conn, identity, n.key.PubKey())
				if err != nil {
					continue
				}
				if transport.send(initMessage(&n.cfg)) == nil {
					_, _ = transport.Read() // fails for those that are refused
				}
			}
		})
	}
	wait.Wait()
	for range n.cfg.Limits.Strangers {
		n.expect(t, "up")
	}
	require.Len(t, n.Peers(), 100)

	conn, err := net.Dial("tcp", n.addr)
	require.NoError(t, err)
	defer conn.Close()
	transport, err := Initiate(conn, &keychain.PrivKeyECDH{PrivKey: friend}, n.key.PubKey())
	require.NoError(t, err)
	require.NoError(t, transport.send(initMessage(&n.cfg)))
	require.Equal(t, NewID(friend.PubKey()), n.expect(t, "up").peer.ID())
	require.Empty(t, n.events)
}

// fromConn claims to come from an address.
type fromConn struct {
	net.Conn
	from string
}

func (c fromConn) RemoteAddr() net.Addr {
	addr, err := net.ResolveTCPAddr("tcp", c.from)
	if err != nil {
		panic(err)
	}
	return addr
}

func TestHandshakesAreBounded(t *testing.T) {
	n := newNode(t, nil)
	limits := n.cfg.Limits
	open := func(from string) bool {
		here, there := net.Pipe()
		t.Cleanup(func() { _ = there.Close() })
		n.accept(fromConn{here, from})
		// A pipe that is closed at the other end says so at once.
		errs := make(chan error, 1)
		go func() {
			_, err := there.Write([]byte{0})
			errs <- err
		}()
		return receive(t, errs) == nil
	}
	for i := range 20 {
		require.Equal(t, i < limits.HandshakesPerIP, open("192.0.2.1:1000"), i)
	}
	for i := range 100 {
		from := fmt.Sprintf("198.51.100.%d:1000", i)
		require.Equal(t, i < limits.Handshakes-limits.HandshakesPerIP, open(from), i)
	}
	n.clock.Advance(limits.Handshake) // they never spoke: all places are free again
	n.waitPending(t)
	require.True(t, open("192.0.2.1:1000"))
}

func (n *node) waitPending(t *testing.T) {
	t.Helper()
	done := make(chan struct{})
	go func() { n.tasks.Wait(); close(done) }()
	receive(t, done)
	require.Empty(t, n.pending)
}

func TestStrangersFromOneAddressAreBounded(t *testing.T) {
	n := newNode(t, nil)
	for i := range 30 {
		l := &link{id: ID{2, byte(i)}, inbound: true, host: "192.0.2.1"}
		err := n.roomFor(l)
		if i >= n.cfg.Limits.StrangersPerIP {
			require.ErrorIs(t, err, ErrStrangers)
			continue
		}
		require.NoError(t, err)
		n.links[l.id] = l
	}
	clear(n.links)
	require.Empty(t, host(&net.TCPAddr{IP: net.IPv6loopback, Port: 1}))
	require.Equal(t, "192.0.2.1", host(&net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 1}))
}

// failingListener fails some times before it listens.
type failingListener struct {
	net.Listener
	left      int
	listening chan struct{}
}

func (l *failingListener) Accept() (net.Conn, error) {
	if l.left > 0 {
		l.left--
		return nil, errors.New("too many open files")
	}
	signal(l.listening)
	return l.Listener.Accept()
}

func TestServeOutlivesFailures(t *testing.T) {
	for left, survives := range map[int]bool{3: true, 1000: false} {
		n := newNode(t, nil)
		inner, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		n.addr = inner.Addr().String()
		listener := &failingListener{inner, left, make(chan struct{}, 1)}
		served := make(chan error, 1)
		go func() { served <- n.Serve(context.Background(), listener) }()

		require.Eventually(t, func() bool {
			n.clock.Advance(time.Minute)
			return len(served) == 1 || len(listener.listening) == 1
		}, patience, time.Millisecond)
		if survives {
			n.dialUp(t)
			n.Close()
			require.NoError(t, <-served)
		} else {
			require.ErrorContains(t, <-served, "too many open files")
		}
		_ = inner.Close() // closed already if Serve ended well
	}
}

// A storm of connects, disconnects and messages on four nodes: PeerUp and
// PeerDown alternate for each pair whatever happens.
func TestUpAndDownAlternate(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d: set it in place of rand.Uint64() to replay", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	nodes := make([]*node, 4)
	for i := range nodes {
		nodes[i] = newNode(t, nil).listen(t)
	}
	var wait sync.WaitGroup
	for range 200 {
		a, b := nodes[random.IntN(4)], nodes[random.IntN(4)]
		action := random.IntN(3)
		if a == b {
			continue
		}
		id := NewID(b.key.PubKey())
		wait.Go(func() {
			switch action { // any of these may find that another was faster
			case 0:
				_, _ = a.Connect(context.Background(), b.key.PubKey(), b.addr, false)
			case 1:
				_ = a.Disconnect(id)
			case 2:
				if p := a.Peer(id); p != nil {
					_ = p.Send(numbered(1))
				}
			}
		})
	}
	wait.Wait()
	for _, n := range nodes {
		n.Close()
	}
	for _, n := range nodes {
		close(n.events)
		up := map[ID]*Peer{}
		for e := range n.events {
			id := e.peer.ID()
			switch e.kind {
			case "up":
				require.Nil(t, up[id])
				up[id] = e.peer
			case "message":
				require.Equal(t, up[id], e.peer)
			case "down":
				require.Equal(t, up[id], e.peer)
				require.Error(t, e.err)
				delete(up, id)
			}
		}
		require.Empty(t, up)
	}
}

func TestConfigIsChecked(t *testing.T) {
	key := &keychain.PrivKeyECDH{PrivKey: randomKey(t)}
	for _, cfg := range []Config{
		{},
		{Identity: key},
		{Identity: key, Handler: &node{}},
	} {
		_, err := NewManager(cfg)
		require.Error(t, err)
	}
}

// slowClose is a listener whose address is free some time after Accept has failed.
type slowClose struct{ closing, free chan struct{} }

func (l *slowClose) Accept() (net.Conn, error) {
	<-l.closing
	return nil, net.ErrClosed
}

func (l *slowClose) Close() error {
	close(l.closing)
	<-l.free
	return nil
}

func (l *slowClose) Addr() net.Addr { return &net.TCPAddr{} }

// Who starts anew at once can listen on the same address.
func TestServeReturnsWhenItsListenerIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNode(t, nil)
		l := &slowClose{make(chan struct{}), make(chan struct{})}
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- n.Serve(ctx, l) }()
		stop()
		<-l.closing
		synctest.Wait()
		require.Empty(t, served)
		close(l.free)
		require.NoError(t, <-served)
	})
}
