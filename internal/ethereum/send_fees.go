package ethereum

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// transferGas is what a transfer of nothing to oneself uses.
const transferGas = 21_000

// patience is for how many heads something that nobody wants any more may wait before its nonce is used up.
const patience = 3

// sign makes the transaction of a row at today's price; in place of another of the same nonce it pays a tenth
// more in both fees. It leaves the row as it was if it can't be.
func (r *sending) sign(t *sent, c course, replaces bool) error {
	tip, feeCap := c.offer(r.head.Time, r.market)
	if replaces {
		tip, feeCap = max(tip, t.tip.tenthMore()), max(feeCap, t.feeCap.tenthMore())
		if t.pushed {
			tip, feeCap = max(tip, min(2*t.tip, c.limit(r.head.Time))), max(feeCap, min(2*t.feeCap, c.limit(r.head.Time)))
		}
	}
	if r.market.legacy {
		tip = max(tip, feeCap)
		feeCap = tip
	}
	if feeCap > toPrice(r.c.cfg.MaxFee) {
		return fmt.Errorf("another transaction has its nonce, and to replace it costs %d wei a unit of gas, over the ceiling", feeCap)
	}
	tx, err := r.c.cfg.Signer.SignTx(t.account, r.unsigned(t, tip, feeCap), new(big.Int).SetUint64(r.c.cfg.ChainID))
	if err != nil {
		return fmt.Errorf("not signed: %w", err)
	}
	t.tip, t.feeCap, t.tx, t.dirty, t.since, t.at, t.pushed = tip, feeCap, tx, true, r.head.Number, Head{}, false
	id := t.id
	if t.filler {
		id = common.Hash{}
	}
	t.tries = append(t.tries[:len(t.tries):len(t.tries)], try{tx.Hash(), id})
	if len(t.tries) > maxAttempts {
		t.tries = t.tries[len(t.tries)-maxAttempts:]
	}
	return nil
}

func (r *sending) unsigned(t *sent, tip, feeCap price) *types.Transaction {
	to, data, value, gas := t.To, t.Data, t.Value, t.Gas
	if t.filler {
		to, data, value, gas = t.account, nil, nil, transferGas
	}
	if value == nil {
		value = new(big.Int)
	}
	if r.market.legacy {
		return types.NewTx(&types.LegacyTx{Nonce: t.nonce, GasPrice: feeCap.wei(), Gas: gas, To: &to, Value: value, Data: data})
	}
	return types.NewTx(&types.DynamicFeeTx{
		ChainID: new(big.Int).SetUint64(r.c.cfg.ChainID), Nonce: t.nonce, GasTipCap: tip.wei(), GasFeeCap: feeCap.wei(),
		Gas: gas, To: &to, Value: value, Data: data,
	})
}

// raise replaces what pays too little by now, from the lowest nonce up, as far as the account can pay. Whatever has a lower
// nonce is as urgent, and worth as much, as what waits behind it.
func (r *sending) raise() {
	for _, account := range r.accounts {
		until, worth := uint64(0), price(0)
		rows := slices.DeleteFunc(r.of(account), func(t *sent) bool { return t.spent })
		courses := make([]course, len(rows))
		for i, t := range slices.Backward(rows) {
			mine := worthOf(&t.Call, t.Gas, r.c.cfg.MaxFee)
			if t.filler {
				mine = toPrice(r.c.cfg.MaxFee)
			} else {
				until = earlier(until, t.Deadline)
			}
			worth = max(worth, mine)
			courses[i] = courseOf(t.first, until, r.c.cfg.Profile.Inclusion, t.start, worth)
		}
		for i, t := range rows {
			if t.since != r.head.Number { // else it is new, or was raised at this head
				r.raiseOne(t, courses[i])
			}
		}
	}
}

func (r *sending) raiseOne(t *sent, c course) {
	left, before := r.balances[t.account], t.tx
	c = c.upTo(t.within(new(big.Int).Add(left, before.Cost())))
	tip, feeCap := c.offer(r.head.Time, r.market)
	now, then := min(feeCap, r.market.base+tip), min(t.feeCap, r.market.base+t.tip)
	short := t.feeCap < r.market.base && feeCap > t.feeCap // no block takes it
	if t.note = ""; feeCap < r.market.base {
		t.note = fmt.Sprintf("gas costs %d wei at least, %d is paid at most", r.market.base, c.limit(r.head.Time))
	}
	if now < then.tenthMore() && !short && !t.pushed {
		return
	}
	if t.tip.tenthMore() > c.limit(r.head.Time) || t.feeCap.tenthMore() > c.limit(r.head.Time) {
		return // a replacement would cost more than it is worth, or than there is
	}
	if err := r.sign(t, c, true); err != nil {
		t.note = err.Error()
		return
	}
	left.Add(left, before.Cost()).Sub(left, t.tx.Cost())
}

// within is the most that a unit of a row's gas may cost if all of it, and what it moves, is paid of so much. What can't be
// paid the network refuses, though it may have forgotten by then what it took before.
func (t *sent) within(wei *big.Int) price {
	gas, most := t.Gas, new(big.Int).Set(wei)
	if t.filler {
		gas = transferGas
	} else if t.Value != nil {
		most.Sub(most, t.Value)
	}
	return toPrice(most.Div(most, new(big.Int).SetUint64(max(gas, 1))))
}
