package ethereum

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

const (
	firstSpan = 1024    // blocks that a provider is first asked for at once
	maxSpan   = 1 << 14 // and at most
	growAfter = 16      // answers
)

var (
	errManyLogs = errors.New("more logs than are read at once")
	errSettled  = errors.New("an endpoint that tells other logs than the others is left out")
)

// maxLogs are taken of one contract in one read (endpoint.most).
var maxLogs = 1 << 17

// logKey names a log.
type logKey struct {
	block common.Hash
	index uint
}

func keyOf(l *types.Log) logKey { return logKey{l.BlockHash, l.Index} }

func sameLog(a, b *types.Log) bool {
	return a.TxHash == b.TxHash && slices.Equal(a.Topics, b.Topics) && bytes.Equal(a.Data, b.Data)
}

// read gives the logs of a contract in blocks from to to, in order. They are asked from two endpoints when there are
// two; what one of them left out is taken all the same, and told (Health) if the block is final: before that, one
// of them may not have seen it yet; with three or more the majority settles it. Of each log it is checked that it lies in the
// block that the trail has at its height, or the endpoints say is there. A block of the trail whose bloom filter speaks
// of the contract, and for which nothing came, is looked into.
//
// sure is false if there are two and one of them had no answer, or another one.
func (c *Chain) read(ctx context.Context, v view, contract common.Address, from, to uint64) (logs []types.Log, sure bool, err error) {
	asked := c.readers(to)
	if len(asked) == 0 {
		return nil, false, ErrNoEndpoint
	}
	good, lies, err := c.askLogs(ctx, v, asked, contract, from, to)
	if (len(lies) > 0 || contradict(v, good)) && c.settleLogs(ctx, v, contract, from, to) {
		return nil, false, errSettled
	}
	for _, lie := range lies {
		c.disagree(lie.err.Error(), lie.from)
	}
	if len(good) == 0 {
		return nil, false, err
	}
	logs = good[0].logs
	if len(good) > 1 {
		logs = c.union(v, contract, good[0], good[1])
	}
	sure = len(good) == len(asked)
	told := len(logs)
	if logs, err = c.fillGaps(ctx, v, asked, contract, from, to, logs); err != nil {
		return nil, false, err
	}
	for _, a := range good {
		sure = sure && len(a.logs) == told
	}
	sure = sure && len(logs) == told
	slices.SortFunc(logs, inOrder)
	logs = slices.CompactFunc(logs, func(a, b types.Log) bool { return keyOf(&a) == keyOf(&b) })
	return logs, sure, nil
}

// inOrder is the order of logs on chain.
func inOrder(a, b types.Log) int {
	return cmp.Or(cmp.Compare(a.BlockNumber, b.BlockNumber), cmp.Compare(a.Index, b.Index))
}

type answer struct {
	from *endpoint
	logs []types.Log
	err  error
}

// askLogs gives the answers that may be true, and those that can't be; if there is none, why.
func (c *Chain) askLogs(ctx context.Context, v view, asked []*endpoint, contract common.Address, from, to uint64) (good, lies []answer, err error) {
	answers := make([]answer, len(asked))
	var wait sync.WaitGroup
	for i, e := range asked {
		wait.Go(func() {
			logs, err := e.logs(ctx, contract, from, to)
			if err == nil {
				err = c.locate(ctx, v, e, logs)
			}
			answers[i] = answer{e, logs, err}
		})
	}
	wait.Wait()
	var errs []error
	for _, a := range answers {
		if a.err == nil {
			good = append(good, a)
			continue
		}
		a.err = fmt.Errorf("%s: %w", a.from.name, a.err)
		errs = append(errs, a.err)
		if errors.Is(a.err, errFalseLog) {
			lies = append(lies, a)
		}
	}
	return good, lies, errors.Join(errs...)
}

