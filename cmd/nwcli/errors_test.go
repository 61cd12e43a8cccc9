package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/cert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestWhatNwndSaysIsExplained(t *testing.T) {
	b := start(t)
	for _, c := range []struct {
		code codes.Code
		msg  string
		exit int
		want string
	}{
		{codes.Unknown, "wallet locked, unlock it to enable full RPC access", exitNotReady, "nwcli unlock opens it"},
		{codes.Unknown, "wallet not created, create one to enable full RPC access", exitNotReady, "nwcli create makes one"},
		{codes.Unknown, "the RPC server is in the process of starting up, but not yet ready", exitNotReady, "nwcli state --wait"},
		{codes.Unknown, "waiting to start, RPC services not available", exitNotReady, "nwcli state --wait"},
		{codes.Unknown, "wallet already unlocked, WalletUnlocker service is no longer available", exitFailed, "open already"},
		{codes.Unauthenticated, "expected 1 macaroon, got 0", exitFailed, "admin.macaroon: is regtest its network"},
		{codes.Unauthenticated, "verification failed: signature mismatch", exitFailed, "admin.macaroon: it is another node's"},
		{codes.PermissionDenied, "permission denied", exitFailed, "bakemacaroon"},
		{codes.Unimplemented, "amp is not implemented", exitFailed, "this nwnd can't do it"},
		{codes.DeadlineExceeded, "late", exitUnknown, "may have begun it"},
		{codes.Unavailable, "the daemon is shutting down", exitUnknown, "may have begun it"},
		{codes.FailedPrecondition, "insufficient funds: 5 sat, needs 7", exitFailed, "5 sat, needs 7: nwcli funds shows"},
		{codes.FailedPrecondition, "peer is not connected: 02ab", exitFailed, "nwcli connect"},
		{codes.AlreadyExists, "invoice is already paid", exitFailed, "nwcli payments"},
		{codes.NotFound, "unable to find a path to destination", exitFailed, "nwcli channels"},
		{codes.InvalidArgument, "amount 7 is above 5", exitFailed, "amount 7 is above 5"},
		{codes.Unknown, "dial tcp 127.0.0.1:9735: connect: connection refused", exitFailed, "nwcli: dial tcp 127.0.0.1:9735"},
		{codes.InvalidArgument, "invalid request: payment request for regtest can't be read: invoice not for current active network 'regtest'",
			exitFailed, "nwcli: payment request for regtest can't be read: invoice not for current active network 'regtest': ask for an invoice of this one"},
		{codes.InvalidArgument, "invalid request: payment request for regtest can't be read: checksum failed", exitFailed, "copied whole"},
		{codes.InvalidArgument, "invalid request: payment request for regtest can't be read: invalid index of 1", exitFailed, "is it an invoice?"},
		{codes.InvalidArgument, "invalid request: \"bc1q\" is not an address of regtest", exitFailed, "of this network"},
		{codes.NotFound, "not found: peer: not connected to this node", exitFailed, "nwcli: peer: not connected to this node: nwcli peers"},
		{codes.NotFound, "unable to find node", exitFailed, "nwcli graph --nodes"},
		{codes.InvalidArgument, "name \x1b[2Jbob", exitFailed, "name [2Jbob"},
	} {
		b.refusal = status.Error(c.code, c.msg)
		code, out, errs := b.run(t, "", "peers")
		require.Equal(t, c.exit, code, c.msg)
		require.Contains(t, errs, c.want)
		require.NotContains(t, errs, "\x1b")
		require.Empty(t, out)
	}
}

func TestErrorsAreJSONWhenAskedFor(t *testing.T) {
	b := start(t)
	for _, c := range []struct {
		args []string
		code string
		exit int
	}{
		{[]string{"peers", "--json"}, "NotReady", exitNotReady},
		{[]string{"peers", "--get=peers"}, "NotReady", exitNotReady},
		{[]string{"balance", "--json"}, "NotFound", exitFailed},
		{[]string{"--json", "send", "bcrt1q"}, "Usage", exitUsage},
		{[]string{"--json", "send", "bcrt1q", "-5"}, "Usage", exitUsage},
		{[]string{"--json", "nothing"}, "Usage", exitUsage},
		{[]string{"getinfo", "--get=nothing"}, "Usage", exitUsage},
	} {
		b.refusal = status.Error(codes.Unknown, "wallet locked")
		if c.args[0] == "balance" {
			c.args[0], b.refusal = "peers", status.Error(codes.NotFound, "<none>")
		}
		code, _, errs := b.run(t, "", c.args...)
		require.Equal(t, c.exit, code, c.args)
		var got struct {
			Error, Code string
			Exit        int
		}
		require.NoError(t, json.Unmarshal([]byte(errs), &got), errs)
		require.Equal(t, c.code, got.Code, errs)
		require.Equal(t, c.exit, got.Exit)
		require.NotEmpty(t, got.Error)
	}
}

