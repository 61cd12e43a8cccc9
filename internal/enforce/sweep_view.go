package enforce

import (
	"cmp"
	"slices"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain"
)

// SweepState is how far the taking of an output is.
type SweepState uint8

// The states of a sweep.
const (
	SweepWaits      SweepState = iota // for a block, a preimage, or a reason to pay
	SweepPublished                    // a transaction that takes it was handed to the network
	SweepRefused                      // the network does not take that transaction at present
	SweepUneconomic                   // taking it costs more than it is worth, at today's fees
	SweepStuck                        // no transaction could be made: see Note
)

// Sweep is an output that the sweeper is to take.
type Sweep struct {
	Outpoint wire.OutPoint
	Channel  wire.OutPoint // funding output of the channel that it comes from
	Amount   btcutil.Amount
	Path     bitcoin.Path // how it is taken
	Incoming bool         // it is an HTLC's that the peer offered
	What     string       // the same, for people
	State    SweepState
	Note     string              // what it waits for or why it does not go on, for people
	Txid     chainhash.Hash      // of the newest transaction that takes it, zero: none was published
	Rate     chain.SatPerKWeight // of that; for an anchor that of its commitment with it
	Fee      btcutil.Amount      // its part of that
	Budget   btcutil.Amount      // the most that is paid for it at present
	Attempts uint32              // transactions so far
	Deadline uint32              // first block that is too late, 0: there is none
	Matures  uint32              // first block that may hold what takes it
}

// Sweeps are all outputs that were wanted in the last Round, by deadline, those without
// one last.
func (s *Sweeper) Sweeps() []Sweep {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sweeps)
}

// Spending is the newest transaction that was made to take an output.
func (s *Sweeper) Spending(out wire.OutPoint) (txid chainhash.Hash, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	txid, ok = s.newest[out]
	return txid, ok
}

// Made reports whether a transaction is one of the sweeper's, replaced ones included.
func (s *Sweeper) Made(txid chainhash.Hash) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.made[txid]
}

// show makes a round's outcome visible.
func (s *Sweeper) show(items []*item) {
	sweeps := make([]Sweep, 0, len(items))
	for _, it := range items {
		sweeps = append(sweeps, it.view())
	}
	slices.SortStableFunc(sweeps, func(a, b Sweep) int {
		return cmp.Compare(a.Deadline-1, b.Deadline-1) // 0 less 1 is the largest
	})
	newest := make(map[wire.OutPoint]chainhash.Hash, len(s.rows))
	for out, row := range s.rows {
		if row.attempts > 0 {
			newest[out] = row.txid
		}
	}
	made := make(map[chainhash.Hash]bool, len(s.txs))
	for txid := range s.txs {
		made[txid] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweeps, s.newest, s.made = sweeps, newest, made
}

func (it *item) view() Sweep {
	w := Sweep{
		Outpoint: it.Claim.Out, Channel: it.Point, Amount: btcutil.Amount(it.Claim.Value),
		Path: it.Claim.Path, Incoming: it.Claim.HTLC != (bitcoin.HTLC{}) && it.Claim.HTLC.Offerer == htlc.Remote, What: it.Claim.Path.String(), State: it.state, Note: it.note, Budget: it.budget,
		Deadline: uint32(it.Deadline), Matures: uint32(it.Claim.Matures()),
	}
	if it.Parent != nil {
		w.What += ", to raise the fee of its commitment"
	}
	if row := it.row; row.attempts > 0 {
		w.Txid, w.Rate, w.Fee, w.Attempts = row.txid, row.rate, row.fee, row.attempts
	}
	return w
}

// tell sets the state of an output, for people.
func (it *item) tell(state SweepState, note string) { it.state, it.note = state, note }

// until is a deadline's order: that of none is last.
func until(deadline adjudicator.Height) adjudicator.Height { return deadline - 1 }
