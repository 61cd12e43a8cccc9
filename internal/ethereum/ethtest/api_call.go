package ethtest

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/eth/filters"
	"github.com/ethereum/go-ethereum/rpc"
)

// callArgs is the object of eth_call and eth_estimateGas.
type callArgs struct {
	From  common.Address  `json:"from"`
	To    common.Address  `json:"to"`
	Gas   *hexutil.Uint64 `json:"gas"`
	Value *hexutil.Big    `json:"value"`
	Data  *hexutil.Bytes  `json:"data"`
	Input *hexutil.Bytes  `json:"input"`
}

func (a callArgs) message(gas uint64) Message {
	m := Message{From: a.From, To: a.To, Value: new(big.Int), Gas: gas}
	if a.Gas != nil {
		m.Gas = uint64(*a.Gas)
	}
	if a.Value != nil {
		m.Value = a.Value.ToInt()
	}
	if a.Data != nil {
		m.Data = *a.Data
	}
	if a.Input != nil {
		m.Data = *a.Input
	}
	return m
}

// try runs a message on a copy of the state after a block.
func try(c *Chain, b *block, m Message) (Result, uint64, error) {
	return b.after.clone().run(c.env(b.header), m)
}

// Call is eth_call.
func (a *ethAPI) Call(ctx context.Context, args callArgs, id rpc.BlockNumberOrHash) (any, error) {
	return a.ask(ctx, "eth_call", func(c *Chain, f *Faults) (any, error) {
		b, err := which(c, f, id)
		if err != nil {
			return nil, err
		}
		res, _, err := try(c, b, args.message(c.opt.GasLimit))
		return hexutil.Bytes(res.Return), err
	})
}

// EstimateGas is eth_estimateGas.
func (a *ethAPI) EstimateGas(ctx context.Context, args callArgs, id *rpc.BlockNumberOrHash) (any, error) {
	return a.ask(ctx, "eth_estimateGas", func(c *Chain, f *Faults) (any, error) {
		b := c.newest()
		if id != nil {
			var err error
			if b, err = which(c, f, *id); err != nil {
				return nil, err
			}
		}
		_, gas, err := try(c, b, args.message(c.opt.GasLimit))
		return hexutil.Uint64(gas), err
	})
}

// errLimit is what providers answer who limit eth_getLogs.
type errLimit string

func (e errLimit) Error() string { return string(e) }

// ErrorCode implements rpc.Error.
func (errLimit) ErrorCode() int { return -32005 }

// GetLogs is eth_getLogs.
func (a *ethAPI) GetLogs(ctx context.Context, q filters.FilterCriteria) (any, error) {
	return a.ask(ctx, "eth_getLogs", func(c *Chain, f *Faults) (any, error) {
		blocks, err := inQuery(c, f, q)
		if err != nil {
			return nil, err
		}
		logs := make([]types.Log, 0)
		for _, b := range blocks {
			for _, r := range b.receipts {
				for _, l := range r.Logs {
					if slices.Contains(q.Addresses, l.Address) && (f.DropLog == nil || !f.DropLog(*l)) {
						logs = append(logs, *l)
					}
				}
			}
		}
		if f.MaxResults != 0 && len(logs) > f.MaxResults {
			return nil, errLimit(fmt.Sprintf("query returned more than %d results", f.MaxResults))
		}
		return append(logs, f.ExtraLogs...), nil
	})
}

func inQuery(c *Chain, f *Faults, q filters.FilterCriteria) ([]*block, error) {
	if q.BlockHash != nil {
		b, err := which(c, f, rpc.BlockNumberOrHashWithHash(*q.BlockHash, false))
		return []*block{b}, err
	}
	if q.FromBlock == nil || q.ToBlock == nil || len(q.Topics) > 0 {
		return nil, errors.New("ethtest: eth_getLogs with a range, without topics")
	}
	from, to, all := q.FromBlock.Uint64(), q.ToBlock.Uint64(), known(c, f)
	switch {
	case q.FromBlock.Sign() < 0 || q.ToBlock.Sign() < 0 || from > to:
		return nil, errors.New("invalid block range params")
	case f.MaxRange != 0 && to-from+1 > f.MaxRange:
		return nil, errLimit(fmt.Sprintf("block range is too wide, at most %d", f.MaxRange))
	case to >= uint64(len(all)):
		return nil, errors.New("block range extends beyond current head block")
	}
	return all[from : to+1], nil
}

// NewHeads is eth_subscribe of "newHeads".
func (a *ethAPI) NewHeads(ctx context.Context) (*rpc.Subscription, error) {
	notifier, ok := rpc.NotifierFromContext(ctx)
	if !ok {
		return nil, rpc.ErrNotificationsUnsupported
	}
	sub := notifier.CreateSubscription()
	heads := make(chan *types.Header, 256)
	c := a.e.chain
	c.mu.Lock()
	c.subs[heads] = true
	c.mu.Unlock()
	go func() {
		defer func() {
			c.mu.Lock()
			delete(c.subs, heads)
			c.mu.Unlock()
		}()
		for {
			select {
			case h := <-heads:
				if f, _ := a.e.now(); f.Until == 0 || h.Number.Uint64() <= f.Until {
					_ = notifier.Notify(sub.ID, h)
				}
			case <-sub.Err():
				return
			}
		}
	}()
	return sub, nil
}
