package htlc

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
)

// OpenConfig is what a node brings to the opening of a channel, and what it takes from
// the peer.
type OpenConfig struct {
	PendingID [32]byte // temporary_channel_id; the opener makes it up at random
	ChainHash [32]byte
	Peer      [33]byte
	KeyIndex  uint32
	Format    Format
	Signer    Signer

	// FundingScript is the output that funds a channel of these Params. A Format that is a
	// Locator needs none.
	FundingScript func(*Params) ([]byte, error)

	// Type is the channel_type, the only one that is proposed or accepted. Nil is
	// option_static_remotekey with option_anchors_zero_fee_htlc_tx.
	Type []lnwire.FeatureBit

	// The opener's proposal.
	Capacity Sat
	Pushed   MilliSat
	FeeRate  FeeRate
	Announce bool

	// What this side brings. Of Terms, Reserve and ToSelfDelay are the peer's to say.
	Terms       Terms
	Upfront     bool     // send Terms.CloseScript as upfront_shutdown_script
	NeedScript  bool     // both sides must: the channel can't be made without
	CloseScript []byte   // as in Params
	MaxDust     MilliSat // as in Params

	// What this side demands of the peer.
	Reserve     Sat
	ToSelfDelay uint16
	MinDepth    uint32

	// What this side takes from the peer.
	MinCapacity, MaxCapacity Sat
	Wumbo                    bool // option_support_large_channel: 2^24 satoshi and more
	MaxToSelfDelay           uint16
	MaxMinDepth              uint32
	MinFeeRate, MaxFeeRate   FeeRate
	MinReserve               Sat // percent of the capacity that either side must keep, at least
}

// Opening is a channel that is being opened, one value for both roles. The opener calls
// Propose, Accepted, Fund and Signed, the other Answer and Created. Nothing of it is
// durable: who restarts forgets it, and so does the peer.
type Opening struct {
	cfg    OpenConfig
	params Params
	point  *btcec.PublicKey // the peer's first_per_commitment_point
	first  *Commitment      // our commitment 0, once the outpoint is known
}

// FundingOutput is what the opener's transaction must pay. Where the Format is a Locator there is
// no script, and Outpoint is what Fund takes.
type FundingOutput struct {
	Script   []byte
	Amount   Sat
	Outpoint wire.OutPoint
}

// DefaultType is the channel_type that every implementation opens.
var DefaultType = []lnwire.FeatureBit{
	lnwire.StaticRemoteKeyRequired, lnwire.AnchorsZeroFeeHtlcTxRequired,
}

func (cfg *OpenConfig) channelType() *lnwire.ChannelType {
	bits := cfg.Type
	if bits == nil {
		bits = DefaultType
	}
	t := lnwire.ChannelType(*lnwire.NewRawFeatureVector(bits...))
	return &t
}

// upfront is upfront_shutdown_script as it is sent.
func (cfg *OpenConfig) upfront() lnwire.DeliveryAddress {
	if cfg.Upfront {
		return cfg.Terms.CloseScript
	}
	return nil
}

// start fills in what this side knows of the channel.
func (cfg *OpenConfig) start(opener Side) *Opening {
	o := &Opening{cfg: *cfg, params: Params{
		ChainHash: cfg.ChainHash, Peer: cfg.Peer, Opener: opener,
		Capacity: cfg.Capacity, Pushed: cfg.Pushed, FeeRate: cfg.FeeRate,
		KeyIndex: cfg.KeyIndex, MinDepth: cfg.MinDepth, Announce: cfg.Announce,
		MaxDust: cfg.MaxDust, CloseScript: cfg.CloseScript,
		Nonce: binary.BigEndian.Uint64(cfg.PendingID[:]),
	}}
	ours := &o.params.Terms[Local]
	*ours = cfg.Terms
	ours.MaxAccepted = cfg.slots()
	if !cfg.Upfront {
		ours.CloseScript = nil
	}
	theirs := &o.params.Terms[Remote]
	theirs.Reserve, theirs.ToSelfDelay = cfg.Reserve, cfg.ToSelfDelay
	return o
}

