package peer

import (
	"bytes"
	"errors"
	"net"
	"sync/atomic"
	"testing"

	"github.com/lightningnetwork/lnd/keychain"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

func TestBothEndsLearnEachOther(t *testing.T) {
	a, b, atA, atB := pair(t, nil)
	require.Equal(t, NewID(b.key.PubKey()), atA.ID())
	require.Equal(t, NewID(a.key.PubKey()), atB.ID())
	require.True(t, atB.PubKey().IsEqual(a.key.PubKey()))
	require.False(t, atA.Inbound())
	require.True(t, atB.Inbound())
	require.True(t, atA.Features().HasFeature(lnwire.AnchorsZeroFeeHtlcTxOptional))
	require.Equal(t, atA, a.Peer(atA.ID()))
	require.Equal(t, []*Peer{atA}, a.Peers())
}

func TestMessagesArriveInOrder(t *testing.T) {
	_, b, atA, _ := pair(t, nil)
	const count = 10_000
	for i := 0; i < count; i += 2 {
		require.NoError(t, atA.Send(numbered(i), numbered(i+1)))
	}
	for i := range count {
		require.EqualValues(t, i, b.expect(t, "message").msg.(*lnwire.UpdateFee).FeePerKw)
	}
}

func TestDisconnectSendsWhatIsQueuedFirst(t *testing.T) {
	_, b, atA, _ := pair(t, nil)
	reason := errors.New("enough")
	for i := range 1000 {
		require.NoError(t, atA.Send(numbered(i)))
	}
	atA.Disconnect(reason)
	require.ErrorIs(t, atA.Send(numbered(0)), ErrClosed)
	require.False(t, atA.SendGossip(numbered(0)))
	for range 1000 {
		b.expect(t, "message")
	}
	b.expect(t, "down")
	<-atA.Done()
	require.ErrorIs(t, atA.end.get(), reason)
}

// slowConn blocks writes while the test holds them back and counts them.
type slowConn struct {
	net.Conn
	gate   chan struct{}
	writes atomic.Int64
	held   atomic.Bool
	stuck  chan struct{}
}

func (c *slowConn) Write(b []byte) (int, error) {
	c.writes.Add(1)
	if c.held.Load() {
		signal(c.stuck)
		<-c.gate
	}
	return c.Conn.Write(b)
}

// slowPeer is a Peer, not run by a manager, whose writes can be held back, and
// the other end.
func slowPeer(t *testing.T, limits Limits) (*Peer, *slowConn, *Transport, *fakeClock) {
	t.Helper()
	n := newNode(t, func(_ *node, cfg *Config) { cfg.Limits = limits })
	here, there := tcpPipe(t)
	conn := &slowConn{Conn: here, gate: make(chan struct{}), stuck: make(chan struct{}, 1)}

	theirKey := randomKey(t)
	theirs := make(chan *Transport, 1)
	go func() {
		transport, _ := Respond(there, &keychain.PrivKeyECDH{PrivKey: theirKey})
		theirs <- transport
	}()
	ours, err := Initiate(conn, n.cfg.Identity, theirKey.PubKey())
	require.NoError(t, err)
	p := newPeer(&n.cfg, NewID(theirKey.PubKey()), false, ours, lnwire.EmptyFeatureVector())
	p.start()
	go p.run()
	t.Cleanup(func() {
		p.fail(errors.New("test over"))
		conn.held.Store(false)
		close(conn.gate)
		<-p.Done()
	})
	return p, conn, receive(t, theirs), n.clock
}

func tcpPipe(t testing.TB) (a, b net.Conn) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	a, err = net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	b, err = listener.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = a.Close(), b.Close() }) // may be closed already
	return a, b
}

func TestManyMessagesTakeFewWrites(t *testing.T) {
	p, conn, theirs, _ := slowPeer(t, Limits{})
	conn.held.Store(true)
	require.NoError(t, p.Send(numbered(0)))
	<-conn.stuck
	for i := 1; i <= 1000; i++ {
		require.NoError(t, p.Send(numbered(i)))
	}
	before := conn.writes.Load()
	conn.held.Store(false)
	conn.gate <- struct{}{}
	for range 1001 {
		_, err := theirs.Read()
		require.NoError(t, err)
	}
	perMessage := 2 + 32 + 4 + 2 + 16 + 16
	require.LessOrEqual(t, conn.writes.Load()-before, int64(1000*perMessage/bufferSize+2))
}

