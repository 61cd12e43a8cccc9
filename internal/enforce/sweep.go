package enforce

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/internal/chain"
)

// ErrNotSwept says that nothing takes an output.
var ErrNotSwept = errors.New("enforce: not an output that is being swept")

// FeeEstimator gives the rate for confirmation within some blocks. An error means that the
// context ended.
type FeeEstimator interface {
	EstimateFee(ctx context.Context, target uint32) (chain.SatPerKWeight, error)
}

// SweeperConfig is what a Sweeper is made of.
type SweeperConfig struct {
	Wallet Wallet
	Chain  FeeEstimator
	DB     Store
	Log    *slog.Logger // nil: silent

	// MaxRate is paid at most, whatever is at stake; default 250,000 (1000 sat/vbyte).
	MaxRate chain.SatPerKWeight
	// BudgetPercent is how much of an output's value is paid for it at most, as long as
	// there is time; default 50.
	BudgetPercent uint32
}

const (
	defaultMaxRate = chain.SatPerKWeight(250_000)
	defaultBudget  = 50
	// keptBlocks is for how long what was swept is remembered after nobody wants it any more:
	// a reorganisation may bring it back.
	keptBlocks = 144
)

// Sweeper takes what is wanted. For each output it remembers what was paid and where to, so
// that no fee is ever lowered and no address is used up at each block, and the newest
// transaction, which is published again at each block.
type Sweeper struct {
	cfg SweeperConfig
	log *slog.Logger

	// Round's own.
	rows map[wire.OutPoint]*swept
	txs  map[chainhash.Hash]*sweepTx
	said map[wire.OutPoint]string // why an output was not taken, as logged

	mu     sync.Mutex
	sweeps []Sweep
	newest map[wire.OutPoint]chainhash.Hash
	made   map[chainhash.Hash]bool
	asks   map[wire.OutPoint]BumpRequest
}

// NewSweeper reads what was swept before.
func NewSweeper(cfg SweeperConfig) (*Sweeper, error) {
	if cfg.MaxRate <= 0 {
		cfg.MaxRate = defaultMaxRate
	}
	if cfg.BudgetPercent == 0 || cfg.BudgetPercent > 100 {
		cfg.BudgetPercent = defaultBudget
	}
	s := &Sweeper{
		cfg: cfg, log: cfg.Log, rows: make(map[wire.OutPoint]*swept), txs: make(map[chainhash.Hash]*sweepTx),
		asks: make(map[wire.OutPoint]BumpRequest),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("enforce: what was swept before: %w", err)
	}
	s.show(nil)
	return s, nil
}

// Round takes what is wanted on all channels: the complete list, at a tip. It is to be
// called at each block and when the list changes, by one goroutine. The error is the store's,
// and ends the node: whatever else fails is tried again at the next round.
func (s *Sweeper) Round(ctx context.Context, tip adjudicator.Height, wants []Want) error {
	r := s.begin(tip, wants)
	lots, err := r.plan(ctx)
	if err != nil {
		return nil // no estimate: the context ended
	}
	// A batch that is refused because of one of its outputs is split at once; its parts
	// are single claims, of which none is split again.
	for len(lots) > 0 || r.changed {
		made := r.make(ctx, lots)
		if err := r.store(); err != nil {
			return fmt.Errorf("enforce: the sweeper stopped before sending: %w", err)
		}
		s.show(r.items)
		lots = r.send(ctx, made)
	}
	r.log()
	s.show(r.items)
	return nil
}

// BumpRequest is what an operator asks for an output.
type BumpRequest struct {
	Rate   chain.SatPerKWeight // at least, within the budget; 0: as the curve has it
	Budget btcutil.Amount      // in place of the usual one, up to what the output is worth; 0: the usual one
}

// Bump asks for another rate or budget, from the next Round on. A rate that was published is
// never lowered. ErrNotSwept if nothing takes the output.
func (s *Sweeper) Bump(out wire.OutPoint, req BumpRequest) error {
	if req.Rate < 0 || req.Rate > s.cfg.MaxRate || req.Budget < 0 {
		return fmt.Errorf("enforce: a rate of %d sat/kw and a budget of %d sat, want 0 to %d and 0 or more",
			req.Rate, req.Budget, s.cfg.MaxRate)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.sweeps {
		if s.sweeps[i].Outpoint == out {
			s.asks[out] = req
			return nil
		}
	}
	return fmt.Errorf("%w: %v", ErrNotSwept, out)
}
