package contract

import (
	"context"
	"errors"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/ethereum"
)

// follower is who is told of logs.
type follower struct {
	ctx   context.Context
	ch    chan ethereum.Update
	began uint64 // what it was asked for
	after uint64
}

// reader is the chain as a court reads it. Lies, if there are any, are told instead of what is.
type reader struct {
	*chain
	calls int
	fails bool
}

var _ ethereum.Reader = (*reader)(nil)

func (r *reader) ChainID() uint64      { return testChainID }
func (r *reader) Head() ethereum.Head  { return r.tip().Head }
func (r *reader) Final() ethereum.Head { return r.final().Head }
func (r *reader) Health() error        { return r.undone }
func (r *reader) Outvoted() error      { return nil }

func (r *reader) Follow(ctx context.Context, contract common.Address, after uint64) <-chan ethereum.Update {
	require.Equal(r.t, r.contract, contract)
	f := &follower{ctx: ctx, ch: make(chan ethereum.Update, 10_000), began: after, after: after}
	r.readers = append(r.readers, f)
	r.tellOne(f)
	return f.ch
}

func (c *chain) tell() {
	c.readers = slices.DeleteFunc(c.readers, func(f *follower) bool { return f.ctx.Err() != nil })
	for _, f := range c.readers {
		c.tellOne(f)
	}
}

func (c *chain) tellOne(f *follower) {
	if c.away {
		return
	}
	u := ethereum.Update{Head: c.tip().Head, Final: c.final().Head}
	for _, b := range c.blocks {
		switch {
		case b.Number > u.Final.Number:
			u.Pending = append(u.Pending, b.logs...)
		case b.Number > f.after:
			u.Settled = append(u.Settled, b.logs...)
		}
	}
	f.after = max(f.after, u.Final.Number)
	f.ch <- u
}

func (r *reader) CallWith(context.Context, common.Address, []byte, map[common.Address][]byte) ([]byte, error) {
	return nil, ethereum.ErrNoOverrides
}

var errAway = errors.New("test: the endpoint is away")

func (r *reader) Call(_ context.Context, to common.Address, data []byte, at common.Hash) ([]byte, error) {
	if r.calls++; r.away || r.fails {
		return nil, errAway
	}
	for _, b := range r.blocks {
		if b.Hash == at {
			result, err := r.run(&block{Head: b.Head, state: b.state.Copy()}, common.Address{}, &to, data, nil, txGas)
			if err != nil {
				return nil, err
			}
			return result.ReturnData, result.Err
		}
	}
	return nil, errors.New("test: no such block")
}

func (r *reader) Balance(_ context.Context, who common.Address) (*big.Int, error) {
	return r.balance(who), nil
}

func (r *reader) Transaction(_ context.Context, hash common.Hash) (*types.Transaction, error) {
	if r.away || r.fails {
		return nil, errAway
	}
	for _, b := range r.blocks {
		for _, tx := range b.txs {
			if tx.Hash() == hash {
				return tx, nil
			}
		}
	}
	return nil, errors.New("test: no such transaction")
}

// sender keeps what is wanted until a block has it.
type sender struct {
	ethereum.Sender
	account common.Address
	wanted  map[string][]ethereum.Call
	stuck   bool // nothing of it gets into blocks
	spent   big.Int
	unpaid  int // calls that were not worth their fee
}

func (c *chain) newSender(name byte) *sender {
	s := &sender{account: common.Address{0xaa, name}, wanted: make(map[string][]ethereum.Call)}
	c.senders = append(c.senders, s)
	return s
}

func (s *sender) Want(owner string, calls []ethereum.Call) error {
	if len(calls) == 0 {
		delete(s.wanted, owner)
		return nil
	}
	s.wanted[owner] = slices.Clone(calls)
	return nil
}

func (s *sender) Addresses() []common.Address { return []common.Address{s.account} }
func (s *sender) Account() common.Address     { return s.account }
