package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"google.golang.org/grpc"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/lnrpc/restserver"
	"github.com/nichework/nwnd/lnrpc/rpcserver"
)

// rest is the REST API, which calls the gRPC server as any client would.
type rest struct {
	*restserver.Server
	conn      *grpc.ClientConn
	listeners []net.Listener
}

// newREST listens; nil when the options want no REST.
func newREST(cfg *config.Config, api *rpcserver.Server, logs *logs) (*rest, error) {
	if cfg.NoREST {
		return nil, nil
	}
	cert := api.TLS()
	if cfg.NoRESTTLS {
		cert = nil
	}
	conn, err := api.Dial()
	if err != nil {
		return nil, err
	}
	server, err := restserver.New(restserver.Config{
		Log: logs.For("RPCS"), TLS: cert, API: conn, ClientKey: rpcserver.ClientKey, Origins: cfg.RESTCORS,
		PingInterval: cfg.WSPingInterval, PongWait: cfg.WSPongWait,
	})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	listeners, err := listen(cfg.RESTListen)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("REST: %w (restlisten is where it listens, norest is without)", err), conn.Close())
	}
	for _, l := range listeners {
		logs.For("RPCS").Info("serving the REST API", "address", l.Addr(), "tls", cert != nil)
	}
	return &rest{Server: server, conn: conn, listeners: listeners}, nil
}

// run serves until stop.
func (r *rest) run() error {
	if r == nil {
		return nil
	}
	return r.Serve(r.listeners...)
}

// stop ends it; what is under way may finish until ctx ends.
func (r *rest) stop(ctx context.Context) {
	if r == nil {
		return
	}
	r.Stop(ctx)
	_ = r.conn.Close() // it may be closed by the other end already
}
