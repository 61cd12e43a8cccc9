package node

import (
	"errors"

	"github.com/btcsuite/btcd/btcutil"

	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/enforce"
)

// assembleCourt makes what sees channels through on chain.
func (n *Node) assembleCourt() (err error) {
	n.payer = &payer{Wallet: n.wallet, alerts: n.alerts}
	n.sweeper, err = enforce.NewSweeper(enforce.SweeperConfig{
		Wallet: n.payer, Chain: n.chain, DB: n.db, Log: n.log.With("part", "sweep"),
	})
	if err != nil {
		return err
	}
	cfg := enforce.Config{Chain: n.chain, DB: n.db, Taker: n.sweeper, Log: n.log.With("part", "enforce"), Final: n.cfg.finalDepth}
	switch watch, err := n.chain.WatchMempool(n.ctx); {
	case err == nil:
		cfg.Mempool = watch
	case !errors.Is(err, chain.ErrNoMempool):
		return err
	default:
		n.log.Warn("the chain's backend shows no transactions that wait for a block: preimages are read off blocks only")
	}
	n.court, err = enforce.New(cfg)
	return err
}

// maxFinalConfs is less than the 144 blocks for which everything is kept.
const maxFinalConfs = 100

// finalDepth is how deep a transaction about so much must be.
func (c *Config) finalDepth(amount btcutil.Amount) uint32 {
	depth := int64(max(c.FinalConfs, enforce.FinalDepth)) + int64(c.FinalConfsPerBTC)*int64(amount/btcutil.SatoshiPerBitcoin)
	return uint32(min(depth, maxFinalConfs))
}
