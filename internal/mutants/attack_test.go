package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// small is a module with two attacks and what stops them.
func small(t *testing.T) *lab {
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module small\n\ngo 1.24\n",
		"a/a.go": "package a\n\nfunc One() bool { return true }\n\nfunc Two() bool { return true }\n",
		"a/a_test.go": "package a\n\nimport \"testing\"\n\nfunc check(t *testing.T, ok bool) {\n\tif !ok {\n\t\tt.Fatal(\"robbed\")\n\t}\n}\n\n" +
			"func TestAttack01One(t *testing.T) { check(t, One()) }\n\nfunc TestAttack02Two(t *testing.T) { check(t, Two()) }\n",
		"b/b_test.go": "package b\n\nimport (\n\t\"testing\"\n\n\t\"small/a\"\n)\n\nfunc TestAttack02Far(t *testing.T) {\n\tif !a.Two() {\n\t\tpanic(1)\n\t}\n}\n",
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	l, err := newLab(root, false)
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"./a": {"TestAttack01One", "TestAttack02Two"}, "./b": {"TestAttack02Far"}}, l.tests)
	return l
}

// A defence counts as tested if its attack's tests fail without it, each of them, and no other's.
func TestExactlyItsTestsMustFail(t *testing.T) {
	l := small(t)
	one := edit{"a/a.go", "One() bool { return true }", "One() bool { return false }"}
	two := edit{"a/a.go", "Two() bool { return true }", "Two() bool { return false }"}
	first := []attackTest{{"./a", "TestAttack01One"}}
	by, err := l.attack(t.Context(), &mutant{name: "01-a", edits: []edit{one}, tests: first})
	require.NoError(t, err)
	require.Equal(t, "TestAttack01One", by)

	_, err = l.attack(t.Context(), &mutant{name: "01-b", edits: []edit{two}, tests: first})
	require.ErrorIs(t, err, errSurvived)
	_, err = l.attack(t.Context(), &mutant{name: "01-c", edits: []edit{one, two}, tests: first})
	require.ErrorContains(t, err, "about another attack")
	_, err = l.attack(t.Context(), &mutant{name: "01-d", edits: []edit{one, two}, tests: first, also: []string{"02"}})
	require.NoError(t, err)
	_, err = l.attack(t.Context(), &mutant{name: "02-e", edits: []edit{two}, tests: []attackTest{
		{"./a", "TestAttack02Two"}, {"./b", "TestAttack02Far"}}})
	require.NoError(t, err, "a panic is a failure too")
	_, err = l.attack(t.Context(), &mutant{name: "01-f", edits: []edit{{"a/a.go", "package a", "package"}}, tests: first})
	require.ErrorIs(t, err, errBuild)
	_, err = l.attack(t.Context(), &mutant{name: "01-g", edits: []edit{one}, tests: []attackTest{{"./c", "TestAttack01One"}}})
	require.ErrorContains(t, err, "not built from")
}

// What is in other packages isn't looked for if that is too much.
func TestNarrowLooksInItsOwnPackagesOnly(t *testing.T) {
	l := small(t)
	for narrow, want := range map[bool][]string{false: {"./a", "./b"}, true: {"./a"}} {
		l.narrow = narrow
		got, err := l.affected(t.Context(), &mutant{edits: []edit{{file: "a/a.go"}}, tests: []attackTest{{"./a", "TestAttack01One"}}})
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}