func TestFullSendQueueDisconnects(t *testing.T) {
	p, conn, _, _ := slowPeer(t, Limits{SendQueue: 10_000})
	conn.held.Store(true)
	var err error
	for i := 0; err == nil; i++ {
		require.Less(t, i*38, 10_001)
		err = p.Send(numbered(i))
	}
	require.ErrorIs(t, err, ErrQueueFull)
	require.ErrorIs(t, p.end.get(), ErrQueueFull)
	require.ErrorIs(t, p.Send(numbered(0)), ErrClosed)
}

func TestSendTakesAllOrNone(t *testing.T) {
	p, _, theirs, _ := slowPeer(t, Limits{})
	tooLong := lnwire.NewWarning()
	tooLong.Data = make([]byte, 65535)
	require.Error(t, p.Send(numbered(1), tooLong))
	require.NoError(t, p.Send(numbered(2)))
	msg, err := theirs.Read()
	require.NoError(t, err)
	got, err := lnwire.ReadMessage(bytes.NewReader(msg), 0)
	require.NoError(t, err)
	require.EqualValues(t, 2, got.(*lnwire.UpdateFee).FeePerKw)
}

func TestGossipWaitsForChannelMessages(t *testing.T) {
	p, conn, theirs, _ := slowPeer(t, Limits{GossipQueue: 100_000})
	conn.held.Store(true)
	require.NoError(t, p.Send(numbered(0)))
	<-conn.stuck

	gossip := append([]byte{0, 19}, make([]byte, 998)...)
	queued := 0
	for p.SendGossipRaw(gossip) {
		queued++
	}
	require.Equal(t, 100, queued)
	require.False(t, p.SendGossipRaw(gossip), "still full")
	for i := 1; i <= 10; i++ {
		require.NoError(t, p.Send(numbered(i)))
	}
	conn.held.Store(false)
	conn.gate <- struct{}{}

	for i := range 11 + queued {
		msg, err := theirs.Read()
		require.NoError(t, err)
		require.Equal(t, i >= 11, bytes.Equal(msg, gossip), "message %d", i)
	}
	receive(t, p.GossipReady())
	require.True(t, p.SendGossipRaw(gossip))
	require.False(t, p.SendGossipRaw([]byte{1}), "no type")
	require.False(t, p.SendGossipRaw(make([]byte, 65536)), "too long")
}

// lnd before 0.18.3 gathered what a peer's filter asks for in memory: what waits for a peer that
// doesn't read is bounded, and whoever gathers it is told to wait.
func TestAttack28GossipThatWaitsForAPeerIsBounded(t *testing.T) {
	p, conn, _, _ := slowPeer(t, Limits{GossipQueue: 100_000})
	conn.held.Store(true)
	require.NoError(t, p.Send(numbered(0)))
	<-conn.stuck
	taken := 0
	for range 200 {
		if p.SendGossipRaw(append([]byte{0, 19}, make([]byte, 998)...)) {
			taken++
		}
	}
	require.Equal(t, 100, taken)
}

func TestStuckWriteDisconnects(t *testing.T) {
	p, conn, _, clock := slowPeer(t, Limits{})
	conn.held.Store(true)
	require.NoError(t, p.Send(numbered(0)))
	<-conn.stuck
	clock.Advance(2 * p.cfg.Limits.Write)
	require.ErrorIs(t, p.end.get(), ErrStuck)
}

// A handler that is busy holds up its peer, not our memory (ATTACKS 29).
func TestInboxIsBoundedByTheHandler(t *testing.T) {
	var (
		entered = make(chan struct{}, 1)
		release = make(chan struct{})
	)
	n := newNode(t, func(n *node, _ *Config) {
		n.block = func(e event) {
			if e.kind == "message" {
				signal(entered)
				<-release
			}
		}
	})
	here, there := net.Pipe() // holds nothing, so that all that is taken is ours
	key := randomKey(t)
	go n.accept(here)
	theirs, err := Initiate(there, &keychain.PrivKeyECDH{PrivKey: key}, n.key.PubKey())
	require.NoError(t, err)
	sent := make(chan error, 1)
	go func() { sent <- theirs.send(initMessage(&n.cfg)) }()
	_, err = theirs.Read()
	require.NoError(t, err)
	require.NoError(t, receive(t, sent))
	n.expect(t, "up")

	var written atomic.Int64
	flood := lnwire.NewWarning()
	flood.Data = make([]byte, 60_000)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for theirs.send(flood) == nil {
			written.Add(1)
		}
	}()
	receive(t, entered)
	require.LessOrEqual(t, written.Load(), int64(2))

	n.Manager.links[NewID(key.PubKey())].drop(errors.New("test over"))
	n.clock.Advance(n.cfg.Limits.Flush)
	close(release)
	receive(t, stopped)
	require.LessOrEqual(t, written.Load(), int64(2))
}
