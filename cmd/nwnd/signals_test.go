package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// asDaemon, in the environment, makes the test's program the daemon.
const asDaemon = "NWND_TEST_DAEMON"

func TestMain(m *testing.M) {
	if os.Getenv(asDaemon) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is a daemon as its own process.
type process struct {
	*exec.Cmd
	out *output
}

func launch(t *testing.T, dir string, more ...string) *process {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	p := &process{exec.Command(self, args(dir, append(more, "--norest")...)...), &output{}}
	p.Env = append(os.Environ(), asDaemon+"=1")
	p.Stdout, p.Stderr = p.out, p.out
	require.NoError(t, p.Start())
	t.Cleanup(func() { _ = p.Process.Kill() })
	return p
}

func (p *process) says(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(p.out.String(), text) }, 60*time.Second, 5*time.Millisecond,
		"%s", p.out)
}

// A daemon that waits for its wallet ends at once when asked to; one that was killed leaves
// nothing behind that would hold up the next.
func TestSignalsEndTheDaemonAndAKillLeavesNoLock(t *testing.T) {
	dir := t.TempDir()
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT} {
		p := launch(t, dir)
		p.says(t, "waiting for the wallet")
		pid, err := os.ReadFile(filepath.Join(dir, "data/chain/bitcoin/regtest/nwnd.pid"))
		require.NoError(t, err)
		require.Equal(t, strconv.Itoa(p.Process.Pid), strings.TrimSpace(string(pid)))
		err = daemon(context.Background(), args(dir), &output{})
		require.ErrorContains(t, err, "another nwnd (process "+strconv.Itoa(p.Process.Pid)+") uses")
		require.NoError(t, p.Process.Signal(signal))
		err = p.Wait()
		if signal == syscall.SIGKILL {
			require.Error(t, err)
			continue
		}
		require.NoError(t, err, "%s", p.out)
		require.Contains(t, p.out.String(), "msg=stopped")
	}
}

// A daemon whose chain's source is away waits for it, and ends at once when asked to.
func TestADaemonThatWaitsForItsChainCanBeStopped(t *testing.T) {
	dir, out := t.TempDir(), &output{}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- daemon(ctx, args(dir, "--noseedbackup", "--norest", "--btcd.rpccert="+certificate(t, time.Hour), "--btcd.rpchost=127.0.0.1:1"), out)
	}()
	require.Eventually(t, func() bool { return strings.Contains(out.String(), "in=CHAN") }, 60*time.Second, 5*time.Millisecond)
	begin := time.Now()
	stop()
	require.NoError(t, <-done)
	require.Less(t, time.Since(begin), stopTimeout, "it didn't wait out its patience")
	require.Contains(t, out.String(), "msg=stopped")
}
