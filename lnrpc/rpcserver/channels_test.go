package rpcserver

import (
	"encoding/hex"
	"io"
	"math"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

var aPoint = wire.OutPoint{Hash: chainhash.Hash{1, 2, 3}, Index: 4}

func TestGetInfo(t *testing.T) {
	w := up(t)
	pub, key := point(1)
	w.node.info = node.Info{
		IdentityKey: pub, Alias: "a", Color: [3]byte{1, 0xab, 255}, Peers: 1, Active: 2, Inactive: 3, Pending: 4,
		Height: 5, BlockHash: chainhash.Hash{6}, BlockTime: time.Unix(7, 0), SyncedToChain: true, SyncedToGraph: true,
		URIs: []string{"x@y"}, Network: "regtest", Features: lnwire.NewRawFeatureVector(lnwire.TLVOnionPayloadRequired),
	}
	got, err := lnrpc.NewLightningClient(w.admin(t)).GetInfo(within(t), &lnrpc.GetInfoRequest{})
	require.NoError(t, err)
	want := &lnrpc.GetInfoResponse{
		Version: "0.21.1-beta commit=nwnd-test", IdentityPubkey: hexKey(key), Alias: "a", Color: "#01abff",
		NumPeers: 1, NumActiveChannels: 2, NumInactiveChannels: 3, NumPendingChannels: 4, BlockHeight: 5,
		BlockHash: chainhash.Hash{6}.String(), BestHeaderTimestamp: 7, SyncedToChain: true, SyncedToGraph: true,
		WalletSynced: true, Uris: []string{"x@y"}, Chains: []*lnrpc.Chain{{Chain: "bitcoin", Network: "regtest"}},
		GraphCacheStatus: lnrpc.GraphCacheStatus_GRAPH_CACHE_STATUS_LOADED,
		Features:         map[uint32]*lnrpc.Feature{8: {Name: "tlv-onion", IsRequired: true, IsKnown: true}},
	}
	require.True(t, proto.Equal(want, got), "want %v\ngot  %v", want, got)
}

func TestListChannelsNarrows(t *testing.T) {
	w := up(t)
	_, a := point(1)
	_, b := point(2)
	w.node.channels = []node.Channel{
		{Peer: a, Active: true, PeerAlias: "al", HTLCs: []node.HTLC{{Incoming: true, Amount: 1500}, {Amount: 500}}},
		{Peer: a, Private: true}, {Peer: b, Active: true, Private: true},
	}
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	for want, in := range map[int]*lnrpc.ListChannelsRequest{3: {}, 2: {Peer: a[:]}, 1: {Peer: a[:], ActiveOnly: true}, 0: {InactiveOnly: true, PublicOnly: true}} {
		got, err := l.ListChannels(ctx, in)
		require.NoError(t, err)
		require.Len(t, got.Channels, want)
	}
	got, err := l.ListChannels(ctx, &lnrpc.ListChannelsRequest{PublicOnly: true, PeerAliasLookup: true})
	require.NoError(t, err)
	require.EqualValues(t, 2, got.Channels[0].UnsettledBalance)
	require.Equal(t, "al", got.Channels[0].PeerAlias)
	_, err = l.ListChannels(ctx, &lnrpc.ListChannelsRequest{PublicOnly: true, PrivateOnly: true})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}

func TestListPeersSumsTheirChannels(t *testing.T) {
	w := up(t)
	_, a := point(1)
	w.node.peers = []node.Peer{{Key: a, PingTime: time.Millisecond, GossipSyncer: node.SyncActive}}
	w.node.channels = []node.Channel{{Peer: a, TotalSent: 5000}, {Peer: a, TotalSent: 2000, TotalReceived: 1000}}
	got, err := lnrpc.NewLightningClient(w.admin(t)).ListPeers(within(t), &lnrpc.ListPeersRequest{})
	require.NoError(t, err)
	require.EqualValues(t, 7, got.Peers[0].SatSent)
	require.EqualValues(t, 1, got.Peers[0].SatRecv)
	require.EqualValues(t, 1000, got.Peers[0].PingTime)
	require.Equal(t, lnrpc.Peer_ACTIVE_SYNC, got.Peers[0].SyncType)
}

func TestPendingChannels(t *testing.T) {
	w := up(t)
	_, a := point(1)
	common := node.PendingChannel{ChannelPoint: aPoint, Peer: a, Capacity: 9, LocalBalance: 5, Initiator: true}
	w.node.pending = node.PendingChannels{
		Opening: []node.PendingOpen{{PendingChannel: common, ConfirmationsLeft: 2}},
		Closing: []node.PendingClose{{PendingChannel: common, LimboBalance: 5}},
		Forced:  []node.ForceClose{{PendingChannel: common, Reason: "an HTLC expired"}},
	}
	got, err := lnrpc.NewLightningClient(w.admin(t)).PendingChannels(within(t), &lnrpc.PendingChannelsRequest{})
	require.NoError(t, err)
	require.EqualValues(t, 2, got.PendingOpenChannels[0].ConfirmationsUntilActive)
	require.Equal(t, lnrpc.Initiator_INITIATOR_LOCAL, got.PendingOpenChannels[0].Channel.Initiator)
	require.Len(t, got.WaitingCloseChannels, 2)
	require.Empty(t, got.WaitingCloseChannels[0].ClosingTxid)
	require.Equal(t, "ChanStatusBorked", got.WaitingCloseChannels[1].Channel.ChanStatusFlags)
	require.EqualValues(t, 10, got.TotalLimboBalance)
}

func TestOpenChannelIsFollowed(t *testing.T) {
	w := up(t)
	_, key := point(3)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	w.node.opens = []node.OpenUpdate{{ChannelPoint: aPoint, PendingID: [32]byte{8}}, {ChannelPoint: aPoint, Open: true}}
	in := &lnrpc.OpenChannelRequest{NodePubkey: key[:], LocalFundingAmount: 100_000, PushSat: 1000, SatPerVbyte: 3, Private: true}
	s, err := l.OpenChannel(ctx, in)
	require.NoError(t, err)
	first, err := s.Recv()
	require.NoError(t, err)
	require.Equal(t, aPoint.Hash[:], first.GetChanPending().Txid)
	require.Equal(t, byte(8), first.PendingChanId[0])
	second, err := s.Recv()
	require.NoError(t, err)
	require.EqualValues(t, 4, second.GetChanOpen().ChannelPoint.OutputIndex)
	_, err = s.Recv()
	require.Equal(t, io.EOF, err)
	require.EqualValues(t, 1, w.node.gotOpen.MinConfs)
	require.EqualValues(t, 3, w.node.gotOpen.Fee.SatPerVByte)
	require.True(t, w.node.gotOpen.Private)

	p, err := l.OpenChannelSync(ctx, &lnrpc.OpenChannelRequest{NodePubkeyString: hex.EncodeToString(key[:]), LocalFundingAmount: 100_000})
	require.NoError(t, err)
	require.Equal(t, aPoint.Hash[:], p.GetFundingTxidBytes())
}

func TestOpenRequestsThatAreRefused(t *testing.T) {
	_, key := point(3)
	for name, in := range map[string]*lnrpc.OpenChannelRequest{
		"no peer":  {LocalFundingAmount: 1e5},
		"no point": {NodePubkey: make([]byte, 33), LocalFundingAmount: 1e5},
		"nothing":  {NodePubkey: key[:]},
		"negative": {NodePubkey: key[:], LocalFundingAmount: -5},
		"push":     {NodePubkey: key[:], LocalFundingAmount: 1e5, PushSat: 1e5},
		"delay":    {NodePubkey: key[:], LocalFundingAmount: 1e5, RemoteCsvDelay: 1 << 16},
		"htlcs":    {NodePubkey: key[:], LocalFundingAmount: 1e5, RemoteMaxHtlcs: 484},
		"reserve":  {NodePubkey: key[:], LocalFundingAmount: 1e5, RemoteChanReserveSat: math.MaxUint64},
		"fees":     {NodePubkey: key[:], LocalFundingAmount: 1e5, SatPerVbyte: 1, TargetConf: 1},
		"confs":    {NodePubkey: key[:], LocalFundingAmount: 1e5, MinConfs: 1, SpendUnconfirmed: true},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := openRequest(in)
			require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", err)
		})
	}
}

