package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/enforce/contract"
	"github.com/nichework/nwnd/internal/enforce/records"
)

// peerConn is the connection that a driver speaks through. Send never blocks; a
// connection that can't keep up is closed by its owner.
type peerConn interface {
	Send(msgs ...lnwire.Message) error
	Disconnect(reason error)
}

// store is the part of channeldb that a driver uses.
type store interface {
	Append(batches ...channeldb.Batch) error
	NeedsSnapshot(channeldb.Stream) bool
	records.Reader
}

// driver owns one channel: no other goroutine steps it.
type driver struct {
	id    lnwire.ChannelID
	hint  uint32 // height below which the funding transaction can't be
	token *token // the asset that it is in; nil: bitcoin
	log   *slog.Logger
	store store
	inbox *inbox
	view  atomic.Pointer[htlc.Channel] // the newest durable value, for readers
	peer  peerConn                     // nil while disconnected; the driver's goroutine only
	deaf  bool                         // the peer broke the protocol: until it connects anew nothing it says counts
	gone  bool                         // the channel's log has ended

	records records.Log // of the commitments that are signed for the peer

	// dispatch takes what the batch that was just made durable asks of the rest of the
	// node; it runs on the driver's goroutine and must not wait for another driver.
	dispatch func(*driver, htlc.Effects)

	made   time.Time     // it was agreed then
	born   time.Time     // we watch it since, as far as this process knows
	before time.Duration // its peer was online before that
	memo   string        // what its opener notes

	funded   atomic.Int32            // the block of its funding transaction while that isn't deep enough; 0: none
	closing  atomic.Pointer[closing] // how the funding output was spent in a block, nil before that
	active   bool                    // what subscribers were told last; the driver's goroutine only
	incoming map[uint64]bool         // HTLCs that came in and whether they are settled, for those who follow; nil: nobody does
	changes  changes
	stop     context.CancelFunc // ends the driver and its watches

	bench   atomic.Pointer[bench]          // that sees a token channel through; nil before it is watched
	onChain atomic.Pointer[contract.Funds] // of a token channel, final; nil: not known yet
	ended   atomic.Pointer[contract.End]   // how a token channel ended

	coins   sync.Mutex // guards release and target
	moves   moves
	target  uint64 // of our deposits in a token channel, if more than the first was asked for
	release func() // frees the coins of the funding transaction; nil: none are reserved
}

// changes tells those who wait that a channel's lifecycle moved on.
type changes struct {
	mu sync.Mutex
	ch chan struct{}
}

// wait is closed at the next change.
func (c *changes) wait() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ch == nil {
		c.ch = make(chan struct{})
	}
	return c.ch
}

func (c *changes) notify() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ch != nil {
		close(c.ch)
		c.ch = nil
	}
}

func newDriver(c *htlc.Channel, s store, log *slog.Logger, dispatch func(*driver, htlc.Effects)) *driver {
	d := &driver{
		id:       c.Params().ID,
		log:      log.With("channel", c.Params().Outpoint.String()),
		store:    s,
		inbox:    newInbox(),
		dispatch: dispatch,
	}
	d.view.Store(c)
	return d
}

// chain is the chain_hash of the channel's asset.
func (d *driver) chain(bitcoin chainhash.Hash) chainhash.Hash {
	if d.token != nil {
		return d.token.hash()
	}
	return bitcoin
}

// space is where the rows of the channel's kind are.
func (d *driver) space() space {
	if d.token != nil {
		return tokenSpace
	}
	return bitcoinSpace
}

// channel is the newest durable value.
func (d *driver) channel() *htlc.Channel { return d.view.Load() }

// post queues local work; it never blocks.
func (d *driver) post(jobs ...job) bool { return d.inbox.post(jobs...) }

// run drains what is waiting, steps it all, appends once, and only then speaks. It
// returns the error that must stop the node: memory never goes ahead of disk.
func (d *driver) run(ctx context.Context) error {
	defer d.inbox.close()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-d.inbox.ready:
		}
		for batch := d.inbox.take(); len(batch) > 0; batch = d.inbox.take() {
			if err := d.process(batch); err != nil {
				return err
			}
			if ctx.Err() != nil {
				return nil
			}
		}
	}
}

func (d *driver) process(batch []job) error {
	batch = d.heard(batch)
	inputs := make([]htlc.Input, len(batch))
	for i, j := range batch {
		inputs[i] = j.in
	}
	next, eff, puts, bad := d.step(inputs)
	done := batch
	var one *htlc.BatchError
	switch {
	case errors.As(bad, &one):
		// What stands behind the bad input waits for the reaction to it.
		done = batch[:one.Index]
		defer d.inbox.giveBack(batch[one.Index+1:])
	case bad != nil:
		// Nothing of the batch took effect, so none of its records may be written. A channel
		// that halts over it signs no more, and takes the rest.
		done = nil
		if d.channel().State() != htlc.Halted {
			defer d.inbox.giveBack(batch)
		}
	}
	for _, j := range done {
		puts = append(puts, j.puts...)
	}
	if err := d.append(next, eff.Facts, puts); err != nil {
		return err
	}
	d.view.Store(next)
	d.speak(eff.Send)
	for _, j := range done {
		if j.after != nil {
			j.after()
		}
		if _, ok := j.in.(htlc.Disconnected); ok {
			d.peer = nil
		}
	}
	d.dispatch(d, eff)
	switch {
	case bad == nil:
		return nil
	case one != nil && refusable(batch[one.Index].in):
		d.log.Warn("request refused", "why", bad)
		d.post(job{}) // what the batch's end allows was not done
		return nil
	}
	return d.react(bad)
}

