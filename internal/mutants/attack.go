package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// attackFunc is a test of an attack: TestAttack, the number of docs/security.md, the attack's name.
var attackFunc = regexp.MustCompile(`(?m)^func (TestAttack(\d\d)[A-Z]\w*)\(t \*testing\.T\)`)

// attackTests finds the tests of all attacks by their packages, "./internal/node".
func attackTests(root string) (map[string][]string, error) {
	found := make(map[string][]string)
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && path != root && strings.HasPrefix(e.Name(), "."), e.IsDir() && e.Name() == "testdata",
			e.IsDir() && e.Name() == "node_modules":
			return fs.SkipDir
		case e.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := "./" + filepath.ToSlash(rel)
		for _, match := range attackFunc.FindAllSubmatch(b, -1) {
			found[pkg] = append(found[pkg], string(match[1]))
		}
		return nil
	})
	return found, err
}

// lab runs the attacks' tests with a defence removed.
type lab struct {
	root   string
	tests  map[string][]string // by package
	narrow bool                // in the packages of the attack's own tests only

	mu   sync.Mutex
	deps map[string]map[string]bool // package: the directories that its test is built from
}

func newLab(root string, narrow bool) (*lab, error) {
	tests, err := attackTests(root)
	return &lab{root: root, tests: tests, narrow: narrow, deps: make(map[string]map[string]bool)}, err
}

// attack removes a defence and names the tests of its attack that fail then: all that the
// fault's file names must, no other attack's may.
func (l *lab) attack(ctx context.Context, m *mutant) (string, error) {
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	overlay, err := write(dir, l.root, m)
	if err != nil {
		return "", err
	}
	pkgs, err := l.affected(ctx, m)
	if err != nil {
		return "", err
	}
	bins := make(map[string]string)
	for i, pkg := range pkgs {
		bin := filepath.Join(dir, fmt.Sprint(i, ".test"))
		cmd := exec.CommandContext(ctx, "go", "test", "-c", "-ldflags=-s -w", "-overlay", overlay, "-o", bin, pkg)
		cmd.Dir = l.root
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("%w: %w:\n%s", errBuild, err, out)
		}
		bins[pkg] = bin
	}
	var by []string
	for _, test := range m.tests {
		if bins[test.pkg] == "" {
			return "", fmt.Errorf("mutants: %s is not built from what %s changes", test.pkg, m.name)
		}
		out, err := l.test(ctx, bins[test.pkg], test.pkg, "-test.failfast", "-test.run", "^"+test.name+"$")
		if err == nil {
			return "", fmt.Errorf("%w %s", errSurvived, test.name)
		}
		if _, err := verdict(out); err != nil {
			return "", err
		}
		by = append(by, test.name)
	}
	return strings.Join(by, ", "), l.others(ctx, m, bins)
}

// others runs the tests of the attacks that a defence has nothing to do with.
func (l *lab) others(ctx context.Context, m *mutant, bins map[string]string) error {
	skip := append([]string{m.number()}, m.also...)
	for pkg, bin := range bins {
		out, err := l.test(ctx, bin, pkg, "-test.run", "^TestAttack", "-test.skip", "^TestAttack("+strings.Join(skip, "|")+")")
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			name, err := verdict(out)
			if err != nil {
				return err
			}
			return fmt.Errorf("mutants: %s of %s failed, which is about another attack:\n%.3000s", name, pkg, out)
		}
	}
	return nil
}

// test runs some tests of a test binary where go test would.
func (l *lab) test(ctx context.Context, bin, pkg string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, bin, append(args, "-test.timeout=10m", "-test.count=1")...)
	cmd.Dir = filepath.Join(l.root, pkg)
	cmd.Env = append(os.Environ(), "NWND_SEED=1") // tests that try some of many cases try the same
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return string(out), err
}

// affected are the packages with tests of attacks that are built from a file which a fault changes.
func (l *lab) affected(ctx context.Context, m *mutant) ([]string, error) {
	var pkgs []string
	for pkg := range l.tests {
		if l.narrow && !slices.ContainsFunc(m.tests, func(t attackTest) bool { return t.pkg == pkg }) {
			continue
		}
		deps, err := l.builtFrom(ctx, pkg)
		if err != nil {
			return nil, err
		}
		for _, e := range m.edits {
			if deps[filepath.Dir(filepath.Join(l.root, e.file))] {
				pkgs = append(pkgs, pkg)
				break
			}
		}
	}
	slices.Sort(pkgs)
	return pkgs, nil
}

// builtFrom are the directories that a package's test is built from.
func (l *lab) builtFrom(ctx context.Context, pkg string) (map[string]bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if deps := l.deps[pkg]; deps != nil {
		return deps, nil
	}
	cmd := exec.CommandContext(ctx, "go", "list", "-deps", "-test", "-f", "{{.Dir}}", pkg)
	cmd.Dir = l.root
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("mutants: go list %s: %w", pkg, err)
	}
	deps := make(map[string]bool)
	for _, dir := range strings.Fields(string(out)) {
		deps[dir] = true
	}
	l.deps[pkg] = deps
	return deps, nil
}

// number is the attack's, with which the name of its fault begins.
func (m *mutant) number() string {
	number, _, _ := strings.Cut(m.name, "-")
	return number
}
