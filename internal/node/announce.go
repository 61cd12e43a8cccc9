package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/router"
)

// announceDepth is how deep a channel must be before it is announced (BOLT 7, "The
// announcement_signatures Message").
const announceDepth = 6

const bucketAnnounced = "announced" // channel id -> the peer's node and bitcoin signature

// announcer announces this node's public channels: it exchanges announcement_signatures
// and hands the finished channel_announcement to gossip.
type announcer struct {
	log    *slog.Logger
	key    *btcec.PrivateKey
	self   [33]byte
	chain  chainhash.Hash
	db     reader
	append func(...channeldb.Batch) error
	gossip *gossiper
	signer func(*htlc.Params) (htlc.Signer, error)

	announced func() // a channel was announced

	mu     sync.Mutex
	m      map[lnwire.ChannelID]*announcement
	buried map[lnwire.ChannelID]struct{} // announceDepth reached
}

// announcement is how far one channel is.
type announcement struct {
	theirs *[2]sigBytes // the peer's signatures, by node and bitcoin key
	done   *lnwire.ChannelAnnouncement1
	sent   bool                        // ours went out on this connection
	early  *lnwire.AnnounceSignatures1 // the peer's, that came before we knew the position
}

type sigBytes [64]byte

func newAnnouncement(raw []byte) (*announcement, error) {
	a := &announcement{}
	if raw == nil {
		return a, nil
	}
	if len(raw) != 128 {
		return nil, fmt.Errorf("node: stored announcement signatures have %d bytes, want 128", len(raw))
	}
	a.theirs = &[2]sigBytes{sigBytes(raw[:64]), sigBytes(raw[64:])}
	return a, nil
}

func (s *announcer) entry(id lnwire.ChannelID) (*announcement, error) {
	if a := s.m[id]; a != nil {
		return a, nil
	}
	raw, err := s.db.Get(bucketAnnounced, id[:])
	if err != nil {
		return nil, err
	}
	a, err := newAnnouncement(raw)
	if err == nil {
		s.m[id] = a
	}
	return a, err
}

// deep notes that a channel is deep enough to be announced.
func (s *announcer) deep(id lnwire.ChannelID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buried[id] = struct{}{}
}

// shallow notes that a channel no longer is, after a reorganisation.
func (s *announcer) shallow(id lnwire.ChannelID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.buried, id)
}

// restart begins a channel's announcement anew: it has moved.
func (s *announcer) restart(id lnwire.ChannelID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, id)
}

// reconnected notes that a peer is there anew: what was sent before, it may have missed.
func (s *announcer) reconnected(id lnwire.ChannelID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.m[id]; a != nil {
		a.sent = false
	}
}

// greeting is what a peer is sent when it connects, or when its channel is deep enough: our
// signatures, unless we have its own already and sent it ours, or wait for it to ask (BOLT
// 7, "The announcement_signatures Message"). With the peer's the announcement is finished.
func (s *announcer) greeting(ctx context.Context, d *driver) (lnwire.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, deep := s.buried[d.id]; !deep || !d.channel().Params().Announce {
		return nil, nil
	}
	a, err := s.entry(d.id)
	if err != nil {
		return nil, err
	}
	if early := a.early; early != nil {
		a.early = nil
		if err := s.take(d, a, early); err != nil {
			return nil, err
		}
	}
	told := a.done != nil || a.sent
	if a.theirs != nil {
		err = s.finish(ctx, d, a)
	}
	if err != nil || told {
		return nil, err
	}
	return s.ours(d, a)
}

// ours are our signatures, to be sent now.
func (s *announcer) ours(d *driver, a *announcement) (lnwire.Message, error) {
	m, err := s.signatures(d)
	if err != nil {
		return nil, err
	}
	a.sent = true
	return m, nil
}

// signatures are ours for a channel.
func (s *announcer) signatures(d *driver) (*lnwire.AnnounceSignatures1, error) {
	c := d.channel()
	data, err := s.unsigned(d).DataToSign()
	if err != nil {
		return nil, err
	}
	node, err := signGossip(s.key, data)
	if err != nil {
		return nil, err
	}
	signer, err := s.signer(c.Params())
	if err != nil {
		return nil, err
	}
	bitcoin, err := signer.Sign([]htlc.Digest{{
		Role: htlc.FundingKey, Pub: c.Params().Terms[htlc.Local].Funding, Hash: chainhash.DoubleHashH(data),
	}})
	if err != nil {
		return nil, err
	}
	return &lnwire.AnnounceSignatures1{
		ChannelID: d.id, ShortChannelID: c.SCID(), NodeSignature: node, BitcoinSignature: bitcoin[0],
	}, nil
}

