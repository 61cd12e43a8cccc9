package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Exit statuses, for scripts; docs/operating.md lists them.
const (
	exitFailed   = 1 // it failed and nothing goes on
	exitUsage    = 2 // the command line can't be meant: nothing was asked of nwnd
	exitUnpaid   = 3 // the payment failed, for good
	exitUnknown  = 4 // how it ended isn't known: nwnd may go on with it
	exitNotReady = 5 // nwnd is off, locked or starting
)

// fault is an error with what a script needs to know of it.
type fault struct {
	exit int
	code string // one word: of this program, or the API's status code
	text string
}

// Error is what a person reads.
func (f *fault) Error() string { return f.text }

// off is a daemon that doesn't run.
func off(format string, args ...any) *fault {
	return &fault{exitNotReady, "Off", fmt.Sprintf(format, args...)}
}

// usage is an error in the command line.
func usage(format string, args ...any) error {
	return &fault{exitUsage, "Usage", fmt.Sprintf(format, args...)}
}

// errDeclined is a no to a question.
var errDeclined = &fault{exitFailed, "Declined", "cancelled; nothing was done"}

// tell prints why a command failed, and gives its exit status.
func (a *app) tell(err error) int {
	f := a.faultOf(err)
	if !a.json {
		fmt.Fprintln(a.errOut, "nwcli:", clean(f.text, '\n'))
		return f.exit
	}
	e := json.NewEncoder(a.errOut)
	e.SetEscapeHTML(false)
	// It is made of strings and a number, so only writing it can fail, and then nobody reads.
	_ = e.Encode(struct {
		Error string `json:"error"`
		Code  string `json:"code"`
		Exit  int    `json:"exit"`
	}{f.text, f.code, f.exit})
	return f.exit
}

// faultOf finds what the caller can do about an error.
func (a *app) faultOf(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	if errors.Is(err, context.Canceled) || status.Code(err) == codes.Canceled {
		return &fault{exitUnknown, "Interrupted", "interrupted; nwnd may have begun it"}
	}
	if !a.asked && !isStatus(err) {
		return &fault{exitUsage, "Usage", err.Error()}
	}
	if !isStatus(err) {
		return &fault{exitFailed, "Failed", err.Error()}
	}
	return a.explain(status.Convert(err))
}

func isStatus(err error) bool {
	s, ok := status.FromError(err)
	return ok && s.Code() != codes.OK
}

// explain says of a call that failed what its caller can do.
func (a *app) explain(s *status.Status) *fault {
	// What kind of error it is, the code says.
	msg := strings.TrimPrefix(strings.TrimPrefix(s.Message(), "invalid request: "), "not found: ")
	has := func(text string) bool { return strings.Contains(msg, text) }
	notReady := func(format string, args ...any) *fault {
		return &fault{exitNotReady, "NotReady", fmt.Sprintf(format, args...)}
	}
	failed := func(format string, args ...any) *fault {
		return &fault{exitFailed, s.Code().String(), fmt.Sprintf(format, args...)}
	}
	w := a.where
	// What is said by grpc, not by nwnd: nwnd itself may be refused by others.
	dialing := s.Code() == codes.Unavailable && has("connection error: ")
	switch {
	case dialing && (has("connection refused") || has("no such host") || has("i/o timeout")):
		return off("nobody answers at %s: is nwnd running? (rpclisten in its nwnd.conf says where, or --rpcserver)", w.address)
	case dialing && has("x509: "):
		return failed("what answers at %s does not show the certificate %s: it is another program or node, or its certificate "+
			"was made anew (%s)", w.address, w.cert, reasonOf(after(msg, "x509: ")))
	case dialing && (has("authentication handshake failed") || has("error reading server preface")):
		return failed("what answers at %s is not nwnd's API: is it the port of rpclisten? (%s)", w.address, after(msg, "desc = "))
	case has("wallet locked"):
		return notReady("the wallet is locked: nwcli unlock opens it")
	case has("wallet not created"):
		return notReady("there is no wallet yet: nwcli create makes one")
	case has("in the process of starting up"), has("waiting to start"):
		return notReady("nwnd is starting: nwcli state --wait returns when it is up")
	case has("wallet already unlocked"):
		return failed("the wallet is open already: nwcli getinfo shows the node")
	case has("expected 1 macaroon, got 0"):
		return failed("nwnd asks for a macaroon, and there is none at %s: %s--macaroonpath names another", w.macaroon, w.asks())
	case s.Code() == codes.Unauthenticated:
		return failed("nwnd refuses the macaroon %s: it is another node's or out of date (%s)", w.macaroon, msg)
	case s.Code() == codes.PermissionDenied:
		return failed("the macaroon %s does not permit this: admin.macaroon does, and nwcli bakemacaroon makes others (%s)",
			w.macaroon, msg)
	case s.Code() == codes.Unimplemented:
		return failed("%s (this nwnd can't do it)", msg)
	case s.Code() == codes.DeadlineExceeded:
		return &fault{exitUnknown, s.Code().String(), "no answer in time, nwnd may have begun it: " + msg}
	case s.Code() == codes.Unavailable && a.asked:
		return &fault{exitUnknown, s.Code().String(), "the connection to nwnd ended, it may have begun it: " + msg}
	}
	for _, h := range hints {
		if has(h.text) && !has(h.hint) {
			return failed("%s: %s", msg, h.hint)
		}
	}
	return failed("%s", msg)
}

// hints are what to do about what nwnd says.
var hints = []struct{ text, hint string }{
	{"insufficient funds", "nwcli funds shows what there is, nwcli address where to send more"},
	{"peer is not connected", "nwcli connect <key>@<host:port> comes first"},
	{"already connected", "nwcli peers lists who is"},
	{"already paid", "nwcli payments <hash> shows when"},
	{"payment is in transition", "nwcli payments <hash> --wait returns when it has ended"},
	{"invoice expired", "ask its maker for a new one"},
	{"unable to find a path", "nwcli channels shows what can be sent, nwcli graph what is known of the network"},
	{"unable to locate invoice", "nwcli invoices lists them"},
	{"payment isn't initiated", "nwcli payments lists those that are"},
	{"not for current active network", "ask for an invoice of this one"},
	{"checksum failed", "it was not copied whole, or with a mistake"},
	{"payment request for ", "is it an invoice? one begins with ln"},
	{"is not an address of ", "ask for one of this network"},
	{"not connected to this node", "nwcli peers lists who is connected"},
	{"can't be closed from here", "only its peer can close it: nwcli pendingchannels shows it"},
	{"process of being force closed", "nwcli pendingchannels shows how far it is"},
	{"unable to find node", "nwcli graph --nodes lists those that are known"},
}

// after is what follows the first mark, or all of it.
func after(s, mark string) string {
	if _, rest, ok := strings.Cut(s, mark); ok {
		return strings.TrimRight(rest, `"`)
	}
	return s
}

// reasonOf is an error without the details that are added in brackets.
func reasonOf(s string) string {
	short, _, _ := strings.Cut(s, " (")
	return short
}

// ended is why a stream ended before it told its last.
func ended(err error) error {
	if err == io.EOF {
		return errors.New("nwnd ended the call early")
	}
	return err
}
