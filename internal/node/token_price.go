package node

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/peer"
)

// Messages by which a customer asks what a service costs (docs/spec/meter.md). Both are odd: who doesn't
// know them ignores them.
const (
	msgPriceQuery lnwire.MessageType = 46561
	msgPrice      lnwire.MessageType = 46563
)

// understands tells which messages beyond BOLT 1's a peer's connection hands to the node.
func understands(t lnwire.MessageType) bool {
	return t == msgPriceQuery || t == msgPrice || htlc.IsCustom(t)
}

// bucketPrice has one row: what this node's service costs.
const bucketPrice = "price"

const (
	maxUnit      = 32 // bytes of a price's unit
	priceVersion = 1
	priceTimeout = 30 * time.Second
	maxQueries   = 100 // that wait for an answer
)

// prices are what services cost: ours, and those that we ask for.
type prices struct {
	mu      sync.Mutex
	waiting map[peer.ID][]chan Price // each of capacity 1
	count   int
}

// SetPrice publishes what this node's service charges.
func (n *Node) SetPrice(_ context.Context, p Price) error {
	t, err := n.tokens.named(p.Symbol)
	if err != nil {
		return err
	}
	if p.PerUnit == 0 || p.Unit == "" || len(p.Unit) > maxUnit || p.Unit != printable([]byte(p.Unit)) || p.Minimum > uint64(maxTokenCapacity) {
		return fmt.Errorf("%w: a price needs an amount and a unit of 1 to %d bytes, and a least deposit of at most %d units",
			ErrInvalid, maxUnit, int64(maxTokenCapacity))
	}
	return n.db.Append(channeldb.Batch{Puts: []channeldb.KV{put(bucketPrice, []byte("price"), encodePrice(t.ID, &p))}})
}

func encodePrice(asset AssetID, p *Price) []byte {
	return newRecord(priceVersion).raw(asset[:]).u64(uint64(p.PerUnit)).u64(p.Minimum).bytes([]byte(p.Unit)).b
}

func decodePrice(b []byte) (asset AssetID, p Price, err error) {
	r := openRecord(b, priceVersion)
	asset = r.array32()
	p.PerUnit, p.Minimum, p.Unit = lnwire.MilliSatoshi(r.u64()), r.u64(), string(r.bytes())
	if err = r.done(); err == nil && (len(p.Unit) > maxUnit || p.Unit != printable([]byte(p.Unit)) || p.PerUnit > math.MaxInt64) {
		err = fmt.Errorf("node: a price of %d bytes can't be read", len(b))
	}
	return asset, p, err
}

// PriceQuery asks a provider that is a peer.
func (n *Node) PriceQuery(ctx context.Context, provider *btcec.PublicKey) (Price, error) {
	p := n.peers.Peer(peer.NewID(provider))
	if p == nil {
		return Price{}, fmt.Errorf("%w: %x", ErrPeerOffline, provider.SerializeCompressed())
	}
	query, err := lnwire.NewCustom(msgPriceQuery, nil)
	if err != nil {
		return Price{}, err
	}
	answer, err := n.prices.wait(p.ID())
	if err != nil {
		return Price{}, err
	}
	defer n.prices.leave(p.ID(), answer)
	if err := p.Send(query); err != nil {
		return Price{}, fmt.Errorf("%w: %w", ErrPeerOffline, err)
	}
	ctx, cancel := context.WithTimeout(ctx, priceTimeout)
	defer cancel()
	select {
	case v := <-answer:
		if v.Unit == "" {
			return Price{}, fmt.Errorf("%w: the provider charges for nothing, or in an asset that isn't known here", ErrNotFound)
		}
		return v, nil
	case <-ctx.Done():
		return Price{}, fmt.Errorf("node: the provider doesn't tell its price: %w", ctx.Err())
	case <-n.ctx.Done():
		return Price{}, ErrStopped
	}
}

func (s *prices) wait(from peer.ID) (chan Price, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count >= maxQueries {
		return nil, fmt.Errorf("%w: %d price queries wait for an answer", ErrBusy, s.count)
	}
	if s.waiting == nil {
		s.waiting = make(map[peer.ID][]chan Price)
	}
	ch := make(chan Price, 1)
	s.waiting[from] = append(s.waiting[from], ch)
	s.count++
	return ch, nil
}

func (s *prices) leave(from peer.ID, ch chan Price) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.waiting[from]
	for i := range all {
		if all[i] == ch {
			s.waiting[from] = append(all[:i:i], all[i+1:]...)
			s.count--
		}
	}
	if len(s.waiting[from]) == 0 {
		delete(s.waiting, from)
	}
}

// receivePrice answers a query, or hands an answer to who asked; false if the message is neither.
func (n *Node) receivePrice(p *peer.Peer, m *lnwire.Custom) bool {
	switch m.Type {
	case msgPriceQuery:
		raw, err := n.db.Get(bucketPrice, []byte("price"))
		if err != nil {
			n.log.Error("price can't be read", "err", err)
		}
		if answer, err := lnwire.NewCustom(msgPrice, raw); err == nil { // none: it charges for nothing
			_ = p.Send(answer)
		}
	case msgPrice:
		if n.prices.awaited(p.ID()) { // else not even a line in the log: a peer can say it as often as it likes
			n.prices.answered(p.ID(), n.priceOf(p, m.Data))
		}
	default:
		return false
	}
	return true
}

// priceOf reads a peer's answer; without a unit if it is none that can be used.
func (n *Node) priceOf(p *peer.Peer, raw []byte) Price {
	if len(raw) == 0 {
		return Price{}
	}
	asset, v, err := decodePrice(raw)
	t := n.tokens.byHash(asset)
	if err != nil || t == nil {
		n.log.Info("peer's price can't be used", "peer", p.ID(), "asset", fmt.Sprintf("%x", asset[:4]), "err", err)
		return Price{}
	}
	v.Symbol = t.Symbol
	return v
}

func (s *prices) awaited(from peer.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting[from]) > 0
}

func (s *prices) answered(from peer.ID, v Price) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ch := range s.waiting[from] {
		select {
		case ch <- v:
		default:
		}
	}
}
