package rpcserver

import (
	"context"
	"encoding/hex"

	"github.com/nichework/nwnd/lnrpc"
)

// lightning serves what one call of node.API answers.
type lightning struct {
	lnrpc.UnimplementedLightningServer
	s *Server
}

// GetInfo is of lnrpc.LightningServer.
func (l *lightning) GetInfo(ctx context.Context, _ *lnrpc.GetInfoRequest) (*lnrpc.GetInfoResponse, error) {
	in, err := l.s.node().Info(ctx)
	if err != nil {
		return nil, err
	}
	return &lnrpc.GetInfoResponse{
		Version:             l.s.cfg.Version,
		CommitHash:          l.s.cfg.CommitHash,
		IdentityPubkey:      hex.EncodeToString(in.IdentityKey.SerializeCompressed()),
		Alias:               in.Alias,
		Color:               color(in.Color),
		NumPendingChannels:  uint32(in.Pending),
		NumActiveChannels:   uint32(in.Active),
		NumInactiveChannels: uint32(in.Inactive),
		NumPeers:            uint32(in.Peers),
		BlockHeight:         in.Height,
		BlockHash:           in.BlockHash.String(),
		BestHeaderTimestamp: unix(in.BlockTime),
		SyncedToChain:       in.SyncedToChain,
		SyncedToGraph:       in.SyncedToGraph,
		WalletSynced:        in.SyncedToChain,
		Testnet:             in.Network == "testnet" || in.Network == "testnet4",
		Chains:              []*lnrpc.Chain{{Chain: "bitcoin", Network: in.Network}},
		Uris:                in.URIs,
		Features:            features(in.Features),
		GraphCacheStatus:    lnrpc.GraphCacheStatus_GRAPH_CACHE_STATUS_LOADED,
	}, nil
}

// GetRecoveryInfo is of lnrpc.LightningServer.
func (l *lightning) GetRecoveryInfo(ctx context.Context, _ *lnrpc.GetRecoveryInfoRequest) (*lnrpc.GetRecoveryInfoResponse, error) {
	r, err := l.s.node().Recovery(ctx)
	if err != nil {
		return nil, err
	}
	return &lnrpc.GetRecoveryInfoResponse{
		RecoveryMode: r.Wanted, RecoveryFinished: r.Finished, Progress: r.Progress,
	}, nil
}

// StopDaemon is of lnrpc.LightningServer.
func (l *lightning) StopDaemon(context.Context, *lnrpc.StopRequest) (*lnrpc.StopResponse, error) {
	l.s.cfg.Log.Info("stopping, as a client asked")
	l.s.cfg.Shutdown()
	return &lnrpc.StopResponse{Status: "shutdown initiated, check logs for progress"}, nil
}