func TestCloseChannel(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	w.node.closes = []node.CloseUpdate{{Txid: chainhash.Hash{5}}, {Txid: chainhash.Hash{5}, Closed: true}}
	text := &lnrpc.ChannelPoint{FundingTxid: &lnrpc.ChannelPoint_FundingTxidStr{FundingTxidStr: aPoint.Hash.String()}, OutputIndex: 4}
	s, err := l.CloseChannel(ctx, &lnrpc.CloseChannelRequest{ChannelPoint: text, SatPerVbyte: 2})
	require.NoError(t, err)
	u, err := s.Recv()
	require.NoError(t, err)
	require.Equal(t, byte(5), u.GetClosePending().Txid[0])
	u, err = s.Recv()
	require.NoError(t, err)
	require.True(t, u.GetChanClose().Success)
	require.Equal(t, aPoint, w.node.gotClose.ChannelPoint)
	require.EqualValues(t, 2, w.node.gotClose.Fee.SatPerVByte)

	for _, bad := range []*lnrpc.ChannelPoint{nil, {}, {FundingTxid: &lnrpc.ChannelPoint_FundingTxidStr{FundingTxidStr: "ab"}},
		{FundingTxid: &lnrpc.ChannelPoint_FundingTxidBytes{FundingTxidBytes: []byte{1}}}} {
		_, err := outPoint(bad)
		require.Equal(t, codes.InvalidArgument, status.Code(err))
	}
}

