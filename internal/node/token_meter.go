package node

import (
	"context"
	"fmt"
	"iter"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/htlc"
)

// A service charges for what it serves over a channel in an asset between it and its customer: the calls of
// docs/spec/meter.md.

// Establish opens a channel with a deposit for a service.
func (n *Node) Establish(ctx context.Context, provider *btcec.PublicKey, symbol string, deposit uint64) iter.Seq2[OpenUpdate, error] {
	return n.OpenTokenChannel(ctx, OpenTokenChannel{Peer: provider, Symbol: symbol, Capacity: deposit, Private: true, Memo: "service"})
}

// CheckBalance is what is left to spend with a provider, and what was spent.
func (n *Node) CheckBalance(_ context.Context, provider *btcec.PublicKey) ([]MeterBalance, error) {
	return n.metered(provider)
}

// Book is what a provider earned from a customer. It does not go on chain: the channel's newest state is
// as good as that.
func (n *Node) Book(_ context.Context, customer *btcec.PublicKey) ([]MeterBalance, error) {
	return n.metered(customer)
}

func (n *Node) metered(peer *btcec.PublicKey) ([]MeterBalance, error) {
	var all []MeterBalance
	for _, d := range n.tokenChannelsWith(peer, "") {
		c := d.channel()
		v := MeterBalance{
			Channel: c.Params().Outpoint, Asset: n.asset(d.token.ID), Local: c.Balance(htlc.Local), Remote: c.Balance(htlc.Remote),
		}
		v.Sent, v.Received = n.totals.of(c)
		all = append(all, v)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: no channel in an asset with %x", ErrNotFound, peer.SerializeCompressed())
	}
	return all, nil
}

// tokenChannelsWith are those with a peer that aren't closed, in one asset or, without a symbol, in any.
func (n *Node) tokenChannelsWith(peer *btcec.PublicKey, symbol string) []*driver {
	id := PubKey(peer.SerializeCompressed())
	return n.sw.filter(func(d *driver) bool {
		return d.token != nil && d.channel().State() != htlc.Closed && PubKey(d.channel().Params().Peer) == id &&
			(symbol == "" || d.token.Symbol == symbol)
	})
}

// serviceChannel is the one channel with a peer in an asset.
func (n *Node) serviceChannel(peer *btcec.PublicKey, symbol string) (*driver, error) {
	t, err := n.tokens.named(symbol)
	if err != nil {
		return nil, err
	}
	switch with := n.tokenChannelsWith(peer, t.Symbol); len(with) {
	case 0:
		return nil, fmt.Errorf("%w: no channel in %s with %x", ErrNotFound, t.Symbol, peer.SerializeCompressed())
	case 1:
		return with[0], nil
	default:
		return nil, fmt.Errorf("%w: %d channels in %s with %x; name the channel", ErrInvalid, len(with), t.Symbol, peer.SerializeCompressed())
	}
}

// TopUp adds to the deposit.
func (n *Node) TopUp(ctx context.Context, provider *btcec.PublicKey, symbol string, units uint64) (common.Hash, error) {
	d, err := n.serviceChannel(provider, symbol)
	if err != nil {
		return common.Hash{}, err
	}
	return n.DepositToChannel(ctx, d.channel().Params().Outpoint, units)
}

// CloseService closes the channel with a provider or a customer.
func (n *Node) CloseService(ctx context.Context, peer *btcec.PublicKey, symbol string) iter.Seq2[TokenCloseUpdate, error] {
	return func(yield func(TokenCloseUpdate, error) bool) {
		d, err := n.serviceChannel(peer, symbol)
		if err != nil {
			yield(TokenCloseUpdate{}, err)
			return
		}
		for v, err := range n.CloseTokenChannel(ctx, CloseTokenChannel{Channel: d.channel().Params().Outpoint}) {
			if !yield(v, err) {
				return
			}
		}
	}
}
