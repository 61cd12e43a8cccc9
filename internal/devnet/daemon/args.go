package daemon

import (
	"net"
	"path/filepath"
	"strconv"
)

// args is the command line of either daemon. nwnd's options carry lnd's names, so
// little differs: the home directory, and lnd's gossip timers, which are meant for a
// network of thousands and would make each scenario wait a minute and a half.
func (n *Node) args() []string {
	c := n.Chain
	a := []string{
		"--bitcoin." + c.Network,
		"--bitcoin.node=" + n.backend(),
		"--btcd.rpchost=" + c.Host,
		"--btcd.rpcuser=" + c.User,
		"--btcd.rpcpass=" + c.Pass,
		"--btcd.rpccert=" + c.CertPath,
		"--alias=" + n.Name,
		"--listen=" + loopback(n.p2p),
		"--rpclisten=" + loopback(n.rpc),
		"--restlisten=" + loopback(n.rest),
		"--externalip=" + loopback(n.p2p),
		"--adminmacaroonpath=" + n.MacaroonFile(),
		"--wallet-unlock-password-file=" + n.passwordFile(),
		"--wallet-unlock-allow-create",
	}
	switch n.Kind {
	case LND:
		a = append(a,
			"--lnddir="+n.DataDir(),
			"--nobootstrap",
			"--trickledelay=50",
			"--gossip.sub-batch-delay=5ms",
			"--bitcoin.defaultchanconfs=1",
			"--gossip.channel-update-interval=1s",
			"--caches.rpc-graph-cache-duration=100ms",
		)
	case NWND:
		a = append(a, "--nwnddir="+n.DataDir())
	}
	if n.Light {
		a = append(a, "--neutrino.connect="+c.P2P)
	}
	return append(a, n.Args...)
}

func (n *Node) backend() string {
	if n.Light {
		return "neutrino"
	}
	return "btcd"
}

// CertFile is the daemon's TLS certificate.
func (n *Node) CertFile() string { return filepath.Join(n.DataDir(), "tls.cert") }

// MacaroonFile is the macaroon that allows everything.
func (n *Node) MacaroonFile() string { return filepath.Join(n.Dir, "admin.macaroon") }

func (n *Node) passwordFile() string { return filepath.Join(n.Dir, "password") }

// RPCAddress is where the gRPC API listens.
func (n *Node) RPCAddress() string { return loopback(n.rpc) }

// RESTAddress is where the REST API listens.
func (n *Node) RESTAddress() string { return loopback(n.rest) }

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// CommandLine is what the program is started with.
func (n *Node) CommandLine() []string { return n.args() }