// Propose begins an opening with open_channel.
func Propose(cfg OpenConfig) (*Opening, *lnwire.OpenChannel, error) {
	o := cfg.start(Local)
	ours := &o.params.Terms[Local]
	if cfg.Capacity <= 0 || cfg.Capacity > MaxCapacity || cfg.Capacity >= smallChannel && !cfg.Wumbo ||
		cfg.Pushed > msat(cfg.Capacity) {
		return nil, nil, fmt.Errorf("htlc: opening with %d sat, %d msat pushed",
			cfg.Capacity, cfg.Pushed)
	}
	if least := max(ours.DustLimit, cfg.leastReserve()); cfg.Reserve < least {
		return nil, nil, fmt.Errorf("htlc: opening with a reserve of %d sat, needs %d",
			cfg.Reserve, least)
	}
	if err := cfg.checkFirstFee(); err != nil {
		return nil, nil, err
	}
	if cfg.NeedScript && len(ours.CloseScript) == 0 {
		return nil, nil, errNoScript
	}
	msg := &lnwire.OpenChannel{
		ChainHash: cfg.ChainHash, PendingChannelID: cfg.PendingID,
		FundingAmount: cfg.Capacity, PushAmount: cfg.Pushed,
		DustLimit: ours.DustLimit, MaxValueInFlight: ours.MaxInFlight,
		ChannelReserve: cfg.Reserve, HtlcMinimum: ours.HTLCMinimum,
		FeePerKiloWeight: uint32(cfg.FeeRate), CsvDelay: cfg.ToSelfDelay,
		MaxAcceptedHTLCs: ours.MaxAccepted, FundingKey: ours.Funding,
		RevocationPoint: ours.Revocation, PaymentPoint: ours.Payment,
		DelayedPaymentPoint: ours.Delayed, HtlcPoint: ours.HTLC,
		FirstCommitmentPoint:  cfg.Signer.Point(0),
		UpfrontShutdownScript: cfg.upfront(), ChannelType: cfg.channelType(),
	}
	if cfg.Announce {
		msg.ChannelFlags = lnwire.FFAnnounceChannel
	}
	return o, msg, nil
}

// Answer checks the peer's open_channel and accepts it. A *PeerError is sent back under
// the temporary channel id.
func Answer(cfg OpenConfig, msg *lnwire.OpenChannel) (*Opening, *lnwire.AcceptChannel, error) {
	if msg.ChainHash != chainhash.Hash(cfg.ChainHash) {
		return nil, nil, fail("open_channel for chain %v, not %v",
			msg.ChainHash, chainhash.Hash(cfg.ChainHash))
	}
	cfg.PendingID = msg.PendingChannelID
	cfg.Capacity, cfg.Pushed = msg.FundingAmount, msg.PushAmount
	cfg.FeeRate = FeeRate(msg.FeePerKiloWeight)
	cfg.Announce = msg.ChannelFlags&lnwire.FFAnnounceChannel != 0
	if err := cfg.checkAmounts(); err != nil {
		return nil, nil, err
	}
	// A peer may demand less of a reserve than its own dust limit asks of us (BOLT 2,
	// accept_channel): ours is raised to it.
	cfg.Reserve = max(cfg.Reserve, msg.DustLimit, cfg.Terms.DustLimit, cfg.leastReserve())
	o := cfg.start(Remote)
	if cfg.NeedScript && len(o.params.Terms[Local].CloseScript) == 0 {
		return nil, nil, errNoScript
	}
	t := terms{
		name: "open_channel", kind: msg.ChannelType,
		dust: msg.DustLimit, reserve: msg.ChannelReserve, minimum: msg.HtlcMinimum,
		inFlight: msg.MaxValueInFlight, accepted: msg.MaxAcceptedHTLCs, delay: msg.CsvDelay,
		keys: [6]*btcec.PublicKey{msg.FundingKey, msg.RevocationPoint, msg.PaymentPoint,
			msg.DelayedPaymentPoint, msg.HtlcPoint, msg.FirstCommitmentPoint},
		script: msg.UpfrontShutdownScript,
	}
	if err := o.take(&t); err != nil {
		return nil, nil, err
	}
	ours := &o.params.Terms[Local]
	return o, &lnwire.AcceptChannel{
		PendingChannelID: cfg.PendingID, DustLimit: ours.DustLimit,
		MaxValueInFlight: ours.MaxInFlight, ChannelReserve: cfg.Reserve,
		HtlcMinimum: ours.HTLCMinimum, MinAcceptDepth: cfg.MinDepth,
		CsvDelay: cfg.ToSelfDelay, MaxAcceptedHTLCs: ours.MaxAccepted,
		FundingKey: ours.Funding, RevocationPoint: ours.Revocation,
		PaymentPoint: ours.Payment, DelayedPaymentPoint: ours.Delayed,
		HtlcPoint: ours.HTLC, FirstCommitmentPoint: cfg.Signer.Point(0),
		UpfrontShutdownScript: cfg.upfront(), ChannelType: cfg.channelType(),
	}, nil
}

