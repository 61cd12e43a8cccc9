package rpcserver

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/btcsuite/btcd/chaincfg/chainhash"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

// ListSweeps is of walletrpc.WalletKitServer. It lists what the wallet knows of the transactions that took
// outputs of channels or bumped fees, the oldest first and those in no block last.
func (w *walletKit) ListSweeps(ctx context.Context, in *walletrpc.ListSweepsRequest) (*walletrpc.ListSweepsResponse, error) {
	if in.StartHeight < -1 {
		return nil, invalid("start_height of %d", in.StartHeight)
	}
	found, err := w.sweepTransactions(ctx)
	if err != nil {
		return nil, err
	}
	ids := &walletrpc.ListSweepsResponse_TransactionIDs{}
	details := &lnrpc.TransactionDetails{}
	for i := range found {
		t := &found[i]
		if t.Height > 0 && (in.StartHeight == -1 || t.Height < in.StartHeight) {
			continue
		}
		if !in.Verbose {
			ids.TransactionIds = append(ids.TransactionIds, t.Tx.TxHash().String())
			continue
		}
		shown, err := transaction(t)
		if err != nil {
			return nil, err
		}
		details.Transactions = append(details.Transactions, shown)
	}
	if in.Verbose {
		details.LastIndex = uint64(max(len(details.Transactions)-1, 0))
		return &walletrpc.ListSweepsResponse{
			Sweeps: &walletrpc.ListSweepsResponse_TransactionDetails{TransactionDetails: details},
		}, nil
	}
	return &walletrpc.ListSweepsResponse{Sweeps: &walletrpc.ListSweepsResponse_TransactionIds{TransactionIds: ids}}, nil
}

// sweepTransactions finds them; one that the wallet doesn't know was replaced, or pays it nothing.
func (w *walletKit) sweepTransactions(ctx context.Context) (all []node.Transaction, err error) {
	ids, err := w.sweepIDs(ctx)
	if err != nil {
		return nil, err
	}
	seen := map[chainhash.Hash]bool{{}: true} // of none
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		t, err := w.s.node().WalletTransaction(ctx, id)
		if errors.Is(err, node.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	slices.SortStableFunc(all, func(a, b node.Transaction) int {
		return cmp.Compare(uint32(a.Height-1), uint32(b.Height-1)) // 0 is above all
	})
	return all, nil
}

func (w *walletKit) sweepIDs(ctx context.Context) (ids []chainhash.Hash, err error) {
	closed, err := w.s.node().ClosedChannels(ctx)
	if err != nil {
		return nil, err
	}
	pending, err := w.s.node().PendingChannels(ctx)
	if err != nil {
		return nil, err
	}
	sweeps, err := w.s.node().Sweeps(ctx)
	if err != nil {
		return nil, err
	}
	bumps, err := w.s.node().Bumps(ctx)
	if err != nil {
		return nil, err
	}
	for i := range closed {
		for _, r := range closed[i].Resolutions {
			if r.State == node.CoinTaken {
				ids = append(ids, r.Spend)
			}
		}
	}
	for i := range pending.Forced {
		for _, c := range pending.Forced[i].Coins {
			if c.State == node.CoinSweeping || c.State == node.CoinTaken {
				ids = append(ids, c.Spend)
			}
		}
	}
	for i := range sweeps {
		ids = append(ids, sweeps[i].Txid)
	}
	for i := range bumps {
		ids = append(ids, bumps[i].Tx)
	}
	return ids, nil
}
