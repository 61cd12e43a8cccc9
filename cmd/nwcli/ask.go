package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// maxTyped is the longest line to take from a person.
const maxTyped = 4096

// ask asks a question that must be answered with yes. With nobody there it is refused:
// waiting for an answer would be forever.
func (a *app) ask(ctx context.Context, format string, args ...any) error {
	if a.yes {
		return nil
	}
	if !a.asks {
		return usage("nobody is there to confirm: give --yes")
	}
	fmt.Fprintf(a.errOut, "%s [y/N] ", clean(fmt.Sprintf(format, args...), '\n'))
	line, err := a.line(ctx)
	if err != nil && err != io.EOF {
		return err
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return nil
	}
	return errDeclined
}

// line reads one line. Ctrl-C ends the wait; the read itself can't be ended, and is left.
func (a *app) line(ctx context.Context) (string, error) {
	if a.lines == nil {
		a.lines = bufio.NewReaderSize(a.in, maxTyped)
	}
	type typed struct {
		text string
		err  error
	}
	c := make(chan typed, 1)
	go func() {
		b, err := a.lines.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			err = fmt.Errorf("a line has more than %d characters", maxTyped)
		}
		c <- typed{string(b), err}
	}()
	select {
	case t := <-c:
		return t.text, t.err
	case <-ctx.Done():
		fmt.Fprintln(a.errOut)
		return "", errDeclined
	}
}

// readPassword reads from a terminal without echo. Ctrl-C ends it and brings the echo back.
func readPassword(ctx context.Context, in *os.File) ([]byte, error) {
	fd := int(in.Fd())
	was, err := term.GetState(fd)
	if err != nil {
		return nil, err
	}
	type typed struct {
		password []byte
		err      error
	}
	c := make(chan typed, 1)
	go func() {
		p, err := term.ReadPassword(fd)
		c <- typed{p, err}
	}()
	select {
	case t := <-c:
		return t.password, t.err
	case <-ctx.Done():
		return nil, errors.Join(errDeclined, term.Restore(fd, was))
	}
}
