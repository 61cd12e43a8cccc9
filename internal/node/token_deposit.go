package node

import (
	"bytes"
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/ethereum"
)

// bucketDeposits: channel id -> the gross total that we shall have deposited, in units (8).
const bucketDeposits = "token/deposit"

// depositGas is the limit of a deposit, which is sent before the chain can tell what it takes: it reverts as
// long as its allowance isn't in a block.
const depositGas = 200_000

// pursueDeposits has the calls made by which our deposits get on chain: decided anew at each block, so
// that a deposit which a reorganisation undid is made again. Deposits of one token share an allowance of
// exactly what they need. Nothing goes into an asset that is barred, or of which it isn't known what the last deposits
// were credited with.
func (n *Node) pursueDeposits(b *bench, head ethereum.Head, unsure map[*token]struct{}) {
	need := make(map[*token]*big.Int)
	calls := make(map[*token][]ethereum.Call)
	for _, d := range inLine(n.channelsOf(b)) {
		if _, ok := unsure[d.token]; ok || d.token.barred() != nil {
			continue
		}
		missing, err := n.missingDeposit(b, d, head)
		if err != nil {
			d.log.Warn("whether the deposit is on chain can't be told; asked again at the next block", "err", err)
			return
		}
		if missing = n.depositFor(d, missing); missing == nil {
			continue
		}
		if need[d.token] == nil {
			need[d.token] = new(big.Int)
		}
		need[d.token].Add(need[d.token], missing)
		calls[d.token] = append(calls[d.token], d.depositCall(missing))
	}
	for _, t := range n.tokens.all() {
		if t.chain != b.chain || t.Adjudicator != b.contract {
			continue
		}
		wanted := calls[t]
		if len(wanted) > 0 {
			allow, err := t.allow(n.ctx, need[t], head)
			if err != nil {
				n.log.Warn("allowance can't be read; asked again at the next block", "asset", t.Symbol, "err", err)
				continue
			}
			if len(allow) > 0 { // the deposits would revert before it is in a block
				wanted = allow
			}
		}
		wanted = firstInLine(wanted)
		for i := range wanted {
			wanted[i].At = head.Number // asking takes time: what came into a block meanwhile isn't missing
		}
		if err := t.chain.cfg.Sender.Want("deposit/"+t.Symbol, wanted); err != nil {
			n.log.Error("deposits can't be sent; tried again at the next block", "asset", t.Symbol, "calls", len(wanted), "err", err)
		}
	}
}

// inLine puts channels into an order that stays, so that who is among the first to deposit is so until it has.
func inLine(all []*driver) []*driver {
	slices.SortFunc(all, func(a, b *driver) int { return bytes.Compare(a.id[:], b.id[:]) })
	return all
}

// firstInLine are as many calls as may be wanted at once; the rest follow when these are in blocks.
func firstInLine(all []ethereum.Call) []ethereum.Call { return all[:min(len(all), ethereum.MaxCalls)] }

// depositFor is what is to be sent of a deposit that lacks so much; nil if nothing is.
func (n *Node) depositFor(d *driver, missing *big.Int) *big.Int {
	if missing.Sign() <= 0 {
		d.moves.complete()
		n.alerts.clear(AlertToken, d.channel().Params().Outpoint)
		return nil
	}
	amount := d.moves.toSend(missing)
	if amount == nil {
		d.changes.notify()
		n.alerts.raise(AlertToken, d.channel().Params().Outpoint, fmt.Sprintf("channel %v lacks %v base units of its deposit: %s takes "+
			"too much of what is sent, and nothing more is. Close the channel", d.id, missing, d.token.Symbol))
	}
	return amount
}

// missingDeposit is what of our deposits isn't on chain at a head, in base units.
func (n *Node) missingDeposit(b *bench, d *driver, head ethereum.Head) (*big.Int, error) {
	want := n.depositTarget(d)
	if want == 0 || d.channel().State() >= htlc.Halted {
		return new(big.Int), nil
	}
	side := evm.Side(d.channel().Params(), htlc.Local)
	if f := d.onChain.Load(); f != nil && f.Deposits[side].ToBig().Cmp(d.token.base(want)) >= 0 {
		return new(big.Int), nil // for good: nobody need be asked at each block
	}
	out, err := b.chain.cfg.Reader.Call(n.ctx, b.contract, evm.PackChannel(d.id), head.Hash)
	if err != nil {
		return nil, err
	}
	v, err := evm.UnpackChannel(out)
	if err != nil {
		return nil, err
	}
	if v.Phase != evm.PhaseNone && v.Phase != evm.PhaseOpen {
		return new(big.Int), nil
	}
	have := [2]evm.Amount{v.DepA, v.DepB}[side]
	return new(big.Int).Sub(d.token.base(want), have.ToBig()), nil
}

