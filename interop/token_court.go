package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	mathrand "math/rand/v2"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/internal/devnet"
	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/internal/devnet/proc"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// What the token channels of these scenarios are, in units.
const (
	tokenFunds    = 10_000_000 // that each node starts with
	tokenCapacity = 1_000_000
	tokenPush     = 450_000
	tokenHeld     = 10_000
	tokenEther    = 1000 // of each account, for gas
)

// evmChain among the arguments of a scenario's nodes gives them an EVM chain with that profile, by so many ways.
const evmChain = "--evm.chain="

// onDev are arguments of nodes that go to an adjudicator contract.
var (
	onDev      = []string{evmChain + "dev,1", "--evm.maxgasprice=500"}
	onDevBy3   = []string{evmChain + "dev,3", "--evm.maxgasprice=500"}
	onEthereum = []string{evmChain + "ethereum,1", "--evm.maxgasprice=500"}
)

// startEVM brings up the chain that an argument names, and gives the argument that nodes take in its place.
func (w *world) startEVM(ctx context.Context, arg string) (string, error) {
	name, ways, _ := strings.Cut(arg, ",")
	profile, ok := evm.Profiles[name]
	var count int
	if _, err := fmt.Sscan(ways, &count); err != nil || !ok {
		return "", fmt.Errorf("no profile and number of ways: %q", arg)
	}
	var err error
	if w.evm, err = devnet.StartEVMAt(ctx, lag(profile)); err != nil {
		return "", err
	}
	w.profile = profile
	var urls []string
	for range count {
		d, err := openDoor(w.evm.WebSocket())
		if err != nil {
			return "", err
		}
		w.doors = append(w.doors, d)
		urls = append(urls, d.url())
	}
	w.evm.Every(time.Second)
	return w.evm.OptionOf(profile, urls...), nil
}

// lag is by how much a chain's clock is behind at first, so that blocks that are made at once, a second each, don't
// bring it further ahead of real time than the profile has it.
func lag(p evm.Profile) time.Duration {
	if p.ByHand {
		return 0
	}
	return -time.Duration(p.Outage+p.Behind) * time.Second / 2
}

// closeEVM ends it.
func (w *world) closeEVM() error {
	for _, d := range w.doors {
		d.close()
	}
	if w.evm == nil {
		return nil
	}
	return w.evm.Close()
}

// tokenFlight is an HTLC in a token that its receiver holds.
type tokenFlight struct {
	held
	milli    uint64
	from, to *daemon.Node
	settle   bool // by its preimage; else it times out
	expiry   int64
}

// tokenCourt is a channel in a token that goes on chain.
type tokenCourt struct {
	*world
	token    devnet.Token
	from, to *daemon.Node // from opened it
	id       string
	accounts map[*daemon.Node][]common.Address
	began    uint64                    // the block behind which gas is counted
	ether    map[*daemon.Node]*big.Int // at that block, in wei
	flights  []*tokenFlight

	disturb tokenDisturbance // called before each block; nil: nothing happens
	seen    map[string]bool  // by it
	dear    *big.Int         // what gas costs, in wei, since it has risen
	chance  *mathrand.Rand   // of kills
	rounds  int
}

// openTokenCourt gives the nodes money and opens a channel in a token from the first to the second.
func (w *world) openTokenCourt(ctx context.Context, symbol string) (*tokenCourt, error) {
	token, err := w.evm.Token(symbol)
	if err != nil {
		return nil, err
	}
	c := &tokenCourt{
		world: w, token: token, from: w.first(), to: w.last(), accounts: map[*daemon.Node][]common.Address{}, seen: map[string]bool{},
	}
	for _, n := range w.nodes {
		if c.accounts[n], err = n.EVMAccounts(ctx); err != nil {
			return nil, err
		}
		if err := w.evm.Fund(ctx, tokenEther, c.accounts[n]...); err != nil {
			return nil, err
		}
		if err := w.evm.Issue(ctx, token, c.base(tokenFunds*1000), c.accounts[n][0]); err != nil {
			return nil, err
		}
		if _, err := n.AddAsset(ctx, devnet.EVMName, w.evm.Adjudicator, token.Address); err != nil {
			return nil, err
		}
	}
	if err := c.mine(ctx, 1); err != nil {
		return nil, err
	}
	began := w.evm.Head().Number
	c.began, c.ether = began.Uint64(), map[*daemon.Node]*big.Int{}
	for _, n := range w.nodes {
		if c.ether[n], err = c.etherAt(ctx, n, began); err != nil {
			return nil, err
		}
	}
	return c, c.open(ctx)
}

// open opens the channel and waits until both can use it.
func (c *tokenCourt) open(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*soon)
	defer cancel()
	if err := c.from.Connect(ctx, c.to); err != nil {
		return err
	}
	// What was just sent to the accounts must be seen before anything is deposited.
	err := proc.Await(ctx, "a deposit", func(ctx context.Context) (err error) {
		c.id, err = c.from.OpenTokenPush(ctx, c.to, c.token.Symbol, tokenCapacity, tokenPush)
		return err
	})
	if err != nil {
		return err
	}
	if err := c.evm.Mine(int(c.depth())); err != nil {
		return err
	}
	return c.usable(ctx)
}

