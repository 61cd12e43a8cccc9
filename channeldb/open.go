package channeldb

import (
	"errors"
	"fmt"
	"io/fs"
	"math/bits"
	"os"
	"path/filepath"
	"runtime"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// openWritable opens the file with what suits a log: freed pages are not written with each commit
// but found again at the next Open, in memory they are in a map.
func openWritable(path string, opt Options) (*bolt.DB, error) {
	mapSize := opt.tuning.mapSize
	if bits.UintSize < 64 || runtime.GOOS == "windows" { // there the file itself would be as large
		mapSize = 0
	}
	b, err := openBolt(path, &bolt.Options{
		Timeout:         opt.LockTimeout,
		NoFreelistSync:  true,
		FreelistType:    bolt.FreelistMapType,
		InitialMmapSize: mapSize,
		NoSync:          opt.Faults.NoSync,
		OpenFile:        opt.Faults.OpenFile,
	})
	if err == nil {
		b.AllocSize = opt.tuning.growBytes
	}
	return b, err
}

// openFile opens the file, which it makes if there is none, checked and in our format.
func openFile(path string, opt Options) (*bolt.DB, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := create(path, opt); err != nil {
			return nil, fmt.Errorf("channeldb: create %s: %w", path, err)
		}
	}
	// Read-only first: whatever is wrong is found before anything can be written.
	version, err := inspect(path, opt)
	if err != nil {
		return nil, fmt.Errorf("channeldb: open %s: %w", path, err)
	}
	b, err := openWritable(path, opt)
	if err != nil {
		return nil, fmt.Errorf("channeldb: open %s: %w", path, err)
	}
	if version == opt.formats.ours {
		return b, nil
	}
	// The copy is whole and durable before the one transaction that upgrades begins; so a crash
	// at any point leaves a file of the old format or of the new one, and the next Open goes on.
	err = keep(b, Kept(path, version))
	if err == nil {
		err = guard(func() error {
			return b.Update(func(tx *bolt.Tx) error { return opt.formats.upgrade(tx, version, opt.Program) })
		})
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("channeldb: open %s: %w", path, err), b.Close())
	}
	return b, nil
}

// create makes a complete empty store under another name and renames it, so that a file at path
// is never half made and an empty one there is damage, not a new node.
func create(path string, opt Options) error {
	fresh := path + ".new"
	b, err := openWritable(fresh, opt)
	if err != nil {
		return err
	}
	defer b.Close()
	// Another process may have made the store while we waited for the lock.
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err = b.Update(func(tx *bolt.Tx) error {
		if tx.Bucket(metaBucket) != nil { // left by a crash just before the rename
			return nil
		}
		return initialise(tx, opt.formats.ours, opt.Program)
	})
	if err != nil {
		return err
	}
	if runtime.GOOS == "windows" { // which renames no open file
		if err := b.Close(); err != nil {
			return err
		}
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// Kept is where the store at path lies as it was before its upgrade from a format.
func Kept(path string, version uint32) string { return fmt.Sprintf("%s.v%d.bak", path, version) }

// keep copies an open store. What is at path already is of an earlier time, and goes.
func keep(b *bolt.DB, path string) error {
	temp := path + ".new"
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("channeldb: copy before the upgrade: %w", err)
	}
	err = guard(func() error {
		return b.View(func(tx *bolt.Tx) error {
			_, err := tx.WriteTo(f)
			return err
		})
	})
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("channeldb: copy before the upgrade: %w", err), removeIfThere(temp))
	}
	return nil
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func openBolt(path string, o *bolt.Options) (b *bolt.DB, err error) {
	err = guard(func() error {
		b, err = bolt.Open(path, 0o600, o)
		return err
	})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, fmt.Errorf("%w: another nwnd uses it", ErrLocked)
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return b, err
}

// smallest is less than any store has: two pages of the smallest size.
const smallest = 8 << 10

// inspect reads the file, without the means to write it, and returns its format.
func inspect(path string, opt Options) (version uint32, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	if info.Size() < smallest {
		return 0, fmt.Errorf("%w: a file of %d bytes", ErrCorrupt, info.Size())
	}
	b, err := openBolt(path, &bolt.Options{ReadOnly: true, Timeout: opt.LockTimeout})
	if err != nil {
		return 0, err
	}
	defer b.Close()
	err = guard(func() error {
		return b.View(func(tx *bolt.Tx) error {
			if info, err = os.Stat(path); err != nil {
				return err
			}
			if tx.Size() > info.Size() {
				return fmt.Errorf("%w: cut off at %d bytes of %d", ErrCorrupt, info.Size(), tx.Size())
			}
			if err := checkPages(path, b.Info().PageSize, uint64(tx.ID())); err != nil {
				return err
			}
			version, err = readFormat(tx, opt.formats.ours)
			return err
		})
	})
	return version, err
}
