package node

import (
	"context"
	"fmt"
	"iter"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// finalSlack is how many ticks an invoice leaves beyond the least, for clocks that differ and
// for a payer who takes his time.
const finalSlack = 6

// invoices are the bounds of invoices in a token.
func (t *token) invoices() invoiceAsset {
	least, err := evm.Ticks(t.chain.cfg.Profile.Margin() + t.chain.cfg.Profile.Polling)
	if err != nil {
		least = maxExpiryAhead // a profile that can't be: nothing is taken in time
	}
	return invoiceAsset{
		id: t.ID, most: lnwire.MilliSatoshi(maxTokenCapacity) * 1000, least: uint64(least) + 1, usual: uint64(least) + 1 + finalSlack,
	}
}

// tokenFeePPM is what is asked for forwarding tokens unless the operator says otherwise: a thousandth.
const tokenFeePPM = 1000

// policy is that of a new channel in the token. Its cltv_expiry_delta is the least that the chain's profile
// allows, in ticks.
func (t *token) policy() ChannelPolicy {
	p := &t.chain.cfg.Profile
	delta, err := evm.Ticks(p.Delta(*p) + p.Polling)
	if err != nil {
		delta = maxExpiryAhead
	}
	return ChannelPolicy{FeePPM: tokenFeePPM, CLTVDelta: delta, MinHTLC: 1000}
}

// token is the asset of an id.
func (n *Node) token(id AssetID) (*token, error) {
	if t := n.tokens.byHash(id); t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("%w: asset %x; add it with its chain, adjudicator and token", ErrNotFound, id[:])
}

// AddTokenInvoice issues an invoice in an asset.
func (n *Node) AddTokenInvoice(ctx context.Context, req AddTokenInvoice) (TokenInvoice, error) {
	t, err := n.tokens.named(req.Symbol)
	if err != nil {
		return TokenInvoice{}, err
	}
	if req.Private {
		req.RouteHints = append(req.RouteHints[:len(req.RouteHints):len(req.RouteHints)], n.hintsIn(t, req.Amount)...)
	}
	v, err := n.inTokens.Invoices.addIn(ctx, req.AddInvoice, t.invoices())
	if err != nil {
		return TokenInvoice{}, err
	}
	n.inTokens.Invoices.news.tell(invoiceNews{hash: v.Hash, added: true})
	return n.tokenInvoice(v), nil
}

func (n *Node) tokenInvoice(v Invoice) TokenInvoice {
	return TokenInvoice{Invoice: v, Asset: n.asset(v.asset)}
}

// asset is what is known of an asset; of one that was removed its id alone.
func (n *Node) asset(id AssetID) Asset {
	if t := n.tokens.byHash(id); t != nil {
		return n.counted(t)
	}
	return Asset{ID: id}
}

// counted is an asset with the number of its channels.
func (n *Node) counted(t *token) Asset {
	a := t.Asset
	o := t.oddity()
	a.Unusual, a.Allowed = o.seen, o.allowed
	for _, d := range n.sw.live() {
		if d.token == t {
			a.Channels++
		}
	}
	return a
}

// TokenInvoice finds one by its payment hash.
func (n *Node) TokenInvoice(_ context.Context, hash lntypes.Hash) (TokenInvoice, error) {
	v, err := n.inTokens.Invoices.Lookup(hash)
	if err != nil {
		return TokenInvoice{}, err
	}
	return n.tokenInvoice(v), nil
}

// TokenInvoices gives a page of them.
func (n *Node) TokenInvoices(ctx context.Context, req ListInvoices) ([]TokenInvoice, error) {
	page, err := n.inTokens.Invoices.page(ctx, req)
	all := make([]TokenInvoice, len(page.Invoices))
	for i, v := range page.Invoices {
		all[i] = n.tokenInvoice(v)
	}
	return all, err
}

// SettleTokenInvoice gives the preimage of a hold invoice.
func (n *Node) SettleTokenInvoice(ctx context.Context, preimage lntypes.Preimage) error {
	return n.inTokens.Invoices.Settle(ctx, preimage)
}

// CancelTokenInvoice cancels one that isn't settled, and fails what is held for it.
func (n *Node) CancelTokenInvoice(ctx context.Context, hash lntypes.Hash) error {
	return n.inTokens.Invoices.Cancel(ctx, hash)
}

// SubscribeTokenInvoice streams where one stands.
func (n *Node) SubscribeTokenInvoice(ctx context.Context, hash lntypes.Hash) iter.Seq2[TokenInvoice, error] {
	return func(yield func(TokenInvoice, error) bool) {
		for v, err := range n.followInvoice(ctx, n.inTokens.Invoices, hash) {
			if !yield(n.tokenInvoice(v), err) {
				return
			}
		}
	}
}

// DecodeTokenInvoice reads one of any issuer.
func (n *Node) DecodeTokenInvoice(_ context.Context, request string) (TokenPayReq, error) {
	inv, id, err := decodeTokenInvoice(request)
	if err != nil {
		return TokenPayReq{}, err
	}
	return TokenPayReq{PayReq: payReqOf(inv), ID: id, Asset: n.asset(id)}, nil
}

// PayToken pays in an asset and streams what becomes of it.
func (n *Node) PayToken(ctx context.Context, req PayToken) iter.Seq2[TokenPayment, error] {
	return func(yield func(TokenPayment, error) bool) {
		asset := req.Asset
		if asset == (AssetID{}) {
			asset = anyAsset
		}
		hash, o, err := n.orderIn(asset, req.SendPayment)
		var t *token
		if err == nil {
			t, err = n.token(o.asset)
		}
		if err == nil {
			if v := t.times(); v.stale != "" {
				err = fmt.Errorf("%w: %s", ErrNotReady, v.stale)
			}
		}
		var p *payment
		if err == nil {
			p, err = n.inTokens.Payments.Start(hash, req.PaymentRequest, o)
		}
		if err != nil {
			yield(TokenPayment{}, err)
			return
		}
		if req.Cancelable {
			defer n.inTokens.Payments.cancelWith(ctx, p)()
		}
		n.followToken(ctx, p, req.OnlyFinalUpdate, yield)
	}
}

func (n *Node) followToken(ctx context.Context, p *payment, onlyFinal bool, yield func(TokenPayment, error) bool) {
	asset := n.asset(p.order.asset)
	n.follow(ctx, n.inTokens.Payments, p, onlyFinal, func(v Payment, err error) bool {
		return yield(TokenPayment{Payment: v, Asset: asset}, err)
	})
}

// TrackTokenPayment streams what becomes of a payment made earlier.
func (n *Node) TrackTokenPayment(ctx context.Context, hash lntypes.Hash) iter.Seq2[TokenPayment, error] {
	return func(yield func(TokenPayment, error) bool) {
		p, err := n.inTokens.Payments.find(hash)
		if err != nil {
			yield(TokenPayment{}, err)
			return
		}
		n.followToken(ctx, p, false, yield)
	}
}

// TokenPayments gives a page of payments.
func (n *Node) TokenPayments(ctx context.Context, req ListPayments) ([]TokenPayment, error) {
	page, err := n.inTokens.Payments.page(ctx, req)
	if err != nil {
		return nil, err
	}
	all := make([]TokenPayment, len(page.Payments))
	for i, v := range page.Payments {
		p, err := loadPayment(n.inTokens.Payments.db, v.Index)
		if err != nil {
			return nil, err
		}
		all[i] = TokenPayment{Payment: v, Asset: n.asset(p.order.asset)}
	}
	return all, nil
}
