package restserver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/netutil"
	"golang.org/x/sync/semaphore"
	"google.golang.org/grpc"
)

// Config is what a Server needs from its surroundings.
type Config struct {
	Log *slog.Logger
	TLS *tls.Config      // nil: none
	API *grpc.ClientConn // to the gRPC server; it outlives the Server
	// ClientKey is the metadata by which the gRPC server is told the client's address.
	ClientKey string
	// Origins are the web pages that may call from a browser ("https://host:port"); "*" is all.
	Origins []string
	// Sockets are pinged after each PingInterval and must answer within PongWait; if either
	// is 0 they are not.
	PingInterval, PongWait time.Duration
	// Limits replaces the defaults where it isn't 0.
	Limits Limits
}

// Server serves REST until Stop.
type Server struct {
	cfg      Config
	http     *http.Server
	room     *semaphore.Weighted // bytes of messages that wait to be a request
	calls    atomic.Int64
	sockets  atomic.Int64
	active   door            // requests under way, sockets too
	stopping context.Context // no new work
	stop     context.CancelFunc
	abort    context.CancelFunc // ends the work under way
}

// New makes a server that listens nowhere yet.
func New(cfg Config) (*Server, error) {
	cfg.Limits.fill()
	base, abort := context.WithCancel(context.Background())
	s := &Server{cfg: cfg, room: semaphore.NewWeighted(cfg.Limits.Memory), abort: abort}
	s.stopping, s.stop = context.WithCancel(base)
	paths, err := readPaths()
	if err != nil {
		abort()
		return nil, err
	}
	mux, err := newGateway(base, cfg, paths)
	if err != nil {
		abort()
		return nil, err
	}
	h := s.upgrades(s.limited(s.whole(mux)), mux, paths)
	h = origins(cfg.Origins).guard(h)
	h = s.active.guard(h)
	s.http = &http.Server{
		Handler:           h,
		ReadHeaderTimeout: cfg.Limits.Header,
		IdleTimeout:       cfg.Limits.Idle,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(cfg.Log.Handler(), slog.LevelDebug),
		BaseContext:       func(net.Listener) context.Context { return base },
		Protocols:         new(http.Protocols),
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
	}
	s.http.Protocols.SetHTTP1(true)
	if cfg.TLS != nil {
		s.http.Protocols.SetHTTP2(true)
		s.http.TLSConfig = cfg.TLS.Clone()
		s.http.TLSConfig.NextProtos = []string{"h2", "http/1.1"}
	}
	return s, nil
}

// Serve takes requests from every listener until Stop; the first failure ends it.
func (s *Server) Serve(listeners ...net.Listener) error {
	failed := make(chan error, len(listeners))
	var wg sync.WaitGroup
	for _, l := range listeners {
		wg.Go(func() {
			limited := netutil.LimitListener(l, s.cfg.Limits.Connections)
			serve := s.http.Serve
			if s.cfg.TLS != nil {
				serve = func(l net.Listener) error { return s.http.ServeTLS(l, "", "") }
			}
			if err := serve(limited); err != nil && !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("restserver: %v: %w", l.Addr(), err)
				s.kill()
			}
		})
	}
	wg.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// Stop ends the server: new requests are refused, those under way, sockets too, may
// finish until ctx ends. It returns when nothing of the server runs any more.
func (s *Server) Stop(ctx context.Context) {
	s.stop()
	empty := s.active.close()
	if err := s.http.Shutdown(ctx); err != nil {
		s.kill()
	}
	select {
	case <-empty:
	case <-ctx.Done():
	}
	s.kill()
	<-empty
}

func (s *Server) kill() {
	s.abort()
	if err := s.http.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		s.cfg.Log.Debug("closing", "err", err)
	}
}
