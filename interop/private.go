package main

import (
	"context"
	"fmt"

	"github.com/nichework/nwnd/lnrpc"
)

// payToPrivate pays a node whose only channel is not announced, by the route hint in its invoice, and is
// paid back by it. The first node never learns of the channel from gossip.
func payToPrivate(ctx context.Context, w *world) error {
	w.privateLast = true
	if err := w.open(ctx, 1_000_000, 400_000); err != nil {
		return err
	}
	const sat = 33_333
	short, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	if err := w.first().AwaitGraph(short, 1); err != nil {
		return err
	}
	inv, err := w.hintedInvoice(short, sat)
	if err != nil {
		return err
	}
	p, err := w.first().PayOK(short, inv.PaymentRequest)
	if err != nil {
		return err
	}
	w.moved(sat, p.FeeMsat)
	if err := settled(ctx, w.last(), inv.RHash, sat); err != nil {
		return err
	}
	if err := w.check(ctx); err != nil {
		return err
	}

	back, err := w.first().Invoice(ctx, sat)
	if err != nil {
		return err
	}
	if p, err = w.last().PayOK(short, back.PaymentRequest); err != nil {
		return err
	}
	w.channels[0].from += sat * 1000
	w.channels[0].to -= sat * 1000
	w.channels[1].from += sat*1000 + p.FeeMsat
	w.channels[1].to -= sat*1000 + p.FeeMsat

	graph, err := w.first().Lightning().DescribeGraph(ctx, &lnrpc.ChannelGraphRequest{})
	if err != nil {
		return err
	}
	if len(graph.Edges) != 1 {
		return fmt.Errorf("%s knows %d channels, of which only one was announced", w.first().Name, len(graph.Edges))
	}
	return nil
}

// hintedInvoice is one of the last node's that names its private channel, which it does once it
// has its peer's policy for it.
func (w *world) hintedInvoice(ctx context.Context, sat int64) (inv *lnrpc.AddInvoiceResponse, err error) {
	err = w.last().Await(ctx, "an invoice with a route hint", func(ctx context.Context) error {
		inv, err = w.last().Lightning().AddInvoice(ctx, &lnrpc.Invoice{Value: sat, Private: true})
		if err != nil {
			return err
		}
		req, err := w.first().Lightning().DecodePayReq(ctx, &lnrpc.PayReqString{PayReq: inv.PaymentRequest})
		if err != nil {
			return err
		}
		if len(req.RouteHints) != 1 || len(req.RouteHints[0].HopHints) != 1 {
			return fmt.Errorf("%d route hints", len(req.RouteHints))
		}
		if by := req.RouteHints[0].HopHints[0].NodeId; by != w.nodes[len(w.nodes)-2].Key() {
			return fmt.Errorf("the hint is by %s", by)
		}
		return nil
	})
	return inv, err
}
