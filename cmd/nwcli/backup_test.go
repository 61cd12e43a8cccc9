package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/lnrpc"
)

// fakeBackups is what a fake answers about backups, and what it was given.
type fakeBackups struct {
	points   []string // of channels in the backup
	restored []byte
}

func (f *fake) ExportAllChannelBackups(context.Context, *lnrpc.ChanBackupExportRequest) (*lnrpc.ChanBackupSnapshot, error) {
	return &lnrpc.ChanBackupSnapshot{MultiChanBackup: &lnrpc.MultiChanBackup{
		ChanPoints: make([]*lnrpc.ChannelPoint, len(f.points)), MultiChanBackup: []byte("packed"),
	}}, nil
}

func (f *fake) VerifyChanBackup(context.Context, *lnrpc.ChanBackupSnapshot) (*lnrpc.VerifyChanBackupResponse, error) {
	return &lnrpc.VerifyChanBackupResponse{ChanPoints: f.points}, nil
}

func (f *fake) RestoreChannelBackups(_ context.Context, in *lnrpc.RestoreChanBackupRequest) (*lnrpc.RestoreBackupResponse, error) {
	f.restored = in.GetMultiChanBackup()
	return &lnrpc.RestoreBackupResponse{NumRestored: uint32(len(f.points))}, nil
}

func TestBackupIsWrittenCheckedAndRestored(t *testing.T) {
	b := start(t)
	b.points = []string{"aa:0", "bb:1"}
	file := filepath.Join(t.TempDir(), "channels.backup")
	code, out, errs := b.run(t, "", "backup", "export", file)
	require.Zero(t, code, errs)
	require.Equal(t, "backed up  2 channels\n", out)
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "packed", string(got))
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	code, _, errs = b.run(t, "", "backup", "export", file)
	require.Equal(t, 1, code, "a backup must not be overwritten")
	require.Contains(t, errs, "exists")

	code, out, errs = b.run(t, "", "backup", "verify", file)
	require.Zero(t, code, errs)
	require.Equal(t, []string{"good", "2", "channels", "aa:0", "bb:1"}, strings.Fields(out))

	code, _, errs = b.run(t, "", "backup", "restore", file)
	require.Equal(t, 2, code, "nobody was asked")
	require.Contains(t, errs, "--yes")
	require.Nil(t, b.restored)
	code, out, errs = b.run(t, "", "backup", "restore", "--yes", file)
	require.Zero(t, code, errs)
	require.Contains(t, out, "2 channels")
	require.Equal(t, "packed", string(b.restored))
}

func TestWhatIsNoBackupIsNotSent(t *testing.T) {
	b := start(t)
	for name, text := range map[string]string{"empty": "", "long": strings.Repeat("x", maxBackup+1)} {
		code, _, errs := b.run(t, "", "backup", "restore", "--yes", b.write(t, name, text))
		require.Equal(t, 2, code, name)
		require.NotEmpty(t, errs)
	}
	code, _, _ := b.run(t, "", "backup", "verify", filepath.Join(t.TempDir(), "none"))
	require.Equal(t, 1, code)
	require.Nil(t, b.restored)
}

// A wallet that is restored can bring its channels with it.
func TestCreateTakesABackup(t *testing.T) {
	b := start(t)
	words, pw := strings.Repeat("abandon ", 24)+"\n", b.write(t, "pw", "correct horse\n")
	file := b.write(t, "channels.backup", "packed")
	code, _, errs := b.run(t, words, "create", "--restore", "--password-file="+pw, "--backup="+file)
	require.Zero(t, code, errs)
	require.Equal(t, "packed", string(b.made.ChannelBackups.MultiChanBackup.MultiChanBackup))
	code, _, errs = b.run(t, "", "create", "--password-file="+pw, "--backup="+file)
	require.Equal(t, 2, code)
	require.Contains(t, errs, "--restore")
}
