package node

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"math"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/htlc/eip712"
	"github.com/nichework/nwnd/internal/peer"
	"github.com/nichework/nwnd/internal/wallet"
)

// OpenChannel funds a channel and streams how far it is. It goes on when its caller leaves.
func (n *Node) OpenChannel(ctx context.Context, req OpenChannel) iter.Seq2[OpenUpdate, error] {
	return func(yield func(OpenUpdate, error) bool) {
		o, err := n.openings.propose(ctx, req)
		if err != nil {
			yield(OpenUpdate{}, err)
			return
		}
		n.awaitOpen(ctx, o, yield)
	}
}

// awaitOpen tells what becomes of an opening of ours.
func (n *Node) awaitOpen(ctx context.Context, o *opening, yield func(OpenUpdate, error) bool) {
	var r openResult
	select {
	case r = <-o.request.done:
	case <-ctx.Done():
		r.err = ctx.Err()
	case <-n.ctx.Done():
		r.err = ErrStopped
	}
	if r.err != nil {
		yield(OpenUpdate{}, r.err)
		return
	}
	n.followOpen(ctx, r.channel, o.key.pending, yield)
}

func (n *Node) followOpen(ctx context.Context, d *driver, pending [32]byte, yield func(OpenUpdate, error) bool) {
	u := OpenUpdate{ChannelPoint: d.channel().Params().Outpoint, PendingID: pending}
	if !yield(u, nil) {
		return
	}
	for {
		changed := d.changes.wait()
		switch d.channel().State() {
		case htlc.Funding:
			if err := d.undepositable(); err != nil {
				yield(OpenUpdate{}, err)
				return
			}
		case htlc.Halted:
			yield(OpenUpdate{}, fmt.Errorf("node: channel stopped: %s", d.channel().Halted()))
			return
		default:
			u.Open = true
			yield(u, nil)
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			yield(OpenUpdate{}, ctx.Err())
			return
		case <-n.ctx.Done():
			yield(OpenUpdate{}, ErrStopped)
			return
		}
	}
}

// propose sends open_channel.
func (s *openings) propose(ctx context.Context, req OpenChannel) (*opening, error) {
	n := s.n
	p := n.peers.Peer(peer.NewID(req.Peer))
	if p == nil {
		return nil, fmt.Errorf("%w: %x", ErrPeerOffline, req.Peer.SerializeCompressed())
	}
	if synced, _ := n.wallet.Synced(); !synced {
		return nil, fmt.Errorf("%w: channels cannot be created before the wallet is fully synced", ErrNotReady)
	}
	if err := n.stale.err(); err != nil {
		return nil, err
	}
	if req.Capacity < minCapacity || req.Push < 0 || req.Push > req.Capacity {
		return nil, fmt.Errorf("%w: channel of %d sat with %d sat pushed; the least is %d sat", ErrInvalid,
			int64(req.Capacity), int64(req.Push), int64(minCapacity))
	}
	rate, err := n.feeRate(ctx, req.Fee)
	if err != nil {
		return nil, err
	}
	keys, err := s.keys(ctx)
	if err != nil {
		return nil, err
	}
	cfg, record, err := s.config(p, keys)
	if err != nil {
		return nil, err
	}
	if err := s.applyRequest(&cfg, &req); err != nil {
		return nil, err
	}
	if cfg.FeeRate, err = s.commitFee(ctx); err != nil {
		return nil, err
	}
	return s.offer(cfg, &opening{peer: p, record: record, keys: keys,
		request: &openRequest{OpenChannel: req, rate: uint64(rate), done: make(chan openResult, 1)}})
}

// offer sends open_channel.
func (s *openings) offer(cfg htlc.OpenConfig, o *opening) (*opening, error) {
	p := o.peer
	if _, err := rand.Read(cfg.PendingID[:]); err != nil {
		return nil, err
	}
	core, msg, err := htlc.Propose(cfg)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	o.key, o.core = openingKey{p.ID(), cfg.PendingID}, core
	if err := s.admit(o); err != nil {
		s.spare(o)
		return nil, err
	}
	if err := p.Send(msg); err != nil {
		s.end(o, err)
		return nil, fmt.Errorf("%w: %w", ErrPeerOffline, err)
	}
	return o, nil
}

