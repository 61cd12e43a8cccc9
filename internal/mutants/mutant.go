package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// mutant is one fault: a text of a file that is replaced by another.
type mutant struct {
	name, why, file string
	old, new        string
}

const (
	oldMark = "--- old\n"
	newMark = "+++ new\n"
	suffix  = ".mutant"
)

// load reads the faults of a directory, by name.
func load(dir string) ([]mutant, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
	if err != nil {
		return nil, err
	}
	var out []mutant
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		m, err := parse(strings.TrimSuffix(filepath.Base(path), suffix), string(b))
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// parse reads "why: ...", "file: ...", then both texts behind their marks.
func parse(name, s string) (mutant, error) {
	head, rest, ok := strings.Cut(s, oldMark)
	before, after, ok2 := strings.Cut(rest, newMark)
	if !ok || !ok2 {
		return mutant{}, fmt.Errorf("mutants: %s: needs %q and %q", name, oldMark, newMark)
	}
	m := mutant{name: name, old: strings.TrimSuffix(before, "\n"), new: strings.TrimSuffix(after, "\n")}
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "why":
			m.why = value
		case "file":
			m.file = value
		}
	}
	if m.why == "" || m.file == "" || m.old == "" {
		return mutant{}, fmt.Errorf("mutants: %s: needs why, file and the old text", name)
	}
	return m, nil
}

// apply is the file with the fault. The old text must be there once.
func (m *mutant) apply(root string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		return nil, fmt.Errorf("mutants: %s: %w", m.name, err)
	}
	if n := bytes.Count(b, []byte(m.old)); n != 1 {
		return nil, fmt.Errorf("mutants: %s: its old text is %d times in %s, must be once", m.name, n, m.file)
	}
	return bytes.Replace(b, []byte(m.old), []byte(m.new), 1), nil
}
