package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every operation costs what the snapshot says, and no more than its target.
func TestEveryOperationIsWithinItsTarget(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), filepath.Base(snapshotFile), false, &out), "%s", &out)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2*len(operations)-1, "each with coins and with a token")
	for _, line := range lines {
		require.Regexp(t, `^gas [a-z0-9-]+ (eth|erc20) \d+ \d+$`, line)
	}
}

// The table of the docs has the figures of the snapshot.
func TestTheDocsHaveTheSnapshotsFigures(t *testing.T) {
	snapshot, err := os.ReadFile(filepath.Base(snapshotFile))
	require.NoError(t, err)
	table, err := os.ReadFile("../../../docs/gas.md")
	require.NoError(t, err)
	for line := range strings.Lines(string(snapshot)) {
		words := strings.Fields(line)
		require.Len(t, words, 3)
		require.Contains(t, string(table), grouped(words[2]), "%s: docs/gas.md", line)
	}
}

// grouped writes 12345 as 12,345.
func grouped(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func TestCompareTellsWhatDiffers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "snapshot")
	rows := []row{{"open", "eth", 2, 3}, {"open", "erc20", 4, 5}}
	require.ErrorIs(t, compare(file, rows), errChanged, "there is none")
	require.NoError(t, os.WriteFile(file, []byte(text(rows)), 0o600))
	require.NoError(t, compare(file, rows))
	rows[1].measured++
	err := compare(file, rows)
	require.ErrorIs(t, err, errChanged)
	require.ErrorContains(t, err, "measured open erc20 5")
	require.ErrorContains(t, err, "snapshot open erc20 4")
	require.NoError(t, os.WriteFile(file, []byte(text(append(rows, row{"gone", "eth", 1, 1}))), 0o600))
	require.ErrorContains(t, compare(file, rows), "snapshot gone eth 1")
}
