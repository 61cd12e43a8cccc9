package ethereum

import (
	"github.com/ethereum/go-ethereum/common"
)

// What is said of calls that have no nonce.
const (
	fullNote  = "every account has as much under way as the network takes"
	yieldNote = "a call that can't wait has its nonce"
)

// yield gives a call the nonce of a weaker one: anybody who has channels with us can have us want any number of calls that aren't
// worth their gas.
func (r *sending) yield(w *work, account common.Address, gas uint64) {
	if weak := r.weaker(w, account, gas); weak != nil {
		delete(r.carried, weak.row)
		weak.row, weak.state, weak.note = nil, SendWaits, yieldNote
	}
}

// weaker is the lowest call of an account that gives way to one that gas can be paid for: one that no block takes for what it
// is worth, or, if the account has as much under way as pools take, one without a deadline in favour of one with one. An
// owner's calls keep their order.
func (r *sending) weaker(w *work, account common.Address, gas uint64) *work {
	if r.hopeless(&w.Call, gas) {
		return nil
	}
	full := r.waiting(account) >= maxUnmined
	for _, t := range r.of(account) {
		v := r.carried[t]
		if t.spent || v == nil || v.do != nil || v.owner == w.owner { // what a Do signed stays
			continue
		}
		if r.hopeless(&t.Call, t.Gas) || full && v.until == 0 && w.until != 0 {
			return v
		}
	}
	return nil
}

// hopeless tells whether gas costs more at present than a call usually may (course).
func (r *sending) hopeless(c *Call, gas uint64) bool {
	return worthOf(c, gas, r.c.cfg.MaxFee)/2 < r.market.base
}
