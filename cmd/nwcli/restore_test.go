package main

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc"
)

func (f *fake) GetRecoveryInfo(context.Context, *lnrpc.GetRecoveryInfoRequest) (*lnrpc.GetRecoveryInfoResponse, error) {
	if len(f.recovery) == 0 {
		return nil, status.Error(codes.Unimplemented, "nothing is looked for")
	}
	next := f.recovery[0]
	f.recovery = f.recovery[1:]
	return next, nil
}

func TestRestoreShowsHowFarItIs(t *testing.T) {
	b := start(t)
	b.recovery = []*lnrpc.GetRecoveryInfoResponse{
		{RecoveryMode: true, Progress: 0.42},
		{RecoveryMode: true, RecoveryFinished: true, Progress: 1},
	}
	file := b.write(t, "pw", "correct horse\n")
	code, _, errs := b.run(t, strings.Repeat("abandon ", 24)+"\n", "create", "--restore", "--password-file="+file)
	require.Zero(t, code, errs)
	require.Contains(t, errs, "42 % of the chain is looked through.")
	require.Contains(t, errs, "The coins are found")
	require.Empty(t, b.recovery)
}
