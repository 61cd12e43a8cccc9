package node

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/eip712"
	"github.com/nichework/nwnd/internal/peer"
)

// Terms of channels in tokens that this node offers and demands; amounts in units.
const (
	maxTokenCapacity = htlc.MaxCapacity
	maxTokenDelay    = 30 * 144 // ticks
)

// OpenTokenChannel opens a channel in an asset and streams how far it is. It goes on when its caller
// leaves.
func (n *Node) OpenTokenChannel(ctx context.Context, req OpenTokenChannel) iter.Seq2[OpenUpdate, error] {
	return func(yield func(OpenUpdate, error) bool) {
		o, err := n.openings.proposeInToken(ctx, req)
		if err != nil {
			yield(OpenUpdate{}, err)
			return
		}
		n.awaitOpen(ctx, o, func(u OpenUpdate, err error) bool {
			if u.Open {
				u.Deposit = n.firstDeposit(ctx, u.ChannelPoint)
			}
			return yield(u, err)
		})
	}
}

// firstDeposit is the transaction that opened a channel of ours; zero if that ended or the caller left meanwhile.
func (n *Node) firstDeposit(ctx context.Context, at wire.OutPoint) (tx common.Hash) {
	if d, err := n.tokenAt(at); err == nil {
		tx, _ = n.followDeposit(ctx, d, uint64(d.channel().Params().Capacity))
	}
	return tx
}

func (s *openings) proposeInToken(ctx context.Context, req OpenTokenChannel) (*opening, error) {
	n := s.n
	t, err := n.tokens.named(req.Symbol)
	if err != nil {
		return nil, err
	}
	p := n.peers.Peer(peer.NewID(req.Peer))
	if p == nil {
		return nil, fmt.Errorf("%w: %x", ErrPeerOffline, req.Peer.SerializeCompressed())
	}
	if !speaksTokens(p) {
		return nil, fmt.Errorf("%w: peer %v has no channels in tokens", ErrInvalid, p.ID())
	}
	if req.Capacity == 0 || req.Capacity > uint64(maxTokenCapacity) || req.Push > req.Capacity {
		return nil, fmt.Errorf("%w: channel of %d units with %d pushed; it may have 1 to %d", ErrInvalid, req.Capacity, req.Push,
			int64(maxTokenCapacity))
	}
	if len(req.Memo) > maxNote {
		return nil, fmt.Errorf("%w: memo has %d bytes, it may have %d", ErrInvalid, len(req.Memo), maxNote)
	}
	if req.BaseFee != nil && *req.BaseFee > math.MaxUint32 {
		return nil, fmt.Errorf("%w: base fee of %d thousandths is over %d", ErrInvalid, uint64(*req.BaseFee), uint32(math.MaxUint32))
	}
	s.funding.Lock()
	defer s.funding.Unlock()
	if err := n.canFund(ctx, t, req.Capacity); err != nil {
		return nil, err
	}
	keys, err := s.tokenKeys(t)
	if err != nil {
		return nil, err
	}
	cfg, record, err := s.tokenConfig(p, t, keys, btcutil.Amount(req.Capacity))
	if err != nil {
		return nil, err
	}
	cfg.Capacity, cfg.Pushed = btcutil.Amount(req.Capacity), lnwire.MilliSatoshi(req.Push)*1000
	cfg.Announce = !req.Private
	return s.offer(cfg, &opening{peer: p, record: record, keys: keys, token: t, units: req.Capacity, request: &openRequest{
		OpenChannel: OpenChannel{Peer: req.Peer, BaseFee: req.BaseFee, FeePPM: req.FeePPM, Memo: req.Memo},
		done:        make(chan openResult, 1),
	}})
}

// place names the channel by its parameters, and signs the peer's first commitment. Nothing is deposited
// before the peer has signed ours.
func (s *openings) place(o *opening, core *htlc.Opening, out htlc.FundingOutput) (*lnwire.FundingCreated, error) {
	core, created, err := core.Fund(out.Outpoint, nil)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m[o.key] != o || o.over {
		return nil, fmt.Errorf("%w: the opening ended meanwhile", ErrInvalid)
	}
	o.core, o.keys = core, nil
	return created, nil
}

