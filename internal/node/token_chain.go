package node

import (
	"context"
	"fmt"
	"math/big"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/enforce/contract"
	"github.com/nichework/nwnd/internal/ethereum"
)

// bench is one adjudicator contract: its court, and what every block calls for.
type bench struct {
	chain    *evmChain
	contract common.Address
	court    *contract.Court
}

// benches are the contracts of all assets.
type benches struct {
	mu  sync.Mutex
	all map[benchKey]*bench
	run bool // the node has started: a new one runs at once
}

type benchKey struct {
	chain    *evmChain
	contract common.Address
}

// bench is the contract of a token, made at its first use.
func (n *Node) bench(t *token) (*bench, error) {
	s := &n.benches
	s.mu.Lock()
	defer s.mu.Unlock()
	key := benchKey{t.chain, t.Adjudicator}
	if b := s.all[key]; b != nil {
		return b, nil
	}
	c := t.chain.cfg
	court, err := contract.New(contract.Config{
		Reader: c.Reader, Sender: c.Sender, Contract: t.Adjudicator, Profile: c.Profile, DB: n.db,
		Log: n.log.With("part", "enforce", "chain", c.Name), GasPrice: c.GasPrice, GasLow: n.gasLow(t.chain),
	})
	if err != nil {
		return nil, fmt.Errorf("node: adjudicator %v on %s: %w", t.Adjudicator, c.Name, err)
	}
	b := &bench{chain: t.chain, contract: t.Adjudicator, court: court}
	if s.all == nil {
		s.all = make(map[benchKey]*bench)
	}
	s.all[key] = b
	if s.run {
		n.runBench(b)
	}
	return b, nil
}

// startBenches makes all contracts' courts run.
func (n *Node) startBenches() {
	s := &n.benches
	s.mu.Lock()
	defer s.mu.Unlock()
	s.run = true
	for _, b := range s.all {
		n.runBench(b)
	}
}

func (n *Node) runBench(b *bench) {
	n.wg.Go(func() { n.fail(b.court.Run(n.ctx)) })
	n.wg.Go(func() { n.followContract(b) })
}

// followContract does what every block of an EVM chain calls for.
func (n *Node) followContract(b *bench) {
	r := b.chain.cfg.Reader
	if !n.awaitHead(r) {
		return
	}
	head := r.Head()
	credits := credits{n: n, b: b}
	for u := range r.Follow(n.ctx, b.contract, n.creditedSince(b, head)) {
		past := u.Head == u.Final && u.Head.Number < head.Number // a piece of it
		if !past {
			n.checkTimes(b, u.Head.Time, head.Time)
			n.checkAwaited(b, u)
			n.forgetUndeposited(b)
			n.sw.decide(n.sw.waiting.late(n.sw.times))
			n.inTokens.Invoices.block(n.ctx)
		}
		credits.take(u) // asks endpoints, so no deadline waits for it
		if !past && u.Head != u.Final {
			n.pursueDeposits(b, u.Head, credits.unsure)
		}
	}
}

// headPoll is how often a chain is looked at until it was read for the first time.
const headPoll = 50 * time.Millisecond

// awaitHead waits until a chain was read; false if the node ends before. Whoever follows it earlier is told all of it from
// its first block.
func (n *Node) awaitHead(r ethereum.Reader) bool {
	tick := time.NewTicker(headPoll)
	defer tick.Stop()
	for r.Head() == (ethereum.Head{}) {
		select {
		case <-n.ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}

// checkTimes stops channels with an HTLC past its deadline: their commitments are posted. since is the chain's time when this
// node began to follow it.
func (n *Node) checkTimes(b *bench, now, since uint64) {
	for _, d := range n.channelsOf(b) {
		if reason := evm.Overdue(d.channel(), now, since, b.chain.cfg.Profile); reason != "" {
			d.log.Error("an HTLC reached its deadline; the channel goes on chain", "why", reason)
			d.post(job{in: htlc.Halt{Reason: reason}})
		}
	}
}

// depositPatience is how long the one who accepted a channel waits for its deposit, as long as for a funding
// transaction (BOLT 2: 2016 blocks).
const depositPatience = 14 * 24 * time.Hour

// forgetUndeposited forgets channels whose opener never deposited.
func (n *Node) forgetUndeposited(b *bench) {
	for _, d := range n.channelsOf(b) {
		c := d.channel()
		if !unfunded(c) || c.Params().Opener == htlc.Local || c.Restored() || n.now().Sub(d.made) < depositPatience {
			continue
		}
		d.post(job{after: func() { // on the driver's goroutine: nothing may be written behind its end
			if r := d.bench.Load().report(d.id); unfunded(d.channel()) && r != nil && r.Phase == evm.PhaseNone {
				d.log.Info("nothing was ever deposited in the channel; forgetting it", "since", d.made)
				n.drop(d)
			}
		}})
	}
}

func (n *Node) channelsOf(b *bench) []*driver {
	return n.sw.filter(func(d *driver) bool {
		return d.token != nil && d.token.chain == b.chain && d.token.Adjudicator == b.contract
	})
}

// poke says that a channel changed to whoever sees it through on chain.
func (n *Node) poke(d *driver) {
	if b := d.bench.Load(); b != nil {
		b.court.Poke(d.id)
	} else if d.token == nil {
		n.court.Poke(d.id)
	}
}

// gasLow raises the alert of a chain's gas accounts. Until it is over no HTLC is taken or offered there.
func (n *Node) gasLow(c *evmChain) func(string) {
	about := located([32]byte(common.LeftPadBytes([]byte(c.cfg.Name), 32)))
	return func(text string) {
		if text == "" {
			c.gasLow.Store(nil)
			n.alerts.clear(AlertGas, about)
			return
		}
		text = "chain " + c.cfg.Name + ": " + text
		c.gasLow.Store(&text)
		n.alerts.raise(AlertGas, about, text)
	}
}

// gasNeeded is what it takes to close every channel on a chain, and so many more, at the fee ceiling.
func (n *Node) gasNeeded(c *evmChain, more int) *big.Int {
	sum := new(big.Int)
	s := &n.benches
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.all {
		if b.chain == c {
			sum.Add(sum, b.court.Reserve(more, 0))
			more = 0
		}
	}
	return sum
}

// gasPatience is how long the accounts' balances may take to be told.
const gasPatience = 10 * time.Second

// gasFor refuses to open so many channels more if the accounts could not pay for their end.
func (n *Node) gasFor(t *token, more int) error {
	b, err := n.bench(t)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(n.ctx, gasPatience) // a peer's messages may wait for it
	defer cancel()
	have, err := b.court.GasBalance(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotReady, err)
	}
	if need := n.gasNeeded(t.chain, more); have.Cmp(need) < 0 {
		return fmt.Errorf("%w: the accounts that pay for gas on %s have %v wei, closing every channel may take %v: send coins to %v",
			ErrInsufficientFunds, t.chain.cfg.Name, have, need, t.chain.cfg.Sender.Account())
	}
	return nil
}

// owed is what could not be pushed to us, and waits in the contract.
func (t *token) owed(ctx context.Context) (*big.Int, error) {
	out, err := t.chain.cfg.Reader.Call(ctx, t.Adjudicator, evm.PackOwed(t.Token, t.chain.cfg.Sender.Account()), common.Hash{})
	if err != nil {
		return nil, err
	}
	return evm.UnpackUint(out)
}
