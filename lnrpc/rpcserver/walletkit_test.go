package rpcserver

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

// someCoin is an outpoint as a client names it.
func someCoin() *lnrpc.OutPoint {
	return &lnrpc.OutPoint{TxidStr: chainhash.Hash{7}.String(), OutputIndex: 2}
}

func someTransaction(lock uint32) node.Transaction {
	tx := wire.NewMsgTx(2)
	tx.LockTime = lock
	tx.AddTxIn(wire.NewTxIn(&wire.OutPoint{Hash: chainhash.Hash{9}}, nil, nil))
	tx.AddTxOut(wire.NewTxOut(1000, []byte{0x51}))
	return node.Transaction{Tx: tx, Outputs: make([]node.TxOutput, 1), OurInputs: make([]bool, 1)}
}

func TestBumpFeeAsLndHasIt(t *testing.T) {
	w := up(t)
	k, ctx := walletrpc.NewWalletKitClient(w.admin(t)), within(t)
	w.node.bump.Attempts = 1
	r, err := k.BumpFee(ctx, &walletrpc.BumpFeeRequest{Outpoint: someCoin(), SatPerVbyte: 20, Budget: 3000, Immediate: true})
	require.NoError(t, err)
	require.Equal(t, "Successfully registered CPFP-tx with the sweeper", r.Status)
	require.Equal(t, node.BumpFee{
		Coin: wire.OutPoint{Hash: chainhash.Hash{7}, Index: 2}, Fee: node.FeeRate{SatPerVByte: 20}, Budget: 3000,
	}, w.node.gotBump)
	w.node.bump.Attempts = 2
	r, err = k.BumpFee(ctx, &walletrpc.BumpFeeRequest{Outpoint: someCoin(), TargetConf: 3})
	require.NoError(t, err)
	require.Equal(t, "Successfully registered rbf-tx with sweeper", r.Status)
	require.EqualValues(t, 3, w.node.gotBump.Fee.ConfTarget)

	for code, all := range map[codes.Code][]*walletrpc.BumpFeeRequest{
		codes.InvalidArgument: {
			{}, {Outpoint: &lnrpc.OutPoint{}}, {Outpoint: &lnrpc.OutPoint{TxidStr: "ab"}},
			{Outpoint: &lnrpc.OutPoint{TxidBytes: []byte{1}}},
			{Outpoint: someCoin(), Force: true, Immediate: true}, {Outpoint: someCoin(), Budget: 1 << 60},
			{Outpoint: someCoin(), SatPerVbyte: 3, SatPerByte: 3}, {Outpoint: someCoin(), SatPerVbyte: 3, TargetConf: 3},
			{Outpoint: someCoin(), TargetConf: 1 << 31},
		},
		codes.Unimplemented: {{Outpoint: someCoin(), DeadlineDelta: 5, Budget: 1}},
	} {
		for _, in := range all {
			_, err := k.BumpFee(ctx, in)
			require.Equal(t, code, status.Code(err), "%v: %v", in, err)
		}
	}
}

func TestSweepsAreBumps(t *testing.T) {
	w := up(t)
	k, ctx := walletrpc.NewWalletKitClient(w.admin(t)), within(t)
	pending, mined := someTransaction(1), someTransaction(2)
	mined.Height = 70
	w.node.txs = []node.Transaction{pending, mined}
	w.node.bumps = []node.BumpState{
		{Bump: node.Bump{Tx: pending.Tx.TxHash(), Kind: 1, Amount: 900, Rate: 5000, Budget: 450, Attempts: 2}},
		{Bump: node.Bump{Tx: mined.Tx.TxHash()}, Height: 70},
	}
	p, err := k.PendingSweeps(ctx, &walletrpc.PendingSweepsRequest{})
	require.NoError(t, err)
	require.Len(t, p.PendingSweeps, 1, "not the one in a block")
	s := p.PendingSweeps[0]
	require.Equal(t, walletrpc.WitnessType_TAPROOT_PUB_KEY_SPEND, s.WitnessType)
	require.Equal(t, []uint64{20, 450, 900, 2}, []uint64{s.SatPerVbyte, s.Budget, uint64(s.AmountSat), uint64(s.BroadcastAttempts)})

	for _, c := range []struct {
		in   *walletrpc.ListSweepsRequest
		want []chainhash.Hash
	}{
		{&walletrpc.ListSweepsRequest{}, []chainhash.Hash{mined.Tx.TxHash(), pending.Tx.TxHash()}},
		{&walletrpc.ListSweepsRequest{StartHeight: 71}, []chainhash.Hash{pending.Tx.TxHash()}},
		{&walletrpc.ListSweepsRequest{StartHeight: -1}, []chainhash.Hash{pending.Tx.TxHash()}},
	} {
		var want, got []string
		for _, h := range c.want {
			want = append(want, h.String())
		}
		r, err := k.ListSweeps(ctx, c.in)
		require.NoError(t, err)
		require.Equal(t, want, r.GetTransactionIds().TransactionIds)
		c.in.Verbose = true
		r, err = k.ListSweeps(ctx, c.in)
		require.NoError(t, err)
		for _, tx := range r.GetTransactionDetails().Transactions {
			got = append(got, tx.TxHash)
		}
		require.Equal(t, want, got)
	}
	_, err = k.ListSweeps(ctx, &walletrpc.ListSweepsRequest{StartHeight: -2})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}