// depth is how many blocks make one final.
func (c *tokenCourt) depth() uint64 {
	if c.profile.Finality.Tag == "" {
		return c.profile.Finality.Depth
	}
	return 64
}

// usable waits until both ends can use the channel.
func (c *tokenCourt) usable(ctx context.Context) error {
	return c.both(ctx, "a channel that is active", func(ch *nwnrpc.TokenChannel) error {
		if !ch.Active {
			return fmt.Errorf("it is %v: %s", ch.State, ch.Next)
		}
		return nil
	})
}

// both waits until something is so of the channel at both ends.
func (c *tokenCourt) both(ctx context.Context, what string, ok func(*nwnrpc.TokenChannel) error) error {
	ctx, cancel := context.WithTimeout(ctx, 2*soon)
	defer cancel()
	for _, end := range c.nodes {
		if err := end.Await(ctx, what, func(ctx context.Context) error {
			ch, err := end.TokenChannel(ctx, c.id)
			if err != nil {
				return err
			}
			return ok(ch)
		}); err != nil {
			return err
		}
	}
	return nil
}

// mine makes blocks and waits until the nodes that run have read them.
func (c *tokenCourt) mine(ctx context.Context, blocks int) error {
	if err := c.evm.Mine(blocks); err != nil {
		return err
	}
	return c.read(ctx)
}

// read waits until the nodes that run have read the newest block.
func (c *tokenCourt) read(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*soon)
	defer cancel()
	height := c.evm.Head().Number.Uint64()
	for _, n := range c.nodes {
		if !n.Running() {
			continue
		}
		if err := n.AwaitEVMHeight(ctx, height); err != nil {
			return err
		}
	}
	return nil
}

