package rpcserver

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

func TestGetRecoveryInfo(t *testing.T) {
	w := up(t)
	w.node.recovery = node.Recovery{Wanted: true, Progress: 0.25}
	client := lnrpc.NewLightningClient(w.admin(t))
	got, err := client.GetRecoveryInfo(within(t), &lnrpc.GetRecoveryInfoRequest{})
	require.NoError(t, err)
	require.True(t, proto.Equal(&lnrpc.GetRecoveryInfoResponse{RecoveryMode: true, Progress: 0.25}, got), got.String())

	w.node.recovery = node.Recovery{Wanted: true, Finished: true, Progress: 1}
	got, err = client.GetRecoveryInfo(within(t), &lnrpc.GetRecoveryInfoRequest{})
	require.NoError(t, err)
	require.True(t, got.RecoveryFinished)
}
