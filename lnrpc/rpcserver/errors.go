package rpcserver

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/internal/node"
)

// codeOf says how callers are told of the node's errors.
var codeOf = []struct {
	err  error
	code codes.Code
}{
	{node.ErrNotFound, codes.NotFound},
	{node.ErrInvalid, codes.InvalidArgument},
	{node.ErrUnimplemented, codes.Unimplemented},
	{node.ErrBusy, codes.ResourceExhausted},
	{node.ErrNotReady, codes.Unavailable},
	{node.ErrStopped, codes.Unavailable},
	{node.ErrInsufficientFunds, codes.FailedPrecondition},
	{node.ErrPeerOffline, codes.FailedPrecondition},
	{node.ErrNotEnforceable, codes.FailedPrecondition},
	{node.ErrNoChain, codes.FailedPrecondition},
	{node.ErrAlreadyConnected, codes.AlreadyExists},
	{node.ErrAlreadyPaid, codes.AlreadyExists},
	{node.ErrInTransition, codes.AlreadyExists},
	{node.ErrDuplicate, codes.AlreadyExists},
	{node.ErrNoRoute, codes.NotFound},
	{context.Canceled, codes.Canceled},
	{context.DeadlineExceeded, codes.DeadlineExceeded},
}

// toStatus gives an error its code. The package's prefix is dropped, since clients
// compare texts with lnd's.
func toStatus(err error) error {
	if err == nil {
		return nil
	}
	if s, ok := err.(interface{ GRPCStatus() *status.Status }); ok {
		return s.GRPCStatus().Err()
	}
	code := codes.Unknown
	for _, c := range codeOf {
		if errors.Is(err, c.err) {
			code = c.code
			break
		}
	}
	return status.Error(code, strings.TrimPrefix(err.Error(), "node: "))
}

// notFound replaces ErrNotFound by lnd's words for it.
func notFound(err error, words string) error {
	if errors.Is(err, node.ErrNotFound) {
		return status.Error(codes.NotFound, words)
	}
	return err
}

func invalid(format string, args ...any) error {
	return status.Errorf(codes.InvalidArgument, format, args...)
}

func unimplemented(what string) error {
	return status.Errorf(codes.Unimplemented, "%s is not implemented by nwnd", what)
}
