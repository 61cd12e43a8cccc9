package rpcserver

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/test/bufconn"
)

// ClientKey is the metadata by which a caller that uses Dial says the address (without
// port) of the client on whose behalf it calls. It is believed of nobody else.
const ClientKey = "nwnd-client-address"

// localNetwork is what addresses of connections made by Dial call their network.
const localNetwork = "bufconn"

// Dial connects to the server without leaving the process, for as long as it is served.
// Calls are checked as those that come by TLS are. The caller closes the connection.
func (s *Server) Dial() (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient("passthrough:///nwnd",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return s.local.DialContext(ctx)
		}),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxResponse)),
	)
	if err != nil {
		return nil, fmt.Errorf("rpcserver: local connection: %w", err)
	}
	return conn, nil
}

// TLS is how the server shows who it is, for whatever serves the same API otherwise.
func (s *Server) TLS() *tls.Config { return s.cfg.TLS }

func newLocal() *bufconn.Listener { return bufconn.Listen(64 << 10) }

// localOrTLS is TLS, but for connections made by Dial.
type localOrTLS struct {
	credentials.TransportCredentials
}

// ServerHandshake is of credentials.TransportCredentials.
func (c localOrTLS) ServerHandshake(conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	if isLocal(conn.RemoteAddr()) {
		return insecure.NewCredentials().ServerHandshake(conn)
	}
	return c.TransportCredentials.ServerHandshake(conn)
}

// Clone is of credentials.TransportCredentials.
func (c localOrTLS) Clone() credentials.TransportCredentials {
	return localOrTLS{c.TransportCredentials.Clone()}
}

func isLocal(a net.Addr) bool { return a.Network() == localNetwork }

// clientHost is the address, without port, that a call comes from; empty if it isn't known.
func clientHost(ctx context.Context) string {
	p, ok := peer.FromContext(ctx)
	if !ok {
		return ""
	}
	if isLocal(p.Addr) {
		if v := metadata.ValueFromIncomingContext(ctx, ClientKey); len(v) == 1 {
			return v[0]
		}
		return ""
	}
	host, _, err := net.SplitHostPort(p.Addr.String())
	if err != nil {
		return ""
	}
	return host
}
