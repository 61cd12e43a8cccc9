package ethtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

// ethAPI is the namespace "eth".
type ethAPI struct{ e *Endpoint }

type netAPI struct{ e *Endpoint }

// Version is net_version.
func (a *netAPI) Version() string { return fmt.Sprint(a.e.chain.opt.ChainID) }

// ask counts a call, waits while the endpoint hangs, and locks the chain that is told of.
func (a *ethAPI) ask(ctx context.Context, method string, f func(c *Chain, f *Faults) (any, error)) (any, error) {
	e := a.e
	e.mu.Lock()
	e.calls[method]++
	e.mu.Unlock()
	faults, changed := e.now()
	for faults.Hang { // over a connection that was open before
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		faults, changed = e.now()
	}
	if faults.Down {
		return nil, errors.New("gone")
	}
	c := e.chain
	if faults.On != nil {
		c = faults.On
	}
	c.mu.Lock()
	res, err := f(c, &faults)
	c.mu.Unlock()
	if err != nil || faults.Edit == nil {
		return res, err
	}
	return faults.Edit(method, res)
}

// known is the blocks that an endpoint tells of.
func known(c *Chain, f *Faults) []*block {
	if f.Until != 0 && uint64(len(c.all)) > f.Until+1 {
		return c.all[:f.Until+1]
	}
	return c.all
}

func at(c *Chain, f *Faults, n rpc.BlockNumber) *block {
	all := known(c, f)
	top := uint64(len(all) - 1)
	down := func(depth uint64) *block {
		if f.Final != 0 && f.Final <= top {
			return all[f.Final]
		}
		return all[top-min(depth, top)]
	}
	switch n {
	case rpc.LatestBlockNumber, rpc.PendingBlockNumber:
		return all[top]
	case rpc.SafeBlockNumber:
		return down(c.opt.SafeDepth)
	case rpc.FinalizedBlockNumber:
		return down(c.opt.FinalDepth)
	case rpc.EarliestBlockNumber:
		return all[0]
	}
	if n < 0 || uint64(n) > top {
		return nil
	}
	return all[n]
}

func which(c *Chain, f *Faults, id rpc.BlockNumberOrHash) (*block, error) {
	if n, ok := id.Number(); ok {
		if b := at(c, f, n); b != nil {
			return b, nil
		}
	}
	if h, ok := id.Hash(); ok {
		if b := c.seen[h]; b != nil && (f.Until == 0 || b.header.Number.Uint64() <= f.Until) {
			return b, nil
		}
	}
	return nil, errors.New("header not found")
}

func tell(b *block, full bool) (any, error) {
	if b == nil {
		return nil, nil
	}
	raw, err := json.Marshal(b.header)
	if err != nil {
		return nil, err
	}
	fields := make(map[string]any)
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, err
	}
	txs := make([]any, len(b.txs))
	for i, tx := range b.txs {
		if txs[i] = tx.Hash(); full {
			txs[i] = tx
		}
	}
	fields["transactions"], fields["uncles"], fields["size"] = txs, []common.Hash{}, hexutil.Uint64(1000)
	return fields, nil
}

// ChainId is eth_chainId.
func (a *ethAPI) ChainId(ctx context.Context) (any, error) { //nolint:revive // the method's name
	return a.ask(ctx, "eth_chainId", func(c *Chain, f *Faults) (any, error) {
		if f.ChainID != 0 {
			return hexutil.Uint64(f.ChainID), nil
		}
		return hexutil.Uint64(c.opt.ChainID), nil
	})
}

// BlockNumber is eth_blockNumber.
func (a *ethAPI) BlockNumber(ctx context.Context) (any, error) {
	return a.ask(ctx, "eth_blockNumber", func(c *Chain, f *Faults) (any, error) {
		return hexutil.Uint64(len(known(c, f)) - 1), nil
	})
}

// GetBlockByNumber is eth_getBlockByNumber.
func (a *ethAPI) GetBlockByNumber(ctx context.Context, n rpc.BlockNumber, full bool) (any, error) {
	return a.ask(ctx, "eth_getBlockByNumber", func(c *Chain, f *Faults) (any, error) { return tell(at(c, f, n), full) })
}

// GetBlockByHash is eth_getBlockByHash.
func (a *ethAPI) GetBlockByHash(ctx context.Context, h common.Hash, full bool) (any, error) {
	return a.ask(ctx, "eth_getBlockByHash", func(c *Chain, f *Faults) (any, error) {
		b, err := which(c, f, rpc.BlockNumberOrHashWithHash(h, false))
		if err != nil {
			return nil, nil
		}
		return tell(b, full)
	})
}

// GetBlockReceipts is eth_getBlockReceipts.
func (a *ethAPI) GetBlockReceipts(ctx context.Context, id rpc.BlockNumberOrHash) (any, error) {
	return a.ask(ctx, "eth_getBlockReceipts", func(c *Chain, f *Faults) (any, error) {
		if f.NoReceipts {
			return nil, errors.New("the method eth_getBlockReceipts does not exist/is not available")
		}
		b, err := which(c, f, id)
		if err != nil {
			return nil, nil
		}
		return append([]*types.Receipt{}, b.receipts...), nil
	})
}

