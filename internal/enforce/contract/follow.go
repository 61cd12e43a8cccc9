package contract

import (
	"context"
	"errors"

	"github.com/ethereum/go-ethereum/core/types"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/internal/ethereum"
)

// event is something that the contract told.
type event struct {
	evm.Event
	at evm.Place
}

// follow has the chain tell of everything that happened to a channel. One that began earlier than what
// is being told has all of it told again from there: what others know of it passes them by.
func (c *Court) follow() {
	if !c.behind {
		return
	}
	c.behind = false
	if c.stop != nil {
		c.stop()
	}
	var ctx context.Context
	ctx, c.stop = context.WithCancel(c.ctx)
	c.updates = c.cfg.Reader.Follow(ctx, c.cfg.Contract, c.from)
}

// past reports whether what was told last is from long ago, and more is coming: nothing is done because
// of it.
func (c *Court) past() bool { return c.head.Number < c.cfg.Reader.Final().Number }

// undone forgets all states when blocks were undone that were final, and has everything told again. It
// happens once in a process's life: a chain that does that again and again keeps no promise.
func (c *Court) undone() {
	if c.broken || !errors.Is(c.cfg.Reader.Health(), ethereum.ErrUndone) {
		return
	}
	c.broken = true
	c.log.Error("blocks that were final were undone: what happened to each channel is read anew")
	c.from, c.final, c.behind = c.head.Number, ethereum.Head{}, true
	for _, r := range c.all {
		r.forget()
		c.from = min(c.from, r.upTo)
	}
}

// take folds what an update tells into the states of the channels that it is about.
func (c *Court) take(u ethereum.Update) {
	c.head = u.Head
	if c.undone(); c.behind {
		return
	}
	if u.Final.Number >= c.final.Number {
		c.final = u.Final
	}
	c.from = max(c.from, u.Final.Number)
	for _, e := range c.read(u.Settled) {
		if r := c.all[evm.ChannelOf(e.Event)]; r != nil && e.at.Block > r.upTo {
			before := r.final
			r.final, r.touched = r.final.Fold(r.id, e.Event, e.at), true
			r.moves = follows(r.moves, &before, &r.final)
		}
	}
	for _, r := range c.all {
		if u.Final.Number >= r.upTo {
			r.upTo, r.at = u.Final.Number, u.Final
		}
		r.moving = nil
		r.now = r.final
	}
	for _, e := range c.read(u.Pending) {
		if r := c.all[evm.ChannelOf(e.Event)]; r != nil {
			before := r.now
			r.now = r.now.Fold(r.id, e.Event, e.at)
			r.moving = follows(r.moving, &before, &r.now)
		}
	}
}

// read decodes logs. One that can't be decoded is none that the contract makes: people are told.
func (c *Court) read(logs []types.Log) []event {
	all := make([]event, 0, len(logs))
	for i := range logs {
		l := &logs[i]
		if l.Removed || l.Address != c.cfg.Contract {
			continue
		}
		e, err := evm.UnpackEvent(l)
		if err != nil {
			c.log.Error("a log of the adjudicator can't be read", "tx", l.TxHash, "index", l.Index, "err", err)
			continue
		}
		c.owed.note(e)
		all = append(all, event{e, evm.Place{
			Block: l.BlockNumber, Time: l.BlockTimestamp, Index: uint64(l.Index), Tx: l.TxHash,
		}})
	}
	return all
}
