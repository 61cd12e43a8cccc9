package peer

import (
	"context"
	"fmt"
	"net"
	"time"
)

// Serve accepts connections until ctx ends, the manager is closed or the
// listener is; it closes the listener before it returns. The error is nil unless the
// listener failed for good.
func (m *Manager) Serve(ctx context.Context, listener net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	stopWithManager := context.AfterFunc(m.ctx, cancel)
	defer stopWithManager()
	closed := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(closed)
		_ = listener.Close() // what fails to close has nobody to tell
	})
	defer func() {
		cancel()
		<-closed // the address is free when Serve returns
	}()

	for failures := 0; ; {
		conn, err := listener.Accept()
		switch {
		case err == nil:
			failures = 0
			m.accept(conn)
			continue
		case ctx.Err() != nil:
			return nil
		}
		// Out of file descriptors, most likely: that may pass.
		if failures++; failures > maxAcceptFailures {
			return fmt.Errorf("peer: accept: %w", err)
		}
		m.cfg.Log.Warn("accept failed", "reason", err)
		m.pause(ctx, 100*time.Millisecond<<min(failures, 6))
	}
}

// maxAcceptFailures in a row, about a minute's.
const maxAcceptFailures = 16

func (m *Manager) pause(ctx context.Context, d time.Duration) {
	over := make(chan struct{})
	timer := m.cfg.Clock.AfterFunc(d, func() { close(over) })
	defer timer.Stop()
	select {
	case <-over:
	case <-ctx.Done():
	}
}

// accept takes one connection through its handshake, on a goroutine of its own
// unless too many are at that.
func (m *Manager) accept(conn net.Conn) {
	from := host(conn.RemoteAddr())
	if err := m.enter(from); err != nil {
		_ = conn.Close() // refused
		m.cfg.Log.Debug("refused", "addr", conn.RemoteAddr().String(), "reason", err)
		return
	}
	go func() {
		defer m.tasks.Done()
		err := m.respond(conn)
		m.leave(from)
		if err != nil {
			m.cfg.Log.Debug("refused", "addr", conn.RemoteAddr().String(), "reason", err)
		}
	}()
}

func (m *Manager) respond(conn net.Conn) error {
	limit := m.cfg.Clock.AfterFunc(m.cfg.Limits.Handshake, func() { _ = conn.Close() })
	stopWithManager := context.AfterFunc(m.ctx, func() { _ = conn.Close() })
	t, err := Respond(conn, m.cfg.Identity)
	limit.Stop() // from here on the link has its own
	stopWithManager()
	if err != nil {
		_ = conn.Close() // the handshake's error says more
		return err
	}
	_, err = m.startLink(t, true)
	return err
}

// enter counts a handshake that begins, if there is room for it.
func (m *Manager) enter(from string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.closed:
		return ErrStopped
	case m.pendingAll >= m.cfg.Limits.Handshakes:
		return fmt.Errorf("%w: %d", ErrHandshakes, m.pendingAll)
	case from != "" && m.pending[from] >= m.cfg.Limits.HandshakesPerIP:
		return fmt.Errorf("%w: %d from %s", ErrHandshakes, m.pending[from], from)
	}
	m.pendingAll++
	m.pending[from]++
	m.tasks.Add(1)
	return nil
}

func (m *Manager) leave(from string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pendingAll--
	if m.pending[from]--; m.pending[from] <= 0 {
		delete(m.pending, from)
	}
}
