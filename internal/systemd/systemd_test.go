package systemd

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// manager is a service manager's end of the socket.
func manager(t *testing.T) (path string, next func() string) {
	path = filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return path, func() string {
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
		b := make([]byte, 4096)
		n, err := conn.Read(b)
		require.NoError(t, err)
		return string(b[:n])
	}
}

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

var quiet = slog.New(slog.DiscardHandler)

func TestTheManagerIsTold(t *testing.T) {
	path, next := manager(t)
	n, err := New(env("NOTIFY_SOCKET", path), quiet)
	require.NoError(t, err)
	n.Status("waiting for\nthe wallet")
	require.Equal(t, "STATUS=waiting for the wallet\n", next())
	n.Status("waiting for the wallet") // not told twice
	n.Ready()
	require.Equal(t, "READY=1\n", next())
	n.Watch(t.Context(), nil) // no watchdog: returns at once and asks nobody
	n.Stopping()
	require.Equal(t, "STOPPING=1\n", next())
	require.NoError(t, n.Close())
	require.NoError(t, n.Close())
	n.Ready() // after Close: to nobody
}

func TestTheWatchdogIsFedWhileTheDaemonLives(t *testing.T) {
	path, next := manager(t)
	n, err := New(env("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "20000", "WATCHDOG_PID", strconv.Itoa(os.Getpid())), quiet)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	asked, done := make(chan bool), make(chan struct{})
	go func() {
		defer close(done)
		n.Watch(ctx, func(within context.Context) error {
			deadline, ok := within.Deadline()
			if !ok || time.Until(deadline) > 5*time.Millisecond {
				return errors.New("no deadline of a quarter")
			}
			if <-asked {
				return nil
			}
			return errors.New("hangs")
		})
	}()
	asked <- true
	require.Equal(t, "WATCHDOG=1\n", next())
	asked <- false
	asked <- false // it was asked again, so the last answer has been judged
	n.Status("mark")
	require.Equal(t, "STATUS=mark\n", next(), "unfed in between")
	asked <- true
	require.Equal(t, "WATCHDOG=1\n", next())
	stop()
	close(asked)
	<-done
}

func TestWithoutAManagerNothingIsDone(t *testing.T) {
	n, err := New(env("WATCHDOG_USEC", "1000"), quiet)
	require.NoError(t, err)
	n.Ready()
	n.Status("x")
	n.Watch(t.Context(), nil)
	n.Stopping()
	require.NoError(t, n.Close())
}

func TestAWrongEnvironmentIsAnError(t *testing.T) {
	path, _ := manager(t)
	for _, c := range []struct {
		want string
		env  []string
	}{
		{`"relative" is neither`, []string{"NOTIFY_SOCKET", "relative"}},
		{"NOTIFY_SOCKET", []string{"NOTIFY_SOCKET", filepath.Join(filepath.Dir(path), "none")}},
		{`WATCHDOG_USEC is "soon"`, []string{"NOTIFY_SOCKET", path, "WATCHDOG_USEC", "soon"}},
		{"a day at most", []string{"NOTIFY_SOCKET", path, "WATCHDOG_USEC", "86400000001"}},
	} {
		_, err := New(env(c.env...), quiet)
		require.ErrorContains(t, err, c.want)
	}
	n, err := New(env("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "1000", "WATCHDOG_PID", "1"), quiet)
	require.NoError(t, err)
	require.Zero(t, n.watchdog, "another process is meant")
	require.NoError(t, n.Close())
}
