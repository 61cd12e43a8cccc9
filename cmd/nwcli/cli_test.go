package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/cert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/invoicesrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
	"github.com/nichework/nwnd/lnrpc/verrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

// fake is a daemon that answers with what a test sets and keeps what it was asked.
type fake struct {
	lnrpc.UnimplementedLightningServer
	lnrpc.UnimplementedStateServer
	lnrpc.UnimplementedWalletUnlockerServer
	routerrpc.UnimplementedRouterServer
	invoicesrpc.UnimplementedInvoicesServer
	verrpc.UnimplementedVersionerServer
	nwnrpc.UnimplementedNodeServer

	macaroon   string
	sent       *lnrpc.SendCoinsRequest
	paid       *routerrpc.SendPaymentRequest
	opened     *lnrpc.OpenChannelRequest
	closed     *lnrpc.CloseChannelRequest
	policies   []*lnrpc.PolicyUpdateRequest
	password   string
	history    *lnrpc.ForwardingHistoryRequest
	made       *lnrpc.InitWalletRequest
	asked      int64 // amount of the invoice
	fails      bool
	refusal    error // of ListPeers
	routed     *lnrpc.QueryRoutesRequest
	listed     []*lnrpc.ListPaymentsRequest
	updates    []*lnrpc.Payment // of the next payment
	hangs      func()           // called after them, before they don't end
	made0      time.Time        // of the invoice
	levels     *lnrpc.DebugLevelRequest
	baked      *lnrpc.BakeMacaroonRequest
	bumped     *walletrpc.BumpFeeRequest
	failures   []*nwnrpc.FailedForwardsRequest
	changed    *lnrpc.ChangePasswordRequest
	state      lnrpc.WalletState
	recovery   []*lnrpc.GetRecoveryInfoResponse // the answers to come
	held       *invoicesrpc.AddHoldInvoiceRequest
	preimage   []byte
	canceled   []byte
	missing    error // of invoices that are followed, settled or canceled
	inChannels *lnrpc.ChannelBalanceResponse
	fakeOnChain
	fakeBackups
}

var key = strings.Repeat("02", 33)

func (f *fake) GetInfo(ctx context.Context, _ *lnrpc.GetInfoRequest) (*lnrpc.GetInfoResponse, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	f.macaroon = strings.Join(md.Get("macaroon"), "")
	return &lnrpc.GetInfoResponse{IdentityPubkey: key, Alias: "alice", BlockHeight: 105, SyncedToChain: true}, nil
}

func (f *fake) SendCoins(_ context.Context, in *lnrpc.SendCoinsRequest) (*lnrpc.SendCoinsResponse, error) {
	f.sent = in
	return &lnrpc.SendCoinsResponse{Txid: "aa"}, nil
}

func (f *fake) DecodePayReq(context.Context, *lnrpc.PayReqString) (*lnrpc.PayReq, error) {
	made := f.made0
	if made.IsZero() {
		made = time.Now()
	}
	return &lnrpc.PayReq{Destination: key, NumMsat: f.asked, Description: "tea", Timestamp: made.Unix(), Expiry: 3600,
		PaymentHash: strings.Repeat("ab", 32)}, nil
}

func (f *fake) SendPaymentV2(in *routerrpc.SendPaymentRequest, to grpc.ServerStreamingServer[lnrpc.Payment]) error {
	f.paid = in
	for _, p := range f.updates {
		if err := to.Send(p); err != nil {
			return err
		}
	}
	if f.hangs != nil {
		f.hangs()
		<-to.Context().Done()
		return nil
	}
	if f.updates != nil {
		return nil
	}
	if err := to.Send(&lnrpc.Payment{Status: lnrpc.Payment_IN_FLIGHT, Htlcs: []*lnrpc.HTLCAttempt{{}}}); err != nil {
		return err
	}
	if f.fails {
		return to.Send(&lnrpc.Payment{
			Status: lnrpc.Payment_FAILED, FailureReason: lnrpc.PaymentFailureReason_FAILURE_REASON_NO_ROUTE,
			Htlcs: []*lnrpc.HTLCAttempt{{Status: lnrpc.HTLCAttempt_FAILED, Failure: &lnrpc.Failure{
				Code: lnrpc.Failure_TEMPORARY_CHANNEL_FAILURE, FailureSourceIndex: 2}}},
		})
	}
	return to.Send(&lnrpc.Payment{Status: lnrpc.Payment_SUCCEEDED, ValueMsat: 5_000_000, FeeMsat: 1500, PaymentPreimage: "beef"})
}