// GetTransactionReceipt is eth_getTransactionReceipt.
func (a *ethAPI) GetTransactionReceipt(ctx context.Context, tx common.Hash) (any, error) {
	return a.ask(ctx, "eth_getTransactionReceipt", func(c *Chain, f *Faults) (any, error) {
		if r, _, b := c.find(tx); r != nil && (f.Until == 0 || b.header.Number.Uint64() <= f.Until) {
			return r, nil
		}
		return nil, nil
	})
}

// GetTransactionByHash is eth_getTransactionByHash.
func (a *ethAPI) GetTransactionByHash(ctx context.Context, tx common.Hash) (any, error) {
	return a.ask(ctx, "eth_getTransactionByHash", func(c *Chain, f *Faults) (any, error) {
		if _, t, b := c.find(tx); t != nil {
			return tellTx(c, t, b)
		}
		for _, waiting := range c.pool.all {
			for _, t := range waiting {
				if t.Hash() == tx {
					return tellTx(c, t, nil)
				}
			}
		}
		return nil, nil
	})
}

func tellTx(c *Chain, tx *types.Transaction, b *block) (any, error) {
	raw, err := json.Marshal(tx)
	if err != nil {
		return nil, err
	}
	fields := make(map[string]any)
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, err
	}
	if from, err := types.Sender(c.pool.signer, tx); err == nil {
		fields["from"] = from
	}
	if b != nil {
		fields["blockHash"], fields["blockNumber"] = b.hash, hexutil.Uint64(b.header.Number.Uint64())
	}
	return fields, nil
}

// GetBalance is eth_getBalance.
func (a *ethAPI) GetBalance(ctx context.Context, who common.Address, id rpc.BlockNumberOrHash) (any, error) {
	return a.ask(ctx, "eth_getBalance", func(c *Chain, f *Faults) (any, error) {
		b, err := which(c, f, id)
		if err != nil {
			return nil, err
		}
		return (*hexutil.Big)(b.after.balance(who)), nil
	})
}

// GetCode is eth_getCode: one byte for a contract.
func (a *ethAPI) GetCode(ctx context.Context, who common.Address, id rpc.BlockNumberOrHash) (any, error) {
	return a.ask(ctx, "eth_getCode", func(c *Chain, f *Faults) (any, error) {
		b, err := which(c, f, id)
		if err != nil {
			return nil, err
		}
		if b.after.contracts[who] != nil {
			return hexutil.Bytes{0xfe}, nil
		}
		return hexutil.Bytes{}, nil
	})
}

// GetTransactionCount is eth_getTransactionCount.
func (a *ethAPI) GetTransactionCount(ctx context.Context, who common.Address, id rpc.BlockNumberOrHash) (any, error) {
	return a.ask(ctx, "eth_getTransactionCount", func(c *Chain, f *Faults) (any, error) {
		b, err := which(c, f, id)
		if err != nil {
			return nil, err
		}
		n := b.after.nonces[who]
		if tag, ok := id.Number(); ok && tag == rpc.PendingBlockNumber {
			for c.pool.all[who][n] != nil {
				n++
			}
		}
		return hexutil.Uint64(n), nil
	})
}

// GasPrice is eth_gasPrice.
func (a *ethAPI) GasPrice(ctx context.Context) (any, error) {
	return a.ask(ctx, "eth_gasPrice", func(c *Chain, f *Faults) (any, error) {
		return (*hexutil.Big)(new(big.Int).Add(c.opt.BaseFee, Gwei(1))), nil
	})
}

// MaxPriorityFeePerGas is eth_maxPriorityFeePerGas.
func (a *ethAPI) MaxPriorityFeePerGas(ctx context.Context) (any, error) {
	return a.ask(ctx, "eth_maxPriorityFeePerGas", func(c *Chain, f *Faults) (any, error) {
		if c.opt.Legacy {
			return nil, errors.New("the method eth_maxPriorityFeePerGas does not exist/is not available")
		}
		return (*hexutil.Big)(Gwei(1)), nil
	})
}

// SendRawTransaction is eth_sendRawTransaction.
func (a *ethAPI) SendRawTransaction(ctx context.Context, raw hexutil.Bytes) (any, error) {
	tx := new(types.Transaction)
	if err := tx.UnmarshalBinary(raw); err != nil {
		return nil, err
	}
	if f, _ := a.e.now(); f.OnTx != nil {
		f.OnTx(tx)
	}
	return a.ask(ctx, "eth_sendRawTransaction", func(c *Chain, f *Faults) (any, error) {
		switch {
		case f.RefuseTx != nil:
			return nil, f.RefuseTx
		case f.Swallow:
			return tx.Hash(), nil
		case c.opt.Legacy && tx.Type() != types.LegacyTxType:
			return nil, types.ErrTxTypeNotSupported
		}
		if err := c.pool.add(tx, c.newest().after); err != nil {
			return nil, err
		}
		return tx.Hash(), nil
	})
}
