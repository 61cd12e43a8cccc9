package rpcserver

import (
	"context"

	"google.golang.org/grpc"

	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// ExportChannelBackup is of lnrpc.LightningServer.
func (l *lightning) ExportChannelBackup(ctx context.Context, in *lnrpc.ExportChannelBackupRequest) (*lnrpc.ChannelBackup, error) {
	point, err := outPoint(in.ChanPoint)
	if err != nil {
		return nil, err
	}
	v, err := l.s.node().ExportBackup(ctx, []wire.OutPoint{point})
	if err != nil {
		return nil, err
	}
	return snapshot(&v).SingleChanBackups.ChanBackups[0], nil
}

// ExportAllChannelBackups is of lnrpc.LightningServer.
func (l *lightning) ExportAllChannelBackups(ctx context.Context, _ *lnrpc.ChanBackupExportRequest) (*lnrpc.ChanBackupSnapshot, error) {
	v, err := l.s.node().ExportBackup(ctx, nil)
	if err != nil {
		return nil, err
	}
	return snapshot(&v), nil
}

// VerifyChanBackup is of lnrpc.LightningServer.
func (l *lightning) VerifyChanBackup(ctx context.Context, in *lnrpc.ChanBackupSnapshot) (*lnrpc.VerifyChanBackupResponse, error) {
	set, err := backupSet(in)
	if err != nil {
		return nil, err
	}
	points, err := l.s.node().VerifyBackup(ctx, set)
	if err != nil {
		return nil, err
	}
	out := &lnrpc.VerifyChanBackupResponse{}
	for _, p := range points {
		out.ChanPoints = append(out.ChanPoints, p.String())
	}
	return out, nil
}

// RestoreChannelBackups is of lnrpc.LightningServer.
func (l *lightning) RestoreChannelBackups(ctx context.Context, in *lnrpc.RestoreChanBackupRequest) (*lnrpc.RestoreBackupResponse, error) {
	set, err := backupSet(&lnrpc.ChanBackupSnapshot{
		SingleChanBackups: in.GetChanBackups(), MultiChanBackup: &lnrpc.MultiChanBackup{MultiChanBackup: in.GetMultiChanBackup()},
	})
	if err != nil {
		return nil, err
	}
	count, err := l.s.node().RestoreBackup(ctx, set)
	if err != nil {
		return nil, err
	}
	return &lnrpc.RestoreBackupResponse{NumRestored: uint32(count)}, nil
}

// SubscribeChannelBackups is of lnrpc.LightningServer.
func (l *lightning) SubscribeChannelBackups(_ *lnrpc.ChannelBackupSubscription,
	to grpc.ServerStreamingServer[lnrpc.ChanBackupSnapshot]) error {

	for v, err := range l.s.node().SubscribeBackups(to.Context()) {
		if err != nil {
			return err
		}
		if err := to.Send(snapshot(&v)); err != nil {
			return err
		}
	}
	return nil
}

// snapshot has both forms, as lnd's clients expect.
func snapshot(v *node.Backup) *lnrpc.ChanBackupSnapshot {
	singles, multi := &lnrpc.ChannelBackups{}, &lnrpc.MultiChanBackup{MultiChanBackup: v.Multi}
	for i, p := range v.Points {
		singles.ChanBackups = append(singles.ChanBackups, &lnrpc.ChannelBackup{ChanPoint: channelPoint(p), ChanBackup: v.Singles[i]})
		multi.ChanPoints = append(multi.ChanPoints, channelPoint(p))
	}
	return &lnrpc.ChanBackupSnapshot{SingleChanBackups: singles, MultiChanBackup: multi}
}

// backupSet takes the backups of a message, of which there must be one at least. Which channels
// they are said to be about doesn't matter: they tell themselves.
func backupSet(in *lnrpc.ChanBackupSnapshot) (set node.BackupSet, err error) {
	set.Multi = in.GetMultiChanBackup().GetMultiChanBackup()
	for i, s := range in.GetSingleChanBackups().GetChanBackups() {
		if len(s.GetChanBackup()) == 0 {
			return set, invalid("channel backup %d is empty", i)
		}
		set.Singles = append(set.Singles, s.ChanBackup)
	}
	if len(set.Multi) == 0 && len(set.Singles) == 0 {
		return set, invalid("no channel backup is given, neither chan_backups nor a multi_chan_backup")
	}
	return set, nil
}

// given are the backups that come with a wallet, for RestoreGiven; nil if there are none.
func given(in *lnrpc.ChanBackupSnapshot) (*node.BackupSet, error) {
	if len(in.GetMultiChanBackup().GetMultiChanBackup()) == 0 && len(in.GetSingleChanBackups().GetChanBackups()) == 0 {
		return nil, nil
	}
	set, err := backupSet(in)
	return &set, err
}

// RestoreGiven restores the channel backups that were given with the wallet, if any were, and tells
// how many channels that were.
func (s *Server) RestoreGiven(ctx context.Context, api node.API) (int, error) {
	set := s.backups.Swap(nil)
	if set == nil {
		return 0, nil
	}
	return api.RestoreBackup(ctx, *set)
}