// fly sends HTLCs in both directions, count each way, each of another value, and waits until they are held. Whether one
// is settled is told by its number.
func (c *tokenCourt) fly(ctx context.Context, count int, settle func(i int) bool) error {
	for i := range count {
		for side, ends := range [][2]*daemon.Node{{c.from, c.to}, {c.to, c.from}} {
			f := &tokenFlight{milli: uint64(tokenHeld+500*i+7*side) * 1000, from: ends[0], to: ends[1], settle: settle(i)}
			if err := c.send(ctx, f); err != nil {
				return err
			}
			c.flights = append(c.flights, f)
		}
	}
	if err := c.pending(ctx, len(c.flights)); err != nil {
		return err
	}
	for _, f := range c.flights {
		if err := c.awaitHeld(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func (c *tokenCourt) send(ctx context.Context, f *tokenFlight) error {
	if _, err := rand.Read(f.preimage[:]); err != nil {
		return err
	}
	f.hash = sha256.Sum256(f.preimage[:])
	request, err := f.to.HoldTokenInvoice(ctx, c.token.Symbol, f.hash, f.milli)
	if err != nil {
		return err
	}
	return f.from.BeginToken(ctx, request)
}

func (c *tokenCourt) awaitHeld(ctx context.Context, f *tokenFlight) error {
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	return f.to.Await(ctx, "a held HTLC", func(ctx context.Context) error {
		inv, err := f.to.LookupTokenInvoice(ctx, f.hash)
		if err == nil && inv.State != lnrpc.Invoice_ACCEPTED {
			err = fmt.Errorf("the invoice over %d thousandths is %v", f.milli, inv.State)
		}
		return err
	})
}

// pending waits until both ends show so many HTLCs, for good, and notes when they expire.
func (c *tokenCourt) pending(ctx context.Context, count int) error {
	return c.both(ctx, "the held HTLCs", func(ch *nwnrpc.TokenChannel) error {
		expiries := map[string]int64{}
		for _, h := range ch.Htlcs {
			if h.LockedIn {
				expiries[h.PaymentHash] = h.Expiry
			}
		}
		if len(expiries) != count || !ch.Active {
			return fmt.Errorf("%d HTLCs, active: %v; want %d", len(expiries), ch.Active, count)
		}
		for _, f := range c.flights {
			f.expiry = expiries[fmt.Sprintf("%x", f.hash)]
		}
		return nil
	})
}

// force has one node post its commitment, and waits until that is in a block. From then on blocks come only when
// they are asked for.
func (c *tokenCourt) force(ctx context.Context, by *daemon.Node) error {
	short, cancel := context.WithTimeout(ctx, 2*soon)
	defer cancel()
	if _, err := by.CloseToken(short, c.id, true); err != nil {
		return err
	}
	c.evm.Every(0)
	return c.read(ctx)
}

// settle gives the preimages that are to be given and mines until they are used on chain.
func (c *tokenCourt) settle(ctx context.Context) error {
	if err := c.reveal(ctx); err != nil {
		return err
	}
	return c.take(ctx, false, c.settled)
}

// reveal gives the preimages that are to be given.
func (c *tokenCourt) reveal(ctx context.Context) error {
	for _, f := range c.flights {
		if !f.settle {
			continue
		}
		if err := f.to.SettleTokenHold(ctx, f.preimage); err != nil {
			return err
		}
	}
	return nil
}

// settled says whether all preimages that were given were used on chain.
func (c *tokenCourt) settled(ctx context.Context) error {
	undecided := 0
	for _, f := range c.flights {
		if !f.settle {
			undecided++
		}
	}
	for _, end := range c.nodes {
		ch, err := end.TokenChannel(ctx, c.id)
		if err != nil {
			return err
		}
		if ch.Deadline == 0 && ch.State != nwnrpc.TokenChannelState_TOKEN_CHANNEL_CLOSED || int(ch.UndecidedHtlcs) > undecided {
			return fmt.Errorf("%s: %d HTLCs are undecided, want %d: %s", end.Name, ch.UndecidedHtlcs, undecided, ch.Next)
		}
	}
	return nil
}

// closed says whether both ends have seen the channel through, for good.
func (c *tokenCourt) closed(ctx context.Context) error {
	for _, end := range c.nodes {
		ch, err := end.TokenChannel(ctx, c.id)
		if err != nil {
			return err
		}
		if ch.State != nwnrpc.TokenChannelState_TOKEN_CHANNEL_CLOSED {
			return fmt.Errorf("%s: the channel is %v, %d HTLCs undecided: %s", end.Name, ch.State, ch.UndecidedHtlcs, ch.Next)
		}
	}
	return nil
}

// What take waits for, and how far it goes.
const (
	mostRounds = 400
	idleRounds = 3 // without a transaction until time is moved
)

// take mines until something is so: a block at a time as long as transactions come, else, if it may, up to the
// next time at which one can.
func (c *tokenCourt) take(ctx context.Context, warp bool, done func(context.Context) error) error {
	var last error
	for idle := 0; c.rounds < mostRounds; c.rounds++ {
		if last = done(ctx); last == nil || ctx.Err() != nil {
			return last
		}
		if c.disturb != nil {
			if err := c.disturb(ctx, c); err != nil {
				return err
			}
		}
		waits, err := c.waits(ctx)
		if err != nil {
			return err
		}
		if idle++; waits {
			idle = 0
		}
		if err := c.move(ctx, warp && idle >= idleRounds); err != nil {
			return err
		}
	}
	return fmt.Errorf("after %d rounds: %w", mostRounds, last)
}

// move makes a block: at the next time at which something can be done, if it may; many if there is none.
func (c *tokenCourt) move(ctx context.Context, far bool) error {
	if !far {
		return c.mine(ctx, 1)
	}
	next, err := c.nextTime(ctx)
	if err != nil {
		return err
	}
	if next == 0 {
		return c.mine(ctx, int(c.depth())/4+1)
	}
	// A reorganisation must not bring back what was before: the clock stays where it is.
	if err := c.mine(ctx, int(c.depth())); err != nil {
		return err
	}
	return c.warp(ctx, next)
}

// warp makes the next block at a time, or now if that is later.
func (c *tokenCourt) warp(ctx context.Context, to int64) error {
	now := max(c.evm.Now().Unix(), int64(c.evm.Head().Time))
	if err := c.evm.Warp(time.Duration(max(to-now, 0)) * time.Second); err != nil {
		return err
	}
	return c.read(ctx)
}

// warpOnce is for how many seconds locks that expire one after the other are waited for together.
const warpOnce = 300

// nextTime is when a contest period ends or HTLCs expire next, 0 if nothing does.
func (c *tokenCourt) nextTime(ctx context.Context) (int64, error) {
	now := int64(c.evm.Head().Time)
	first, times := int64(0), []int64{}
	for _, end := range c.nodes {
		ch, err := end.TokenChannel(ctx, c.id)
		if err != nil {
			return 0, err
		}
		times = append(times, ch.Deadline+1)
		if ch.UndecidedHtlcs > 0 {
			for _, f := range c.flights {
				times = append(times, f.expiry)
			}
		}
	}
	for _, t := range times {
		if t > now && (first == 0 || t < first) {
			first = t
		}
	}
	next := first
	for _, t := range times {
		if t <= first+warpOnce {
			next = max(next, t)
		}
	}
	return next, nil
}

// waits tells whether transactions wait for a block, soon.
func (c *tokenCourt) waits(ctx context.Context) (bool, error) {
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := proc.Await(short, "a transaction", func(ctx context.Context) error {
		var status struct{ Pending string }
		if err := c.evm.Client().Client().CallContext(ctx, &status, "txpool_status"); err != nil {
			return err
		}
		if status.Pending == "0x0" {
			return errors.New("none waits")
		}
		return nil
	})
	return err == nil, ctx.Err()
}

// base is thousandths of units in base units, rounded down as a commitment has it.
func (c *tokenCourt) base(milli uint64) *big.Int {
	v := new(big.Int).SetUint64(milli)
	exponent := int64(max(int(c.token.Decimals), 6) - 6)
	v.Mul(v, new(big.Int).Exp(big.NewInt(10), big.NewInt(exponent), nil))
	return v.Div(v, big.NewInt(1000))
}
