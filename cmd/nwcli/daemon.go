package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/verrpc"
)

func (a *app) versions() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Show the versions of nwcli and nwnd",
		Example: "  nwcli version",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			own := "(unknown)"
			if b, ok := debug.ReadBuildInfo(); ok {
				own = b.Main.Version
			}
			v, err := c.version.GetVersion(ctx, &verrpc.VersionRequest{})
			if err != nil {
				return err
			}
			info, err := c.GetInfo(ctx, &lnrpc.GetInfoRequest{})
			if err != nil {
				return err
			}
			if a.json {
				return a.showAll("nwcli", own, "nwnd", v)
			}
			return a.show(nil, func(t *table) {
				t.row("nwcli", own)
				t.row("nwnd", info.Version)
				t.row("built by", v.GoVersion)
				t.row("speaks the API of lnd", v.Version)
			})
		}),
	}
}

func (a *app) debugLevel() *cobra.Command {
	return &cobra.Command{
		Use:   "debuglevel [levels]",
		Short: "Change what is logged, or list the subsystems",
		Long: "Change what is logged until nwnd stops: trace, debug, info, warn, error or off, of all or of\n" +
			"a subsystem. Without levels, list the subsystems.",
		Example: "  nwcli debuglevel info,NODE=debug",
		Args:    cobra.MaximumNArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			req := &lnrpc.DebugLevelRequest{Show: len(args) == 0}
			if len(args) == 1 {
				req.LevelSpec = args[0]
			}
			r, err := c.DebugLevel(ctx, req)
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) {
				if req.Show {
					t.row("subsystems", strings.Trim(r.SubSystems, "[]"))
				} else {
					t.row("now logged", args[0])
				}
			})
		}),
	}
}

// bakeMacaroon makes a macaroon for a program that should not be able to do everything.
func (a *app) bakeMacaroon() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "bakemacaroon <entity:action>...",
		Short: "Make a macaroon that permits some calls",
		Long: "Make a macaroon that permits what is named: an entity (address, info, invoices, macaroon, message,\n" +
			"offchain, onchain, peers, signer) and an action (read, write, generate), or uri and one call.",
		Example: "  nwcli bakemacaroon info:read offchain:read --save-to=watch.macaroon\n" +
			"  nwcli bakemacaroon uri:/lnrpc.Lightning/GetInfo",
		Args: cobra.MinimumNArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			req := &lnrpc.BakeMacaroonRequest{}
			for _, arg := range args {
				entity, action, ok := strings.Cut(arg, ":")
				if !ok || entity == "" || action == "" {
					return usage("%q is no permission: entity:action, as in info:read", arg)
				}
				req.Permissions = append(req.Permissions, &lnrpc.MacaroonPermission{Entity: entity, Action: action})
			}
			r, err := c.BakeMacaroon(ctx, req)
			if err != nil {
				return err
			}
			if file == "" {
				return a.show(r, func(t *table) { t.row(r.Macaroon) })
			}
			if err := saveSecret(file, r.Macaroon); err != nil {
				return err
			}
			a.note("Written to %s; nwcli --macaroonpath=%s uses it.", file, file)
			return nil
		}),
	}
	c.Flags().StringVar(&file, "save-to", "", "write it to this `file`, which must not exist")
	return c
}

// saveSecret writes what is given in hex to a new file that only its owner may read.
func saveSecret(file, text string) error {
	b, err := hex.DecodeString(text)
	if err != nil {
		return fmt.Errorf("macaroon: %w", err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("macaroon: %w", err)
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}
