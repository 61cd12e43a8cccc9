package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/invoicesrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
	"github.com/nichework/nwnd/lnrpc/verrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

// client is the API of a running node.
type client struct {
	lnrpc.LightningClient
	router   routerrpc.RouterClient
	invoices invoicesrpc.InvoicesClient
	state    lnrpc.StateClient
	version  verrpc.VersionerClient
	wallet   walletrpc.WalletKitClient
	node     nwnrpc.NodeClient
	assets   nwnrpc.AssetsClient
	tokens   nwnrpc.TokenChannelsClient
	tokenPay nwnrpc.TokenPaymentsClient
	forwards nwnrpc.AssetForwardingClient
	points   nwnrpc.PointsClient
	meter    nwnrpc.MeterClient

	names map[string]string // of nodes, by key
}

// with runs a command with a connection and a limit on its time.
func (a *app) with(do func(context.Context, *client, []string) error) func(*cobra.Command, []string) error {
	return a.wait(func(ctx context.Context, c *client, args []string) error {
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		return do(ctx, c, args)
	})
}

// wait is with for commands that wait as long as it takes.
func (a *app) wait(do func(context.Context, *client, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		a.asked = true
		conn, err := a.dial()
		if err != nil {
			return err
		}
		defer conn.Close()
		return do(cmd.Context(), &client{
			LightningClient: lnrpc.NewLightningClient(conn),
			router:          routerrpc.NewRouterClient(conn),
			invoices:        invoicesrpc.NewInvoicesClient(conn),
			state:           lnrpc.NewStateClient(conn),
			version:         verrpc.NewVersionerClient(conn),
			wallet:          walletrpc.NewWalletKitClient(conn),
			node:            nwnrpc.NewNodeClient(conn),
			assets:          nwnrpc.NewAssetsClient(conn),
			tokens:          nwnrpc.NewTokenChannelsClient(conn),
			tokenPay:        nwnrpc.NewTokenPaymentsClient(conn),
			forwards:        nwnrpc.NewAssetForwardingClient(conn),
			points:          nwnrpc.NewPointsClient(conn),
			meter:           nwnrpc.NewMeterClient(conn),
		}, args)
	}
}
