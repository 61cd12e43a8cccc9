package main

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

// shares are what each end gets of the channel by its newest state and how the HTLCs ended, in base units. What can't
// be divided is the opener's.
func (c *tokenCourt) shares() map[*daemon.Node]*big.Int {
	rest := uint64(tokenPush * 1000)
	for _, f := range c.flights {
		if f.from == c.to {
			rest -= f.milli
		}
	}
	of := map[*daemon.Node]*big.Int{c.from: c.base(tokenCapacity * 1000), c.to: c.base(rest)}
	of[c.from].Sub(of[c.from], of[c.to])
	for _, f := range c.flights {
		lock := c.base(f.milli)
		of[c.from].Sub(of[c.from], lock)
		winner := f.from
		if f.settle {
			winner = f.to
		}
		of[winner].Add(of[winner], lock)
	}
	return of
}

// judge demands that both have what is theirs, by the chain's own word, that gas is all they lost besides, that payers
// and payees know how each HTLC ended, and that nothing is pending.
func (c *tokenCourt) judge(ctx context.Context, shares map[*daemon.Node]*big.Int) error {
	ctx, cancel := context.WithTimeout(ctx, 2*soon)
	defer cancel()
	for _, n := range c.nodes {
		want := new(big.Int).Add(c.base(tokenFunds*1000), shares[n])
		if n == c.from {
			want.Sub(want, c.base(tokenCapacity*1000))
		}
		have, err := c.evm.BalanceOf(ctx, c.token, c.accounts[n][0])
		if err != nil {
			return err
		}
		if have.Cmp(want) != 0 {
			return fmt.Errorf("the chain gives %s %v base units, want %v", n.Name, have, want)
		}
		if err := c.rest(ctx, n, have); err != nil {
			return err
		}
	}
	left, err := c.evm.BalanceOf(ctx, c.token, c.evm.Adjudicator)
	if err != nil {
		return err
	}
	if left.Sign() != 0 {
		return fmt.Errorf("the contract keeps %v base units", left)
	}
	return c.gas(ctx)
}

// rest waits until a node says that it has what the chain gives it, and nothing elsewhere.
func (c *tokenCourt) rest(ctx context.Context, n *daemon.Node, have *big.Int) error {
	return n.Await(ctx, "nothing to be pending", func(ctx context.Context) error {
		b, err := n.TokenBalance(ctx, c.token.Symbol)
		if err != nil {
			return err
		}
		if b.OnChain != have.String() || b.Owed != "0" ||
			b.LocalMilli+b.RemoteMilli+b.PendingMilli+b.LimboMilli+b.UnsettledIncomingMilli+b.UnsettledOutgoingMilli != 0 {
			return fmt.Errorf("it says %v, the chain gives it %v", b, have)
		}
		return nil
	})
}

// ended demands that both ends of all HTLCs know what became of each.
func (c *tokenCourt) ended(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	for _, f := range c.flights {
		p, err := f.from.TrackToken(ctx, f.hash)
		if err != nil {
			return err
		}
		inv, err := f.to.LookupTokenInvoice(ctx, f.hash)
		if err != nil {
			return err
		}
		if paid := p.Status == lnrpc.Payment_SUCCEEDED; paid != f.settle || f.settle != (inv.State == lnrpc.Invoice_SETTLED) {
			return fmt.Errorf("HTLC of %d thousandths from %s, settled: %v: the payment is %v, the invoice %v",
				f.milli, f.from.Name, f.settle, p.Status, inv.State)
		}
	}
	return nil
}

// mostGas is more than any end should use here, all calls and those that failed together.
const mostGas = 10_000_000

// gas demands that the accounts have lost in ether exactly what their transactions on the chain cost, and prints that.
func (c *tokenCourt) gas(ctx context.Context) error {
	used, fees, err := c.costs(ctx)
	if err != nil {
		return err
	}
	for _, n := range c.nodes {
		after, err := c.etherAt(ctx, n, nil)
		if err != nil {
			return err
		}
		lost := after.Sub(c.ether[n], after)
		fmt.Fprintf(c.out, "     %s: %d gas, %v wei\n", n.Name, used[n], lost)
		if lost.Cmp(fees[n]) != 0 || used[n] > mostGas {
			return fmt.Errorf("%s lost %v wei, its transactions cost %v: %d gas, at most %d are reasonable", n.Name, lost, fees[n], used[n], mostGas)
		}
	}
	return nil
}

// etherAt is what a node's accounts have in wei, at a block that isn't old; nil is the newest.
func (c *tokenCourt) etherAt(ctx context.Context, n *daemon.Node, block *big.Int) (*big.Int, error) {
	sum := new(big.Int)
	for _, a := range c.accounts[n] {
		has, err := c.evm.Client().BalanceAt(ctx, a, block)
		if err != nil {
			return nil, err
		}
		sum.Add(sum, has)
	}
	return sum, nil
}

// costs adds up what the accounts' transactions cost, in gas and in wei, from the block behind began on.
func (c *tokenCourt) costs(ctx context.Context) (used map[*daemon.Node]uint64, fees map[*daemon.Node]*big.Int, err error) {
	used, fees = map[*daemon.Node]uint64{}, map[*daemon.Node]*big.Int{}
	of := map[common.Address]*daemon.Node{}
	for n, all := range c.accounts {
		fees[n] = new(big.Int)
		for _, a := range all {
			of[a] = n
		}
	}
	signer := types.LatestSignerForChainID(new(big.Int).SetUint64(c.evm.ChainID()))
	for height := c.began + 1; height <= c.evm.Head().Number.Uint64(); height++ {
		block, err := c.evm.Client().BlockByNumber(ctx, new(big.Int).SetUint64(height))
		if err != nil {
			return nil, nil, err
		}
		if len(block.Transactions()) == 0 {
			continue
		}
		receipts, err := c.evm.Client().BlockReceipts(ctx, rpc.BlockNumberOrHashWithHash(block.Hash(), true))
		if err != nil {
			return nil, nil, err
		}
		for i, tx := range block.Transactions() {
			from, err := types.Sender(signer, tx)
			if err != nil {
				return nil, nil, err
			}
			if n := of[from]; n != nil {
				used[n] += receipts[i].GasUsed
				cost := new(big.Int).SetUint64(receipts[i].GasUsed)
				fees[n].Add(fees[n], cost.Mul(cost, receipts[i].EffectiveGasPrice))
			}
		}
	}
	return used, fees, nil
}
