package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nichework/nwnd/internal/devnet"
	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/internal/devnet/proc"
	"github.com/nichework/nwnd/lnrpc"
)

// What the channels of these scenarios are, in satoshi and blocks.
const (
	courtCapacity = 1_000_000
	courtPush     = 450_000
	courtDelay    = 30 // of the acceptor's balance; the opener's is for the acceptor to say
	courtExpiry   = 40 // of an HTLC, from when it is sent
	heldAmount    = 10_000
	dustSat       = 300
	weightOfNone  = 1124 // of a commitment without HTLCs (BOLT 3)
	weightOfHTLC  = 172
)

// courtArgs are of all nodes that go to court.
var courtArgs = []string{feeURL}

// calm is what a transaction costs at first, in satoshi per vbyte.
const calm = 5

// flight is an HTLC between the two nodes that its receiver holds.
type flight struct {
	held
	sat      int64
	from, to *daemon.Node
	settle   bool  // by its preimage; else it times out
	expiry   int64 // as the commitment has it
}

func (f *flight) dust() bool { return f.sat < 354 }

// winner has the HTLC's value in the end. What is too small for an output is the miner's, so its
// sender is without it.
func (f *flight) winner() *daemon.Node {
	if f.settle {
		return f.to
	}
	return f.from
}

// court is a channel between two nodes that goes on chain.
type court struct {
	*world
	*channel
	flights   []*flight
	feePerKW  int64
	delay     map[*daemon.Node]int64 // of a node's own balance
	publisher *daemon.Node           // of the commitment
	step      bool                   // mine one block at a time even while nothing moves

	dear    bool            // fees have risen
	blocks  int             // that backendAway saw
	steps   map[[2]int]bool // that reorg saw: how many outputs of the commitment, and of second stages, were left
	disturb disturbance     // called before each block; nil: nothing happens
}

// openCourt opens the channel from the first node to the second.
func (w *world) openCourt(ctx context.Context) (*court, error) {
	w.delay, w.held = cmp.Or(w.delay, courtDelay), cmp.Or(w.held, heldAmount)
	if err := w.open(ctx, courtCapacity, courtPush); err != nil {
		return nil, err
	}
	return &court{world: w, channel: w.channels[0]}, nil
}

// fly sends HTLCs in both directions, count each way, each of another value, and waits until they are held.
// The last of many is too small for an output. Whether one is settled is told by its number.
func (c *court) fly(ctx context.Context, count int, settle func(i int) bool) error {
	for i := range count {
		for side, ends := range [][2]*daemon.Node{{c.From, c.To}, {c.To, c.From}} {
			sat := c.held + int64(500*i+7*side)
			if i > 0 && i == count-1 {
				sat = dustSat + int64(side)
			}
			f := &flight{sat: sat, from: ends[0], to: ends[1], settle: settle(i) && sat >= 354}
			if err := f.send(ctx); err != nil {
				return err
			}
			c.flights = append(c.flights, f)
		}
	}
	short, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	for _, f := range c.flights {
		if err := f.awaitHeld(short); err != nil {
			return err
		}
	}
	return c.pending(short, 2*count)
}

func (f *flight) send(ctx context.Context) error {
	if _, err := rand.Read(f.preimage[:]); err != nil {
		return err
	}
	f.hash = sha256.Sum256(f.preimage[:])
	request, err := f.to.HoldInvoice(ctx, f.hash, f.sat, courtExpiry)
	if err != nil {
		return err
	}
	return f.from.Begin(ctx, request)
}

func (f *flight) awaitHeld(ctx context.Context) error {
	return f.to.Await(ctx, "a held HTLC", func(ctx context.Context) error {
		inv, err := f.to.LookupInvoice(ctx, f.hash[:])
		if err == nil && inv.State != lnrpc.Invoice_ACCEPTED {
			err = fmt.Errorf("the invoice over %d sat is %v", f.sat, inv.State)
		}
		return err
	})
}

// note reads what the commitment's fee and the delays will be.
func (c *court) note(ctx context.Context) error {
	c.delay = map[*daemon.Node]int64{}
	expiries := map[[32]byte]int64{}
	for _, end := range []*daemon.Node{c.From, c.To} {
		v, err := end.Channel(ctx, c.Point)
		if err != nil {
			return err
		}
		c.feePerKW = v.FeePerKw
		if c.delay[end] = int64(v.LocalConstraints.GetCsvDelay()); c.delay[end] == 0 {
			return fmt.Errorf("%s does not tell how long its balance waits", end.Name)
		}
		for _, h := range v.PendingHtlcs {
			expiries[[32]byte(h.HashLock)] = int64(h.ExpirationHeight)
		}
	}
	for _, f := range c.flights {
		f.expiry = expiries[f.hash]
	}
	return nil
}

