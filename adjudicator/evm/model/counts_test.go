package model_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
)

// counts says whether random calls tried everything.
type counts struct {
	mu      sync.Mutex
	calls   map[string]int
	done    map[string]int
	reverts map[string]int
	other   map[string]int
}

func newCounts() *counts {
	return &counts{calls: map[string]int{}, done: map[string]int{}, reverts: map[string]int{}, other: map[string]int{}}
}

func (c *counts) called(name string, err error, inside []error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls[name]++
	if err == nil {
		c.done[name]++
	}
	for _, err := range append(inside, err) {
		c.reverted(err)
	}
}

func (c *counts) starved(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.other["with little gas"]++
	c.reverted(err)
}

func (c *counts) reverted(err error) {
	var r evm.Revert
	switch {
	case err == nil:
	case errors.As(err, &r):
		c.reverts[r.Name]++
	default:
		c.other[err.Error()]++
	}
}

func (c *counts) total() (n int) {
	for _, calls := range c.calls {
		n += calls
	}
	return n
}

func (c *counts) String() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(c.calls)) {
		fmt.Fprintf(&b, "%-14s %8d calls %8d done %3d %%\n", name, c.calls[name], c.done[name], 100*c.done[name]/c.calls[name])
	}
	for _, name := range slices.Sorted(maps.Keys(c.reverts)) {
		fmt.Fprintf(&b, "%-19s %8d\n", name, c.reverts[name])
	}
	for _, name := range slices.Sorted(maps.Keys(c.other)) {
		fmt.Fprintf(&b, "(%s: %d)\n", name, c.other[name])
	}
	return b.String()
}

// check fails unless every function succeeded in a tenth of its calls and every reason to revert was given.
func (c *counts) check(t *testing.T) {
	definition := binding.NewAdjudicator().GetABI()
	for name, method := range definition.Methods {
		if !method.IsConstant() {
			assert.GreaterOrEqual(t, 10*c.done[name], c.calls[name], "%s succeeded in %d of %d calls", name, c.done[name], c.calls[name])
			assert.NotZero(t, c.done[name], "%s never succeeded", name)
		}
	}
	for name := range definition.Errors {
		if !slices.Contains(openZeppelins, name) {
			assert.NotZero(t, c.reverts[name], "nothing reverted by %s", name)
		}
	}
}

// openZeppelins are errors of its constructors, which no call gives.
var openZeppelins = []string{"InvalidShortString", "StringTooLong"}
