package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBitcoindIsFoundByTheNetwork(t *testing.T) {
	home, err := os.UserHomeDir()
	require.NoError(t, err)
	for network, want := range map[string]struct{ host, cookie string }{
		"regtest":  {"localhost:18443", ".bitcoin/regtest/.cookie"},
		"signet":   {"localhost:38332", ".bitcoin/signet/.cookie"},
		"testnet":  {"localhost:18332", ".bitcoin/testnet3/.cookie"},
		"testnet4": {"localhost:48332", ".bitcoin/testnet4/.cookie"},
	} {
		c, err := load(t, "", "--bitcoin."+network, "--bitcoin.node=bitcoind", "--bitcoind.rpcpolling")
		require.NoError(t, err)
		require.Equal(t, want.host, c.Bitcoind.RPCHost)
		require.Equal(t, filepath.Join(home, want.cookie), c.Bitcoind.RPCCookie)
	}
	c, err := load(t, "[bitcoind]\nbitcoind.rpcuser=me\nbitcoind.rpcpass=x\nbitcoind.rpchost=[::1]:9\n"+
		"bitcoind.zmqpubrawblock=tcp://a:1\nbitcoind.zmqpubrawtx=tcp://a:2\n", "--bitcoin.regtest", "--bitcoin.node=bitcoind")
	require.NoError(t, err)
	require.Empty(t, c.Bitcoind.RPCCookie, "user and password are given")
	require.Equal(t, "[::1]:9", c.Bitcoind.RPCHost)
}

func TestABitcoindThatCannotBeReachedIsRefused(t *testing.T) {
	zmq := []string{"--bitcoind.zmqpubrawblock=tcp://a:1", "--bitcoind.zmqpubrawtx=tcp://a:2"}
	for want, args := range map[string][]string{
		"use bitcoin.regtest": append([]string{"--bitcoin.simnet"}, zmq...),
		"need each other":     append([]string{"--bitcoin.signet", "--bitcoind.rpcuser=me"}, zmq...),
		"bitcoind.rpcpolling": {"--bitcoin.signet", zmq[0]},
		"must differ":         {"--bitcoin.signet", zmq[0], "--bitcoind.zmqpubrawtx=tcp://a:1"},
		"needs a value: one of CONSERVATIVE, ECONOMICAL": append([]string{"--bitcoin.signet", "--bitcoind.estimatemode=GUESS"}, zmq...),
	} {
		_, err := load(t, "", append(args, "--bitcoin.node=bitcoind")...)
		require.ErrorContains(t, err, want)
	}
	_, err := load(t, "", "--bitcoin.simnet")
	require.NoError(t, err, "nothing is asked of a bitcoind that isn't used")
}
