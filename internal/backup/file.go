package backup

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// FileName is what lnd calls the file.
const FileName = "channel.backup"

// tempName is that of the file before it is whole, beside it.
const tempName = "temp-dont-use.backup"

// File is the packed Multi at Path.
type File struct {
	Path string
	Key  Key
}

// Read unpacks the file; none is an empty Multi.
func (f File) Read() (Multi, error) {
	file, err := os.Open(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	defer file.Close()
	packed, err := io.ReadAll(io.LimitReader(file, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	m, err := f.Key.UnpackMulti(packed)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	return m, nil
}

// Exists reports whether the file is there.
func (f File) Exists() bool {
	_, err := os.Stat(f.Path)
	return err == nil
}

// Write puts a Multi in place of what the file holds: at any moment, and after a crash at any,
// there is the old one or the new one, whole and on the disk.
func (f File) Write(m Multi) error {
	packed, err := f.Key.PackMulti(m)
	if err != nil {
		return err
	}
	dir := filepath.Dir(f.Path)
	temp := filepath.Join(dir, tempName)
	if err := writeSynced(temp, packed); err != nil {
		return fmt.Errorf("backup: %w", errors.Join(err, removed(temp)))
	}
	if err := os.Rename(temp, f.Path); err != nil {
		return fmt.Errorf("backup: %w", errors.Join(err, removed(temp)))
	}
	return syncDir(dir)
}

func removed(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// writeSynced makes a file that only its owner can read, and its bytes durable.
func writeSynced(path string, b []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(b)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// syncDir makes a rename durable.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}