// heard notes a new connection, and leaves out what comes on one that is to end: a message
// that builds on a refused one would look like a worse breach than there was.
func (d *driver) heard(batch []job) []job {
	for _, j := range batch {
		if _, ok := j.in.(htlc.Connected); ok {
			d.peer, d.deaf = j.peer, false
		}
	}
	if !d.deaf {
		return batch
	}
	rest := make([]job, 0, len(batch))
	for _, j := range batch {
		if _, ok := j.in.(htlc.Recv); !ok {
			rest = append(rest, j)
		}
	}
	return rest
}

// refusable are the inputs that an operator asks for: the channel is none the worse if it
// can't do them.
func refusable(in htlc.Input) bool {
	_, ok := in.(htlc.Shutdown)
	return ok
}

// step steps the inputs of a batch; a job that has none is passed over. The rows belong to what
// the step signs.
func (d *driver) step(inputs []htlc.Input) (*htlc.Channel, htlc.Effects, []channeldb.KV, error) {
	real := make([]htlc.Input, 0, len(inputs))
	at := make([]int, 0, len(inputs))
	for i, in := range inputs {
		if in != nil {
			real, at = append(real, in), append(at, i)
		}
	}
	next, eff, err := d.channel().StepAll(real)
	var one *htlc.BatchError
	if errors.As(err, &one) {
		err = &htlc.BatchError{Index: at[one.Index], Err: one.Err}
	}
	if eff.Signed == nil || d.token != nil { // a contract needs no records to punish
		return next, eff, nil, err
	}
	puts, bad := d.records.Signed(d.store, d.channel(), eff.Signed)
	if bad != nil { // without them the signature must not leave
		return d.channel(), htlc.Effects{}, nil, bad
	}
	return next, eff, puts, err
}

func (d *driver) append(next *htlc.Channel, facts [][]byte, puts []channeldb.KV) error {
	if d.gone {
		facts = nil
	}
	if len(facts) == 0 && len(puts) == 0 {
		return nil
	}
	b := channeldb.Batch{Puts: puts}
	if !d.gone {
		b.Stream, b.Facts = streamOf(d.id), facts
		if d.store.NeedsSnapshot(b.Stream) {
			b.Snapshot = next.Encode()
		}
	}
	if err := d.store.Append(b); err != nil {
		return fmt.Errorf("node: channel %v stopped before sending: %w", d.id, err)
	}
	return nil
}

// speak sends to the peer. A failed send needs no answer here: the connection is gone,
// and reestablishment sends again what the peer missed.
func (d *driver) speak(msgs []lnwire.Message) {
	if d.peer == nil || len(msgs) == 0 {
		return
	}
	if err := d.peer.Send(msgs...); err != nil {
		d.log.Debug("peer is gone; messages wait for reestablishment", "count", len(msgs), "err", err)
	}
}

// react does what an error in the peer's messages calls for.
func (d *driver) react(bad error) error {
	var pe *htlc.PeerError
	if !errors.As(bad, &pe) {
		// A fault of this node: stop using the channel, keep the rest of the node going.
		d.log.Error("channel stopped by an internal fault; it forwards nothing more", "err", bad)
		return d.halt(fmt.Sprintf("internal fault: %v", bad))
	}
	if pe.Reaction == htlc.FailChannel {
		d.log.Error("channel failed by its peer's message; it forwards nothing more and "+
			"waits to be resolved on chain", "err", pe.Err)
		return d.halt(pe.Error())
	}
	d.log.Warn("protocol error by peer; disconnecting", "err", pe.Err)
	d.speak([]lnwire.Message{&lnwire.Warning{ChanID: d.id, Data: lnwire.WarningData(pe.Error())}})
	if d.peer != nil {
		d.peer.Disconnect(pe)
	}
	d.deaf = true
	return d.process([]job{{in: htlc.Disconnected{Reason: pe.Error()}}})
}

func (d *driver) halt(reason string) error {
	if d.channel().State() == htlc.Halted {
		return nil
	}
	next, eff, err := d.channel().StepAll([]htlc.Input{htlc.Halt{Reason: reason}})
	if err != nil {
		return fmt.Errorf("node: channel %v can't be halted: %w", d.id, err)
	}
	if err := d.append(next, eff.Facts, nil); err != nil {
		return err
	}
	d.view.Store(next)
	d.speak(eff.Send) // the error, told when the end is durable
	d.dispatch(d, eff)
	return nil
}
