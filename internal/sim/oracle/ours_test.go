package oracle

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/signer"
)

// node is one end of a channel: ours or lnd's.
type node interface {
	// command queues something this side wants; deliver queues a message from the peer.
	command(in htlc.Input)
	deliver(msg lnwire.Message)
	// pump handles what is queued and gives the messages to send.
	pump() ([]lnwire.Message, error)
	connect() ([]lnwire.Message, error)
	disconnect() error
	// crash loses everything that isn't durable, before or after the queue is handled.
	// What it sent before it died is given back: sent, but not received.
	crash(r *rand.Rand) ([]lnwire.Message, error)
	// incoming are HTLCs that wait for a decision.
	incoming() []incoming
	// check holds the node's view against the ledger's.
	check(l *ledger) error
	// told checks, at the end, what the switch was told.
	told(l *ledger) error
	// closeTx is the cooperative close, once both signed it.
	closeTx() []byte
}

type incoming struct {
	id   uint64
	hash [32]byte
}

// ours is a node of package htlc with a disk: a snapshot and the facts since.
type ours struct {
	side     htlc.Side
	format   htlc.Format
	signer   *signer.Signer
	ch       *htlc.Channel
	snapshot []byte
	facts    [][]byte
	queue    []htlc.Input
	forget   []htlc.Input        // what the switch has made durable
	outcomes map[uint64]string   // of outgoing HTLCs, as the switch was told
	open     map[uint64][32]byte // incoming HTLCs without a decision
	stats    *stats
	paid     func(htlc.WithdrawDone) error // the contract
}

func newOurs(side htlc.Side, p *htlc.Params, f htlc.Format, s, peer *signer.Signer, st *stats) (*ours, error) {
	if side == B {
		p = swapped(p)
	}
	mine := *p
	mine.CloseScript = payout(side)
	p = &mine
	ch, err := htlc.New(p, f, s, peer.Point(0), nil)
	if err != nil {
		return nil, err
	}
	o := &ours{side: side, format: f, signer: s, ch: ch, stats: st, outcomes: map[uint64]string{}, open: map[uint64][32]byte{}}
	o.snapshot = ch.Encode()
	return o, nil
}

func (o *ours) deliver(msg lnwire.Message) { o.queue = append(o.queue, htlc.Recv{Msg: msg}) }

func (o *ours) command(in htlc.Input) {
	switch in := in.(type) {
	case htlc.Fulfill:
		delete(o.open, in.ID)
	case htlc.Fail:
		delete(o.open, in.ID)
	case htlc.FailMalformed:
		delete(o.open, in.ID)
	}
	o.queue = append(o.queue, in)
}

func (o *ours) pump() ([]lnwire.Message, error) {
	batch := append(o.queue, o.forget...)
	o.queue, o.forget = nil, nil
	return o.step(batch)
}

// step is the driver's duty: facts first, then messages and results.
func (o *ours) step(batch []htlc.Input) ([]lnwire.Message, error) {
	before := o.ch.Encode()
	next, eff, err := o.ch.StepAll(batch)
	if err != nil {
		return nil, fmt.Errorf("%v: %w", name(o.side), err)
	}
	if len(eff.Facts) == 0 && !bytes.Equal(before, next.Encode()) {
		return nil, fmt.Errorf("%v: something durable changed without a fact", name(o.side))
	}
	o.ch = next
	o.facts = append(o.facts, eff.Facts...)
	return eff.Send, o.results(eff.Results)
}

// results plays the switch.
func (o *ours) results(rs []htlc.Result) error {
	for _, r := range rs {
		switch r := r.(type) {
		case htlc.LockedIn:
			if r.HTLC.Offerer != htlc.Remote {
				return fmt.Errorf("%v: own HTLC %d locked in", name(o.side), r.HTLC.ID)
			}
			if _, twice := o.open[r.HTLC.ID]; twice {
				return fmt.Errorf("%v: HTLC %d locked in twice", name(o.side), r.HTLC.ID)
			}
			o.open[r.HTLC.ID] = r.HTLC.Hash
		case htlc.Fulfilled:
			if err := o.outcome(r.HTLC.ID, "fulfill"); err != nil {
				return err
			}
		case htlc.Failed:
			if err := o.outcome(r.HTLC.ID, "fail"); err != nil {
				return err
			}
		case htlc.Refused, htlc.NotWithdrawn:
			o.stats.refused++
		case htlc.DepositAwaited:
			o.stats.awaited++
		case htlc.WithdrawDone:
			if err := o.paid(r); err != nil {
				return err
			}
		case htlc.StateChanged:
			if r.To == htlc.Halted {
				return fmt.Errorf("%v halted: %v", name(o.side), r.Why)
			}
		}
	}
	return nil
}

