package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// attackRow is a row of docs/security.md: | number | attack | where nwnd stands |.
var attackRow = regexp.MustCompile(`(?m)^\| (\d+) \| (.+?) \| (.+) \|$`)

func attackRows(t *testing.T, root string) map[string]string {
	b, err := os.ReadFile(filepath.Join(root, "docs", "security.md"))
	require.NoError(t, err)
	rows := make(map[string]string)
	for _, match := range attackRow.FindAllSubmatch(b, -1) {
		number := string(match[1])
		rows[strings.Repeat("0", 2-len(number))+number] = string(match[3])
	}
	require.Len(t, rows, 50)
	return rows
}

// What the table calls a defence can be taken away, or it says why not.
func TestEveryDefenceHasItsMutant(t *testing.T) {
	root, err := moduleRoot(context.Background())
	require.NoError(t, err)
	removed, err := load(filepath.Join(root, attackDir))
	require.NoError(t, err)
	have := make(map[string]bool)
	for _, m := range removed {
		have[m.number()] = true
	}
	for number, here := range attackRows(t, root) {
		if strings.HasPrefix(here, "**yes**") && !have[number] {
			assert.Contains(t, here, "*no mutant*", "row %s of docs/security.md is a yes: add %s/%s-what-is-removed.mutant, "+
				"or say in the row why there is no mutant", number, attackDir, number)
		}
	}
}

// The files name tests that there are, in their packages, and of their own attack only; and every
// test of a row that is a yes is in one.
func TestEveryAttackTestFailsForAReason(t *testing.T) {
	root, err := moduleRoot(context.Background())
	require.NoError(t, err)
	removed, err := load(filepath.Join(root, attackDir))
	require.NoError(t, err)
	tests, err := attackTests(root)
	require.NoError(t, err)
	rows := attackRows(t, root)
	named, numbers := make(map[attackTest]bool), make(map[string]bool)
	for _, m := range removed {
		require.Contains(t, rows, m.number(), "the name of %s begins with a row of docs/security.md", m.name)
		require.NotEmpty(t, m.tests, "%s names no test", m.name)
		numbers[m.number()] = true
		for _, test := range m.tests {
			require.Contains(t, tests[test.pkg], test.name, "%s names a test of %s", m.name, test.pkg)
			require.Equal(t, m.number(), attackNumber(test.name), "%s names %s", m.name, test.name)
			named[test] = true
		}
	}
	for pkg, names := range tests {
		for _, name := range names {
			if number := attackNumber(name); numbers[number] && strings.HasPrefix(rows[number], "**yes**") {
				assert.True(t, named[attackTest{pkg, name}], "%s of %s: add it to the %s/%s-*.mutant without whose defence "+
					"it fails, or add such a file", name, pkg, attackDir, attackNumber(name))
			}
		}
	}
}

func attackNumber(test string) string { return attackPrefix.FindStringSubmatch(test)[1] }

var attackPrefix = regexp.MustCompile(`^TestAttack(\d\d)`)

// testFunc finds the tests and fuzzers of a Go file, forgeFunc those of the contracts, testName those that
// the table names.
var (
	testFunc  = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	forgeFunc = regexp.MustCompile(`(?m)^    function ((?:test|testFuzz|invariant)_\w+)\(`)
	testName  = regexp.MustCompile("`((?:(?:Test|Fuzz)[A-Z0-9]|(?:test|testFuzz|invariant)_)\\w+)`")
)

// The table names tests that there are, and those of a row that is a yes are all in it.
func TestTheTableNamesTestsThatThereAre(t *testing.T) {
	root, err := moduleRoot(context.Background())
	require.NoError(t, err)
	all := make(map[string]bool)
	require.NoError(t, filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		find := testFunc
		switch {
		case err != nil:
			return err
		case e.IsDir() && e.Name() == "node_modules":
			return fs.SkipDir
		case e.IsDir():
			return nil
		case strings.HasSuffix(path, ".t.sol"):
			find = forgeFunc
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		b, err := os.ReadFile(path)
		for _, match := range find.FindAllSubmatch(b, -1) {
			all[string(match[1])] = true
		}
		return err
	}))
	rows := attackRows(t, root)
	for number, here := range rows {
		for _, match := range testName.FindAllStringSubmatch(here, -1) {
			assert.True(t, all[match[1]], "row %s of docs/security.md names %s, which is not there", number, match[1])
		}
	}
	tests, err := attackTests(root)
	require.NoError(t, err)
	for pkg, names := range tests {
		for _, name := range names {
			if here := rows[attackNumber(name)]; strings.HasPrefix(here, "**yes**") {
				assert.Contains(t, here, "`"+name+"`", "row %s of docs/security.md names its tests: this is of %s", attackNumber(name), pkg)
			}
		}
	}
}
