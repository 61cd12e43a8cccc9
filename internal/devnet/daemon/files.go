package daemon

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrRuns is returned where a daemon must be down.
var ErrRuns = errors.New("daemon: its files can only be touched while it is down")

// CopyData copies all that the daemon keeps, which must be down, as a careless operator's backup does.
func (n *Node) CopyData() error {
	if n.Running() {
		return fmt.Errorf("%w: %s", ErrRuns, n.Name)
	}
	if err := os.CopyFS(n.copied(), os.DirFS(n.DataDir())); err != nil {
		return fmt.Errorf("daemon: %s: copy: %w", n.Name, err)
	}
	return nil
}

// RestoreData puts what CopyData copied in the place of what the daemon, which must be down,
// keeps now: it will know nothing of what happened since.
func (n *Node) RestoreData() error {
	if n.Running() {
		return fmt.Errorf("%w: %s", ErrRuns, n.Name)
	}
	if _, err := os.Stat(n.copied()); err != nil {
		return fmt.Errorf("daemon: %s: restore: %w", n.Name, err)
	}
	newer := filepath.Join(n.Dir, "newer")
	err := os.RemoveAll(newer) // of an earlier time
	if err == nil {
		err = os.Rename(n.DataDir(), newer)
	}
	if err == nil {
		err = os.Rename(n.copied(), n.DataDir())
	}
	if err != nil {
		return fmt.Errorf("daemon: %s: restore: %w", n.Name, err)
	}
	return nil
}

// BackupFile is where the daemon keeps the backup of its channels.
func (n *Node) BackupFile() string {
	return filepath.Join(n.DataDir(), "data", "chain", "bitcoin", n.Chain.Network, "channel.backup")
}

// Wipe removes all that the daemon, which must be down, has kept. Its next start makes the
// wallet anew, of the same seed, and restores the channels of a backup.
func (n *Node) Wipe(backup []byte) error {
	if n.Running() {
		return fmt.Errorf("%w: %s", ErrRuns, n.Name)
	}
	n.backup = backup
	return errors.Join(os.RemoveAll(n.DataDir()), removeFile(n.MacaroonFile()))
}

func removeFile(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (n *Node) copied() string { return filepath.Join(n.Dir, "copy") }
