package bitcoin

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/wire"
	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
)

// anchorDelay is after how many blocks an anchor is anyone's (BOLT 3, "to_local_anchor and
// to_remote_anchor Output").
const anchorDelay = 16

// ErrPreimage says that a preimage is another HTLC's, or missing.
var ErrPreimage = errors.New("adjudicator: preimage is missing or wrong")

// Preimages looks up a payment_hash; false if the preimage is not known.
type Preimages func(paymentHash [32]byte) (htlc.Preimage, bool)

// Claims are all outputs that may become ours, in the order of the transaction, if that is
// in the block at a height: BOLT 5. An HTLC that the peer offered is listed without its
// preimage too, as long as nobody took it.
func (s *Spent) Claims(at adjudicator.Height, known Preimages) ([]*Claim, error) {
	var all []*Claim
	for i := range s.Outputs {
		o := &s.Outputs[i]
		c := &Claim{
			Out: wire.OutPoint{Hash: s.TxID, Index: o.Index}, Value: o.Value,
			Script: o.Script, HTLC: o.HTLC, Confirmed: at,
		}
		var mine bool
		var err error
		if o.Kind == bolt3.HTLC {
			mine, err = s.claimHTLC(c, o, known)
		} else {
			mine = s.claimOutput(c, o.Kind)
		}
		if err != nil {
			return nil, err
		}
		if mine {
			all = append(all, c)
		}
	}
	return all, nil
}

// claimOutput fills in the claim on a balance or an anchor; false if it isn't ours.
func (s *Spent) claimOutput(c *Claim, kind bolt3.Kind) bool {
	ours := s.ch.Params.Terms[htlc.Local]
	revoked := s.Ending == adjudicator.Revoked
	switch local := s.holder == htlc.Local; {
	case kind == bolt3.ToLocal && local:
		c.Path, c.Delay = ToLocal, s.keys.ToSelfDelay
		c.key = key{role: DelayedKey, point: s.point, pub: s.keys.Delayed}
	case kind == bolt3.ToLocal && revoked:
		c.Path, c.Deadline = RevokedToLocal, c.Confirmed+adjudicator.Height(s.keys.ToSelfDelay)
		c.key = s.revocation()
	case kind == bolt3.ToRemote && !local:
		c.Path, c.Delay = ToRemote, 1
		c.key = key{role: PaymentKey, pub: ours.Payment}
	case kind == bolt3.LocalAnchor && local, kind == bolt3.RemoteAnchor && !local:
		c.Path, c.Deadline = Anchor, c.Confirmed+anchorDelay
		c.key = key{role: htlc.FundingKey, pub: ours.Funding}
	case kind == bolt3.LocalAnchor && revoked:
		c.Path, c.Delay, c.Deadline = OtherAnchor, anchorDelay, c.Confirmed
	default:
		return false
	}
	return true
}

// revocation is the key that takes what a cheater published.
func (s *Spent) revocation() key {
	secret := s.secret
	return key{role: RevocationKey, pub: s.keys.Revocation, secret: &secret}
}

// claimHTLC fills in the claim on an HTLC's output; every one may be ours in some way, save
// in a commitment whose signatures are gone.
func (s *Spent) claimHTLC(c *Claim, o *Output, known Preimages) (bool, error) {
	offered := o.HTLC.Offerer == htlc.Local
	// With a preimage the other side needs one block after the commitment; with the
	// expiry also that.
	c.Deadline = c.Confirmed + 1
	if !offered {
		c.Deadline = max(c.Deadline, adjudicator.Height(o.HTLC.Expiry)+1)
	}
	switch s.Ending {
	case adjudicator.Revoked:
		c.Path, c.key = RevokedHTLC, s.revocation()
		return true, nil
	case adjudicator.Local, adjudicator.Remote, adjudicator.RemoteNext:
	default:
		return false, nil
	}
	c.Delay = 1
	c.key = key{role: htlc.HTLCKey, point: s.point, pub: s.keys.OtherHTLC}
	c.Path = PreimageHTLC
	if offered {
		c.Path, c.LockTime = TimeoutHTLC, o.HTLC.Expiry
	}
	if s.Ending == adjudicator.Local {
		c.key.pub, c.delayed = s.keys.HolderHTLC, s.delayed()
		c.peerSig = s.ch.LocalSigs[s.sigs[o.Index]]
		c.Path = StageSuccess
		if offered {
			c.Path = StageTimeout
		}
	}
	if offered {
		return true, nil
	}
	c.NeedsPreimage, c.PaymentHash = true, o.full.Hash
	if p, ok := known(c.PaymentHash); ok {
		if sha256.Sum256(p[:]) != c.PaymentHash {
			return false, fmt.Errorf("%w: it does not open incoming HTLC %d", ErrPreimage, o.HTLC.ID)
		}
		c.Preimage = &p
	}
	return true, nil
}

// Gone are the HTLCs of the channel without an output in this commitment: too small for
// one, or not in it. Where the commitment can't be known entirely (RemoteNewer and the
// like, or outputs that nothing recognised) there is none that this may be said of.
func (s *Spent) Gone() []adjudicator.Gone {
	switch s.Ending {
	case adjudicator.Local, adjudicator.Remote, adjudicator.RemoteNext, adjudicator.Revoked:
	default:
		return nil
	}
	if s.Others > 0 {
		return nil
	}
	there := make(map[id]bool)
	for i := range s.Outputs {
		if o := &s.Outputs[i]; o.Kind == bolt3.HTLC {
			there[id{o.HTLC.Offerer, o.HTLC.ID}] = true
		}
	}
	inside := s.members()
	var gone []adjudicator.Gone
	for _, h := range s.ch.live() {
		if k := idOf(h); !there[k] {
			gone = append(gone, adjudicator.Gone{HTLC: h, Trimmed: inside[k]})
		}
	}
	return gone
}

// members are the HTLCs of the settled commitment where its ledger is known.
func (s *Spent) members() map[id]bool {
	inside := make(map[id]bool)
	for _, com := range append([]*htlc.Commitment{s.ch.Local}, s.ch.Remote...) {
		if com == nil || com.Holder != s.holder || com.Number != s.Number {
			continue
		}
		for _, h := range com.HTLCs {
			inside[idOf(h)] = true
		}
	}
	return inside
}

// Ended and Coins tell the case as any chain would.
func (s *Spent) Ended() (adjudicator.Ending, uint64) { return s.Ending, s.Number }

// Coins are the claims of this commitment as other chains would tell them, with no
// preimage known.
func (s *Spent) Coins(at adjudicator.Height) []adjudicator.Coin {
	none := func([32]byte) (htlc.Preimage, bool) { return htlc.Preimage{}, false }
	claims, err := s.Claims(at, none)
	if err != nil {
		return nil // only a wrong preimage fails, and there is none
	}
	var coins []adjudicator.Coin
	for _, c := range claims {
		coins = append(coins, c.coin())
	}
	return coins
}

var _ adjudicator.Coins = (*Spent)(nil)
