package node

import (
	"context"
	"slices"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/router"
)

// ListForwards asks for forwards of a time, oldest first.
type ListForwards struct {
	After, Before time.Time // both included; zero: any
	Offset        uint32    // how many to pass over
	Max           uint32    // 0: 100; the node caps it
	In, Out       []lnwire.ShortChannelID
	Aliases       bool
}

// ForwardPage is a page of them; Next is the offset of the page behind it.
type ForwardPage struct {
	Forwards []Forward
	Next     uint32
}

// maxForwards is the most forwards of a page.
const maxForwards = 50_000

// ListForwards gives a page of what was forwarded in bitcoin.
func (n *Node) ListForwards(ctx context.Context, req ListForwards) (ForwardPage, error) {
	return n.listForwards(ctx, n.sw.history, req, func(*Forward) bool { return true })
}

// listForwards gives a page of those of a history that are wanted.
func (n *Node) listForwards(ctx context.Context, history *forwards, req ListForwards, wanted func(*Forward) bool) (ForwardPage, error) {
	most := req.Max
	if most == 0 {
		most = 100
	}
	most = min(most, maxForwards)
	page := ForwardPage{Next: req.Offset}
	skip := req.Offset
	aliases := make(map[router.ChanID]string)
	err := history.each(req.After, req.Before, func(f *Forward) (bool, error) {
		switch {
		case len(req.In) > 0 && !slices.Contains(req.In, f.In), len(req.Out) > 0 && !slices.Contains(req.Out, f.Out), !wanted(f):
		case skip > 0:
			skip--
		default:
			if req.Aliases {
				f.AliasIn, f.AliasOut = n.aliasAt(aliases, f.AssetIn, f.In), n.aliasAt(aliases, f.AssetOut, f.Out)
			}
			page.Forwards = append(page.Forwards, *f)
			page.Next++
		}
		return len(page.Forwards) < int(most), ctx.Err()
	})
	if err != nil {
		return ForwardPage{}, err
	}
	return page, nil
}

// aliasAt is the name of the peer at a channel's other end, "" if it isn't known any more.
func (n *Node) aliasAt(known map[router.ChanID]string, asset AssetID, scid lnwire.ShortChannelID) string {
	id := router.ChanID{Chain: chainhash.Hash(asset), SCID: scid}
	if asset == (AssetID{}) {
		id.Chain = n.chainHash()
	}
	name, ok := known[id]
	if ok {
		return name
	}
	if c, ok := n.graph.Channel(id); ok {
		other := c.Nodes[0]
		if other == n.self {
			other = c.Nodes[1]
		}
		if v, ok := n.graph.Node(other); ok {
			name = graphNode(v).Alias
		}
	}
	known[id] = name
	return name
}

// Earned are the fees of the last day, week and month (30 days).
type Earned struct{ Day, Week, Month lnwire.MilliSatoshi }

// earned sums fees, by asset.
func (f *forwards) earned(now time.Time) (map[AssetID]Earned, error) {
	const hours24 = 24 * time.Hour
	all := make(map[AssetID]Earned)
	err := f.each(now.Add(-30*hours24), time.Time{}, func(f *Forward) (bool, error) {
		fee, age, sum := f.Fee(), now.Sub(f.Time), all[f.AssetIn]
		sum.Month += fee
		if age <= 7*hours24 {
			sum.Week += fee
		}
		if age <= hours24 {
			sum.Day += fee
		}
		all[f.AssetIn] = sum
		return true, nil
	})
	return all, err
}