func TestForceCloseIsFollowedAsInLnd(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	w.node.closes = []node.CloseUpdate{{Txid: chainhash.Hash{5}}, {Txid: chainhash.Hash{5}, Closed: true}}
	w.node.channels = []node.Channel{{Active: true}, {ChannelPoint: aPoint, HTLCs: make([]node.HTLC, 3)}}
	s, err := l.CloseChannel(ctx, &lnrpc.CloseChannelRequest{ChannelPoint: channelPoint(aPoint), Force: true, NoWait: true})
	require.NoError(t, err)
	u, err := s.Recv()
	require.NoError(t, err)
	require.EqualValues(t, 3, u.GetCloseInstant().GetNumPendingHtlcs())
	u, err = s.Recv()
	require.NoError(t, err)
	require.Equal(t, chainhash.Hash{5}, chainhash.Hash(u.GetClosePending().GetTxid()))
	u, err = s.Recv()
	require.NoError(t, err)
	require.True(t, u.GetChanClose().GetSuccess())
	_, err = s.Recv()
	require.Equal(t, io.EOF, err)
	require.True(t, w.node.gotClose.Force)

	for _, in := range []*lnrpc.CloseChannelRequest{{SatPerVbyte: 1}, {SatPerByte: 1}, {TargetConf: 1}, {MaxFeePerVbyte: 1}} {
		in.ChannelPoint, in.Force = channelPoint(aPoint), true
		s, err := l.CloseChannel(ctx, in)
		require.NoError(t, err)
		_, err = s.Recv()
		require.Equal(t, codes.InvalidArgument, status.Code(err))
		require.ErrorContains(t, err, "force closing a channel uses a pre-defined fee")
	}
}

// Who is told at once that the close begins is told nothing if it doesn't.
func TestInstantUpdateComesOnlyIfTheCloseBegins(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	for name, c := range map[string]struct {
		channel node.Channel
		force   bool
	}{
		"no such channel": {channel: node.Channel{Active: true}, force: true},
		"peer is away":    {channel: node.Channel{ChannelPoint: aPoint}},
	} {
		w.node.channels, w.node.closes = []node.Channel{c.channel}, []node.CloseUpdate{{Closed: true}}
		s, err := l.CloseChannel(ctx, &lnrpc.CloseChannelRequest{ChannelPoint: channelPoint(aPoint), NoWait: true, Force: c.force})
		require.NoError(t, err)
		u, err := s.Recv()
		require.NoError(t, err)
		require.Nil(t, u.GetCloseInstant(), name)
	}
}

