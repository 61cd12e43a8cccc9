package ethereum

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/rpc"
)

// headersAtOnce are asked for together.
const headersAtOnce = 100

// fork is the lowest block of a trail, up to a number, that an endpoint has another one of.
func (e *endpoint) fork(ctx context.Context, known trail, to uint64) (uint64, error) {
	for {
		low := max(known[0].Number, to-min(to, headersAtOnce-1))
		theirs, err := e.headers(ctx, span(low, to))
		if err != nil {
			return 0, err
		}
		for i := len(theirs) - 1; i >= 0; i-- {
			if ours, _ := known.at(theirs[i].Number); ours.Hash == theirs[i].Hash {
				return theirs[i].Number + 1, nil
			}
		}
		if low == known[0].Number {
			return low, nil
		}
		to = low - 1
	}
}

// ancestors are the blocks from an endpoint's head down to one whose parent is in a trail, or to the number low.
func (e *endpoint) ancestors(ctx context.Context, head header, low uint64, known trail) ([]header, error) {
	fresh := []header{head}
	for {
		last := fresh[len(fresh)-1]
		if last.Number <= low || last.Number == 0 {
			return fresh, nil
		}
		if h, ok := known.at(last.Number - 1); ok && h.Hash == last.parent {
			return fresh, nil
		}
		from := max(low, last.Number-min(last.Number, e.stride(last, known)))
		more, err := e.headers(ctx, span(from, last.Number-1))
		if err != nil {
			return nil, err
		}
		for i := len(more) - 1; i >= 0; i-- {
			if h, ok := known.at(last.Number - 1); ok && h.Hash == last.parent {
				return fresh, nil
			}
			if more[i].Hash != last.parent {
				return nil, fmt.Errorf("block %d is %v, but %d has the parent %v", more[i].Number, more[i].Hash, last.Number, last.parent)
			}
			last = more[i]
			fresh = append(fresh, last)
		}
	}
}

// stride is how many headers to ask for: down to the trail's top, or a few more each time below it.
func (e *endpoint) stride(last header, known trail) uint64 {
	if len(known) > 0 && last.Number > known.top().Number+1 {
		return min(headersAtOnce, last.Number-known.top().Number-1)
	}
	return headersAtOnce
}

// headers asks for blocks by number.
func (e *endpoint) headers(ctx context.Context, numbers []uint64) ([]header, error) {
	answers := make([]*wireHeader, len(numbers))
	ask := make([]rpc.BatchElem, len(numbers))
	for i, n := range numbers {
		ask[i] = rpc.BatchElem{Method: "eth_getBlockByNumber", Args: []any{number(n), false}, Result: &answers[i]}
	}
	if err := e.batch(ctx, ask); err != nil {
		return nil, err
	}
	all := make([]header, len(answers))
	for i, w := range answers {
		if ask[i].Error != nil {
			return nil, fmt.Errorf("block %d: %w", numbers[i], tidied(ask[i].Error))
		}
		h, err := w.header()
		if err != nil {
			return nil, fmt.Errorf("block %d: %w", numbers[i], err)
		}
		if h.Number != numbers[i] {
			return nil, fmt.Errorf("block %d, asked for %d", h.Number, numbers[i])
		}
		all[i] = h
	}
	return all, nil
}

// span are the numbers from one to another.
func span(from, to uint64) []uint64 {
	all := make([]uint64, 0, to-from+1)
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}
