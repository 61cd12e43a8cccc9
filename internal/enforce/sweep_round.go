package enforce

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/internal/chain"
)

// round is one call of Round.
type round struct {
	s         *Sweeper
	tip       adjudicator.Height
	items     []*item // most urgent first
	open      map[wire.OutPoint]*item
	estimates map[uint32]chain.SatPerKWeight
	uses      map[wire.OutPoint]*sweepTx // coins of the wallet, and what spends them
	kept      []*sweepTx                 // to be published again
	left      []*sweepTx                 // which take something that nobody wants since this round
	gone      []channeldb.KV             // rows to delete
	changed   bool                       // something must be written, or sent again
}

// begin lines up what is wanted with what is known of it.
func (s *Sweeper) begin(tip adjudicator.Height, wants []Want) *round {
	r := &round{
		s: s, tip: tip, open: make(map[wire.OutPoint]*item, len(wants)),
		estimates: make(map[uint32]chain.SatPerKWeight), uses: make(map[wire.OutPoint]*sweepTx), changed: true,
	}
	for i := range wants {
		w := &wants[i]
		if w.Claim == nil || r.open[w.Claim.Out] != nil {
			continue // one claim is enough
		}
		it := &item{Want: w, row: s.rows[w.Claim.Out]}
		if it.row == nil {
			it.row = &swept{out: w.Claim.Out} // written once it is taken
		}
		if it.row.gone != 0 {
			it.row.gone, it.row.dirty = 0, true
		}
		r.open[w.Claim.Out] = it
		r.items = append(r.items, it)
	}
	slices.SortFunc(r.items, byUrgency)
	r.answer()
	r.forget()
	for _, t := range s.txs {
		if r.alive(t) {
			for _, coin := range t.coins {
				r.uses[coin] = t
			}
		}
	}
	return r
}

// byUrgency puts the earliest deadline first.
func byUrgency(a, b *item) int {
	return cmp.Or(cmp.Compare(until(a.Deadline), until(b.Deadline)),
		bytes.Compare(a.Claim.Out.Hash[:], b.Claim.Out.Hash[:]), cmp.Compare(a.Claim.Out.Index, b.Claim.Out.Index))
}

// answer takes over what operators asked for since the last round.
func (r *round) answer() {
	r.s.mu.Lock()
	asks := r.s.asks
	r.s.asks = make(map[wire.OutPoint]BumpRequest)
	r.s.mu.Unlock()
	for out, ask := range asks {
		if it := r.open[out]; it != nil {
			it.row.ask, it.row.dirty = ask, true
			r.s.rows[out] = it.row
		}
	}
}

// forget deletes what nobody has wanted for long, and frees the coins of what nobody wants.
func (r *round) forget() {
	unwanted := inOrder(r.s.rows, func(w *swept) bool { return r.open[w.out] == nil },
		func(w *swept) []byte { return outpointKey(w.out) })
	dropped := make(map[wire.OutPoint]bool)
	for _, row := range unwanted {
		if row.coins {
			r.s.cfg.Wallet.ReleaseFeeCoins(row.out)
			row.coins, row.dirty = false, true
		}
		switch {
		case row.gone == 0:
			row.gone, row.dirty = max(r.tip, 1), true
			if t := r.s.txs[row.txid]; t != nil && !slices.Contains(r.left, t) {
				r.left = append(r.left, t)
			}
		case r.tip > row.gone+keptBlocks:
			dropped[row.out] = true
			delete(r.s.rows, row.out)
			r.gone = append(r.gone, channeldb.KV{Bucket: sweptBucket, Key: outpointKey(row.out)})
		}
	}
	if len(dropped) == 0 {
		return
	}
	for _, t := range inOrder(r.s.txs, func(t *sweepTx) bool { return dropped[t.claims[0]] },
		func(t *sweepTx) []byte { return t.txid[:] }) {
		delete(r.s.txs, t.txid)
		r.gone = append(r.gone, channeldb.KV{Bucket: sweepTxBucket, Key: bytes.Clone(t.txid[:])})
	}
}

// alive reports whether a transaction is the newest for all that it takes, and can still be in a
// block: everything that it takes is still there.
func (r *round) alive(t *sweepTx) bool {
	if t == nil || t.tx == nil || t.dead {
		return false
	}
	for _, out := range t.claims {
		if it := r.open[out]; it == nil || it.row.txid != t.txid {
			return false
		}
	}
	return true
}

// plan prices everything, keeps the transactions that are good enough, and puts what is left
// together.
func (r *round) plan(ctx context.Context) ([]lot, error) {
	for _, it := range r.items {
		if err := r.price(ctx, it); err != nil {
			return nil, err
		}
	}
	var rest []*item
	for _, it := range r.items {
		if !it.ready {
			continue
		}
		t := r.s.txs[it.row.txid]
		if !r.alive(t) || !r.enough(t) {
			rest = append(rest, it)
		} else if !it.done {
			r.keep(t)
		}
	}
	return r.lots(rest), nil
}

// enough reports whether a transaction may stay as it is: nothing in it is worth a
// replacement, which must pay 1 sat/vbyte more.
func (r *round) enough(t *sweepTx) bool {
	for _, out := range t.claims {
		it := r.open[out]
		if !it.ready || it.row.path != it.Claim.Path || it.row.alone && len(t.claims) > 1 ||
			it.rate >= t.rate+relayFloor {
			return false
		}
	}
	return true
}

// store makes durable what changed.
func (r *round) store() error {
	gone := r.gone
	r.gone = nil
	return r.s.save(gone)
}
