package rpcserver

import (
	"context"
	"fmt"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// ConnectPeer is of lnrpc.LightningServer.
func (l *lightning) ConnectPeer(ctx context.Context, in *lnrpc.ConnectPeerRequest) (*lnrpc.ConnectPeerResponse, error) {
	if in.Addr == nil {
		return nil, invalid("need: lnc pubkeyhash@hostname")
	}
	if in.Timeout > 3600 {
		return nil, invalid("timeout of %d s is above an hour", in.Timeout)
	}
	raw, err := keyHex(in.Addr.Pubkey)
	if err != nil {
		return nil, err
	}
	key, err := btcec.ParsePubKey(raw[:])
	if err != nil {
		return nil, invalid("%v", err)
	}
	err = l.s.node().ConnectPeer(ctx, node.ConnectPeer{
		Key: key, Host: in.Addr.Host, Permanent: in.Perm,
		Timeout: time.Duration(in.Timeout) * time.Second,
	})
	if err != nil {
		return nil, err
	}
	return &lnrpc.ConnectPeerResponse{
		Status: fmt.Sprintf("connection to %s@%s initiated", in.Addr.Pubkey, in.Addr.Host),
	}, nil
}

// DisconnectPeer is of lnrpc.LightningServer.
func (l *lightning) DisconnectPeer(ctx context.Context, in *lnrpc.DisconnectPeerRequest) (*lnrpc.DisconnectPeerResponse, error) {
	key, err := keyHex(in.PubKey)
	if err != nil {
		return nil, err
	}
	if err := l.s.node().DisconnectPeer(ctx, key); err != nil {
		return nil, err
	}
	return &lnrpc.DisconnectPeerResponse{Status: "disconnect initiated"}, nil
}

// ListPeers is of lnrpc.LightningServer.
func (l *lightning) ListPeers(ctx context.Context, in *lnrpc.ListPeersRequest) (*lnrpc.ListPeersResponse, error) {
	peers, err := l.s.node().ListPeers(ctx)
	if err != nil {
		return nil, err
	}
	sent, received, err := l.traffic(ctx)
	if err != nil {
		return nil, err
	}
	out := &lnrpc.ListPeersResponse{Peers: make([]*lnrpc.Peer, 0, len(peers))}
	for _, p := range peers {
		r := &lnrpc.Peer{
			PubKey:     hexKey(p.Key),
			Inbound:    p.Inbound,
			BytesSent:  p.BytesSent,
			BytesRecv:  p.BytesReceived,
			SatSent:    sent[p.Key],
			SatRecv:    received[p.Key],
			PingTime:   p.PingTime.Microseconds(),
			SyncType:   lnrpc.Peer_SyncType(p.GossipSyncer),
			Features:   features(p.Features),
			FlapCount:  int32(p.Flaps),
			LastFlapNs: unixNano(p.LastFlap),
		}
		if p.Address != nil {
			r.Address = p.Address.String()
		}
		if n := len(p.Errors); in.LatestError && n > 1 {
			p.Errors = p.Errors[n-1:]
		}
		for _, e := range p.Errors {
			r.Errors = append(r.Errors, &lnrpc.TimestampedError{Timestamp: uint64(unix(e.When)), Error: e.Text})
		}
		out.Peers = append(out.Peers, r)
	}
	return out, nil
}

// SubscribePeerEvents is of lnrpc.LightningServer.
func (l *lightning) SubscribePeerEvents(_ *lnrpc.PeerEventSubscription, to grpc.ServerStreamingServer[lnrpc.PeerEvent]) error {
	for e, err := range l.s.node().SubscribePeers(to.Context()) {
		if err != nil {
			return err
		}
		out := &lnrpc.PeerEvent{PubKey: hexKey(e.Key), Type: lnrpc.PeerEvent_PEER_OFFLINE}
		if e.Online {
			out.Type = lnrpc.PeerEvent_PEER_ONLINE
		}
		if err := to.Send(out); err != nil {
			return err
		}
	}
	return nil
}

// traffic sums, in satoshis, what went over the channels with each peer.
func (l *lightning) traffic(ctx context.Context) (sent, received map[node.PubKey]int64, err error) {
	all, err := l.s.node().ListChannels(ctx)
	if err != nil {
		return nil, nil, err
	}
	sent, received = map[node.PubKey]int64{}, map[node.PubKey]int64{}
	for _, c := range all {
		sent[c.Peer] += int64(c.TotalSent.ToSatoshis())
		received[c.Peer] += int64(c.TotalReceived.ToSatoshis())
	}
	return sent, received, nil
}
