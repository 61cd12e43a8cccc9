package rpcserver

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/chainrpc"
	"github.com/nichework/nwnd/lnrpc/verrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

// registerMore serves what lnd has in packages of their own.
func (s *Server) registerMore() {
	verrpc.RegisterVersionerServer(s.grpc, &versioner{s: s})
	chainrpc.RegisterChainNotifierServer(s.grpc, &chainNotifier{s: s})
	walletrpc.RegisterWalletKitServer(s.grpc, &walletKit{s: s})
}

type versioner struct {
	verrpc.UnimplementedVersionerServer
	s *Server
}

// tagged are the packages that lnd's clients look for among the build tags.
var tagged = []string{"chainrpc", "invoicesrpc", "signrpc", "walletrpc"}

// GetVersion is of verrpc.VersionerServer. Clients take build tags as what is served.
func (v *versioner) GetVersion(context.Context, *verrpc.VersionRequest) (*verrpc.Version, error) {
	full := v.s.cfg.Version
	out := &verrpc.Version{
		Commit: "nwnd", CommitHash: v.s.cfg.CommitHash, GoVersion: runtime.Version(),
	}
	number, commit, ok := strings.Cut(full, " commit=")
	if ok {
		out.Commit = commit
	}
	out.Version = full
	number, out.AppPreRelease, _ = strings.Cut(number, "-")
	if _, err := fmt.Sscanf(number, "%d.%d.%d", &out.AppMajor, &out.AppMinor, &out.AppPatch); err != nil {
		return nil, fmt.Errorf("rpcserver: version %q is no number: %w", full, err)
	}
	for service := range v.s.grpc.GetServiceInfo() {
		pkg, _, _ := strings.Cut(service, ".")
		if slices.Contains(tagged, pkg) && !slices.Contains(out.BuildTags, pkg) {
			out.BuildTags = append(out.BuildTags, pkg)
		}
	}
	slices.Sort(out.BuildTags)
	return out, nil
}

type walletKit struct {
	walletrpc.UnimplementedWalletKitServer
	s *Server
}

// ListUnspent is of walletrpc.WalletKitServer.
func (w *walletKit) ListUnspent(ctx context.Context, in *walletrpc.ListUnspentRequest) (*walletrpc.ListUnspentResponse, error) {
	if in.UnconfirmedOnly && (in.MinConfs != 0 || in.MaxConfs != 0) {
		return nil, invalid("min_confs and max_confs must be zero if unconfirmed_only is true")
	}
	coins, err := w.s.unspent(ctx, in.Account, in.MinConfs, in.MaxConfs)
	if err != nil {
		return nil, err
	}
	if in.UnconfirmedOnly {
		coins = slices.DeleteFunc(coins, func(u *lnrpc.Utxo) bool { return u.Confirmations > 0 })
	}
	return &walletrpc.ListUnspentResponse{Utxos: coins}, nil
}

// NextAddr is of walletrpc.WalletKitServer.
func (w *walletKit) NextAddr(ctx context.Context, in *walletrpc.AddrRequest) (*walletrpc.AddrResponse, error) {
	kind := node.WitnessPubKeyHash
	switch {
	case in.Account != "" && in.Account != "default":
		return nil, unimplemented("account " + in.Account)
	case in.Change:
		return nil, unimplemented("change")
	case in.Type == walletrpc.AddressType_TAPROOT_PUBKEY:
		kind = node.TaprootPubKey
	case in.Type != walletrpc.AddressType_UNKNOWN && in.Type != walletrpc.AddressType_WITNESS_PUBKEY_HASH:
		return nil, unimplemented("address type " + in.Type.String())
	}
	a, err := w.s.node().NewAddress(ctx, kind)
	if err != nil {
		return nil, err
	}
	return &walletrpc.AddrResponse{Addr: a.EncodeAddress()}, nil
}

// EstimateFee is of walletrpc.WalletKitServer.
func (w *walletKit) EstimateFee(ctx context.Context, in *walletrpc.EstimateFeeRequest) (*walletrpc.EstimateFeeResponse, error) {
	if in.ConfTarget <= 0 {
		return nil, invalid("confirmation target must be greater than 0")
	}
	e, err := w.s.node().EstimateFee(ctx, uint32(in.ConfTarget))
	if err != nil {
		return nil, err
	}
	return &walletrpc.EstimateFeeResponse{SatPerKw: int64(e.Rate), MinRelayFeeSatPerKw: int64(e.Relayed)}, nil
}

// ListAccounts is of walletrpc.WalletKitServer.
func (w *walletKit) ListAccounts(ctx context.Context, in *walletrpc.ListAccountsRequest) (*walletrpc.ListAccountsResponse, error) {
	all, err := w.s.node().Accounts(ctx)
	if err != nil {
		return nil, err
	}
	out := &walletrpc.ListAccountsResponse{}
	for _, a := range all {
		kind := addressType(a.Type)
		if in.Name != "" && in.Name != a.Name || in.AddressType != walletrpc.AddressType_UNKNOWN && in.AddressType != kind {
			continue
		}
		out.Accounts = append(out.Accounts, &walletrpc.Account{
			Name: a.Name, AddressType: kind, ExtendedPublicKey: a.ExtendedKey, DerivationPath: a.DerivationPath,
			ExternalKeyCount: a.External, InternalKeyCount: a.Internal,
		})
	}
	return out, nil
}
