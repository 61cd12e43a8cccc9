package node

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/onion"
	"github.com/nichework/nwnd/internal/peer"
	"github.com/nichework/nwnd/internal/signer"
)

// stranger is a peer that says what a test likes: the transport of a node, and a channel
// machine that it steps by hand.
type stranger struct {
	net    *testNet
	t      testing.TB
	wallet *fakeWallet
	node   *testNode
	m      *peer.Manager
	p      *peer.Peer
	in     chan lnwire.Message // all but gossip
	down   chan error
	keys   uint32
	delay  uint16 // to_self_delay that it asks for; 0: 144
	pool   *signer.Pool
	c      *htlc.Channel
	heard  []htlc.Result
	secret onion.Keys // of the onion that was made last
	lossy  bool       // what it says may be lost, since its node may be dead
}

// stranger makes one and connects it to a node.
func (n *testNet) stranger(name string, to *testNode) *stranger {
	s := &stranger{
		net: n, t: n.t, wallet: &fakeWallet{name: name, chain: n.chain}, node: to,
		in: make(chan lnwire.Message, 10_000), down: make(chan error, 100), pool: signer.NewPool(1),
	}
	m, err := peer.NewManager(peer.Config{
		Identity: onion.NewKey(s.wallet.key("identity", 0)), Features: to.features(), Handler: s,
		Network: *chaincfg.RegressionNetParams.GenesisHash,
	})
	require.NoError(n.t, err)
	s.m = m
	n.t.Cleanup(m.Close)
	s.connect()
	return s
}

func (s *stranger) connect() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	p, err := s.m.Connect(ctx, s.node.key(), s.node.addr, false)
	require.NoError(s.t, err)
	s.p = p
}

// disconnect ends the connection and waits until both sides know.
func (s *stranger) disconnect() {
	require.NoError(s.t, s.m.Disconnect(peer.ID(s.node.self)))
	select {
	case <-s.down:
	case <-time.After(patience):
		s.t.Fatal("still connected")
	}
	s.net.eventually("the node knows that the stranger is gone", func() bool {
		return s.node.peers.Peer(s.id()) == nil && len(s.m.Peers()) == 0
	})
}

func (s *stranger) key() *btcec.PublicKey { return s.wallet.key("identity", 0).PubKey() }
func (s *stranger) id() peer.ID           { return peer.NewID(s.key()) }

func (s *stranger) PeerUp(*peer.Peer) {}
func (s *stranger) PeerMessage(_ *peer.Peer, m lnwire.Message) {
	if !isGossip(m) {
		s.net.heard.Store(time.Now().UnixNano())
		s.in <- m
	}
}
func (s *stranger) PeerDown(_ *peer.Peer, reason error) { s.down <- reason }

func (s *stranger) send(msgs ...lnwire.Message) { require.NoError(s.t, s.p.Send(msgs...)) }

// next is the next message that is no gossip.
func (s *stranger) next() lnwire.Message {
	s.t.Helper()
	select {
	case m := <-s.in:
		return m
	case <-time.After(patience):
		s.t.Fatal("nothing more was said")
		return nil
	}
}

// expect is the next message of a kind; others are passed over.
func expect[T lnwire.Message](s *stranger) T {
	s.t.Helper()
	for {
		if m, ok := s.next().(T); ok {
			return m
		}
	}
}

// refused waits for an error and returns its text.
func (s *stranger) refused() string {
	s.t.Helper()
	return string(expect[*lnwire.Error](s).Data)
}

// terms are what the stranger brings to a channel.
func (s *stranger) terms(capacity btcutil.Amount) htlc.OpenConfig {
	s.keys++
	secrets, _ := s.wallet.ChannelKeys(s.keys)
	sign, err := signer.New(secrets, signer.ECDSA, s.pool)
	require.NoError(s.t, err)
	cfg := htlc.OpenConfig{
		PendingID: [32]byte{byte(s.keys), byte(s.keys >> 8)}, ChainHash: s.node.chainHash(), Peer: s.node.self,
		KeyIndex: s.keys, Format: bolt3.Format{}, Signer: sign, FundingScript: bolt3.FundingScript,
		Capacity: capacity, FeeRate: 1000,
		Terms: htlc.Terms{DustLimit: 354, HTLCMinimum: 1, MaxAccepted: 483,
			MaxInFlight: lnwire.NewMSatFromSatoshis(capacity)},
		CloseScript: append([]byte{0, 20}, make([]byte, 20)...), MaxDust: maxDustExposure,
		Reserve: max(capacity/100, 354), ToSelfDelay: 144, MinDepth: 1, MinCapacity: 1, MaxCapacity: btcutil.MaxSatoshi,
		MaxToSelfDelay: 2016, MaxMinDepth: 200, MinFeeRate: 253, MaxFeeRate: 1_000_000,
	}
	if s.delay != 0 {
		cfg.ToSelfDelay = s.delay
	}
	secrets.FillTerms(&cfg.Terms)
	return cfg
}

// propose sends open_channel and returns the opening with the answer taken in.
func (s *stranger) propose(cfg htlc.OpenConfig) (*htlc.Opening, htlc.FundingOutput) {
	s.t.Helper()
	o, msg, err := htlc.Propose(cfg)
	require.NoError(s.t, err)
	s.send(msg)
	o, out, err := o.Accepted(expect[*lnwire.AcceptChannel](s))
	require.NoError(s.t, err)
	return o, out
}