// answerInToken checks open_channel for an asset and accepts it.
func (s *openings) answerInToken(o *opening, m *lnwire.OpenChannel) (*lnwire.AcceptChannel, error) {
	if why := s.unready(o.token); why != nil {
		s.n.log.Warn("no channel is accepted in an asset now", "asset", o.token.Symbol, "why", why)
		return nil, errNotNow
	}
	keys, err := s.tokenKeys(o.token)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	o.keys = keys
	s.mu.Unlock()
	cfg, record, err := s.tokenConfig(o.peer, o.token, keys, m.FundingAmount)
	if err != nil {
		return nil, err
	}
	core, accept, err := htlc.Answer(cfg, m)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	o.core, o.record = core, record
	s.mu.Unlock()
	return accept, nil
}

// errNotNow is all that a peer is told: which endpoints we use, which accounts pay and what they have is not its
// business.
var errNotNow = fmt.Errorf("%w: no channel is accepted in this asset now", ErrNotReady)

// unready is why no channel can be accepted in an asset.
func (s *openings) unready(t *token) error {
	if v := t.times(); v.stale != "" {
		return errors.New(v.stale)
	}
	if err := t.barred(); err != nil {
		return err
	}
	return s.n.gasFor(t, s.undeposited(t.chain))
}

// undeposited are the channels on a chain that peers opened, or open now, and in which there is no deposit yet: each
// may need gas for its end once there is.
func (s *openings) undeposited(c *evmChain) int {
	born := s.n.sw.filter(func(d *driver) bool {
		return d.token != nil && d.token.chain == c && unfunded(d.channel()) && d.channel().Params().Opener == htlc.Remote
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	count := len(born)
	for _, o := range s.m {
		if o.request == nil && o.token != nil && o.token.chain == c {
			count++
		}
	}
	return count
}

// tokenKeys are fresh keys, and this node's account on the token's chain to be paid to.
func (s *openings) tokenKeys(t *token) (*channelKeys, error) {
	index, err := s.tokenKeyIndex()
	if err != nil {
		return nil, err
	}
	account := t.chain.cfg.Sender.Account()
	return &channelKeys{index: index, script: append([]byte{0, 20}, account[:]...)}, nil
}

func (s *openings) tokenKeyIndex() (uint32, error) {
	s.mu.Lock()
	if last := len(s.tokenSpares) - 1; last >= 0 {
		index := s.tokenSpares[last]
		s.tokenSpares = s.tokenSpares[:last]
		s.mu.Unlock()
		return index, nil
	}
	s.mu.Unlock()
	return s.n.nextKeyIndex()
}

// tokenConfig is what this node brings to an opening in a token.
func (s *openings) tokenConfig(p *peer.Peer, t *token, keys *channelKeys, capacity btcutil.Amount) (htlc.OpenConfig, channelRecord, error) {
	n := s.n
	record := channelRecord{keyIndex: keys.index, hint: uint32(t.chain.cfg.Reader.Final().Number), created: uint64(n.now().Unix()), asset: t.ID}
	secrets, err := n.wallet.ChannelKeys(keys.index)
	if err != nil {
		return htlc.OpenConfig{}, record, err
	}
	sign, err := n.signer(&htlc.Params{KeyIndex: keys.index, ChainHash: t.ID})
	if err != nil {
		return htlc.OpenConfig{}, record, err
	}
	delay, err := evm.Ticks(t.chain.cfg.Profile.Contest())
	if err != nil {
		return htlc.OpenConfig{}, record, err
	}
	capacity = min(max(capacity, 0), maxTokenCapacity)
	cfg := htlc.OpenConfig{
		ChainHash: t.ID, Peer: p.ID(), KeyIndex: keys.index, Signer: sign,
		Terms: htlc.Terms{
			HTLCMinimum: 1, MaxInFlight: lnwire.NewMSatFromSatoshis(capacity), MaxAccepted: t.chain.cfg.MaxHTLCs, CloseScript: keys.script,
		},
		CloseScript: keys.script,
		MaxDust:     max(lnwire.MilliSatoshi(capacity)*10, lnwire.MilliSatoshi(max(t.chain.cfg.MaxHTLCs, eip712.DefaultHTLCs))*1000),
		Reserve:     (capacity + 99) / 100,
		ToSelfDelay: delay, MinDepth: 1, MinCapacity: 1, MaxCapacity: maxTokenCapacity, MaxToSelfDelay: maxTokenDelay,
	}
	secrets.FillTerms(&cfg.Terms)
	t.Asset.Format().Profile(&cfg)
	return cfg, record, nil
}

// speaksTokens reports whether a peer has channels in tokens.
func speaksTokens(p *peer.Peer) bool { return p.Features().HasFeature(eip712.TokenChannelsOptional) }
