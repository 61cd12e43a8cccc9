package main

import (
	"bytes"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/config"
)

func TestLogTurnsToANewFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logs", "x.log")
	r, err := openRotating(path, 10, 2)
	require.NoError(t, err)
	for _, s := range []string{"aaaaaa\n", "bbbbbb\n", "cc\n", "dddddd\n", "eeeeee\n"} {
		_, err := r.Write([]byte(s))
		require.NoError(t, err)
	}
	require.NoError(t, r.Close())
	require.NoError(t, r.Close())
	_, err = r.Write([]byte("late"))
	require.ErrorIs(t, err, fs.ErrClosed)
	for name, want := range map[string]string{"x.log": "eeeeee\n", "x.log.1": "dddddd\n", "x.log.2": "bbbbbb\ncc\n"} {
		got, err := os.ReadFile(filepath.Join(filepath.Dir(path), name))
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 3, "the oldest is removed")

	r, err = openRotating(path, 10, 0)
	require.NoError(t, err)
	for range 5 {
		_, err := r.Write([]byte("ffffff\n"))
		require.NoError(t, err)
	}
	require.NoError(t, r.Close())
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "ffffff\n", string(got), "none is kept")
}

func TestSubsystemsHaveTheirLevels(t *testing.T) {
	levels, err := config.ParseLevels("warn,PEER=debug")
	require.NoError(t, err)
	cfg := &config.Config{Levels: levels}
	cfg.LogDir, cfg.MaxLogFileSize = t.TempDir(), 1
	var out bytes.Buffer
	l, err := newLogs(cfg, &out)
	require.NoError(t, err)
	l.For("NODE").Info("quiet")
	l.For("PEER").Debug("loud", slog.Int("n", 1))
	require.NoError(t, l.Close())
	require.NotContains(t, out.String(), "quiet")
	require.Contains(t, out.String(), "msg=loud in=PEER n=1")
	file, err := os.ReadFile(cfg.LogFile())
	require.NoError(t, err)
	require.Equal(t, out.String(), string(file))
}

// A part of the node logs as a subsystem, as loud as NODE unless it is named itself.
func TestPartsOfTheNodeAreSubsystems(t *testing.T) {
	levels, err := config.ParseLevels("warn,NODE=info,DISC=error")
	require.NoError(t, err)
	cfg := &config.Config{Levels: levels}
	cfg.LogDir, cfg.MaxLogFileSize = t.TempDir(), 1
	var out bytes.Buffer
	l, err := newLogs(cfg, &out)
	require.NoError(t, err)
	defer l.Close()
	node := l.For("NODE")
	gossip, peer := node.With("part", "gossip", "n", 1), node.With("part", "peer").With("addr", "x")
	gossip.Warn("quiet")
	peer.Info("loud")
	node.With("part", "other").Info("as before")
	require.NotContains(t, out.String(), "quiet")
	require.Contains(t, out.String(), "msg=loud in=PEER addr=x\n")
	require.Contains(t, out.String(), `msg="as before" in=NODE part=other`)
	require.NoError(t, l.SetLevels("DISC=debug"))
	gossip.WithGroup("g").Debug("now", "k", 2)
	require.Contains(t, out.String(), "msg=now in=DISC n=1 g.k=2\n")
	require.NoError(t, l.SetLevels("NODE=error"))
	require.False(t, gossip.Enabled(t.Context(), slog.LevelWarn))
	require.False(t, l.For("RPCS").Enabled(t.Context(), slog.LevelInfo), "others stay as they were")
}

func TestLevelsChangeWhileItLogs(t *testing.T) {
	levels, err := config.ParseLevels("warn,PEER=debug")
	require.NoError(t, err)
	cfg := &config.Config{Levels: levels}
	cfg.LogDir, cfg.MaxLogFileSize = t.TempDir(), 1
	l, err := newLogs(cfg, &bytes.Buffer{})
	require.NoError(t, err)
	defer l.Close()
	node, peer := l.For("NODE"), l.For("PEER")
	require.Equal(t, subsystems(), l.Subsystems())
	for _, c := range []struct {
		spec       string
		node, peer slog.Level
	}{
		{"NODE=info", slog.LevelInfo, slog.LevelInfo}, // its parts too
		{"PEER=debug", slog.LevelInfo, slog.LevelDebug},
		{"error", slog.LevelError, slog.LevelError},
		{"info,node=debug,peer=info", slog.LevelDebug, slog.LevelInfo},
	} {
		require.NoError(t, l.SetLevels(c.spec))
		for log, want := range map[*slog.Logger]slog.Level{node: c.node, peer: c.peer} {
			require.True(t, log.Enabled(t.Context(), want), c.spec)
			require.False(t, log.Enabled(t.Context(), want-1), c.spec)
		}
	}
	require.ErrorContains(t, l.SetLevels("debug,NONE=info"), "no subsystem NONE")
	require.Error(t, l.SetLevels("loud"))
	require.True(t, peer.Enabled(t.Context(), slog.LevelInfo), "what is refused changes nothing")
	require.False(t, peer.Enabled(t.Context(), slog.LevelDebug))
}