func TestLeases(t *testing.T) {
	w := up(t)
	k, ctx := walletrpc.NewWalletKitClient(w.admin(t)), within(t)
	id := bytes.Repeat([]byte{5}, 32)
	r, err := k.LeaseOutput(ctx, &walletrpc.LeaseOutputRequest{Id: id, Outpoint: someCoin()})
	require.NoError(t, err)
	require.EqualValues(t, 1000, r.Expiration)
	require.Equal(t, 10*time.Minute, w.node.gotLease)
	_, err = k.LeaseOutput(ctx, &walletrpc.LeaseOutputRequest{Id: id, Outpoint: someCoin(), ExpirationSeconds: 60})
	require.NoError(t, err)
	require.Equal(t, time.Minute, w.node.gotLease)
	require.Equal(t, wire.OutPoint{Hash: chainhash.Hash{7}, Index: 2}, w.node.gotCoin)
	for _, in := range []*walletrpc.LeaseOutputRequest{
		{Outpoint: someCoin()}, {Id: make([]byte, 32), Outpoint: someCoin()}, {Id: lndLease[:], Outpoint: someCoin()},
		{Id: id}, {Id: id, Outpoint: someCoin(), ExpirationSeconds: 1 << 63},
	} {
		_, err = k.LeaseOutput(ctx, in)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", in)
	}
	free, err := k.ReleaseOutput(ctx, &walletrpc.ReleaseOutputRequest{Id: id, Outpoint: someCoin()})
	require.NoError(t, err)
	require.Contains(t, free.Status, ":2 released")
	_, err = k.ReleaseOutput(ctx, &walletrpc.ReleaseOutputRequest{Id: id[1:], Outpoint: someCoin()})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	w.node.leases = []node.Lease{{ID: [32]byte(id), Amount: 77, Script: []byte{1}, Expires: time.Unix(5, 0)}}
	all, err := k.ListLeases(ctx, &walletrpc.ListLeasesRequest{})
	require.NoError(t, err)
	require.Equal(t, id, all.LockedUtxos[0].Id)
	require.EqualValues(t, 77, all.LockedUtxos[0].Value)
}

func TestTransactionsAreFoundLabelledAndPublished(t *testing.T) {
	w := up(t)
	k, ctx := walletrpc.NewWalletKitClient(w.admin(t)), within(t)
	known := someTransaction(3)
	w.node.txs = []node.Transaction{known}
	r, err := k.GetTransaction(ctx, &walletrpc.GetTransactionRequest{Txid: known.Tx.TxHash().String()})
	require.NoError(t, err)
	require.Equal(t, known.Tx.TxHash().String(), r.TxHash)
	for txid, code := range map[string]codes.Code{
		"": codes.InvalidArgument, string(make([]byte, 64)): codes.InvalidArgument, chainhash.Hash{}.String(): codes.NotFound,
	} {
		_, err = k.GetTransaction(ctx, &walletrpc.GetTransactionRequest{Txid: txid})
		require.Equal(t, code, status.Code(err), "%q", txid)
	}

	label, err := k.LabelTransaction(ctx, &walletrpc.LabelTransactionRequest{Txid: make([]byte, 32), Label: "rent"})
	require.NoError(t, err)
	require.Equal(t, "transaction label 'rent' added", label.Status)
	require.Equal(t, "rent", w.node.labelled)
	for _, in := range []*walletrpc.LabelTransactionRequest{
		{Txid: make([]byte, 32)}, {Txid: make([]byte, 3), Label: "x"}, {Txid: make([]byte, 32), Label: string(make([]byte, 501))},
	} {
		_, err = k.LabelTransaction(ctx, in)
		require.Equal(t, codes.InvalidArgument, status.Code(err))
	}

	var raw bytes.Buffer
	require.NoError(t, known.Tx.Serialize(&raw))
	_, err = k.PublishTransaction(ctx, &walletrpc.Transaction{TxHex: raw.Bytes()})
	require.NoError(t, err)
	require.Equal(t, known.Tx.TxHash(), w.node.published.TxHash())
	var empty bytes.Buffer
	require.NoError(t, wire.NewMsgTx(2).Serialize(&empty))
	for _, bad := range [][]byte{nil, {1}, append(raw.Bytes(), 0), empty.Bytes()} {
		_, err = k.PublishTransaction(ctx, &walletrpc.Transaction{TxHex: bad})
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%x: %v", bad, err)
	}
	stream, err := lnrpc.NewLightningClient(w.admin(t)).SubscribeTransactions(ctx, &lnrpc.GetTransactionsRequest{})
	require.NoError(t, err)
	tx, err := stream.Recv()
	require.NoError(t, err)
	require.Equal(t, known.Tx.TxHash().String(), tx.TxHash)
	_, err = stream.Recv()
	require.ErrorIs(t, err, io.EOF)
}

