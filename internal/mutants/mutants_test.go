package main

import (
	"context"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every fault fits the sources as they are now, and leaves them Go.
func TestEveryMutantApplies(t *testing.T) {
	root, err := moduleRoot(context.Background())
	require.NoError(t, err)
	all, err := loadAll(root, false)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(all), 40)
	for _, m := range all {
		files, err := m.apply(root)
		assert.NoError(t, err)
		for name, b := range files {
			_, err = parser.ParseFile(token.NewFileSet(), name, b, 0)
			assert.NoError(t, err, m.name)
		}
	}
}

func TestParse(t *testing.T) {
	m, err := parse("x", "why: because\nfile: a/b.go\n--- old\none\ntwo\n+++ new\nthree\n")
	require.NoError(t, err)
	require.Equal(t, mutant{name: "x", why: "because", edits: []edit{{"a/b.go", "one\ntwo", "three"}}}, m)
	m, err = parse("07-y", "why: because\ntest: ./a TestAttack07A TestAttack07B\ntest: ./b TestAttack07C\n"+
		"also: 08 one sum\n\nfile: a.go\n--- old\n1\n+++ new\n\n--- old\n2\n\n+++ new\nfile: b.go\n--- old\n3\n+++ new\n4\n")
	require.NoError(t, err)
	require.Equal(t, []edit{{"a.go", "1", ""}, {"a.go", "2\n", ""}, {"b.go", "3", "4"}}, m.edits)
	require.Equal(t, []attackTest{{"./a", "TestAttack07A"}, {"./a", "TestAttack07B"}, {"./b", "TestAttack07C"}}, m.tests)
	require.Equal(t, []string{"08"}, m.also)
	require.Equal(t, "07", m.number())
	for _, bad := range []string{
		"why: a\nfile: b\n--- old\nx\n--- old\ny\n+++ new\n", "why: a\nfile: b\n+++ new\nx\n--- old\ny\n+++ new\n",
		"why: a\ntest: ./a\nfile: b\n--- old\nx\n+++ new\n", "why: a\nalso: 8 b\nfile: b\n--- old\nx\n+++ new\n",
		"why: a\nwho: me\nfile: b\n--- old\nx\n+++ new\n", "why: a\nfile: b\n--- old\nx\n+++ new\ny\n+++ new\n",
		"", "why: a\nfile: b\n--- old\n", "file: b\n--- old\nx\n+++ new\n", "why: a\n--- old\nx\n+++ new\n",
		"why: a\nfile: b\n--- old\n+++ new\nx\n",
	} {
		_, err := parse("x", bad)
		require.Error(t, err, "%q", bad)
	}
}

func TestApplyNeedsItsTextOnce(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "f"), []byte("a b a"), 0o600))
	apply := func(edits ...edit) (map[string][]byte, error) { return (&mutant{edits: edits}).apply(dir) }
	_, err := apply(edit{"f", "a", "c"})
	require.ErrorContains(t, err, "2 times")
	_, err = apply(edit{"f", "x", "c"})
	require.ErrorContains(t, err, "0 times")
	_, err = apply(edit{"g", "x", ""})
	require.Error(t, err)
	files, err := apply(edit{"f", "b", "c"}, edit{"f", "c a", "d"})
	require.NoError(t, err)
	require.Equal(t, map[string][]byte{"f": []byte("a d")}, files)
}

func TestVerdict(t *testing.T) {
	for out, want := range map[string]string{
		"--- FAIL: TestA (0.1s)\n    x_test.go:1: no\nFAIL":                          "TestA",
		"    --- FAIL: TestA/b (0.1s)\n":                                             "TestA/b",
		"panic: runtime error: index out of range\n\ngoroutine 1 [running]:\nexit 2": "runtime error: index out of range",
	} {
		got, err := verdict(out)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := verdict("x.go:1: undefined: y\nFAIL\tp [build failed]\n")
	require.ErrorIs(t, err, errBuild)
	_, err = verdict("panic: test timed out after 5m0s\n\trunning tests:\n\t\tTestB (5m0s)\n")
	require.ErrorIs(t, err, errTime)
	_, err = verdict("FAIL")
	require.ErrorContains(t, err, "without naming")
}

func TestRunRefuses(t *testing.T) {
	require.ErrorContains(t, run(context.Background(), []string{"-run", "("}), "-run")
	require.ErrorContains(t, run(context.Background(), []string{"-run", "no such fault"}), "none of")
	require.Error(t, run(context.Background(), []string{"-nonsense"}))
}

func TestReportTellsOfSurvivors(t *testing.T) {
	give := func(rs ...result) (out []chan result) {
		for _, r := range rs {
			c := make(chan result, 1)
			c <- r
			out = append(out, c)
		}
		return out
	}
	ms := []mutant{{name: "a"}, {name: "b"}}
	require.NoError(t, report(ms, give(result{by: "TestX"}, result{by: "TestY"})))
	err := report(ms, give(result{by: "TestX"}, result{err: errSurvived}))
	require.Error(t, err)
	require.True(t, strings.Contains(err.Error(), "1 of 2"))
}
