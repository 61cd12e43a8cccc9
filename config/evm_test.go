package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEVMChainsAreRead(t *testing.T) {
	c, err := Load([]string{"--nwnddir=" + t.TempDir(), "--bitcoin.simnet",
		"--evm.chain=dev,1337,dev,http://127.0.0.1:8545, /run/geth.ipc", "--evm.chain=base,8453,op-stack,wss://a.example/v2/KEY"})
	require.NoError(t, err)
	require.Equal(t, []EVMChain{
		{Name: "dev", ID: 1337, Profile: "dev", Endpoints: []string{"http://127.0.0.1:8545", "/run/geth.ipc"}},
		{Name: "base", ID: 8453, Profile: "op-stack", Endpoints: []string{"wss://a.example/v2/KEY"}},
	}, c.EVMChains)
}

func TestEVMChainsThatCantBeAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"dev":                           "needs name,chain id,profile,endpoint",
		"dev,x,dev,http://h":            `chain id "x"`,
		"dev,0,dev,http://h":            `chain id "0"`,
		"dev,1,solana,http://h":         `profile "solana"`,
		",1,dev,http://h":               "name",
		"a b,1,dev,http://h":            "name",
		"dev,1,dev,ftp://h":             "endpoint 1 of dev",
		"dev,1,dev,http://h,SECRET":     "endpoint 2 of dev",
		"dev,1,dev,http://h\x7f/SECRET": "endpoint 1 of dev",
	} {
		_, err := Load([]string{"--nwnddir=" + t.TempDir(), "--bitcoin.simnet", "--evm.chain=" + text})
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "SECRET", "it may be a key")
	}
	_, err := Load([]string{"--nwnddir=" + t.TempDir(), "--bitcoin.simnet", "--evm.chain=a,1,dev,http://h", "--evm.chain=b,1,dev,http://h"})
	require.ErrorContains(t, err, "named twice")
}

func TestEVMAssetsAreRead(t *testing.T) {
	load := func(asset string) (*Config, error) {
		return Load([]string{"--nwnddir=" + t.TempDir(), "--bitcoin.simnet", "--evm.chain=dev,1337,dev,http://h", "--evm.asset=" + asset})
	}
	one, two := "0x0100000000000000000000000000000000000000", "0200000000000000000000000000000000000000"
	c, err := load("MILES,dev," + one + "," + two)
	require.NoError(t, err)
	require.Equal(t, []EVMAsset{{Symbol: "MILES", Chain: "dev", Adjudicator: [20]byte{1}, Token: [20]byte{2}}}, c.EVMAssets)
	for text, want := range map[string]string{
		"MILES,dev," + one:               "needs symbol",
		"MILES,other," + one + "," + two: `no evm.chain is named "other"`,
		"MILES,dev,0x01," + two:          "20 bytes",
		"MILES,dev," + one + ",zz":       "20 bytes",
	} {
		_, err := load(text)
		require.ErrorContains(t, err, want)
	}
}
