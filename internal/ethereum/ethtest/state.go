package ethtest

import (
	"errors"
	"maps"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
)

// state is what a chain knows after a block. It doesn't change once it belongs to one.
type state struct {
	coins     map[common.Address]*big.Int
	nonces    map[common.Address]uint64
	contracts map[common.Address]Contract
}

func (s *state) clone() *state {
	c := &state{coins: maps.Clone(s.coins), nonces: maps.Clone(s.nonces), contracts: maps.Clone(s.contracts)}
	for at, contract := range c.contracts {
		c.contracts[at] = contract.Clone()
	}
	return c
}

func (s *state) balance(who common.Address) *big.Int {
	if b := s.coins[who]; b != nil {
		return new(big.Int).Set(b)
	}
	return new(big.Int)
}

func (s *state) add(who common.Address, wei *big.Int) {
	s.coins[who] = s.balance(who).Add(s.balance(who), wei)
}
func (s *state) sub(who common.Address, wei *big.Int) {
	s.coins[who] = s.balance(who).Sub(s.balance(who), wei)
}

var (
	errFunds = errors.New("insufficient funds for gas * price + value")
	errGas   = errors.New("out of gas")
)

const transferGas = 21_000

// intrinsic is a transaction's gas before any code runs (EIP-2028).
func intrinsic(data []byte) uint64 {
	gas := uint64(transferGas)
	for _, b := range data {
		if b == 0 {
			gas += 4
		} else {
			gas += 16
		}
	}
	return gas
}

// run executes a message on the state and gives the gas that it used. An error is a revert: nothing but the gas
// has changed.
func (s *state) run(env Env, m Message) (Result, uint64, error) {
	base := intrinsic(m.Data)
	if m.Gas < base {
		return Result{}, m.Gas, errGas
	}
	if s.balance(m.From).Cmp(m.Value) < 0 {
		return Result{}, base, errFunds
	}
	s.sub(m.From, m.Value)
	s.add(m.To, m.Value)
	undo := func(used uint64, err error) (Result, uint64, error) {
		s.sub(m.To, m.Value)
		s.add(m.From, m.Value)
		return Result{}, used, err
	}
	contract := s.contracts[m.To]
	if contract == nil {
		return Result{}, base, nil
	}
	limit := m.Gas
	m.Gas -= base
	before := contract.Clone()
	res, err := contract.Exec(env, m)
	if err != nil {
		return undo(min(limit, base+res.Gas), err)
	}
	if res.Gas > m.Gas {
		s.contracts[m.To] = before
		return undo(limit, errGas)
	}
	for _, p := range res.Pay {
		s.sub(m.To, p.Wei)
		s.add(p.To, p.Wei)
	}
	for i := range res.Logs {
		if res.Logs[i].Address == (common.Address{}) {
			res.Logs[i].Address = m.To
		}
	}
	return res, base + res.Gas, nil
}
