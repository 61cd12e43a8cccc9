package node

import (
	"bytes"
	"context"
	"fmt"

	"github.com/btcsuite/btcd/blockchain"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/enforce"
)

// coinbaseMaturity is how deep a coinbase must be before it can be spent, and so before a
// channel funded by one can be closed (BOLT 2, "Requirements" of funding_created).
const coinbaseMaturity = 100

// closeDepth is how deep the spend of a funding output must be before the channel counts as
// closed: nothing is final below 6 confirmations.
const closeDepth = enforce.FinalDepth

// watcher follows one channel's funding output on chain.
type watcher struct {
	n      *Node
	d      *driver
	params *htlc.Params
	script []byte
	hint   int32
}

// watch starts following a channel; it ends with the node or the channel.
func (n *Node) watch(ctx context.Context, d *driver) error {
	params := d.channel().Params()
	script, err := n.fundingScript(params)
	if err != nil {
		return err
	}
	w := &watcher{n: n, d: d, params: params, script: script, hint: n.heightHint(d)}
	if err := w.confirmations(ctx); err != nil {
		return err
	}
	if err := w.announcing(ctx); err != nil {
		return err
	}
	n.court.Watch(onChain{n, d})
	return nil
}

func (w *watcher) depth() uint32 { return max(w.params.MinDepth, 1) }

// confirmations tells the channel when its funding is deep enough, and checks that it is
// what was agreed: outpoint, amount and script (CVE-2019-12998, -12999, -13000).
func (w *watcher) confirmations(ctx context.Context) error {
	events, err := w.n.chain.WatchConfirmed(ctx, w.params.Outpoint.Hash, w.script, w.depth(), w.hint)
	if err != nil {
		return err
	}
	w.n.wg.Go(func() {
		for e := range events {
			w.confirmed(ctx, e)
		}
	})
	if w.depth() > 1 && w.d.channel().State() == htlc.Funding {
		return w.shallow(ctx)
	}
	return nil
}

// shallow notes the block of a funding transaction that isn't deep enough, until it is.
func (w *watcher) shallow(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	events, err := w.n.chain.WatchConfirmed(ctx, w.params.Outpoint.Hash, w.script, 1, w.hint)
	if err != nil {
		cancel()
		return err
	}
	w.n.wg.Go(func() {
		defer cancel()
		for {
			changed := w.d.changes.wait()
			if w.d.channel().State() != htlc.Funding {
				return
			}
			select {
			case e, ok := <-events:
				if !ok {
					return
				}
				w.d.funded.Store(0)
				if e.Confirmed {
					w.d.funded.Store(e.Height)
				}
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	})
	return nil
}

func (w *watcher) confirmed(ctx context.Context, e chain.ConfEvent) {
	if !e.Confirmed {
		w.d.log.Error("the channel's funding transaction left the chain in a reorganisation; "+
			"it is watched until it confirms again", "height", e.Height)
		return
	}
	if err := checkFunding(w.params, w.script, e.Tx); err != nil {
		w.d.post(job{in: htlc.Halt{Reason: err.Error()}})
		return
	}
	if blockchain.IsCoinBaseTx(e.Tx) && w.depth() < coinbaseMaturity {
		w.mature(ctx, e)
		return
	}
	w.locate(e)
}

// mature waits for a coinbase-funded channel to become spendable.
func (w *watcher) mature(ctx context.Context, e chain.ConfEvent) {
	events, err := w.n.chain.WatchConfirmed(ctx, w.params.Outpoint.Hash, w.script, coinbaseMaturity, e.Height)
	if err != nil {
		w.d.log.Error("coinbase-funded channel can't be watched", "err", err)
		return
	}
	w.n.wg.Go(func() {
		for e := range events {
			if e.Confirmed {
				w.locate(e)
			}
		}
	})
}

func (w *watcher) locate(e chain.ConfEvent) {
	scid := lnwire.ShortChannelID{
		BlockHeight: uint32(e.Height), TxIndex: e.TxIndex, TxPosition: uint16(w.params.Outpoint.Index),
	}
	known := w.d.channel().SCID()
	if known == scid {
		return
	}
	j := job{in: htlc.FundingConfirmed{SCID: scid}}
	if known != (lnwire.ShortChannelID{}) {
		// The announcement is made anew; the peer's signatures were on the old position.
		j.puts = []channeldb.KV{{Bucket: bucketAnnounced, Key: w.d.id[:]}}
		j.after = func() { w.n.moved(w.d, known) }
	}
	w.d.post(j)
}

// checkFunding compares the transaction that confirmed with what was agreed.
func checkFunding(p *htlc.Params, script []byte, tx *wire.MsgTx) error {
	switch {
	case tx == nil || tx.TxHash() != p.Outpoint.Hash:
		return fmt.Errorf("node: another transaction confirmed in place of funding transaction %v", p.Outpoint.Hash)
	case int(p.Outpoint.Index) >= len(tx.TxOut):
		return fmt.Errorf("node: funding transaction %v has %d outputs, output %d was agreed", p.Outpoint.Hash,
			len(tx.TxOut), p.Outpoint.Index)
	}
	out := tx.TxOut[p.Outpoint.Index]
	if btcutil.Amount(out.Value) != p.Capacity {
		return fmt.Errorf("node: funding output %v holds %v, %v was agreed", p.Outpoint, btcutil.Amount(out.Value), p.Capacity)
	}
	if !bytes.Equal(out.PkScript, script) {
		return fmt.Errorf("node: funding output %v pays script %x, %x was agreed", p.Outpoint, out.PkScript, script)
	}
	return nil
}

// announcing tells the announcer when the channel is deep enough for it.
func (w *watcher) announcing(ctx context.Context) error {
	if !w.params.Announce {
		return nil
	}
	events, err := w.n.chain.WatchConfirmed(ctx, w.params.Outpoint.Hash, w.script, max(announceDepth, w.depth()), w.hint)
	if err != nil {
		return err
	}
	w.n.wg.Go(func() {
		for e := range events {
			if !e.Confirmed {
				w.n.announcer.shallow(w.d.id)
			} else {
				// The channel learns its position by a job queued before this one.
				w.d.post(job{after: func() {
					w.n.announcer.deep(w.d.id)
					w.n.announce(w.d)
				}})
			}
		}
	})
	return nil
}
