package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func (a *app) backupExportTokens() *cobra.Command {
	return &cobra.Command{
		Use:     "export-tokens <file>",
		Short:   "Write the backup of all channels in assets to a file, which must not exist",
		Long:    "Write the backup of all channels in assets to a file, which must not exist.\nnwnd keeps one in its directory, token.backup.",
		Example: "  nwcli backup export-tokens token.backup",
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			r, err := c.tokens.ExportTokenBackup(ctx, &nwnrpc.ExportTokenBackupRequest{})
			if err != nil {
				return err
			}
			if err := writeNew(args[0], r.Packed); err != nil {
				return err
			}
			return a.show(r, func(t *table) { t.row("backed up", fmt.Sprintf("%d bytes", len(r.Packed))) })
		}),
	}
}

func (a *app) backupRestoreTokens() *cobra.Command {
	return &cobra.Command{
		Use:   "restore-tokens <file>",
		Short: "Bring back the channels in assets that this node has lost",
		Long: "Bring back the channels in assets of a backup that this node has lost. Each is closed: its peer is asked\n" +
			"to, and what is ours comes to the account. Their chains must be configured (evm.chain).",
		Example: "  nwcli backup restore-tokens token.backup",
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			packed, err := readPacked(args[0])
			if err != nil {
				return err
			}
			if err := a.ask(ctx, "Restore the channels in assets that are missing? Their peers will close them."); err != nil {
				return err
			}
			r, err := c.tokens.RestoreTokenBackup(ctx, &nwnrpc.TokenBackup{Packed: packed})
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) { t.row("restored", plural(int(r.NumRestored), "channel")) })
		}),
	}
}

// readPacked reads a backup that only the daemon can open.
func readPacked(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	packed, err := io.ReadAll(io.LimitReader(f, maxBackup+1))
	switch {
	case err != nil:
		return nil, err
	case len(packed) == 0 || len(packed) > maxBackup:
		return nil, fmt.Errorf("%s has %d bytes or more: a backup has 1 to %d", file, len(packed), maxBackup)
	}
	return packed, nil
}