// readers are up to two endpoints for a question about a block, the one that is followed first, and those that have the block
// before those that have yet to see it.
func (c *Chain) readers(to uint64) []*endpoint {
	all := c.fitNow()
	slices.SortStableFunc(all, func(a, b *endpoint) int {
		return cmp.Compare(to-min(to, a.report().head.Number), to-min(to, b.report().head.Number))
	})
	return all[:min(len(all), 2)]
}

// errFalseLog says that an endpoint answered with what it was not asked for.
var errFalseLog = errors.New("a false answer")

// logs asks for a range, in as many parts as the provider wants it.
func (e *endpoint) logs(ctx context.Context, contract common.Address, from, to uint64) ([]types.Log, error) {
	var all []types.Log
	for from <= to {
		most := e.spanNow()
		end := min(to, from+most-1)
		var part []types.Log
		err := e.call(ctx, &part, "eth_getLogs", map[string]any{
			"address": contract, "fromBlock": number(from), "toBlock": number(end),
		})
		switch {
		case err == nil:
			for i := range part {
				if err := checkLog(&part[i], contract, from, end); err != nil {
					return nil, fmt.Errorf("%w: %w", errFalseLog, err)
				}
			}
			if all = append(all, part...); len(all) > e.most {
				return nil, errManyLogs
			}
			if end-from+1 == most {
				e.fitted(most)
			}
			from = end + 1
		case ctx.Err() != nil || end == from || end > e.report().head.Number:
			return nil, err
		case answered(err), errors.Is(err, errTooLong), errors.Is(err, context.DeadlineExceeded):
			e.setSpan((end - from + 1) / 2) // too large a range or too many results, as each provider words it
		default:
			return nil, err
		}
	}
	return all, nil
}

func (e *endpoint) spanNow() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.span
}

func (e *endpoint) setSpan(n uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.span, e.fits = max(n, 1), 0
}

// fitted asks for more at once after some answers of a span.
func (e *endpoint) fitted(span uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fits++; e.span == span && e.fits >= growAfter {
		e.span, e.fits = min(2*span, maxSpan), 0
	}
}

// locate checks that logs lie in the blocks that are at their heights, and may do so by those blocks' bloom filters.
func (c *Chain) locate(ctx context.Context, v view, e *endpoint, logs []types.Log) error {
	var below []uint64 // the trail
	for i := range logs {
		if _, ok := v.trail.at(logs[i].BlockNumber); !ok {
			below = append(below, logs[i].BlockNumber)
		}
	}
	slices.Sort(below)
	hashes := make(map[uint64]common.Hash)
	for some := range slices.Chunk(slices.Compact(below), headersAtOnce) {
		headers, err := e.headers(ctx, some)
		if err != nil {
			return err
		}
		for _, h := range headers {
			hashes[h.Number] = h.Hash
		}
	}
	for i := range logs {
		l := &logs[i]
		hash := hashes[l.BlockNumber]
		if h, ok := v.trail.at(l.BlockNumber); ok {
			hash = h.Hash
		}
		if l.BlockHash != hash {
			return fmt.Errorf("a log of block %d in %v, which is %v", l.BlockNumber, l.BlockHash, hash)
		}
		if v.trail.excludes(l) {
			return fmt.Errorf("%w: a log that the bloom filter of block %d excludes", errFalseLog, l.BlockNumber)
		}
	}
	return nil
}

