package node

import (
	"context"
	"iter"

	"github.com/btcsuite/btcd/wire"
)

// Backup is what brings back, with the seed, what is in channels. All of it is encrypted
// with a key that follows from the seed.
type Backup struct {
	Points  []wire.OutPoint // the channels' funding outputs
	Singles [][]byte        // each channel's own backup, in the same order
	Multi   []byte          // that of all of them
}

// BackupSet are backups of the same seed's to be read, in either form.
type BackupSet struct {
	Multi   []byte // nil: none
	Singles [][]byte
}

// BackupAPI is the part of API about backups of channels.
type BackupAPI interface {
	// ExportBackup makes the backup of the channels with these funding outputs; of all if none
	// is named.
	ExportBackup(ctx context.Context, points []wire.OutPoint) (Backup, error)
	// VerifyBackup tells which channels are in a backup; it fails if that isn't whole, or
	// another seed's.
	VerifyBackup(context.Context, BackupSet) ([]wire.OutPoint, error)
	// RestoreBackup takes over the channels of a backup that this node doesn't know, and asks
	// their peers to close them. It tells how many; with an error about others.
	RestoreBackup(context.Context, BackupSet) (int, error)
	// SubscribeBackups streams the backup of all channels whenever it changes.
	SubscribeBackups(context.Context) iter.Seq2[Backup, error]
}