// accepted answers accept_channel with funding_created.
func (s *openings) accepted(p *peer.Peer, m *lnwire.AcceptChannel) {
	o := s.find(openingKey{p.ID(), m.PendingChannelID})
	if o == nil || o.request == nil {
		s.refuse(p, nil, m.PendingChannelID, fmt.Errorf("%w: accept_channel without open_channel", ErrInvalid))
		return
	}
	created, err := s.fund(o, m)
	if err != nil {
		s.refuse(p, o, m.PendingChannelID, err)
		return
	}
	if err := p.Send(created); err != nil {
		s.end(o, err)
	}
}

func (s *openings) fund(o *opening, m *lnwire.AcceptChannel) (*lnwire.FundingCreated, error) {
	core, out, err := o.core.Accepted(m)
	if err != nil {
		return nil, err
	}
	if o.token != nil {
		return s.place(o, core, out)
	}
	confs := confirmations(o.request.MinConfs, o.request.SpendUnconfirmed)
	f, err := s.n.wallet.Fund(out.Script, out.Amount, wallet.SatPerKWeight(o.request.rate), confs)
	if err != nil {
		return nil, walletError(err)
	}
	if !s.own(o, f) {
		f.Release()
		return nil, fmt.Errorf("%w: the opening ended meanwhile", ErrInvalid)
	}
	var raw bytes.Buffer
	if err := f.Transaction().Serialize(&raw); err != nil {
		return nil, err
	}
	core, created, err := core.Fund(f.Outpoint(), raw.Bytes())
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	o.core = core
	s.mu.Unlock()
	return created, nil
}

// signed makes the channel durable, and only then publishes the funding transaction: with
// the peer's signature on our commitment our money can't be lost.
func (s *openings) signed(p *peer.Peer, m *lnwire.FundingSigned) {
	o := s.byChannel(p, m.ChanID)
	if o == nil || o.request == nil {
		s.refuse(p, nil, m.ChanID, fmt.Errorf("%w: funding_signed for an unknown channel", ErrInvalid))
		return
	}
	c, _, err := o.core.Signed(m)
	if err != nil {
		s.refuse(p, o, m.ChanID, err)
		return
	}
	if !s.take(o) {
		return
	}
	defer s.remove(o)
	d, err := s.begin(c, o)
	if err != nil {
		if errors.Is(err, ErrInvalid) && o.request.funding != nil { // nothing of it is durable
			o.request.funding.Release()
		}
		o.request.done <- openResult{err: err}
		return
	}
	if o.token != nil { // its court deposits, until the deposit is final
		o.request.done <- openResult{channel: d}
		return
	}
	if err := o.request.funding.Publish(s.n.ctx); err != nil {
		s.n.log.Error("funding transaction was not taken; it is tried again", "channel", d.id, "err", err)
	}
	if !s.n.reserveFunding(d) {
		o.request.funding.Release() // the channel was given up meanwhile; does nothing once it was published
	}
	o.request.done <- openResult{channel: d}
}

// proposed answers open_channel with accept_channel.
func (s *openings) proposed(p *peer.Peer, m *lnwire.OpenChannel) {
	o := &opening{key: openingKey{p.ID(), m.PendingChannelID}, peer: p}
	if err := s.admit(o); err != nil {
		s.refuse(p, nil, m.PendingChannelID, err)
		return
	}
	accept, err := s.answer(o, m)
	if err != nil {
		s.refuse(p, o, m.PendingChannelID, err)
		return
	}
	if err := p.Send(accept); err != nil {
		s.end(o, err)
	}
}

