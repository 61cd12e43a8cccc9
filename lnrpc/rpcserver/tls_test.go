package rpcserver

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/cert"
	"github.com/stretchr/testify/require"
)

func certConfig(dir string) CertConfig {
	return CertConfig{CertPath: filepath.Join(dir, "tls.cert"), KeyPath: filepath.Join(dir, "tls.key"), Lifetime: time.Hour}
}

// files are the contents of a directory.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		all[e.Name()] = string(b)
	}
	return all
}

// Wherever a crash interrupts the making of a pair, the next start serves with the old one or the
// new one, and nothing of the other stays.
func TestACrashBetweenKeyAndCertificateLeavesAWorkingPair(t *testing.T) {
	newCert, newKey, err := cert.GenCertPair("test", nil, nil, true, time.Hour)
	require.NoError(t, err)
	want := map[string]string{"tls.cert": string(newCert), "tls.key": string(newKey)}
	for _, first := range []bool{true, false} {
		steps := len(CertConfig{}.install(nil, nil))
		for crash := range steps + 1 {
			dir := t.TempDir()
			c := certConfig(dir)
			if !first {
				_, err := LoadTLS(c)
				require.NoError(t, err)
			}
			old := files(t, dir)
			for _, step := range c.install(newCert, newKey)[:crash] {
				require.NoError(t, step())
			}
			_, err := LoadTLS(c)
			require.NoError(t, err, "first: %v, crash after %d steps", first, crash)
			got := files(t, dir)
			switch {
			case crash >= 3: // the key is in its place
				require.Equal(t, want, got)
			case first:
				require.Len(t, got, 2)
			default:
				require.Equal(t, old, got)
			}
			for name, mode := range map[string]fs.FileMode{"tls.cert": 0o644, "tls.key": 0o600} {
				info, err := os.Stat(filepath.Join(dir, name))
				require.NoError(t, err)
				require.Equal(t, mode, info.Mode().Perm(), name)
			}
		}
	}
}

// A pair that its operator put there stays, whatever a crash left before; so does one that doesn't
// match, which isn't ours to mend.
func TestAPairOfTheOperatorsIsNeverReplaced(t *testing.T) {
	theirs := t.TempDir()
	_, err := LoadTLS(certConfig(theirs))
	require.NoError(t, err)
	pair := files(t, theirs)
	other := t.TempDir()
	_, err = LoadTLS(certConfig(other))
	require.NoError(t, err)
	ours := files(t, other)

	dir := t.TempDir()
	put := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	put("tls.cert", pair["tls.cert"])
	put("tls.key", pair["tls.key"])
	put("tls.cert.new", pair["tls.cert"]+"\nof the same key\n")
	put("tls.key.new", ours["tls.key"])
	_, err = LoadTLS(certConfig(dir))
	require.NoError(t, err)
	require.Equal(t, pair, files(t, dir))

	put("tls.key", ours["tls.key"])
	wrong := files(t, dir)
	_, err = LoadTLS(certConfig(dir))
	require.ErrorContains(t, err, "private key does not match public key")
	require.Equal(t, wrong, files(t, dir))
}
