package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// What lnd is built from and with: the tags that its releases have and a client
// needs to make hold invoices.
const (
	lndModule  = "github.com/lightningnetwork/lnd"
	LndVersion = "v0.21.1-beta"
	lndTags    = "signrpc walletrpc chainrpc invoicesrpc"
)

// ErrGo wraps a failure of the go command.
var ErrGo = errors.New("tools: the go command failed")

// Builder finds or builds programs. Its zero value caches in the user's cache directory
// and says nothing.
type Builder struct {
	Cache    string    // where built programs are kept; empty: <user cache>/nwnd
	Progress io.Writer // told before something slow begins; nil: silent
}

func (b Builder) dir() (string, error) {
	if b.Cache != "" {
		return filepath.Abs(b.Cache)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("tools: %w", err)
	}
	return filepath.Join(cache, "nwnd"), nil
}

func (b Builder) say(format string, args ...any) {
	if b.Progress != nil {
		fmt.Fprintf(b.Progress, format+"\n", args...)
	}
}

// Lnd gives the path of lnd: $NWND_LND if set, else one built here, once.
func (b Builder) Lnd(ctx context.Context) (string, error) {
	if path := os.Getenv("NWND_LND"); path != "" {
		return path, nil
	}
	cache, err := b.dir()
	if err != nil {
		return "", err
	}
	home := filepath.Join(cache, "lnd-"+LndVersion)
	bin := filepath.Join(home, "lnd")
	_, noLnd := os.Stat(bin)
	if _, err := os.Stat(filepath.Join(home, "lncli")); err == nil && noLnd == nil {
		return bin, nil // with its client, which older builds of ours lack
	}
	b.say("building lnd %s (minutes, once) into %s", LndVersion, home)
	return bin, buildLnd(ctx, home)
}

// Lncli gives the path of lnd's client: $NWND_LNCLI if set, else the one that was built with lnd.
func (b Builder) Lncli(ctx context.Context) (string, error) {
	if path := os.Getenv("NWND_LNCLI"); path != "" {
		return path, nil
	}
	lnd, err := b.Lnd(ctx)
	if err != nil {
		return "", err
	}
	bin := filepath.Join(filepath.Dir(lnd), "lncli")
	if _, err := os.Stat(bin); err != nil {
		return "", fmt.Errorf("tools: lncli beside %s: %w; name it in $NWND_LNCLI", lnd, err)
	}
	return bin, nil
}

// buildLnd copies lnd's sources out of the read-only module cache and builds them as
// the main module, since lnd's own replace directives count only there.
func buildLnd(ctx context.Context, home string) error {
	if err := os.MkdirAll(home, 0o755); err != nil {
		return fmt.Errorf("tools: %w", err)
	}
	work, err := os.MkdirTemp(home, "build-")
	if err != nil {
		return fmt.Errorf("tools: %w", err)
	}
	defer os.RemoveAll(work)
	out, err := goCommand(ctx, work, "mod", "download", "-json", lndModule+"@"+LndVersion)
	if err != nil {
		return err
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		return fmt.Errorf("tools: go mod download: %w", err)
	}
	src := filepath.Join(work, "src")
	if err := os.CopyFS(src, os.DirFS(module.Dir)); err != nil {
		return fmt.Errorf("tools: copy lnd: %w", err)
	}
	if _, err := goCommand(ctx, src, "build", "-tags", lndTags, "-o", work, "./cmd/lnd", "./cmd/lncli"); err != nil {
		return err
	}
	// lnd goes last: whoever finds it finds a whole build.
	return errors.Join(
		os.Rename(filepath.Join(work, "lncli"), filepath.Join(home, "lncli")),
		os.Rename(filepath.Join(work, "lnd"), filepath.Join(home, "lnd")),
	)
}

// Btcd gives the path of btcd: $NWND_BTCD if set, else the one that the go command
// builds from this module's tool line.
func (b Builder) Btcd(ctx context.Context) (string, error) {
	if path := os.Getenv("NWND_BTCD"); path != "" {
		return path, nil
	}
	out, err := goCommand(ctx, "", "tool", "-n", "github.com/btcsuite/btcd")
	return strings.TrimSpace(string(out)), err
}

// Nwnd gives the path of nwnd: $NWND_BIN if set, else one built from this module as
// it is now.
func (b Builder) Nwnd(ctx context.Context) (string, error) {
	if path := os.Getenv("NWND_BIN"); path != "" {
		return path, nil
	}
	cache, err := b.dir()
	if err != nil {
		return "", err
	}
	bin := filepath.Join(cache, "nwnd")
	_, err = goCommand(ctx, "", "build", "-o", bin, "github.com/nichework/nwnd/cmd/nwnd")
	return bin, err
}

func goCommand(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%w: go %s: %w\n%s", ErrGo, strings.Join(args, " "), err, stderr.Bytes())
	}
	return stdout.Bytes(), nil
}
