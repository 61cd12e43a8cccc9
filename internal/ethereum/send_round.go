package ethereum

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// sendTimeout bounds what a round asks of the endpoints.
const sendTimeout = time.Minute

// sending is one round of a sender: the state of its accounts at a head, and what is wanted.
type sending struct {
	*sender
	view     view
	head     Head
	market   market
	nonces   map[common.Address]uint64   // at the head
	balances map[common.Address]*big.Int // at the head, less what is under way
	jobs     []*work
	carried  map[*sent]*work // what of the jobs a row carries
	gone     []*sent
	again    bool // something wasn't answered: to be tried without waiting for a head
}

// work is a job in a round.
type work struct {
	job
	do    *doing
	until uint64 // its deadline, or an earlier one of a call that its owner wants after it
	row   *sent  // that carries it
	state SendState
	note  string
}

// round does at a head what is to be done. The error is the database's: whatever else fails is tried again at
// the next head.
//
// In this order: what is in a block is found, and what isn't any more; each wanted call gets a nonce, the most urgent first, on the
// account with the least waiting, so that it doesn't queue behind a stuck one; what nobody wants and stands in the way is
// replaced; fees are raised; all that is durable, and only then sent, from the lowest nonce up.
//
// again is true if no endpoint answered to something.
func (s *sender) round(ctx context.Context, v view) (again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	r := &sending{sender: s, view: v, head: v.head(), carried: make(map[*sent]*work)}
	if err := r.look(ctx); err != nil {
		s.c.cfg.Log.Debug("the accounts could not be read: tried again", "err", err)
		return true, nil
	}
	r.locate(ctx)
	r.settle(ctx)
	r.gather()
	r.match()
	r.assign(ctx)
	r.fill(ctx)
	r.raise()
	if err := s.save(r.gone); err != nil {
		return false, err
	}
	r.send(ctx)
	if ctx.Err() == nil {
		r.show()
	}
	return r.again, nil
}

// settle drops what is final, and answers who waits for it.
func (r *sending) settle(ctx context.Context) {
	r.mu.Lock()
	dos := slices.Clone(r.dos)
	r.mu.Unlock()
	for _, t := range r.rows {
		if t.block == (Head{}) {
			continue
		}
		id := t.minedID()
		for _, d := range dos {
			if d.id != id || t.told || r.head.Number+1 < t.block.Number+d.depth {
				continue
			}
			o := outcome{receipt: t.receipt}
			if t.failed {
				o.err = r.reasonOf(ctx, t)
			}
			t.told, t.dirty = true, true
			r.end(d, o)
		}
	}
	r.rows = slices.DeleteFunc(r.rows, func(t *sent) bool {
		over := t.block != (Head{}) && t.block.Number <= r.view.final.Number && !r.awaited(dos, t) || t.lost
		if over {
			r.gone = append(r.gone, t)
		}
		return over
	})
}

// awaited tells whether a Do waits for more blocks on top of a transaction.
func (r *sending) awaited(dos []*doing, t *sent) bool {
	return !t.told && slices.ContainsFunc(dos, func(d *doing) bool { return d.id == t.minedID() })
}

// minedID names the job of the transaction that is in a block.
func (t *sent) minedID() common.Hash {
	if t.receipt == nil {
		return common.Hash{}
	}
	for _, a := range t.tries {
		if a.Hash == t.receipt.TxHash {
			return a.ID
		}
	}
	return common.Hash{}
}

// gather lists what is wanted, the most urgent first. The calls of one owner stay in their order.
func (r *sending) gather() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, jobs := range r.wants {
		until, first := uint64(0), len(r.jobs)
		for i := len(jobs) - 1; i >= 0; i-- {
			until = earlier(until, jobs[i].Deadline)
			r.jobs = append(r.jobs, &work{job: jobs[i], until: until, state: SendWaits})
		}
		slices.Reverse(r.jobs[first:])
	}
	for _, d := range r.dos {
		r.jobs = append(r.jobs, &work{job: d.job, do: d, until: d.Deadline, state: SendWaits})
	}
	slices.SortStableFunc(r.jobs, func(a, b *work) int {
		if a.owner == b.owner {
			return 0 // in order already, and their deadlines too
		}
		return cmp.Or(cmp.Compare(a.until-1, b.until-1), cmp.Compare(a.owner, b.owner)) // 0 less 1 is the largest
	})
}

// earlier is the first of two deadlines, of which 0 is none.
func earlier(a, b uint64) uint64 {
	return min(a-1, b-1) + 1
}

// match finds the transactions that carry what is wanted already.
func (r *sending) match() {
	for _, w := range r.jobs {
		for _, t := range r.rows {
			switch {
			case w.do != nil && t.told: // another one, that was done before
			case t.block == (Head{}) && !t.spent && t.id == w.id && !t.filler:
				w.row, w.state = t, SendSent
				t.Deadline, t.Worth, t.What = w.until, w.Worth, w.What // as they are wanted now
			case t.block == (Head{}) && t.spent && t.id == w.id && !t.filler:
				w.row = t // in a block surely, which isn't found yet
			case t.block != (Head{}) && t.minedID() == w.id && w.row == nil && !t.told && (w.do != nil || w.wantedAt <= t.block.Number):
				w.row, w.state = t, SendMined // wanted again at a later head, it is sent again
			}
		}
		if w.row != nil {
			r.carried[w.row] = w
		}
	}
}

