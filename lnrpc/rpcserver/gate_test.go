package rpcserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

func getInfo(t *testing.T, c *grpc.ClientConn) error {
	_, err := lnrpc.NewLightningClient(c).GetInfo(within(t), &lnrpc.GetInfoRequest{})
	return err
}

// From a daemon without a wallet to one that is up, what may be called and what is said
// about the rest.
func TestStatesFromNoWalletToReady(t *testing.T) {
	w := serve(t, false, nil)
	w.node.info.IdentityKey, _ = point(1)
	c, ctx := w.admin(t), within(t)
	states, unlocker := lnrpc.NewStateClient(c), lnrpc.NewWalletUnlockerClient(c)
	state := func(want lnrpc.WalletState) {
		t.Helper()
		s, err := states.GetState(ctx, &lnrpc.GetStateRequest{})
		require.NoError(t, err)
		require.Equal(t, want, s.State)
	}
	watch, err := states.SubscribeState(ctx, &lnrpc.SubscribeStateRequest{})
	require.NoError(t, err)
	next := func(want lnrpc.WalletState) {
		t.Helper()
		s, err := watch.Recv()
		require.NoError(t, err)
		require.Equal(t, want, s.State)
	}

	state(lnrpc.WalletState_NON_EXISTING)
	next(lnrpc.WalletState_NON_EXISTING)
	require.ErrorContains(t, getInfo(t, c), "wallet not created, create one to enable full RPC access")
	_, err = unlocker.UnlockWallet(ctx, &lnrpc.UnlockWalletRequest{WalletPassword: []byte("correct horse")})
	require.ErrorContains(t, err, "wallet not found")

	seed, err := unlocker.GenSeed(ctx, &lnrpc.GenSeedRequest{})
	require.NoError(t, err)
	require.Len(t, seed.CipherSeedMnemonic, 24)
	init := &lnrpc.InitWalletRequest{WalletPassword: []byte("seven77"), CipherSeedMnemonic: seed.CipherSeedMnemonic}
	_, err = unlocker.InitWallet(ctx, init)
	require.ErrorContains(t, err, "password must have at least 8 characters")
	init.WalletPassword, init.RecoveryWindow = []byte("correct horse"), 250
	made, err := unlocker.InitWallet(ctx, init)
	require.NoError(t, err)
	require.NotEmpty(t, made.AdminMacaroon)
	require.EqualValues(t, 250, w.wallet.created.RecoveryWindow)

	require.NoError(t, w.WaitUnlocked(ctx))
	state(lnrpc.WalletState_UNLOCKED)
	next(lnrpc.WalletState_UNLOCKED)
	require.ErrorContains(t, getInfo(t, c), "the RPC server is in the process of starting up")
	_, err = unlocker.UnlockWallet(ctx, &lnrpc.UnlockWalletRequest{WalletPassword: []byte("x")})
	require.ErrorContains(t, err, "wallet already unlocked")

	w.Activate(w.node)
	next(lnrpc.WalletState_RPC_ACTIVE)
	require.NoError(t, getInfo(t, c))
	w.Ready()
	next(lnrpc.WalletState_SERVER_ACTIVE)
	require.NoError(t, getInfo(t, c))

	stopped := make(chan struct{})
	go func() { w.Stop(ctx); close(stopped) }()
	_, err = watch.Recv()
	require.Equal(t, io.EOF, err, "subscribers are let go")
	<-stopped
}

func TestLockedWallet(t *testing.T) {
	w := serve(t, true, nil)
	c, ctx := w.admin(t), within(t)
	require.ErrorContains(t, getInfo(t, c), "wallet locked, unlock it to enable full RPC access")
	p, err := routerrpc.NewRouterClient(c).SendPaymentV2(ctx, &routerrpc.SendPaymentRequest{})
	require.NoError(t, err)
	_, err = p.Recv()
	require.ErrorContains(t, err, "wallet locked")

	u := lnrpc.NewWalletUnlockerClient(c)
	_, err = u.InitWallet(ctx, &lnrpc.InitWalletRequest{
		WalletPassword: []byte("correct horse"), CipherSeedMnemonic: make([]string, 24)})
	require.ErrorContains(t, err, "wallet already exists")
	_, err = u.UnlockWallet(ctx, &lnrpc.UnlockWalletRequest{WalletPassword: []byte("guess")})
	require.ErrorContains(t, err, "invalid passphrase")
	_, err = u.UnlockWallet(ctx, &lnrpc.UnlockWalletRequest{WalletPassword: []byte("correct horse")})
	require.NoError(t, err)
	require.NoError(t, w.WaitUnlocked(ctx))
}

