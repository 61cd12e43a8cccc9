package node

import (
	"context"
	"slices"
	"time"

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

// ListForwards gives a page of what was forwarded.
func (n *Node) ListForwards(ctx context.Context, req ListForwards) (ForwardPage, error) {
	most := req.Max
	if most == 0 {
		most = 100
	}
	most = min(most, maxForwards)
	page := ForwardPage{Next: req.Offset}
	skip := req.Offset
	aliases := make(map[lnwire.ShortChannelID]string)
	err := n.sw.history.each(req.After, req.Before, func(f *Forward) (bool, error) {
		switch {
		case len(req.In) > 0 && !slices.Contains(req.In, f.In), len(req.Out) > 0 && !slices.Contains(req.Out, f.Out):
		case skip > 0:
			skip--
		default:
			if req.Aliases {
				f.AliasIn, f.AliasOut = n.aliasAt(aliases, f.In), n.aliasAt(aliases, f.Out)
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
func (n *Node) aliasAt(known map[lnwire.ShortChannelID]string, scid lnwire.ShortChannelID) string {
	name, ok := known[scid]
	if ok {
		return name
	}
	if c, ok := n.graph.Channel(router.ChanID{Chain: n.chainHash(), SCID: scid}); ok {
		other := c.Nodes[0]
		if other == n.self {
			other = c.Nodes[1]
		}
		if v, ok := n.graph.Node(other); ok {
			name = graphNode(v).Alias
		}
	}
	known[scid] = name
	return name
}

// earnings sums the fees of the last day, week and month (30 days).
func (n *Node) earnings() (day, week, month lnwire.MilliSatoshi, err error) {
	const hours24 = 24 * time.Hour
	now := n.now()
	err = n.sw.history.each(now.Add(-30*hours24), time.Time{}, func(f *Forward) (bool, error) {
		fee, age := f.Fee(), now.Sub(f.Time)
		month += fee
		if age <= 7*hours24 {
			week += fee
		}
		if age <= hours24 {
			day += fee
		}
		return true, nil
	})
	return day, week, month, err
}
