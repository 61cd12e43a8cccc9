package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
)

func (a *app) graph() *cobra.Command {
	var nodes, all bool
	var most int
	c := &cobra.Command{
		Use:   "graph [key or name]",
		Short: "Show the network, or one node",
		Long: "Show the network's largest channels or, with --nodes, its best connected nodes; or one node, by its\n" +
			"key or a part of its name.",
		Example: "  nwcli graph --nodes --max=10\n  nwcli graph bob",
		Args:    cobra.MaximumNArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			if len(args) == 1 {
				if _, err := nodeKey(args[0]); err == nil {
					return a.oneNode(ctx, c, args[0])
				}
			}
			g, err := c.DescribeGraph(ctx, &lnrpc.ChannelGraphRequest{IncludeUnannounced: true})
			if err != nil {
				return err
			}
			if all {
				most = len(g.Nodes) + len(g.Edges)
			}
			if len(args) == 1 {
				return a.named(ctx, c, g, args[0], most)
			}
			return a.show(g, func(t *table) {
				if nodes {
					nodeRows(t, g, g.Nodes, most)
				} else {
					edges(t, g.Edges, most, aliases(g))
				}
				t.row("")
				t.row(fmt.Sprintf("%d nodes, %d channels", len(g.Nodes), len(g.Edges)))
			})
		}),
	}
	c.Flags().BoolVar(&nodes, "nodes", false, "list nodes instead of channels")
	c.Flags().IntVar(&most, "max", 50, "most lines to list")
	c.Flags().BoolVar(&all, "all", false, "list every one")
	c.MarkFlagsMutuallyExclusive("max", "all")
	return c
}

// named shows the nodes of which a name is part, and the one where there is only one.
func (a *app) named(ctx context.Context, c *client, g *lnrpc.ChannelGraph, name string, most int) error {
	var found []*lnrpc.LightningNode
	for _, n := range g.Nodes {
		if strings.Contains(strings.ToLower(n.Alias), strings.ToLower(name)) {
			found = append(found, n)
		}
	}
	switch len(found) {
	case 0:
		return fmt.Errorf("none of %d nodes has %q in its name; nwcli graph --nodes lists them", len(g.Nodes), name)
	case 1:
		return a.oneNode(ctx, c, found[0].PubKey)
	}
	return a.show(&lnrpc.ChannelGraph{Nodes: found}, func(t *table) { nodeRows(t, g, found, most) })
}

func (a *app) oneNode(ctx context.Context, c *client, key string) error {
	n, err := c.GetNodeInfo(ctx, &lnrpc.NodeInfoRequest{PubKey: key, IncludeChannels: true})
	if err != nil {
		return err
	}
	return a.show(n, func(t *table) {
		t.row("key", n.Node.GetPubKey())
		t.row("name", n.Node.GetAlias())
		for _, x := range n.Node.GetAddresses() {
			t.row("address", x.Addr)
		}
		t.row("seen", ago(int64(n.Node.GetLastUpdate())))
		t.row("channels", fmt.Sprintf("%d, of %s sat together", n.NumChannels, sats(n.TotalCapacity)))
		t.row("")
		edges(t, n.Channels, len(n.Channels), func(key string) string { return c.name(ctx, key) })
	})
}

// nodeRows lists nodes, those with most channels first.
func nodeRows(t *table, g *lnrpc.ChannelGraph, nodes []*lnrpc.LightningNode, most int) {
	count, capacity := map[string]int{}, map[string]int64{}
	for _, e := range g.Edges {
		for _, key := range []string{e.Node1Pub, e.Node2Pub} {
			count[key]++
			capacity[key] += e.Capacity
		}
	}
	nodes = slices.SortedFunc(slices.Values(nodes), func(x, y *lnrpc.LightningNode) int {
		return cmp.Or(count[y.PubKey]-count[x.PubKey], cmp.Compare(x.Alias, y.Alias), cmp.Compare(x.PubKey, y.PubKey))
	})
	t.row("NAME", "CHANNELS", "CAPACITY", "KEY", "ADDRESS", "SEEN")
	for _, n := range nodes[:max(0, min(most, len(nodes)))] {
		addr := "-"
		if len(n.Addresses) > 0 {
			addr = n.Addresses[0].Addr
		}
		t.row(n.Alias, count[n.PubKey], sats(capacity[n.PubKey]), n.PubKey, addr, ago(int64(n.LastUpdate)))
	}
	left(t, len(nodes)-most)
}

// aliases gives the names of a graph's nodes, or the beginnings of their keys.
func aliases(g *lnrpc.ChannelGraph) func(key string) string {
	names := make(map[string]string, len(g.Nodes))
	for _, n := range g.Nodes {
		names[n.PubKey] = clean(n.Alias)
	}
	return func(key string) string { return cmp.Or(names[key], short(key)) }
}

// edges lists channels, the largest first.
func edges(t *table, all []*lnrpc.ChannelEdge, most int, name func(key string) string) {
	all = slices.SortedFunc(slices.Values(all), func(x, y *lnrpc.ChannelEdge) int {
		return cmp.Or(cmp.Compare(y.Capacity, x.Capacity), cmp.Compare(x.ChannelId, y.ChannelId))
	})
	t.row("ID", "NODE 1", "NODE 2", "CAPACITY", "1 ASKS", "2 ASKS")
	for _, e := range all[:max(0, min(most, len(all)))] {
		t.row(scid(e.ChannelId), name(e.Node1Pub), name(e.Node2Pub), sats(e.Capacity),
			asks(e.Node1Policy), asks(e.Node2Policy))
	}
	left(t, len(all)-most)
}

// left says that a list was cut.
func left(t *table, n int) {
	if n > 0 {
		t.row(fmt.Sprintf("… and %d more; --all lists them", n))
	}
}

func asks(p *lnrpc.RoutingPolicy) string {
	switch {
	case p == nil:
		return "unknown"
	case p.Disabled:
		return "disabled"
	}
	return fmt.Sprintf("%s + %d ppm, %d blocks", msat(p.FeeBaseMsat), p.FeeRateMilliMsat, p.TimeLockDelta)
}