// promised is what other channels of ours, and openings, still have to be given of a token, in base units: two openings at
// once must not count on the same money. It reads what is known here already.
func (n *Node) promised(t *token) *big.Int {
	sum := new(big.Int)
	unborn := n.openings.unborn(t) // first: none of them may become a channel unseen
	all := n.sw.tokens()
	for o, id := range unborn {
		if !slices.ContainsFunc(all, func(d *driver) bool { return d.id == id }) {
			sum.Add(sum, t.base(o.units))
		}
	}
	for _, d := range all {
		want, r := n.depositTarget(d), d.bench.Load().report(d.id)
		if d.token != t || want == 0 || d.channel().State() >= htlc.Halted {
			continue
		}
		have := new(big.Int)
		if r != nil {
			have = r.Funds.Deposits[evm.Side(d.channel().Params(), htlc.Local)].ToBig()
		} else if !unfunded(d.channel()) {
			continue // its court is about to look
		}
		if missing := have.Sub(t.base(want), have); missing.Sign() > 0 {
			sum.Add(sum, missing)
		}
	}
	return sum
}

// depositTarget is the gross total that we shall have deposited in a channel, in units.
func (n *Node) depositTarget(d *driver) uint64 {
	d.coins.Lock()
	defer d.coins.Unlock()
	first := uint64(0)
	if p := d.channel().Params(); p.Opener == htlc.Local {
		first = uint64(p.Capacity)
	}
	return max(first, d.target)
}

func (d *driver) depositCall(amount *big.Int) ethereum.Call {
	terms, _ := d.token.Asset.Format().Channel(d.channel().Params()) // it was watched with them
	side := evm.Side(d.channel().Params(), htlc.Local)
	c := ethereum.Call{
		To: d.token.Adjudicator, Own: true, Gas: depositGas, What: fmt.Sprintf("deposit for channel %v", d.id),
		Data: evm.PackDeposit(evm.Params{
			A: terms.A, B: terms.B, PayA: terms.PayA, PayB: terms.PayB, Token: terms.Token, Delay: terms.Delay, Nonce: terms.Nonce,
		}, side, *uint256.MustFromBig(amount)),
	}
	if d.token.Token == (common.Address{}) {
		c.Value = amount
	}
	return c
}

// allow are the calls after which the adjudicator may take exactly so much.
func (t *token) allow(ctx context.Context, need *big.Int, head ethereum.Head) ([]ethereum.Call, error) {
	if t.Token == (common.Address{}) {
		return nil, nil
	}
	have, err := t.allowance(ctx, head.Hash)
	if err != nil || have.Cmp(need) == 0 {
		return nil, err
	}
	approve := func(amount *big.Int) ethereum.Call {
		return ethereum.Call{
			To: t.Token, Own: true, Data: evm.PackApprove(t.Adjudicator, amount),
			What: fmt.Sprintf("allow the adjudicator %v base units of %s", amount, t.Symbol),
		}
	}
	calls := []ethereum.Call{approve(need)}
	if have.Sign() > 0 { // some tokens change an allowance only to or from zero
		calls = append([]ethereum.Call{approve(new(big.Int))}, calls...)
	}
	return calls, nil
}

func (t *token) allowance(ctx context.Context, at common.Hash) (*big.Int, error) {
	out, err := t.chain.cfg.Reader.Call(ctx, t.Token, evm.PackAllowance(t.chain.cfg.Sender.Account(), t.Adjudicator), at)
	if err != nil {
		return nil, err
	}
	return evm.UnpackUint(out)
}

// Allowance tells what depositing so much needs.
func (n *Node) Allowance(ctx context.Context, symbol string, amount *big.Int) (Allowance, error) {
	t, err := n.tokens.named(symbol)
	if err != nil {
		return Allowance{}, err
	}
	v := Allowance{Token: t.Token, Spender: t.Adjudicator, Have: new(big.Int), Need: amount}
	if t.Token == (common.Address{}) {
		return v, nil
	}
	if v.Have, err = t.allowance(ctx, common.Hash{}); err != nil {
		return Allowance{}, err
	}
	v.NeedTransaction = v.Have.Cmp(amount) != 0
	return v, nil
}

// do sends a call and waits for its block.
func (t *token) do(ctx context.Context, c ethereum.Call) (common.Hash, error) {
	return t.chain.do(ctx, c)
}

func (c *evmChain) do(ctx context.Context, call ethereum.Call) (common.Hash, error) {
	receipt, err := c.cfg.Sender.Do(ctx, call, 1)
	if err != nil {
		return common.Hash{}, fmt.Errorf("node: %s: %w", call.What, err)
	}
	return receipt.TxHash, nil
}

func transferCall(t *token, to common.Address, amount *big.Int) ethereum.Call {
	what := fmt.Sprintf("send %v base units of %s to %v", amount, t.Symbol, to)
	if t.Token == (common.Address{}) {
		return ethereum.Call{To: to, Own: true, Value: amount, What: what}
	}
	return ethereum.Call{To: t.Token, Own: true, Data: evm.PackTransfer(to, amount), What: what}
}
