package enforce

import (
	"context"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/chain"
)

// send publishes transactions, the most urgent first, and gives what is to be tried at once in
// another way: the outputs of batches that are refused. One of them was taken from under the
// batch, or is fought for; the others must not wait for that.
func (r *round) send(ctx context.Context, all []*made) []lot {
	var again []lot
	for _, m := range all {
		if m.t.sent == r.tip && r.tip != 0 {
			m.tell(SweepPublished, "")
			continue // at this block already
		}
		err := r.s.cfg.Wallet.Publish(ctx, m.t.tx, m.label())
		switch {
		case err == nil:
			m.t.sent = r.tip
			m.tell(SweepPublished, "")
		case ctx.Err() != nil:
			return nil
		case len(m.items) > 1 && (errors.Is(err, chain.ErrRejected) && !errors.Is(err, chain.ErrFeeTooLow)):
			r.s.log.Info("a batch is split, since one of its outputs is contested", "txid", m.t.txid,
				"outputs", len(m.items), "err", err)
			again = append(again, r.split(m)...)
		default:
			r.refused(m, err)
		}
	}
	r.offerOnceMore(ctx)
	return again
}

// offerOnceMore hands over what takes something that was just taken. If that was another's doing it
// is refused, and the wallet sees that it won't be paid by it, and that its coins are free.
func (r *round) offerOnceMore(ctx context.Context) {
	for _, t := range r.left {
		if t.tx == nil {
			continue // replaced: the wallet knows
		}
		if err := r.s.cfg.Wallet.Publish(ctx, t.tx, "sweep: of what was taken"); err != nil {
			r.s.log.Debug("a sweep came to nothing", "txid", t.txid, "err", err)
		}
	}
	r.left = nil
}

// split makes single claims of a batch, for good.
func (r *round) split(m *made) []lot {
	m.t.dead = true
	var all []lot
	for _, it := range m.items {
		it.row.alone, it.row.dirty, it.done = true, true, false
		if it.rider {
			it.tell(SweepUneconomic, "worth taking together with something else only")
			continue
		}
		it.rate, it.limit = max(it.rate, it.row.rate), max(it.limit, it.row.rate)
		all = append(all, lot{[]*item{it}, it.rate})
	}
	return all
}

// log tells once why an output is not taken, and again when that changes.
func (r *round) log() {
	said := make(map[wire.OutPoint]string)
	for _, it := range r.items {
		out := it.Claim.Out
		if it.state == SweepPublished || it.note == "" {
			continue
		}
		said[out] = it.note
		if r.s.said[out] != it.note && it.state >= SweepRefused {
			r.s.log.Warn("an output is not taken at present; it is tried again at every block", "outpoint", out,
				"what", it.Claim.Path, "sat", it.Claim.Value, "deadline", it.Deadline, "why", it.note)
		}
	}
	r.s.said = said
}

// refused tells people why a transaction is not in the network now. It is tried again at every block.
func (r *round) refused(m *made, err error) {
	note := "not handed over yet: " + err.Error()
	switch first := m.items[0]; {
	case errors.Is(err, chain.ErrMissingInputs) && first.Parent != nil:
		note = "its commitment is not in the network"
		if first.note != "" {
			note = first.note
		}
	case errors.Is(err, chain.ErrMissingInputs):
		note = "its output is spent, or not there any more"
	case errors.Is(err, chain.ErrConflict):
		note = "another transaction that takes it pays more at present; ours pays more at every block"
	case errors.Is(err, chain.ErrFeeTooLow):
		note = "the network asks for a higher fee at present"
	}
	m.tell(SweepRefused, note)
}

func (m *made) tell(state SweepState, note string) {
	for _, it := range m.items {
		if note == "" && it.Parent != nil {
			note = it.note
		}
		it.tell(state, note)
	}
}

// label is what the wallet calls the transaction.
func (m *made) label() string {
	first := m.items[0]
	if len(m.items) == 1 {
		return fmt.Sprintf("sweep: %v, of channel %v", first.Claim.Path, first.Point)
	}
	for _, it := range m.items {
		if it.Point != first.Point {
			return fmt.Sprintf("sweep: %d outputs of several channels", len(m.items))
		}
	}
	return fmt.Sprintf("sweep: %d outputs of channel %v", len(m.items), first.Point)
}
