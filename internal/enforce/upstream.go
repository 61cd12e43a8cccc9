package enforce

import (
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
)

// upstream tells what the chain decided about the HTLCs that we offered: a preimage at
// once, that there is none only when that is final.
func (r *resolver) upstream() {
	for out, w := range r.outs {
		if w.spend == nil || out.Hash != r.spent.TxID {
			continue
		}
		followed := r.spent.Follow(w.spend.tx, w.spend.height)
		r.reveal(followed.Preimages)
		if o := r.output(out); o != nil && o.Kind == bolt3.HTLC && o.HTLC.Offerer == htlc.Local &&
			!r.learned[o.HTLC.ID] && r.final(w.spend, o.Value) {
			r.timedOut(o.HTLC.ID)
		}
	}
	for _, g := range r.spent.Gone() {
		if g.HTLC.Offerer == htlc.Local && !r.learned[g.HTLC.ID] && r.final(r.spend, g.HTLC.Amount.ToSatoshis()) {
			r.timedOut(g.HTLC.ID)
		}
	}
}

// output is the commitment's recognised output there, or nil.
func (r *resolver) output(out wire.OutPoint) *bitcoin.Output {
	for i := range r.spent.Outputs {
		if o := &r.spent.Outputs[i]; out.Hash == r.spent.TxID && o.Index == out.Index {
			return o
		}
	}
	return nil
}

// reveal uses preimages of HTLCs that we offered.
func (r *resolver) reveal(all []bitcoin.Revealed) {
	for _, p := range all {
		if p.HTLC.Offerer != htlc.Local || r.learned[p.HTLC.ID] {
			continue
		}
		r.learned[p.HTLC.ID] = true
		r.log.Info("a preimage was read off the chain", "htlc", p.HTLC.ID)
		r.ch.Learned(p.HTLC.ID, p.Preimage)
	}
}

func (r *resolver) timedOut(id uint64) {
	if r.lost[id] {
		return
	}
	r.lost[id] = true
	r.log.Info("an outgoing HTLC is settled on chain without its preimage", "htlc", id)
	r.ch.TimedOut(id)
}

// sighted takes what an unconfirmed transaction tells: a preimage, whatever becomes of the
// transaction, or a commitment of the peer.
func (r *resolver) sighted(tx *wire.MsgTx) {
	if r.spent != nil && r.spend != nil {
		r.reveal(r.spent.Follow(tx, 0).Preimages)
		return
	}
	for _, in := range tx.TxIn {
		if in.PreviousOutPoint == r.params.Outpoint {
			r.commitmentSighted(tx)
			return
		}
	}
	if r.rival != nil {
		r.reveal(r.rival.Follow(tx, 0).Preimages)
	}
}

// commitmentSighted notes a commitment that waits for a block. The channel stops: what is
// signed from now on would be about money that is on its way.
func (r *resolver) commitmentSighted(tx *wire.MsgTx) {
	if !bitcoin.IsCommitment(r.params, tx) {
		return
	}
	view := r.ch.View()
	if !halted(view) {
		r.halt("commitment " + tx.TxHash().String() + " was published and waits for a block")
	}
	data, err := r.data(view)
	if err != nil {
		r.log.Error("a commitment that waits for a block can't be judged", "err", err)
		return
	}
	spent, err := bitcoin.Classify(data, tx)
	if err != nil {
		r.log.Error("a commitment that waits for a block can't be judged", "txid", tx.TxHash(), "err", err)
		return
	}
	if spent.Ending == adjudicator.Local {
		return
	}
	r.log.Warn("a commitment waits for a block", "txid", spent.TxID, "is", spent.Ending, "commitment", spent.Number)
	r.forgetRival()
	r.rival, r.dirty = spent, true
	for i := range spent.Outputs {
		if o := &spent.Outputs[i]; o.Kind == bolt3.HTLC {
			r.court.cfg.Mempool.Add(wire.OutPoint{Hash: spent.TxID, Index: o.Index}, bolt3.PayToScript(o.Script))
		}
	}
}

// forgetRival ends the watches on a commitment that waited for a block.
func (r *resolver) forgetRival() {
	if r.rival == nil {
		return
	}
	for i := range r.rival.Outputs {
		if at := (wire.OutPoint{Hash: r.rival.TxID, Index: r.rival.Outputs[i].Index}); r.outs[at] == nil {
			r.unwatch(at)
		}
	}
	r.rival = nil
}
