package enforce

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/chain"
)

// made is a transaction to publish: a new one, or one that stays as it is.
type made struct {
	items []*item
	t     *sweepTx
}

var (
	// errNotWorth says that a replacement would have to pay more than its outputs may.
	errNotWorth = errors.New("enforce: a replacement would cost more than it may")
	// errNoCoins says that the wallet can't pay.
	errNoCoins = errors.New("enforce: no coins for a fee")
)

const (
	maxCoins   = 6   // of the wallet's, in one transaction
	maxEvicted = 100 // transactions that one may replace: BIP 125, rule 5
)

// make builds a transaction for each lot, as far as that can be done, and adds those that stay.
func (r *round) make(ctx context.Context, lots []lot) []*made {
	r.changed = false
	var all []*made
	for _, l := range lots {
		all = append(all, r.makeOne(ctx, l)...)
	}
	for _, t := range r.kept {
		m := &made{t: t}
		for _, out := range t.claims {
			m.items = append(m.items, r.open[out])
		}
		slices.SortFunc(m.items, byUrgency)
		all = append(all, m)
	}
	r.kept = nil
	slices.SortStableFunc(all, func(a, b *made) int {
		return cmp.Compare(until(a.items[0].Deadline), until(b.items[0].Deadline))
	})
	return all
}

// makeOne builds a lot's transaction. If what it replaces asks for too high a fee, all that
// was together stays together; if that is too dear too, the old ones stay.
func (r *round) makeOne(ctx context.Context, l lot) []*made {
	l.items = slices.DeleteFunc(slices.Clone(l.items), func(it *item) bool { return it.done })
	if len(l.items) == 0 {
		return nil
	}
	m, err := r.build(ctx, l)
	if errors.Is(err, errNotWorth) {
		if u := r.union(l); len(u.items) > len(l.items) {
			m, err = r.build(ctx, u)
		}
	}
	if err == nil {
		return []*made{m}
	}
	return r.instead(ctx, l, err)
}

// instead keeps what there is in place of a transaction that can't be made, and goes on with
// the rest: without those that hold it up, or with the more urgent half if the wallet can't
// pay for all.
func (r *round) instead(ctx context.Context, l lot, err error) []*made {
	var left []*item
	for _, it := range l.items {
		if t := r.s.txs[it.row.txid]; r.alive(t) {
			r.keep(t)
		} else {
			left = append(left, it)
		}
	}
	if errors.Is(err, errNotWorth) && len(left) > 0 && len(left) < len(l.items) {
		return r.makeOne(ctx, lot{left, l.rate})
	}
	if half := len(left) / 2; errors.Is(err, errNoCoins) && half > 0 {
		return append(r.makeOne(ctx, lot{left[:half], l.rate}), r.makeOne(ctx, lot{left[half:], l.rate})...)
	}
	for _, it := range left {
		if errors.Is(err, bitcoin.ErrUneconomic) {
			it.tell(SweepUneconomic, "costs more than it brings at present")
			continue
		}
		it.tell(SweepStuck, err.Error())
	}
	return nil
}

// keep has an old transaction published again.
func (r *round) keep(t *sweepTx) {
	if !slices.Contains(r.kept, t) {
		r.kept = append(r.kept, t)
	}
	for _, out := range t.claims {
		r.open[out].done = true
	}
}

// union is a lot with all that is in the transactions which it would replace.
func (r *round) union(l lot) lot {
	u := lot{rate: l.rate}
	seen := make(map[*item]bool)
	add := func(it *item) {
		if !seen[it] && it.ready && !it.done {
			seen[it] = true
			u.items = append(u.items, it)
			u.rate = max(u.rate, it.rate)
		}
	}
	for _, it := range l.items {
		add(it)
		if t := r.s.txs[it.row.txid]; r.alive(t) {
			for _, out := range t.claims {
				add(r.open[out])
			}
		}
	}
	slices.SortFunc(u.items, byUrgency)
	return u
}

// build makes and signs a transaction that may replace what it conflicts with (BIP 125): it
// pays more than all of that, and 1 sat/vbyte for itself.
func (r *round) build(ctx context.Context, l lot) (*made, error) {
	dest, err := r.dest(ctx, l)
	if err != nil {
		return nil, fmt.Errorf("enforce: no address to sweep to: %w", err)
	}
	first := l.items[0]
	o := &bitcoin.Order{Dest: dest, Tip: r.tip, Parent: first.Parent}
	by := make(signers, len(l.items))
	for _, it := range l.items {
		o.Claims = append(o.Claims, it.Claim)
		by[it.Claim.Out] = it
	}
	for rate := l.rate; rate <= l.limit(); {
		o.Rate = feeRate(rate)
		if first.needsCoins() {
			if o.Fees, err = r.coins(l, rate, dest); err != nil {
				return nil, err
			}
		}
		spend, err := bitcoin.Build(o, by)
		if err != nil {
			return nil, err
		}
		least, evicted := r.least(spend)
		if evicted > maxEvicted {
			break
		}
		if btcutil.Amount(spend.Fee) >= least {
			return r.finish(l, o, spend, rate)
		}
		lack := int64(least)
		weight := spend.Weight
		if p := o.Parent; p != nil {
			lack += int64(p.Fee)
			weight += p.Weight
		}
		rate = max(rate+1, chain.SatPerKWeight((lack*1000+weight-1)/weight))
	}
	return nil, errNotWorth
}

