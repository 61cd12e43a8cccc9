package enforce

import (
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain"
)

// unspent publishes what must get into a block, at every block until it is in one.
func (r *resolver) unspent(view *htlc.Channel) error {
	tx, err := r.toPublish(view)
	if err != nil {
		r.log.Error("our commitment can't be published", "err", err)
		return r.save()
	}
	if tx == nil {
		return r.save()
	}
	if r.job.state < Publishing {
		r.job.state = Publishing
	}
	if r.job.published == 0 {
		r.job.published = r.court.tip
	}
	if err := r.save(); err != nil { // before it is out
		return err
	}
	err = r.court.cfg.Chain.Publish(r.ctx, tx)
	switch {
	case err == nil:
		r.forgetRival() // nodes have ours, so the peer's has left the mempool
	case r.ctx.Err() != nil:
		return nil
	case errors.Is(err, chain.ErrConflict), errors.Is(err, chain.ErrMissingInputs):
		r.log.Info("our transaction was not taken, since its input is not there or something else spends it",
			"txid", tx.TxHash(), "err", err)
	default:
		r.log.Warn("a transaction that settles the channel was not taken; it is tried again at every block",
			"txid", tx.TxHash(), "err", err)
	}
	return r.raiseFee(view, tx)
}

// toPublish is what must get into a block, nil for nothing: what was in one before, else our
// commitment once the channel has stopped.
func (r *resolver) toPublish(view *htlc.Channel) (*wire.MsgTx, error) {
	if r.job.tx != nil && r.job.ending != adjudicator.Unknown {
		return r.job.tx, nil
	}
	if !halted(view) || view.SCID() == (lnwire.ShortChannelID{}) {
		return nil, nil // there is nothing to spend before the funding is in a block
	}
	if inFlight, _ := view.InFlight(); inFlight == 0 && view.FailedByPeer() && r.court.tip < r.halted()+courtesy {
		return nil, nil // the peer's commitment is coming, and pays us without a delay; nothing is late
	}
	if view.Stale() {
		r.raise(AlarmStale, "only the peer can close the channel. Stay connected to it, or ask its operator to force close: "+
			view.Halted())
		return nil, nil
	}
	data, err := r.data(view)
	if err != nil {
		return nil, err
	}
	return bitcoin.Publish(data, r.signer)
}

// courtesy is for how many blocks a peer that failed the channel may publish its commitment before
// we publish ours, if no HTLC is waiting. A start begins to count anew.
const courtesy = 2

// halted is the tip at which the channel was found stopped first.
func (r *resolver) halted() adjudicator.Height {
	if r.stopped == 0 {
		r.stopped = r.court.tip
	}
	return r.stopped
}

// raiseFee wants the anchor of a commitment that has waited for a block in vain: ours, or
// the peer's if that is what nodes have.
func (r *resolver) raiseFee(view *htlc.Channel, tx *wire.MsgTx) error {
	if r.court.tip <= r.job.published || !r.court.cfg.Chain.Unspent(r.params.Outpoint) {
		return nil // after a start it takes a while to learn that it is in a block: nothing is to be paid for then
	}
	data, err := r.data(view)
	if err != nil {
		r.log.Error("a commitment that waits for a block can't be judged", "err", err)
		return nil
	}
	spent := r.rival
	if spent == nil {
		if spent, err = bitcoin.Classify(data, tx); err != nil {
			r.log.Error("our own commitment can't be judged", "err", err)
			return nil
		}
	}
	claims, err := spent.Claims(r.court.tip+1, known(view))
	if err != nil {
		r.log.Error("the claims on a commitment that waits for a block can't be listed", "err", err)
		return nil
	}
	parent := &bitcoin.Parent{Weight: bitcoin.Weight(spent.Tx), Fee: r.params.Capacity}
	for _, out := range spent.Tx.TxOut {
		parent.Fee -= htlc.Sat(out.Value)
	}
	var anchor *bitcoin.Claim
	var deadline adjudicator.Height
	var urgent htlc.Sat // what is lost after the deadline; the rest is late at worst
	for _, c := range claims {
		if c.Path == bitcoin.Anchor {
			anchor = c
			continue
		}
		if c.Path != bitcoin.OtherAnchor && (!c.NeedsPreimage || c.Preimage != nil) {
			parent.Saves += c.Value
		}
		if by := r.deadline(c); by != 0 {
			urgent += c.Value
			if deadline == 0 || by < deadline {
				deadline = by
			}
		}
	}
	if anchor == nil || parent.Saves == 0 {
		return nil
	}
	if deadline > claimBlocks {
		deadline -= claimBlocks
	}
	r.wants = append(r.wants, Want{
		Channel: r.id, Point: r.params.Outpoint, Claim: anchor, Signer: r.signer, Deadline: deadline, Parent: parent,
	})
	r.nearing()
	if deadline == 0 {
		return nil
	}
	if r.paysInTime(parent, urgent) {
		parent.Saves = urgent
	} else {
		r.wants[len(r.wants)-1].Deadline = 0
	}
	return nil
}

