package metrics

import (
	"context"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/node"
)

// anchorValue is what lndmon counts for an anchor that is lost, in satoshis.
const anchorValue = 330

// pending counts channels as lnd lists them: one that is forced waits to close until its
// commitment is in a block.
func (s *sink) pending(ctx context.Context, n Node) error {
	v, err := n.PendingChannels(ctx)
	if err != nil {
		return err
	}
	var waiting, limbo, recovered, lost btcutil.Amount
	for i := range v.Closing {
		waiting += v.Closing[i].LocalBalance
	}
	var unconfirmed, stopped int
	for i := range v.Forced {
		c := &v.Forced[i]
		if c.Height == 0 {
			unconfirmed++
			waiting += c.LocalBalance
			if c.Tx == nil && c.Txid == (chainhash.Hash{}) {
				stopped++
			}
			continue
		}
		limbo, recovered = limbo+c.Limbo, recovered+c.Recovered
		for _, coin := range c.Coins {
			if coin.Path == bitcoin.Anchor && coin.State >= node.CoinLost {
				lost += anchorValue
			}
		}
	}
	s.put("lnd_channels_pending_total", float64(len(v.Opening)), "pending_open")
	s.put("lnd_channels_pending_total", float64(len(v.Closing)+unconfirmed), "waiting_close")
	s.put("lnd_channels_pending_total", float64(len(v.Forced)-unconfirmed), "pending_force_close")
	s.put("lnd_channels_waiting_close_balance_sat", float64(waiting))
	s.put("lnd_channels_pending_force_close_balance_sat", float64(limbo), "Limbo")
	s.put("lnd_channels_pending_force_close_balance_sat", float64(recovered), "Recovered")
	s.put("lnd_channels_pending_force_close_balance_sat", float64(lost), "Lost")
	s.put("nwnd_channels_on_chain", float64(len(v.Forced)))
	s.put("nwnd_channels_stopped", float64(stopped))
	return nil
}

func (s *sink) sweeps(ctx context.Context, n Node) error {
	all, err := n.Sweeps(ctx)
	if err != nil {
		return err
	}
	var amount, fee, budget btcutil.Amount
	for i := range all {
		amount, fee, budget = amount+all[i].Amount, fee+all[i].Fee, budget+all[i].Budget
	}
	s.put("nwnd_sweeps_pending", float64(len(all)))
	s.put("nwnd_sweeps_amount_sat", float64(amount))
	s.put("nwnd_sweeps_fee_sat", float64(fee))
	s.put("nwnd_sweeps_budget_sat", float64(budget))
	return nil
}