// receive takes the peer's signatures; the answer, if any, goes to the peer: ours, once on
// a connection, since who sends its own may lack them.
func (s *announcer) receive(ctx context.Context, d *driver, m *lnwire.AnnounceSignatures1) (lnwire.Message, error) {
	c := d.channel()
	if !c.Params().Announce {
		return nil, fmt.Errorf("node: announcement_signatures for private channel %v", d.id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.entry(d.id)
	if err != nil {
		return nil, err
	}
	if c.SCID() == (lnwire.ShortChannelID{}) {
		a.early = m // the peer's view of the chain is ahead of ours
		return nil, nil
	}
	if err := s.take(d, a, m); err != nil {
		return nil, err
	}
	if _, deep := s.buried[d.id]; !deep {
		return nil, nil
	}
	if err := s.finish(ctx, d, a); err != nil || a.sent {
		return nil, err
	}
	return s.ours(d, a)
}

// take checks the peer's signatures and makes them durable; s.mu is held.
func (s *announcer) take(d *driver, a *announcement, m *lnwire.AnnounceSignatures1) error {
	if a.theirs != nil {
		return nil
	}
	if scid := d.channel().SCID(); m.ShortChannelID != scid {
		return fmt.Errorf("node: announcement_signatures name %v, channel %v is %v", m.ShortChannelID, d.id, scid)
	}
	theirs := [2]sigBytes{sigBytes(m.NodeSignature.RawBytes()), sigBytes(m.BitcoinSignature.RawBytes())}
	ann, err := s.assemble(d, theirs)
	if err != nil {
		return err
	}
	if _, err := router.Validate(ann); err != nil {
		return fmt.Errorf("node: announcement_signatures for channel %v: %w", d.id, err)
	}
	record := append(append([]byte(nil), theirs[0][:]...), theirs[1][:]...)
	if err := s.append(channeldb.Batch{Puts: []channeldb.KV{put(bucketAnnounced, d.id[:], record)}}); err != nil {
		return err
	}
	a.theirs = &theirs
	return nil
}

// finish publishes the announcement; s.mu is held.
func (s *announcer) finish(ctx context.Context, d *driver, a *announcement) error {
	if a.done != nil {
		return nil
	}
	ann, err := s.assemble(d, *a.theirs)
	if err != nil {
		return err
	}
	if err := s.gossip.publish(ctx, ann); err != nil {
		return err
	}
	a.done = ann
	s.log.Info("channel announced", "channel", d.channel().SCID())
	s.announced()
	return nil
}

// finished is the announcement of a channel that is announced, else nil.
func (s *announcer) finished(id lnwire.ChannelID) *lnwire.ChannelAnnouncement1 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.m[id]; a != nil {
		return a.done
	}
	return nil
}

func (s *announcer) forget(id lnwire.ChannelID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, id)
	delete(s.buried, id)
}

// unsigned is the channel_announcement without signatures, nodes in order.
func (s *announcer) unsigned(d *driver) *lnwire.ChannelAnnouncement1 {
	c := d.channel()
	p := c.Params()
	m := &lnwire.ChannelAnnouncement1{
		Features: lnwire.NewRawFeatureVector(), ChainHash: d.chain(s.chain), ShortChannelID: c.SCID(),
		NodeID1: s.self, NodeID2: p.Peer,
	}
	if d.token != nil {
		m.ExtraOpaqueData = announcedParams(p, s.first(p))
	}
	copy(m.BitcoinKey1[:], p.Terms[htlc.Local].Funding.SerializeCompressed())
	copy(m.BitcoinKey2[:], p.Terms[htlc.Remote].Funding.SerializeCompressed())
	if !s.first(p) {
		m.NodeID1, m.NodeID2 = m.NodeID2, m.NodeID1
		m.BitcoinKey1, m.BitcoinKey2 = m.BitcoinKey2, m.BitcoinKey1
	}
	return m
}

// first reports whether our node id sorts before the peer's.
func (s *announcer) first(p *htlc.Params) bool { return bytes.Compare(s.self[:], p.Peer[:]) < 0 }

func (s *announcer) assemble(d *driver, theirs [2]sigBytes) (*lnwire.ChannelAnnouncement1, error) {
	ours, err := s.signatures(d)
	if err != nil {
		return nil, err
	}
	m := s.unsigned(d)
	var sigs [2]lnwire.Sig
	for i := range theirs {
		sig, err := lnwire.NewSigFromWireECDSA(theirs[i][:])
		if err != nil {
			return nil, err
		}
		sigs[i] = sig
	}
	m.NodeSig1, m.BitcoinSig1, m.NodeSig2, m.BitcoinSig2 = ours.NodeSignature, ours.BitcoinSignature, sigs[0], sigs[1]
	if !s.first(d.channel().Params()) {
		m.NodeSig1, m.BitcoinSig1, m.NodeSig2, m.BitcoinSig2 = m.NodeSig2, m.BitcoinSig2, m.NodeSig1, m.BitcoinSig1
	}
	return m, nil
}

var errNotOurs = errors.New("node: no such channel with this peer")
