package node

import (
	"fmt"
	"sync"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/ecdsa"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
)

const bucketPolicy = "policy" // channel id -> ChannelPolicy

// policies are what this node asks on each of its channels, and the channel_update that
// tells the network so.
type policies struct {
	db       reader
	key      *btcec.PrivateKey
	self     [33]byte
	chain    chainhash.Hash
	now      func() time.Time
	standard ChannelPolicy // of a new channel; MaxHTLC by its capacity

	mu sync.RWMutex
	m  map[lnwire.ChannelID]*policyEntry
}

type policyEntry struct {
	policy ChannelPolicy
	update *lnwire.ChannelUpdate1 // never encoded itself, see handOut; nil before there is a short_channel_id
}

// handOut copies a channel_update: lnwire writes to the one that it encodes, and updates go
// to peers and into failures on many goroutines at once.
func handOut(u *lnwire.ChannelUpdate1) *lnwire.ChannelUpdate1 {
	if u == nil {
		return nil
	}
	c := *u
	return &c
}

// load reads a channel's policy, or gives it the standard one.
func (p *policies) load(d *driver) error {
	raw, err := p.db.Get(bucketPolicy, d.id[:])
	if err != nil {
		return err
	}
	policy := p.initial(d)
	if raw != nil {
		if policy, err = decodePolicy(raw); err != nil {
			return fmt.Errorf("channel %v: %w", d.id, err)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.m[d.id] = &policyEntry{policy: policy}
	return nil
}

// initial is a new channel's policy: the node's standard within what the peer takes.
func (p *policies) initial(d *driver) ChannelPolicy {
	params := d.channel().Params()
	policy := p.standard
	if d.token != nil {
		policy = d.token.policy()
	}
	peer := params.Terms[htlc.Remote]
	policy.MinHTLC = max(policy.MinHTLC, peer.HTLCMinimum)
	most := lnwire.NewMSatFromSatoshis(params.Capacity - peer.Reserve)
	if peer.MaxInFlight > 0 {
		most = min(most, peer.MaxInFlight)
	}
	if policy.MaxHTLC == 0 || policy.MaxHTLC > most {
		policy.MaxHTLC = most
	}
	return policy
}

// Policy is what this node asks for forwarding out of a channel.
func (p *policies) Policy(d *driver) ChannelPolicy {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if e := p.m[d.id]; e != nil {
		return e.policy
	}
	return p.standard
}

// Update is the channel's newest channel_update, nil before it has a short_channel_id.
func (p *policies) Update(d *driver) *lnwire.ChannelUpdate1 {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if e := p.m[d.id]; e != nil {
		return handOut(e.update)
	}
	return nil
}

func (p *policies) temporaryFailure(d *driver) lnwire.FailureMessage {
	return lnwire.NewTemporaryChannelFailure(p.Update(d))
}

// set changes a policy; the caller writes the returned record and then calls refresh.
func (p *policies) set(d *driver, policy ChannelPolicy) channeldb.KV {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.m[d.id] = &policyEntry{policy: policy, update: p.updateLocked(d)}
	return put(bucketPolicy, d.id[:], policy.encode())
}

func (p *policies) updateLocked(d *driver) *lnwire.ChannelUpdate1 {
	if e := p.m[d.id]; e != nil {
		return e.update
	}
	return nil
}

func (p *policies) forget(d *driver) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.m, d.id)
}

// refresh signs a new channel_update, later than every one before (BOLT 7, "The
// channel_update Message").
func (p *policies) refresh(d *driver, disabled bool) (*lnwire.ChannelUpdate1, error) {
	c := d.channel()
	scid := c.SCID()
	if scid == (lnwire.ShortChannelID{}) {
		return nil, fmt.Errorf("node: channel %v has no short channel id yet", d.id)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.m[d.id]
	if e == nil {
		return nil, fmt.Errorf("node: channel %v has no policy", d.id)
	}
	stamp := uint32(p.now().Unix())
	if e.update != nil && stamp <= e.update.Timestamp {
		stamp = e.update.Timestamp + 1
	}
	u := &lnwire.ChannelUpdate1{
		ChainHash: d.chain(p.chain), ShortChannelID: scid, Timestamp: stamp,
		MessageFlags: lnwire.ChanUpdateRequiredMaxHtlc, ChannelFlags: directionFlag(p.self, c.Params().Peer),
		TimeLockDelta: e.policy.CLTVDelta, HtlcMinimumMsat: e.policy.MinHTLC, HtlcMaximumMsat: e.policy.MaxHTLC,
		BaseFee: uint32(e.policy.BaseFee), FeeRate: e.policy.FeePPM,
	}
	if !c.Params().Announce {
		u.MessageFlags |= dontForward
	}
	if disabled {
		u.ChannelFlags |= lnwire.ChanUpdateDisabled
	}
	data, err := u.DataToSign()
	if err != nil {
		return nil, err
	}
	if u.Signature, err = signGossip(p.key, data); err != nil {
		return nil, err
	}
	p.m[d.id] = &policyEntry{policy: e.policy, update: u}
	return handOut(u), nil
}

// dontForward keeps a private channel's update from being relayed (BOLT 7, message_flags).
const dontForward = lnwire.ChanUpdateMsgFlags(1 << 1)

// directionFlag is 0 for the node whose id sorts first (BOLT 7).
func directionFlag(self, peer [33]byte) lnwire.ChanUpdateChanFlags {
	if string(self[:]) < string(peer[:]) {
		return 0
	}
	return lnwire.ChanUpdateDirection
}

// signGossip signs the double SHA-256 of a gossip message.
func signGossip(key *btcec.PrivateKey, data []byte) (lnwire.Sig, error) {
	return lnwire.NewSigFromSignature(ecdsa.Sign(key, chainhash.DoubleHashB(data)))
}
