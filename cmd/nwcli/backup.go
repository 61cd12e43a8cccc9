package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
)

// maxBackup is the largest backup that the daemon takes, in bytes: some 10,000 channels.
const maxBackup = 4<<20 - 4096

func (a *app) backup() *cobra.Command {
	c := &cobra.Command{
		Use:     "backup",
		Short:   "Back channels up, and bring them back",
		Example: "  nwcli backup export channels.backup",
		Long: "With the 24 words, a backup of the channels brings back what is in them when all else is lost.\n" +
			"It changes only when a channel is opened or closed. nwnd keeps one in its directory, channel.backup.",
	}
	c.AddCommand(a.backupExport(), a.backupVerify(), a.backupRestore(), a.backupExportTokens(), a.backupRestoreTokens())
	return c
}

func (a *app) backupExport() *cobra.Command {
	return &cobra.Command{
		Use:     "export <file>",
		Short:   "Write the backup of all channels to a file, which must not exist",
		Example: "  nwcli backup export channels.backup",
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			r, err := c.ExportAllChannelBackups(ctx, &lnrpc.ChanBackupExportRequest{})
			if err != nil {
				return err
			}
			if err := writeNew(args[0], r.MultiChanBackup.GetMultiChanBackup()); err != nil {
				return err
			}
			count := len(r.MultiChanBackup.GetChanPoints())
			return a.show(r, func(t *table) { t.row("backed up", plural(count, "channel")) })
		}),
	}
}

func (a *app) backupVerify() *cobra.Command {
	return &cobra.Command{
		Use:     "verify <file>",
		Short:   "Check a backup, and list the channels in it",
		Example: "  nwcli backup verify channels.backup",
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			b, err := readBackup(args[0])
			if err != nil {
				return err
			}
			r, err := c.VerifyChanBackup(ctx, b)
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) {
				t.row("good", plural(len(r.ChanPoints), "channel"))
				for _, p := range r.ChanPoints {
					t.row("", p)
				}
			})
		}),
	}
}

func (a *app) backupRestore() *cobra.Command {
	return &cobra.Command{
		Use:   "restore <file>",
		Short: "Bring back the channels of a backup that this node has lost",
		Long: "Bring back the channels of a backup that this node has lost. Each is closed: its peer is asked to,\n" +
			"and what is ours comes to the wallet. Channels that the node still has are left as they are.",
		Example: "  nwcli backup restore channels.backup",
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			b, err := readBackup(args[0])
			if err != nil {
				return err
			}
			in, err := c.VerifyChanBackup(ctx, b)
			if err != nil {
				return err
			}
			if err := a.ask(ctx, "Restore what is missing of %s? Their peers will close them.",
				plural(len(in.ChanPoints), "channel")); err != nil {
				return err
			}
			r, err := c.RestoreChannelBackups(ctx, &lnrpc.RestoreChanBackupRequest{
				Backup: &lnrpc.RestoreChanBackupRequest_MultiChanBackup{MultiChanBackup: b.MultiChanBackup.MultiChanBackup},
			})
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) {
				t.row("restored", plural(int(r.NumRestored), "channel"))
				if r.NumRestored > 0 {
					t.row("next", "stay online; nwcli pending and nwcli funds show how far their peers are")
				}
			})
		}),
	}
}

// readBackup reads the backup of all channels from a file.
func readBackup(file string) (*lnrpc.ChanBackupSnapshot, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxBackup+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("backup: %w", err)
	case len(b) == 0:
		return nil, usage("%s is empty", file)
	case len(b) > maxBackup:
		return nil, usage("%s has more than %d bytes: it is no backup of channels", file, maxBackup)
	}
	return &lnrpc.ChanBackupSnapshot{MultiChanBackup: &lnrpc.MultiChanBackup{MultiChanBackup: b}}, nil
}

// writeNew makes a file that only its owner may read, and its bytes durable.
func writeNew(file string, b []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}
