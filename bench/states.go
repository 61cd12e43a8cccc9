package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/enforce/records"

	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// tried is about how many past states are published in turn.
const tried = 50

// states makes a channel with many past states and measures what they cost.
func (r *runner) states(_ context.Context, _ []*daemon.Node) error {
	dir := filepath.Join(r.dir, "states")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return measureStates(filepath.Join(dir, "nwnd.db"), uint64(r.opt.states), r.got, r.say)
}

// measureStates makes the states, half of them without HTLCs, in a store at path.
func measureStates(path string, count uint64, got figures, say func(string, ...any)) (err error) {
	began := time.Now()
	p, err := newOldChannel(path, count/tried|1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.feesTo(count / 2); err != nil {
		return err
	}
	plain, err := sizeOf(path)
	if err != nil {
		return err
	}
	if err := p.htlcsTo(count); err != nil {
		return err
	}
	all, err := sizeOf(path)
	if err != nil {
		return err
	}
	got.set("bytes_per_state", float64(plain)/float64(count/2))
	got.set("bytes_per_htlc", float64(all-plain)/float64(p.htlcs))
	say("%d states, %d HTLCs in the later half, made in %.0fs (digests and signatures are stand-ins, %d KiB of facts an append): "+
		"%d bytes on disk for the first half, %d in all", p.number(), p.htlcs, time.Since(began).Seconds(), p.group>>10, plain, all)
	if err := p.measureStart(got); err != nil {
		return err
	}
	if err := p.measureClose(got); err != nil {
		return err
	}
	if err := p.measureJustice(got); err != nil {
		return err
	}
	say("with them the store opens in %.0f ms and the channel is read in %.1f ms; to halt it and sign its commitment takes %.1f ms; "+
		"all %d of the peer's commitments that were tried are taken whole, in %.0f ms at most", got["states_open_ms"],
		got["states_load_ms"], got["states_close_ms"], len(p.samples), got["justice_max_ms"])
	return nil
}

// sizeOf is what a file takes on disk, in bytes.
func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// measureStart closes the store and starts from it.
func (p *oldChannel) measureStart(got figures) error {
	if err := p.db.Close(); err != nil {
		return err
	}
	start := time.Now()
	if err := p.open(); err != nil {
		return err
	}
	got.set("states_open_ms", ms(time.Since(start)))
	start = time.Now()
	if _, err := p.load(); err != nil {
		return err
	}
	got.set("states_load_ms", ms(time.Since(start)))
	return p.real()
}

// measureClose halts the channel, durably, and signs what a force close publishes.
func (p *oldChannel) measureClose(got figures) error {
	start := time.Now()
	if err := p.step(0, htlc.Halt{Reason: "bench"}); err != nil {
		return err
	}
	if err := p.flush(); err != nil {
		return err
	}
	ch, err := p.known()
	if err != nil {
		return err
	}
	if _, err := bitcoin.Publish(ch, p.keys[0]); err != nil {
		return err
	}
	got.set("states_close_ms", ms(time.Since(start)))
	return nil
}

// known is what the victim's node knows of the channel.
func (p *oldChannel) known() (*bitcoin.Channel, error) {
	return bitcoin.ChannelOf(p.ends[0], p.keys[0], func(n uint64) ([]bitcoin.Record, error) {
		return records.Of(p.db, p.ends[0], n)
	})
}

// measureJustice publishes past commitments of the peer, in turn, and takes each.
func (p *oldChannel) measureJustice(got figures) error {
	var took []time.Duration
	for _, n := range slices.Sorted(maps.Keys(p.samples)) {
		if n >= p.number() {
			continue
		}
		start := time.Now()
		if err := p.punish(p.samples[n]); err != nil {
			return fmt.Errorf("the peer's commitment %d: %w", n, err)
		}
		took = append(took, time.Since(start))
	}
	if len(took) == 0 {
		return errors.New("no past commitment was tried")
	}
	slices.SortFunc(took, cmp.Compare)
	got.set("justice_p50_ms", ms(took[len(took)/2]))
	got.set("justice_max_ms", ms(took[len(took)-1]))
	return nil
}

// punish judges a revoked commitment from nothing but the store, and signs what takes all of it but
// the anchors.
func (p *oldChannel) punish(com *htlc.Commitment) error {
	published, err := bolt3.Build(p.ends[0].Params(), com)
	if err != nil {
		return err
	}
	ch, err := p.known()
	if err != nil {
		return err
	}
	spent, err := bitcoin.Classify(ch, published.MsgTx)
	if err != nil {
		return err
	}
	if spent.Ending != adjudicator.Revoked || spent.Number != com.Number || spent.Others > 0 {
		return fmt.Errorf("it is judged as %v %d, %d of its outputs are unknown", spent.Ending, spent.Number, spent.Others)
	}
	const confirmed = 800_000
	claims, err := spent.Claims(confirmed, func([32]byte) (htlc.Preimage, bool) { return htlc.Preimage{}, false })
	if err != nil {
		return err
	}
	want := len(published.Outputs)
	for _, o := range published.Outputs {
		if o.Kind == bolt3.LocalAnchor || o.Kind == bolt3.RemoteAnchor {
			want--
		}
	}
	dest := p.ends[0].Params().CloseScript
	for _, batch := range bitcoin.Plan(claims, confirmed+1, 1000, dest).Ready {
		s, err := bitcoin.Build(&bitcoin.Order{Claims: batch, Rate: 1000, Dest: dest, Tip: confirmed + 1}, p.keys[0])
		if err != nil {
			return err
		}
		for _, c := range s.Claims {
			if c.Path != bitcoin.Anchor && c.Path != bitcoin.OtherAnchor {
				want--
			}
		}
	}
	if want != 0 {
		return fmt.Errorf("%d of its outputs are not taken", want)
	}
	return nil
}
