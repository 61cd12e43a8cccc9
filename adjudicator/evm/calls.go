package evm

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm/binding"
)

// PackDeposit is the call that adds money to a side of a channel; of the chain's coin the same amount
// goes along as value.
func PackDeposit(p Params, side uint8, amount Amount) []byte {
	return abi.PackDeposit(p.bound(), side, amount.ToBig())
}

// PackWithdraw is the call that pays up to gross totals, signed by both.
func PackWithdraw(p Params, totalA, totalB Amount, sigA, sigB Sig) []byte {
	return abi.PackWithdraw(p.bound(), totalA.ToBig(), totalB.ToBig(), boundSig(sigA[:]), boundSig(sigB[:]))
}

// PackClose is the call that posts a state in its holder's name, with its packed locks.
func PackClose(p Params, c Commitment, locks []byte, peerSig, holderSig Sig) []byte {
	return abi.PackClose(p.bound(), c.bound(), locks, boundSig(peerSig[:]), boundSig(holderSig[:]))
}

// PackResolve is the call that decides locks of the posted state. Claims are by ascending index.
func PackResolve(p Params, locks []byte, claims []Claim) []byte {
	return abi.PackResolve(p.bound(), locks, PackClaims(claims))
}

// PackSettle is the call that pays both sides when all is decided.
func PackSettle(p Params) []byte { return abi.PackSettle(p.bound()) }

// PackSettlePartial is the call that pays what is decided.
func PackSettlePartial(p Params, locks []byte) []byte {
	return abi.PackSettlePartial(p.bound(), locks)
}

// PackPunish is the call that proves a posted state revoked.
func PackPunish(p Params, secret [32]byte, tower common.Address, bounty Amount, grant Sig) []byte {
	return abi.PackPunish(p.bound(), secret, tower, bounty.ToBig(), boundSig(grant[:]))
}

// PackCoop is the call that closes as both signed.
func PackCoop(p Params, c Cooperation, sigA, sigB Sig) []byte {
	return abi.PackCoop(p.bound(), c.A.ToBig(), c.B.ToBig(), c.AccA.ToBig(), c.AccB.ToBig(),
		c.OutA.ToBig(), c.OutB.ToBig(), boundSig(sigA[:]), boundSig(sigB[:]))
}

// PackClaimOwed is the call that fetches a credit; the signature is zero if who itself sends it.
func PackClaimOwed(token, who, to common.Address, sig Sig) []byte {
	return abi.PackClaimOwed(token, who, to, boundSig(sig[:]))
}

func (c Commitment) bound() binding.IAdjudicatorCommitment {
	return binding.IAdjudicatorCommitment{
		Holder: c.Holder, N: c.N, ToA: c.ToA.ToBig(), ToB: c.ToB.ToBig(),
		AccA: c.AccA.ToBig(), AccB: c.AccB.ToBig(), OutA: c.OutA.ToBig(), OutB: c.OutB.ToBig(), Rev: c.Rev,
	}
}

// ErrCall says that data isn't that of the call in question.
var ErrCall = errors.New("evm: not the expected call of the adjudicator")

// DepositCall is what a call of deposit asks for.
type DepositCall struct {
	Params Params
	Side   uint8
	Amount *big.Int // base units that are to be taken of the caller
}

// UnpackDeposit reads the data of a call of deposit.
func UnpackDeposit(data []byte) (c DepositCall, err error) {
	var in struct {
		P      binding.IAdjudicatorParams
		Side   uint8
		Amount *big.Int
	}
	if err := unpackCall("deposit", data, &in); err != nil {
		return c, err
	}
	return DepositCall{Params: paramsOf(in.P), Side: in.Side, Amount: in.Amount}, nil
}

// unpackCall reads the arguments of a call of a function.
func unpackCall(function string, data []byte, into any) error {
	method := abi.GetABI().Methods[function]
	if !bytes.HasPrefix(data, method.ID) {
		return fmt.Errorf("%w: want %s's selector %x", ErrCall, function, method.ID)
	}
	values, err := method.Inputs.Unpack(data[len(method.ID):])
	if err == nil {
		err = method.Inputs.Copy(into, values)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCall, err)
	}
	return nil
}

func paramsOf(p binding.IAdjudicatorParams) Params {
	return Params{A: p.A, B: p.B, PayA: p.PayA, PayB: p.PayB, Token: p.Token, Delay: p.Delay, Nonce: p.Nonce}
}

// CloseCall is what a call of close says to everyone: enough to finish the channel.
type CloseCall struct {
	Params     Params
	Commitment Commitment
	Locks      []byte // packed
	PeerSig    Sig
	HolderSig  Sig
}

// UnpackClose reads the data of a call of close.
func UnpackClose(data []byte) (c CloseCall, err error) {
	var in struct {
		P         binding.IAdjudicatorParams
		C         binding.IAdjudicatorCommitment
		Locks     []byte
		PeerSig   binding.IAdjudicatorSig
		HolderSig binding.IAdjudicatorSig
	}
	if err := unpackCall("close", data, &in); err != nil {
		return c, err
	}
	c.Params = paramsOf(in.P)
	c.Commitment = Commitment{
		Holder: in.C.Holder, N: in.C.N, ToA: amountOf(in.C.ToA), ToB: amountOf(in.C.ToB),
		AccA: amountOf(in.C.AccA), AccB: amountOf(in.C.AccB),
		OutA: amountOf(in.C.OutA), OutB: amountOf(in.C.OutB), Rev: in.C.Rev,
	}
	c.Locks, c.PeerSig, c.HolderSig = in.Locks, sigOf(in.PeerSig), sigOf(in.HolderSig)
	return c, nil
}

func sigOf(s binding.IAdjudicatorSig) (sig Sig) {
	copy(sig[:32], s.R[:])
	copy(sig[32:], s.Vs[:])
	return sig
}
