package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"google.golang.org/grpc"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

func (a *app) followPayment(ctx context.Context, c *client, req *routerrpc.SendPaymentRequest, hash string) error {
	s, err := c.router.SendPaymentV2(ctx, req)
	if err != nil {
		return err
	}
	return a.follow(ctx, c, s, hash)
}

// follow shows how a payment goes until it has ended. The payment is nwnd's: it goes on
// without us.
func (a *app) follow(ctx context.Context, c *client, s grpc.ServerStreamingClient[lnrpc.Payment], hash string) error {
	began := time.Now()
	parts := progress{
		out: a.errOut, redraws: a.redraws, width: a.width,
		names: func(r *lnrpc.Route) []string { return c.hopNames(ctx, r) },
	}
	for updates := 0; ; updates++ {
		p, err := s.Recv()
		if err != nil && (ctx.Err() != nil || updates > 0 || errors.Is(err, io.EOF)) {
			return leftAlone(ctx, updates, hash, err)
		}
		if err != nil {
			return err
		}
		if !a.json {
			parts.show(p)
		}
		switch p.Status {
		case lnrpc.Payment_SUCCEEDED:
			return a.show(p, func(t *table) { paid(t, p, time.Since(began)) })
		case lnrpc.Payment_FAILED:
			if a.json {
				if err := a.show(p, nil); err != nil {
					return err
				}
			}
			return &fault{exitUnpaid, "PaymentFailed", "the payment failed: " + reason(p.FailureReason)}
		}
	}
}

// leftAlone is what is known of a payment that we can't follow to its end.
func leftAlone(ctx context.Context, updates int, hash string, err error) error {
	does, why := "may go on", ended(err).Error()
	if updates > 0 {
		does = "goes on"
	}
	if ctx.Err() != nil {
		why = "interrupted"
	}
	return &fault{exitUnknown, "OutcomeUnknown", fmt.Sprintf("%s; the payment %s without this program: nwcli payments %s shows it",
		why, does, hash)}
}

func paid(t *table, p *lnrpc.Payment, took time.Duration) {
	t.row("paid", msat(p.ValueMsat))
	t.row("fee", msat(p.FeeMsat))
	t.row("took", took.Round(time.Millisecond))
	t.row("hash", p.PaymentHash)
	t.row("preimage", p.PaymentPreimage)
}

// reason says why a payment failed and what can be done.
func reason(r lnrpc.PaymentFailureReason) string {
	switch r {
	case lnrpc.PaymentFailureReason_FAILURE_REASON_TIMEOUT:
		return "no way worked in the time that it had; --timeout gives it more"
	case lnrpc.PaymentFailureReason_FAILURE_REASON_NO_ROUTE:
		return "no way to the recipient was found, or none within the fee limit; --fee-limit sets another, " +
			"nwcli route shows ways"
	case lnrpc.PaymentFailureReason_FAILURE_REASON_INCORRECT_PAYMENT_DETAILS:
		return "the recipient refused it: an unknown hash, a wrong amount, too late, or canceled; ask for a new invoice"
	case lnrpc.PaymentFailureReason_FAILURE_REASON_INSUFFICIENT_BALANCE:
		return "our channels can't send as much; nwcli channels shows what each can"
	case lnrpc.PaymentFailureReason_FAILURE_REASON_CANCELED:
		return "it was canceled"
	}
	return "an error that nwnd's log explains"
}

// failure says where an attempt failed and of what.
func failure(h *lnrpc.HTLCAttempt, names []string) string {
	f := h.GetFailure()
	if f == nil {
		return ""
	}
	where := "here"
	if i := int(f.FailureSourceIndex); i > 0 {
		where = fmt.Sprintf("at hop %d", i)
		if i <= len(names) {
			where = "at " + names[i-1]
		}
	}
	return " " + where + ": " + strings.ToLower(strings.ReplaceAll(f.Code.String(), "_", " "))
}

// How long to wait for the name of a node, and how many to ask for: a route without
// them is as good.
const (
	nameTimeout = 2 * time.Second
	maxNames    = 200
)

// name is what a node calls itself, or the beginning of its key.
func (c *client) name(ctx context.Context, key string) string {
	if n, ok := c.names[key]; ok {
		return n
	}
	if c.names == nil {
		c.names = map[string]string{}
	}
	n := short(key)
	if len(c.names) < maxNames {
		ctx, cancel := context.WithTimeout(ctx, nameTimeout)
		defer cancel()
		if i, err := c.GetNodeInfo(ctx, &lnrpc.NodeInfoRequest{PubKey: key}); err == nil && clean(i.GetNode().GetAlias()) != "" {
			n = clean(i.Node.Alias)
		}
		c.names[key] = n
	}
	return n
}

// hopNames are the names of a route's nodes.
func (c *client) hopNames(ctx context.Context, r *lnrpc.Route) []string {
	var out []string
	for _, h := range r.GetHops() {
		out = append(out, c.name(ctx, h.PubKey))
	}
	return out
}

// over says by which nodes a route goes: "over bob to carol".
func (c *client) over(ctx context.Context, r *lnrpc.Route) string {
	return over(c.hopNames(ctx, r))
}

func over(names []string) string {
	switch n := len(names); n {
	case 0:
		return "nowhere"
	case 1:
		return "straight to " + names[0]
	default:
		return "over " + strings.Join(names[:n-1], ", ") + " to " + names[n-1]
	}
}

// attemptState is how an attempt stands, in a word.
func attemptState(h *lnrpc.HTLCAttempt) string {
	switch h.Status {
	case lnrpc.HTLCAttempt_SUCCEEDED:
		return "arrived"
	case lnrpc.HTLCAttempt_FAILED:
		return "failed"
	}
	return "on its way"
}

// hexHash is a hash that isn't text yet.
func hexHash(b [32]byte) string { return hex.EncodeToString(b[:]) }
