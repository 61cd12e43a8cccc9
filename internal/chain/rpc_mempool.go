package chain

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"

	"github.com/btcsuite/btcd/btcjson"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
)

var _ Mempool = (*RPC)(nil)

// Spenders implements Mempool. btcd answers since 0.24, bitcoind since 24.
func (c *RPC) Spenders(ctx context.Context, outs []wire.OutPoint) (map[wire.OutPoint]chainhash.Hash, error) {
	ask := make([]map[string]any, len(outs))
	for i, out := range outs {
		ask[i] = map[string]any{"txid": out.Hash.String(), "vout": out.Index}
	}
	var answer []btcjson.GetTxSpendingPrevOutResult
	if err := c.Call(ctx, &answer, "gettxspendingprevout", ask); err != nil {
		if RPCCode(err) == btcjson.ErrRPCMethodNotFound.Code {
			err = fmt.Errorf("%w: it is older than gettxspendingprevout", ErrNoMempool)
		}
		return nil, Unavailable("mempool", err)
	}
	if len(answer) != len(outs) {
		return nil, fmt.Errorf("%w: mempool: asked for the spenders of %d outputs, told of %d", ErrUnavailable, len(outs), len(answer))
	}
	spenders := make(map[wire.OutPoint]chainhash.Hash)
	for i, a := range answer { // in the order of the question
		if a.SpendingTxid == "" {
			continue
		}
		txid, err := parseHash(a.SpendingTxid)
		if err != nil {
			return nil, err
		}
		spenders[outs[i]] = txid
	}
	return spenders, nil
}

// Waiting implements Mempool.
func (c *RPC) Waiting(ctx context.Context, txid chainhash.Hash) (*wire.MsgTx, error) {
	var text string
	err := c.Call(ctx, &text, "getrawtransaction", txid.String(), 0)
	if RPCCode(err) == btcjson.ErrRPCNoTxInfo {
		return nil, fmt.Errorf("%w: %v", ErrNoSuchTx, txid)
	}
	if err != nil {
		return nil, Unavailable("transaction", err)
	}
	raw, err := hex.DecodeString(text)
	if err != nil {
		return nil, Unavailable("transaction", err)
	}
	var tx wire.MsgTx
	if err := tx.Deserialize(bytes.NewReader(raw)); err != nil {
		return nil, Unavailable("transaction", err)
	}
	if got := tx.TxHash(); got != txid {
		return nil, fmt.Errorf("%w: asked for transaction %v, got %v", ErrUnavailable, txid, got)
	}
	return &tx, nil
}
