package peer

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/keychain"
	"github.com/lightningnetwork/lnd/lnwire"
)

// Handler is told what peers do. For one node the calls come one at a time:
// PeerUp, its messages in the order they were sent, PeerDown, and only then the
// next PeerUp. A call that takes its time holds up that peer alone, down to its
// TCP window; that is the back-pressure that keeps the inbox bounded. A
// handler must not call Manager.Close.
type Handler interface {
	PeerUp(p *Peer)
	PeerMessage(p *Peer, msg lnwire.Message)
	PeerDown(p *Peer, reason error)
}

// Config is what a Manager needs.
type Config struct {
	// Identity is the node's key.
	Identity keychain.SingleKeyECDH

	// Features that we offer in init. A peer that requires anything else is
	// refused, and so is one that lacks what we require.
	Features *lnwire.RawFeatureVector

	// Network is the genesis hash of the chain, for init.networks.
	Network chainhash.Hash

	Handler Handler
	Log     *slog.Logger

	// Understands says which custom messages (types from 32768 on) go to
	// the handler. Of the others, odd ones are ignored and even ones end the
	// connection. nil understands none.
	Understands func(lnwire.MessageType) bool

	// Dial connects; nil is TCP.
	Dial func(ctx context.Context, addr string) (net.Conn, error)

	// Clock is the system's when nil.
	Clock Clock

	// Random is uniform in [0,1), for jitter; nil is math/rand.
	Random func() float64

	Limits Limits
}

// Limits bound what peers can cost. A zero field takes its default.
type Limits struct {
	SendQueue   int // bytes of channel messages waiting for one peer: 8 MiB
	GossipQueue int // bytes of gossip waiting for one peer: 256 KiB

	Strangers       int // inbound peers without channels: 100
	StrangersPerIP  int // of these from one address, loopback exempt: 20
	Handshakes      int // inbound connections that are not up yet: 50
	HandshakesPerIP int // of these from one address, loopback exempt: 8
	Dials           int // reconnections attempted at once: 16
	Persistent      int // peers that we reconnect to: 10,000

	Connect    time.Duration // to a peer, with its handshake of BOLT 8: 10 s
	Handshake  time.Duration // for BOLT 8 and for init, each: 10 s
	PingAfter  time.Duration // of silence: 60 s
	PongLimit  time.Duration // of silence after our ping: 30 s
	Write      time.Duration // until a write counts as stuck: 30 s
	Flush      time.Duration // to send what is queued when we disconnect: 3 s
	Tie        time.Duration // age below which crossing connections tie: 10 s
	MinBackoff time.Duration // before reconnecting: 1 s
	MaxBackoff time.Duration // before reconnecting: 5 min
	Stable     time.Duration // connection that resets the back-off: 30 s
}

// orDefault sets a zero value.
func orDefault[T comparable](value *T, standard T) {
	var zero T
	if *value == zero {
		*value = standard
	}
}

// complete checks what has no default and fills in the rest.
func (c Config) complete() (Config, error) {
	switch {
	case c.Identity == nil:
		return c, errors.New("peer: config has no identity")
	case c.Handler == nil:
		return c, errors.New("peer: config has no handler")
	case c.Features == nil:
		return c, errors.New("peer: config has no features")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Understands == nil {
		c.Understands = func(lnwire.MessageType) bool { return false }
	}
	if c.Dial == nil {
		c.Dial = func(ctx context.Context, addr string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", addr)
		}
	}
	if c.Clock == nil {
		c.Clock = SystemClock{}
	}
	if c.Random == nil {
		c.Random = rand.Float64
	}
	l := &c.Limits
	orDefault(&l.SendQueue, 8<<20)
	orDefault(&l.GossipQueue, 256<<10)
	orDefault(&l.Strangers, 100)
	orDefault(&l.StrangersPerIP, 20)
	orDefault(&l.Handshakes, 50)
	orDefault(&l.HandshakesPerIP, 8)
	orDefault(&l.Dials, 16)
	orDefault(&l.Persistent, 10_000)
	orDefault(&l.Connect, 10*time.Second)
	orDefault(&l.Handshake, 10*time.Second)
	orDefault(&l.PingAfter, time.Minute)
	orDefault(&l.PongLimit, 30*time.Second)
	orDefault(&l.Write, 30*time.Second)
	orDefault(&l.Flush, 3*time.Second)
	orDefault(&l.Tie, 10*time.Second)
	orDefault(&l.MinBackoff, time.Second)
	orDefault(&l.MaxBackoff, 5*time.Minute)
	orDefault(&l.Stable, 30*time.Second)
	return c, nil
}
