package bitcoind

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/btcsuite/btcd/btcjson"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/chain"
)

// Codes of sendrawtransaction (bitcoin/src/rpc/protocol.h).
const (
	codeMalformed = btcjson.RPCErrorCode(-22) // RPC_DESERIALIZATION_ERROR
	codeError     = btcjson.RPCErrorCode(-25) // RPC_TRANSACTION_ERROR: inputs, or a fee above its limit
	codeRejected  = btcjson.RPCErrorCode(-26) // RPC_TRANSACTION_REJECTED: by the mempool's rules
	codeInChain   = btcjson.RPCErrorCode(-27) // RPC_TRANSACTION_ALREADY_IN_CHAIN
)

// Publish implements chain.Source.
func (s *Source) Publish(ctx context.Context, tx *wire.MsgTx) error {
	var raw bytes.Buffer
	if err := tx.Serialize(&raw); err != nil {
		return fmt.Errorf("%w: %w", chain.ErrRejected, err)
	}
	var id string
	err := s.Call(ctx, &id, "sendrawtransaction", hex.EncodeToString(raw.Bytes()))
	if err == nil {
		return nil
	}
	err = refusal(tx.TxHash(), err)
	if errors.Is(err, chain.ErrMissingInputs) && s.Confirmed(ctx, tx.TxHash()) {
		return nil // its inputs are spent by itself, and its outputs by others
	}
	return err
}

// refusal reads bitcoind's reason: nil if the transaction is known already, chain.ErrUnavailable if the
// error, say that of a bitcoind that is starting, tells nothing about the transaction.
func refusal(id chainhash.Hash, err error) error {
	var said *btcjson.RPCError
	if !errors.As(err, &said) {
		return chain.Unavailable("publish", err)
	}
	reason := strings.ToLower(said.Message)
	has := func(texts ...string) bool {
		for _, text := range texts {
			if strings.Contains(reason, text) {
				return true
			}
		}
		return false
	}
	var kind error
	switch said.Code {
	default:
		return chain.Unavailable("publish", err)
	case codeInChain:
		return nil
	case codeMalformed:
	case codeError, codeRejected:
		switch {
		case has("already-in-mempool", "already-known", "already in", "same-nonwitness-data"):
			return nil
		case has("missing inputs", "missingorspent"):
			kind = chain.ErrMissingInputs
		case has("insufficient fee", "mempool-conflict", "replacement"):
			kind = chain.ErrConflict
		case has("fee not met", "mempool full"):
			kind = chain.ErrFeeTooLow
		}
	}
	if kind == nil {
		return fmt.Errorf("%w: %v: %s", chain.ErrRejected, id, said.Message)
	}
	return fmt.Errorf("%w: %v: %w: %s", chain.ErrRejected, id, kind, said.Message)
}
