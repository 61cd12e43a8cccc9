package backup

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// TokenFileName is that of the file with the channels in tokens, which lnd's format can't hold.
const TokenFileName = "token.backup"

// Sealed is a file of bytes that only the seed can read, written as File is.
type Sealed struct {
	Path string
	Key  Key
}

// Beside is a sealed file in the same directory, of the same seed.
func (f File) Beside(name string) Sealed {
	if f.Path == "" {
		return Sealed{}
	}
	return Sealed{Path: filepath.Join(filepath.Dir(f.Path), name), Key: f.Key}
}

// Seal is what the file would hold.
func (k Key) Seal(plain []byte) ([]byte, error) { return k.seal(plain) }

// Open reads it again; ErrKey if it is another seed's, or not whole.
func (k Key) Open(packed []byte) ([]byte, error) { return k.open(packed) }

// Read gives what the file has, nil if there is none.
func (f Sealed) Read() ([]byte, error) {
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
	plain, err := f.Key.open(packed)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	return plain, nil
}

// Write replaces what it has: at any moment there is the old one or the new one, whole and on the disk.
func (f Sealed) Write(plain []byte) error {
	packed, err := f.Key.seal(plain)
	if err != nil {
		return err
	}
	temp := f.Path + ".new"
	if err := writeSynced(temp, packed); err != nil {
		return fmt.Errorf("backup: %w", errors.Join(err, removed(temp)))
	}
	if err := os.Rename(temp, f.Path); err != nil {
		return fmt.Errorf("backup: %w", errors.Join(err, removed(temp)))
	}
	return syncDir(filepath.Dir(f.Path))
}
