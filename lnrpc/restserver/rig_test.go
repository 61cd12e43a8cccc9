package restserver

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime/pprof"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
)

// clientKey is the metadata that the rig's server is told addresses by.
const clientKey = "test-client"

// call is what the gRPC server behind the rig was asked.
type call struct {
	method protoreflect.MethodDescriptor
	in     proto.Message
	meta   metadata.MD
	ctx    context.Context
}

// rig is a REST server on loopback before a gRPC server that takes any call.
type rig struct {
	*Server
	addr   string
	url    string
	tls    *tls.Config // of clients; nil without TLS
	client *http.Client
}

// handler answers a call by sending messages; what it returns ends the call.
type handler func(c call, send func(proto.Message) error) error

// plain serves without TLS, secure with it.
func plain(t *testing.T, h handler, change func(*Config)) *rig { return start(t, h, false, change) }

func secure(t *testing.T, h handler, change func(*Config)) *rig { return start(t, h, true, change) }

func start(t *testing.T, h handler, secured bool, change func(*Config)) *rig {
	t.Helper()
	r := &rig{url: "http://", client: &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true}}}
	cfg := Config{
		Log: slog.New(slog.DiscardHandler), API: anyGRPC(t, h), ClientKey: clientKey,
		PingInterval: time.Minute, PongWait: time.Minute,
	}
	if secured {
		borrowed := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate
		cfg.TLS = &tls.Config{Certificates: borrowed.TLS.Certificates}
		r.tls = borrowed.Client().Transport.(*http.Transport).TLSClientConfig
		r.client.Transport.(*http.Transport).TLSClientConfig = r.tls
		r.url = "https://"
		borrowed.Close()
	}
	if change != nil {
		change(&cfg)
	}
	var err error
	r.Server, err = New(cfg)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r.addr = l.Addr().String()
	r.url += r.addr
	done := make(chan error, 1)
	rigs.Add(1)
	go func() { done <- r.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		r.client.CloseIdleConnections()
		r.Stop(ctx)
		require.NoError(t, <-done)
		if rigs.Add(-1) == 0 {
			require.Eventually(t, func() bool { // those that have let go may be on their last line
				var stacks bytes.Buffer
				return pprof.Lookup("goroutine").WriteTo(&stacks, 1) == nil && !ours.MatchString(stacks.String())
			}, 2*time.Minute, time.Millisecond, "nothing runs after Stop")
		}
	})
	return r
}

var (
	rigs atomic.Int64 // that serve
	ours = regexp.MustCompile(`restserver\.\(\*(Server|socket|input|messages|steady|door)\)`)
)

// anyGRPC is a connection to a gRPC server that gives every call to h.
func anyGRPC(t *testing.T, h handler) *grpc.ClientConn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := grpc.NewServer(grpc.UnknownServiceHandler(func(_ any, ss grpc.ServerStream) error {
		name, _ := grpc.MethodFromServerStream(ss)
		full := strings.ReplaceAll(strings.TrimPrefix(name, "/"), "/", ".")
		d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(full))
		if err != nil {
			return err
		}
		c := call{method: d.(protoreflect.MethodDescriptor), ctx: ss.Context()}
		c.meta, _ = metadata.FromIncomingContext(ss.Context())
		c.in = dynamicpb.NewMessage(c.method.Input())
		if err := ss.RecvMsg(c.in); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		return h(c, func(m proto.Message) error { return ss.SendMsg(m) })
	}))
	go s.Serve(l)
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close(); s.Stop() })
	return conn
}

// empty answers every call with an empty message.
func empty(c call, send func(proto.Message) error) error {
	return send(dynamicpb.NewMessage(c.method.Output()))
}

// do makes a request and returns status, body and header.
func (r *rig) do(t *testing.T, verb, path, body string, fields ...string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), verb, r.url+path, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(fields); i += 2 {
		req.Header.Add(fields[i], fields[i+1])
	}
	resp, err := r.client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(b), resp.Header
}