// wanted tells whether somebody wants what a row carries. What a Do signed is wanted until it is in a block, though
// the process that asked for it has ended.
func (r *sending) wanted(t *sent) bool {
	return !t.filler && t.owner == "" || r.carried[t] != nil
}

// free are an account's nonces that are used for what nobody wants, the lowest first.
func (r *sending) free(account common.Address) []*sent {
	return slices.DeleteFunc(r.of(account), func(t *sent) bool { return t.spent || r.wanted(t) })
}

// assign gives a nonce to each call that has none.
func (r *sending) assign(ctx context.Context) {
	for _, w := range r.jobs {
		if w.row != nil {
			continue
		}
		w.note = fullNote
		for _, account := range r.pick(w) {
			if err := r.try(ctx, w, account); err == nil {
				break
			} else if w.note = err.Error(); w.state == SendRefused {
				break
			}
		}
	}
}

// try puts a job on an account, if the contract takes the call at present.
func (r *sending) try(ctx context.Context, w *work, account common.Address) error {
	gas, err := r.simulate(ctx, account, &w.Call, w.until != 0)
	revert := new(Revert)
	if errors.As(err, &revert) {
		w.state = SendRefused
		if w.do != nil {
			r.end(w.do, outcome{err: revert})
		}
		return errors.New(revert.Reason)
	}
	if err != nil {
		r.again = r.again || !answered(err)
		return err
	}
	w.note, w.state = "", SendWaits
	r.yield(w, account, gas)
	if err := r.give(w, account, gas); err != nil {
		return err
	}
	w.state = SendSent
	return nil
}

// pick are the accounts that a call may go by, those with the least under way first; of equals the later one, since the
// first has tokens to move.
func (r *sending) pick(w *work) []common.Address {
	some := slices.Clone(r.accounts)
	if w.Own {
		some = some[:1]
	}
	waiting := make(map[common.Address]int)
	for _, a := range some {
		waiting[a] = r.waiting(a)
	}
	some = slices.DeleteFunc(some, func(a common.Address) bool {
		return waiting[a] >= maxUnmined && r.weaker(w, a, w.Gas) == nil
	})
	slices.Reverse(some)
	slices.SortStableFunc(some, func(a, b common.Address) int { return waiting[a] - waiting[b] })
	return some
}

// waiting is how many calls an account has under way.
func (r *sending) waiting(account common.Address) (n int) {
	for _, t := range r.of(account) {
		if !t.spent && r.wanted(t) {
			n++
		}
	}
	return n
}

// give puts a job on a nonce: one that nobody needs any more, or the next.
func (r *sending) give(w *work, account common.Address, gas uint64) error {
	t := &sent{account: account, job: w.job, first: r.head.Time, start: r.market.price()}
	t.Gas, t.Deadline = gas, w.until
	worth := worthOf(&t.Call, gas, r.c.cfg.MaxFee)
	if r.market.base > worth {
		w.note = fmt.Sprintf("gas costs %d wei at least, %d is paid at most", r.market.base, worth)
	}
	free := r.free(account)
	left := new(big.Int).Set(r.balances[account])
	if len(free) > 0 {
		old := free[0]
		t.nonce, t.tip, t.feeCap, t.tries = old.nonce, old.tip, old.feeCap, old.tries
		left.Add(left, old.tx.Cost())
	} else {
		t.nonce = r.next(account)
	}
	c := t.course(r, worth)
	if most := t.within(left); most >= r.market.price() {
		c = c.upTo(most)
	}
	if err := r.sign(t, c, len(free) > 0); err != nil {
		return err
	}
	if left.Cmp(t.tx.Cost()) < 0 {
		return fmt.Errorf("account %v has %v wei left, and this may cost %v", account, left, t.tx.Cost())
	}
	r.balances[account] = left.Sub(left, t.tx.Cost())
	if len(free) > 0 {
		r.rows[slices.Index(r.rows, free[0])] = t
	} else {
		r.rows = append(r.rows, t)
	}
	w.row, r.carried[t] = t, w
	return nil
}

// next is the lowest nonce that isn't used.
func (r *sending) next(account common.Address) uint64 {
	n := r.nonces[account]
	for _, t := range r.of(account) {
		if t.nonce == n {
			n++
		}
	}
	return n
}

// fill uses up the nonces of what nobody wants any more, if it waits for long or others wait behind it, and
// nonces that are missing below others.
func (r *sending) fill(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	for _, account := range r.accounts {
		rows := slices.DeleteFunc(r.of(account), func(t *sent) bool { return t.spent })
		for i, t := range rows {
			behind := slices.ContainsFunc(rows[i+1:], r.wanted)
			if t.filler || r.wanted(t) || !behind && r.head.Number < t.since+patience {
				continue
			}
			t.filler = true
			if err := r.sign(t, t.course(r, toPrice(r.c.cfg.MaxFee)), true); err != nil {
				t.filler, t.note = false, err.Error()
			}
		}
		for n := r.next(account); len(rows) > 0 && n < rows[len(rows)-1].nonce; n = r.next(account) {
			t := &sent{account: account, nonce: n, filler: true, first: r.head.Time, start: r.market.price()}
			t.What = "nothing: a nonce was missing"
			if err := r.sign(t, t.course(r, toPrice(r.c.cfg.MaxFee)), false); err != nil {
				break
			}
			r.rows = append(r.rows, t)
		}
	}
}

func (t *sent) course(r *sending, worth price) course {
	return courseOf(t.first, t.Deadline, r.c.cfg.Profile.Inclusion, t.start, worth)
}
