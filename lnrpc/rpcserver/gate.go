package rpcserver

import (
	"context"
	"strings"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc"
)

// What a caller is told whose call can't be served yet. Clients compare these texts,
// and lnd gives them no code.
var (
	errNoWallet  = status.Error(codes.Unknown, "wallet not created, create one to enable full RPC access")
	errLocked    = status.Error(codes.Unknown, "wallet locked, unlock it to enable full RPC access")
	errUnlocked  = status.Error(codes.Unknown, "wallet already unlocked, WalletUnlocker service is no longer available")
	errStarting  = status.Error(codes.Unknown, "the RPC server is in the process of starting up, but not yet ready to accept calls")
	errWaiting   = status.Error(codes.Unknown, "waiting to start, RPC services not available")
	errStopping  = status.Error(codes.Unavailable, "the daemon is shutting down")
	errTooMany   = status.Error(codes.ResourceExhausted, "too many calls at once")
	errNoMac     = status.Error(codes.Unauthenticated, "expected 1 macaroon, got 0")
	errMacaroons = status.Error(codes.Unauthenticated, "expected 1 macaroon, got several")
)

const (
	stateMethods  = "/lnrpc.State/"
	unlockMethods = "/lnrpc.WalletUnlocker/"
)

func (s *Server) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	leave, err := s.enter(ctx, info.FullMethod, &s.free, maxOpenCalls)
	if err != nil {
		return nil, err
	}
	defer leave()
	resp, err := handle(ctx, req)
	if err != nil {
		return nil, s.failed(ctx, info.FullMethod, err)
	}
	return resp, nil
}

func (s *Server) stream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
	leave, err := s.enter(ss.Context(), info.FullMethod, &s.watching, maxOpenStreams)
	if err != nil {
		return err
	}
	defer leave()
	if err := handle(srv, ss); err != nil {
		return s.failed(ss.Context(), info.FullMethod, err)
	}
	return nil
}

// enter lets a call in or says why not; leave must follow it. Whoever reaches the port may
// make free calls: they are counted apart, up to most, so that they never use up the room of
// those who have a macaroon, nor do streams, which last, that of calls which open the wallet.
func (s *Server) enter(ctx context.Context, method string, others *atomic.Int64, most int) (leave func(), err error) {
	count, limit, free := &s.calls, s.cfg.MaxCalls, isFree(method)
	if free {
		count, limit = others, most
	}
	if count.Add(1) > int64(limit) {
		count.Add(-1)
		return nil, errTooMany
	}
	leave = func() { count.Add(-1) }
	if err = s.stateAllows(method); err == nil && !free {
		err = s.mayCall(ctx, method)
	}
	if err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

func (s *Server) stateAllows(method string) error {
	now, stopped, _ := s.state.get()
	switch {
	case stopped:
		return errStopping
	case strings.HasPrefix(method, stateMethods):
		return nil
	}
	unlocker := strings.HasPrefix(method, unlockMethods)
	switch now {
	case lnrpc.WalletState_NON_EXISTING:
		if !unlocker {
			return errNoWallet
		}
	case lnrpc.WalletState_LOCKED:
		if !unlocker {
			return errLocked
		}
	case lnrpc.WalletState_UNLOCKED:
		if unlocker {
			return errUnlocked
		}
		return errStarting
	case lnrpc.WalletState_RPC_ACTIVE, lnrpc.WalletState_SERVER_ACTIVE:
		if unlocker {
			return errUnlocked
		}
	default:
		return errWaiting
	}
	return nil
}

// isFree tells of calls that need no macaroon: who asks for the state or opens the
// wallet can't have one yet.
func isFree(method string) bool {
	return strings.HasPrefix(method, stateMethods) || strings.HasPrefix(method, unlockMethods)
}

// mayCall checks the caller's macaroon.
func (s *Server) mayCall(ctx context.Context, method string) error {
	if s.cfg.Macaroons == nil {
		return nil
	}
	switch macs := metadata.ValueFromIncomingContext(ctx, "macaroon"); len(macs) {
	case 0:
		return errNoMac
	case 1:
		return s.cfg.Macaroons.Check(ctx, macs[0], method)
	}
	return errMacaroons
}

// failed is what the caller is told of an error.
func (s *Server) failed(ctx context.Context, method string, err error) error {
	out := toStatus(err)
	if ctx.Err() == nil {
		s.cfg.Log.DebugContext(ctx, "call failed", "method", method,
			"code", status.Code(out), "err", err)
	}
	return out
}
