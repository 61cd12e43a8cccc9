package node

import (
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/enforce"
)

// assembleCourt makes what sees channels through on chain.
func (n *Node) assembleCourt() (err error) {
	n.sweeper, err = enforce.NewSweeper(enforce.SweeperConfig{
		Wallet: n.wallet, Chain: n.chain, DB: n.db, Log: n.log.With("part", "sweep"),
	})
	if err != nil {
		return err
	}
	n.court, err = enforce.New(enforce.Config{
		Chain: n.chain, DB: n.db, Taker: n.sweeper, Log: n.log.With("part", "enforce"),
	})
	return err
}

func (n *Node) records(*driver) func(uint64) ([]bitcoin.Record, error) {
	return func(uint64) ([]bitcoin.Record, error) { return nil, nil }
}