func TestOneCallerAtATimeTriesAPassword(t *testing.T) {
	w := serve(t, true, nil)
	w.open.mu.Lock()
	defer w.open.mu.Unlock()
	_, err := lnrpc.NewWalletUnlockerClient(w.admin(t)).UnlockWallet(within(t),
		&lnrpc.UnlockWalletRequest{WalletPassword: []byte("correct horse")})
	require.Equal(t, codes.ResourceExhausted, status.Code(err))
}

// What isn't built is answered Unimplemented, never with an empty message.
func TestWhatIsNotBuilt(t *testing.T) {
	w := up(t)
	c, ctx := w.admin(t), within(t)
	for method, text := range map[string]string{
		"/lnrpc.Lightning/BatchOpenChannel":      "unknown method BatchOpenChannel",
		"/routerrpc.Router/XAddLocalChanAliases": "unknown method XAddLocalChanAliases",
		"/walletrpc.WalletKit/FundPsbt":          "unknown method FundPsbt",
		"/signrpc.Signer/SignMessage":            "unknown service signrpc.Signer",
		"/lnrpc.WalletUnlocker/NoSuchThing":      "unknown method",
	} {
		err := c.Invoke(ctx, method, &lnrpc.GetInfoRequest{}, &lnrpc.GetInfoResponse{})
		require.Equal(t, codes.Unimplemented, status.Code(err), method)
		require.ErrorContains(t, err, text)
	}
	_, key := point(1)
	for _, in := range []*lnrpc.OpenChannelRequest{
		{FundMax: true}, {ZeroConf: true}, {ScidAlias: true}, {Outpoints: make([]*lnrpc.OutPoint, 1)}, {MaxLocalCsv: 5},
		{FundingShim: &lnrpc.FundingShim{}},
		{CommitmentType: lnrpc.CommitmentType_SIMPLE_TAPROOT},
	} {
		_, err := openRequest(in)
		require.Equal(t, codes.Unimplemented, status.Code(err), "%v", in)
	}
	for _, in := range []*routerrpc.SendPaymentRequest{
		{Amp: true}, {FirstHopCustomRecords: map[uint64][]byte{65536: key[:]}},
	} {
		_, err := sendPayment(in)
		require.Equal(t, codes.Unimplemented, status.Code(err), "%v", in)
	}
	l := lnrpc.NewLightningClient(c)
	_, err := l.NewAddress(ctx, &lnrpc.NewAddressRequest{Type: lnrpc.AddressType_NESTED_PUBKEY_HASH})
	require.Equal(t, codes.Unimplemented, status.Code(err))
	_, err = l.AddInvoice(ctx, &lnrpc.Invoice{IsAmp: true})
	require.Equal(t, codes.Unimplemented, status.Code(err))
	_, err = l.OpenChannelSync(ctx, &lnrpc.OpenChannelRequest{ZeroConf: true})
	require.Equal(t, codes.Unimplemented, status.Code(err))
}

func TestCodesOfTheNodesErrors(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	for _, c := range codeOf {
		if errors.Is(c.err, context.Canceled) || errors.Is(c.err, context.DeadlineExceeded) {
			continue
		}
		w.node.err = fmt.Errorf("%w: has 5, needs 7", c.err)
		_, err := l.GetInfo(ctx, &lnrpc.GetInfoRequest{})
		require.Equal(t, c.code, status.Code(err), "%v", c.err)
		require.ErrorContains(t, err, "has 5, needs 7")
		require.NotContains(t, status.Convert(err).Message(), "node:")
	}
	w.node.err = errors.New("node: something else")
	_, err := l.GetInfo(ctx, &lnrpc.GetInfoRequest{})
	require.Equal(t, codes.Unknown, status.Code(err))
	require.Equal(t, "something else", status.Convert(err).Message())

	w.node.err = node.ErrNotFound
	_, err = l.LookupInvoice(ctx, &lnrpc.PaymentHash{RHash: make([]byte, 32)})
	require.Equal(t, "unable to locate invoice", status.Convert(err).Message())
}

