package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Where the contract and the faults of it are.
const (
	contractRoot = "adjudicator/evm/contracts"
	contractDir  = contractRoot + "/mutants"
)

// contract compiles the adjudicator with a fault, and runs the tests that the fault's file names on that
// bytecode: each must fail.
func contract(ctx context.Context, root string, m *mutant) (string, error) {
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	compiled, err := compile(ctx, dir, root, m)
	if err != nil {
		return "", err
	}
	var by []string
	for _, test := range m.tests {
		cmd := exec.CommandContext(ctx, "go", "test", "-vet=off", "-count=1", "-failfast", "-timeout=15m", "-run", "^"+test.name, test.pkg)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "NWND_ADJUDICATOR="+compiled)
		out, err := cmd.CombinedOutput()
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case err == nil:
			return "", fmt.Errorf("%w: %s passes", errSurvived, test.name)
		}
		name, err := verdict(string(out))
		if err != nil {
			return "", err
		}
		by = append(by, name)
	}
	if len(by) == 0 {
		return "", errors.New("mutants: a fault of the contract names its tests")
	}
	return strings.Join(by, ", "), nil
}

// compile copies the contract's sources into a directory, with the fault, and gives the file of its bytecode.
func compile(ctx context.Context, dir, root string, m *mutant) (string, error) {
	faulty, err := m.apply(root)
	if err != nil {
		return "", err
	}
	from, to := filepath.Join(root, contractRoot), filepath.Join(dir, "contracts")
	for _, part := range []string{"src", "test", "compile.mjs", "bindings.txt"} {
		if err := copyTree(filepath.Join(from, part), filepath.Join(to, part)); err != nil {
			return "", err
		}
	}
	for name, b := range faulty {
		rel, err := filepath.Rel(contractRoot, name)
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(to, rel), b, 0o600); err != nil {
			return "", err
		}
	}
	if err := os.Symlink(filepath.Join(from, "node_modules"), filepath.Join(to, "node_modules")); err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "node", filepath.Join(to, "compile.mjs"), dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %w (make contracts installs the compiler)\n%s", errBuild, err, out)
	}
	return filepath.Join(dir, "Adjudicator.bin"), nil
}

// copyTree copies a file, or all of a directory.
func copyTree(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return os.CopyFS(to, os.DirFS(from))
	}
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o600)
}