// outcome notes what became of an outgoing HTLC. It may be told again, but not otherwise.
func (o *ours) outcome(id uint64, kind string) error {
	if had := o.outcomes[id]; had != "" && had != kind {
		return fmt.Errorf("%v: HTLC %d is a %s, but was a %s", name(o.side), id, kind, had)
	}
	o.outcomes[id] = kind
	o.forget = append(o.forget, htlc.Forget{ID: id})
	return nil
}

func (o *ours) connect() ([]lnwire.Message, error) { return o.step([]htlc.Input{htlc.Connected{}}) }

// disconnect loses what the peer sent and nobody read; what this side wants, it still does.
func (o *ours) disconnect() error {
	var kept []htlc.Input
	for _, in := range o.queue {
		if _, msg := in.(htlc.Recv); !msg {
			kept = append(kept, in)
		}
	}
	o.queue = kept
	_, err := o.step([]htlc.Input{htlc.Disconnected{Reason: "the schedule says so"}})
	return err
}

// crash starts over from the disk. If the queue was not empty, it may die in the middle
// of handling it: before the facts were durable, when all of it never happened, or after,
// when nothing was sent.
func (o *ours) crash(r *rand.Rand) ([]lnwire.Message, error) {
	var sent []lnwire.Message
	if len(o.queue) > 0 && r.IntN(2) == 0 {
		next, eff, err := o.ch.StepAll(o.queue)
		if err != nil {
			return nil, fmt.Errorf("%v: %w", name(o.side), err)
		}
		if r.IntN(2) == 0 {
			o.ch, sent = next, eff.Send
			o.facts = append(o.facts, eff.Facts...)
		}
	}
	for _, in := range o.forget { // the switch hadn't made these durable
		delete(o.outcomes, in.(htlc.Forget).ID)
	}
	o.queue, o.forget = nil, nil
	o.stats.crashes++
	live := o.ch.Encode()
	ch, err := replay(o.snapshot, o.facts, o.format, o.signer)
	if err != nil {
		return nil, fmt.Errorf("%v: replay: %w", name(o.side), err)
	}
	if !bytes.Equal(live, ch.Encode()) {
		return nil, fmt.Errorf("%v: replay of %d facts isn't what was in memory", name(o.side), len(o.facts))
	}
	o.ch = ch
	if r.IntN(3) == 0 {
		o.snapshot, o.facts = ch.Encode(), nil
	}
	clear(o.open)
	return sent, o.results(ch.Pending())
}

func replay(snapshot []byte, facts [][]byte, f htlc.Format, s htlc.Signer) (*htlc.Channel, error) {
	ch, err := htlc.Decode(snapshot, f, s)
	if err != nil {
		return nil, err
	}
	for _, fact := range facts {
		if ch, err = ch.Apply(fact); err != nil {
			return nil, err
		}
	}
	return ch, nil
}

func (o *ours) incoming() []incoming { return sorted(o.open) }

// told checks that the switch was told of every HTLC that the peer ended.
func (o *ours) told(l *ledger) error {
	for _, u := range l.log[o.side.Other()] {
		if got := o.outcomes[u.id]; (u.kind == "fulfill" || u.kind == "fail") && got != u.kind {
			return fmt.Errorf("%v: the switch was told %q of HTLC %d, which is a %s", name(o.side), got, u.id, u.kind)
		}
	}
	return nil
}

func (o *ours) check(l *ledger) error {
	com, sigs, err := o.ch.LocalCommitment()
	if err != nil {
		return err
	}
	want := l.current[o.side]
	if err := compare(name(o.side)+"'s own commitment", o.side, want, o.side, com); err != nil {
		return err
	}
	if want.number > 0 {
		if err := sameSigs(o.side.Other(), want.sigs, sigs); err != nil {
			return fmt.Errorf("kept: %w", err)
		}
	}
	return o.checkRemote(l)
}

func (o *ours) checkRemote(l *ledger) error {
	peer := o.side.Other()
	coms, err := o.ch.RemoteCommitments()
	if err != nil {
		return err
	}
	// The peer may have revoked already without our knowing, so the older of two may be
	// gone from the ledger.
	newest, want := coms[len(coms)-1], l.current[peer]
	if l.signed[peer] != nil {
		want = l.signed[peer]
		if len(coms) != 2 {
			return errors.New(name(o.side) + " doesn't know what it signed")
		}
		if err := compare(name(o.side)+"'s view of the peer's old commitment", o.side, l.current[peer], peer, coms[0]); err != nil {
			return err
		}
	}
	return compare(name(o.side)+"'s view of the peer's commitment", o.side, want, peer, newest)
}
