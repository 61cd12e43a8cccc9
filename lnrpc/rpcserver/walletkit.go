package rpcserver

import (
	"bytes"
	"context"
	"fmt"

	"github.com/btcsuite/btcd/blockchain"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

// RequiredReserve is of walletrpc.WalletKitServer.
func (w *walletKit) RequiredReserve(ctx context.Context, in *walletrpc.RequiredReserveRequest) (*walletrpc.RequiredReserveResponse, error) {
	reserve, err := w.s.node().RequiredReserve(ctx, in.AdditionalPublicChannels)
	if err != nil {
		return nil, err
	}
	return &walletrpc.RequiredReserveResponse{RequiredReserve: int64(reserve)}, nil
}

// ListAddresses is of walletrpc.WalletKitServer.
func (w *walletKit) ListAddresses(ctx context.Context, in *walletrpc.ListAddressesRequest) (*walletrpc.ListAddressesResponse, error) {
	accounts, err := w.s.node().Accounts(ctx)
	if err != nil {
		return nil, err
	}
	all, err := w.s.node().WalletAddresses(ctx)
	if err != nil {
		return nil, err
	}
	out := &walletrpc.ListAddressesResponse{}
	for _, account := range accounts {
		if in.AccountName != "" && in.AccountName != account.Name {
			continue
		}
		a := &walletrpc.AccountWithAddresses{
			Name: account.Name, AddressType: addressType(account.Type), DerivationPath: account.DerivationPath,
		}
		for _, addr := range all {
			if node.AddressType(addr.Kind) == account.Type {
				a.Addresses = append(a.Addresses, &walletrpc.AddressProperty{
					Address: addr.Address, IsInternal: addr.Internal, Balance: int64(addr.Balance),
					DerivationPath: addr.Path, PublicKey: addr.Key,
				})
			}
		}
		out.AccountWithAddresses = append(out.AccountWithAddresses, a)
	}
	if in.AccountName != "" && len(out.AccountWithAddresses) == 0 {
		return nil, invalid("there is no account %q", in.AccountName)
	}
	return out, nil
}

func addressType(t node.AddressType) walletrpc.AddressType {
	if t == node.TaprootPubKey {
		return walletrpc.AddressType_TAPROOT_PUBKEY
	}
	return walletrpc.AddressType_WITNESS_PUBKEY_HASH
}

// GetTransaction is of walletrpc.WalletKitServer.
func (w *walletKit) GetTransaction(ctx context.Context, in *walletrpc.GetTransactionRequest) (*lnrpc.Transaction, error) {
	if len(in.Txid) != 2*chainhash.HashSize {
		return nil, invalid("must provide a transaction hash of 64 hex digits, got %d characters", len(in.Txid))
	}
	txid, err := chainhash.NewHashFromStr(in.Txid)
	if err != nil {
		return nil, invalid("txid: %v", err)
	}
	t, err := w.s.node().WalletTransaction(ctx, *txid)
	if err != nil {
		return nil, err
	}
	return transaction(&t)
}

// PublishTransaction is of walletrpc.WalletKitServer.
func (w *walletKit) PublishTransaction(ctx context.Context, in *walletrpc.Transaction) (*walletrpc.PublishResponse, error) {
	switch {
	case len(in.TxHex) == 0:
		return nil, invalid("must provide a transaction to publish")
	case len(in.TxHex) > blockchain.MaxBlockWeight:
		return nil, invalid("a transaction of %d bytes", len(in.TxHex))
	}
	if err := checkLabel(in.Label); err != nil {
		return nil, err
	}
	tx, r := wire.NewMsgTx(2), bytes.NewReader(in.TxHex)
	if err := tx.Deserialize(r); err != nil || r.Len() > 0 {
		return nil, invalid("not a transaction: %v, %d bytes are left", err, r.Len())
	}
	if err := blockchain.CheckTransactionSanity(btcutil.NewTx(tx)); err != nil {
		return nil, invalid("no good transaction: %v", err)
	}
	return &walletrpc.PublishResponse{}, w.s.node().PublishTransaction(ctx, tx, in.Label)
}

// LabelTransaction is of walletrpc.WalletKitServer.
func (w *walletKit) LabelTransaction(ctx context.Context, in *walletrpc.LabelTransactionRequest) (*walletrpc.LabelTransactionResponse, error) {
	if in.Label == "" {
		return nil, invalid("cannot label transaction with empty label")
	}
	if err := checkLabel(in.Label); err != nil {
		return nil, err
	}
	txid, err := chainhash.NewHash(in.Txid)
	if err != nil {
		return nil, invalid("txid has %d bytes, needs 32", len(in.Txid))
	}
	if err := w.s.node().LabelTransaction(ctx, *txid, in.Label, in.Overwrite); err != nil {
		return nil, err
	}
	return &walletrpc.LabelTransactionResponse{Status: fmt.Sprintf("transaction label '%s' added", in.Label)}, nil
}

func checkLabel(label string) error {
	if len(label) > maxLabel {
		return invalid("label has %d bytes, it may have %d", len(label), maxLabel)
	}
	return nil
}