// fund sends funding_created for a transaction.
func (s *stranger) fund(o *htlc.Opening, tx *wire.MsgTx) *htlc.Opening {
	s.t.Helper()
	var raw bytes.Buffer
	require.NoError(s.t, tx.Serialize(&raw))
	o, created, err := o.Fund(wire.OutPoint{Hash: tx.TxHash()}, raw.Bytes())
	require.NoError(s.t, err)
	s.send(created)
	return o
}

// pending opens a channel to the node up to funding_signed and returns the transaction that
// would fund it; nobody has seen it.
func (s *stranger) pending(capacity btcutil.Amount) *wire.MsgTx {
	s.t.Helper()
	o, out := s.propose(s.terms(capacity))
	tx := s.wallet.pay([]*wire.TxOut{wire.NewTxOut(int64(out.Amount), out.Script)})
	o = s.fund(o, tx)
	c, _, err := o.Signed(expect[*lnwire.FundingSigned](s))
	require.NoError(s.t, err)
	s.c = c
	return tx
}

// driver is the node's side of the stranger's channel.
func (s *stranger) driver() *driver { return s.node.sw.channelByID(s.c.ID()) }

// open makes a channel that both can use.
func (s *stranger) open(capacity, push btcutil.Amount) {
	s.t.Helper()
	cfg := s.terms(capacity)
	cfg.Pushed = lnwire.NewMSatFromSatoshis(push)
	o, out := s.propose(cfg)
	tx := s.wallet.pay([]*wire.TxOut{wire.NewTxOut(int64(out.Amount), out.Script)})
	c, _, err := s.fund(o, tx).Signed(expect[*lnwire.FundingSigned](s))
	require.NoError(s.t, err)
	s.c = c
	height := s.net.chain.Mine(tx)
	s.net.chain.MineN(announceDepth)
	s.step(htlc.FundingConfirmed{SCID: lnwire.ShortChannelID{BlockHeight: uint32(height), TxIndex: 1}})
	s.pump("channel is open", func() bool { return s.c.State() == htlc.Open && s.driver().channel().State() == htlc.Open })
}

// step steps the stranger's side and says what follows.
func (s *stranger) step(in ...htlc.Input) {
	s.t.Helper()
	next, eff, err := s.c.StepAll(in)
	require.NoError(s.t, err)
	s.c = next
	s.heard = append(s.heard, eff.Results...)
	if len(eff.Send) == 0 {
		return
	}
	if err := s.p.Send(eff.Send...); !s.lossy {
		require.NoError(s.t, err)
	}
}

// pump lets the stranger follow the protocol until something is so. Its patience begins anew
// with whatever a stranger hears.
func (s *stranger) pump(what string, done func() bool) {
	s.t.Helper()
	began := time.Now()
	for !done() {
		if last := max(began.UnixNano(), s.net.heard.Load()); time.Since(time.Unix(0, last)) > patience {
			s.t.Fatalf("not so: %s; stranger is %v, node is %v (%s)", what, s.c.State(),
				s.driver().channel().State(), s.driver().channel().Halted())
		}
		select {
		case m := <-s.in:
			if m.MsgType() == lnwire.MsgAnnounceSignatures {
				continue
			}
			s.step(htlc.Recv{Msg: m})
		case <-time.After(time.Millisecond):
		}
	}
}

// offer adds an HTLC by the stranger and pumps until it is resolved; the result says how.
func (s *stranger) offer(add htlc.Add) htlc.Result {
	s.t.Helper()
	s.heard = nil
	s.step(add)
	var out htlc.Result
	s.pump("HTLC is resolved", func() bool {
		for _, r := range s.heard {
			switch r.(type) {
			case htlc.Fulfilled, htlc.Failed, htlc.Refused:
				out = r
			}
		}
		return out != nil
	})
	return out
}

// wrap makes an onion for a route that begins at the node.
func (s *stranger) wrap(hash [32]byte, route ...onion.Hop) (*[onion.Size]byte, onion.Keys) {
	s.t.Helper()
	packet, keys, err := onion.Build(route, hash, s.wallet.key("session", s.wallet.next()))
	require.NoError(s.t, err)
	s.secret = keys
	return packet, keys
}

// told is what became of an offered HTLC: nil if it was paid, or the code, who said it and
// the whole message.
type told struct {
	code lnwire.FailCode
	hop  int
	msg  lnwire.FailureMessage
}

// try offers an HTLC over a route and tells what became of it.
func (s *stranger) try(add htlc.Add, route ...onion.Hop) *told {
	s.t.Helper()
	packet, keys := s.wrap(add.Hash, route...)
	add.Onion = packet
	return s.told(s.offer(add), keys)
}

func (s *stranger) told(r htlc.Result, keys onion.Keys) *told {
	s.t.Helper()
	switch r := r.(type) {
	case htlc.Fulfilled:
		return nil
	case htlc.Failed:
		if r.Code != 0 {
			return &told{code: lnwire.FailCode(r.Code)}
		}
		f, err := keys.Decrypt(r.Reason)
		require.NoError(s.t, err)
		return &told{f.Code, f.Hop, f.Message}
	}
	s.t.Fatalf("HTLC was not taken: %+v", r)
	return nil
}

// heightNow is the chain's height.
func (n *testNet) heightNow() uint32 { return uint32(n.chain.Best().Height) }
