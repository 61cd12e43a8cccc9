// Command nwcli is the terminal's client of nwnd. It knows the API and how to find the
// daemon, nothing else of it.
package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"golang.org/x/term"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	a := &app{
		in: os.Stdin, out: os.Stdout, errOut: os.Stderr,
		asks:         term.IsTerminal(int(os.Stdin.Fd())),
		redraws:      term.IsTerminal(int(os.Stderr.Fd())),
		readPassword: func(ctx context.Context) ([]byte, error) { return readPassword(ctx, os.Stdin) },
	}
	if w, _, err := term.GetSize(int(os.Stderr.Fd())); err == nil {
		a.width = w
	}
	code := a.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// app is what every command works with.
type app struct {
	in           io.Reader
	out, errOut  io.Writer
	asks         bool // someone is there to answer questions
	redraws      bool // errOut is a terminal, on which lines can be replaced
	width        int  // of it
	readPassword func(context.Context) ([]byte, error)

	where where
	json  bool
	get   string // a field of the JSON
	yes   bool

	lines *bufio.Reader // of in
	asked bool          // a command has begun: its line was understood
}

// run executes one command line and returns the exit status.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.errOut)
	if err := root.ExecuteContext(ctx); err != nil {
		// Flags of a line that isn't understood may not have been read.
		for _, arg := range args {
			a.json = a.json || arg == "--json" || strings.HasPrefix(arg, "--get")
		}
		return a.tell(err)
	}
	return 0
}
