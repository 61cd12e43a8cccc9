package model

import (
	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// coin is the token address that stands for the chain's coin.
var coin common.Address

// Token is an ERC-20 contract, as well or badly behaved as it likes. Transfer and TransferFrom give
// what the call returned, and whether it did not revert; one that reverts must change nothing.
type Token interface {
	BalanceOf(w *World, who common.Address) (balance Amount, ok bool)
	Transfer(w *World, from, to common.Address, amount Amount) (returned []byte, ok bool)
	TransferFrom(w *World, spender, from, to common.Address, amount Amount) (returned []byte, ok bool)
	Clone() Token
}

// Receiver is a contract that acts when coins reach it; it refuses them by false.
type Receiver interface {
	Receive(w *World, amount Amount) bool
}

// accepted is rule 9 and 10: a transfer is done that returned nothing or true, in one word or in more.
func accepted(returned []byte, ok bool) bool {
	if !ok || len(returned) == 0 {
		return ok
	}
	if len(returned) < 32 {
		return false
	}
	var word Amount
	word.SetBytes(returned[:32])
	return word.IsUint64() && word.Uint64() == 1
}

// push pays, or credits what the receiver refuses.
func (w *World) push(token, to common.Address, amount Amount) {
	if amount.IsZero() || w.transfer(token, to, amount) {
		return
	}
	w.owed[debt{token, to}] = sum(w.owed[debt{token, to}], amount)
	w.emit(evm.Owed{Token: token, Who: to, Amount: amount})
}

// transfer moves money of the contract.
func (w *World) transfer(token, to common.Address, amount Amount) bool {
	if token == coin {
		return w.sendCoins(w.Address, to, amount)
	}
	t, ok := w.Tokens[token]
	if !ok {
		return false // no contract there
	}
	return accepted(t.Transfer(w, w.Address, to, amount))
}

// sendCoins moves coins, unless there are too few or the receiver refuses, as the contract itself does but
// for deposits.
func (w *World) sendCoins(from, to common.Address, amount Amount) bool {
	if less(w.Coins[from], amount) || from == to {
		return false
	}
	before := w
	receiver, acts := w.Receivers[to]
	if acts {
		before = w.Clone()
	}
	w.Coins[from] = minus(w.Coins[from], amount)
	w.Coins[to] = sum(w.Coins[to], amount)
	if acts && !receiver.Receive(w, amount) {
		*w = *before
		return false
	}
	return true
}

// Standard is an ERC-20 token as OpenZeppelin has it, whose holders allowed the adjudicator everything.
type Standard map[common.Address]Amount

// BalanceOf is ERC-20's.
func (t Standard) BalanceOf(_ *World, who common.Address) (Amount, bool) { return t[who], true }

// Transfer is ERC-20's.
func (t Standard) Transfer(_ *World, from, to common.Address, amount Amount) ([]byte, bool) {
	if less(t[from], amount) {
		return nil, false
	}
	t[from] = minus(t[from], amount)
	t[to] = sum(t[to], amount)
	return yes[:], true
}

// TransferFrom is ERC-20's.
func (t Standard) TransferFrom(w *World, _, from, to common.Address, amount Amount) ([]byte, bool) {
	return t.Transfer(w, from, to, amount)
}

// Clone copies the balances.
func (t Standard) Clone() Token {
	c := make(Standard, len(t))
	for who, amount := range t {
		c[who] = amount
	}
	return c
}

// yes is true as the ABI returns it.
var yes = [32]byte{31: 1}
