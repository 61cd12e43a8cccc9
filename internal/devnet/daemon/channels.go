package daemon

import (
	"context"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/devnet/proc"
	"github.com/nichework/nwnd/lnrpc"
)

// Connect makes n dial peer and waits until both list each other.
func (n *Node) Connect(ctx context.Context, peer *Node) error {
	_, err := n.Lightning().ConnectPeer(ctx, &lnrpc.ConnectPeerRequest{
		Addr: &lnrpc.LightningAddress{Pubkey: peer.Key(), Host: peer.Address()},
	})
	if err != nil {
		if already := n.AwaitPeer(ctx, peer, peer.Name+" in the list"); already == nil {
			return nil
		}
		return fmt.Errorf("daemon: %s connects to %s: %w", n.Name, peer.Name, err)
	}
	return errors.Join(n.AwaitPeer(ctx, peer, "peer"), peer.AwaitPeer(ctx, n, "peer"))
}

// AwaitPeer waits until n lists peer.
func (n *Node) AwaitPeer(ctx context.Context, peer *Node, what string) error {
	return n.Await(ctx, what, func(ctx context.Context) error {
		list, err := n.Lightning().ListPeers(ctx, &lnrpc.ListPeersRequest{})
		if err != nil {
			return err
		}
		for _, p := range list.Peers {
			if p.PubKey == peer.Key() {
				return nil
			}
		}
		return fmt.Errorf("%s is not among %d peers", peer.Name, len(list.Peers))
	})
}

// Opening is what a channel is to be, in satoshi.
type Opening struct {
	Capacity int64
	Push     int64  // the peer's at the start
	Private  bool   // not to be announced
	Delay    uint32 // blocks that the peer's own balance waits after it closed alone; 0: as n sees fit
}

// Open funds a channel to peer and returns its outpoint once the funding
// transaction is published.
func (n *Node) Open(ctx context.Context, peer *Node, o Opening) (wire.OutPoint, error) {
	stream, err := n.Lightning().OpenChannel(ctx, &lnrpc.OpenChannelRequest{
		NodePubkey:         peer.KeyBytes(),
		LocalFundingAmount: o.Capacity,
		PushSat:            o.Push,
		SatPerVbyte:        2,
		Private:            o.Private,
		RemoteCsvDelay:     o.Delay,
	})
	for err == nil {
		var update *lnrpc.OpenStatusUpdate
		if update, err = stream.Recv(); err != nil {
			break
		}
		if pending := update.GetChanPending(); pending != nil {
			txid, err := chainhash.NewHash(pending.Txid)
			if err != nil {
				return wire.OutPoint{}, fmt.Errorf("daemon: %s: channel pending: %w", n.Name, err)
			}
			return wire.OutPoint{Hash: *txid, Index: pending.OutputIndex}, nil
		}
	}
	return wire.OutPoint{}, fmt.Errorf("daemon: %s opens to %s: %w", n.Name, peer.Name, err)
}

// Close begins a cooperative close and returns the closing transaction's id once it
// is published.
func (n *Node) Close(ctx context.Context, point wire.OutPoint) (chainhash.Hash, error) {
	return n.close(ctx, point, &lnrpc.CloseChannelRequest{SatPerVbyte: 2})
}

// ForceClose publishes the node's own commitment and returns its id once that is done.
func (n *Node) ForceClose(ctx context.Context, point wire.OutPoint) (chainhash.Hash, error) {
	return n.close(ctx, point, &lnrpc.CloseChannelRequest{Force: true})
}

func (n *Node) close(ctx context.Context, point wire.OutPoint, req *lnrpc.CloseChannelRequest) (chainhash.Hash, error) {
	req.ChannelPoint = &lnrpc.ChannelPoint{
		FundingTxid: &lnrpc.ChannelPoint_FundingTxidStr{FundingTxidStr: point.Hash.String()},
		OutputIndex: point.Index,
	}
	stream, err := n.Lightning().CloseChannel(ctx, req)
	for err == nil {
		var update *lnrpc.CloseStatusUpdate
		if update, err = stream.Recv(); err != nil {
			break
		}
		if pending := update.GetClosePending(); pending != nil {
			txid, err := chainhash.NewHash(pending.Txid)
			if err != nil {
				return chainhash.Hash{}, fmt.Errorf("daemon: %s: close pending: %w", n.Name, err)
			}
			return *txid, nil
		}
	}
	return chainhash.Hash{}, fmt.Errorf("daemon: %s closes %v: %w", n.Name, point, err)
}

// ErrNoChannel is returned when a node does not list a channel.
var ErrNoChannel = errors.New("daemon: no such channel")

// Channel is n's own view of one open channel.
func (n *Node) Channel(ctx context.Context, point wire.OutPoint) (*lnrpc.Channel, error) {
	list, err := n.Lightning().ListChannels(ctx, &lnrpc.ListChannelsRequest{})
	if err != nil {
		return nil, err
	}
	for _, c := range list.Channels {
		if c.ChannelPoint == point.String() {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%w: %s lists %d, not %v", ErrNoChannel, n.Name, len(list.Channels), point)
}

// AwaitChannel waits until n's view of a channel satisfies ok.
func (n *Node) AwaitChannel(ctx context.Context, point wire.OutPoint, what string, ok func(*lnrpc.Channel) error) error {
	return n.Await(ctx, what, func(ctx context.Context) error {
		c, err := n.Channel(ctx, point)
		if err != nil {
			return err
		}
		return ok(c)
	})
}

// Active is a condition for AwaitChannel: payments can pass.
func Active(c *lnrpc.Channel) error {
	if !c.Active {
		return errors.New("the channel is inactive")
	}
	return nil
}

// Settled is a condition for AwaitChannel: no HTLC is pending.
func Settled(c *lnrpc.Channel) error {
	if len(c.PendingHtlcs) > 0 {
		return fmt.Errorf("%d HTLCs are pending", len(c.PendingHtlcs))
	}
	return nil
}

// AwaitGraph waits until n knows at least this many announced channels, each with the policies
// of both its ends.
func (n *Node) AwaitGraph(ctx context.Context, channels int) error {
	return n.Await(ctx, "the graph", func(ctx context.Context) error {
		graph, err := n.Lightning().DescribeGraph(ctx, &lnrpc.ChannelGraphRequest{})
		if err != nil {
			return err
		}
		whole := 0
		for _, e := range graph.Edges {
			if e.Node1Policy != nil && e.Node2Policy != nil {
				whole++
			}
		}
		if whole < channels {
			return fmt.Errorf("%d channels, %d of them with both policies, want %d", len(graph.Edges), whole, channels)
		}
		return nil
	})
}

// Await is proc.Await for a condition that a running daemon must come to; it ends early
// when the daemon does.
func (n *Node) Await(ctx context.Context, what string, ok func(context.Context) error) error {
	var err error
	if p := n.proc; p != nil {
		err = p.Await(ctx, what, ok)
	} else {
		err = proc.Await(ctx, what, ok)
	}
	if err != nil {
		return fmt.Errorf("daemon: %s: %w", n.Name, err)
	}
	return nil
}