func (f *fake) OpenChannel(in *lnrpc.OpenChannelRequest, to grpc.ServerStreamingServer[lnrpc.OpenStatusUpdate]) error {
	f.opened = in
	if err := to.Send(&lnrpc.OpenStatusUpdate{Update: &lnrpc.OpenStatusUpdate_ChanPending{
		ChanPending: &lnrpc.PendingUpdate{Txid: append(make([]byte, 31), 0xab), OutputIndex: 1}}}); err != nil {
		return err
	}
	if f.hangs != nil {
		<-to.Context().Done()
		return nil
	}
	return to.Send(&lnrpc.OpenStatusUpdate{Update: &lnrpc.OpenStatusUpdate_ChanOpen{ChanOpen: &lnrpc.ChannelOpenUpdate{}}})
}

func (f *fake) ListChannels(context.Context, *lnrpc.ListChannelsRequest) (*lnrpc.ListChannelsResponse, error) {
	return &lnrpc.ListChannelsResponse{Channels: []*lnrpc.Channel{{
		Active: !f.away, LocalConstraints: &lnrpc.ChannelConstraints{CsvDelay: 144}, CommitFee: 2_000, Initiator: f.away,
		PendingHtlcs: f.htlcs, RemotePubkey: key, PeerAlias: "bob\x1b[2J", ChannelPoint: strings.Repeat("0a", 32) + ":1",
		ChanId: 105<<40 | 1<<16 | 1, Capacity: 1_000_000, LocalBalance: 600_000, RemoteBalance: 400_000,
	}}}, nil
}

func (f *fake) CloseChannel(in *lnrpc.CloseChannelRequest, to grpc.ServerStreamingServer[lnrpc.CloseStatusUpdate]) error {
	f.closed = in
	if err := to.Send(&lnrpc.CloseStatusUpdate{Update: &lnrpc.CloseStatusUpdate_ClosePending{
		ClosePending: &lnrpc.PendingUpdate{Txid: make([]byte, 32)}}}); err != nil {
		return err
	}
	if f.hangs != nil {
		<-to.Context().Done()
	}
	return nil
}

func (f *fake) FeeReport(context.Context, *lnrpc.FeeReportRequest) (*lnrpc.FeeReportResponse, error) {
	return &lnrpc.FeeReportResponse{ChannelFees: []*lnrpc.ChannelFeeReport{{
		ChanId: 105<<40 | 1<<16 | 1, ChannelPoint: strings.Repeat("0a", 32) + ":1", BaseFeeMsat: 1000, FeePerMil: 7}}}, nil
}

func (f *fake) GetNodeInfo(_ context.Context, in *lnrpc.NodeInfoRequest) (*lnrpc.NodeInfo, error) {
	alias := ""
	if in.PubKey == key {
		alias = "mallory"
	}
	return &lnrpc.NodeInfo{Node: &lnrpc.LightningNode{Alias: alias}, Channels: []*lnrpc.ChannelEdge{{ChanPoint: strings.Repeat("0a", 32) + ":1", Node2Pub: key,
		Node2Policy: &lnrpc.RoutingPolicy{TimeLockDelta: 80, MinHtlc: 1000, MaxHtlcMsat: 990_000_000}}}}, nil
}

func (f *fake) UpdateChannelPolicy(_ context.Context, in *lnrpc.PolicyUpdateRequest) (*lnrpc.PolicyUpdateResponse, error) {
	f.policies = append(f.policies, in)
	return &lnrpc.PolicyUpdateResponse{}, nil
}

func (f *fake) ListPeers(context.Context, *lnrpc.ListPeersRequest) (*lnrpc.ListPeersResponse, error) {
	if f.refusal != nil {
		return nil, f.refusal
	}
	return nil, status.Error(codes.Unknown, "wallet locked, unlock it to enable full RPC access")
}

func (f *fake) GenSeed(context.Context, *lnrpc.GenSeedRequest) (*lnrpc.GenSeedResponse, error) {
	var words []string
	for i := range seedWords {
		words = append(words, fmt.Sprintf("word%d", i+1))
	}
	return &lnrpc.GenSeedResponse{CipherSeedMnemonic: words}, nil
}

