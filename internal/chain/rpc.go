package chain

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/btcjson"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwallet/chainfee"
)

// The questions that btcd and bitcoind answer alike.

// HashAt implements Source.
func (c *RPC) HashAt(ctx context.Context, height int32) (chainhash.Hash, error) {
	var text string
	err := c.Call(ctx, &text, "getblockhash", height)
	if code := RPCCode(err); code == btcjson.ErrRPCOutOfRange || code == btcjson.ErrRPCInvalidParameter {
		return chainhash.Hash{}, fmt.Errorf("%w: height %d", ErrUnknownBlock, height)
	}
	if err != nil {
		return chainhash.Hash{}, Unavailable("block hash", err)
	}
	return parseHash(text)
}

// Block implements Source.
func (c *RPC) Block(ctx context.Context, hash chainhash.Hash) (*wire.MsgBlock, error) {
	var text string
	if err := c.Call(ctx, &text, "getblock", hash.String(), 0); err != nil {
		return nil, blockError(hash, err)
	}
	raw, err := hex.DecodeString(text)
	if err != nil {
		return nil, Unavailable("block", err)
	}
	var block wire.MsgBlock
	if err := block.Deserialize(bytes.NewReader(raw)); err != nil {
		return nil, Unavailable("block", err)
	}
	if got := block.BlockHash(); got != hash {
		return nil, fmt.Errorf("%w: asked for block %v, got %v", ErrUnavailable, hash, got)
	}
	return &block, nil
}

// TxIDs implements Source.
func (c *RPC) TxIDs(ctx context.Context, hash chainhash.Hash) ([]chainhash.Hash, error) {
	var block btcjson.GetBlockVerboseResult
	if err := c.Call(ctx, &block, "getblock", hash.String(), 1); err != nil {
		return nil, blockError(hash, err)
	}
	ids := make([]chainhash.Hash, len(block.Tx))
	for i, text := range block.Tx {
		id, err := parseHash(text)
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}

// Unspent implements Source.
func (c *RPC) Unspent(ctx context.Context, at wire.OutPoint, _ chainhash.Hash) (*wire.TxOut, error) {
	var answer json.RawMessage
	if err := c.Call(ctx, &answer, "gettxout", at.Hash.String(), at.Index, false); err != nil {
		return nil, Unavailable("output", err)
	}
	if string(answer) == "null" {
		return nil, nil
	}
	var out btcjson.GetTxOutResult
	if err := json.Unmarshal(answer, &out); err != nil {
		return nil, Unavailable("output", err)
	}
	script, err := hex.DecodeString(out.ScriptPubKey.Hex)
	if err != nil {
		return nil, Unavailable("output", err)
	}
	value, err := amount(out.Value)
	if err != nil {
		return nil, Unavailable("output", err)
	}
	return wire.NewTxOut(int64(value), script), nil
}

// Confirmed says whether a transaction is in a block; it needs the node's txindex, and says no without.
func (c *RPC) Confirmed(ctx context.Context, id chainhash.Hash) bool {
	var tx btcjson.TxRawResult
	return c.Call(ctx, &tx, "getrawtransaction", id.String(), 1) == nil && tx.Confirmations > 0
}

// RateOf reads a fee rate in BTC per 1000 vbytes; one that isn't positive is 0, "unknown".
func RateOf(said float64) (SatPerKWeight, error) {
	perKVByte, err := amount(max(said, 0))
	if err != nil {
		return 0, Unavailable("fee", err)
	}
	return chainfee.SatPerKVByte(perKVByte).FeePerKWeight(), nil
}

// amount reads BTC, of which there are 21 million.
func amount(btc float64) (btcutil.Amount, error) {
	if !(btc >= 0 && btc <= btcutil.MaxSatoshi/btcutil.SatoshiPerBitcoin) {
		return 0, fmt.Errorf("an amount of %v BTC, expected 0 to 21 million", btc)
	}
	return btcutil.NewAmount(btc)
}

func parseHash(text string) (chainhash.Hash, error) {
	hash, err := chainhash.NewHashFromStr(text)
	if err != nil {
		return chainhash.Hash{}, Unavailable("hash", err)
	}
	return *hash, nil
}

func blockError(hash chainhash.Hash, err error) error {
	if RPCCode(err) == btcjson.ErrRPCBlockNotFound {
		return fmt.Errorf("%w: %v", ErrUnknownBlock, hash)
	}
	return Unavailable("block", err)
}

// Unavailable makes of any error one that wraps ErrUnavailable.
func Unavailable(what string, err error) error {
	if errors.Is(err, ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %s: %w", ErrUnavailable, what, err)
}
