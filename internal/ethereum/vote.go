package ethereum

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ethereum/go-ethereum/common"
)

// finalize has the endpoints vote on a block.
func (c *Chain) finalize(ctx context.Context, p *endpoint, quorum []*endpoint, silent int, v *view, target uint64) (err error) {
	mine, kept := v.trail.at(target)
	if !kept {
		if mine, err = p.header(ctx, target); err != nil {
			return err
		}
	}
	t, err := c.vote(ctx, p, quorum, silent, mine.Head)
	switch {
	case err != nil:
		return err
	case t.against >= t.most:
		return fmt.Errorf("%w: %s says that block %d is %v, the others don't", errMinority, p.name, target, mine.Hash)
	case t.against > 0 && t.agree < t.most:
		c.alarms.raise(fmt.Sprintf("no majority for block %d: %s", target, t.words))
		return nil
	case t.agree < t.most:
		return nil // somebody didn't answer
	default:
		for _, e := range t.liars {
			c.convict(e, fmt.Sprintf("%s says otherwise than the others of block %d", e.name, target), nil)
		}
	}
	v.final = mine.Head
	c.alarms.agreed()
	c.acquit(ctx, v.final)
	return nil
}

var (
	errMinority  = errors.New("ethereum: outvoted")
	errUndecided = errors.New("ethereum: too few endpoints answer")
)

// tally is the outcome of a vote.
type tally struct {
	most           int // so many are more than half
	agree, against int // against: the largest group of one mind
	liars          []*endpoint
	words          string
}

// vote asks all for the hash of a block. p, whose block it is, is asked too: it may have left it since.
func (c *Chain) vote(ctx context.Context, p *endpoint, quorum []*endpoint, silent int, block Head) (tally, error) {
	t := tally{most: (len(quorum)+silent)/2 + 1, words: fmt.Sprintf("%s has %v", p.name, block.Hash)}
	others := make(map[common.Hash]int)
	for i, got := range askAll(ctx, quorum, block.Number) {
		e := quorum[i]
		switch {
		case e == p && got != block.Hash:
			return t, fmt.Errorf("%s has just left block %v", p.name, block.Hash)
		case got == (common.Hash{}) && e != p:
		case got == block.Hash:
			t.agree++
		default:
			others[got]++
			t.against = max(t.against, others[got])
			t.liars = append(t.liars, e)
			t.words += fmt.Sprintf(", %s %v", e.name, got)
		}
	}
	return t, nil
}

// askAll asks all for a block's hash at once; zero: no answer.
func askAll(ctx context.Context, ends []*endpoint, n uint64) []common.Hash {
	hashes := make([]common.Hash, len(ends))
	var wait sync.WaitGroup
	for i, e := range ends {
		wait.Go(func() {
			if e.report().head.Number < n {
				return // not there yet
			}
			h, err := e.header(ctx, n)
			switch hashes[i] = h.Hash; {
			case err == nil:
				e.fine()
			case ctx.Err() == nil && !answered(err) && !errors.Is(err, errNotThere):
				e.setAside(err)
			}
		})
	}
	wait.Wait()
	return hashes
}
