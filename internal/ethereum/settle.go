package ethereum

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

// charge is what a majority contradicts an endpoint about.
type charge struct {
	text  string
	again func(ctx context.Context) bool // whether it agrees now; nil: the final blocks tell
}

// leastVoters are needed to say which of two answers is wrong.
const leastVoters = 3

// voters are the endpoints that may be asked, the one that is followed first, and how many of one mind are more than half
// of them and of those that are silent for a short time only; 0 if there are too few to settle anything.
func (c *Chain) voters() (all []*endpoint, most int) {
	c.mu.Lock()
	silent := c.silent
	c.mu.Unlock()
	all = c.fitNow()
	if len(all) < leastVoters {
		return nil, 0
	}
	return all, (len(all)+silent)/2 + 1
}

// majority asks all endpoints the same, and gives those whose common answer counts, and those that contradict it; none if
// no answer has a majority.
func majority[T any](c *Chain, ask func(e *endpoint) (T, error), same func(a, b T) bool) (ours, against []*endpoint, truth T) {
	all, most := c.voters()
	answers, errs := make([]T, len(all)), make([]error, len(all))
	var wait sync.WaitGroup
	for i, e := range all {
		wait.Go(func() { answers[i], errs[i] = ask(e) })
	}
	wait.Wait()
	for i := range all {
		if errs[i] != nil {
			continue
		}
		ours, against = nil, nil
		for j, e := range all {
			switch {
			case errs[j] == nil && same(answers[i], answers[j]):
				ours = append(ours, e)
			case errs[j] == nil || errors.Is(errs[j], errFalseLog):
				against = append(against, e)
			}
		}
		if len(ours) >= most {
			return ours, against, answers[i]
		}
	}
	return nil, nil, truth
}

// settleCall has all endpoints answer a call that two of them answered differently.
func (c *Chain) settleCall(ctx context.Context, to common.Address, data []byte, at common.Hash) (reply, bool) {
	same := func(a, b reply) bool { return a.same(b) }
	ours, against, truth := majority(c, func(e *endpoint) (reply, error) { return c.callOne(ctx, e, to, data, at) }, same)
	for _, e := range against {
		c.convict(e, fmt.Sprintf("%s answers a call of %v otherwise than the others", e.name, to), func(ctx context.Context) bool {
			head := c.Head().Hash
			return agrees(c, e, func(e *endpoint) (reply, error) { return c.callOne(ctx, e, to, data, head) }, same)
		})
	}
	return truth, len(ours) > 0
}

// callOne asks one endpoint for a call's outcome.
func (c *Chain) callOne(ctx context.Context, e *endpoint, to common.Address, data []byte, at common.Hash) (reply, error) {
	r := reply{from: e}
	args := map[string]any{"to": to, "input": hexutil.Bytes(data)}
	err := c.revertOf(e.call(ctx, (*hexutil.Bytes)(&r.out), "eth_call", args, rpc.BlockNumberOrHashWithHash(at, false)))
	if errors.As(err, &r.revert) {
		err = nil
	}
	return r, err
}

// settleLogs has all endpoints tell logs that two of them told differently. It reports whether one is left out for that.
func (c *Chain) settleLogs(ctx context.Context, v view, contract common.Address, from, to uint64) (settled bool) {
	ask := func(ctx context.Context, e *endpoint) ([]types.Log, error) {
		logs, err := e.logs(ctx, contract, from, to)
		if err == nil {
			err = c.locate(ctx, v, e, logs)
		}
		return v.settled(logs), err
	}
	_, against, _ := majority(c, func(e *endpoint) ([]types.Log, error) { return ask(ctx, e) }, sameLogs)
	for _, e := range against {
		text := fmt.Sprintf("%s tells other logs of %v in blocks %d to %d than the others", e.name, contract, from, to)
		c.convict(e, text, func(ctx context.Context) bool {
			return agrees(c, e, func(e *endpoint) ([]types.Log, error) { return ask(ctx, e) }, sameLogs)
		})
	}
	return len(against) > 0
}

// contradict tells whether two answers differ in final blocks.
func contradict(v view, good []answer) bool {
	return len(good) > 1 && !sameLogs(v.settled(good[0].logs), v.settled(good[1].logs))
}

// settled are the logs of final blocks, in order.
func (v view) settled(logs []types.Log) []types.Log {
	final := slices.DeleteFunc(slices.Clone(logs), func(l types.Log) bool { return l.BlockNumber > v.final.Number })
	slices.SortFunc(final, inOrder)
	return final
}

func sameLogs(a, b []types.Log) bool {
	return slices.EqualFunc(a, b, func(a, b types.Log) bool { return keyOf(&a) == keyOf(&b) && sameLog(&a, &b) })
}

// settleNonce has all endpoints tell an account's nonce in a block.
func (c *Chain) settleNonce(ctx context.Context, a common.Address, at common.Hash) (uint64, bool) {
	ask := func(ctx context.Context, e *endpoint, at common.Hash) (n hexutil.Uint64, err error) {
		return n, e.call(ctx, &n, "eth_getTransactionCount", a, rpc.BlockNumberOrHashWithHash(at, false))
	}
	same := func(a, b hexutil.Uint64) bool { return a == b }
	ours, against, truth := majority(c, func(e *endpoint) (hexutil.Uint64, error) { return ask(ctx, e, at) }, same)
	for _, e := range against {
		c.convict(e, fmt.Sprintf("%s tells another nonce of %v than the others", e.name, a), func(ctx context.Context) bool {
			head := c.Head().Hash
			return agrees(c, e, func(e *endpoint) (hexutil.Uint64, error) { return ask(ctx, e, head) }, same)
		})
	}
	return uint64(truth), len(ours) > 0
}

// agrees asks an endpoint that is left out, and one that isn't, the same.
func agrees[T any](c *Chain, e *endpoint, ask func(e *endpoint) (T, error), same func(a, b T) bool) bool {
	theirs, err := ask(e)
	if err != nil {
		return false
	}
	for _, other := range c.fitNow() {
		if truth, err := ask(other); err == nil {
			return same(theirs, truth)
		}
	}
	return false
}
