package daemon

import (
	"context"
	"fmt"

	"github.com/nichework/nwnd/lnrpc"
)

// NewAddress is a fresh P2WPKH address of the node's wallet.
func (n *Node) NewAddress(ctx context.Context) (string, error) {
	a, err := n.Lightning().NewAddress(ctx, &lnrpc.NewAddressRequest{Type: lnrpc.AddressType_WITNESS_PUBKEY_HASH})
	if err != nil {
		return "", fmt.Errorf("daemon: %s: address: %w", n.Name, err)
	}
	return a.Address, nil
}

// Confirmed is what the node's on-chain wallet holds in confirmed coins, in satoshi.
func (n *Node) Confirmed(ctx context.Context) (int64, error) {
	b, err := n.Lightning().WalletBalance(ctx, &lnrpc.WalletBalanceRequest{})
	if err != nil {
		return 0, fmt.Errorf("daemon: %s: wallet balance: %w", n.Name, err)
	}
	return b.ConfirmedBalance, nil
}

// AwaitConfirmed waits until the wallet's confirmed coins are exactly this much.
func (n *Node) AwaitConfirmed(ctx context.Context, want int64) error {
	return n.Await(ctx, "coins", func(ctx context.Context) error {
		got, err := n.Confirmed(ctx)
		if err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("wallet holds %d sat, want %d", got, want)
		}
		return nil
	})
}

// AwaitHeight waits until the node has seen the chain up to a height.
func (n *Node) AwaitHeight(ctx context.Context, height uint32) error {
	return n.Await(ctx, "the chain", func(ctx context.Context) error {
		info, err := n.Lightning().GetInfo(ctx, &lnrpc.GetInfoRequest{})
		if err != nil {
			return err
		}
		if info.BlockHeight < height || !info.SyncedToChain {
			return fmt.Errorf("at height %d, want %d", info.BlockHeight, height)
		}
		return nil
	})
}
