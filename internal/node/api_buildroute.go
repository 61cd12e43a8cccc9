package node

import (
	"context"
	"fmt"
	"math/bits"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/router"
)

// BuildRoute asks for the route that passes certain nodes.
type BuildRoute struct {
	Hops           []PubKey            // the last is the recipient
	Amount         lnwire.MilliSatoshi // that it gets; 0: the least that all channels take
	FinalCLTVDelta uint32              // 0: the default
	OutgoingChan   lnwire.ShortChannelID
	PaymentAddr    *[32]byte
}

// leg is what is asked between two nodes of a route. A node may forward over any of its channels with the
// next (BOLT 4), so fee and delta are the largest of those that fit the amount.
type leg struct {
	channel  router.Channel
	least    lnwire.MilliSatoshi
	feeBase  uint32
	feeRate  uint32
	delta    uint16
	capacity lnwire.MilliSatoshi
}

// fee is what forwarding an amount costs; one beyond all bitcoin is as good as any.
func (l *leg) fee(amount lnwire.MilliSatoshi) lnwire.MilliSatoshi {
	high, low := bits.Mul64(uint64(amount), uint64(l.feeRate))
	if high >= 1_000_000 {
		return maxInvoiceAmount
	}
	share, _ := bits.Div64(high, low, 1_000_000)
	return lnwire.MilliSatoshi(l.feeBase) + min(lnwire.MilliSatoshi(share), maxInvoiceAmount)
}

// BuildRoute makes a route of the nodes it is to pass.
func (n *Node) BuildRoute(_ context.Context, req BuildRoute) (Route, error) {
	switch k := len(req.Hops); {
	case k == 0 || k > router.MaxHops:
		return Route{}, fmt.Errorf("%w: %d hops, there may be 1 to %d", ErrInvalid, k, router.MaxHops)
	case req.Amount > maxInvoiceAmount:
		return Route{}, fmt.Errorf("%w: amount %v is more than all bitcoin", ErrInvalid, req.Amount)
	}
	if req.FinalCLTVDelta == 0 {
		req.FinalCLTVDelta = defaultFinalDelta
	}
	amount, least := req.Amount, req.Amount == 0
	if least {
		amount = 1
	}
	// Where an amount is below what a channel takes, the recipient gets as much more; every hop then
	// carries at least that much more, so each channel raises it once at most.
	for range len(req.Hops) + 1 {
		route, lack, err := n.buildFor(&req, amount, least)
		if err != nil || lack == 0 {
			return route, err
		}
		amount += lack
	}
	return Route{}, fmt.Errorf("%w: no amount is taken by all channels", ErrNoRoute)
}

// buildFor makes the route for an amount, from its end back; lack is what the amount is below the
// least that some channel takes.
func (n *Node) buildFor(req *BuildRoute, amount lnwire.MilliSatoshi, least bool) (route Route, lack lnwire.MilliSatoshi, err error) {
	hops := make([]Hop, len(req.Hops))
	carried, expiry := amount, n.height()+blockPadding+req.FinalCLTVDelta
	told := carried // what the hop is told to forward
	toldExpiry := expiry
	for i := len(req.Hops) - 1; i >= 0; i-- {
		var l leg
		if i == 0 {
			l, err = n.firstLeg(req, carried)
		} else {
			l, err = n.leg(req.Hops[i-1], req.Hops[i], carried, least)
		}
		if err != nil {
			return Route{}, 0, fmt.Errorf("%w: hop %d of %d: %w", ErrNoRoute, i+1, len(hops), err)
		}
		if carried < l.least {
			return Route{}, l.least - carried, nil
		}
		hops[i] = Hop{
			Node: req.Hops[i], SCID: l.channel.ID.SCID, Capacity: l.capacity.ToSatoshis(),
			AmountToForward: told, Fee: carried - told, Expiry: toldExpiry,
		}
		if i > 0 {
			told, toldExpiry = carried, expiry
			carried += l.fee(carried)
			expiry += uint32(l.delta)
		}
	}
	last := &hops[len(hops)-1]
	if req.PaymentAddr != nil {
		last.PaymentAddr, last.TotalAmount = req.PaymentAddr, amount
	}
	if expiry > n.height()+maxExpiryAhead {
		return Route{}, 0, fmt.Errorf("%w: the route locks for more than %d blocks", ErrNoRoute, maxExpiryAhead)
	}
	return Route{TotalAmount: carried, TotalFees: carried - amount, TotalTimeLock: expiry, Hops: hops}, 0, nil
}

// leg joins the channels between two other nodes that can carry an amount.
func (n *Node) leg(from, to PubKey, amount lnwire.MilliSatoshi, least bool) (l leg, err error) {
	a, b := router.Node(from), router.Node(to)
	known, fits := 0, 0
	for _, c := range n.bitcoinChannels(a) {
		p := c.PolicyOf(a)
		if c.Nodes[0] != b && c.Nodes[1] != b || p == nil || p.Disabled {
			continue
		}
		known++
		most := c.Capacity
		if p.HTLCMax > 0 && (most == 0 || p.HTLCMax < most) {
			most = p.HTLCMax
		}
		if amount > most || amount < p.HTLCMin && !least {
			continue
		}
		fits++
		if fits == 1 || p.HTLCMin < l.least {
			l.least = p.HTLCMin
		}
		if c.Capacity >= l.capacity {
			l.channel, l.capacity = c, c.Capacity
		}
		l.feeBase, l.feeRate, l.delta = max(l.feeBase, p.FeeBase), max(l.feeRate, p.FeeRate), max(l.delta, p.CLTVDelta)
	}
	if fits == 0 {
		return l, fmt.Errorf("none of %d usable channels from %v to %v carries %v", known, a, b, amount)
	}
	return l, nil
}

// firstLeg is the channel of ours that can send most to the first hop.
func (n *Node) firstLeg(req *BuildRoute, amount lnwire.MilliSatoshi) (l leg, err error) {
	var only []lnwire.ShortChannelID
	if req.OutgoingChan != (lnwire.ShortChannelID{}) {
		only = append(only, req.OutgoingChan)
	}
	local, _ := n.routes.localChannels(newIgnored(), only)
	var most lnwire.MilliSatoshi
	for i := range local {
		c := &local[i]
		if c.Peer != router.Node(req.Hops[0]) || c.Spendable < amount || c.Spendable < most {
			continue
		}
		most = c.Spendable
		l.channel.ID, l.least = c.Channel, c.HTLCMin
		if known, ok := n.graph.Channel(c.Channel); ok {
			l.capacity = known.Capacity
		}
	}
	if most == 0 {
		return l, fmt.Errorf("no channel of ours to %v can send %v now", router.Node(req.Hops[0]), amount)
	}
	return l, nil
}