// Accepted checks accept_channel and says what the funding transaction must pay.
func (o *Opening) Accepted(msg *lnwire.AcceptChannel) (*Opening, FundingOutput, error) {
	var none FundingOutput
	if msg.PendingChannelID != o.cfg.PendingID || o.point != nil || o.params.Opener != Local {
		return nil, none, fail("accept_channel for %x, not expected", msg.PendingChannelID[:8])
	}
	if msg.MinAcceptDepth > o.cfg.MaxMinDepth {
		return nil, none, fail("accept_channel with minimum_depth %d, at most %d",
			msg.MinAcceptDepth, o.cfg.MaxMinDepth)
	}
	next := *o
	next.params.MinDepth = max(1, msg.MinAcceptDepth)
	t := terms{
		name: "accept_channel", kind: msg.ChannelType,
		dust: msg.DustLimit, reserve: msg.ChannelReserve, minimum: msg.HtlcMinimum,
		inFlight: msg.MaxValueInFlight, accepted: msg.MaxAcceptedHTLCs, delay: msg.CsvDelay,
		keys: [6]*btcec.PublicKey{msg.FundingKey, msg.RevocationPoint, msg.PaymentPoint,
			msg.DelayedPaymentPoint, msg.HtlcPoint, msg.FirstCommitmentPoint},
		script: msg.UpfrontShutdownScript,
	}
	if err := next.take(&t); err != nil {
		return nil, none, err
	}
	out, err := next.output()
	return &next, out, err
}

// output is what funds the channel.
func (o *Opening) output() (out FundingOutput, err error) {
	out.Amount = o.params.Capacity
	if l, ok := o.cfg.Format.(Locator); ok {
		if out.Outpoint, err = l.Locate(&o.params); err != nil {
			return out, fmt.Errorf("htlc: funding output: %w", err)
		}
		return out, nil
	}
	if out.Script, err = o.cfg.FundingScript(&o.params); err != nil {
		return out, fmt.Errorf("htlc: funding script: %w", err)
	}
	return out, nil
}

// Fund names the output that funds the channel, in a transaction that is not published
// before Signed, and signs the peer's first commitment.
func (o *Opening) Fund(out wire.OutPoint, tx []byte) (*Opening, *lnwire.FundingCreated, error) {
	if o.point == nil || o.params.Opener != Local {
		return nil, nil, fmt.Errorf("htlc: funding before accept_channel")
	}
	next, err := o.located(out)
	if err != nil {
		return nil, nil, err
	}
	next.params.FundingTx = tx
	sig, err := next.signFirst()
	if err != nil {
		return nil, nil, err
	}
	return next, &lnwire.FundingCreated{
		PendingChannelID: o.cfg.PendingID, FundingPoint: out, CommitSig: sig,
	}, nil
}

// Created checks funding_created and signs the opener's first commitment. The driver
// makes the channel's Encode durable before it carries out the Effects: funding_signed.
func (o *Opening) Created(msg *lnwire.FundingCreated) (*Channel, Effects, error) {
	if msg.PendingChannelID != o.cfg.PendingID || o.params.Opener != Remote {
		return nil, Effects{}, fail("funding_created for %x, not expected", msg.PendingChannelID[:8])
	}
	next, err := o.located(msg.FundingPoint)
	if err != nil {
		return nil, Effects{}, &PeerError{Reaction: FailChannel, Err: err}
	}
	c, err := next.channel("funding_created", msg.CommitSig)
	if err != nil {
		return nil, Effects{}, err
	}
	sig, err := next.signFirst()
	if err != nil {
		return nil, Effects{}, err
	}
	return c, Effects{Send: []lnwire.Message{
		&lnwire.FundingSigned{ChanID: c.params.ID, CommitSig: sig},
	}}, nil
}

