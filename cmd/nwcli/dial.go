package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/nichework/nwnd/config"
)

// maxAnswer is the largest answer to take: the graph.
const maxAnswer = 200 << 20

// callTimeout bounds calls that don't wait for blocks or for other nodes.
const callTimeout = 60 * time.Second

// where is how to find the daemon; what isn't given comes from its configuration.
type where struct {
	dir, file, network, address, cert, macaroon string

	net string // the network of the configuration
}

// resolve fills in what wasn't given.
func (w *where) resolve() error {
	if w.address != "" && w.cert != "" && w.macaroon != "" {
		return nil
	}
	c, err := config.ForClient(w.dir, w.file, w.network)
	if err != nil {
		return err
	}
	w.net = c.Network.Name
	if w.address == "" {
		w.address = local(c.RPCListen[0])
	}
	if w.cert == "" {
		w.cert = c.TLSCertPath
	}
	if w.macaroon == "" {
		w.macaroon = c.AdminMacPath
	}
	return nil
}

// asks whether the network is the right one, where it was the configuration's.
func (w *where) asks() string {
	if w.net == "" {
		return ""
	}
	return fmt.Sprintf("is %s its network, and has its wallet been made? --network or ", w.net)
}

// local is where to reach an address that is listened at: all interfaces include
// loopback, and that is in every certificate.
func local(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// macaroonCreds sends a macaroon with every call.
type macaroonCreds string

// GetRequestMetadata is of credentials.PerRPCCredentials.
func (m macaroonCreds) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"macaroon": string(m)}, nil
}

// RequireTransportSecurity is of credentials.PerRPCCredentials.
func (macaroonCreds) RequireTransportSecurity() bool { return true }

// dial connects; the caller closes. Without a macaroon file the daemon may yet let us
// call: before the wallet is open, or when it asks for none.
func (a *app) dial() (*grpc.ClientConn, error) {
	if err := a.where.resolve(); err != nil {
		return nil, err
	}
	tls, err := credentials.NewClientTLSFromFile(a.where.cert, "")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, off("there is no certificate at %s: has nwnd been started? "+
			"(--nwnddir says where it keeps its files)", a.where.cert)
	}
	if err != nil {
		return nil, fmt.Errorf("certificate %s: %w", a.where.cert, err)
	}
	opts := []grpc.DialOption{
		grpc.WithTransportCredentials(tls),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswer)),
	}
	mac, err := os.ReadFile(a.where.macaroon)
	switch {
	case err == nil:
		opts = append(opts, grpc.WithPerRPCCredentials(macaroonCreds(hex.EncodeToString(mac))))
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("macaroon: %w", err)
	}
	return grpc.NewClient(a.where.address, opts...)
}
