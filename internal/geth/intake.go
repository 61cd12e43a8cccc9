package geth

import (
	"context"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
)

// intake takes transactions into the pool so that each is in the next block. go-ethereum's own method answers
// before the pool has sorted one in, and a new head in that moment leaves it among those that wait for the one
// before, for a block too long.
type intake struct{ n *Node }

// SendRawTransaction is eth_sendRawTransaction.
func (i *intake) SendRawTransaction(_ context.Context, input hexutil.Bytes) (common.Hash, error) {
	var tx types.Transaction
	if err := tx.UnmarshalBinary(input); err != nil {
		return common.Hash{}, err
	}
	i.n.mu.Lock() // no block meanwhile
	defer i.n.mu.Unlock()
	if i.n.closed {
		return common.Hash{}, ErrClosed
	}
	return tx.Hash(), i.n.eth.TxPool().Add([]*types.Transaction{&tx}, true)[0]
}
