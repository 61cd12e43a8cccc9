package evm

import (
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/eip712"
)

// ErrChannel says that what is known of a channel does not fit together.
var ErrChannel = errors.New("evm: channel and its terms disagree")

// Known is what must be known of a channel to judge what is on chain, and to answer it.
type Known struct {
	Params *htlc.Params
	Terms  Params // on chain
	Format eip712.Format

	// Local is our newest commitment and LocalSig the peer's signature on it; nil when our data is
	// stale, LocalSig nil as long as the peer has not signed.
	Local    *htlc.Commitment
	LocalSig *lnwire.Sig
	// Remote are the peer's that it may post, one or two; none for a channel restored from a backup.
	Remote []*htlc.Commitment

	// Offered are HTLCs that we offered and whose end isn't known yet.
	Offered []*htlc.HTLC

	Halted  bool   // nothing is signed any more
	CloseTx []byte // the cooperative close that both signed, as eip712.Format.CloseTx has it; may be nil
	// Withdrawal is the newest that both signed and that the channel hasn't seen on chain, or nil.
	Withdrawal *htlc.WithdrawDone

	Point    func(n uint64) *btcec.PublicKey           // our nth per_commitment_point
	Secret   func(n uint64) ([32]byte, error)          // the peer's nth, which it revealed
	Preimage func(hash [32]byte) (htlc.Preimage, bool) // of HTLCs that the peer offered
}

// TermsOf is what the contract knows a channel in an asset by. It refuses a channel whose id is not the
// hash of that.
func TermsOf(p *htlc.Params, a Asset) (Params, error) {
	c, err := a.Format().Channel(p)
	if err != nil {
		return Params{}, err
	}
	terms := Params{A: c.A, B: c.B, PayA: c.PayA, PayB: c.PayB, Token: c.Token, Delay: c.Delay, Nonce: c.Nonce}
	if id := terms.ID(a.ChainID, a.Adjudicator); id != [32]byte(p.ID) {
		return terms, fmt.Errorf("%w: they are those of channel %x, not of %v", ErrChannel, id, p.ID)
	}
	return terms, nil
}

// KnownOf gathers what a channel's durable value knows.
func KnownOf(c *htlc.Channel, s htlc.Signer, a Asset) (*Known, error) {
	p := c.Params()
	terms, err := TermsOf(p, a)
	if err != nil {
		return nil, err
	}
	k := &Known{
		Params: p, Terms: terms, Format: a.Format(),
		Halted: c.State() >= htlc.Halted, CloseTx: c.CloseTx(),
		Point: s.Point, Secret: c.RevokedSecret, Preimage: c.Preimage,
	}
	local, sigs, err := c.LocalCommitment()
	switch {
	case errors.Is(err, htlc.ErrStale):
	case err != nil:
		return nil, fmt.Errorf("evm: our commitment: %w", err)
	default:
		k.Local = local
		if len(sigs) > 0 {
			k.LocalSig = &sigs[0]
		}
	}
	if k.Remote, err = c.RemoteCommitments(); err != nil {
		return nil, fmt.Errorf("evm: the peer's commitments: %w", err)
	}
	if w, ok, err := c.Withdrawal(); err != nil {
		return nil, fmt.Errorf("evm: our signature on a withdrawal: %w", err)
	} else if ok {
		k.Withdrawal = &w
	}
	for _, h := range c.HTLCs() {
		if h.Offerer == htlc.Local && !h.Removed && !h.Fulfilled && !h.TimedOut {
			k.Offered = append(k.Offered, h.HTLC)
		}
	}
	return k, nil
}

// Mine is our side in the contract.
func (k *Known) Mine() uint8 { return Side(k.Params, htlc.Local) }

// Side is what the contract calls a side of a channel.
func Side(p *htlc.Params, s htlc.Side) uint8 {
	if s == p.Opener {
		return SideA
	}
	return SideB
}

// live are the HTLCs of every commitment that may be posted, each once.
func (k *Known) live() []*htlc.HTLC {
	type id struct {
		offerer htlc.Side
		n       uint64
	}
	var all []*htlc.HTLC
	seen := make(map[id]bool)
	for _, com := range append([]*htlc.Commitment{k.Local}, k.Remote...) {
		if com == nil {
			continue
		}
		for _, h := range com.HTLCs {
			if at := (id{h.Offerer, h.ID}); !seen[at] {
				seen[at] = true
				all = append(all, h)
			}
		}
	}
	return all
}

// commitment is what the contract's close takes of a state.
func (k *Known) commitment(com *htlc.Commitment) (c Commitment, err error) {
	w, err := k.Format.State(k.Params, com)
	if err != nil {
		return c, err
	}
	amount := func(i int) (a Amount) {
		a.SetBytes(w[32*i : 32*i+32])
		return a
	}
	// id, holder, n, toA, toB, accA, accB, outA, outB, rev, locked, locksHash
	c.Holder, c.N = w[32+31], com.Number
	c.ToA, c.ToB, c.AccA, c.AccB, c.OutA, c.OutB = amount(3), amount(4), amount(5), amount(6), amount(7), amount(8)
	c.Rev = common.BytesToAddress(w[9*32+12 : 10*32])
	return c, nil
}

// withdrawal is the call of withdraw that the contract has not had yet, nil for none: what it is made of, and
// what it pays.
func (k *Known) withdrawal(s *State) (call []byte, value Amount, err error) {
	if k.Withdrawal == nil {
		return nil, value, nil
	}
	if call, err = k.Format.WithdrawCall(k.Params, *k.Withdrawal); err != nil {
		return nil, value, err
	}
	for side, paid := range s.Withdrawn {
		var total Amount
		total.SetBytes(call[32*(1+side) : 32*(2+side)]) // behind the id
		value = sum(value, minus(total, paid))
	}
	if value.IsZero() {
		return nil, value, nil
	}
	return call, value, nil
}