func (s *openings) answer(o *opening, m *lnwire.OpenChannel) (*lnwire.AcceptChannel, error) {
	if t := s.n.tokens.byHash(m.ChainHash); t != nil {
		if !speaksTokens(o.peer) {
			return nil, fmt.Errorf("%w: open_channel names an asset, but your init has no feature bit %d or %d (channels in tokens)",
				ErrInvalid, eip712.TokenChannelsRequired, eip712.TokenChannelsOptional)
		}
		s.mu.Lock()
		o.token = t
		s.mu.Unlock()
		return s.answerInToken(o, m)
	}
	if synced, _ := s.n.wallet.Synced(); !synced || s.n.stale.reason() != "" {
		return nil, fmt.Errorf("%w: not synced to the chain", ErrNotReady)
	}
	keys, err := s.keys(s.n.ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	o.keys = keys
	s.mu.Unlock()
	cfg, record, err := s.config(o.peer, keys)
	if err != nil {
		return nil, err
	}
	s.sized(&cfg, m.FundingAmount)
	core, accept, err := htlc.Answer(cfg, m)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	o.core, o.record = core, record
	s.mu.Unlock()
	return accept, nil
}

// created makes the channel durable and answers funding_created with funding_signed.
func (s *openings) created(p *peer.Peer, m *lnwire.FundingCreated) {
	o := s.find(openingKey{p.ID(), m.PendingChannelID})
	if o == nil || o.request != nil || o.core == nil {
		s.refuse(p, nil, m.PendingChannelID, fmt.Errorf("%w: funding_created without open_channel", ErrInvalid))
		return
	}
	c, eff, err := o.core.Created(m)
	if err == nil && s.claimed(c.ID()) {
		err = errTaken(c)
	}
	if err != nil {
		s.refuse(p, o, m.PendingChannelID, err)
		return
	}
	if !s.take(o) {
		return
	}
	defer s.remove(o)
	if _, err := s.begin(c, o); err != nil {
		s.refuse(p, nil, m.PendingChannelID, err)
		return
	}
	_ = p.Send(eff.Send...)
}

func errTaken(c *htlc.Channel) error {
	return fmt.Errorf("%w: funding output %v belongs to a channel already", ErrInvalid, c.Params().Outpoint)
}

// begin makes a channel durable and starts its goroutine.
func (s *openings) begin(c *htlc.Channel, o *opening) (*driver, error) {
	s.birth.Lock()
	defer s.birth.Unlock()
	n := s.n
	if n.sw.channelByID(c.ID()) != nil {
		return nil, errTaken(c)
	}
	d := n.newDriver(c, o.record.hint)
	if d.token != o.token { // the node could not start again with such a channel
		return nil, fmt.Errorf("%w: asset %s was removed while the channel was being opened", ErrInvalid, o.token.Symbol)
	}
	d.peer, d.made = o.peer, n.now()
	if err := n.policies.load(d); err != nil {
		return nil, err
	}
	var asked []channeldb.KV
	if o.request != nil {
		policy := n.policies.Policy(d)
		change(&policy.BaseFee, o.request.BaseFee)
		change(&policy.FeePPM, o.request.FeePPM)
		asked = append(asked, n.policies.set(d, policy))
		if d.memo = o.request.Memo; d.memo != "" {
			asked = append(asked, put(bucketMemo, d.id[:], []byte(d.memo)))
		}
	}
	if err := n.storeNew(c, o.record, asked); err != nil {
		n.fail(err)
		return nil, err
	}
	n.sw.add(d)
	n.backups.write()
	n.runDriver(d)
	n.keepConnected(o.peer.ID())
	n.log.Info("channel is pending", "channel", c.Params().Outpoint, "peer", o.peer.ID(),
		"capacity", c.Params().Capacity, "opener", c.Params().Opener)
	return d, nil
}

// Terms that this node offers and demands.
const (
	minCapacity    = btcutil.Amount(20_000)
	smallChannel   = btcutil.Amount(1<<24 - 1)
	dustLimit      = btcutil.Amount(354)
	maxHTLCs       = 483
	minDelay       = 144
	maxDelay       = 2016
	minDepth       = 3
	maxDepth       = 6
	maxPeerDelay   = 2016
	maxPeerDepth   = 200
	minCommitFee   = 253
	maxCommitFee   = 2_500 // sat/kw that we offer: anchors make more needless
	maxTakenFee    = 250_000
	commitTarget   = 6
	reservePercent = 1
)

// config is what this node brings to any opening with these keys.
func (s *openings) config(p *peer.Peer, keys *channelKeys) (htlc.OpenConfig, channelRecord, error) {
	n := s.n
	secrets, err := n.wallet.ChannelKeys(keys.index)
	if err != nil {
		return htlc.OpenConfig{}, channelRecord{}, err
	}
	sign, err := n.signer(&htlc.Params{KeyIndex: keys.index})
	if err != nil {
		return htlc.OpenConfig{}, channelRecord{}, err
	}
	cfg := htlc.OpenConfig{
		ChainHash: n.chainHash(), Peer: p.ID(), KeyIndex: keys.index, Format: n.format, Signer: sign,
		FundingScript: bolt3.FundingScript,
		Terms:         htlc.Terms{DustLimit: dustLimit, HTLCMinimum: 1, MaxAccepted: maxHTLCs},
		CloseScript:   keys.script,
		MinDepth:      n.cfg.MinConfs,
		MinCapacity:   max(minCapacity, btcutil.Amount(n.cfg.MinChannel)),
		MaxCapacity:   btcutil.Amount(n.cfg.MaxChannel), MaxToSelfDelay: maxPeerDelay, MaxMinDepth: maxPeerDepth,
		MinFeeRate: minCommitFee, MaxFeeRate: maxTakenFee,
		Wumbo: n.wumbo() && p.Features().HasFeature(lnwire.WumboChannelsOptional),
	}
	secrets.FillTerms(&cfg.Terms)
	record := channelRecord{keyIndex: keys.index, hint: n.height(), created: uint64(n.now().Unix())}
	return cfg, record, nil
}

// sized fills in what follows from the capacity: all of it may be in flight, 1 % stays as
// reserve, and the delay grows with what is at stake.
func (s *openings) sized(cfg *htlc.OpenConfig, capacity btcutil.Amount) {
	cfg.Terms.MaxInFlight = lnwire.NewMSatFromSatoshis(max(capacity, 0))
	cfg.Reserve = max(capacity*reservePercent/100, dustLimit)
	share := min(max(capacity, 0), smallChannel)
	cfg.ToSelfDelay = uint16(minDelay + (maxDelay-minDelay)*share/smallChannel)
	cfg.MaxDust = maxDustExposure
	if cfg.MinDepth == 0 {
		cfg.MinDepth = uint32(minDepth + (maxDepth-minDepth)*share/smallChannel)
	}
}

// maxDustExposure caps what would go to miners if a commitment with many dust HTLCs
// confirmed (CVE-2021-41591, -41592, -41593); lnd's default.
const maxDustExposure = lnwire.MilliSatoshi(500_000_000)

// maxNote is how much may be noted of a channel, in bytes; lnd's limit.
const maxNote = 500

func (s *openings) applyRequest(cfg *htlc.OpenConfig, req *OpenChannel) error {
	s.sized(cfg, req.Capacity)
	cfg.Capacity, cfg.Pushed = req.Capacity, lnwire.NewMSatFromSatoshis(req.Push)
	cfg.Announce = !req.Private
	if req.Capacity > cfg.MaxCapacity {
		return fmt.Errorf("%w: channel of %v is over the limit of %v", ErrInvalid, req.Capacity, cfg.MaxCapacity)
	}
	if req.Capacity > smallChannel && !cfg.Wumbo {
		return fmt.Errorf("%w: channel of %v needs the large channels feature on both sides", ErrInvalid, req.Capacity)
	}
	if len(req.Memo) > maxNote {
		return fmt.Errorf("%w: memo has %d bytes, it may have %d", ErrInvalid, len(req.Memo), maxNote)
	}
	if req.BaseFee != nil && *req.BaseFee > math.MaxUint32 {
		return fmt.Errorf("%w: base fee of %v is over %v", ErrInvalid, *req.BaseFee, lnwire.MilliSatoshi(math.MaxUint32))
	}
	if req.MinHTLC > 0 {
		cfg.Terms.HTLCMinimum = req.MinHTLC
	}
	if req.RemoteCSVDelay > 0 {
		cfg.ToSelfDelay = req.RemoteCSVDelay
	}
	if req.RemoteMaxInFlight > 0 {
		cfg.Terms.MaxInFlight = req.RemoteMaxInFlight
	}
	if req.RemoteMaxHTLCs > 0 {
		cfg.Terms.MaxAccepted = min(req.RemoteMaxHTLCs, maxHTLCs)
	}
	if req.RemoteReserve > 0 {
		cfg.Reserve = req.RemoteReserve
	}
	if req.CloseAddress != "" {
		script, err := s.n.script(req.CloseAddress)
		if err != nil {
			return err
		}
		cfg.Terms.CloseScript, cfg.CloseScript, cfg.Upfront = script, script, true
	}
	return nil
}

// commitFee is the rate of a commitment: enough to be relayed, since its anchor can raise it.
func (s *openings) commitFee(ctx context.Context) (htlc.FeeRate, error) {
	rate, err := s.n.chain.EstimateFee(ctx, commitTarget)
	if err != nil {
		return 0, err
	}
	return htlc.FeeRate(min(max(rate, minCommitFee), maxCommitFee)), nil
}

func (n *Node) wumbo() bool { return btcutil.Amount(n.cfg.MaxChannel) > smallChannel }
