package ethereum

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

// books are what gas costs, and the accounts, at a head.
type books struct {
	head     Head
	market   market
	nonces   map[common.Address]uint64
	balances map[common.Address]*big.Int
}

// look reads them, once for each head.
func (r *sending) look(ctx context.Context) error {
	if r.read.head != r.head {
		r.market, r.nonces, r.balances = market{}, make(map[common.Address]uint64), make(map[common.Address]*big.Int)
		if err := r.ask(ctx); err != nil {
			return err
		}
		r.read = books{r.head, r.market, r.nonces, r.balances}
	}
	r.market, r.nonces, r.balances = r.read.market, r.read.nonces, make(map[common.Address]*big.Int)
	for a, wei := range r.read.balances {
		r.balances[a] = new(big.Int).Set(wei) // this round takes off what is under way
	}
	return nil
}

func (r *sending) ask(ctx context.Context) error {
	base := r.view.trail.top().baseFee
	r.market = market{legacy: base == nil, base: toPrice(base)}
	var wei hexutil.Big
	err := r.c.first(func(e *endpoint) error {
		if !r.market.legacy {
			if err := e.call(ctx, &wei, "eth_maxPriorityFeePerGas"); err == nil {
				r.market.tip = max(toPrice(wei.ToInt()), leastTip)
				return nil
			}
		}
		if err := e.call(ctx, &wei, "eth_gasPrice"); err != nil {
			return err
		}
		all := toPrice(wei.ToInt())
		r.market.tip = max(all-min(all, r.market.base), leastTip)
		return nil
	})
	if err != nil {
		return err
	}
	for _, a := range r.accounts {
		if err := r.account(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// account reads a nonce and a balance. Of two endpoints that differ about the nonce, and whom no majority settles, the lower
// one counts: to repeat what is in a
// block costs nothing, and to leave a gap stops the account.
func (r *sending) account(ctx context.Context, a common.Address) error {
	nonces, asked, err := r.askNonces(ctx, a)
	if err != nil {
		return err
	}
	if nonces[0] != nonces[len(nonces)-1] && r.onHead(ctx, asked) {
		// Not because the chain is being reorganised: a node that is may answer for another block than it was asked for.
		if nonces, _, err = r.askNonces(ctx, a); err != nil {
			return err
		}
		if nonces[0] != nonces[len(nonces)-1] {
			if n, settled := r.c.settleNonce(ctx, a, r.head.Hash); settled {
				nonces = []uint64{n}
			} else {
				r.c.disagree(fmt.Sprintf("two endpoints tell the nonce of %v differently", a), asked...)
			}
		}
	}
	if nonces, err = r.plausible(a, nonces); err != nil {
		return err
	}
	r.nonces[a] = slices.Min(nonces)
	var wei hexutil.Big
	err = r.c.first(func(e *endpoint) error {
		return e.call(ctx, &wei, "eth_getBalance", a, rpc.BlockNumberOrHashWithHash(r.head.Hash, false))
	})
	r.balances[a] = wei.ToInt()
	return err
}

// askNonces asks two endpoints for an account's nonce at the head, or the only one that answers.
func (r *sending) askNonces(ctx context.Context, a common.Address) (nonces []uint64, asked []*endpoint, err error) {
	errs := []error{ErrNoEndpoint}
	for _, e := range r.c.fitNow() {
		var n hexutil.Uint64
		if err := e.call(ctx, &n, "eth_getTransactionCount", a, rpc.BlockNumberOrHashWithHash(r.head.Hash, false)); err != nil {
			errs = append(errs, err)
			continue
		}
		if nonces, asked = append(nonces, uint64(n)), append(asked, e); len(nonces) == 2 {
			return nonces, asked, nil
		}
	}
	if len(nonces) == 0 {
		return nil, nil, errors.Join(errs...)
	}
	return nonces, asked, nil
}

// onHead tells whether this round's head is still part of the chain for all of the endpoints.
func (r *sending) onHead(ctx context.Context, ends []*endpoint) bool {
	for _, e := range ends {
		if h, err := e.header(ctx, r.head.Number); err != nil || h.Hash != r.head.Hash {
			return false
		}
	}
	return true
}

// maxGap is how far ahead of the chain a nonce of ours may be: more means that it was made up for us.
const maxGap = 4 * maxUnmined

// locate finds which of an account's transactions are in blocks at this head.
func (r *sending) locate(ctx context.Context) {
	for _, t := range r.rows {
		t.spent = t.nonce < r.nonces[t.account]
		if t.block != (Head{}) && !r.has(t.block) {
			r.c.cfg.Log.Warn("a transaction was undone: sent again", "what", t.What, "block", t.block.Number)
			t.block, t.receipt, t.failed, t.at = Head{}, nil, false, Head{}
		}
		if t.block != (Head{}) {
			t.spent = true
			continue
		}
		if t.spent {
			r.find(ctx, t)
			continue
		}
		if t.nonce-r.nonces[t.account] > maxGap {
			t.lost = true
			r.c.cfg.Log.Warn("an endpoint told a false nonce: another one is used", "account", t.account, "nonce", t.nonce, "next", r.nonces[t.account])
			continue
		}
		left := r.balances[t.account]
		left.Sub(left, t.tx.Cost())
	}
}

// has tells whether a block is part of the chain.
func (r *sending) has(b Head) bool {
	h, ok := r.view.trail.at(b.Number)
	return ok && h.Hash == b.Hash || b.Number < r.view.trail[0].Number
}

// find looks for the receipt of one of the transactions that were sent with a nonce that is used up.
func (r *sending) find(ctx context.Context, t *sent) {
	for _, one := range slices.Backward(t.tries) {
		receipt, err := r.receiptOf(ctx, one.Hash)
		if err != nil {
			t.note, r.again = err.Error(), true
			return
		}
		if receipt == nil {
			continue
		}
		t.block, t.receipt, t.failed, t.note = blockOf(receipt), receipt, receipt.Status != types.ReceiptStatusSuccessful, ""
		r.used[t.account] = max(r.used[t.account], t.nonce+1)
		if t.failed {
			r.c.cfg.Log.Warn("a transaction is in a block, but the contract refused it", "what", t.What, "txid", one.Hash)
		}
		return
	}
	var final hexutil.Uint64
	err := r.c.first(func(e *endpoint) error {
		return e.call(ctx, &final, "eth_getTransactionCount", t.account, rpc.BlockNumberOrHashWithHash(r.view.final.Hash, false))
	})
	if err == nil && uint64(final) > t.nonce && r.view.final != (Head{}) {
		t.lost = true
		r.c.cfg.Log.Warn("a nonce was used by a transaction that isn't ours", "account", t.account, "nonce", t.nonce, "what", t.What)
	}
}

const (
	maxGas = 1 << 30 // more than any block takes
	txGas  = 1 << 24 // what Ethereum takes of one transaction (EIP-7825)
)

// simulate gives the gas that a call needs, or says that the contract refuses it.
func (r *sending) simulate(ctx context.Context, from common.Address, c *Call, urgent bool) (uint64, error) {
	args := callArgs(from, c)
	if c.Gas != 0 {
		args["gas"] = hexutil.Uint64(c.Gas)
	}
	gas, err := r.estimate(ctx, args, urgent)
	switch {
	case err != nil:
		return 0, err
	case gas < transferGas || gas > maxGas:
		return 0, fmt.Errorf("ethereum: an estimate of %d gas", gas)
	case c.Gas != 0:
		return c.Gas, nil
	}
	more := gas + gas/5
	if gas <= txGas {
		more = min(more, txGas)
	}
	return more, nil
}

func callArgs(from common.Address, c *Call) map[string]any {
	args := map[string]any{"from": from, "to": c.To, "input": hexutil.Bytes(c.Data)}
	if c.Value != nil && c.Value.Sign() > 0 {
		args["value"] = (*hexutil.Big)(c.Value)
	}
	return args
}

// reasonOf asks why a transaction failed in its block: it is tried on the state before that.
func (r *sending) reasonOf(ctx context.Context, t *sent) error {
	before := rpc.BlockNumberOrHashWithNumber(rpc.BlockNumber(t.block.Number - min(t.block.Number, 1)))
	call := Call{To: *t.tx.To(), Data: t.tx.Data(), Value: t.tx.Value()}
	args := callArgs(t.account, &call)
	args["gas"] = hexutil.Uint64(t.tx.Gas())
	err := r.c.first(func(e *endpoint) error {
		return r.c.revertOf(e.call(ctx, new(hexutil.Bytes), "eth_call", args, before))
	})
	revert := new(Revert)
	if errors.As(err, &revert) {
		return revert
	}
	return &Revert{Reason: fmt.Sprintf("it says not why; %d of %d gas were used", t.receipt.GasUsed, t.tx.Gas())}
}

// send gives all that isn't in a block to every endpoint, once at each head.
func (r *sending) send(ctx context.Context) {
	var all []*sent
	for _, a := range r.accounts {
		for _, t := range r.of(a) {
			if !t.spent && t.at != r.head {
				all = append(all, t)
			}
		}
	}
	if len(all) == 0 {
		return
	}
	ends := r.c.fitNow()
	answers := make([][]error, len(ends))
	var wait sync.WaitGroup
	for i, e := range ends {
		answers[i] = make([]error, len(all))
		wait.Go(func() {
			for j, t := range all {
				if answers[i][j] = e.send(ctx, t.tx); answers[i][j] != nil && !answered(answers[i][j]) {
					if ctx.Err() == nil {
						e.setAside(answers[i][j])
					}
					for ; j < len(all); j++ {
						answers[i][j] = errEnded
					}
					return
				}
			}
		})
	}
	wait.Wait()
	for j, t := range all {
		r.taken(t, answers, j)
		r.again = r.again || t.at != r.head
	}
}

func (e *endpoint) send(ctx context.Context, tx *types.Transaction) error {
	raw, err := tx.MarshalBinary()
	if err != nil {
		return err
	}
	return e.call(ctx, nil, "eth_sendRawTransaction", hexutil.Bytes(raw))
}

// taken notes what the endpoints said to a transaction. One that takes it is enough.
func (r *sending) taken(t *sent, answers [][]error, j int) {
	for _, of := range answers {
		err := of[j]
		if err == nil || says(err, "already known", "known transaction", "already imported", "already in mempool", "nonce too low", "already exists") {
			t.at = r.head
			if err == nil {
				t.pushed = false
			}
			return
		}
		if answered(err) {
			t.at = r.head // once for each head
		}
		if t.note = err.Error(); says(err, "underpriced", "too low", "less than block base fee") {
			t.pushed = true
		}
	}
}

// says looks for what nodes answer in a refusal. There are no codes for it.
func says(err error, words ...string) bool {
	text := strings.ToLower(err.Error())
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// show makes the round's outcome visible, and logs what is new of what doesn't go on.
func (r *sending) show() {
	said := make(map[common.Hash]string)
	var all []Sending
	for _, w := range r.jobs {
		if w.row != nil {
			continue
		}
		all = append(all, Sending{Owner: w.owner, What: w.What, State: w.state, Note: w.note, Gas: w.Gas, Deadline: w.until})
		if said[w.id] = w.note; r.said[w.id] != w.note {
			r.c.cfg.Log.Warn("a call is not sent at present; it is tried again at every block", "what", w.What, "owner", w.owner, "why", w.note)
		}
	}
	r.said = said
	for _, t := range r.rows {
		all = append(all, t.view())
	}
	slices.SortStableFunc(all, func(a, b Sending) int {
		return cmp.Compare(a.Deadline-1, b.Deadline-1) // 0 less 1 is the largest
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = all
}

func (t *sent) view() Sending {
	s := Sending{
		Owner: t.owner, What: t.What, State: SendSent, Note: t.note, Account: t.account, Nonce: t.nonce, Hash: t.tx.Hash(),
		Tip: uint64(t.tip), FeeCap: uint64(t.feeCap), Gas: t.tx.Gas(), Attempts: len(t.tries), Since: t.first, Deadline: t.Deadline, At: t.at.Hash,
	}
	switch {
	case t.block != (Head{}):
		s.State, s.Block, s.Hash = SendMined, t.block.Number, t.receipt.TxHash
		if t.failed {
			s.State = SendFailed
		}
	case t.filler:
		s.State = SendFilled
	}
	return s
}
