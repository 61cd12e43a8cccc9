package evm

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
)

// ErrView says that what a view returned, or a revert's data, can't be read.
var ErrView = errors.New("evm: unreadable answer of the adjudicator")

// PackChannel asks for all that the contract knows of a channel.
func PackChannel(id [32]byte) []byte { return abi.PackChannel(id) }

// UnpackChannel reads the answer to PackChannel.
func UnpackChannel(returned []byte) (c Channel, err error) {
	v, err := abi.UnpackChannel(returned)
	if err != nil {
		return c, fmt.Errorf("%w: channel: %w", ErrView, err)
	}
	c = Channel{
		Phase: Phase(v.Phase),
		DepA:  amountOf(v.DepA), DepB: amountOf(v.DepB),
		WithdrawnA: amountOf(v.WithdrawnA), WithdrawnB: amountOf(v.WithdrawnB),
		Holder: v.Holder, Partly: v.Partly, Rev: v.Rev, Deadline: v.Deadline,
		ToHolder: amountOf(v.ToHolder), Left: amountOf(v.Left), Cap: amountOf(v.Cap),
		Undecided: v.Undecided, LocksHash: v.LocksHash,
	}
	for i, word := range v.Decided {
		c.Decided[i] = amountOf(word)
	}
	return c, nil
}

// PackOwed asks what an address is owed of a token.
func PackOwed(token, who common.Address) []byte { return abi.PackOwed(token, who) }

// UnpackOwed reads the answer to PackOwed.
func UnpackOwed(returned []byte) (Amount, error) {
	v, err := abi.UnpackOwed(returned)
	if err != nil {
		return Amount{}, fmt.Errorf("%w: owed: %w", ErrView, err)
	}
	return amountOf(v), nil
}

// PackOwedNonce asks for the nonce of an address's next signed claim of what it is owed.
func PackOwedNonce(who common.Address) []byte { return abi.PackOwedNonce(who) }

// UnpackOwedNonce reads the answer to PackOwedNonce.
func UnpackOwedNonce(returned []byte) (uint64, error) {
	v, err := abi.UnpackOwedNonce(returned)
	if err != nil {
		return 0, fmt.Errorf("%w: owedNonce: %w", ErrView, err)
	}
	if !v.IsUint64() {
		return 0, fmt.Errorf("%w: owedNonce is %v, want less than 2^64", ErrView, v)
	}
	return v.Uint64(), nil
}

// PackDomainSeparator asks for the domain that signatures are bound to.
func PackDomainSeparator() []byte { return abi.PackDomainSeparator() }

// amountOf is what the ABI's decoder gave; nothing counts as zero.
func amountOf(v *big.Int) (a Amount) {
	if v != nil {
		a.SetFromBig(v)
	}
	return a
}

// PackChannelID asks for a channel's id.
func PackChannelID(p Params) []byte { return abi.PackChannelId(p.bound()) }
