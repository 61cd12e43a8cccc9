package config

import (
	"net"
	"path/filepath"
	"strconv"
)

// fill gives the paths that depend on others their defaults, and ports to addresses.
// Directories are as lnd has them, so that tools find macaroons where they look.
func (c *Config) fill() {
	c.NwndDir = expand(c.NwndDir)
	def := func(p *string, elem ...string) {
		if *p == "" {
			*p = filepath.Join(elem...)
		}
		*p = expand(*p)
	}
	def(&c.ConfigFile, c.NwndDir, "nwnd.conf")
	def(&c.DataDir, c.NwndDir, "data")
	def(&c.LogDir, c.NwndDir, "logs")
	def(&c.TLSCertPath, c.NwndDir, "tls.cert")
	def(&c.TLSKeyPath, c.NwndDir, "tls.key")
	def(&c.AdminMacPath, c.ChainDir(), "admin.macaroon")
	def(&c.ReadMacPath, c.ChainDir(), "readonly.macaroon")
	def(&c.InvoiceMacPath, c.ChainDir(), "invoice.macaroon")
	def(&c.BackupFilePath, c.ChainDir(), "channel.backup")
	def(&c.Tor.PrivateKeyPath, c.NwndDir, "v3_onion_private_key")
	c.PasswordFile = expand(c.PasswordFile)
	c.Pprof.CPUProfile = expand(c.Pprof.CPUProfile)
	c.Btcd.RPCCert = expand(c.Btcd.RPCCert)

	if len(c.Listen) == 0 {
		c.Listen = []string{"0.0.0.0"}
		// Whoever comes by Tor comes from this machine; whoever else could come finds out where it is.
		if c.Tor.Active && (c.Tor.V3 || !c.Tor.SkipClearnet) {
			c.Listen = []string{"localhost"}
		}
	}
	for i := range c.Listen {
		c.Listen[i] = withPort(c.Listen[i], "9735")
	}
	for i := range c.ExternalIP {
		c.ExternalIP[i] = withPort(c.ExternalIP[i], "9735")
	}
	for i := range c.RPCListen {
		c.RPCListen[i] = withPort(c.RPCListen[i], "10009")
	}
	for i := range c.RESTListen {
		c.RESTListen[i] = withPort(c.RESTListen[i], "8080")
	}
	for i := range c.ExternalHosts {
		c.ExternalHosts[i] = withPort(c.ExternalHosts[i], "9735")
	}
	c.Tor.SOCKS = withHost(c.Tor.SOCKS, "9050")
	c.Tor.Control = withHost(c.Tor.Control, "9051")
	c.Prometheus.Listen = withHost(c.Prometheus.Listen, "8989")
	if c.Pprof.Profile != "" {
		c.Pprof.Profile = withHost(c.Pprof.Profile, "6060")
	}
	c.Neutrino.fill(c.Network)
	c.Btcd.RPCHost = withPort(c.Btcd.RPCHost, c.Network.BtcdPort)
	c.Bitcoind.fill(c.Network)
}

// ChainDir holds the wallet, the macaroons and the lock.
func (c *Config) ChainDir() string {
	return filepath.Join(c.DataDir, "chain", "bitcoin", c.Network.Name)
}

// GraphDir holds channels and the graph.
func (c *Config) GraphDir() string {
	return filepath.Join(c.DataDir, "graph", c.Network.Name)
}

// LogFile is the log that is written to.
func (c *Config) LogFile() string {
	return filepath.Join(c.LogDir, "bitcoin", c.Network.Name, "nwnd.log")
}

// withHost is an address of which the host or the port may be missing, as lnd reads it.
func withHost(addr, port string) string {
	if _, err := strconv.ParseUint(addr, 10, 16); err == nil {
		return net.JoinHostPort("localhost", addr)
	}
	return withPort(addr, port)
}
