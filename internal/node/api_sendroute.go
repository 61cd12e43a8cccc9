package node

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lntypes"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/onion"
	"github.com/nichework/nwnd/router"
)

// SendToRoute sends an HTLC along a route and returns how it ended. It goes on when the caller
// leaves.
func (n *Node) SendToRoute(ctx context.Context, req SendToRoute) (Attempt, error) {
	route := req.Route
	d, err := n.checkRoute(&route, req.Hash)
	if err == nil {
		err = n.stale.err()
	}
	switch {
	case err != nil:
		return Attempt{}, err
	case req.SkipTempErr && route.Hops[len(route.Hops)-1].PaymentAddr == nil:
		return Attempt{}, fmt.Errorf("%w: cannot skip temp error for non-MPP payment", ErrInvalid)
	}
	var session [32]byte
	if _, err := rand.Read(session[:]); err != nil {
		return Attempt{}, err
	}
	a := routeAttempt(route, req.SkipTempErr, session)
	p, err := n.payments.Send(req.Hash, a, d)
	if err != nil {
		return Attempt{}, err
	}
	return n.payments.await(ctx, p, a)
}

// checkRoute completes a route and checks all that can be known of it here; it returns the channel
// that it begins with.
func (n *Node) checkRoute(route *Route, hash lntypes.Hash) (*driver, error) {
	if k := len(route.Hops); k == 0 || k > router.MaxHops {
		return nil, fmt.Errorf("%w: the route has %d hops, it may have 1 to %d", ErrInvalid, k, router.MaxHops)
	}
	hops := make([]Hop, len(route.Hops))
	copy(hops, route.Hops)
	route.Hops = hops
	d := n.sw.channelBySCID(hops[0].SCID)
	if d == nil || d.token != nil { // a route's amounts are bitcoin's, and its expiries blocks
		return nil, fmt.Errorf("%w: the route begins with channel %v, which isn't ours", ErrInvalid, hops[0].SCID)
	}
	if peer := PubKey(d.channel().Params().Peer); hops[0].Node == (PubKey{}) {
		hops[0].Node = peer
	} else if hops[0].Node != peer {
		return nil, fmt.Errorf("%w: channel %v leads to %v, not to %v", ErrInvalid, hops[0].SCID, router.Node(peer), router.Node(hops[0].Node))
	}
	if err := n.checkPath(hops); err != nil {
		return nil, err
	}
	if err := checkAmounts(route); err != nil {
		return nil, err
	}
	if err := checkExpiries(route, n.height()); err != nil {
		return nil, err
	}
	if err := checkPayloads(route, hash); err != nil {
		return nil, err
	}
	c := d.channel()
	switch spendable := c.Spendable(); {
	case c.State() != htlc.Open:
		return nil, fmt.Errorf("%w: channel %v is %v", ErrInvalid, hops[0].SCID, c.State())
	case !c.Connected():
		return nil, fmt.Errorf("%w: that of channel %v", ErrPeerOffline, hops[0].SCID)
	case spendable < route.TotalAmount:
		return nil, fmt.Errorf("%w: channel %v can send %v, the route needs %v", ErrInsufficientFunds, hops[0].SCID, spendable, route.TotalAmount)
	}
	return d, nil
}

// checkPath follows the channels of a route as far as they are known.
func (n *Node) checkPath(hops []Hop) error {
	at := router.Node(n.self)
	for i := range hops {
		h := &hops[i]
		c, known := n.graph.Channel(router.ChanID{Chain: n.chainHash(), SCID: h.SCID})
		switch {
		case !known && h.Node == PubKey{}:
			return fmt.Errorf("%w: hop %d has no public key, and channel %v isn't known", ErrInvalid, i+1, h.SCID)
		case known:
			other := c.Nodes[0]
			if other == at {
				other = c.Nodes[1]
			} else if c.Nodes[1] != at {
				return fmt.Errorf("%w: channel %v of hop %d doesn't begin at %v", ErrInvalid, h.SCID, i+1, at)
			}
			if h.Node != (PubKey{}) && router.Node(h.Node) != other {
				return fmt.Errorf("%w: channel %v of hop %d leads to %v, not to %v", ErrInvalid, h.SCID, i+1, other, router.Node(h.Node))
			}
			h.Node, h.Capacity = PubKey(other), c.Capacity.ToSatoshis()
		}
		if _, err := btcec.ParsePubKey(h.Node[:]); err != nil {
			return fmt.Errorf("%w: hop %d: %w", ErrInvalid, i+1, err)
		}
		at = router.Node(h.Node)
	}
	return nil
}

// checkAmounts computes the fees of a route.
func checkAmounts(route *Route) error {
	last := &route.Hops[len(route.Hops)-1]
	if last.AmountToForward == 0 || route.TotalAmount > maxInvoiceAmount {
		return fmt.Errorf("%w: the route sends %v and delivers %v", ErrInvalid, route.TotalAmount, last.AmountToForward)
	}
	in := route.TotalAmount
	for i := range route.Hops {
		h := &route.Hops[i]
		if h.AmountToForward > in {
			return fmt.Errorf("%w: hop %d gets %v and shall forward %v", ErrInvalid, i+1, in, h.AmountToForward)
		}
		h.Fee = in - h.AmountToForward
		in = h.AmountToForward
	}
	route.TotalFees = route.TotalAmount - last.AmountToForward
	if last.PaymentAddr != nil && (last.TotalAmount < last.AmountToForward || last.TotalAmount > maxInvoiceAmount) {
		return fmt.Errorf("%w: the route delivers %v of a total of %v", ErrInvalid, last.AmountToForward, last.TotalAmount)
	}
	return nil
}

func checkExpiries(route *Route, height uint32) error {
	in := route.TotalTimeLock
	if in > height+maxExpiryAhead {
		return fmt.Errorf("%w: total time lock %d is more than %d blocks ahead of the height of %d", ErrInvalid, in, maxExpiryAhead, height)
	}
	for i := range route.Hops {
		h := &route.Hops[i]
		if h.Expiry > in {
			return fmt.Errorf("%w: hop %d gets an HTLC that expires at %d and shall forward one that expires at %d", ErrInvalid, i+1, in, h.Expiry)
		}
		in = h.Expiry
	}
	if in <= height {
		return fmt.Errorf("%w: the last HTLC expires at %d, the height is %d", ErrInvalid, in, height)
	}
	return nil
}

// checkPayloads checks what the nodes are told beyond amounts and expiries.
func checkPayloads(route *Route, hash lntypes.Hash) error {
	for i := range route.Hops {
		h, last := &route.Hops[i], i == len(route.Hops)-1
		size := len(h.Metadata)
		if !last && (h.PaymentAddr != nil || len(h.Metadata) > 0) {
			return fmt.Errorf("%w: hop %d has an MPP record or metadata, which only the last may have", ErrInvalid, i+1)
		}
		for typ, value := range h.CustomRecords {
			size += len(value) + 12
			switch {
			case typ < onion.FirstCustom:
				return fmt.Errorf("%w: hop %d: custom record of type %d; the first free one is %d", ErrInvalid, i+1, typ, onion.FirstCustom)
			case typ == KeysendRecord && last && (len(value) != 32 || sha256.Sum256(value) != hash):
				return fmt.Errorf("%w: the keysend record must be the preimage of the payment hash", ErrInvalid)
			}
		}
		if len(h.CustomRecords) > maxCustomRecords || size > maxCustomBytes {
			return fmt.Errorf("%w: hop %d: records of %d bytes, at most %d", ErrInvalid, i+1, size, maxCustomBytes)
		}
	}
	return nil
}
