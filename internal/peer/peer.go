package peer

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"
)

// ID is a node's public key, compressed.
type ID [33]byte

// String is the key in hex.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// MarshalText is String, for logs and JSON.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// NewID is the ID of a key.
func NewID(pub *btcec.PublicKey) ID { return ID(pub.SerializeCompressed()) }

// Peer is one connection to a node, after init. Its methods never block and are
// safe for concurrent use.
type Peer struct {
	cfg       *Config
	id        ID
	inbound   bool
	since     time.Time
	transport *Transport
	features  *lnwire.FeatureVector
	out       *outbox
	pings     *pingLimit

	writer    sync.WaitGroup
	stopWatch func()
	end       ending
	done      chan struct{} // closed when both directions have stopped

	heard        atomic.Int64 // clock of the last whole message, unix ns
	handling     atomic.Bool  // the handler has the last message
	writingSince atomic.Int64 // unix ns; 0 when not writing
	pingSince    atomic.Int64 // unix ns; 0 when no ping is out
	roundTrip    atomic.Int64 // ns, of the last ping
	received     atomic.Uint64
	sent         atomic.Uint64
}

// ending remembers why a connection ended; the first reason counts.
type ending struct {
	mu     sync.Mutex
	reason error
	timer  Timer
}

func newPeer(cfg *Config, id ID, inbound bool, t *Transport, features *lnwire.FeatureVector) *Peer {
	return &Peer{
		cfg:       cfg,
		id:        id,
		inbound:   inbound,
		since:     cfg.Clock.Now(),
		transport: t,
		features:  features,
		out:       newOutbox(cfg.Limits.SendQueue, cfg.Limits.GossipQueue),
		pings:     newPingLimit(cfg.Clock.Now()),
		done:      make(chan struct{}),
	}
}

// ID is the node's key in bytes.
func (p *Peer) ID() ID { return p.id }

// PubKey is the node's key.
func (p *Peer) PubKey() *btcec.PublicKey { return p.transport.Remote() }

// Inbound says that the peer connected to us.
func (p *Peer) Inbound() bool { return p.inbound }

// Addr is the peer's end of the connection.
func (p *Peer) Addr() net.Addr { return p.transport.conn.RemoteAddr() }

// Features are what the peer offered in init.
func (p *Peer) Features() *lnwire.FeatureVector { return p.features }

// Done is closed when the connection has ended.
func (p *Peer) Done() <-chan struct{} { return p.done }

// Send queues channel messages in order, all or none; they are encoded before
// it returns and may be used again. When the queue is full the
// connection ends with ErrQueueFull; afterwards it is ErrClosed.
func (p *Peer) Send(msgs ...lnwire.Message) error {
	err := p.out.put(msgs)
	if errors.Is(err, ErrQueueFull) {
		p.fail(err)
	}
	return err
}

// SendGossip queues messages that go out when no channel message waits. It is
// false, and takes none, when they don't fit: wait for GossipReady or Done.
func (p *Peer) SendGossip(msgs ...lnwire.Message) bool {
	return p.out.putGossip(func(q *queue) error {
		for _, msg := range msgs {
			if err := q.encode(msg); err != nil {
				return err
			}
		}
		return nil
	})
}

// SendGossipRaw is SendGossip for messages that are encoded already, type
// first, so that what goes to all peers is encoded once.
func (p *Peer) SendGossipRaw(msgs ...[]byte) bool {
	return p.out.putGossip(func(q *queue) error {
		for _, msg := range msgs {
			if len(msg) < 2 || len(msg) > lnwire.MaxSliceLength {
				return fmt.Errorf("peer: message of %d bytes", len(msg))
			}
			q.add(msg)
		}
		return nil
	})
}

// GossipReady gets a token when the gossip queue has drained to half its size.
func (p *Peer) GossipReady() <-chan struct{} { return p.out.gossipReady }

// Disconnect ends the connection after what is queued has been sent, within
// Limits.Flush. The reason reaches PeerDown.
func (p *Peer) Disconnect(reason error) {
	if p.end.set(reason) {
		p.out.close()
		p.end.after(p.cfg.Clock, p.cfg.Limits.Flush, p.hangUp)
	}
}

// fail ends the connection at once.
func (p *Peer) fail(reason error) {
	p.end.set(reason)
	p.out.close()
	p.hangUp()
}

// hangUp makes both directions stop. What closing says is no news by then.
func (p *Peer) hangUp() { _ = p.transport.Close() }

// set keeps the first reason; false if there was one.
func (e *ending) set(reason error) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.reason != nil {
		return false
	}
	if reason == nil {
		reason = ErrClosed
	}
	e.reason = reason
	return true
}

func (e *ending) get() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.reason
}

func (e *ending) after(clock Clock, d time.Duration, f func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.timer = clock.AfterFunc(d, f)
}

func (e *ending) stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.timer != nil {
		e.timer.Stop()
	}
}

// start lets messages out and looks after the connection; run must follow.
// Until run reads, the peer counts as being handled.
func (p *Peer) start() {
	p.handling.Store(true)
	p.stopWatch = p.watch()
	p.writer.Go(p.writeLoop)
}

// run reads until the connection ends, and says why it did. It calls the
// handler for messages only.
func (p *Peer) run() error {
	p.handled()
	p.readLoop()

	p.writer.Wait()
	p.stopWatch()
	p.end.stop()
	close(p.done)
	return p.end.get()
}

// handled says that the handler has returned, so that silence is the peer's again.
func (p *Peer) handled() {
	p.heard.Store(p.cfg.Clock.Now().UnixNano())
	p.handling.Store(false)
}

func (p *Peer) readLoop() {
	for {
		raw, err := p.transport.Read()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = errors.New("peer: the other side closed the connection")
			}
			p.fail(err)
			return
		}
		if p.end.get() != nil {
			return // the writer hangs up
		}
		p.received.Add(uint64(len(raw)))
		p.heard.Store(p.cfg.Clock.Now().UnixNano())

		msg, err := decode(raw, p.cfg.Understands)
		switch {
		case err != nil:
			p.Disconnect(err)
			return
		case msg == nil:
		default:
			p.dispatch(msg)
		}
	}
}

// dispatch answers what is about the connection and hands on the rest.
func (p *Peer) dispatch(msg lnwire.Message) {
	switch msg := msg.(type) {
	case *lnwire.Ping:
		p.gotPing(msg)
	case *lnwire.Pong:
		p.gotPong()
	case *lnwire.Init:
		p.Disconnect(errors.New("peer: init twice"))
	default:
		p.handling.Store(true)
		p.cfg.Handler.PeerMessage(p, msg)
		p.handled()
	}
}

// writeLoop sends what is queued, as many messages to a system call as wait.
func (p *Peer) writeLoop() {
	defer p.hangUp()
	var batch queue
	for {
		done := p.out.take(&batch)
		if !batch.empty() {
			if err := p.writeBatch(&batch); err != nil {
				p.fail(fmt.Errorf("peer: write: %w", err))
				return
			}
			continue
		}
		if done {
			return
		}
		<-p.out.wake
	}
}

func (p *Peer) writeBatch(batch *queue) error {
	p.writingSince.Store(p.cfg.Clock.Now().UnixNano())
	defer p.writingSince.Store(0)
	p.sent.Add(uint64(batch.bytes()))
	for !batch.empty() {
		if err := p.transport.Write(batch.pop()); err != nil {
			return err
		}
	}
	return p.transport.Flush()
}