func (f *fake) InitWallet(_ context.Context, in *lnrpc.InitWalletRequest) (*lnrpc.InitWalletResponse, error) {
	f.made = in
	return &lnrpc.InitWalletResponse{}, nil
}

func (f *fake) UnlockWallet(_ context.Context, in *lnrpc.UnlockWalletRequest) (*lnrpc.UnlockWalletResponse, error) {
	f.password = string(in.WalletPassword)
	return &lnrpc.UnlockWalletResponse{}, nil
}

func (f *fake) SubscribeState(_ *lnrpc.SubscribeStateRequest, to grpc.ServerStreamingServer[lnrpc.SubscribeStateResponse]) error {
	for _, s := range []lnrpc.WalletState{lnrpc.WalletState_UNLOCKED, lnrpc.WalletState_RPC_ACTIVE, lnrpc.WalletState_SERVER_ACTIVE} {
		if err := to.Send(&lnrpc.SubscribeStateResponse{State: s}); err != nil {
			return err
		}
	}
	return nil
}

// bench is a fake daemon and a terminal in front of it.
type bench struct {
	*fake
	dir string
}

// start serves a fake daemon as its configuration file says, so that the client must
// find it by that.
func start(t *testing.T, more ...func(*grpc.Server)) *bench {
	t.Helper()
	b := &bench{fake: &fake{asked: 5_000_000}, dir: t.TempDir()}
	certPEM, keyPEM, err := cert.GenCertPair("test", nil, nil, true, time.Hour)
	require.NoError(t, err)
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := grpc.NewServer(grpc.Creds(credentials.NewServerTLSFromCert(&pair)))
	lnrpc.RegisterLightningServer(s, b.fake)
	lnrpc.RegisterStateServer(s, b.fake)
	lnrpc.RegisterWalletUnlockerServer(s, b.fake)
	routerrpc.RegisterRouterServer(s, b.fake)
	verrpc.RegisterVersionerServer(s, b.fake)
	walletrpc.RegisterWalletKitServer(s, wallet{of: b.fake})
	nwnrpc.RegisterNodeServer(s, b.fake)
	invoicesrpc.RegisterInvoicesServer(s, b.fake)
	for _, register := range more {
		register(s)
	}
	go s.Serve(l)
	t.Cleanup(s.Stop)

	b.write(t, "tls.cert", string(certPEM))
	b.write(t, "data/chain/bitcoin/regtest/admin.macaroon", "\x01\x02")
	b.write(t, "nwnd.conf", "[Application Options]\nrpclisten="+l.Addr().String()+"\n[Bitcoin]\nbitcoin.regtest=true\n")
	return b
}

func (b *bench) write(t *testing.T, name, text string) string {
	path := filepath.Join(b.dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// run executes a command line; typed is what a person types, nobody being there if it is "".
func (b *bench) run(t *testing.T, typed string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	lines := strings.Split(typed, "\n")
	a := &app{in: strings.NewReader(typed), out: &o, errOut: &e, asks: typed != "",
		readPassword: func(context.Context) ([]byte, error) {
			p := lines[0]
			lines = lines[1:]
			return []byte(p), nil
		}}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	code = a.run(ctx, append([]string{"--nwnddir=" + b.dir}, args...))
	return code, o.String(), e.String()
}

func TestDaemonIsFoundByItsConfiguration(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "", "getinfo")
	require.Zero(t, code, errs)
	require.Contains(t, out, "alice")
	require.Contains(t, out, "height 105, synced")
	require.Equal(t, "0102", b.macaroon)
}

func TestJSONHasTheAPIsNames(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "", "getinfo", "--json")
	require.Zero(t, code, errs)
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Equal(t, key, got["identity_pubkey"])
	require.Equal(t, false, got["testnet"], "unpopulated fields are there")
}

