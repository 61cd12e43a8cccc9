package node

import (
	"context"
	"errors"

	"github.com/btcsuite/btcd/wire"
	"github.com/ethereum/go-ethereum/common"
)

// DepositToChannel adds money to our side.
func (n *Node) DepositToChannel(ctx context.Context, channel wire.OutPoint, units uint64) (common.Hash, error) {
	return common.Hash{}, errors.New("todo")
}

// WithdrawFromChannel takes money out of our side without closing.
func (n *Node) WithdrawFromChannel(ctx context.Context, channel wire.OutPoint, units uint64) (common.Hash, error) {
	return common.Hash{}, errors.New("todo")
}

var _ AssetAPI = (*Node)(nil)