func TestPolicyUpdate(t *testing.T) {
	global := &lnrpc.PolicyUpdateRequest_Global{Global: true}
	got, err := policyUpdate(&lnrpc.PolicyUpdateRequest{Scope: global, BaseFeeMsat: 0, FeeRate: 0.000123, TimeLockDelta: 40})
	require.NoError(t, err)
	require.Nil(t, got.ChannelPoint)
	require.EqualValues(t, 0, *got.BaseFee)
	require.EqualValues(t, 123, *got.FeePPM)
	require.EqualValues(t, 40, *got.TimeLockDelta)
	require.Nil(t, got.MaxHTLC)
	require.Nil(t, got.MinHTLC, "0 without min_htlc_msat_specified is nothing")

	for name, in := range map[string]*lnrpc.PolicyUpdateRequest{
		"no scope":  {TimeLockDelta: 40},
		"false":     {Scope: &lnrpc.PolicyUpdateRequest_Global{}},
		"two rates": {Scope: global, FeeRate: 1, FeeRatePpm: 1},
		"NaN":       {Scope: global, FeeRate: math.NaN()},
		"negative":  {Scope: global, BaseFeeMsat: -1},
		"small":     {Scope: global, FeeRate: 1e-7},
		"delta":     {Scope: global, TimeLockDelta: 17},
		"big delta": {Scope: global, TimeLockDelta: 2017},
	} {
		_, err := policyUpdate(in)
		require.Equal(t, codes.InvalidArgument, status.Code(err), name)
	}
}

func TestInvoices(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	w.node.invoice = node.Invoice{Hash: [32]byte{1}, PaymentAddr: [32]byte{2}, PaymentRequest: "lnbcrt1", AddIndex: 3,
		Amount: 1500, AmountPaid: 1500, State: node.InvoiceSettled, Created: time.Unix(10, 0), Expiry: time.Hour}
	added, err := l.AddInvoice(ctx, &lnrpc.Invoice{ValueMsat: 1500, Memo: "tea", Expiry: 60, RPreimage: make([]byte, 32)})
	require.NoError(t, err)
	require.Equal(t, "lnbcrt1", added.PaymentRequest)
	require.EqualValues(t, 1500, w.node.gotInvoice.Amount)
	require.Equal(t, time.Minute, w.node.gotInvoice.Expiry)
	require.NotNil(t, w.node.gotInvoice.Preimage)

	got, err := l.LookupInvoice(ctx, &lnrpc.PaymentHash{RHashStr: hex.EncodeToString(make([]byte, 32))})
	require.NoError(t, err)
	require.Equal(t, lnrpc.Invoice_SETTLED, got.State)
	require.True(t, got.Settled)
	require.EqualValues(t, 1, got.AmtPaidSat)
	require.EqualValues(t, 0, got.SettleDate)
	require.Nil(t, got.RPreimage, "it isn't known")

	for name, in := range map[string]*lnrpc.Invoice{
		"memo":       {Memo: string(make([]byte, 640))},
		"hash":       {DescriptionHash: []byte{1}},
		"preimage":   {RPreimage: []byte{1}},
		"both":       {Value: 1, ValueMsat: 1},
		"expiry":     {Expiry: maxExpiry + 1},
		"cltv":       {CltvExpiry: 1 << 16},
		"negative":   {Value: -1},
		"past money": {Value: math.MaxInt64},
	} {
		_, err := newInvoice(in)
		require.Equal(t, codes.InvalidArgument, status.Code(err), name)
	}
}

func TestQueryRoutes(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	_, key := point(1)
	in := &lnrpc.QueryRoutesRequest{PubKey: hexKey(key), Amt: 1000,
		FeeLimit: &lnrpc.FeeLimit{Limit: &lnrpc.FeeLimit_Percent{Percent: 5}}}
	_, err := l.QueryRoutes(ctx, in)
	require.ErrorContains(t, err, "unable to find a path to destination")
	require.EqualValues(t, 50_000, w.node.gotRoutes.FeeLimit)

	w.node.routes = []node.RouteFound{{Probability: 0.75, Route: node.Route{Hops: make([]node.Hop, 2)}}}
	in.FeeLimit = nil
	got, err := l.QueryRoutes(ctx, in)
	require.NoError(t, err)
	require.InDelta(t, 0.75, got.SuccessProb, 0)
	require.Len(t, got.Routes[0].Hops, 2)
	require.EqualValues(t, 1_000_000, w.node.gotRoutes.FeeLimit, "the amount, unless given")
}

