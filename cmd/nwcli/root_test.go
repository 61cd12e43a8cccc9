package main

import (
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// each calls f for every command.
func each(c *cobra.Command, f func(*cobra.Command)) {
	f(c)
	for _, sub := range c.Commands() {
		each(sub, f)
	}
}

// Whoever asks for help is given a command line that could be theirs.
func TestEveryCommandHasAnExampleThatParses(t *testing.T) {
	each((&app{out: io.Discard, errOut: io.Discard}).root(), func(c *cobra.Command) {
		require.NotEmpty(t, c.Short, c.CommandPath())
		require.True(t, strings.HasPrefix(c.Example, "  nwcli "), c.CommandPath())
		for _, line := range strings.Split(c.Example, "\n") {
			line, _, _ = strings.Cut(line, " > ")
			words := shellWords(strings.TrimSpace(line))[1:]
			root := (&app{}).root()
			found, rest, err := root.Find(words)
			require.NoError(t, err, line)
			require.NoError(t, found.ParseFlags(rest), line)
			if found.Runnable() && found.Parent() != nil {
				require.NoError(t, found.ValidateArgs(found.Flags().Args()), line)
			}
			if !c.HasSubCommands() {
				require.Equal(t, c.CommandPath(), found.CommandPath(), "the example is another command's")
			}
		}
	})
}

// shellWords splits at spaces outside of double quotes.
func shellWords(s string) []string {
	var out []string
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}

func TestEveryCommandIsInAGroup(t *testing.T) {
	for _, c := range (&app{}).root().Commands() {
		require.NotEmpty(t, c.GroupID, c.Name())
	}
}
