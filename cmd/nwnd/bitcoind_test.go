package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/nichework/nwnd/internal/bitcoind/bitcoindtest"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// onBitcoind is a daemon on a fake bitcoind, and a client of its API.
type onBitcoind struct {
	t    *testing.T
	fake *bitcoindtest.Fake
	peer string // host:port that it listens at
	lnrpc.LightningClient
	router routerrpc.RouterClient
}

func bitcoindArgs(dir string, fake *bitcoindtest.Fake, more ...string) []string {
	block, tx := fake.ZMQ()
	return append([]string{
		"--nwnddir=" + dir, "--bitcoin.regtest", "--rpclisten=127.0.0.1:0", "--norest", "--noseedbackup", "--no-macaroons",
		"--bitcoin.node=bitcoind", "--bitcoind.rpchost=" + fake.Host(), "--bitcoind.zmqpubrawblock=" + block,
		"--bitcoind.zmqpubrawtx=" + tx,
	}, more...)
}

func startOnBitcoind(t *testing.T, fake *bitcoindtest.Fake) *onBitcoind {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	listen := free.Addr().String()
	require.NoError(t, free.Close())

	dir, out := t.TempDir(), &output{}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- daemon(ctx, bitcoindArgs(dir, fake, "--listen="+listen,
			"--bitcoind.rpcuser="+bitcoindtest.User, "--bitcoind.rpcpass="+bitcoindtest.Pass), out)
	}()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-done)
		if t.Failed() {
			t.Log(out.String())
		}
	})
	addr := address(t, out)
	creds, err := credentials.NewClientTLSFromFile(filepath.Join(dir, "tls.cert"), "")
	require.NoError(t, err)
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(creds))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	n := &onBitcoind{t, fake, listen, lnrpc.NewLightningClient(conn), routerrpc.NewRouterClient(conn)}
	n.synced()
	return n
}

// await waits until the API says what is expected.
func (n *onBitcoind) await(what string, is func(context.Context) bool) {
	n.t.Helper()
	require.Eventually(n.t, func() bool { return is(n.t.Context()) }, 2*time.Minute, 50*time.Millisecond, what)
}

func (n *onBitcoind) synced() {
	n.t.Helper()
	height, _, err := n.fake.Btcd.Best()
	require.NoError(n.t, err)
	n.await("never synced", func(ctx context.Context) bool {
		info, err := n.GetInfo(ctx, &lnrpc.GetInfoRequest{})
		return err == nil && info.SyncedToChain && info.BlockHeight >= uint32(height)
	})
}

func (n *onBitcoind) mine(blocks int) {
	n.t.Helper()
	_, err := n.fake.Btcd.Mine(blocks)
	require.NoError(n.t, err)
}

func (n *onBitcoind) receives(sats int64) {
	n.t.Helper()
	addr, err := n.NewAddress(n.t.Context(), &lnrpc.NewAddressRequest{})
	require.NoError(n.t, err)
	before, err := n.WalletBalance(n.t.Context(), &lnrpc.WalletBalanceRequest{})
	require.NoError(n.t, err)
	_, err = n.fake.Btcd.Pay(btcutil.Amount(sats), addr.Address)
	require.NoError(n.t, err)
	n.mine(1)
	n.await("the coins never came", func(ctx context.Context) bool {
		b, err := n.WalletBalance(ctx, &lnrpc.WalletBalanceRequest{})
		return err == nil && b.ConfirmedBalance == before.ConfirmedBalance+sats
	})
}

func TestDaemonsOnBitcoindOpenAChannelAndPay(t *testing.T) {
	fake := bitcoindtest.Start(t)
	alice, bob := startOnBitcoind(t, fake), startOnBitcoind(t, fake)
	alice.receives(10_000_000)
	fake.Stop() // both of them survive that
	fake.Resume()
	alice.receives(10_000_000)
	bob.synced()

	key, err := bob.GetInfo(t.Context(), &lnrpc.GetInfoRequest{})
	require.NoError(t, err)
	_, err = alice.ConnectPeer(t.Context(), &lnrpc.ConnectPeerRequest{
		Addr: &lnrpc.LightningAddress{Pubkey: key.IdentityPubkey, Host: bob.peer},
	})
	require.NoError(t, err)
	_, err = alice.OpenChannelSync(t.Context(), &lnrpc.OpenChannelRequest{
		NodePubkeyString: key.IdentityPubkey, LocalFundingAmount: 1_000_000,
	})
	require.NoError(t, err)
	alice.await("the channel never opened", func(ctx context.Context) bool {
		alice.mine(1)
		l, err := alice.ListChannels(ctx, &lnrpc.ListChannelsRequest{ActiveOnly: true})
		return err == nil && len(l.Channels) == 1
	})
	bob.synced()
	alice.synced()
	invoice, err := bob.AddInvoice(t.Context(), &lnrpc.Invoice{Value: 50_000})
	require.NoError(t, err)
	stream, err := alice.router.SendPaymentV2(t.Context(), &routerrpc.SendPaymentRequest{
		PaymentRequest: invoice.PaymentRequest, TimeoutSeconds: 30, FeeLimitSat: 10, NoInflightUpdates: true,
	})
	require.NoError(t, err)
	payment, err := stream.Recv()
	require.NoError(t, err)
	require.Equal(t, lnrpc.Payment_SUCCEEDED, payment.Status, payment.FailureReason)

	addr, err := bob.NewAddress(t.Context(), &lnrpc.NewAddressRequest{})
	require.NoError(t, err)
	_, err = alice.SendCoins(t.Context(), &lnrpc.SendCoinsRequest{Addr: addr.Address, Amount: 500_000})
	require.NoError(t, err)
	alice.mine(1)
	bob.await("bob's coins never came", func(ctx context.Context) bool {
		b, err := bob.WalletBalance(ctx, &lnrpc.WalletBalanceRequest{})
		return err == nil && b.ConfirmedBalance == 500_000
	})
}

func TestDaemonRefusesABitcoindOfAnotherNetwork(t *testing.T) {
	fake := bitcoindtest.Start(t)
	cookie := filepath.Join(t.TempDir(), ".cookie")
	require.NoError(t, os.WriteFile(cookie, []byte(bitcoindtest.User+":"+bitcoindtest.Pass), 0o600))
	fake.Set(bitcoindtest.Mood{Chain: "main"})
	err := daemon(t.Context(), bitcoindArgs(t.TempDir(), fake, "--nolisten", "--bitcoind.rpccookie="+cookie), &output{})
	require.ErrorIs(t, err, chain.ErrWrongNetwork)
	require.ErrorContains(t, err, `expected "regtest"`)
}
