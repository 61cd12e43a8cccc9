package enforce

import (
	"fmt"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
)

// CoinState is how far one output is.
type CoinState uint8

// The states of a coin, in order.
const (
	CoinWaits     CoinState = iota // for a block, or for a preimage
	CoinSweeping                   // a transaction that takes it is published
	CoinTaken                      // ours is in a block
	CoinLost                       // somebody else's is
	CoinWorthless                  // to take it costs more than it is worth
)

// Coin is one output of a channel on chain that is or may become ours.
type Coin struct {
	Out      wire.OutPoint
	Amount   btcutil.Amount
	Path     bitcoin.Path
	State    CoinState
	Staged   bool // its value goes to a second stage, which is a Coin too
	HasHTLC  bool
	HTLC     bitcoin.HTLC
	Unknown  bool // it waits for a preimage
	Matures  adjudicator.Height
	Deadline adjudicator.Height
	Spend    chainhash.Hash // what takes it, zero: nothing yet
	SpentAt  adjudicator.Height
	Next     string // what happens next, for people
}

// Report is the state of a channel on chain.
type Report struct {
	State     State
	Ending    adjudicator.Ending
	Tx        *wire.MsgTx        // that spends the funding output, or is to; nil if there is none
	Height    adjudicator.Height // of its block, 0: it is in none
	Limbo     btcutil.Amount     // ours, and not taken yet
	Recovered btcutil.Amount
	Matures   adjudicator.Height // of our balance, 0: there is none, or it isn't known
	Coins     []Coin
}

func (r *resolver) report() *Report {
	v := &Report{State: r.job.state, Ending: r.job.ending, Tx: r.job.tx}
	if r.spend == nil {
		v.Ending = adjudicator.Unknown
		if v.Tx == nil {
			v.Tx = r.ours()
		}
		return v
	}
	v.Tx, v.Height = r.spend.tx, r.spend.height
	v.Coins = r.coins()
	v.Recovered = recovered(v.Coins)
	for i := range v.Coins {
		c := &v.Coins[i]
		if c.Path == bitcoin.ToLocal || c.Path == bitcoin.ToRemote || c.Path == bitcoin.RevokedToLocal {
			v.Matures = c.Matures
		}
		if c.State <= CoinSweeping && !c.Unknown && c.Path != bitcoin.Anchor && c.Path != bitcoin.OtherAnchor {
			v.Limbo += c.Amount
		}
	}
	return v
}

// ours is our commitment, for people; nil if there is none to publish.
func (r *resolver) ours() *wire.MsgTx {
	view := r.ch.View()
	if !halted(view) || view.Stale() {
		return nil
	}
	data, err := r.data(view)
	if err != nil {
		return nil
	}
	tx, err := bitcoin.Publish(data, r.signer)
	if err != nil {
		return nil
	}
	return tx
}

func (r *resolver) coins() []Coin {
	var all []Coin
	for _, c := range r.claims {
		v := Coin{
			Out: c.Out, Amount: c.Value, Path: c.Path, HTLC: c.HTLC,
			Staged:  c.Path == bitcoin.StageTimeout || c.Path == bitcoin.StageSuccess,
			HasHTLC: c.HTLC != (bitcoin.HTLC{}), Unknown: c.NeedsPreimage && c.Preimage == nil,
			Matures: c.Matures(), Deadline: r.deadline(c),
		}
		if w := r.outs[c.Out]; w != nil && w.spend != nil {
			v.Spend, v.SpentAt, v.State = w.spend.tx.TxHash(), w.spend.height, CoinLost
			if takenByUs(c, w.spend.tx) {
				v.State = CoinTaken
			}
		} else if txid, ok := r.court.cfg.Taker.Spending(c.Out); ok {
			v.Spend, v.State = txid, CoinSweeping
		} else if c.Cost(minRate) >= c.Value {
			v.State = CoinWorthless
		}
		v.Next = r.next(&v)
		all = append(all, v)
	}
	return all
}

// next tells people what a coin waits for.
func (r *resolver) next(v *Coin) string {
	tip := r.court.tip
	blocks := func(at adjudicator.Height) string {
		if at <= tip+1 {
			return "the next block"
		}
		return fmt.Sprintf("block %d, in %d", at, at-tip)
	}
	switch {
	case v.State == CoinTaken && r.final(r.outs[v.Out].spend, v.Amount):
		return "done"
	case v.State == CoinTaken:
		return fmt.Sprintf("taken in block %d, final when that is %d deep", v.SpentAt, r.court.cfg.Final(v.Amount))
	case v.State == CoinLost:
		return fmt.Sprintf("the peer took it in block %d", v.SpentAt)
	case v.State == CoinWorthless:
		return "left, since the fee is more than it is worth"
	case v.Unknown:
		return fmt.Sprintf("ours if its preimage comes before block %d, else the peer's", v.HTLC.Expiry)
	case v.State == CoinSweeping:
		return "a transaction that takes it waits for a block"
	case v.Matures > tip+1:
		return "can be taken from " + blocks(v.Matures)
	case v.Path == bitcoin.Anchor || v.Path == bitcoin.OtherAnchor:
		return "taken along with another output if that is worth it"
	case v.HasHTLC && v.HTLC.Offerer == htlc.Local:
		return "taken back as soon as it pays"
	}
	return "taken as soon as it pays"
}
