package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/nichework/nwnd/lnrpc"
)

// maxLines are the most lines of parts to redraw on a terminal; a line for each change is
// printed elsewhere.
const maxLines = 20

// progress tells of the parts of a payment: on a terminal in lines that are redrawn,
// else in a line for each change.
type progress struct {
	out     io.Writer
	redraws bool
	width   int
	names   func(*lnrpc.Route) []string

	said  []string // about each attempt
	drawn int      // lines on the terminal
}

// show tells what is new.
func (p *progress) show(pay *lnrpc.Payment) {
	lines := make([]string, len(pay.Htlcs))
	for i, h := range pay.Htlcs {
		lines[i] = p.line(i, h)
	}
	p.tell(lines)
}

// tell tells what is new of lines, one about each attempt.
func (p *progress) tell(lines []string) {
	var fresh []string
	for i, now := range lines {
		if i == len(p.said) {
			p.said = append(p.said, "")
		}
		if now != p.said[i] {
			p.said[i] = now
			fresh = append(fresh, now)
		}
	}
	if len(fresh) == 0 {
		return
	}
	if p.redraws {
		p.draw()
		return
	}
	for _, line := range fresh {
		fmt.Fprintln(p.out, line)
	}
}

// draw replaces what it drew before.
func (p *progress) draw() {
	var b strings.Builder
	if p.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", p.drawn)
	}
	lines := p.said
	if n := len(lines) - maxLines; n > 0 {
		lines = append([]string{fmt.Sprintf("… %d before", n)}, lines[n:]...)
	}
	for _, line := range lines {
		b.WriteString(cut(line, p.width) + "\n")
	}
	p.drawn = len(lines)
	io.WriteString(p.out, b.String())
}

// line is how one attempt stands.
func (p *progress) line(i int, h *lnrpc.HTLCAttempt) string {
	names := p.names(h.Route)
	amount := msat(h.Route.GetTotalAmtMsat() - h.Route.GetTotalFeesMsat())
	return clean(fmt.Sprintf("part %-2d  %s %s: %s%s", i+1, amount, over(names), attemptState(h), failure(h, names)))
}

// cut shortens a line to a terminal's width, so that it stays one line.
func cut(s string, width int) string {
	r := []rune(s)
	if width < 2 || len(r) < width {
		return s
	}
	return string(r[:width-2]) + "…"
}
