// Package systemd tells the service manager how the daemon is doing, as sd_notify(3) says:
// ready, stopping, a line of status, and that it lives. Without NOTIFY_SOCKET it does nothing.
package systemd

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Notifier talks to the service manager. Its zero value talks to nobody.
type Notifier struct {
	log      *slog.Logger
	watchdog time.Duration // 0: none is asked for

	mu     sync.Mutex
	conn   net.Conn
	status string // the last one told
}

// New reads the environment, of which get is os.Getenv.
func New(get func(string) string, log *slog.Logger) (*Notifier, error) {
	socket := get("NOTIFY_SOCKET")
	if socket == "" {
		return &Notifier{}, nil
	}
	if !strings.HasPrefix(socket, "/") && !strings.HasPrefix(socket, "@") {
		return nil, fmt.Errorf("systemd: NOTIFY_SOCKET %q is neither a path nor an abstract name", socket)
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		return nil, fmt.Errorf("systemd: NOTIFY_SOCKET: %w", err)
	}
	n := &Notifier{log: log, conn: conn}
	if n.watchdog, err = watchdog(get); err != nil {
		conn.Close()
		return nil, err
	}
	return n, nil
}

// watchdog is within which time systemd wants to hear that we live; 0 if it doesn't, or
// means another process.
func watchdog(get func(string) string) (time.Duration, error) {
	text := get("WATCHDOG_USEC")
	if pid := get("WATCHDOG_PID"); text == "" || pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return 0, nil
	}
	micros, err := strconv.ParseInt(text, 10, 63)
	if err != nil || micros <= 0 || micros > int64(24*time.Hour/time.Microsecond) {
		return 0, fmt.Errorf("systemd: WATCHDOG_USEC is %q, want microseconds, a day at most", text)
	}
	return time.Duration(micros) * time.Microsecond, nil
}

// send is best effort: nobody's money depends on it.
func (n *Notifier) send(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.conn == nil {
		return
	}
	// A manager that doesn't read must not hold the daemon up.
	err := n.conn.SetWriteDeadline(time.Now().Add(time.Second))
	if err == nil {
		_, err = n.conn.Write([]byte(text))
	}
	if err != nil {
		n.log.Warn("systemd can't be told", "err", err)
	}
}

// Ready says that the API serves.
func (n *Notifier) Ready() { n.send("READY=1\n") }

// Stopping says that a shutdown has begun.
func (n *Notifier) Stopping() { n.send("STOPPING=1\n") }

// Status tells a line for people, if it is another one than the last.
func (n *Notifier) Status(line string) {
	line = strings.ReplaceAll(line, "\n", " ")
	n.mu.Lock()
	same := n.status == line
	n.status = line
	n.mu.Unlock()
	if !same {
		n.send("STATUS=" + line + "\n")
	}
}

// Watch feeds the watchdog, if there is one, until ctx ends: twice within its time, and only
// while alive answers nil within a quarter of it.
func (n *Notifier) Watch(ctx context.Context, alive func(context.Context) error) {
	if n.watchdog == 0 {
		return
	}
	beat := time.NewTicker(n.watchdog / 2)
	defer beat.Stop()
	for {
		if err := ask(ctx, n.watchdog/4, alive); err == nil {
			n.send("WATCHDOG=1\n")
		} else if ctx.Err() == nil {
			n.log.Error("the watchdog goes unfed", "err", err)
		}
		select {
		case <-beat.C:
		case <-ctx.Done():
			return
		}
	}
}

func ask(ctx context.Context, within time.Duration, alive func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return alive(ctx)
}

// Close lets go of the socket.
func (n *Notifier) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.conn == nil {
		return nil
	}
	conn := n.conn
	n.conn = nil
	return conn.Close()
}
