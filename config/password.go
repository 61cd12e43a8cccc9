package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
)

// maxPasswordFile is the most bytes of a password file that are looked at.
const maxPasswordFile = 4096

// ErrExposed is why a file with a secret isn't used.
var ErrExposed = errors.New("config: a secret must not be readable by others")

// ReadPassword reads a password from a file: all of it but the newline at its end. A
// file that others may read is refused.
func ReadPassword(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("config: password file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("config: password file: %w", err)
	}
	if mode := info.Mode(); mode.IsRegular() && mode.Perm()&0o007 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("%w: %s has mode %04o; chmod 600 it", ErrExposed, path, mode.Perm())
	}
	b, err := io.ReadAll(io.LimitReader(f, maxPasswordFile+1))
	if err != nil {
		return nil, fmt.Errorf("config: password file: %w", err)
	}
	if len(b) > maxPasswordFile {
		return nil, fmt.Errorf("config: password file %s has more than %d bytes", path, maxPasswordFile)
	}
	b = bytes.TrimRight(b, "\r\n")
	if len(b) == 0 {
		return nil, fmt.Errorf("config: password file %s is empty", path)
	}
	return b, nil
}
