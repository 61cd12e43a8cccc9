package ethereum

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
)

// header is what is kept of a block. Its hash is the endpoint's word: chains differ in what they hash,
// so it is compared with other endpoints', not computed.
type header struct {
	Head
	parent  common.Hash
	bloom   *types.Bloom // nil: unknown, or not kept any more
	baseFee *big.Int     // nil: no EIP-1559
}

// wireHeader is what eth_getBlockByNumber and -ByHash answer, as far as it is used.
type wireHeader struct {
	Number     *hexutil.Uint64 `json:"number"`
	Hash       *common.Hash    `json:"hash"`
	ParentHash *common.Hash    `json:"parentHash"`
	Timestamp  *hexutil.Uint64 `json:"timestamp"`
	LogsBloom  *types.Bloom    `json:"logsBloom"`
	BaseFee    *hexutil.Big    `json:"baseFeePerGas"`
}

var errNotThere = errors.New("the block is not known there")

// header checks that an answer is a block's.
func (w *wireHeader) header() (header, error) {
	switch {
	case w == nil:
		return header{}, errNotThere
	case w.Number == nil || w.Hash == nil || w.ParentHash == nil || w.Timestamp == nil:
		return header{}, errors.New("a block without number, hash, parent or time")
	case *w.Hash == (common.Hash{}):
		return header{}, errors.New("a block with a hash of zeros")
	}
	h := header{Head: Head{Number: uint64(*w.Number), Hash: *w.Hash, Time: uint64(*w.Timestamp)}, parent: *w.ParentHash, bloom: w.LogsBloom}
	if w.BaseFee != nil {
		h.baseFee = w.BaseFee.ToInt()
	}
	return h, nil
}

const maxTopics = 4

// checkLog refuses a log that was not asked for.
func checkLog(l *types.Log, contract common.Address, from, to uint64) error {
	switch {
	case l.Address != contract:
		return fmt.Errorf("a log of %v, asked for %v", l.Address, contract)
	case l.Removed:
		return errors.New("a log that was removed")
	case l.BlockNumber < from || l.BlockNumber > to:
		return fmt.Errorf("a log of block %d, asked for %d to %d", l.BlockNumber, from, to)
	case l.BlockHash == (common.Hash{}) || l.TxHash == (common.Hash{}):
		return errors.New("a log without block or transaction")
	case len(l.Topics) > maxTopics:
		return fmt.Errorf("a log with %d topics", len(l.Topics))
	}
	return nil
}

// admits tells whether a block's bloom filter allows for logs of a contract (and with these topics).
func admits(b *types.Bloom, contract common.Address, topics ...common.Hash) bool {
	if !types.BloomLookup(*b, contract) {
		return false
	}
	for _, t := range topics {
		if !types.BloomLookup(*b, t) {
			return false
		}
	}
	return true
}

func number(n uint64) string { return hexutil.EncodeUint64(n) }

// UnmarshalJSON implements json.Unmarshaler.
func (w *wireTx) UnmarshalJSON(b []byte) error {
	var place struct {
		BlockHash *common.Hash    `json:"blockHash"`
		Hash      common.Hash     `json:"hash"`
		To        *common.Address `json:"to"`
		Input     hexutil.Bytes   `json:"input"`
	}
	if err := json.Unmarshal(b, &place); err != nil {
		return err
	}
	w.block, w.tx = place.BlockHash, new(types.Transaction)
	err := w.tx.UnmarshalJSON(b)
	switch {
	case err == nil:
		w.hash = w.tx.Hash()
	case errors.Is(err, types.ErrTxTypeNotSupported):
		w.tx, w.hash, err = types.NewTx(&types.LegacyTx{To: place.To, Data: place.Input}), place.Hash, nil
	}
	return err
}