func TestTheCommandLineIsExplained(t *testing.T) {
	b := start(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"opne"}, "open"},
		{[]string{"open", key}, "takes <key>[@host:port] <amount>, not 1 argument; for example:\n  nwcli open"},
		{[]string{"getinfo", "x"}, "takes no arguments, not 1 argument"},
		{[]string{"hold"}, "followed by one of: cancel, settle"},
		{[]string{"hold", "x"}, "followed by one of: cancel, settle"},
		{[]string{"getinfo", "--bogus"}, "nwcli getinfo --help"},
		{[]string{"send", "bcrt1q", "-5"}, "below nothing"},
		{[]string{"send", "bcrt1q", "0"}, "nothing"},
		{[]string{"send", "bcrt1q", "5k"}, "no unit"},
		{[]string{"send", "bcrt1q", "lots"}, "no unit"},
		{[]string{"send", "bcrt1q", "22000000btc"}, "all the bitcoin"},
		{[]string{"send", "bcrt1q", "99999999999999999999999"}, "all the bitcoin"},
		{[]string{"send", "bcrt1q", "1", "--sat-per-vbyte=-1"}, "sat-per-vbyte"},
		{[]string{"invoice", "0"}, "any lets the payer choose"},
		{[]string{"invoice", "1sat", "--expiry=tomorrow"}, "expiry"},
		{[]string{"invoice", "1sat", "--expiry=0s"}, "1s or more"},
		{[]string{"invoice", "1sat", "--expiry=-1h"}, "1s or more"},
		{[]string{"send", "bcrt1q", "1", "--sat-per-vbyte=1", "--conf-target=2"}, "sat-per-vbyte"},
	} {
		code, out, errs := b.run(t, "", c.args...)
		require.Equal(t, exitUsage, code, "%v: %s", c.args, errs)
		require.Contains(t, errs, c.want)
		require.Empty(t, out)
	}
}

// A port can be another program's, or another node's.
func TestWhoAnswersIsNotNwnd(t *testing.T) {
	b := start(t)
	other, _, err := cert.GenCertPair("other", nil, nil, true, time.Hour)
	require.NoError(t, err)
	file := b.write(t, "other.cert", string(other))
	code, _, errs := b.run(t, "", "getinfo", "--tlscertpath="+file)
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "does not show the certificate "+file)

	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			// It speaks, but no TLS.
			_, _ = io.WriteString(c, "220 mail.example.com\r\n")
			c.Close()
		}
	}()
	code, _, errs = b.run(t, "", "getinfo", "--rpcserver="+l.Addr().String())
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "is not nwnd's API")

	code, _, errs = b.run(t, "", "getinfo", "--tlscertpath="+b.write(t, "bad.cert", "nothing"))
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "bad.cert")
}

func TestOneFieldOfTheJSON(t *testing.T) {
	b := start(t)
	for path, want := range map[string]string{
		"identity_pubkey": key, "synced_to_chain": "true", "block_height": "105", "uris": "[]",
	} {
		code, out, errs := b.run(t, "", "getinfo", "--get="+path)
		require.Zero(t, code, errs)
		require.Equal(t, want+"\n", out)
	}
	_, out, _ := b.run(t, "", "channels", "--get=channels.-1.capacity")
	require.Equal(t, "1000000\n", out)
	for _, path := range []string{"channels.1", "channels.x", "channels.0.nope", "channels.0.capacity.x"} {
		code, _, errs := b.run(t, "", "channels", "--get="+path)
		require.Equal(t, exitUsage, code)
		require.Contains(t, errs, "--get")
	}
}

// Ctrl-C ends a question that nobody answers, and nothing is done.
func TestAQuestionEndsWithTheProgram(t *testing.T) {
	b := start(t)
	r, w := io.Pipe()
	defer w.Close()
	var out, errs bytes.Buffer
	ctx, cancel := context.WithCancel(t.Context())
	a := &app{in: r, out: &out, errOut: &signalled{Writer: &errs, on: "[y/N]", do: cancel}, asks: true}
	require.Equal(t, exitFailed, a.run(ctx, []string{"--nwnddir=" + b.dir, "send", "bcrt1q", "5000"}))
	require.Contains(t, errs.String(), "nothing was done")
	require.Nil(t, b.sent)
}

// signalled does something once a text is written.
type signalled struct {
	io.Writer
	on string
	do func()
}

func (s *signalled) Write(b []byte) (int, error) {
	n, err := s.Writer.Write(b)
	if strings.Contains(string(b), s.on) {
		s.do()
	}
	return n, err
}
