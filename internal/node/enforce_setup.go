package node

import (
	"context"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/enforce"
)

// assembleCourt makes what sees channels through on chain.
func (n *Node) assembleCourt() (err error) {
	n.court, err = enforce.New(enforce.Config{
		Chain: n.chain, DB: n.db, Taker: idle{}, Log: n.log.With("part", "enforce"),
	})
	return err
}

// idle takes nothing.
type idle struct{}

func (idle) Round(context.Context, adjudicator.Height, []enforce.Want) error { return nil }
func (idle) Spending(wire.OutPoint) (txid chainhash.Hash, ok bool)           { return txid, false }

func (n *Node) records(*driver) func(uint64) ([]bitcoin.Record, error) {
	return func(uint64) ([]bitcoin.Record, error) { return nil, nil }
}
