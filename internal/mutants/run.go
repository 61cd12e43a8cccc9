package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// suites are the tests that a fault of the core meets, the quickest first; the first that
// fails ends it.
var suites = [][]string{
	{"./htlc/"},
	{"./htlc/bolt3/", "./htlc/eip712/"},
	{"./internal/sim/oracle/", "-updates", "1500"},
}

var (
	errSurvived = errors.New("survived")
	errBuild    = errors.New("doesn't build")
	errTime     = errors.New("tests ran out of time")
	failed      = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)|^\s+(Test\S+) \([0-9.]+s\)$|^panic: (.+)`)
)

// core runs the suites with a fault and names the test that failed.
func core(ctx context.Context, root string, m *mutant) (string, error) {
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	overlay, err := write(dir, root, m)
	if err != nil {
		return "", err
	}
	for _, suite := range suites {
		var pkgs, flags []string
		for i, arg := range suite {
			if strings.HasPrefix(arg, "-") {
				flags = suite[i:]
				break
			}
			pkgs = append(pkgs, arg)
		}
		args := append([]string{"test", "-overlay", overlay, "-vet=off", "-ldflags=-s -w", "-count=1", "-failfast", "-timeout=15m"}, pkgs...)
		cmd := exec.CommandContext(ctx, "go", append(args, flags...)...)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return verdict(string(out))
	}
	return "", errSurvived
}

// write puts the faulty files and the overlay that names them into a directory.
func write(dir, root string, m *mutant) (string, error) {
	faulty, err := m.apply(root)
	if err != nil {
		return "", err
	}
	replace := make(map[string]string)
	for name, b := range faulty {
		file := filepath.Join(dir, strconv.Itoa(len(replace))+filepath.Base(name))
		if err := os.WriteFile(file, b, 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(root, name)] = file
	}
	b, err := json.Marshal(map[string]map[string]string{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, b, 0o600)
}

// verdict finds the test that failed in what go test says.
func verdict(out string) (string, error) {
	if strings.Contains(out, "[build failed]") || strings.Contains(out, "[setup failed]") {
		return "", fmt.Errorf("%w:\n%s", errBuild, out)
	}
	if strings.Contains(out, "panic: test timed out") { // nobody saw the fault itself
		return "", fmt.Errorf("%w:\n%.2000s", errTime, out)
	}
	for _, groups := range failed.FindAllStringSubmatch(out, -1) {
		for _, name := range groups[1:] {
			if name != "" {
				return name, nil
			}
		}
	}
	return "", fmt.Errorf("mutants: go test failed without naming a test:\n%s", out)
}