// paysInTime reports whether what has a deadline is worth the fee that the next block asks for a
// commitment, with room to climb. If it is, the deadline rules, and the fee climbs to what it is
// worth. If not, the channel's balance pays what is usual, and never climbs: it can wait.
func (r *resolver) paysInTime(parent *bitcoin.Parent, urgent htlc.Sat) bool {
	if 2*urgent >= parent.Saves {
		return true // half of all, which is what is usual, is no more than that
	}
	rate, err := r.court.cfg.Chain.EstimateFee(r.ctx, 1)
	if err != nil {
		return true
	}
	const child = 1000 // about the weight of a transaction with an anchor, coins and change
	return urgent/2 > htlc.Sat(feeAt(rate, parent.Weight+child))-parent.Fee
}

// claimBlocks is how long before a deadline of its HTLCs a commitment must be in a block.
const claimBlocks = 3

// deadline is the first block that is too late for a claim, 0 for none.
func (r *resolver) deadline(c *bitcoin.Claim) adjudicator.Height {
	switch c.Path {
	case bitcoin.TimeoutHTLC, bitcoin.StageTimeout:
		// The peer may take it by preimage at any time; what counts is that the incoming HTLC
		// isn't lost before we know that it didn't.
		if expiry, ok := r.ch.Upstream(c.HTLC.ID); ok {
			return adjudicator.Height(expiry)
		}
		return 0
	case bitcoin.StageSuccess, bitcoin.PreimageHTLC:
		if c.Preimage == nil {
			return 0
		}
		return c.Deadline
	case bitcoin.RevokedHTLC:
		// A cheater who takes it first must wait with what he got: that is taken then.
		return c.Confirmed + adjudicator.Height(r.params.Terms[htlc.Remote].ToSelfDelay)
	case bitcoin.RevokedToLocal, bitcoin.RevokedStage:
		return c.Deadline
	}
	return 0
}

// gather wants every claim on an output that is still there.
func (r *resolver) gather() {
	r.wants = nil
	for _, c := range r.claims {
		if w := r.outs[c.Out]; w != nil && w.spend != nil {
			continue
		}
		r.wants = append(r.wants, Want{
			Channel: r.id, Point: r.params.Outpoint, Claim: c, Signer: r.signer, Deadline: r.deadline(c),
		})
	}
}

// nearing tells people of what must be taken soon.
func (r *resolver) nearing() {
	for i := range r.wants {
		w := &r.wants[i]
		if w.Deadline != 0 && w.Deadline <= r.court.tip+alarmBlocks && w.Claim.Ready(r.court.tip+alarmBlocks) {
			r.raise(AlarmDeadline, fmt.Sprintf("%v at %v (%d sat) must be taken before block %d, the height is %d",
				w.Claim.Path, w.Claim.Out, w.Claim.Value, w.Deadline, r.court.tip))
			return
		}
	}
	r.clear(AlarmDeadline)
}
