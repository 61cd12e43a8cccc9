package rpcserver

import (
	"encoding/hex"
	"math"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

func TestListUnspent(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	w.node.coins = []node.Coin{{
		Outpoint: aPoint, Amount: 7, Script: []byte{0x51, 0x20}, Address: "bcrt1p", Type: node.TaprootPubKey, Confirmations: 3,
	}}
	got, err := l.ListUnspent(ctx, &lnrpc.ListUnspentRequest{})
	require.NoError(t, err)
	require.Equal(t, [2]int32{0, math.MaxInt32}, w.node.gotConfs)
	want := &lnrpc.Utxo{
		AddressType: lnrpc.AddressType_TAPROOT_PUBKEY, Address: "bcrt1p", AmountSat: 7, PkScript: "5120", Confirmations: 3,
		Outpoint: &lnrpc.OutPoint{TxidBytes: aPoint.Hash[:], TxidStr: aPoint.Hash.String(), OutputIndex: 4},
	}
	require.True(t, proto.Equal(want, got.Utxos[0]), "want %v\ngot  %v", want, got.Utxos[0])

	_, err = l.ListUnspent(ctx, &lnrpc.ListUnspentRequest{MinConfs: 2, MaxConfs: 5})
	require.NoError(t, err)
	require.Equal(t, [2]int32{2, 5}, w.node.gotConfs)
	for _, bad := range []*lnrpc.ListUnspentRequest{{MinConfs: -1}, {MinConfs: 6, MaxConfs: 5}} {
		_, err = l.ListUnspent(ctx, bad)
		require.Equal(t, codes.InvalidArgument, status.Code(err))
	}
	_, err = l.ListUnspent(ctx, &lnrpc.ListUnspentRequest{Account: "x"})
	require.Equal(t, codes.Unimplemented, status.Code(err))
}

func TestGetTransactions(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&aPoint, nil, nil))
	tx.AddTxOut(wire.NewTxOut(9, []byte{1}))
	w.node.txs = []node.Transaction{
		{Tx: tx, Amount: -5, Fee: 2, Height: 10, BlockHash: chainhash.Hash{8}, Confirmations: 6, Time: time.Unix(7, 0), Label: "l",
			Outputs:   []node.TxOutput{{Class: txscript.WitnessV0PubKeyHashTy, Address: "a", Ours: true}},
			OurInputs: []bool{true}},
		{Tx: wire.NewMsgTx(2)},
	}
	got, err := l.GetTransactions(ctx, &lnrpc.GetTransactionsRequest{})
	require.NoError(t, err)
	require.True(t, w.node.unconfirmed)
	require.Equal(t, [2]int32{0, math.MaxInt32}, w.node.gotHeights)
	require.Len(t, got.Transactions, 2)
	require.EqualValues(t, 1, got.LastIndex)
	require.Zero(t, got.Transactions[0].NumConfirmations, "the newest first")
	require.Empty(t, got.Transactions[0].BlockHash)
	last := got.Transactions[1]
	require.NotEmpty(t, last.RawTxHex)
	last.RawTxHex = ""
	want := &lnrpc.Transaction{
		TxHash: tx.TxHash().String(), Amount: -5, NumConfirmations: 6, BlockHash: chainhash.Hash{8}.String(), BlockHeight: 10,
		TimeStamp: 7, TotalFees: 2, DestAddresses: []string{"a"}, Label: "l",
		OutputDetails: []*lnrpc.OutputDetail{{OutputType: lnrpc.OutputScriptType_SCRIPT_TYPE_WITNESS_V0_PUBKEY_HASH,
			Address: "a", PkScript: hex.EncodeToString([]byte{1}), Amount: 9, IsOurAddress: true}},
		PreviousOutpoints: []*lnrpc.PreviousOutPoint{{Outpoint: aPoint.String(), IsOurOutput: true}},
	}
	require.True(t, proto.Equal(want, last), "want %v\ngot  %v", want, last)

	got, err = l.GetTransactions(ctx, &lnrpc.GetTransactionsRequest{StartHeight: 20, EndHeight: 5, MaxTransactions: 1})
	require.NoError(t, err)
	require.Equal(t, [2]int32{5, 20}, w.node.gotHeights)
	require.False(t, w.node.unconfirmed)
	require.Len(t, got.Transactions, 1)
	got, err = l.GetTransactions(ctx, &lnrpc.GetTransactionsRequest{IndexOffset: 5})
	require.NoError(t, err)
	require.Empty(t, got.Transactions)
	_, err = l.GetTransactions(ctx, &lnrpc.GetTransactionsRequest{EndHeight: -2})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}

