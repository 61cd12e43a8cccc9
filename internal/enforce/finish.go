package enforce

import (
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
)

// finish notes that everything is final, and that it is so deep that nothing is needed any
// more.
func (r *resolver) finish() error {
	last, done := r.settledAt()
	if !done {
		if r.job.state == Settled {
			r.job.state, r.job.settled = Resolving, 0
		}
		return nil
	}
	if r.job.state != Settled {
		r.job.state, r.job.settled = Settled, r.court.tip
		if err := r.save(); err != nil {
			return errorOfStore(err)
		}
		r.log.Info("the channel is settled on chain and final", "by", r.spent.Ending, "txid", r.spent.TxID)
	}
	r.clear(AlarmDeadline)
	if !r.ended {
		r.ended = true
		coins := r.coins()
		r.ch.Ended(End{
			Ending: r.spent.Ending, Tx: r.spend.tx, Height: uint32(r.spend.height),
			Recovered: recovered(coins), Coins: coins,
		})
	}
	if !r.buried && r.depth(last) >= KeepDepth {
		r.buried = true
		r.clear(AlarmBreach)
		r.clear(AlarmStale)
		r.ch.Bury()
	}
	return nil
}

func errorOfStore(err error) error { return &storeError{err} }

type storeError struct{ err error }

func (e *storeError) Error() string        { return e.err.Error() }
func (e *storeError) Unwrap() error        { return e.err }
func (e *storeError) Is(target error) bool { return target == errStored }

// settledAt is the height of the last block that matters, if everything is final.
func (r *resolver) settledAt() (last adjudicator.Height, done bool) {
	last = r.spend.height
	if r.spent.Ending == adjudicator.Unknown || !r.final(r.spend, r.params.Capacity) {
		return last, false
	}
	for _, c := range r.claims {
		w := r.outs[c.Out]
		switch {
		case w == nil:
			return last, false
		case w.spend == nil && r.holds(c):
			return last, false
		case w.spend != nil && !r.final(w.spend, c.Value):
			return last, false
		case w.spend != nil:
			last = max(last, w.spend.height)
		}
	}
	return last, true
}

// holds reports whether a claim that nobody took keeps the channel from its end.
func (r *resolver) holds(c *bitcoin.Claim) bool {
	switch {
	case c.Path == bitcoin.Anchor || c.Path == bitcoin.OtherAnchor:
		return false
	case c.NeedsPreimage && c.Preimage == nil:
		// Ours if the preimage comes; after the expiry nothing waits for that.
		return r.depth(adjudicator.Height(c.HTLC.Expiry)) < FinalDepth
	case c.Cost(minRate) >= c.Value:
		return r.depth(c.Matures()) < FinalDepth // it is worth nothing at the least fee
	}
	return true
}

// minRate is the least fee rate that nodes relay, in satoshi per 1000 weight units.
const minRate = 253

// takenByUs reads off a witness which side spent an output on which there is a claim. Every
// script's paths have witnesses of their own (BOLT 3).
func takenByUs(c *bitcoin.Claim, tx *wire.MsgTx) bool {
	for _, in := range tx.TxIn {
		if in.PreviousOutPoint == c.Out {
			return oursBy(c, in.Witness)
		}
	}
	return false
}

func oursBy(c *bitcoin.Claim, w wire.TxWitness) bool {
	switch c.Path {
	case bitcoin.ToLocal, bitcoin.ToRemote, bitcoin.StageOutput:
		return true
	case bitcoin.Anchor:
		return len(w) == 2 && len(w[0]) > 0
	case bitcoin.StageTimeout, bitcoin.TimeoutHTLC:
		return !bitcoin.Reveals(w, c.HTLC.Hash160)
	case bitcoin.StageSuccess, bitcoin.PreimageHTLC:
		return bitcoin.Reveals(w, c.HTLC.Hash160)
	case bitcoin.RevokedToLocal, bitcoin.RevokedStage:
		return len(w) == 3 && len(w[1]) == 1
	case bitcoin.RevokedHTLC:
		return len(w) == 3 && len(w[1]) == 33
	}
	return false
}

func recovered(coins []Coin) (sum btcutil.Amount) {
	for i := range coins {
		if coins[i].State == CoinTaken && !coins[i].Staged {
			sum += coins[i].Amount
		}
	}
	return sum
}
