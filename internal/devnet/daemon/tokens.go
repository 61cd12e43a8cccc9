package daemon

import (
	"context"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// Assets is the client of what the node has besides bitcoin. Only nwnd serves it, as what follows.
func (n *Node) Assets() nwnrpc.AssetsClient { return nwnrpc.NewAssetsClient(n.conn) }

// Points is the client of issuers and holders of points.
func (n *Node) Points() nwnrpc.PointsClient { return nwnrpc.NewPointsClient(n.conn) }

// TokenChannels is the client of channels in assets.
func (n *Node) TokenChannels() nwnrpc.TokenChannelsClient {
	return nwnrpc.NewTokenChannelsClient(n.conn)
}

// TokenPayments is the client of invoices and payments in assets.
func (n *Node) TokenPayments() nwnrpc.TokenPaymentsClient {
	return nwnrpc.NewTokenPaymentsClient(n.conn)
}

// EVMAccounts waits until the node follows its first EVM chain and gives its accounts there. The first
// holds tokens, all of them pay for gas.
func (n *Node) EVMAccounts(ctx context.Context) ([]common.Address, error) {
	var accounts []common.Address
	err := n.Await(ctx, "the EVM chain", func(ctx context.Context) error {
		list, err := n.Assets().ListChains(ctx, &nwnrpc.ListChainsRequest{})
		switch {
		case err != nil:
			return err
		case len(list.Chains) == 0:
			return errors.New("it follows none")
		case list.Chains[0].BlockHeight == 0 || list.Chains[0].Trouble != "":
			return fmt.Errorf("at block %d: %s", list.Chains[0].BlockHeight, list.Chains[0].Trouble)
		}
		accounts = nil
		for _, a := range list.Chains[0].Accounts {
			accounts = append(accounts, common.HexToAddress(a.Address))
		}
		return nil
	})
	return accounts, err
}

// AddAsset makes a token known to the node; the zero one is the chain's coin.
func (n *Node) AddAsset(ctx context.Context, chain string, adjudicator, token common.Address) (*nwnrpc.Asset, error) {
	req := &nwnrpc.AddAssetRequest{Chain: chain, Adjudicator: adjudicator.Hex()}
	if token != (common.Address{}) {
		req.Token = token.Hex()
	}
	a, err := n.Assets().AddAsset(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("daemon: %s adds token %v: %w", n.Name, token, err)
	}
	return a, nil
}

// OpenToken opens a channel to a connected peer, with units of an asset, and tells its id once its deposit was
// sent.
func (n *Node) OpenToken(ctx context.Context, peer *Node, symbol string, units uint64) (string, error) {
	return n.OpenTokenPush(ctx, peer, symbol, units, 0)
}

// OpenTokenPush is OpenToken with units that are the peer's from the start.
func (n *Node) OpenTokenPush(ctx context.Context, peer *Node, symbol string, units, push uint64) (string, error) {
	stream, err := n.TokenChannels().OpenTokenChannel(ctx, &nwnrpc.OpenTokenChannelRequest{
		NodePubkey: peer.KeyBytes(), Symbol: symbol, CapacityUnits: units, PushUnits: push,
	})
	if err == nil {
		var update *nwnrpc.TokenOpenUpdate
		if update, err = stream.Recv(); err == nil {
			return update.ChannelId, nil
		}
	}
	return "", fmt.Errorf("daemon: %s opens a channel of %d %s to %s: %w", n.Name, units, symbol, peer.Name, err)
}

// CloseToken begins to close a channel, alone or with the peer, and returns the transaction's hash once it is sent.
func (n *Node) CloseToken(ctx context.Context, channel string, force bool) (string, error) {
	stream, err := n.TokenChannels().CloseTokenChannel(ctx, &nwnrpc.CloseTokenChannelRequest{Channel: channel, Force: force})
	if err == nil {
		var update *nwnrpc.TokenCloseUpdate
		if update, err = stream.Recv(); err == nil {
			return update.TxHash, nil
		}
	}
	return "", fmt.Errorf("daemon: %s closes %s: %w", n.Name, channel, err)
}

// TokenChannel is the node's own view of a channel, also of one that has ended.
func (n *Node) TokenChannel(ctx context.Context, id string) (*nwnrpc.TokenChannel, error) {
	list, err := n.TokenChannels().ListTokenChannels(ctx, &nwnrpc.ListTokenChannelsRequest{IncludeClosed: true})
	if err != nil {
		return nil, err
	}
	for _, c := range list.TokenChannels {
		if c.ChannelId == id {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%w: %s lists %d, not %s", ErrNoChannel, n.Name, len(list.TokenChannels), id)
}

// TokenBalance is what the node has of an asset.
func (n *Node) TokenBalance(ctx context.Context, symbol string) (*nwnrpc.AssetBalance, error) {
	list, err := n.Assets().AssetBalances(ctx, &nwnrpc.AssetBalancesRequest{Symbol: symbol})
	if err != nil {
		return nil, fmt.Errorf("daemon: %s: balance of %s: %w", n.Name, symbol, err)
	}
	if len(list.Assets) != 1 {
		return nil, fmt.Errorf("daemon: %s has %d assets called %s", n.Name, len(list.Assets), symbol)
	}
	return list.Assets[0], nil
}

// TokenInvoice asks for thousandths of an asset's unit.
func (n *Node) TokenInvoice(ctx context.Context, symbol string, milli uint64) (*nwnrpc.TokenInvoice, error) {
	inv, err := n.TokenPayments().AddTokenInvoice(ctx, &nwnrpc.AddTokenInvoiceRequest{Symbol: symbol, ValueMilli: milli})
	if err != nil {
		return nil, fmt.Errorf("daemon: %s: invoice in %s: %w", n.Name, symbol, err)
	}
	return inv, nil
}

// PayToken pays an invoice in an asset; anything but success is an error.
func (n *Node) PayToken(ctx context.Context, request string, feeLimitMilli uint64) (*nwnrpc.TokenPayment, error) {
	stream, err := n.TokenPayments().PayToken(ctx, &nwnrpc.PayTokenRequest{
		PaymentRequest: request, FeeLimitMilli: feeLimitMilli, TimeoutSeconds: 60, NoInflightUpdates: true,
	})
	for err == nil {
		var p *nwnrpc.TokenPayment
		if p, err = stream.Recv(); err != nil {
			break
		}
		switch p.Status {
		case lnrpc.Payment_SUCCEEDED:
			return p, nil
		case lnrpc.Payment_FAILED:
			err = fmt.Errorf("it failed: %v", p.FailureReason)
		}
	}
	return nil, fmt.Errorf("daemon: %s pays in an asset: %w", n.Name, err)
}