func TestWhatWaitsForItsCloseIsShownWhole(t *testing.T) {
	w := up(t)
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&aPoint, nil, nil))
	tx.AddTxOut(wire.NewTxOut(1000, []byte{0x51}))
	w.node.pending.Closing = []node.PendingClose{{
		Tx: tx, Txid: tx.TxHash(), Height: 70, BlocksTillDone: 4, PendingChannel: node.PendingChannel{Memo: "rent"},
		Commitments: node.Commitments{Local: chainhash.Hash{1}, LocalFee: 5, Remote: chainhash.Hash{2}, RemoteFee: 6},
	}}
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	got, err := l.PendingChannels(ctx, &lnrpc.PendingChannelsRequest{IncludeRawTx: true})
	require.NoError(t, err)
	c := got.WaitingCloseChannels[0]
	require.Equal(t, []uint32{70, 4}, []uint32{c.CloseHeight, c.BlocksTilCloseConfirmed})
	require.Equal(t, tx.TxHash().String(), c.ClosingTxid)
	require.NotEmpty(t, c.ClosingTxHex)
	require.Equal(t, "rent", c.Channel.Memo)
	require.Equal(t, chainhash.Hash{1}.String(), c.Commitments.LocalTxid)
	require.EqualValues(t, 6, c.Commitments.RemoteCommitFeeSat)
	require.Empty(t, c.Commitments.RemotePendingTxid)
	got, err = l.PendingChannels(ctx, &lnrpc.PendingChannelsRequest{})
	require.NoError(t, err)
	require.Empty(t, got.WaitingCloseChannels[0].ClosingTxHex)
}

func TestOpeningCarriesFeesAndMemo(t *testing.T) {
	w := up(t)
	_, key := point(3)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	w.node.opens = []node.OpenUpdate{{ChannelPoint: aPoint}}
	ask := func() *lnrpc.OpenChannelRequest {
		return &lnrpc.OpenChannelRequest{NodePubkey: key[:], LocalFundingAmount: 100_000}
	}
	in := ask()
	in.UseBaseFee, in.UseFeeRate, in.FeeRate, in.Memo = true, true, 70, "rent"
	_, err := l.OpenChannelSync(ctx, in)
	require.NoError(t, err)
	require.Zero(t, *w.node.gotOpen.BaseFee, "zero is what was asked for")
	require.EqualValues(t, 70, *w.node.gotOpen.FeePPM)
	require.Equal(t, "rent", w.node.gotOpen.Memo)
	_, err = l.OpenChannelSync(ctx, ask())
	require.NoError(t, err)
	require.Nil(t, w.node.gotOpen.BaseFee)
	require.Nil(t, w.node.gotOpen.FeePPM)
	for _, change := range []func(*lnrpc.OpenChannelRequest){
		func(r *lnrpc.OpenChannelRequest) { r.Memo = string(make([]byte, maxChannelMemo+1)) },
		func(r *lnrpc.OpenChannelRequest) { r.BaseFee = 1 << 32 },
		func(r *lnrpc.OpenChannelRequest) { r.UseFeeRate, r.FeeRate = true, 1<<32 },
	} {
		bad := ask()
		change(bad)
		_, err = l.OpenChannelSync(ctx, bad)
		require.Equal(t, codes.InvalidArgument, status.Code(err))
	}
}

func TestPeersAreToldOf(t *testing.T) {
	w := up(t)
	_, key := point(4)
	w.node.peerEvents = []node.PeerEvent{{Key: key, Online: true}, {Key: key}}
	w.node.peers = []node.Peer{{Key: key, Errors: []node.PeerError{{When: time.Unix(3, 0), Text: "first"}, {Text: "last"}}}}
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	s, err := l.SubscribePeerEvents(ctx, &lnrpc.PeerEventSubscription{})
	require.NoError(t, err)
	for _, want := range []lnrpc.PeerEvent_EventType{lnrpc.PeerEvent_PEER_ONLINE, lnrpc.PeerEvent_PEER_OFFLINE} {
		e, err := s.Recv()
		require.NoError(t, err)
		require.Equal(t, want, e.Type)
		require.Equal(t, hexKey(key), e.PubKey)
	}
	all, err := l.ListPeers(ctx, &lnrpc.ListPeersRequest{})
	require.NoError(t, err)
	require.Len(t, all.Peers[0].Errors, 2)
	require.EqualValues(t, 3, all.Peers[0].Errors[0].Timestamp)
	all, err = l.ListPeers(ctx, &lnrpc.ListPeersRequest{LatestError: true})
	require.NoError(t, err)
	require.Len(t, all.Peers[0].Errors, 1)
	require.Equal(t, "last", all.Peers[0].Errors[0].Error)
}
