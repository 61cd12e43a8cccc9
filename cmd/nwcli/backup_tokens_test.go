package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func (f *assetFake) ExportTokenBackup(context.Context, *nwnrpc.ExportTokenBackupRequest) (*nwnrpc.TokenBackup, error) {
	return &nwnrpc.TokenBackup{Packed: []byte("packed tokens")}, nil
}

func (f *assetFake) RestoreTokenBackup(_ context.Context, in *nwnrpc.TokenBackup) (*nwnrpc.RestoreTokenBackupResponse, error) {
	return &nwnrpc.RestoreTokenBackupResponse{NumRestored: uint32(len(in.Packed))}, nil
}

func TestTokenBackupIsWrittenAndRestored(t *testing.T) {
	b, _ := startWithAssets(t)
	file := filepath.Join(t.TempDir(), "token.backup")
	code, _, errs := b.run(t, "", "backup", "export-tokens", file)
	require.Zero(t, code, errs)
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "packed tokens", string(got))
	code, _, errs = b.run(t, "", "backup", "export-tokens", file)
	require.Equal(t, 1, code, "a backup must not be overwritten")
	require.Contains(t, errs, "exists")
	code, _, errs = b.run(t, "", "backup", "restore-tokens", file)
	require.Equal(t, 2, code, "nobody was asked")
	require.Contains(t, errs, "--yes")
	code, out, errs := b.run(t, "", "backup", "restore-tokens", file, "--yes")
	require.Zero(t, code, errs)
	require.Equal(t, "restored  13 channels\n", out)
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	code, _, errs = b.run(t, "", "backup", "restore-tokens", file, "--yes")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "0 bytes")
}
