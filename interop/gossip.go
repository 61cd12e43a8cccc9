package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nichework/nwnd/internal/devnet"
	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

const (
	meshRounds   = 5 // in each of which every node of the mesh opens a channel
	meshNodes    = 4
	meshChannels = meshRounds * meshNodes
)

// gossip makes a net of 20 channels among the first four nodes. Then a late nwnd connects to the lnd of them
// alone, and a late lnd to an nwnd: both must come to the graph that their only peer has, and hear of
// what changes afterwards.
func gossip(ctx context.Context, w *world) error {
	mesh, lateN, lateL := w.nodes[:meshNodes], w.nodes[meshNodes], w.nodes[meshNodes+1]
	lnd, nwnd := mesh[meshNodes-1], mesh[0]
	for round := range meshRounds {
		if err := w.meshRound(ctx, mesh, round); err != nil {
			return err
		}
	}
	for late, peer := range map[*daemon.Node]*daemon.Node{lateN: lnd, lateL: nwnd} {
		if err := w.learn(ctx, late, peer, meshChannels); err != nil {
			return err
		}
	}

	// What is new since then: another channel, and a change of what lnd takes.
	if err := w.meshRound(ctx, mesh[:2], meshRounds); err != nil {
		return err
	}
	if _, err := lnd.Lightning().UpdateChannelPolicy(ctx, &lnrpc.PolicyUpdateRequest{
		Scope: &lnrpc.PolicyUpdateRequest_Global{Global: true}, BaseFeeMsat: 4321, FeeRatePpm: 77, TimeLockDelta: 42,
	}); err != nil {
		return err
	}
	for late, peer := range map[*daemon.Node]*daemon.Node{lateN: lnd, lateL: nwnd} {
		err := late.Await(ctx, "lnd's new policy", func(ctx context.Context) error {
			g, err := graphOf(ctx, late)
			if err != nil {
				return err
			}
			changed := 0
			for _, v := range g {
				if strings.Contains(v, "base 4321 ppm 77 delta 42") {
					changed++
				}
			}
			if len(g) == 0 || changed < meshChannels/2 { // lnd is at one end of half of them
				return fmt.Errorf("%d directions have it", changed)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := w.learn(ctx, late, peer, meshChannels+2); err != nil {
			return err
		}
	}
	return nil
}

// meshRound has every node of the mesh open a channel, to another in each round.
func (w *world) meshRound(ctx context.Context, mesh []*daemon.Node, round int) error {
	var links []*devnet.Link
	for i, from := range mesh {
		to := mesh[(i+1+round%(len(mesh)-1))%len(mesh)]
		c := &channel{Link: devnet.Link{From: from, To: to, Capacity: 300_000 + int64(1000*len(w.channels)), Push: 100_000}}
		w.channels = append(w.channels, c)
		links = append(links, &c.Link)
	}
	short, cancel := context.WithTimeout(ctx, 2*soon)
	defer cancel()
	if err := w.net.OpenAll(short, links...); err != nil {
		return err
	}
	for _, c := range w.channels[len(w.channels)-len(links):] {
		if err := c.begin(ctx); err != nil {
			return err
		}
	}
	return nil
}

// learn connects late to peer and waits until both know the same of this many channels and their nodes.
func (w *world) learn(ctx context.Context, late, peer *daemon.Node, channels int) error {
	ctx, cancel := context.WithTimeout(ctx, 2*soon)
	defer cancel()
	if err := peer.AwaitGraph(ctx, channels); err != nil {
		return err
	}
	have, err := late.Lightning().ListPeers(ctx, &lnrpc.ListPeersRequest{})
	if err != nil {
		return err
	}
	if len(have.Peers) == 0 {
		if err := late.Connect(ctx, peer); err != nil {
			return err
		}
	}
	return late.Await(ctx, "the graph of "+peer.Name, func(ctx context.Context) error {
		has, err := graphOf(ctx, late)
		if err != nil {
			return err
		}
		wants, err := graphOf(ctx, peer)
		if err != nil {
			return err
		}
		if len(wants) < 2*channels {
			return fmt.Errorf("%s has %d directions itself", peer.Name, len(wants))
		}
		for _, k := range slices.Sorted(maps.Keys(wants)) {
			if has[k] != wants[k] {
				return fmt.Errorf("%s is %q, want %q (%d known of %d)", k, has[k], wants[k], len(has), len(wants))
			}
		}
		if len(has) != len(wants) {
			return fmt.Errorf("%d entries, want %d", len(has), len(wants))
		}
		return nil
	})
}

// graphOf is what a node tells of the graph: of each direction of a channel, and of each announced node that
// has channels, which the late ones themselves have not. It is without times: lnd keeps the older of two
// messages that say the same.
func graphOf(ctx context.Context, n *daemon.Node) (map[string]string, error) {
	g, err := n.Lightning().DescribeGraph(ctx, &lnrpc.ChannelGraphRequest{})
	if err != nil {
		return nil, err
	}
	out, ends := map[string]string{}, map[string]bool{}
	for _, e := range g.Edges {
		ends[e.Node1Pub], ends[e.Node2Pub] = true, true
		for from, p := range map[string]*lnrpc.RoutingPolicy{e.Node1Pub: e.Node1Policy, e.Node2Pub: e.Node2Policy} {
			if p == nil {
				continue
			}
			out[fmt.Sprintf("channel %d from %s", e.ChannelId, from)] = fmt.Sprintf(
				"%s with %d sat: base %d ppm %d delta %d min %d max %d disabled %v", e.ChanPoint, e.Capacity,
				p.FeeBaseMsat, p.FeeRateMilliMsat, p.TimeLockDelta, p.MinHtlc, p.MaxHtlcMsat, p.Disabled)
		}
	}
	for _, v := range g.Nodes {
		if v.LastUpdate == 0 || !ends[v.PubKey] {
			continue
		}
		var addrs []string
		for _, a := range v.Addresses {
			addrs = append(addrs, a.Network+" "+a.Addr)
		}
		slices.Sort(addrs)
		out["node "+v.PubKey] = fmt.Sprintf("%s %s %v", v.Alias, v.Color, addrs)
	}
	return out, nil
}
