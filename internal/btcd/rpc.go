package btcd

import (
	"fmt"
	"os"

	"github.com/btcsuite/btcd/rpcclient"
)

// RPCConfig says how to reach a btcd. nwnd's own options have the first four parts.
type RPCConfig struct {
	Host     string // host:port
	User     string
	Pass     string
	CertPath string // PEM file of the server's certificate; empty: no TLS
	Network  string // name of the chain parameters, e.g. "simnet"
	P2P      string // host:port where it takes peers, as neutrino is one; empty: unknown
}

// String leaves the password out, so that it stays out of logs.
func (c RPCConfig) String() string { return fmt.Sprintf("btcd %s at %s", c.Network, c.Host) }

// Conn gives rpcclient's form: a websocket that reconnects by itself.
func (c RPCConfig) Conn() (*rpcclient.ConnConfig, error) {
	conn := &rpcclient.ConnConfig{
		Host:                 c.Host,
		Endpoint:             "ws",
		User:                 c.User,
		Pass:                 c.Pass,
		Params:               c.Network,
		DisableConnectOnNew:  true,
		DisableAutoReconnect: false,
	}
	if c.CertPath == "" {
		conn.DisableTLS = true
		return conn, nil
	}
	cert, err := os.ReadFile(c.CertPath)
	if err != nil {
		return nil, fmt.Errorf("btcd: certificate: %w", err)
	}
	conn.Certificates = cert
	return conn, nil
}

// Client gives a client that makes one HTTP request per call, so that it needs no reconnecting.
// The caller calls its Shutdown.
func (c RPCConfig) Client() (*rpcclient.Client, error) {
	conn, err := c.Conn()
	if err != nil {
		return nil, err
	}
	conn.HTTPPostMode = true
	client, err := rpcclient.New(conn, nil)
	if err != nil {
		return nil, fmt.Errorf("btcd: client for %s: %w", c.Host, err)
	}
	return client, nil
}