// union takes what either of two has; of a log that they tell differently the first one's words count.
func (c *Chain) union(v view, contract common.Address, a, b answer) []types.Log {
	index := func(logs []types.Log) map[logKey]*types.Log {
		m := make(map[logKey]*types.Log, len(logs))
		for i := range logs {
			m[keyOf(&logs[i])] = &logs[i]
		}
		return m
	}
	inA, inB := index(a.logs), index(b.logs)
	var all []types.Log
	lacks := func(one, other answer, l *types.Log) {
		if l.BlockNumber <= v.final.Number {
			c.disagree(fmt.Sprintf("%s has a log of %v in block %d that %s leaves out", one.from.name, contract, l.BlockNumber, other.from.name), one.from, other.from)
		}
		all = append(all, *l)
	}
	for i := range a.logs {
		switch l, twin := &a.logs[i], inB[keyOf(&a.logs[i])]; {
		case twin == nil:
			lacks(a, b, l)
		default:
			if !sameLog(l, twin) {
				c.disagree(fmt.Sprintf("%s and %s tell log %d of block %d differently", a.from.name, b.from.name, l.Index, l.BlockNumber), a.from, b.from)
			}
			all = append(all, *l)
		}
	}
	for i := range b.logs {
		if inA[keyOf(&b.logs[i])] == nil {
			lacks(b, a, &b.logs[i])
		}
	}
	return all
}

// fillGaps looks into blocks of the trail whose bloom filter speaks of the contract and of which there are no logs.
func (c *Chain) fillGaps(ctx context.Context, v view, asked []*endpoint, contract common.Address, from, to uint64, logs []types.Log) ([]types.Log, error) {
	there := make(map[uint64]bool)
	for i := range logs {
		there[logs[i].BlockNumber] = true
	}
	if len(v.trail) == 0 {
		return logs, nil
	}
	for n := max(from, v.trail[0].Number); n <= min(to, v.trail.top().Number); n++ {
		h, _ := v.trail.at(n)
		if there[n] || h.bloom == nil || !admits(h.bloom, contract) {
			continue
		}
		more, err := c.inspect(ctx, asked, contract, h)
		if err != nil {
			return nil, err
		}
		if len(more) > 0 && n <= v.final.Number {
			c.disagree(fmt.Sprintf("%s left out %d logs of block %d", asked[0].name, len(more), n), asked[0])
		}
		logs = append(logs, more...)
	}
	return logs, nil
}

// inspect reads a block's logs off its receipts. Those that add up to the block's bloom filter prove that the contract
// has no more in it; without any that do, the filter's word may be chance (one block in some 20 on a busy chain), and
// the second question's answer stands.
func (c *Chain) inspect(ctx context.Context, asked []*endpoint, contract common.Address, h header) ([]types.Log, error) {
	var errs []error
	for _, e := range asked {
		var receipts []*types.Receipt
		if err := e.call(ctx, &receipts, "eth_getBlockReceipts", number(h.Number)); err != nil {
			errs = append(errs, err)
			continue
		}
		logs, bloom := ofReceipts(receipts, contract)
		if bloom == *h.bloom {
			return logs, c.locate(ctx, view{trail: trail{h}}, e, logs)
		}
		errs = append(errs, fmt.Errorf("%s: the receipts of block %d don't make its bloom filter", e.name, h.Number))
	}
	for _, e := range asked {
		var logs []types.Log
		if err := e.call(ctx, &logs, "eth_getLogs", map[string]any{"address": contract, "blockHash": h.Hash}); err != nil {
			errs = append(errs, err)
			continue
		}
		for i := range logs {
			if err := checkLog(&logs[i], contract, h.Number, h.Number); err != nil {
				return nil, fmt.Errorf("%w: %w", errFalseLog, err)
			}
		}
		return logs, c.locate(ctx, view{trail: trail{h}}, e, logs)
	}
	return nil, errors.Join(errs...)
}

// ofReceipts are a contract's logs, and the bloom filter that all receipts make.
func ofReceipts(receipts []*types.Receipt, contract common.Address) (logs []types.Log, bloom types.Bloom) {
	for _, r := range receipts {
		if r == nil {
			continue
		}
		for _, l := range r.Logs {
			if l == nil || len(l.Topics) > maxTopics {
				continue
			}
			bloom.Add(l.Address[:])
			for _, t := range l.Topics {
				bloom.Add(t[:])
			}
			if l.Address == contract && !l.Removed {
				logs = append(logs, *l)
			}
		}
	}
	return logs, bloom
}
