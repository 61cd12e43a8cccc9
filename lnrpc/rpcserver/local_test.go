package rpcserver

import (
	"context"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"gopkg.in/macaroon.v2"

	"github.com/nichework/nwnd/lnrpc"
)

// lockedTo is a macaroon that permits reading from one address.
func (w *world) lockedTo(t *testing.T, ip string) string {
	t.Helper()
	raw, err := w.keeper.Bake(t.Context(), ReadOnlyOps())
	require.NoError(t, err)
	var m macaroon.Macaroon
	require.NoError(t, m.UnmarshalBinary(raw))
	require.NoError(t, m.AddFirstPartyCaveat([]byte("ipaddr "+ip)))
	raw, err = m.MarshalBinary()
	require.NoError(t, err)
	return hex.EncodeToString(raw)
}

func TestLocalCallsPassTheGate(t *testing.T) {
	w := up(t)
	local, err := w.Dial()
	require.NoError(t, err)
	defer local.Close()
	read, err := w.keeper.Bake(t.Context(), ReadOnlyOps())
	require.NoError(t, err)

	call := func(c *grpc.ClientConn, pairs ...string) codes.Code {
		ctx := metadata.AppendToOutgoingContext(context.Background(), pairs...)
		_, err := lnrpc.NewLightningClient(c).ListChannels(ctx, &lnrpc.ListChannelsRequest{})
		return status.Code(err)
	}
	require.Equal(t, codes.Unauthenticated, call(local))
	require.Equal(t, codes.Unauthenticated, call(local, "macaroon", "00"))
	require.Equal(t, codes.OK, call(local, "macaroon", hex.EncodeToString(read)))

	const key = ClientKey
	far := w.lockedTo(t, "203.0.113.7")
	require.Equal(t, codes.OK, call(local, "macaroon", far, key, "203.0.113.7"))
	require.Equal(t, codes.Unauthenticated, call(local, "macaroon", far, key, "203.0.113.8"))
	require.Equal(t, codes.Unauthenticated, call(local, "macaroon", far), "no address is no address")

	tls := w.dial(t, "")
	require.Equal(t, codes.Unauthenticated, call(tls, "macaroon", far, key, "203.0.113.7"),
		"who comes by TLS is where it comes from, whatever it says")
	require.Equal(t, codes.OK, call(tls, "macaroon", w.lockedTo(t, "127.0.0.1")))
}
