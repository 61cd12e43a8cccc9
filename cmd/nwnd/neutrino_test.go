package main

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/nichework/nwnd/lnrpc"
)

// A light client whose peers are away is up, says so, and ends when it is told to.
func TestDaemonOnNeutrinoWithoutPeers(t *testing.T) {
	dir, out := t.TempDir(), &output{}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	done := make(chan error, 1)
	go func() {
		done <- daemon(ctx, args(dir, "--bitcoin.node=neutrino", "--neutrino.connect=127.0.0.1:1", "--noseedbackup", "--no-macaroons"), out)
	}()
	require.Eventually(t, func() bool { return strings.Contains(out.String(), "the node is up") }, time.Minute, 10*time.Millisecond)

	creds, err := credentials.NewClientTLSFromFile(filepath.Join(dir, "tls.cert"), "")
	require.NoError(t, err)
	conn, err := grpc.NewClient(address(t, out), grpc.WithTransportCredentials(creds))
	require.NoError(t, err)
	defer conn.Close()
	call, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	info, err := lnrpc.NewLightningClient(conn).GetInfo(call, &lnrpc.GetInfoRequest{})
	require.NoError(t, err)
	require.False(t, info.SyncedToChain)
	require.Zero(t, info.BlockHeight)
	require.NotZero(t, info.BestHeaderTimestamp)
	require.Eventually(t, func() bool { return strings.Contains(out.String(), `in=BTCN stage="looking for peers"`) },
		time.Minute, 10*time.Millisecond)

	stop()
	require.NoError(t, <-done)
	for _, f := range []string{"neutrino.db", "block_headers.bin", "reg_filter_headers.bin"} {
		_, err := os.Stat(filepath.Join(dir, "data/chain/bitcoin/regtest", f))
		require.NoError(t, err)
	}
}

func TestAddressesOfBitcoinNodes(t *testing.T) {
	asked := 0
	lookup := func(context.Context, string) ([]string, error) {
		asked++
		return []string{"10.0.0.1", "not an address", "::1"}, nil
	}
	got, err := lookupIP(lookup, "192.0.2.1")
	require.NoError(t, err)
	require.Equal(t, []net.IP{net.ParseIP("192.0.2.1")}, got)
	require.Zero(t, asked, "an address is no name")
	got, err = lookupIP(lookup, "seed.example")
	require.NoError(t, err)
	require.Equal(t, []net.IP{net.ParseIP("10.0.0.1"), net.ParseIP("::1")}, got)
	gone := errors.New("no such host")
	_, err = lookupIP(func(context.Context, string) ([]string, error) { return nil, gone }, "seed.example")
	require.ErrorIs(t, err, gone)
}
