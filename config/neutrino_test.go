package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBackendThatIsTakenUnlessNamed(t *testing.T) {
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"--bitcoin.simnet"}, NodeBtcd},
		{[]string{"--bitcoin.regtest"}, NodeBtcd},
		{[]string{"--bitcoin.signet"}, NodeNeutrino},
		{[]string{"--bitcoin.testnet4"}, NodeNeutrino},
		{[]string{"--bitcoin.testnet4", "--btcd.rpcuser=me"}, NodeBtcd},
		{[]string{"--bitcoin.testnet4", "--btcd.rpcuser=me", "--bitcoin.node=neutrino"}, NodeNeutrino},
		{[]string{"--bitcoin.simnet", "--bitcoin.node=neutrino", "--neutrino.connect=localhost"}, NodeNeutrino},
	} {
		c, err := Load(append(tc.args, "--nwnddir="+t.TempDir()))
		require.NoError(t, err)
		require.Equal(t, tc.want, c.Bitcoin.Node, "%v", tc.args)
	}
}

func TestNeutrinoOptions(t *testing.T) {
	load := func(args ...string) (*Config, error) {
		return Load(append(args, "--nwnddir="+t.TempDir(), "--bitcoin.node=neutrino"))
	}
	c, err := load("--bitcoin.simnet", "--neutrino.connect=1.2.3.4", "--neutrino.addpeer=[::1]:7",
		"--neutrino.assertfilterheader=5:00000000000000000000000000000000000000000000000000000000000000ff")
	require.NoError(t, err)
	require.Equal(t, []string{"1.2.3.4:18555"}, c.Neutrino.ConnectPeers)
	require.Equal(t, []string{"[::1]:7"}, c.Neutrino.AddPeers)
	height, hash, err := c.Neutrino.Header()
	require.NoError(t, err)
	require.EqualValues(t, 5, height)
	require.EqualValues(t, 0xff, hash[0])

	_, err = load("--bitcoin.signet")
	require.NoError(t, err, "peers are found")
	for _, bad := range [][]string{
		{"--bitcoin.simnet"},
		{"--bitcoin.signet", "--neutrino.maxpeers=0"},
		{"--bitcoin.signet", "--neutrino.maxpeers=126"},
		{"--bitcoin.signet", "--neutrino.banduration=1ms"},
		{"--bitcoin.signet", "--neutrino.broadcasttimeout=1h"},
		{"--bitcoin.signet", "--neutrino.assertfilterheader=x"},
		{"--bitcoin.signet", "--neutrino.assertfilterheader=5:00"},
	} {
		_, err = load(bad...)
		require.ErrorContains(t, err, "neutrino.", "%v", bad)
	}
}
