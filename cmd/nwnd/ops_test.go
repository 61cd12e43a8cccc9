package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/health"
	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/rpcserver"
)

// opsOf starts what the flags ask for, with a log that the test reads.
func opsOf(t *testing.T, fail func(error), flags ...string) (*ops, *output) {
	t.Helper()
	dir := t.TempDir()
	cfg, err := config.Load(args(dir, flags...))
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(cfg.ChainDir(), 0o700))
	out := &output{}
	logs, err := newLogs(cfg, out)
	require.NoError(t, err)
	t.Cleanup(func() { logs.Close() })
	o, err := startOps(t.Context(), cfg, logs, fail)
	require.NoError(t, err)
	return o, out
}

// infoOnly is a node that says who it is and nothing else.
type infoOnly struct{ node.API }

func (infoOnly) Info(context.Context) (node.Info, error) {
	_, pub := btcec.PrivKeyFromBytes([]byte{1})
	return node.Info{IdentityKey: pub, Height: 7, SyncedToChain: true, SyncedToGraph: true, Peers: 2, Active: 3, Inactive: 1}, nil
}

// told is the address that a line of the log names.
func told(t *testing.T, out *output, msg string) string {
	t.Helper()
	_, rest, ok := strings.Cut(out.String(), msg)
	require.True(t, ok, out.String())
	_, rest, _ = strings.Cut(rest, "address=")
	addr, _, _ := strings.Cut(rest, "\n")
	return addr
}

func get(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.Get(url)
	require.NoError(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	return string(text)
}

func TestMetricsAndProfilesAreServedBeforeTheWalletIsOpen(t *testing.T) {
	cpu := filepath.Join(t.TempDir(), "cpu.prof")
	o, out := opsOf(t, nil, "--prometheus.enable", "--prometheus.listen=127.0.0.1:0", "--profile=127.0.0.1:0", "--cpuprofile="+cpu)
	addr := told(t, out, "showing metrics")
	require.Contains(t, get(t, "http://"+addr+"/metrics"), "nwnd_up 0")
	require.Contains(t, get(t, "http://"+told(t, out, "serving profiles")+"/debug/pprof/"), "goroutine")
	require.NoError(t, o.close())
	_, err := net.Dial("tcp", addr)
	require.Error(t, err, "it ends with the daemon")
	info, err := os.Stat(cpu)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.Positive(t, info.Size())
}

func TestATakenAddressFailsTheStart(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	err = daemon(context.Background(), args(t.TempDir(), "--prometheus.enable", "--prometheus.listen="+l.Addr().String()), &output{})
	require.ErrorContains(t, err, "prometheus.listen")
	err = daemon(context.Background(), args(t.TempDir(), "--pprof.profile="+l.Addr().String()), &output{})
	require.ErrorContains(t, err, "pprof.profile")
}

// systemd hears that the API serves, what goes on, that the node lives, and that it ends.
func TestSystemdIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	require.NoError(t, err)
	defer manager.Close()
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", "30000000")
	require.NoError(t, manager.SetReadDeadline(time.Now().Add(time.Minute)))
	heard := make(map[string]bool)
	until := func(want string) {
		for !heard[want] {
			b := make([]byte, 4096)
			n, err := manager.Read(b)
			require.NoError(t, err, "heard %v, waiting for %s", heard, want)
			heard[string(b[:n])] = true
		}
	}
	o, _ := opsOf(t, nil)
	o.serving()
	until("READY=1\n")
	asked := make(chan struct{}, 1)
	o.up(context.Background(), &running{api: infoOnly{}, stats: func() channeldb.Stats { return channeldb.Stats{} },
		alive: func(context.Context) error { asked <- struct{}{}; return nil }, chain: func(context.Context) error { return nil }})
	<-asked
	until("WATCHDOG=1\n")
	until("STATUS=block 7, 2 peers, 3 channels of 4 active\n")
	o.stopping()
	until("STOPPING=1\n")
	require.NoError(t, o.close(), "though the node's context goes on")
}

