package rpcserver

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// rawCodec sends bytes as they are.
type rawCodec struct{}

func (rawCodec) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }
func (rawCodec) Unmarshal(b []byte, v any) error {
	*v.(*[]byte) = slices.Clone(b)
	return nil
}
func (rawCodec) Name() string { return "proto" }

// FuzzFrontDoor calls every method with any bytes for a request and any for a macaroon, over the wire. The
// server answers each call with an answer or a status, stays up, and lets nobody in whose macaroon isn't good.
func FuzzFrontDoor(f *testing.F) {
	w := serve(f, true, func(c *Config) { c.Shutdown = func() {} })
	w.Unlocked()
	w.Activate(deadWithAssets{assetNode: &assetNode{err: errDead}})
	w.Ready()
	type method struct {
		path             string
		streams, clients bool
	}
	var methods []method
	for service, info := range w.grpc.GetServiceInfo() {
		for _, m := range info.Methods {
			methods = append(methods, method{fmt.Sprintf("/%s/%s", service, m.Name), m.IsServerStream, m.IsClientStream})
		}
	}
	slices.SortFunc(methods, func(a, b method) int { return strings.Compare(a.path, b.path) })
	conn := w.dial(f, "")
	good, err := hex.DecodeString(w.bake(f))
	require.NoError(f, err)
	for i := range methods {
		f.Add(uint16(i), true, good, []byte(nil))
	}
	f.Add(uint16(0), false, good[:20], []byte{0x0a, 0x01, 0x61})
	call := func(ctx context.Context, m method, body []byte) error {
		var answer []byte
		if !m.streams && !m.clients {
			return conn.Invoke(ctx, m.path, &body, &answer, grpc.ForceCodec(rawCodec{}))
		}
		stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, m.path, grpc.ForceCodec(rawCodec{}))
		if err != nil {
			return err
		}
		_ = stream.SendMsg(&body) // an error shows in what is received
		_ = stream.CloseSend()
		return stream.RecvMsg(&answer)
	}
	f.Fuzz(func(t *testing.T, n uint16, known bool, macaroon, body []byte) {
		m := methods[int(n)%len(methods)]
		macaroon = macaroon[:min(len(macaroon), 4096)] // more than a header may hold is the transport's to refuse
		if known {
			macaroon = good
		}
		// A subscription that is granted says nothing here; the time only ends such a call.
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		ctx = metadata.AppendToOutgoingContext(ctx, "macaroon", hex.EncodeToString(macaroon))
		err := call(ctx, m, body)
		switch code := status.Code(err); {
		case code == codes.Unavailable, code == codes.Internal && !strings.Contains(err.Error(), "unmarshal"):
			t.Fatalf("%s: %v", m.path, err)
		case err == nil && !known && string(macaroon) != string(good) && !isFree(m.path):
			t.Fatalf("%s: let in with macaroon %x", m.path, macaroon)
		}
	})
}