// left is what an end has in the channel besides HTLCs, in satoshi: the opener pays the fee.
func (c *court) left(end *daemon.Node) int64 {
	sat := c.to / 1000
	if end == c.From {
		sat = courtCapacity - c.to/1000 - anchors - c.fee()
	}
	for _, f := range c.flights {
		if f.from == end {
			sat -= f.sat
		}
	}
	return sat
}

// fee is the commitment's (BOLT 3, "Fee Calculation").
func (c *court) fee() int64 {
	weight := int64(weightOfNone)
	for _, f := range c.flights {
		if !f.dust() {
			weight += weightOfHTLC
		}
	}
	return c.feePerKW * weight / 1000
}

// owner says to whom the output of this value in the newest commitment must go.
func (c *court) owner(sat int64) (*daemon.Node, error) {
	for _, end := range []*daemon.Node{c.From, c.To} {
		if sat == c.left(end) {
			return end, nil
		}
	}
	for _, f := range c.flights {
		if sat == f.sat && !f.dust() {
			return f.winner(), nil
		}
	}
	return nil, fmt.Errorf("%d sat are neither what %s has left (%d), nor %s (%d), nor an HTLC's", sat,
		c.From.Name, c.left(c.From), c.To.Name, c.left(c.To))
}

// patience is how long nodes are given for a transaction before another block is mined: far more than it
// takes, and if they need longer they have it after that block.
const patience = 700 * time.Millisecond

// mostBlocks is more than any lock lasts.
const mostBlocks = 1200

// takeAll mines until no output of the closed channel is left: one block at a time as long as something
// moves, else up to the next lock.
func (c *court) takeAll(ctx context.Context) error {
	return c.take(ctx, func(devnet.Output) bool { return true })
}

// take mines until no output that is asked for is left.
func (c *court) take(ctx context.Context, asked func(devnet.Output) bool) error {
	idle := 0
	for mined := 0; mined < mostBlocks; {
		left, err := c.net.Untaken(ctx, c.Point)
		if err != nil {
			return err
		}
		awaited := slices.DeleteFunc(slices.Clone(left), func(o devnet.Output) bool { return !asked(o) })
		if len(awaited) == 0 {
			return c.net.Mine(ctx, 1) // the last ones may be in the mempool
		}
		moved, err := c.moves(ctx, len(left))
		if err != nil {
			return err
		}
		blocks := 1
		if idle++; moved {
			idle = 0
		} else if idle > 1 && !c.step {
			blocks = c.toNextLock(awaited)
		}
		if c.disturb != nil {
			if err := c.disturb(ctx, c); err != nil {
				return err
			}
		}
		if err := c.net.Mine(ctx, blocks); err != nil {
			return err
		}
		mined += blocks
	}
	left, err := c.net.Untaken(ctx, c.Point)
	return errors.Join(err, fmt.Errorf("after %d blocks nobody has taken %v", mostBlocks, left))
}

// moves reports whether one of the outputs is taken soon.
func (c *court) moves(ctx context.Context, left int) (bool, error) {
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := proc.Await(short, "a transaction", func(ctx context.Context) error {
		now, err := c.net.Untaken(ctx, c.Point)
		if err == nil && len(now) == left {
			err = errors.New("nothing moves")
		}
		return err
	})
	return err == nil, ctx.Err()
}

// toNextLock is how many blocks are missing until one of the outputs can be taken in the block after them.
func (c *court) toNextLock(left []devnet.Output) int {
	height, _, err := c.net.Chain.Best()
	if err != nil {
		return 1
	}
	next := int64(height) + mostBlocks
	for _, o := range left {
		locks := []int64{o.Height + c.delay[c.publisher]}
		for _, f := range c.flights {
			if f.sat == o.Sat && !o.Staged {
				locks = []int64{f.expiry}
				if f.settle {
					locks = nil // its preimage has no lock, and must come before the expiry
				}
			}
		}
		for _, lock := range locks {
			if lock > int64(height)+1 {
				next = min(next, lock)
			}
		}
	}
	if next == int64(height)+mostBlocks {
		return 1
	}
	return int(next-int64(height)) - 1
}