func TestProgressIsToldAndLogged(t *testing.T) {
	genesis := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	now := genesis.Add(100 * 24 * time.Hour)
	var status []string
	out := &output{}
	p := &progress{log: slog.New(slog.NewTextHandler(out, nil)), genesis: genesis, status: func(s string) { status = append(status, s) }}
	at := func(days int) node.Info {
		return node.Info{Height: uint32(days), BlockTime: genesis.Add(time.Duration(days) * 24 * time.Hour)}
	}
	p.tell(at(25), now)
	p.tell(at(50), now.Add(time.Second))
	synced := at(100)
	synced.SyncedToChain = true
	p.tell(synced, now.Add(2*time.Second))
	p.tell(synced, now.Add(4*time.Second))
	require.Equal(t, []string{
		"syncing to the chain: block 25 of 2020-01-26, 25.0 %", "syncing to the chain: block 50 of 2020-02-20, 50.0 %",
		"block 100, learning the graph, 0 peers, 0 channels of 0 active", "block 100, learning the graph, 0 peers, 0 channels of 0 active",
	}, status)
	require.Equal(t, 1, strings.Count(out.String(), "percent=25.0"))
	require.NotContains(t, out.String(), "percent=50.0", "a line every ten seconds at most")
	require.Equal(t, 1, strings.Count(out.String(), "synced to the chain"))
	require.Zero(t, done(genesis, genesis, now))
	require.Zero(t, done(genesis, now, genesis))
	require.EqualValues(t, 100, done(genesis, now.Add(time.Hour), now))
}

// The checks are those of the options, and the floor of the disk is always among them.
func TestHealthChecksAreThoseOfTheOptions(t *testing.T) {
	cfg, err := config.Load(args(t.TempDir(), "--healthcheck.diskspace.attempts=4", "--healthcheck.chainbackend.attempts=0"))
	require.NoError(t, err)
	gone := errors.New("gone")
	n := &running{chain: func(context.Context) error { return gone }}
	attempts := func() map[string]int {
		m := make(map[string]int)
		for _, c := range checks(cfg, n) {
			m[c.Name] = c.Attempts
		}
		return m
	}
	require.Equal(t, map[string]int{"diskfull": 3, "chainbackend": 0, "diskspace": 4, "tls": 0}, attempts())
	n.onion = n.chain
	require.Equal(t, 3, attempts()["torconnection"])
	for _, c := range checks(cfg, n) {
		if c.Name == "chainbackend" {
			require.ErrorIs(t, c.Run(t.Context()), gone)
		}
	}
}

// A check that fails for good ends the daemon with its reason.
func TestAFailedHealthCheckStopsTheDaemon(t *testing.T) {
	failed := make(chan error, 1)
	o, out := opsOf(t, func(err error) { failed <- err }, "--healthcheck.chainbackend.attempts=1",
		"--healthcheck.chainbackend.interval=1s")
	o.up(t.Context(), &running{api: infoOnly{}, stats: func() channeldb.Stats { return channeldb.Stats{} },
		chain: func(context.Context) error { return errors.New("no btcd") }})
	err := <-failed
	require.ErrorIs(t, err, health.ErrFailed)
	require.ErrorContains(t, err, "chainbackend, 1 times: no btcd")
	require.NoError(t, o.close())
	require.Contains(t, out.String(), "stopping, since a health check failed")
}

// certificate is the path of a new one, tls.cert; its key is beside it.
func certificate(t *testing.T, lifetime time.Duration) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "tls.cert")
	_, err := rpcserver.LoadTLS(rpcserver.CertConfig{CertPath: path, KeyPath: filepath.Join(dir, "tls.key"), Lifetime: lifetime})
	require.NoError(t, err)
	return path
}

func TestACertificateOutOfDateIsFound(t *testing.T) {
	path := certificate(t, time.Hour)
	dir := filepath.Dir(path)
	require.NoError(t, inDate(path, time.Now()))
	require.ErrorContains(t, inDate(path, time.Now().Add(2*time.Hour)), "out of date")
	require.ErrorContains(t, inDate(filepath.Join(dir, "tls.key"), time.Now()), "tls.key")
	require.Error(t, inDate(filepath.Join(dir, "none"), time.Now()))
}