// least is what a transaction must pay, to replace those of ours that it conflicts with, and
// how many they are.
func (r *round) least(spend *bitcoin.Spend) (least btcutil.Amount, evicted int) {
	seen := make(map[*sweepTx]bool)
	for _, in := range spend.Tx.TxIn {
		t := r.uses[in.PreviousOutPoint]
		if it := r.open[in.PreviousOutPoint]; it != nil {
			t = r.s.txs[it.row.txid]
		}
		if r.alive(t) && !seen[t] {
			seen[t] = true
			least += t.fee
		}
	}
	if len(seen) == 0 {
		return 0, 0
	}
	return least + feeAt(relayFloor, spend.Weight), len(seen)
}

// finish signs the wallet's part and notes all.
func (r *round) finish(l lot, o *bitcoin.Order, spend *bitcoin.Spend, rate chain.SatPerKWeight) (*made, error) {
	var budget btcutil.Amount
	for _, it := range l.items {
		budget += it.budget
	}
	fee := btcutil.Amount(spend.Fee)
	if slack := btcutil.Amount(bitcoin.Dust(o.Dest)); fee > budget+slack {
		return nil, fmt.Errorf("%w: a fee of %d sat, of which %d are for the wallet's %d coins, and a budget of %d",
			errNotWorth, fee, fee-budget, len(o.Fees), budget)
	}
	if len(o.Fees) > 0 {
		prev := make(map[wire.OutPoint]*wire.TxOut, len(spend.Claims))
		for _, c := range spend.Claims {
			prev[c.Out] = &wire.TxOut{Value: int64(c.Value), PkScript: bolt3.PayToScript(c.Script)}
		}
		if err := r.s.cfg.Wallet.SignCoins(spend.Tx, o.Fees, prev); err != nil {
			return nil, fmt.Errorf("enforce: coins that pay a fee: %w", err)
		}
	}
	weight, paid := spend.Weight, fee
	if p := o.Parent; p != nil {
		weight, paid = weight+p.Weight, paid+btcutil.Amount(p.Fee)
	}
	t := &sweepTx{
		txid: spend.Tx.TxHash(), tx: spend.Tx, fee: fee, cpfp: o.Parent != nil, dirty: true,
		rate: max(rate, chain.SatPerKWeight(int64(paid)*1000/weight)),
	}
	for _, c := range spend.Claims {
		t.claims = append(t.claims, c.Out)
	}
	for _, f := range o.Fees {
		t.coins = append(t.coins, f.Out)
	}
	m := &made{items: l.items, t: t}
	r.note(m, o.Dest)
	return m, nil
}

// note has the rows of what a transaction takes tell of it, and drops what it replaces.
func (r *round) note(m *made, dest []byte) {
	var weight int64
	for _, it := range m.items {
		weight += it.Claim.Weight()
	}
	for _, it := range m.items {
		row := it.row
		if old := r.s.txs[row.txid]; old != nil && old.txid != m.t.txid && old.tx != nil {
			old.tx, old.claims, old.coins, old.dirty = nil, old.claims[:1], nil, true
		}
		if row.first == 0 {
			row.first, row.start = max(r.tip, 1), it.start
		}
		if row.dest == nil {
			row.dest = dest
		}
		row.path, row.txid, row.rate = it.Claim.Path, m.t.txid, max(row.rate, m.t.rate)
		row.fee = m.t.fee * btcutil.Amount(it.Claim.Weight()) / btcutil.Amount(weight)
		row.attempts++
		row.dirty, it.done = true, true
		r.s.rows[row.out] = row
	}
	r.s.txs[m.t.txid] = m.t
	for _, coin := range m.t.coins {
		r.uses[coin] = m.t
	}
}

// dest is where a lot's money goes: a script of the wallet's that one of its outputs has
// already, or a new one.
func (r *round) dest(ctx context.Context, l lot) ([]byte, error) {
	for _, it := range l.items {
		if it.row.dest != nil {
			return it.row.dest, nil
		}
	}
	dest, err := r.s.cfg.Wallet.SweepScript(ctx)
	if err == nil && (len(dest) == 0 || len(dest) > maxDest) {
		err = fmt.Errorf("a script of %d bytes, want 1 to %d", len(dest), maxDest)
	}
	if err == nil {
		l.items[0].row.dest = dest // for the next try, if this one fails
		r.remember(l.items[0].row)
	}
	return dest, err
}

func (r *round) remember(row *swept) {
	row.dirty = true
	r.s.rows[row.out] = row
}

// coins are the wallet's that pay a lot's fee, in the name of one of its outputs.
func (r *round) coins(l lot, rate chain.SatPerKWeight, dest []byte) ([]bitcoin.FeeInput, error) {
	owner := l.items[0]
	for _, it := range l.items {
		if it.row.coins {
			owner = it
			break
		}
	}
	weight := bitcoin.Overhead(len(l.items), dest)
	amount := btcutil.Amount(bitcoin.Dust(dest))
	for _, it := range l.items {
		weight += it.Claim.Weight()
		if !it.Claim.Path.Staged() {
			amount -= btcutil.Amount(it.Claim.Value)
		}
		if it != owner && it.row.coins {
			r.s.cfg.Wallet.ReleaseFeeCoins(it.Claim.Out)
			it.row.coins, it.row.dirty = false, true
		}
	}
	fee := feeAt(rate, weight)
	if p := owner.Parent; p != nil {
		fee = max(fee, feeAt(rate, weight+p.Weight)-btcutil.Amount(p.Fee))
	}
	coins, err := r.s.cfg.Wallet.FeeCoins(owner.Claim.Out, max(amount+fee, 1), rate, maxCoins)
	if err != nil {
		return nil, fmt.Errorf("%w of %d sat: %w", errNoCoins, fee, err)
	}
	owner.row.coins = true
	r.remember(owner.row)
	return coins, nil
}
