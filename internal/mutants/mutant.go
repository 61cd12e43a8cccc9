package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// mutant is one fault: texts of files that are replaced by others.
type mutant struct {
	name, why string
	edits     []edit
	tests     []attackTest // of an attack's: each must fail
	also      []string     // numbers of other attacks that the same defence stops
}

// edit is one replacement; the old text must be in the file once.
type edit struct{ file, old, new string }

// attackTest names a test of a package, "./internal/node" as go test takes it.
type attackTest struct{ pkg, name string }

const (
	oldMark  = "--- old\n"
	newMark  = "+++ new\n"
	fileMark = "file: "
	suffix   = ".mutant"
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

// parse reads "why: ...", "test: ...", "also: ..." and "file: ...", then both texts behind their
// marks. More edits of the same file follow with their marks, of another behind its "file: ...".
func parse(name, s string) (mutant, error) {
	m := mutant{name: name}
	bad := func(why string, args ...any) (mutant, error) {
		return mutant{}, fmt.Errorf("mutants: %s: %s", name, fmt.Sprintf(why, args...))
	}
	var file string
	var text *string // what lines are added to; nil in a head
	for line := range strings.Lines(s) {
		switch {
		case line == oldMark:
			m.edits = append(m.edits, edit{file: file})
			text = &m.edits[len(m.edits)-1].old
		case line == newMark:
			if len(m.edits) == 0 || text != &m.edits[len(m.edits)-1].old {
				return bad("%q without %q before it", newMark, oldMark)
			}
			text = &m.edits[len(m.edits)-1].new
		case strings.HasPrefix(line, fileMark):
			file, text = strings.TrimSpace(line[len(fileMark):]), nil
		case text != nil:
			*text += line
		default:
			if err := m.head(strings.TrimSpace(line)); err != nil {
				return bad("%v", err)
			}
		}
	}
	if m.why == "" || len(m.edits) == 0 {
		return bad("needs why, %q and %q", oldMark, newMark)
	}
	for i := range m.edits {
		e := &m.edits[i]
		e.old, e.new = strings.TrimSuffix(e.old, "\n"), strings.TrimSuffix(e.new, "\n")
		if e.file == "" || e.old == "" {
			return bad("edit %d needs its file and the old text", i+1)
		}
	}
	if strings.Count(s, newMark) != len(m.edits) {
		return bad("%d times %q, needs %d", strings.Count(s, newMark), newMark, len(m.edits))
	}
	return m, nil
}

// head reads one line that is not of a text. "test: ./pkg TestAttack07A TestAttack07B" may be
// repeated; "also: 18 why" says which other attack the same defence stops.
func (m *mutant) head(line string) error {
	key, value, _ := strings.Cut(line, ": ")
	switch key {
	case "why":
		m.why = value
	case "test":
		words := strings.Fields(value)
		if len(words) < 2 {
			return fmt.Errorf("%q needs a package and its tests", line)
		}
		for _, name := range words[1:] {
			m.tests = append(m.tests, attackTest{words[0], name})
		}
	case "also":
		number, why, _ := strings.Cut(value, " ")
		if len(number) != 2 || why == "" {
			return fmt.Errorf("%q needs the number of an attack, two digits, and why", line)
		}
		m.also = append(m.also, number)
	case "":
	default:
		return fmt.Errorf("%q is neither why, test, also nor file", line)
	}
	return nil
}

// apply gives the faulty files by name.
func (m *mutant) apply(root string) (map[string][]byte, error) {
	out := make(map[string][]byte)
	for _, e := range m.edits {
		b, ok := out[e.file]
		if !ok {
			var err error
			if b, err = os.ReadFile(filepath.Join(root, e.file)); err != nil {
				return nil, fmt.Errorf("mutants: %s: %w", m.name, err)
			}
		}
		if n := bytes.Count(b, []byte(e.old)); n != 1 {
			return nil, fmt.Errorf("mutants: %s: its old text is %d times in %s, must be once:\n%s", m.name, n, e.file, e.old)
		}
		out[e.file] = bytes.Replace(b, []byte(e.old), []byte(e.new), 1)
	}
	return out, nil
}
