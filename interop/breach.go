package main

import (
	"context"
	"fmt"

	"github.com/nichework/nwnd/internal/devnet"
	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// breach is a channel whose one end publishes a state that it has revoked, out of an honest but
// old copy of its files, while the other end is down.
type breach struct {
	*court
	cheater, victim *daemon.Node
}

// breachDelay is how long the acceptor's balance waits: longer than a cheater is given here.
const breachDelay = 300

// breachHTLCs are held each way when the files are copied; the last is too small for an output.
const breachHTLCs = 3

// breachBy has the first or second node cheat with a state that is so many states old. If staged, it gets
// its HTLC transactions confirmed too, before the victim is up again.
func breachBy(cheater, states int, staged bool) func(context.Context, *world) error {
	return breachAmid(cheater, states, staged, nil)
}

// breachAmid is breachBy with something that happens before each block that is mined once the victim is up.
func breachAmid(cheater, states int, staged bool, disturb disturbance) func(context.Context, *world) error {
	return func(ctx context.Context, w *world) error {
		w.delay = breachDelay
		c, err := w.openCourt(ctx)
		if err != nil {
			return err
		}
		b := &breach{court: c, cheater: w.nodes[cheater], victim: w.nodes[1-cheater]}
		b.publisher = b.cheater
		if err := b.fly(ctx, breachHTLCs, everyOther); err != nil {
			return err
		}
		if err := b.note(ctx); err != nil {
			return err
		}
		if err := b.copy(ctx); err != nil {
			return err
		}
		if err := b.goOn(ctx, states); err != nil {
			return err
		}
		if err := b.cheat(ctx, staged); err != nil {
			return err
		}
		if err := b.victim.Start(ctx); err != nil {
			return err
		}
		b.disturb = disturb
		b.step = true // a lock that ends lets the cheater take what it locks
		return b.punished(ctx)
	}
}

// punished waits until the victim has taken everything. An lnd that loses what it is sweeping may fall over (its
// sweeper reads a transaction that it never made); then it is started again, and looked at as before.
func (b *breach) punished(ctx context.Context) error {
	const falls = 3
	for i := 0; ; i++ {
		err := b.takeAll(ctx)
		if err == nil {
			err = b.judge(ctx)
		}
		if err == nil || b.cheater.Running() || b.cheater.Kind != daemon.LND || i == falls {
			return err
		}
		if err := b.cheater.Start(ctx); err != nil {
			return err
		}
	}
}

// copy copies the cheater's files while it is down, with the HTLCs in them.
func (b *breach) copy(ctx context.Context) error {
	if err := b.cheater.Stop(ctx); err != nil {
		return err
	}
	if err := b.cheater.CopyData(); err != nil {
		return err
	}
	if err := b.cheater.Start(ctx); err != nil {
		return err
	}
	short, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	if err := b.net.AwaitUsable(short, &b.Link); err != nil {
		return err
	}
	return b.pending(short, 2*breachHTLCs)
}

// goOn resolves the HTLCs and then pays until the state that was copied is so many states old.
func (b *breach) goOn(ctx context.Context, states int) error {
	before, err := b.cheater.Channel(ctx, b.Point)
	if err != nil {
		return err
	}
	for _, f := range b.flights {
		if f.settle {
			err = f.to.SettleHold(ctx, f.preimage)
		} else {
			err = f.to.CancelHold(ctx, f.hash)
		}
		if err != nil {
			return err
		}
		if err := f.ended(ctx); err != nil {
			return err
		}
	}
	for {
		now, err := b.cheater.Channel(ctx, b.Point)
		if err != nil {
			return err
		}
		if now.NumUpdates >= before.NumUpdates+uint64(states) {
			return nil
		}
		err = inParallel(
			func() error { return burst(ctx, b.From, b.To, 1, 1000) },
			func() error { return burst(ctx, b.To, b.From, 1, 1001) },
		)
		if err != nil {
			return err
		}
	}
}

// cheat stops both, and has the cheater close the channel with what the copy takes for its newest state.
func (b *breach) cheat(ctx context.Context, staged bool) error {
	b.channels = nil // there are no balances to compare any more
	for _, n := range b.nodes {
		if err := n.Stop(ctx); err != nil {
			return err
		}
	}
	if err := b.cheater.RestoreData(); err != nil {
		return err
	}
	if err := b.cheater.Start(ctx); err != nil {
		return err
	}
	txid, err := b.cheater.ForceClose(ctx, b.Point)
	if err != nil {
		return err
	}
	if err := b.net.ConfirmOnce(ctx, txid); err != nil || !staged {
		return err
	}
	return b.stage(ctx)
}

// stage mines until the cheater's HTLC transactions are confirmed: by preimage of one that it was offered, by
// timeout of all that it offered.
func (b *breach) stage(ctx context.Context) error {
	first := map[int64]bool{}
	for _, f := range b.flights {
		if f.to == b.cheater && f.settle {
			if err := b.cheater.SettleHold(ctx, f.preimage); err != nil {
				return err
			}
		}
		first[f.sat] = !f.dust() && (f.from == b.cheater || f.settle)
	}
	return b.take(ctx, func(o devnet.Output) bool { return first[o.Sat] && !o.Staged })
}

// judge demands that the victim has all that was in the channel.
func (b *breach) judge(ctx context.Context) error {
	if err := b.net.Mine(ctx, 6); err != nil {
		return err
	}
	short, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	l, err := b.net.Ledger(short, &devnet.Closing{
		Link: &b.Link, Publisher: b.cheater,
		Owner: func(int64) (*daemon.Node, error) { return b.victim, nil },
	})
	if err != nil {
		return err
	}
	b.print(l)
	var dust int64
	for _, f := range b.flights {
		if f.dust() {
			dust += f.sat
		}
	}
	if want := b.fee() + dust + anchors; courtCapacity-l.Channels != want {
		return fmt.Errorf("the commitment's outputs are %d sat less than the channel, want %d", courtCapacity-l.Channels, want)
	}
	if err := b.reasonable(l, b.victim); err != nil {
		return err
	}
	for _, end := range b.nodes {
		want := funds - l.Fees[end] + l.Anchors[end]*devnet.AnchorValue
		if end == b.From {
			want -= courtCapacity
		}
		if end == b.victim {
			want += l.Channels
		}
		if l.Coins[end] != want {
			return fmt.Errorf("the chain gives %s %d sat, want %d", end.Name, l.Coins[end], want)
		}
		if err := end.AwaitConfirmed(short, want); err != nil {
			return err
		}
	}
	return gone(short, b.victim, b.Point)
}