func TestErrorsSayWhatToDo(t *testing.T) {
	b := start(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"peers"}, "the wallet is locked: nwcli unlock opens it"},
		{[]string{"balance"}, "this nwnd can't do it"},
		{[]string{"getinfo", "--rpcserver=127.0.0.1:1"}, "nobody answers at 127.0.0.1:1"},
		{[]string{"getinfo", "--nwnddir=/nonexistent"}, "no network is chosen"},
		{[]string{"getinfo", "--nwnddir=/nonexistent", "--network=regtest"}, "has nwnd been started?"},
		{[]string{"connect", "abc"}, "66 hex digits, this has 3"},
		{[]string{"connect", key}, "address is missing"},
		{[]string{"close", "1x2x3"}, "no open channel"},
		{[]string{"lookupinvoice", "zz"}, "64 hex digits"},
		{[]string{"hold", "settle", "zz"}, "64 hex digits"},
		{[]string{"hold", "cancel", "zz"}, "64 hex digits"},
		{[]string{"invoice", "5", "--hold=zz"}, "64 hex digits"},
	} {
		code, _, errs := b.run(t, "", c.args...)
		require.NotZero(t, code, c.args)
		require.Contains(t, errs, c.want)
	}
}

func TestNoCoinMovesUnasked(t *testing.T) {
	b := start(t)
	point := strings.Repeat("0a", 32) + ":1"
	for _, args := range [][]string{
		{"send", "bcrt1q", "5000"}, {"pay", "lnbcrt1"}, {"open", key, "100000"}, {"close", point},
	} {
		code, _, errs := b.run(t, "", args...)
		require.Equal(t, exitUsage, code, args)
		require.Contains(t, errs, "give --yes")
		code, _, errs = b.run(t, "no\n", args...)
		require.Equal(t, 1, code, args)
		require.Contains(t, errs, "cancelled")
	}
	require.Nil(t, b.sent)
	require.Nil(t, b.paid)
	require.Nil(t, b.opened)
	require.Nil(t, b.closed)
}

func TestSend(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "y\n", "send", "bcrt1q", "0.001btc", "--sat-per-vbyte=3")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "Send 100,000 sat to bcrt1q, fee 3 sat/vbyte?")
	require.Equal(t, "aa\n", out)
	require.EqualValues(t, 100_000, b.sent.Amount)
	require.EqualValues(t, 3, b.sent.SatPerVbyte)

	code, _, errs = b.run(t, "", "-y", "send", "bcrt1q", "all")
	require.Zero(t, code, errs)
	require.True(t, b.sent.SendAll)
	code, _, errs = b.run(t, "", "-y", "send", "bcrt1q", "1500msat")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "not a whole number of satoshis")
}

func TestPay(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "yes\n", "pay", "lightning:lnbcrt1")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "tea")
	require.Contains(t, errs, "Pay 5,000 sat and at most 250 sat in fees?")
	require.Contains(t, out, "1.5 sat")
	require.Contains(t, out, "beef")
	require.Equal(t, "lnbcrt1", b.paid.PaymentRequest)
	require.EqualValues(t, 250_000, b.paid.FeeLimitMsat)
	require.Zero(t, b.paid.AmtMsat)

	b.fails = true
	code, _, errs = b.run(t, "", "pay", "-y", "lnbcrt1", "--fee-limit=0")
	require.Equal(t, exitUnpaid, code)
	require.Contains(t, errs, "no way to the recipient")
	require.Contains(t, errs, "hop 2: temporary channel failure")
	require.Zero(t, b.paid.FeeLimitMsat)

	code, _, errs = b.run(t, "", "pay", "-y", "lnbcrt1", "--amount=5")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "leave --amount out")
	b.asked, b.fails = 0, false
	code, _, errs = b.run(t, "", "pay", "-y", "lnbcrt1")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "give --amount")
	code, _, errs = b.run(t, "", "pay", "-y", "lnbcrt1", "--amount=7sat")
	require.Zero(t, code, errs)
	require.EqualValues(t, 7000, b.paid.AmtMsat)
}

func TestOpenAndClose(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "", "-y", "open", key, "1ksat", "--push=10", "--wait")
	require.Zero(t, code, errs)
	require.Contains(t, out, "ab"+strings.Repeat("00", 31)+":1")
	require.Contains(t, out, "is open")
	require.EqualValues(t, 1000, b.opened.LocalFundingAmount)
	require.EqualValues(t, 10, b.opened.PushSat)

	code, _, errs = b.run(t, "y\n", "close", "105x1x1")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "our 600,000 sat to our wallet")
	require.EqualValues(t, 1, b.closed.ChannelPoint.OutputIndex)
}

