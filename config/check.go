package config

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// check refuses what contradicts itself or cannot be done, and fills the rest.
func (c *Config) check() error {
	if c.DebugLevel == "show" {
		return ErrShowLevels
	}
	if c.Bitcoin.MainNet {
		return ErrMainNet
	}
	var err error
	if c.Network, err = c.Bitcoin.network(); err != nil {
		return err
	}
	c.chooseNode()
	c.fill()
	if c.Levels, err = ParseLevels(c.DebugLevel); err != nil {
		return err
	}
	if c.RGB, err = parseColor(c.Color); err != nil {
		return err
	}
	if len(c.Alias) > 32 || !utf8.ValidString(c.Alias) {
		return fmt.Errorf("config: alias has %d bytes, it may have 32, of UTF-8", len(c.Alias))
	}
	if c.NoSeedBackup && !c.Network.Worthless {
		return fmt.Errorf("config: noseedbackup is refused on %s: without its seed the "+
			"wallet cannot be recovered", c.Network.Name)
	}
	if c.NoSeedBackup && c.PasswordFile != "" {
		return errors.New("config: noseedbackup and wallet-unlock-password-file exclude each other")
	}
	if c.AllowCreate && c.PasswordFile == "" {
		return errors.New("config: wallet-unlock-allow-create needs wallet-unlock-password-file")
	}
	for _, limit := range c.limits() {
		if limit.is < limit.min || limit.is > limit.max {
			return fmt.Errorf("config: %s is %d, it may be %d to %d",
				limit.name, limit.is, limit.min, limit.max)
		}
	}
	if c.MinChanSize > c.MaxChanSize {
		return fmt.Errorf("config: minchansize %d is above maxchansize %d",
			c.MinChanSize, c.MaxChanSize)
	}
	if c.Bitcoin.Node == "bitcoind" {
		if err := c.Bitcoind.check(c.Network); err != nil {
			return err
		}
	}
	if c.Bitcoin.Node == NodeNeutrino {
		if err := c.Neutrino.check(c.Network); err != nil {
			return err
		}
	}
	if f := &c.Fee; f.MinUpdateTimeout < time.Second || f.MinUpdateTimeout > f.MaxUpdateTimeout {
		return fmt.Errorf("config: fee.min-update-timeout %v must be at least 1s and at most "+
			"fee.max-update-timeout %v", f.MinUpdateTimeout, f.MaxUpdateTimeout)
	}
	if c.EVMChains, err = c.EVM.chains(); err != nil {
		return err
	}
	if c.EVMAssets, err = c.EVM.assets(c.EVMChains); err != nil {
		return err
	}
	return errors.Join(c.checkAddresses(), c.checkOps())
}

type limit struct {
	name         string
	is, min, max int64
}

// limits are what numbers may be. Channel sizes end where BOLT 2 ends them without
// option_support_large_channel; a time lock delta below 18 leaves too few blocks to
// claim an HTLC on chain (BOLT 2, "cltv_expiry_delta selection").
func (c *Config) limits() []limit {
	b := &c.Bitcoin
	return []limit{
		{"maxlogfilesize", int64(c.MaxLogFileSize), 1, 10_000},
		{"maxlogfiles", int64(c.MaxLogFiles), 0, 1_000},
		{"maxpendingchannels", int64(c.MaxPendingChannels), 1, 100},
		{"minchansize", c.MinChanSize, 1_000, 1<<24 - 1},
		{"maxchansize", c.MaxChanSize, 1_000, 1<<24 - 1},
		{"bitcoin.defaultchanconfs", int64(b.DefaultNumConfs), 1, 100},
		{"bitcoin.finalconfs", int64(b.FinalConfs), 6, 100},
		{"bitcoin.finalconfsperbtc", int64(b.FinalConfsPerBTC), 0, 100},
		{"bitcoin.minhtlcout", b.MinHTLCOut, 0, 1e11},
		{"bitcoin.basefee", b.BaseFee, 0, 1<<32 - 1},
		{"bitcoin.feerate", b.FeeRate, 0, 1<<32 - 1},
		{"bitcoin.timelockdelta", int64(b.TimeLockDelta), 18, 2016},
		{"evm.maxgasprice", c.EVM.MaxGasPrice, 1, 1_000_000},
		{"evm.maxhtlcs", c.EVM.MaxHTLCs, 5, 483},
		{"ws-ping-interval (ms)", c.WSPingInterval.Milliseconds(), 0, 3_600_000},
		{"ws-pong-wait (ms)", c.WSPongWait.Milliseconds(), 0, 3_600_000},
		{"tlscertduration (hours)", int64(c.TLSCertDuration.Hours()), 1, 24 * 36500},
	}
}

func (c *Config) checkAddresses() error {
	if len(c.RPCListen) == 0 {
		return errors.New("config: rpclisten is empty, so nobody could use the API")
	}
	for _, list := range []struct {
		name  string
		addrs []string
	}{{"listen", c.Listen}, {"rpclisten", c.RPCListen}, {"restlisten", c.RESTListen}, {"externalip", c.ExternalIP}} {
		for _, a := range list.addrs {
			if _, err := net.ResolveTCPAddr("tcp", numeric(a)); err != nil {
				return fmt.Errorf("config: %s %q: %w", list.name, a, err)
			}
		}
	}
	if c.NoMacaroons {
		for _, a := range slices.Concat(c.RPCListen, c.served()) {
			if host, _, _ := net.SplitHostPort(a); !loopback(host) {
				return fmt.Errorf("config: no-macaroons is refused while rpclisten or restlisten %q is "+
					"not loopback: anyone could take the coins", a)
			}
		}
	}
	if c.NoRESTTLS {
		for _, a := range c.served() {
			if host, _, _ := net.SplitHostPort(a); !loopback(host) && !private(host) {
				return fmt.Errorf("config: no-rest-tls is refused while restlisten %q is neither loopback "+
					"nor of a private network: macaroons could be read on the way", a)
			}
		}
	}
	return c.checkOrigins()
}

// served is where REST is served.
func (c *Config) served() []string {
	if c.NoREST {
		return nil
	}
	return c.RESTListen
}

// checkOrigins holds restcors to what a browser calls a page's origin.
func (c *Config) checkOrigins() error {
	for _, o := range c.RESTCORS {
		u, err := url.Parse(o)
		if o != "*" && (err != nil || u.Scheme == "" || u.Host == "" || u.Scheme+"://"+u.Host != o) {
			return fmt.Errorf("config: restcors %q is not of the form https://host:port, nor *", o)
		}
	}
	return nil
}

// numeric replaces a host name, so that checking an address never asks a name server.
func numeric(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || host == "" || net.ParseIP(host) != nil || strings.Contains(host, "%") {
		return addr
	}
	return net.JoinHostPort("127.0.0.1", port)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func private(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsPrivate()
}

func parseColor(s string) (c [3]byte, err error) {
	b, err := hex.DecodeString(strings.TrimPrefix(s, "#"))
	if err != nil || len(b) != 3 || !strings.HasPrefix(s, "#") {
		return c, fmt.Errorf("config: color %q is not of the form #rrggbb", s)
	}
	return [3]byte(b), nil
}
