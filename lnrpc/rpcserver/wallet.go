package rpcserver

import (
	"context"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// WalletBalance is of lnrpc.LightningServer.
func (l *lightning) WalletBalance(ctx context.Context, in *lnrpc.WalletBalanceRequest) (*lnrpc.WalletBalanceResponse, error) {
	if in.Account != "" && in.Account != "default" {
		return nil, unimplemented("account " + in.Account)
	}
	confs := max(in.MinConfs, 1)
	b, err := l.s.node().WalletBalance(ctx, confs)
	if err != nil {
		return nil, err
	}
	return &lnrpc.WalletBalanceResponse{
		TotalBalance:              int64(b.Confirmed + b.Unconfirmed),
		ConfirmedBalance:          int64(b.Confirmed),
		UnconfirmedBalance:        int64(b.Unconfirmed),
		LockedBalance:             int64(b.Locked),
		ReservedBalanceAnchorChan: int64(b.AnchorReserve),
		AccountBalance: map[string]*lnrpc.WalletAccountBalance{"default": {
			ConfirmedBalance: int64(b.Confirmed), UnconfirmedBalance: int64(b.Unconfirmed),
		}},
	}, nil
}

// NewAddress is of lnrpc.LightningServer.
func (l *lightning) NewAddress(ctx context.Context, in *lnrpc.NewAddressRequest) (*lnrpc.NewAddressResponse, error) {
	if in.Account != "" && in.Account != "default" {
		return nil, unimplemented("account " + in.Account)
	}
	var kind node.AddressType
	switch in.Type {
	case lnrpc.AddressType_WITNESS_PUBKEY_HASH, lnrpc.AddressType_UNUSED_WITNESS_PUBKEY_HASH:
		kind = node.WitnessPubKeyHash
	case lnrpc.AddressType_TAPROOT_PUBKEY, lnrpc.AddressType_UNUSED_TAPROOT_PUBKEY:
		kind = node.TaprootPubKey
	default:
		return nil, unimplemented("address type " + in.Type.String())
	}
	a, err := l.s.node().NewAddress(ctx, kind)
	if err != nil {
		return nil, err
	}
	return &lnrpc.NewAddressResponse{Address: a.EncodeAddress()}, nil
}