func TestMessagesAreSignedAndVerified(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	s, err := l.SignMessage(ctx, &lnrpc.SignMessageRequest{Msg: []byte("m")})
	require.NoError(t, err)
	require.Equal(t, "signed m", s.Signature)
	_, key := point(1)
	for _, c := range []struct {
		signed node.Signed
		want   *lnrpc.VerifyMessageResponse
	}{
		{node.Signed{}, &lnrpc.VerifyMessageResponse{}},
		{node.Signed{Found: true, Key: key}, &lnrpc.VerifyMessageResponse{Pubkey: hexKey(key)}},
		{node.Signed{Found: true, Known: true, Key: key}, &lnrpc.VerifyMessageResponse{Valid: true, Pubkey: hexKey(key)}},
	} {
		w.node.signed = c.signed
		v, err := l.VerifyMessage(ctx, &lnrpc.VerifyMessageRequest{Msg: []byte("m"), Signature: "s"})
		require.NoError(t, err)
		require.True(t, proto.Equal(c.want, v), "want %v\ngot  %v", c.want, v)
	}
}

func TestGetChanInfo(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	w.node.edge = node.GraphEdge{Capacity: 9, ChannelPoint: aPoint}
	e, err := l.GetChanInfo(ctx, &lnrpc.ChanInfoRequest{ChanId: 5 << 40})
	require.NoError(t, err)
	require.EqualValues(t, 9, e.Capacity)
	require.EqualValues(t, 5, w.node.gotSCID.BlockHeight)
	_, err = l.GetChanInfo(ctx, &lnrpc.ChanInfoRequest{ChanPoint: aPoint.String()})
	require.NoError(t, err)
	require.Equal(t, aPoint, w.node.gotPoint)
	for _, bad := range []*lnrpc.ChanInfoRequest{{}, {ChanPoint: "x"}} {
		_, err = l.GetChanInfo(ctx, bad)
		require.Equal(t, codes.InvalidArgument, status.Code(err))
	}
	w.node.err = node.ErrNotFound
	_, err = l.GetChanInfo(ctx, &lnrpc.ChanInfoRequest{ChanId: 1})
	require.Equal(t, codes.NotFound, status.Code(err))
	require.ErrorContains(t, err, "edge not found")
}

func TestGetNetworkInfo(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	got, err := l.GetNetworkInfo(ctx, &lnrpc.NetworkInfoRequest{})
	require.NoError(t, err)
	require.Zero(t, got.AvgChannelSize)
	w.node.network = node.NetworkInfo{Nodes: 4, Channels: 2, MaxChannels: 1, Capacity: 10, Smallest: 3, Median: 5, Largest: 7}
	got, err = l.GetNetworkInfo(ctx, &lnrpc.NetworkInfoRequest{})
	require.NoError(t, err)
	want := &lnrpc.NetworkInfo{
		NumNodes: 4, NumChannels: 2, MaxOutDegree: 1, AvgOutDegree: 1, TotalNetworkCapacity: 10, AvgChannelSize: 5,
		MinChannelSize: 3, MedianChannelSizeSat: 5, MaxChannelSize: 7,
	}
	require.True(t, proto.Equal(want, got), "want %v\ngot  %v", want, got)
}
