package rpcserver

import (
	"context"
	"iter"

	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/node"
)

// fakeBackups is what a fakeNode answers about backups, and what it was asked.
type fakeBackups struct {
	backup      node.Backup
	restored    int
	gotExport   []wire.OutPoint
	gotVerify   node.BackupSet
	gotRestore  node.BackupSet
	restoreFail error
}

func (f *fakeNode) ExportBackup(_ context.Context, points []wire.OutPoint) (node.Backup, error) {
	f.gotExport = points
	return f.backup, f.err
}

func (f *fakeNode) VerifyBackup(_ context.Context, set node.BackupSet) ([]wire.OutPoint, error) {
	f.gotVerify = set
	return f.backup.Points, f.err
}

func (f *fakeNode) RestoreBackup(_ context.Context, set node.BackupSet) (int, error) {
	f.gotRestore = set
	return f.restored, f.restoreFail
}

func (f *fakeNode) SubscribeBackups(context.Context) iter.Seq2[node.Backup, error] {
	return all([]node.Backup{f.backup}, f.err)
}

func (deadNode) ExportBackup(context.Context, []wire.OutPoint) (node.Backup, error) {
	return node.Backup{}, errDead
}

func (deadNode) VerifyBackup(context.Context, node.BackupSet) ([]wire.OutPoint, error) {
	return nil, errDead
}

func (deadNode) RestoreBackup(context.Context, node.BackupSet) (int, error) { return 0, errDead }

func (deadNode) SubscribeBackups(context.Context) iter.Seq2[node.Backup, error] {
	return dead[node.Backup]()
}
