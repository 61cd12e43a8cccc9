package evm

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/eip712"
)

// Case is a channel in the contract, judged at one block: which state was posted, whose locks are in
// it. Like State it is a value, made anew at every head.
type Case struct {
	State  State
	Ending adjudicator.Ending // Unknown too as long as nothing was posted
	Number uint64             // of the posted commitment
	Locks  []Posted           // of the posted state, by index; none if they are not known
	Secret [32]byte           // behind State.Rev, for Revoked

	known  *Known
	posted *htlc.Commitment // the posted state, if all of it is known
	told   bool             // Locks are known
}

// Posted is a lock of the posted state.
type Posted struct {
	Lock
	HTLC *htlc.HTLC // nil if only the chain knows of it
}

// Judge says what the state of a channel on chain is to us. Locks are those of the posted state as the
// calldata of its close has them, nil if nobody asked for them: only a state that we don't know needs
// them (NeedsLocks).
func Judge(k *Known, s State, locks []Lock) (*Case, error) {
	c := &Case{State: s, known: k}
	if s.How == ByCoop {
		c.Ending = adjudicator.Cooperative
		return c, nil
	}
	if s.Phase < PhaseClosing {
		return c, nil
	}
	c.Number = s.N
	com, err := c.recognise()
	if err != nil {
		return nil, err
	}
	if com != nil {
		c.posted, c.told = com, true
		c.Locks, err = k.locks(com)
		return c, err
	}
	c.told = locks != nil
	for _, l := range locks {
		c.Locks = append(c.Locks, Posted{Lock: l})
	}
	return c, nil
}

// recognise finds out which state was posted, and its commitment if that is known entirely.
func (c *Case) recognise() (*htlc.Commitment, error) {
	k, s := c.known, &c.State
	if s.Holder == k.Mine() {
		if is(k.Local, s) {
			c.Ending = adjudicator.Local
			return k.Local, nil
		}
		if address(k.Point(s.N)) == s.Rev {
			c.Ending = adjudicator.LocalOther
		}
		return nil, nil
	}
	for i, com := range k.Remote {
		if is(com, s) {
			c.Ending = adjudicator.Remote
			if i > 0 {
				c.Ending = adjudicator.RemoteNext
			}
			return com, nil
		}
	}
	return nil, c.past()
}

// past tells a state that the peer revoked from one that is newer than our data.
func (c *Case) past() error {
	k, s := c.known, &c.State
	if n := len(k.Remote); n == 0 || s.N > k.Remote[n-1].Number {
		c.Ending = adjudicator.RemoteNewer
	}
	if len(k.Remote) > 0 && s.N >= k.Remote[0].Number {
		return nil // not revoked
	}
	secret, err := k.Secret(s.N)
	if err != nil {
		if len(k.Remote) == 0 {
			return nil // a channel that was restored knows no secrets
		}
		return fmt.Errorf("%w: %w", ErrChannel, err)
	}
	if _, pub := btcec.PrivKeyFromBytes(secret[:]); address(pub) == s.Rev {
		c.Ending, c.Secret = adjudicator.Revoked, secret
	}
	return nil
}

// is reports whether a commitment is the posted state: its number and its holder's point name it,
// since each side signs but one state with a point.
func is(com *htlc.Commitment, s *State) bool {
	return com != nil && com.Number == s.N && address(com.Point) == s.Rev
}

func address(pub *btcec.PublicKey) common.Address {
	if pub == nil {
		return common.Address{}
	}
	return eip712.Address(pub)
}

// NeedsLocks reports whether the posted state's locks must be read off its close's calldata.
func (c *Case) NeedsLocks() bool {
	return c.State.Phase == PhaseClosing && !c.told && c.Ending != adjudicator.Revoked
}

// locks are those of a commitment in the contract's order, each with its HTLC: by the side that the
// preimage pays, then by id (eip712.Format.Locks). HTLCs too small for the chain have none.
func (k *Known) locks(com *htlc.Commitment) ([]Posted, error) {
	locks, err := UnpackLocks(k.Format.Locks(k.Params, com))
	if err != nil {
		return nil, err
	}
	var hs []*htlc.HTLC
	for _, h := range com.HTLCs {
		if !k.Format.Trimmed(h, com.Holder, 0, 0) {
			hs = append(hs, h)
		}
	}
	if len(hs) != len(locks) {
		return nil, fmt.Errorf("%w: commitment %d has %d HTLCs and %d locks", ErrChannel, com.Number, len(hs), len(locks))
	}
	side := func(h *htlc.HTLC) uint8 { return Side(k.Params, h.Offerer.Other()) }
	slices.SortFunc(hs, func(a, b *htlc.HTLC) int { return cmp.Or(cmp.Compare(side(a), side(b)), cmp.Compare(a.ID, b.ID)) })
	all := make([]Posted, len(hs))
	for i, h := range hs {
		all[i] = Posted{Lock: locks[i], HTLC: h}
	}
	return all, nil
}

// Ended is the state that was posted, and its number.
func (c *Case) Ended() (adjudicator.Ending, uint64) { return c.Ending, c.Number }

// Gone are HTLCs of the channel without a lock in the posted state. It can't be replaced, so once the
// close is final nobody can take them.
func (c *Case) Gone() []adjudicator.Gone {
	if c.posted == nil {
		return nil
	}
	there := make(map[*htlc.HTLC]bool)
	for i := range c.Locks {
		there[c.Locks[i].HTLC] = true
	}
	var gone []adjudicator.Gone
	for _, h := range c.known.live() {
		if !there[h] {
			gone = append(gone, adjudicator.Gone{HTLC: h, Trimmed: slices.Contains(c.posted.HTLCs, h)})
		}
	}
	return gone
}

// Revealed is a preimage of an HTLC that we offered.
type Revealed struct {
	HTLC     *htlc.HTLC
	Preimage htlc.Preimage
}

// Revealed are the preimages that claims on chain showed. They are of use at once, whatever becomes
// of the block.
func (c *Case) Revealed() []Revealed {
	var all []Revealed
	preimages := c.State.preimages()
	for _, h := range c.known.Offered {
		if p, ok := preimages[h.Hash]; ok {
			all = append(all, Revealed{h, p})
		}
	}
	return all
}

// Lost are HTLCs that we offered and that nobody but us can take any more, if the case is that of a
// *final* block with that time: claims come before an HTLC's expiry, so behind a block at or past it
// there are none, whichever state is posted; what isn't in the posted state was never there; and what
// has ended pays nobody.
func (c *Case) Lost(final uint64) []*htlc.HTLC {
	gone := make(map[*htlc.HTLC]bool)
	for _, g := range c.Gone() {
		gone[g.HTLC] = true
	}
	preimages := c.State.preimages()
	var all []*htlc.HTLC
	for _, h := range c.known.Offered {
		if _, shown := preimages[h.Hash]; shown {
			continue
		}
		if final >= uint64(h.Expiry) || gone[h] || c.State.Phase == PhaseEnded {
			all = append(all, h)
		}
	}
	return all
}

var _ adjudicator.Case = (*Case)(nil)
