package node

import (
	"context"
	"fmt"
	"slices"

	"github.com/nichework/nwnd/internal/enforce"
)

// Sweeps lists what is being taken of channels on chain.
func (n *Node) Sweeps(context.Context) ([]Sweep, error) { return n.sweeper.Sweeps(), nil }

// bumpSweep raises what is paid for an output of a channel on chain; false if it is none.
func (n *Node) bumpSweep(ctx context.Context, req BumpFee) (b Bump, found bool, err error) {
	all := n.sweeper.Sweeps()
	i := slices.IndexFunc(all, func(s Sweep) bool { return s.Outpoint == req.Coin })
	if i < 0 {
		return Bump{}, false, nil
	}
	rate, err := n.feeRate(ctx, req.Fee)
	if err != nil {
		return Bump{}, true, err
	}
	err = n.sweeper.Bump(req.Coin, enforce.BumpRequest{Rate: rate, Budget: req.Budget})
	if err != nil {
		return Bump{}, true, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	n.court.Work()
	s := &all[i]
	return Bump{Tx: s.Txid, Coin: s.Outpoint, Amount: s.Amount, Rate: rate, Budget: req.Budget, Attempts: s.Attempts}, true, nil
}
