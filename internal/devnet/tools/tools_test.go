package tools

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestNamedProgramsAreTaken(t *testing.T) {
	for name, find := range map[string]func(context.Context) (string, error){
		"NWND_LND": Builder{}.Lnd, "NWND_BTCD": Builder{}.Btcd, "NWND_BIN": Builder{}.Nwnd,
		"NWND_LNCLI": Builder{}.Lncli,
	} {
		t.Setenv(name, "/opt/"+name)
		if got, err := find(t.Context()); err != nil || got != "/opt/"+name {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestLndIsBuiltOnce(t *testing.T) {
	t.Setenv("NWND_LND", "")
	cache := t.TempDir()
	have := filepath.Join(cache, "lnd-"+LndVersion, "lnd")
	if err := os.MkdirAll(filepath.Dir(have), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{have, filepath.Join(filepath.Dir(have), "lncli")} {
		if err := os.WriteFile(file, nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := (Builder{Cache: cache}).Lnd(t.Context()); err != nil || got != have {
		t.Fatalf("%q, %v", got, err)
	}
}

// TestAnLndWithoutItsClientIsBuiltAgain, as older builds have none.
func TestAnLndWithoutItsClientIsBuiltAgain(t *testing.T) {
	t.Setenv("NWND_LND", "")
	cache := t.TempDir()
	have := filepath.Join(cache, "lnd-"+LndVersion, "lnd")
	if err := os.MkdirAll(filepath.Dir(have), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(have, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // the attempt is enough
	if got, err := (Builder{Cache: cache}).Lnd(ctx); !errors.Is(err, ErrGo) {
		t.Fatalf("%q, %v", got, err)
	}
}

func TestAFailedBuildLeavesNothing(t *testing.T) {
	t.Setenv("NWND_LND", "")
	cache := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Builder{Cache: cache}).Lnd(ctx); !errors.Is(err, ErrGo) {
		t.Fatalf("err %v", err)
	}
	left, err := os.ReadDir(filepath.Join(cache, "lnd-"+LndVersion))
	if err != nil || len(left) != 0 {
		t.Fatalf("%v, %v", left, err)
	}
}

func TestLncliIsTheOneBesideLnd(t *testing.T) {
	t.Setenv("NWND_LNCLI", "")
	lnd := filepath.Join(t.TempDir(), "lnd")
	t.Setenv("NWND_LND", lnd)
	if got, err := (Builder{}).Lncli(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("without the file: %q, %v", got, err)
	}
	want := filepath.Join(filepath.Dir(lnd), "lncli")
	if err := os.WriteFile(want, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	if got, err := (Builder{}).Lncli(t.Context()); err != nil || got != want {
		t.Fatalf("%q, %v", got, err)
	}
}
