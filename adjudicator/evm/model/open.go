package model

import (
	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// Deposit adds money to a side of a channel; the first opens it.
func (w *World) Deposit(sender common.Address, value Amount, p evm.Params, side uint8, amount Amount) ([]evm.Event, error) {
	return w.transact(func() error {
		if side > evm.SideB {
			return evm.ErrWrongSide
		}
		if _, _, err := w.channelIn(p, evm.PhaseNone, evm.PhaseOpen); err != nil {
			return err
		}
		arrived, err := w.collect(sender, value, p.Token, amount)
		if err != nil {
			return err
		}
		// Again: a token's callback may have done anything.
		id, c, err := w.channelIn(p, evm.PhaseNone, evm.PhaseOpen)
		if err != nil {
			return err
		}
		if !less(sum(c.DepA, c.DepB, arrived), capacity) {
			return evm.ErrTooMuch
		}
		c.Phase = evm.PhaseOpen
		if side == evm.SideA {
			c.DepA = sum(c.DepA, arrived)
		} else {
			c.DepB = sum(c.DepB, arrived)
		}
		w.channels[id] = c
		w.emit(evm.Deposited{ID: id, Side: side, Amount: arrived})
		return nil
	})
}

// collect takes a deposit from its sender and counts what arrived.
func (w *World) collect(sender common.Address, value Amount, token common.Address, amount Amount) (arrived Amount, err error) {
	if token == coin {
		switch {
		case value != amount:
			return arrived, evm.ErrUnexpectedValue
		case amount.IsZero():
			return arrived, evm.ErrNothingArrived
		case !w.sendCoins(sender, w.Address, value):
			return arrived, evm.ErrTransferFailed
		}
		return amount, nil
	}
	if !value.IsZero() {
		return arrived, evm.ErrUnexpectedValue
	}
	t, ok := w.Tokens[token]
	if !ok {
		return arrived, evm.ErrTransferFailed
	}
	before, ok := t.BalanceOf(w, w.Address)
	if !ok || !accepted(t.TransferFrom(w, w.Address, sender, w.Address, amount)) {
		return arrived, evm.ErrTransferFailed
	}
	after, ok := t.BalanceOf(w, w.Address)
	switch {
	case !ok:
		return arrived, evm.ErrTransferFailed
	case !less(before, after):
		return arrived, evm.ErrNothingArrived
	}
	return minus(after, before), nil
}

// Withdraw pays up to gross totals that both signed; the channel stays open.
func (w *World) Withdraw(p evm.Params, totalA, totalB Amount, sigA, sigB evm.Sig) ([]evm.Event, error) {
	return w.transact(func() error {
		id, c, err := w.channelIn(p, evm.PhaseOpen)
		if err != nil {
			return err
		}
		if less(totalA, c.WithdrawnA) || less(totalB, c.WithdrawnB) {
			return evm.ErrLower
		}
		if less(sum(c.DepA, c.DepB), sum(totalA, totalB)) {
			return evm.ErrTooMuch
		}
		digest := w.WithdrawDigest(id, totalA, totalB)
		if !signed(digest, sigA, p.A) || !signed(digest, sigB, p.B) {
			return evm.ErrWrongSignature
		}
		toA, toB := minus(totalA, c.WithdrawnA), minus(totalB, c.WithdrawnB)
		c.WithdrawnA, c.WithdrawnB = totalA, totalB
		w.channels[id] = c
		w.emit(evm.Withdrawn{ID: id, TotalA: totalA, TotalB: totalB})
		w.push(p.Token, p.PayA, toA)
		w.push(p.Token, p.PayB, toB)
		return nil
	})
}

// Coop closes at once, as both signed.
func (w *World) Coop(p evm.Params, s evm.Cooperation, sigA, sigB evm.Sig) ([]evm.Event, error) {
	return w.transact(func() error {
		id, c, err := w.channelIn(p, evm.PhaseOpen)
		if err != nil {
			return err
		}
		surplusA, surplusB, err := c.account(sum(s.A, s.B), s.AccA, s.AccB, s.OutA, s.OutB)
		if err != nil {
			return err
		}
		digest := w.CoopDigest(id, s)
		if !signed(digest, sigA, p.A) || !signed(digest, sigB, p.B) {
			return evm.ErrWrongSignature
		}
		toA, toB := sum(s.A, surplusA), sum(s.B, surplusB)
		w.end(id)
		w.emit(evm.Cooperated{ID: id, PaidA: toA, PaidB: toB})
		w.push(p.Token, p.PayA, toA)
		w.push(p.Token, p.PayB, toB)
		return nil
	})
}

// account compares what a state pays out with the money that it accounts for, and that with the
// channel's. It gives what each side is owed besides: deposits and withdrawals' room that the state
// doesn't know of (rule 7).
func (c *channel) account(paid, accA, accB, outA, outB Amount) (surplusA, surplusB Amount, err error) {
	switch {
	case sum(paid, outA, outB) != sum(accA, accB):
		err = evm.ErrNotConserved
	case less(c.DepA, accA) || less(c.DepB, accB):
		err = evm.ErrDepositsMissing
	case less(outA, c.WithdrawnA) || less(outB, c.WithdrawnB):
		err = evm.ErrWithdrawalsMissing
	default:
		surplusA = sum(minus(c.DepA, accA), minus(outA, c.WithdrawnA))
		surplusB = sum(minus(c.DepB, accB), minus(outB, c.WithdrawnB))
	}
	return surplusA, surplusB, err
}

// end leaves a tombstone, so that no old signature ever lives again (rule 1).
func (w *World) end(id [32]byte) {
	w.channels[id] = channel{Channel: evm.Channel{Phase: evm.PhaseEnded}}
}