func TestAddressesByAccount(t *testing.T) {
	w := up(t)
	k, ctx := walletrpc.NewWalletKitClient(w.admin(t)), within(t)
	w.node.addresses = []node.WalletAddress{{Address: "a"}, {Address: "b", Kind: 1, Balance: 5, Internal: true}}
	r, err := k.ListAddresses(ctx, &walletrpc.ListAddressesRequest{})
	require.NoError(t, err)
	require.Len(t, r.AccountWithAddresses, 2)
	require.Equal(t, "a", r.AccountWithAddresses[0].Addresses[0].Address)
	require.Equal(t, walletrpc.AddressType_TAPROOT_PUBKEY, r.AccountWithAddresses[1].AddressType)
	require.EqualValues(t, 5, r.AccountWithAddresses[1].Addresses[0].Balance)
	require.True(t, r.AccountWithAddresses[1].Addresses[0].IsInternal)
	_, err = k.ListAddresses(ctx, &walletrpc.ListAddressesRequest{AccountName: "other"})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}

func TestPayingOnChain(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	to := map[string]int64{"a": 1000, "b": 2000}
	_, err := l.SendMany(ctx, &lnrpc.SendManyRequest{AddrToAmount: to, SatPerVbyte: 3, Label: "x", MinConfs: 2})
	require.NoError(t, err)
	require.Equal(t, node.SendMany{
		Outputs: map[string]btcutil.Amount{"a": 1000, "b": 2000}, Fee: node.FeeRate{SatPerVByte: 3}, Label: "x", MinConfs: 2,
	}, w.node.gotMany)
	e, err := l.EstimateFee(ctx, &lnrpc.EstimateFeeRequest{AddrToAmount: to, TargetConf: 4, Inputs: []*lnrpc.OutPoint{someCoin()}})
	require.NoError(t, err)
	require.Equal(t, []int64{300, 2, 2}, []int64{e.FeeSat, e.FeerateSatPerByte, int64(e.SatPerVbyte)})
	require.EqualValues(t, 3, e.Inputs[0].OutputIndex)
	require.Len(t, w.node.gotMany.Coins, 1)
	_, err = l.SendCoins(ctx, &lnrpc.SendCoinsRequest{Addr: "a", Amount: 5, Outpoints: []*lnrpc.OutPoint{someCoin()},
		CoinSelectionStrategy: lnrpc.CoinSelectionStrategy_STRATEGY_LARGEST})
	require.NoError(t, err)
	require.Len(t, w.node.gotSend.Coins, 1)

	many := map[string]int64{}
	for i := range maxPayees + 1 {
		many[string(rune(i+1000))] = 1
	}
	for _, in := range []*lnrpc.SendManyRequest{
		{}, {AddrToAmount: many}, {AddrToAmount: map[string]int64{"a": -1}}, {AddrToAmount: to, MinConfs: -1},
		{AddrToAmount: to, SatPerByte: -1}, {AddrToAmount: to, Label: string(make([]byte, 501))},
	} {
		_, err = l.SendMany(ctx, in)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", in)
	}
	_, err = l.SendMany(ctx, &lnrpc.SendManyRequest{AddrToAmount: to, CoinSelectionStrategy: lnrpc.CoinSelectionStrategy_STRATEGY_RANDOM})
	require.Equal(t, codes.Unimplemented, status.Code(err))
	_, err = l.SendCoins(ctx, &lnrpc.SendCoinsRequest{Addr: "a", Amount: 5, Outpoints: make([]*lnrpc.OutPoint, maxCoins+1)})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}
