package model_test

import (
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
	"github.com/nichework/nwnd/adjudicator/evm/model"
)

// call is one of the contract's functions with its arguments, for the EVM and for the model.
type call struct {
	name    string
	told    string // for people
	sender  common.Address
	value   evm.Amount
	data    []byte
	pair    *pair          // the channel that it is about
	token   common.Address // that it may move
	parties []common.Address
	done    func() // what is known once it succeeded
}

// play makes the call in the model.
func (c *call) play(w *model.World) ([]evm.Event, error) {
	events, err := w.Call(c.sender, c.value, c.data)
	if errors.Is(err, model.ErrCalldata) {
		err = errNoReason
	}
	return events, err
}

// inModel makes the call from inside another.
func (c *call) inModel(w *model.World, sender common.Address) error {
	inside := *c
	inside.sender, inside.value = sender, evm.Amount{}
	_, err := inside.play(w)
	return err
}

func (c *call) String() string {
	return fmt.Sprintf("%s from %x value %v: %s", c.name, c.sender[:3], &c.value, c.told)
}

// contract packs what evm's encoders don't: malformed claims.
var contract = binding.NewAdjudicator()

func depositCall(p evm.Params, side uint8, amount, value evm.Amount) *call {
	return &call{
		name: "deposit", told: fmt.Sprintf("side %d amount %v", side, &amount),
		value: value, data: evm.PackDeposit(p, side, amount),
	}
}

func withdrawCall(p evm.Params, totalA, totalB evm.Amount, sigA, sigB evm.Sig) *call {
	return &call{
		name: "withdraw", told: fmt.Sprintf("totals %v %v", &totalA, &totalB),
		data: evm.PackWithdraw(p, totalA, totalB, sigA, sigB),
	}
}

func closeCall(p evm.Params, s evm.Commitment, locks []byte, peerSig, holderSig evm.Sig) *call {
	return &call{
		name: "close", told: fmt.Sprintf("%+v with %d bytes of locks", s, len(locks)),
		data: evm.PackClose(p, s, locks, peerSig, holderSig),
	}
}

func resolveCall(p evm.Params, locks, claims []byte) *call {
	return &call{
		name: "resolve", told: fmt.Sprintf("%d bytes of locks, claims %x", len(locks), claims),
		data: contract.PackResolve(evmParams(p), locks, claims),
	}
}

func settleCall(p evm.Params) *call {
	return &call{
		name: "settle", data: evm.PackSettle(p),
	}
}

func settlePartialCall(p evm.Params, locks []byte) *call {
	return &call{
		name: "settlePartial", told: fmt.Sprintf("%d bytes of locks", len(locks)),
		data: evm.PackSettlePartial(p, locks),
	}
}

func punishCall(p evm.Params, secret [32]byte, tower common.Address, bounty evm.Amount, grant evm.Sig) *call {
	return &call{
		name: "punish", told: fmt.Sprintf("secret %x tower %x bounty %v", secret, tower, &bounty),
		data: evm.PackPunish(p, secret, tower, bounty, grant),
	}
}

func coopCall(p evm.Params, s evm.Cooperation, sigA, sigB evm.Sig) *call {
	return &call{
		name: "coop", told: fmt.Sprintf("%+v", s), data: evm.PackCoop(p, s, sigA, sigB),
	}
}

func claimOwedCall(token, who, to common.Address, sig evm.Sig) *call {
	return &call{
		name: "claimOwed", told: fmt.Sprintf("token %x of %x to %x", token[:3], who[:3], to[:3]),
		data: evm.PackClaimOwed(token, who, to, sig),
	}
}

// evmParams is a channel's parameters as the binding has them.
func evmParams(p evm.Params) binding.IAdjudicatorParams { return binding.IAdjudicatorParams(p) }
