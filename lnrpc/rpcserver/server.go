package rpcserver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/netutil"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/test/bufconn"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/invoicesrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// What the server takes on at most.
const (
	maxRequest     = 4 << 20   // bytes of a message to us
	maxResponse    = 200 << 20 // bytes of a message from us: the graph
	maxConnections = 256       // per listener
	maxStreams     = 1_000     // calls at once per connection
	maxCalls       = 10_000    // calls at once in all
	maxOpenCalls   = 100       // calls at once that need no macaroon and end by themselves
	maxOpenStreams = 100       // streams at once that need no macaroon
)

// Config is what a Server needs from its surroundings.
type Config struct {
	Log        *slog.Logger
	Version    string // "0.21.1-beta commit=..."
	CommitHash string
	TLS        *tls.Config
	Macaroons  *Keeper // nil: everyone may call everything
	Wallet     Wallet
	Shutdown   func()    // begins the shutdown of the daemon and returns
	Logs       LogLevels // nil: they can't be changed

	// MaxCalls is the most calls at once, 0 for the default.
	MaxCalls int
}

// Server serves the API from the daemon's first moment to its last. What can be called
// depends on how far the daemon has come, which its owner says by Activate and Ready.
type Server struct {
	cfg      Config
	grpc     *grpc.Server
	state    *stateBox
	calls    atomic.Int64 // with a macaroon
	free     atomic.Int64 // without
	watching atomic.Int64 // streams without
	api      atomic.Pointer[node.API]
	open     unlocking
	backups  atomic.Pointer[node.BackupSet] // given with the wallet, until the node is there
	local    *bufconn.Listener
}

// New makes a server; the wallet's keeper is asked whether there is a wallet.
func New(cfg Config) (*Server, error) {
	if cfg.MaxCalls == 0 {
		cfg.MaxCalls = maxCalls
	}
	s := &Server{cfg: cfg, state: newStateBox(), open: unlocking{done: make(chan struct{})}, local: newLocal()}
	s.grpc = grpc.NewServer(
		grpc.Creds(localOrTLS{credentials.NewTLS(cfg.TLS)}),
		grpc.UnaryInterceptor(s.unary),
		grpc.StreamInterceptor(s.stream),
		grpc.MaxRecvMsgSize(maxRequest),
		grpc.MaxSendMsgSize(maxResponse),
		grpc.MaxConcurrentStreams(maxStreams),
		grpc.MaxHeaderListSize(64<<10),
		grpc.ConnectionTimeout(10*time.Second),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: time.Minute, Timeout: 20 * time.Second}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{
			MinTime: 5 * time.Second, PermitWithoutStream: true,
		}),
	)
	lnrpc.RegisterStateServer(s.grpc, &stateService{box: s.state})
	lnrpc.RegisterWalletUnlockerServer(s.grpc, &unlockerService{s: s})
	lnrpc.RegisterLightningServer(s.grpc, &lightning{s: s})
	routerrpc.RegisterRouterServer(s.grpc, &router{s: s})
	nwnrpc.RegisterNodeServer(s.grpc, &own{s: s})
	s.registerAssets()
	s.registerMore()
	invoicesrpc.RegisterInvoicesServer(s.grpc, &invoices{s: s})

	exists, err := cfg.Wallet.Exists()
	if err != nil {
		return nil, fmt.Errorf("rpcserver: %w", err)
	}
	if exists {
		s.state.set(lnrpc.WalletState_LOCKED)
	} else {
		s.state.set(lnrpc.WalletState_NON_EXISTING)
	}
	return s, nil
}

// Serve takes calls from every listener until Stop; the first failure ends it.
func (s *Server) Serve(listeners ...net.Listener) error {
	failed := make(chan error, len(listeners)+1)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := s.grpc.Serve(s.local); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
			failed <- fmt.Errorf("rpcserver: local: %w", err)
			s.grpc.Stop()
		}
	})
	for _, l := range listeners {
		wg.Go(func() {
			if err := s.grpc.Serve(netutil.LimitListener(l, maxConnections)); err != nil &&
				!errors.Is(err, grpc.ErrServerStopped) {
				failed <- fmt.Errorf("rpcserver: %v: %w", l.Addr(), err)
				s.grpc.Stop()
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

// Stop ends the server: new calls are refused, those under way may finish until ctx ends.
func (s *Server) Stop(ctx context.Context) {
	s.state.stop()
	done := make(chan struct{})
	go func() { s.grpc.GracefulStop(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		s.grpc.Stop()
		<-done
	}
}

// Unlocked tells the server that the wallet was opened by other means than its API.
func (s *Server) Unlocked() { s.unlocked() }

// WaitUnlocked returns when the wallet is open.
func (s *Server) WaitUnlocked(ctx context.Context) error {
	select {
	case <-s.open.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Activate lets calls through to the node, which may still be catching up.
func (s *Server) Activate(api node.API) {
	s.api.Store(&api)
	s.state.set(lnrpc.WalletState_RPC_ACTIVE)
}

// Ready says that the node is up.
func (s *Server) Ready() { s.state.set(lnrpc.WalletState_SERVER_ACTIVE) }

// node is there in every call that the gate let through.
func (s *Server) node() node.API { return *s.api.Load() }