func TestChannelsAreATableWithoutEscapes(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "", "channels")
	require.Zero(t, code, errs)
	require.Contains(t, out, "105x1x1")
	require.Contains(t, out, "600,000")
	require.NotContains(t, out, "\x1b")
}

// A change of one term repeats the others, which the API would otherwise zero.
func TestPolicyKeepsWhatIsNotNamed(t *testing.T) {
	b := start(t)
	code, _, errs := b.run(t, "", "policy", "set", "105x1x1", "--fee-ppm=9")
	require.Zero(t, code, errs)
	got := b.policies[0]
	require.EqualValues(t, 1000, got.BaseFeeMsat)
	require.EqualValues(t, 9, got.FeeRatePpm)
	require.EqualValues(t, 80, got.TimeLockDelta)
	require.False(t, got.MinHtlcMsatSpecified)
	require.Zero(t, got.MaxHtlcMsat)

	code, _, errs = b.run(t, "", "policy", "set", "--all", "--base-fee=0", "--min-htlc=2sat")
	require.Zero(t, code, errs)
	require.Zero(t, b.policies[1].BaseFeeMsat)
	require.EqualValues(t, 7, b.policies[1].FeeRatePpm)
	require.EqualValues(t, 2000, b.policies[1].MinHtlcMsat)

	code, _, errs = b.run(t, "", "policy", "set", "--fee-ppm=9")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "--all")
}

func TestCreateShowsTheSeedAndWaitsForTheNode(t *testing.T) {
	b := start(t)
	file := b.write(t, "pw", "correct horse\n")
	code, out, errs := b.run(t, "y\n", "create", "--password-file="+file)
	require.Zero(t, code, errs)
	require.Contains(t, out, "24. word24")
	require.Equal(t, "correct horse", string(b.made.WalletPassword))
	require.Zero(t, b.made.RecoveryWindow)
	require.Contains(t, errs, "The node is up.")

	b.made = nil
	code, _, errs = b.run(t, "short\n", "create")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "8 characters")
	code, _, errs = b.run(t, "correct horse\ncorrect house\n", "create")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "differ")
	code, _, errs = b.run(t, "n\n", "create", "--password-file="+file)
	require.Equal(t, 1, code)
	require.Contains(t, errs, "cancelled")
	require.Nil(t, b.made)
}

func TestRestoreAsksForTheWords(t *testing.T) {
	b := start(t)
	file := b.write(t, "pw", "correct horse\n")
	words := strings.Repeat("Abandon ", 12) + "\n" + "13. zoo 14. zoo" + strings.Repeat(" zoo", 10) + "\n"
	code, _, errs := b.run(t, words, "create", "--restore", "--password-file="+file)
	require.Zero(t, code, errs)
	require.Len(t, b.made.CipherSeedMnemonic, 24)
	require.Equal(t, "abandon", b.made.CipherSeedMnemonic[0])
	require.Equal(t, "zoo", b.made.CipherSeedMnemonic[12])
	require.EqualValues(t, 2500, b.made.RecoveryWindow)
	code, _, errs = b.run(t, "abandon\n", "create", "--restore", "--password-file="+file)
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "a seed has 24 words, these are 1")
}

// Who gives the words or a password as arguments doesn't find them in an error too.
func TestWordsAndPasswordsAmongArgumentsAreNotRepeated(t *testing.T) {
	b := start(t)
	for _, command := range []string{"create", "unlock", "changepassword"} {
		code, out, errs := b.run(t, "", command, "abandon", "zoo")
		require.Equal(t, exitUsage, code)
		require.Contains(t, errs, command+" takes no arguments, not 2")
		require.NotContains(t, out+errs, "abandon", command)
		require.NotContains(t, out+errs, "zoo", command)
	}
	require.Nil(t, b.made)
}

func TestUnlock(t *testing.T) {
	b := start(t)
	code, _, errs := b.run(t, "correct horse\n", "unlock")
	require.Zero(t, code, errs)
	require.Equal(t, "correct horse", b.password)
	require.NoError(t, os.Chmod(b.write(t, "pw", "x\n"), 0o644))
	code, _, errs = b.run(t, "", "unlock", "--password-file="+filepath.Join(b.dir, "pw"))
	require.Equal(t, 1, code)
	require.Contains(t, errs, "chmod 600")
}
