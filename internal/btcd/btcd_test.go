package btcd_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/btcd"
	"github.com/nichework/nwnd/internal/btcd/btcdtest"
)

// address gives some address of the chain.
func address(t *testing.T, n *btcd.Node, seed byte) (string, []byte) {
	t.Helper()
	addr, err := btcutil.NewAddressWitnessPubKeyHash(btcutil.Hash160([]byte{seed}), n.Params())
	require.NoError(t, err)
	script, err := txscript.PayToAddrScript(addr)
	require.NoError(t, err)
	return addr.EncodeAddress(), script
}

func height(t *testing.T, n *btcd.Node) int32 {
	t.Helper()
	h, _, err := n.Best()
	require.NoError(t, err)
	return h
}

func TestStartMinesUpToSegwit(t *testing.T) {
	n := btcdtest.Start(t, btcd.Config{})
	require.Equal(t, btcd.SegwitHeight(n.Params()), height(t, n))

	client, err := n.RPC().Client()
	require.NoError(t, err)
	defer client.Shutdown()
	info, err := client.GetBlockChainInfo()
	require.NoError(t, err)
	for _, fork := range []string{"segwit", "taproot", "csv"} {
		require.Equal(t, "active", info.SoftForks.Bip9SoftForks[fork].Status, fork)
	}
}

func TestPayThenMineToConfirms(t *testing.T) {
	n := btcdtest.Start(t, btcd.Config{})
	a, aScript := address(t, n, 1)
	b, _ := address(t, n, 2)

	// A chain of payments, each of which may spend the change of the one before.
	var ids []chainhash.Hash
	for range 3 {
		id, err := n.Pay(btcutil.SatoshiPerBitcoin, a, b)
		require.NoError(t, err)
		ids = append(ids, id)
	}
	hashes, err := n.MineTo(a, 2)
	require.NoError(t, err)
	require.Len(t, hashes, 2)

	client, err := n.RPC().Client()
	require.NoError(t, err)
	defer client.Shutdown()
	first, err := client.GetBlock(&hashes[0])
	require.NoError(t, err)
	require.Len(t, first.Transactions, 1+len(ids))
	require.Equal(t, aScript, first.Transactions[0].TxOut[0].PkScript)
	require.EqualValues(t, 50*btcutil.SatoshiPerBitcoin, first.Transactions[0].TxOut[0].Value)
	for _, id := range ids {
		tx, err := client.GetRawTransactionVerbose(&id)
		require.NoError(t, err)
		require.EqualValues(t, 2, tx.Confirmations)
	}
}

func TestPayRefusesMoreThanIsThere(t *testing.T) {
	n := btcdtest.Start(t, btcd.Config{Height: 101})
	a, _ := address(t, n, 1)
	_, err := n.Pay(60*btcutil.SatoshiPerBitcoin*100, a)
	require.ErrorIs(t, err, btcd.ErrNoFunds)
	_, err = n.Pay(1000, "no address")
	require.Error(t, err)
}

func TestInvalidateIsAReorg(t *testing.T) {
	n := btcdtest.Start(t, btcd.Config{})
	before := height(t, n)
	hashes, err := n.Mine(6)
	require.NoError(t, err)
	require.NoError(t, n.Invalidate(hashes[0]))
	require.Equal(t, before, height(t, n))
	again, err := n.Mine(7)
	require.NoError(t, err)
	require.NotContains(t, again, hashes[0])
	require.Equal(t, before+7, height(t, n))
}

func TestRestartKeepsBlocksPortAndCredentials(t *testing.T) {
	n := btcdtest.Start(t, btcd.Config{})
	_, best, err := n.Best()
	require.NoError(t, err)
	rpc := n.RPC()
	require.NoError(t, n.Stop())
	<-n.Done()
	_, err = n.Mine(1)
	require.ErrorIs(t, err, btcd.ErrStopped)
	require.NoError(t, n.Stop(), "a second stop does nothing")

	require.NoError(t, n.Restart(t.Context()))
	require.Equal(t, rpc, n.RPC())
	_, after, err := n.Best()
	require.NoError(t, err)
	require.Equal(t, best, after)
	a, _ := address(t, n, 1)
	_, err = n.Pay(btcutil.SatoshiPerBitcoin, a)
	require.NoError(t, err)
}

func TestRegtestWithoutTLS(t *testing.T) {
	a, _ := address(t, btcdtest.Start(t, btcd.Config{Network: btcd.Regtest, Height: -1}), 1)
	n := btcdtest.Start(t, btcd.Config{Network: btcd.Regtest, NoTLS: true, Height: -1, MiningAddr: a})
	require.Zero(t, height(t, n))
	_, err := n.Mine(1)
	require.NoError(t, err)
	require.Empty(t, n.RPC().CertPath)
}

func TestContextEndsTheProcess(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n, err := btcd.Start(ctx, btcd.Config{Dir: t.TempDir(), Binary: btcdtest.Binary(t), Height: -1})
	require.NoError(t, err)
	cancel()
	<-n.Done()
	require.NoError(t, n.Stop())
}

func TestStartErrors(t *testing.T) {
	dir := t.TempDir()
	_, err := btcd.Start(t.Context(), btcd.Config{Dir: dir, Network: "mainnet"})
	require.ErrorIs(t, err, btcd.ErrNetwork)

	t.Setenv("PATH", dir)
	_, err = btcd.Start(t.Context(), btcd.Config{Dir: dir})
	require.ErrorIs(t, err, btcd.ErrNoBinary)

	fake := filepath.Join(dir, "btcd")
	require.NoError(t, os.WriteFile(fake, []byte("#!/bin/sh\nexit 3\n"), 0o700))
	_, err = btcd.Start(t.Context(), btcd.Config{Dir: dir})
	require.True(t, errors.Is(err, btcd.ErrExited), "%v", err)
}

func TestSecretsAreOnlyForTheOwner(t *testing.T) {
	n := btcdtest.Start(t, btcd.Config{Height: -1})
	for _, name := range []string{"rpc.key", "faucet.key", "btcd.conf"} {
		fi, err := os.Stat(filepath.Join(n.Dir(), name))
		require.NoError(t, err)
		require.EqualValues(t, 0o600, fi.Mode().Perm(), name)
	}
	require.NotContains(t, n.RPC().String(), n.RPC().Pass)
}
