package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"

	"github.com/btcsuite/btcd/btcec/v2"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/peer"
)

// defaultPort is where Lightning nodes listen.
const defaultPort = "9735"

// Info describes this node.
func (n *Node) Info(context.Context) (Info, error) {
	tip := n.chain.Best()
	synced, _ := n.wallet.Synced()
	v := Info{
		IdentityKey: n.cfg.Identity.PubKey(), Alias: n.cfg.Alias, Color: n.cfg.Color, Peers: len(n.peers.Peers()),
		Height: n.height(), BlockHash: tip.Hash, BlockTime: tip.Time, SyncedToChain: synced && n.stale.reason() == "",
		SyncedToGraph: n.gossip.sync.Synced(), Network: n.cfg.Network.Name, Features: n.features(),
	}
	for _, d := range n.sw.channels() {
		switch c := d.channel(); {
		case c.State() == htlc.Funding:
			v.Pending++
		case c.State() == htlc.Open && c.Connected():
			v.Active++
		case c.State() == htlc.Open || c.State() == htlc.ShuttingDown:
			v.Inactive++
		}
	}
	for _, a := range n.addresses() {
		v.URIs = append(v.URIs, fmt.Sprintf("%x@%s", n.self, a))
	}
	return v, nil
}

// ConnectPeer connects to a node.
func (n *Node) ConnectPeer(ctx context.Context, req ConnectPeer) error {
	host := withPort(req.Host)
	if n.peers.Peer(peer.NewID(req.Key)) != nil {
		return fmt.Errorf("%w: %x", ErrAlreadyConnected, req.Key.SerializeCompressed())
	}
	if req.Permanent {
		n.wg.Go(func() {
			if _, err := n.peers.Connect(n.ctx, req.Key, host, true); err != nil && n.ctx.Err() == nil {
				n.log.Info("peer can't be reached yet; trying goes on", "peer", peer.NewID(req.Key), "err", err)
			}
		})
		return nil
	}
	timeout := req.Timeout
	if timeout <= 0 {
		timeout = n.cfg.ConnectTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	p, err := n.peers.Connect(ctx, req.Key, host, false)
	if errors.Is(err, peer.ErrSelf) {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if err != nil {
		return err
	}
	defer n.backups.changed()
	return n.hosts.remember(p.ID(), host)
}

func withPort(host string) string {
	if _, _, err := net.SplitHostPort(host); err != nil {
		return net.JoinHostPort(host, defaultPort)
	}
	return host
}

// DisconnectPeer ends a connection, and attempts to have one.
func (n *Node) DisconnectPeer(_ context.Context, key PubKey) error {
	pub, err := btcec.ParsePubKey(key[:])
	if err != nil {
		return fmt.Errorf("%w: node key: %w", ErrInvalid, err)
	}
	if err := n.peers.Disconnect(peer.NewID(pub)); err != nil {
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return nil
}

// ListPeers shows live connections.
func (n *Node) ListPeers(context.Context) ([]Peer, error) {
	var all []Peer
	for _, p := range n.peers.Peers() {
		s := p.Stats()
		v := Peer{
			Key: PubKey(p.ID()), Address: p.Addr(), Inbound: p.Inbound(), BytesSent: s.Sent, BytesReceived: s.Received,
			PingTime: s.PingRoundTrip, Features: p.Features().RawFeatureVector, GossipSyncer: SyncActive, Since: s.Since,
		}
		n.events.peers.describe(&v)
		all = append(all, v)
	}
	return all, nil
}

// reconnect goes after the peers that we have channels with.
func (n *Node) reconnect(all []*driver) {
	seen := make(map[[33]byte]bool)
	for _, d := range all {
		id := d.channel().Params().Peer
		if seen[id] {
			continue
		}
		seen[id] = true
		n.keepConnected(peer.ID(id))
	}
}

// keepConnected makes the peer persistent, if we know where it is.
func (n *Node) keepConnected(id peer.ID) {
	n.peers.SetKnown(id, true)
	hosts, err := n.hosts.all(id)
	if err != nil {
		n.log.Error("peer's address can't be read", "peer", id, "err", err)
	}
	key, err := btcec.ParsePubKey(id[:])
	if err != nil {
		return
	}
	for _, host := range slices.Backward(hosts) { // the last one is tried first
		if err := n.peers.Keep(key, host); err != nil {
			n.log.Error("peer can't be kept connected", "peer", id, "err", err)
		}
	}
}
