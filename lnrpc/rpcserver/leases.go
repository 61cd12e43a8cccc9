package rpcserver

import (
	"context"
	"fmt"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

// defaultLease and maxLease are how long a coin is leased.
const defaultLease, maxLease = 10 * time.Minute, 365 * 24 * time.Hour

// lndLease is the id of lnd's own leases; its clients can't lease by it.
var lndLease = [32]byte{
	0xed, 0xe1, 0x9a, 0x92, 0xed, 0x32, 0x1a, 0x47, 0x05, 0xf8, 0xa1, 0xcc, 0xcc, 0x1d, 0x4f, 0x61,
	0x82, 0x54, 0x5d, 0x4b, 0xb4, 0xfa, 0xe0, 0x8b, 0xd5, 0x93, 0x78, 0x31, 0xb7, 0xe3, 0x8f, 0x98,
}

// LeaseOutput is of walletrpc.WalletKitServer.
func (w *walletKit) LeaseOutput(ctx context.Context, in *walletrpc.LeaseOutputRequest) (*walletrpc.LeaseOutputResponse, error) {
	id, err := leaseID(in.Id)
	if err != nil {
		return nil, err
	}
	coin, err := coinPoint(in.Outpoint)
	if err != nil {
		return nil, err
	}
	length := defaultLease
	switch {
	case id == [32]byte{}:
		return nil, invalid("id must be 32 random bytes")
	case id == lndLease:
		return nil, invalid("reserved id cannot be used")
	case in.ExpirationSeconds > uint64(maxLease/time.Second):
		return nil, invalid("expiration_seconds of %d is above a year", in.ExpirationSeconds)
	case in.ExpirationSeconds > 0:
		length = time.Duration(in.ExpirationSeconds) * time.Second
	}
	ends, err := w.s.node().LeaseCoin(ctx, id, coin, length)
	if err != nil {
		return nil, err
	}
	return &walletrpc.LeaseOutputResponse{Expiration: uint64(ends.Unix())}, nil
}

// ReleaseOutput is of walletrpc.WalletKitServer.
func (w *walletKit) ReleaseOutput(ctx context.Context, in *walletrpc.ReleaseOutputRequest) (*walletrpc.ReleaseOutputResponse, error) {
	id, err := leaseID(in.Id)
	if err != nil {
		return nil, err
	}
	coin, err := coinPoint(in.Outpoint)
	if err != nil {
		return nil, err
	}
	if err := w.s.node().ReleaseCoin(ctx, id, coin); err != nil {
		return nil, err
	}
	return &walletrpc.ReleaseOutputResponse{Status: fmt.Sprintf("output %v released", coin)}, nil
}

// ListLeases is of walletrpc.WalletKitServer.
func (w *walletKit) ListLeases(ctx context.Context, _ *walletrpc.ListLeasesRequest) (*walletrpc.ListLeasesResponse, error) {
	all, err := w.s.node().Leases(ctx)
	if err != nil {
		return nil, err
	}
	out := &walletrpc.ListLeasesResponse{}
	for _, l := range all {
		out.LockedUtxos = append(out.LockedUtxos, &walletrpc.UtxoLease{
			Id: l.ID[:], Outpoint: rpcOutPoint(l.Coin), Expiration: uint64(l.Expires.Unix()), PkScript: l.Script,
			Value: uint64(l.Amount),
		})
	}
	return out, nil
}

func leaseID(b []byte) (id [32]byte, err error) {
	if len(b) != len(id) {
		return id, invalid("id has %d bytes, must be 32 random bytes", len(b))
	}
	return [32]byte(b), nil
}

// coinPoint reads an outpoint whose id is bytes in the order of the block chain, or hex.
func coinPoint(p *lnrpc.OutPoint) (o wire.OutPoint, err error) {
	switch {
	case p == nil:
		return o, invalid("empty outpoint provided")
	case len(p.TxidBytes) == chainhash.HashSize:
		o.Hash = chainhash.Hash(p.TxidBytes)
	case len(p.TxidBytes) != 0:
		return o, invalid("txid has %d bytes, needs 32", len(p.TxidBytes))
	case len(p.TxidStr) == 2*chainhash.HashSize:
		h, err := chainhash.NewHashFromStr(p.TxidStr)
		if err != nil {
			return o, invalid("txid_str: %v", err)
		}
		o.Hash = *h
	case p.TxidStr != "":
		return o, invalid("txid_str has %d characters, needs 64", len(p.TxidStr))
	default:
		return o, invalid("TxidBytes and TxidStr are both unspecified")
	}
	o.Index = p.OutputIndex
	return o, nil
}

// maxCoins is how many coins a request may name.
const maxCoins = 500

func coinPoints(all []*lnrpc.OutPoint) (out []wire.OutPoint, err error) {
	if len(all) > maxCoins {
		return nil, invalid("%d outpoints, at most %d", len(all), maxCoins)
	}
	for _, p := range all {
		o, err := coinPoint(p)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

func rpcOutPoint(o wire.OutPoint) *lnrpc.OutPoint {
	return &lnrpc.OutPoint{TxidBytes: o.Hash[:], TxidStr: o.Hash.String(), OutputIndex: o.Index}
}
