package proc

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// shell starts a script under sh; its log lies in the test's directory.
func shell(t *testing.T, script string) (*Process, string) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	p, err := Start(Spec{Name: "script", Path: "/bin/sh", Args: []string{"-c", script}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Kill() })
	return p, log
}

func TestStopLetsTheProcessEndByItself(t *testing.T) {
	p, log := shell(t, `trap 'echo bye; exit 0' INT; echo up; while :; do sleep 0.01; done`)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := p.Await(ctx, "up", func(context.Context) error {
		if strings.Contains(Tail(log, 5), "up") {
			return nil
		}
		return errors.New("not up")
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if got := Tail(log, 1); got != "bye" {
		t.Fatalf("last line %q", got)
	}
}

func TestStopKillsWhatDoesNotStop(t *testing.T) {
	p, _ := shell(t, `trap '' INT; while :; do sleep 0.01; done`)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Stop(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("err %v, want a word that it was killed", err)
	}
	<-p.Done()
}

func TestAwaitReportsTheLogOfAProcessThatDied(t *testing.T) {
	p, _ := shell(t, `echo cannot bind; exit 3`)
	err := p.Await(t.Context(), "ready", func(context.Context) error { return errors.New("no answer") })
	if !errors.Is(err, ErrEnded) || !strings.Contains(err.Error(), "cannot bind") {
		t.Fatalf("err %v", err)
	}
}

func TestAwaitEndsWithItsContextAndSaysWhy(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := Await(ctx, "spring", func(context.Context) error { return errors.New("still winter") })
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "spring") ||
		!strings.Contains(err.Error(), "still winter") {
		t.Fatalf("err %v", err)
	}
}

func TestTailIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, []byte(strings.Repeat("x\n", tailBytes)+"last\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := Tail(path, 2); got != "x\nlast" {
		t.Fatalf("%q", got)
	}
}

func TestFreePortsAreDistinct(t *testing.T) {
	ports, err := FreePorts(50)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for _, p := range ports {
		if seen[p] || p < firstPort || p > lastPort {
			t.Fatalf("port %d in %v", p, ports)
		}
		seen[p] = true
	}
}