// Signed checks funding_signed: from now on the opener can get its money back. The
// driver makes the channel's Encode durable before it carries out the Effects: the
// funding transaction.
func (o *Opening) Signed(msg *lnwire.FundingSigned) (*Channel, Effects, error) {
	if o.first == nil || o.params.Opener != Local || msg.ChanID != o.params.ID {
		return nil, Effects{}, fail("funding_signed for %v, not expected", msg.ChanID)
	}
	c, err := o.channel("funding_signed", msg.CommitSig)
	if err != nil {
		return nil, Effects{}, err
	}
	var eff Effects
	if len(o.params.FundingTx) > 0 {
		eff.Broadcast = [][]byte{o.params.FundingTx}
	}
	return c, eff, nil
}

// located is the opening once the funding output is known. The channel's id is its
// txid, the last two bytes changed by its index (BOLT 2).
func (o *Opening) located(out wire.OutPoint) (*Opening, error) {
	if out.Hash == (chainhash.Hash{}) || out.Index > 0xffff {
		return nil, fmt.Errorf("htlc: funding output %v can't be", out)
	}
	if l, ok := o.cfg.Format.(Locator); ok {
		want, err := l.Locate(&o.params)
		if err != nil {
			return nil, fmt.Errorf("htlc: funding output: %w", err)
		}
		if out != want {
			return nil, fmt.Errorf("htlc: funding output %v, but what was agreed makes it %v", out, want)
		}
	}
	next := *o
	next.params.Outpoint = out
	next.params.ID = lnwire.NewChanIDFromOutPoint(out)
	next.first = next.commitment(Local, o.cfg.Signer.Point(0))
	return &next, nil
}

// commitment is a side's commitment 0.
func (o *Opening) commitment(holder Side, point *btcec.PublicKey) *Commitment {
	p := &o.params
	c := &Commitment{Holder: holder, Point: point, FeeRate: p.FeeRate}
	c.Deposited[p.Opener] = p.Capacity
	c.Balance[p.Opener] = msat(p.Capacity) - p.Pushed
	c.Balance[p.Opener.Other()] = p.Pushed
	return c
}

// signFirst signs the peer's commitment 0.
func (o *Opening) signFirst() (lnwire.Sig, error) {
	digests, err := o.cfg.Format.Digests(&o.params, o.commitment(Remote, o.point))
	if err != nil {
		return lnwire.Sig{}, err
	}
	sigs, err := o.cfg.Signer.Sign(digests)
	if err != nil || len(sigs) != 1 {
		return lnwire.Sig{}, fmt.Errorf("htlc: signing commitment 0 (%d signatures): %w",
			len(sigs), err)
	}
	return sigs[0], nil
}

// channel checks the peer's signature on our commitment 0 and makes the channel.
func (o *Opening) channel(what string, sig lnwire.Sig) (*Channel, error) {
	digests, err := o.cfg.Format.Digests(&o.params, o.first)
	if err != nil {
		return nil, fail("%s: %w", what, err)
	}
	sigs := []lnwire.Sig{sig}
	if len(digests) != 1 {
		return nil, fmt.Errorf("htlc: commitment 0 has %d digests", len(digests))
	}
	if err := o.cfg.Signer.Verify(digests, sigs); err != nil {
		return nil, fail("%s: commitment 0 (local %d msat, remote %d msat, %d sat/kw): %w", what,
			o.first.Balance[Local], o.first.Balance[Remote], o.params.FeeRate, err)
	}
	params := o.params
	return New(&params, o.cfg.Format, o.cfg.Signer, o.point, sigs)
}

// Params are what is known of the channel so far.
func (o *Opening) Params() Params { return o.params }

// take checks what the peer brings and demands, and puts it into the Params.
func (o *Opening) take(t *terms) error {
	if err := o.checkPeer(t); err != nil {
		return err
	}
	ours, theirs := &o.params.Terms[Local], &o.params.Terms[Remote]
	ours.Reserve, ours.ToSelfDelay = t.reserve, t.delay
	theirs.DustLimit, theirs.HTLCMinimum = t.dust, t.minimum
	theirs.MaxInFlight, theirs.MaxAccepted = t.inFlight, t.accepted
	theirs.Funding, theirs.Revocation, theirs.Payment = t.keys[0], t.keys[1], t.keys[2]
	theirs.Delayed, theirs.HTLC = t.keys[3], t.keys[4]
	theirs.CloseScript = bytes.Clone(t.script)
	o.point = t.keys[5]
	return o.checkFirst(t.name)
}
