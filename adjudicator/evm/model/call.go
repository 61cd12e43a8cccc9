package model

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
)

// contract is the adjudicator's ABI.
var contract = binding.NewAdjudicator()

// ErrCalldata says that data is no call that the contract takes; it reverts without a reason.
var ErrCalldata = errors.New("model: no call of the adjudicator")

// Call is a transaction to the contract, as its data has it: one of World's methods for each function.
func (w *World) Call(sender common.Address, value Amount, data []byte) ([]evm.Event, error) {
	if len(data) < 4 {
		return nil, fmt.Errorf("%w: %d bytes", ErrCalldata, len(data))
	}
	definition := contract.GetABI()
	method, err := definition.MethodById(data[:4])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCalldata, err)
	}
	if method.IsConstant() {
		return nil, fmt.Errorf("%w: %s changes nothing", ErrCalldata, method.Name)
	}
	if !value.IsZero() && !method.IsPayable() {
		return nil, fmt.Errorf("%w: %s takes no coins", ErrCalldata, method.Name)
	}
	values, err := method.Inputs.Unpack(data[4:])
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrCalldata, method.Name, err)
	}
	var in arguments
	if err := method.Inputs.Copy(&in, values); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrCalldata, method.Name, err)
	}
	if !in.fit() {
		return nil, fmt.Errorf("%w: %s with an amount of 2^128 or more", ErrCalldata, method.Name)
	}
	return w.dispatch(method.Name, sender, value, &in)
}

// arguments are those of all functions, by their names in IAdjudicator. C is close's.
type arguments struct {
	P                              binding.IAdjudicatorParams
	C                              binding.IAdjudicatorCommitment
	Side                           uint8
	Amount, TotalA, TotalB, Bounty *big.Int
	A, B, AccA, AccB, OutA, OutB   *big.Int
	Locks, Claims                  []byte
	Secret                         [32]byte
	Tower, Token, Who, To          common.Address
	SigA, SigB, PeerSig, HolderSig binding.IAdjudicatorSig
	GrantSig, Sig                  binding.IAdjudicatorSig
}

// fit reports whether what must be below 2^128 is.
func (in *arguments) fit() bool {
	return !slices.ContainsFunc([]*big.Int{
		in.TotalA, in.TotalB, in.Bounty, in.A, in.B, in.AccA, in.AccB, in.OutA, in.OutB,
		in.C.ToA, in.C.ToB, in.C.AccA, in.C.AccB, in.C.OutA, in.C.OutB,
	}, func(v *big.Int) bool { return v != nil && v.BitLen() > 128 })
}

func (w *World) dispatch(name string, sender common.Address, value Amount, in *arguments) ([]evm.Event, error) {
	p := evm.Params(in.P)
	switch name {
	case "deposit":
		return w.Deposit(sender, value, p, in.Side, fromBig(in.Amount))
	case "withdraw":
		return w.Withdraw(p, fromBig(in.TotalA), fromBig(in.TotalB), sig(in.SigA), sig(in.SigB))
	case "close":
		return w.Close(p, evm.Commitment{
			Holder: in.C.Holder, N: in.C.N, ToA: fromBig(in.C.ToA), ToB: fromBig(in.C.ToB),
			AccA: fromBig(in.C.AccA), AccB: fromBig(in.C.AccB), OutA: fromBig(in.C.OutA), OutB: fromBig(in.C.OutB),
			Rev: in.C.Rev,
		}, in.Locks, sig(in.PeerSig), sig(in.HolderSig))
	case "resolve":
		return w.Resolve(p, in.Locks, in.Claims)
	case "settle":
		return w.Settle(p)
	case "settlePartial":
		return w.SettlePartial(p, in.Locks)
	case "punish":
		return w.Punish(p, in.Secret, in.Tower, fromBig(in.Bounty), sig(in.GrantSig))
	case "coop":
		return w.Coop(p, evm.Cooperation{
			A: fromBig(in.A), B: fromBig(in.B), AccA: fromBig(in.AccA), AccB: fromBig(in.AccB),
			OutA: fromBig(in.OutA), OutB: fromBig(in.OutB),
		}, sig(in.SigA), sig(in.SigB))
	case "claimOwed":
		return w.ClaimOwed(sender, in.Token, in.Who, in.To, sig(in.Sig))
	}
	return nil, fmt.Errorf("%w: %s isn't modelled", ErrCalldata, name)
}

func fromBig(v *big.Int) (a Amount) {
	a.SetFromBig(v)
	return a
}

func sig(s binding.IAdjudicatorSig) (out evm.Sig) {
	copy(out[:32], s.R[:])
	copy(out[32:], s.Vs[:])
	return out
}