func TestCallsAtOnceAreLimited(t *testing.T) {
	w := serve(t, true, func(c *Config) { c.MaxCalls = 2 })
	w.Unlocked()
	w.Activate(w.node)
	w.node.info.IdentityKey, _ = point(1)
	entered := make(chan struct{})
	leave := make(chan struct{})
	w.node.send = func(context.Context, node.SendPayment) iter.Seq2[node.Payment, error] {
		return func(yield func(node.Payment, error) bool) {
			entered <- struct{}{}
			<-leave
			yield(node.Payment{Status: node.PaymentSucceeded}, nil)
		}
	}
	c, ctx := w.admin(t), within(t)
	var streams []grpc.ServerStreamingClient[lnrpc.Payment]
	for range 2 {
		s, err := routerrpc.NewRouterClient(c).SendPaymentV2(ctx, &routerrpc.SendPaymentRequest{PaymentRequest: "x"})
		require.NoError(t, err)
		<-entered
		streams = append(streams, s)
	}
	require.Equal(t, codes.ResourceExhausted, status.Code(getInfo(t, c)))
	close(leave)
	for _, s := range streams {
		_, err := s.Recv()
		require.NoError(t, err)
		_, err = s.Recv()
		require.Equal(t, io.EOF, err)
	}
	require.Eventually(t, func() bool { return w.calls.Load() == 0 }, patience, tick)
	require.NoError(t, getInfo(t, c), "there is room again")
}

// Strangers that hold streams open leave room for each other's limit only: the wallet can be
// opened all the same, and those with a macaroon are served.
func TestFreeStreamsLeaveRoomForCallsThatOpenTheWallet(t *testing.T) {
	w := serve(t, true, nil)
	w.node.info.IdentityKey, _ = point(1)
	stranger, ctx := w.dial(t, ""), within(t)
	states, unlocker := lnrpc.NewStateClient(stranger), lnrpc.NewWalletUnlockerClient(stranger)
	for range maxOpenStreams {
		s, err := states.SubscribeState(ctx, &lnrpc.SubscribeStateRequest{})
		require.NoError(t, err)
		_, err = s.Recv()
		require.NoError(t, err)
	}
	s, err := states.SubscribeState(ctx, &lnrpc.SubscribeStateRequest{})
	require.NoError(t, err)
	_, err = s.Recv()
	require.Equal(t, codes.ResourceExhausted, status.Code(err), "streams have a limit")
	_, err = states.GetState(ctx, &lnrpc.GetStateRequest{})
	require.NoError(t, err)
	_, err = unlocker.UnlockWallet(ctx, &lnrpc.UnlockWalletRequest{WalletPassword: []byte("correct horse")})
	require.NoError(t, err)
	require.NoError(t, w.WaitUnlocked(ctx))
	w.Activate(w.node)
	require.NoError(t, getInfo(t, w.admin(t)))
}

// Free calls that hang are limited too, and leave room for those with a macaroon.
func TestFreeCallsHaveTheirOwnLimit(t *testing.T) {
	w := up(t)
	w.node.info.IdentityKey, _ = point(1)
	states, ctx := lnrpc.NewStateClient(w.dial(t, "")), within(t)
	w.free.Store(maxOpenCalls)
	_, err := states.GetState(ctx, &lnrpc.GetStateRequest{})
	require.Equal(t, codes.ResourceExhausted, status.Code(err))
	require.NoError(t, getInfo(t, w.admin(t)))
	w.free.Store(maxOpenCalls - 1)
	_, err = states.GetState(ctx, &lnrpc.GetStateRequest{})
	require.NoError(t, err)
}

func TestRequestsAreLimited(t *testing.T) {
	w := up(t)
	_, err := lnrpc.NewLightningClient(w.admin(t)).AddInvoice(within(t),
		&lnrpc.Invoice{Memo: strings.Repeat("x", maxRequest)})
	require.Equal(t, codes.ResourceExhausted, status.Code(err))
}

func TestStopDaemon(t *testing.T) {
	w := up(t)
	_, err := lnrpc.NewLightningClient(w.admin(t)).StopDaemon(within(t), &lnrpc.StopRequest{})
	require.NoError(t, err)
	<-w.stops
}
