package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every fault of the contract fits its sources as they are now and names tests that there are, and each of
// the eleven rules is broken by one.
func TestEveryContractMutantApplies(t *testing.T) {
	root, err := moduleRoot(context.Background())
	require.NoError(t, err)
	all, err := load(filepath.Join(root, contractDir))
	require.NoError(t, err)
	sources, err := filepath.Glob(filepath.Join(root, "adjudicator/evm/model", "*_test.go"))
	require.NoError(t, err)
	var tests strings.Builder
	for _, path := range sources {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		tests.Write(b)
	}
	broken := make(map[string]bool)
	for _, m := range all {
		_, err := m.apply(root)
		assert.NoError(t, err)
		assert.NotEmpty(t, m.tests, m.name)
		for _, test := range m.tests {
			assert.Contains(t, tests.String(), "\nfunc "+test.name, m.name)
		}
		broken[m.name[:2]] = true
	}
	for rule := 1; rule <= 11; rule++ {
		assert.True(t, broken[fmt.Sprintf("%02d", rule)], "no fault breaks rule %d", rule)
	}
}
