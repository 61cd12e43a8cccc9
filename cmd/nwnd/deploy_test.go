package main

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/geth"
)

// The adjudicator is put on a chain once; whoever looks afterwards finds it at the same address.
func TestDeployAdjudicatorIsRepeatable(t *testing.T) {
	key, err := crypto.GenerateKey()
	require.NoError(t, err)
	chain, err := geth.Start(geth.Config{Alloc: geth.Coins(1, crypto.PubkeyToAddress(key.PublicKey)), Period: 50 * time.Millisecond})
	require.NoError(t, err)
	defer chain.Close()
	file := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(file, []byte("0x"+hex.EncodeToString(crypto.FromECDSA(key))+"\n"), 0o600))

	call := func(args ...string) (int, string, string) {
		var out, errs bytes.Buffer
		code := run(t.Context(), append([]string{"deploy-adjudicator"}, args...), &out, &errs)
		return code, strings.TrimSpace(out.String()), errs.String()
	}
	code, _, errs := call(chain.URL())
	require.Equal(t, 1, code)
	require.Contains(t, errs, "not on this chain")
	code, first, errs := call("--key="+file, chain.URL())
	require.Zero(t, code, errs)
	for _, args := range [][]string{{chain.URL()}, {"--key=" + file, chain.WebSocket()}} {
		code, again, errs := call(args...)
		require.Zero(t, code, errs)
		require.Equal(t, first, again)
	}
}

func TestDeployAdjudicatorShowsNoSecrets(t *testing.T) {
	const secret = "5ec4e7"
	dir := t.TempDir()
	bad, open := filepath.Join(dir, "bad"), filepath.Join(dir, "open")
	require.NoError(t, os.WriteFile(bad, []byte(secret), 0o600))
	require.NoError(t, os.WriteFile(open, []byte(secret), 0o644))
	for _, args := range [][]string{
		{"--key=" + bad, "http://127.0.0.1:1"}, {"--key=" + open, "http://127.0.0.1:1"}, {"gopher://127.0.0.1/" + secret},
		{"http://127.0.0.1:1/" + secret}, {}, {"a", "b"},
	} {
		var out, errs bytes.Buffer
		require.NotZero(t, run(t.Context(), append([]string{"deploy-adjudicator"}, args...), &out, &errs), args)
		require.NotContains(t, out.String()+errs.String(), secret, args)
	}
}
