package rpcserver

import (
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// The one channel of these tests, as its contract and as its channel point.
var (
	tokenIDText    = "0x0102" + zeros(60)
	tokenPointText = zeros(60) + "0201:0"
)

// drain reads a stream to its end.
func drain[T any](s grpc.ServerStreamingClient[T], err error) (all []*T, end error) {
	for err == nil {
		var m *T
		if m, err = s.Recv(); err == nil {
			all = append(all, m)
		}
	}
	return all, err
}

func TestOpeningATokenChannel(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewTokenChannelsClient(w.admin(t)), within(t)
	peer, key := point(1)
	got, err := drain(c.OpenTokenChannel(ctx, &nwnrpc.OpenTokenChannelRequest{
		NodePubkey: key[:], Symbol: "MILES", CapacityUnits: maxUnits, PushUnits: 5, Private: true, Memo: "mine",
		BaseFeeMilli: proto.Uint64(0), FeeRatePpm: proto.Uint32(7),
	}))
	require.EqualError(t, err, "EOF")
	base, ppm := lnwire.MilliSatoshi(0), uint32(7)
	require.Equal(t, node.OpenTokenChannel{
		Peer: peer, Symbol: "MILES", Capacity: maxUnits, Push: 5, Private: true, BaseFee: &base, FeePPM: &ppm, Memo: "mine",
	}, n.got)
	require.Len(t, got, 2)
	equal(t, &nwnrpc.TokenOpenUpdate{ChannelPoint: tokenPointText, ChannelId: tokenIDText}, got[0])
	equal(t, &nwnrpc.TokenOpenUpdate{ChannelPoint: tokenPointText, ChannelId: tokenIDText, Open: true, TxHash: someTxText}, got[1])

	n.name = ""
	for _, in := range []*nwnrpc.OpenTokenChannelRequest{
		{Symbol: "MILES", CapacityUnits: 1}, {NodePubkey: key[:], CapacityUnits: 1}, {NodePubkey: key[:], Symbol: "MILES"},
		{NodePubkey: key[:], Symbol: "MILES", CapacityUnits: maxUnits + 1},
		{NodePubkey: key[:], Symbol: "MILES", CapacityUnits: 5, PushUnits: 5},
		{NodePubkey: key[:], Symbol: "MILES", CapacityUnits: 5, Memo: strings.Repeat("x", maxChannelMemo+1)},
		{NodePubkey: key[:], Symbol: "MILES", CapacityUnits: 5, BaseFeeMilli: proto.Uint64(1 << 32)},
	} {
		_, err := drain(c.OpenTokenChannel(ctx, in))
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", in)
	}
	require.Empty(t, n.name)
}

func TestClosingATokenChannel(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewTokenChannelsClient(w.admin(t)), within(t)
	for _, name := range []string{tokenIDText, tokenPointText} {
		got, err := drain(c.CloseTokenChannel(ctx, &nwnrpc.CloseTokenChannelRequest{Channel: name, Force: true}))
		require.EqualError(t, err, "EOF")
		require.Equal(t, node.CloseTokenChannel{Channel: tokenPoint, Force: true}, n.got)
		require.Len(t, got, 2)
		equal(t, &nwnrpc.TokenCloseUpdate{TxHash: someTxText}, got[0])
		require.True(t, got[1].Closed)
	}
	for _, name := range []string{
		"", "0x01", tokenIDText[2:], tokenPointText[:65] + "1", tokenPointText[:64], tokenIDText + "00", "0x" + strings.Repeat("g", 64),
		strings.Repeat("g", 64) + ":0", ":0", strings.Repeat("x", 1<<20),
	} {
		_, err := tokenChannelPoint(name)
		require.ErrorContains(t, err, "its channel point, txid:0")
		require.Less(t, len(err.Error()), 300)
	}
	n.err = node.ErrNotFound
	_, err := drain(c.CloseTokenChannel(ctx, &nwnrpc.CloseTokenChannelRequest{Channel: tokenIDText}))
	require.Equal(t, codes.NotFound, status.Code(err))
	require.ErrorContains(t, err, "unable to find channel")
}

func TestMoneyIsAddedToAndTakenFromAChannel(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewTokenChannelsClient(w.admin(t)), within(t)
	in := &nwnrpc.ChannelAmountRequest{Channel: tokenIDText, Units: 5}
	r, err := c.DepositToChannel(ctx, in)
	require.NoError(t, err)
	require.Equal(t, someTxText, r.TxHash)
	require.Equal(t, "DepositToChannel", n.name)
	require.Equal(t, []any{tokenPoint, uint64(5)}, n.got)
	_, err = c.WithdrawFromChannel(ctx, in)
	require.NoError(t, err)
	require.Equal(t, "WithdrawFromChannel", n.name)
	for _, bad := range []*nwnrpc.ChannelAmountRequest{{Channel: tokenIDText}, {Units: 5}, {Channel: tokenIDText, Units: maxUnits + 1}} {
		_, err = c.DepositToChannel(ctx, bad)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", bad)
		_, err = c.WithdrawFromChannel(ctx, bad)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", bad)
	}
}

func TestTokenChannelsAreTold(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewTokenChannelsClient(w.admin(t)), within(t)
	closed, other := milesChannel(), milesChannel()
	closed.State, other.Asset.Symbol, other.State = node.TokenClosed, "ETH", node.TokenOpen
	n.channels = []node.TokenChannel{milesChannel(), closed, other}
	got, err := c.ListTokenChannels(ctx, &nwnrpc.ListTokenChannelsRequest{})
	require.NoError(t, err)
	require.Len(t, got.TokenChannels, 2)
	require.Empty(t, got.TokenChannels[1].Ending, "it has not ended")
	_, key := point(1)
	equal(t, &nwnrpc.TokenChannel{
		ChannelPoint: tokenPointText, ChannelId: tokenIDText, RemotePubkey: hexKey(key), PeerAlias: "bob?", Asset: milesMessage,
		State: nwnrpc.TokenChannelState_TOKEN_CHANNEL_FORCED, Active: true, Initiator: true, LocalMilli: 1_500, RemoteMilli: 2_000,
		UnsettledIncomingMilli: 5, UnsettledOutgoingMilli: 13, SentMilli: 7, ReceivedMilli: 8,
		LocalDepositedUnits: 10, RemoteDepositedUnits: 11, LocalWithdrawnUnits: 12, RemoteWithdrawnUnits: 13,
		LocalReserveUnits: 3, RemoteReserveUnits: 4, Delay: 86_400, NumUpdates: 9, Memo: "mine",
		Params: &nwnrpc.TokenChannelParams{
			A: someone.Hex(), B: "0x" + zeros(40), PayA: "0x" + zeros(40), PayB: tokenAt.Hex(), Delay: 86_400, Nonce: 1 << 63,
		},
		Htlcs: []*nwnrpc.TokenHTLC{
			{Incoming: true, AmountMilli: 5, PaymentHash: zeros(64), Expiry: 1_700_000_000, HtlcId: 1, LockedIn: true},
			{AmountMilli: 6, PaymentHash: zeros(64)}, {AmountMilli: 7, PaymentHash: zeros(64)},
		},
		Reason: "the peer failed it", Ending: "our commitment", Deadline: 1_700_000_500, Next: "settled at the deadline",
		LimboMilli: 14, RecoveredMilli: 15, UndecidedHtlcs: 2,
	}, got.TokenChannels[0])
	got, err = c.ListTokenChannels(ctx, &nwnrpc.ListTokenChannelsRequest{Symbol: "MILES", IncludeClosed: true})
	require.NoError(t, err)
	require.Len(t, got.TokenChannels, 2)
	_, err = c.ListTokenChannels(ctx, &nwnrpc.ListTokenChannelsRequest{Symbol: "a b"})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}

func TestATransactionThatIsNotKnownIsNotTold(t *testing.T) {
	require.Empty(t, txText(common.Hash{}))
	require.Equal(t, someTxText, txText(someTx))
}

// The numbers of the states are those of the node's.
func TestTokenChannelStatesAreTheNodes(t *testing.T) {
	for state, name := range map[node.TokenChannelState]string{
		node.TokenOpening: "OPENING", node.TokenOpen: "OPEN", node.TokenClosing: "CLOSING", node.TokenForced: "FORCED", node.TokenClosed: "CLOSED",
	} {
		require.Equal(t, "TOKEN_CHANNEL_"+name, nwnrpc.TokenChannelState(state).String())
	}
}

func TestTokenBackupIsHandedOutAndTakenBack(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewTokenChannelsClient(w.admin(t)), within(t)
	b, err := c.ExportTokenBackup(ctx, &nwnrpc.ExportTokenBackupRequest{})
	require.NoError(t, err)
	require.Equal(t, []byte{1, 2, 3}, b.Packed)
	r, err := c.RestoreTokenBackup(ctx, b)
	require.NoError(t, err)
	require.EqualValues(t, 2, r.NumRestored)
	require.Equal(t, []byte{1, 2, 3}, n.got)
	_, err = c.RestoreTokenBackup(ctx, &nwnrpc.TokenBackup{})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	n.err = node.ErrInvalid
	_, err = c.RestoreTokenBackup(ctx, b)
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}
