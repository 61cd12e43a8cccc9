package config

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOperatorsOptions(t *testing.T) {
	c, err := load(t, "", "--bitcoin.regtest")
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8989", c.Prometheus.Listen)
	require.False(t, c.Prometheus.Enable)
	require.Equal(t, Check{3, 30 * time.Second, 2 * time.Minute, time.Minute}, c.HealthCheck.Checks()["chainbackend"])
	require.Equal(t, Check{0, 5 * time.Second, time.Minute, 12 * time.Hour}, c.HealthCheck.Checks()["diskspace"])
	require.Equal(t, filepath.Join(c.NwndDir, "v3_onion_private_key"), c.Tor.PrivateKeyPath)

	// As lnd.conf files have them: a port alone, or a host alone.
	c, err = load(t, `[tor]
tor.active=true
tor.v3=true
tor.socks=9150
tor.control=tor.example
tor.password=hush
[prometheus]
prometheus.listen=0.0.0.0
[Application Options]
externalhosts=me.example
profile=6061
`, "--bitcoin.regtest")
	require.NoError(t, err)
	require.Equal(t, "localhost:9150", c.Tor.SOCKS)
	require.Equal(t, "tor.example:9051", c.Tor.Control)
	require.Equal(t, "0.0.0.0:8989", c.Prometheus.Listen)
	require.Equal(t, []string{"me.example:9735"}, c.ExternalHosts)
	require.Equal(t, "localhost:6061", c.Pprof.Profile)
	require.Equal(t, []string{"localhost:9735"}, c.Listen, "only Tor leads here")
	require.Empty(t, c.Ignored)
}

func TestANodeBehindTorIsNotFoundByItsAddress(t *testing.T) {
	for flag, want := range map[string]string{
		"--tor.active": "localhost:9735", "--tor.skip-proxy-for-clearnet-targets": "0.0.0.0:9735",
	} {
		c, err := load(t, "", "--bitcoin.regtest", "--tor.active", flag)
		require.NoError(t, err)
		require.Equal(t, []string{want}, c.Listen, flag)
	}
}

func TestOperatorsOptionsAreChecked(t *testing.T) {
	key := strings.Repeat("02", 33)
	for flags, want := range map[string]string{
		"--tor.v3":                         "tor.v3 needs tor.active",
		"--tor.active --tor.v3 --nolisten": "exclude each other",
		"--tor.active --tor.streamisolation --tor.skip-proxy-for-clearnet-targets": "exclude each other",
		"--tor.targetipaddress=me.example":                                         "no IP address",
		"--tor.socks=localhost:99999":                                              "tor.socks",
		"--prometheus.listen=localhost:99999":                                      "prometheus.listen",
		"--profile=0.0.0.0:6060":                                                   "not loopback",
		"--addpeer=" + key:                                                         "key@host:port",
		"--addpeer=" + key[2:] + "@host":                                           "66 hex digits",
		"--minbackoff=2h":                                                          "at most maxbackoff 5m0s",
		"--minbackoff=0s":                                                          "at least 100ms",
		"--connectiontimeout=10ms":                                                 "at least 1s",
		"--healthcheck.tls.attempts=-1":                                            "healthcheck.tls.attempts is -1",
		"--healthcheck.chainbackend.interval=10ms":                                 "healthcheck.chainbackend",
		"--healthcheck.diskspace.diskrequired=1":                                   "diskrequired is 1",
		"--healthcheck.diskspace.diskrequired=NaN":                                 "diskrequired is NaN",
	} {
		_, err := load(t, "", append(strings.Fields(flags), "--bitcoin.regtest")...)
		require.ErrorContains(t, err, want, flags)
	}
	_, err := load(t, "", "--bitcoin.regtest", "--addpeer="+key+"@host")
	require.NoError(t, err)
}
