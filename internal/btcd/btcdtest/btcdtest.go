// Package btcdtest gives tests a btcd that was built from the pinned module.
package btcdtest

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/nichework/nwnd/internal/btcd"
)

// Binary gives the path of btcd: $NWND_BTCD if set, else the one that the go command builds of
// this module's tool line and keeps in its cache.
func Binary(t testing.TB) string {
	t.Helper()
	if path := os.Getenv("NWND_BTCD"); path != "" {
		return path
	}
	out, err := exec.CommandContext(t.Context(), "go", "tool", "-n", "github.com/btcsuite/btcd").Output()
	if err != nil {
		t.Fatalf("btcdtest: go tool -n github.com/btcsuite/btcd: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// Start runs a btcd for the duration of a test. Empty fields of cfg are filled in.
func Start(t testing.TB, cfg btcd.Config) *btcd.Node {
	t.Helper()
	if cfg.Dir == "" {
		cfg.Dir = t.TempDir()
	}
	if cfg.Binary == "" {
		cfg.Binary = Binary(t)
	}
	node, err := btcd.Start(context.WithoutCancel(t.Context()), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := node.Stop(); err != nil {
			t.Errorf("btcdtest: %v", err)
		}
	})
	return node
}
