package rpcserver

import (
	"errors"
	"io"
	"testing"

	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

func aBackup() (node.Backup, *lnrpc.ChanBackupSnapshot) {
	other := wire.OutPoint{Hash: aPoint.Hash, Index: 9}
	v := node.Backup{Points: []wire.OutPoint{aPoint, other}, Singles: [][]byte{{1}, {2}}, Multi: []byte{3}}
	return v, &lnrpc.ChanBackupSnapshot{
		SingleChanBackups: &lnrpc.ChannelBackups{ChanBackups: []*lnrpc.ChannelBackup{
			{ChanPoint: channelPoint(aPoint), ChanBackup: []byte{1}}, {ChanPoint: channelPoint(other), ChanBackup: []byte{2}},
		}},
		MultiChanBackup: &lnrpc.MultiChanBackup{
			ChanPoints: []*lnrpc.ChannelPoint{channelPoint(aPoint), channelPoint(other)}, MultiChanBackup: []byte{3},
		},
	}
}

func TestBackupsAreExported(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	v, want := aBackup()
	w.node.backup = v
	all, err := l.ExportAllChannelBackups(ctx, &lnrpc.ChanBackupExportRequest{})
	require.NoError(t, err)
	require.True(t, proto.Equal(want, all), "want %v\ngot  %v", want, all)
	require.Empty(t, w.node.gotExport)

	one, err := l.ExportChannelBackup(ctx, &lnrpc.ExportChannelBackupRequest{ChanPoint: channelPoint(aPoint)})
	require.NoError(t, err)
	require.True(t, proto.Equal(want.SingleChanBackups.ChanBackups[0], one))
	require.Equal(t, []wire.OutPoint{aPoint}, w.node.gotExport)
	_, err = l.ExportChannelBackup(ctx, &lnrpc.ExportChannelBackupRequest{})
	require.Equal(t, codes.InvalidArgument, status.Code(err))

	s, err := l.SubscribeChannelBackups(ctx, &lnrpc.ChannelBackupSubscription{})
	require.NoError(t, err)
	next, err := s.Recv()
	require.NoError(t, err)
	require.True(t, proto.Equal(want, next))
	_, err = s.Recv()
	require.ErrorIs(t, err, io.EOF)
}

func TestBackupsAreVerifiedAndRestored(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	v, in := aBackup()
	w.node.backup, w.node.restored = v, 2
	got, err := l.VerifyChanBackup(ctx, in)
	require.NoError(t, err)
	require.Equal(t, []string{aPoint.String(), v.Points[1].String()}, got.ChanPoints)
	require.Equal(t, node.BackupSet{Multi: v.Multi, Singles: v.Singles}, w.node.gotVerify)

	n, err := l.RestoreChannelBackups(ctx, &lnrpc.RestoreChanBackupRequest{
		Backup: &lnrpc.RestoreChanBackupRequest_MultiChanBackup{MultiChanBackup: v.Multi},
	})
	require.NoError(t, err)
	require.EqualValues(t, 2, n.NumRestored)
	require.Equal(t, node.BackupSet{Multi: v.Multi}, w.node.gotRestore)
	_, err = l.RestoreChannelBackups(ctx, &lnrpc.RestoreChanBackupRequest{
		Backup: &lnrpc.RestoreChanBackupRequest_ChanBackups{ChanBackups: in.SingleChanBackups},
	})
	require.NoError(t, err)
	require.Equal(t, node.BackupSet{Singles: v.Singles}, w.node.gotRestore)

	_, err = l.VerifyChanBackup(ctx, &lnrpc.ChanBackupSnapshot{})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	_, err = l.RestoreChannelBackups(ctx, &lnrpc.RestoreChanBackupRequest{})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	in.SingleChanBackups.ChanBackups[1].ChanBackup = nil
	_, err = l.VerifyChanBackup(ctx, in)
	require.ErrorContains(t, err, "backup 1 is empty")
	w.node.restoreFail = errors.New("1 channels were restored, 1 can't be")
	_, err = l.RestoreChannelBackups(ctx, &lnrpc.RestoreChanBackupRequest{
		Backup: &lnrpc.RestoreChanBackupRequest_MultiChanBackup{MultiChanBackup: v.Multi},
	})
	require.ErrorContains(t, err, "1 channels were restored")
}

// What comes with a new or an opened wallet is restored once the node is there, once.
func TestBackupsGivenWithTheWalletAreRestored(t *testing.T) {
	_, in := aBackup()
	for name, ask := range map[string]func(w *world, u lnrpc.WalletUnlockerClient, in *lnrpc.ChanBackupSnapshot) error{
		"created": func(w *world, u lnrpc.WalletUnlockerClient, in *lnrpc.ChanBackupSnapshot) error {
			_, err := u.InitWallet(t.Context(), &lnrpc.InitWalletRequest{
				WalletPassword: []byte("correct horse"), CipherSeedMnemonic: make([]string, 24), ChannelBackups: in,
			})
			return err
		},
		"opened": func(w *world, u lnrpc.WalletUnlockerClient, in *lnrpc.ChanBackupSnapshot) error {
			_, err := u.UnlockWallet(t.Context(), &lnrpc.UnlockWalletRequest{WalletPassword: []byte("correct horse"), ChannelBackups: in})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := serve(t, name == "opened", nil)
			u := lnrpc.NewWalletUnlockerClient(w.dial(t, ""))
			bad := &lnrpc.ChanBackupSnapshot{SingleChanBackups: &lnrpc.ChannelBackups{ChanBackups: []*lnrpc.ChannelBackup{{}}}}
			require.Equal(t, codes.InvalidArgument, status.Code(ask(w, u, bad)), "before there is a wallet")
			require.NoError(t, ask(w, u, in))
			w.node.restored = 2
			n, err := w.RestoreGiven(t.Context(), w.node)
			require.NoError(t, err)
			require.Equal(t, 2, n)
			require.Equal(t, []byte{3}, w.node.gotRestore.Multi)
			n, err = w.RestoreGiven(t.Context(), w.node)
			require.NoError(t, err)
			require.Zero(t, n)
		})
	}
}
