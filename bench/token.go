package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/nichework/nwnd/internal/devnet"
	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

// The work on a token channel: points without decimals, as many HTLCs each way as in bitcoin.
const (
	tokenSymbol = "MILES"
	tokenUnits  = 8_000 // of the channel, its opener's
	tokenAmount = 1_000 // thousandths of a payment: a point
	tokenSlots  = "--evm.maxhtlcs=483"
	tokenWarmUp = 100
	signedBatch = 25 // payments at once, of which signatures are counted
)

// token measures two nodes with a channel in points on go-ethereum's chain: the payments of direct, in a token.
func (r *runner) token(ctx context.Context, _ []*daemon.Node) (err error) {
	net, err := devnet.Start(context.WithoutCancel(ctx), filepath.Join(r.dir, "nwnd-token"), r.programs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, net.Stop(context.WithoutCancel(ctx))) }()
	nodes, err := r.tokenLine(ctx, net)
	if err != nil {
		return err
	}
	if _, err := r.payTokens(ctx, nodes, tokenWarmUp); err != nil {
		return err
	}
	took, err := r.payTokens(ctx, nodes, min(r.opt.payments, tokenUnits/2))
	if err != nil {
		return err
	}
	r.say("token: %v", took)
	r.got.set("token", took.rate())
	r.got.set("token_p50_ms", took.percentile(50))
	for _, batch := range []int{1, signedBatch} {
		for name, format := range signedFormats() {
			per, err := signaturesPerPayment(format, batch)
			if err != nil {
				return err
			}
			r.got.set(fmt.Sprintf("signatures_per_payment_%s_batch_%d", name, batch), per)
		}
	}
	return nil
}

// tokenLine brings up two nodes with a channel in points.
func (r *runner) tokenLine(ctx context.Context, net *devnet.Net) ([2]*daemon.Node, error) {
	var nodes [2]*daemon.Node
	if err := net.AddEVM(ctx); err != nil {
		return nodes, err
	}
	net.EVM.Every(time.Second)
	for i := range nodes {
		var err error
		if nodes[i], err = net.Add(daemon.NWND, fmt.Sprintf("token%d", i+1), tokenSlots); err != nil {
			return nodes, err
		}
	}
	if err := net.StartAll(ctx); err != nil {
		return nodes, err
	}
	if err := errors.Join(net.FundEVM(ctx, nodes[:]...), net.GiveTokens(ctx, nodes[:]...)); err != nil {
		return nodes, err
	}
	if err := nodes[0].Connect(ctx, nodes[1]); err != nil {
		return nodes, err
	}
	id, err := nodes[0].OpenToken(ctx, nodes[1], tokenSymbol, tokenUnits)
	if err != nil {
		return nodes, err
	}
	for _, n := range nodes {
		err := n.Await(ctx, "the channel in points", func(ctx context.Context) error {
			c, err := n.TokenChannel(ctx, id)
			if err == nil && !c.Active {
				err = errors.New("it is inactive")
			}
			return err
		})
		if err != nil {
			return nodes, err
		}
	}
	return nodes, nil
}

// payTokens pays so many invoices, which are made before the clock starts.
func (r *runner) payTokens(ctx context.Context, nodes [2]*daemon.Node, count int) (times, error) {
	requests := make([]string, count)
	err := parallel(ctx, count, 16, func(i int) error {
		inv, err := nodes[1].TokenInvoice(ctx, tokenSymbol, tokenAmount)
		if err == nil {
			requests[i] = inv.PaymentRequest
		}
		return err
	})
	if err != nil {
		return times{}, err
	}
	t := times{each: make([]time.Duration, count)}
	began := time.Now()
	err = parallel(ctx, count, r.opt.inFlight, func(i int) error {
		start := time.Now()
		p, err := nodes[0].PayToken(ctx, requests[i], tokenAmount)
		if err == nil && p.Status != lnrpc.Payment_SUCCEEDED {
			err = fmt.Errorf("%w: number %d: %v", errFailed, i, p.FailureReason)
		}
		t.each[i] = time.Since(start)
		return err
	})
	t.all = time.Since(began)
	slices.Sort(t.each)
	return t, err
}

// compareToken sets the rate of token payments beside those in bitcoin, where these were measured in the same run.
func compareToken(own, lnd figures) {
	rate, ok := own["token"]
	if !ok {
		return
	}
	if direct := own["direct"]; direct > 0 {
		own.set("token_to_own_direct", rate/direct)
	}
	if direct := lnd["direct"]; direct > 0 {
		own.set("token_to_lnd_direct", rate/direct)
	}
}
