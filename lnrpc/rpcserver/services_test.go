package rpcserver

import (
	"bytes"
	"context"
	"io"
	"iter"
	"runtime"
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/chainrpc"
	"github.com/nichework/nwnd/lnrpc/invoicesrpc"
	"github.com/nichework/nwnd/lnrpc/verrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

func (f *fakeNode) Blocks(_ context.Context, after *node.Block) iter.Seq2[node.Block, error] {
	f.gotAfter = after
	return all([]node.Block{{Height: 7, Hash: chainhash.Hash{1}}, {Height: 8, Hash: chainhash.Hash{2}}}, f.err)
}

func (f *fakeNode) EstimateFee(_ context.Context, target uint32) (node.FeeEstimate, error) {
	return node.FeeEstimate{Rate: 1000 + uint64(target), Relayed: 253}, f.err
}

func (f *fakeNode) Accounts(context.Context) ([]node.Account, error) {
	return []node.Account{
		{Name: "default", ExtendedKey: "k", DerivationPath: "m/84'/0'/0'", External: 4, Internal: 5},
		{Name: "default", Type: node.TaprootPubKey},
	}, f.err
}

func (f *fakeNode) NewAddress(_ context.Context, kind node.AddressType) (btcutil.Address, error) {
	if kind == node.TaprootPubKey {
		return btcutil.NewAddressTaproot(make([]byte, 32), &chaincfg.RegressionNetParams)
	}
	return btcutil.NewAddressWitnessPubKeyHash(make([]byte, 20), &chaincfg.RegressionNetParams)
}

func TestGetVersion(t *testing.T) {
	w := up(t)
	v, err := verrpc.NewVersionerClient(w.admin(t)).GetVersion(within(t), &verrpc.VersionRequest{})
	require.NoError(t, err)
	require.Equal(t, [3]uint32{0, 21, 1}, [3]uint32{v.AppMajor, v.AppMinor, v.AppPatch})
	require.Equal(t, "beta", v.AppPreRelease)
	require.Equal(t, "nwnd-test", v.Commit)
	require.Equal(t, runtime.Version(), v.GoVersion)
	require.Contains(t, v.BuildTags, "walletrpc")
	require.Contains(t, v.BuildTags, "chainrpc")
	require.NotContains(t, v.BuildTags, "signrpc", "it isn't served")
	require.NotContains(t, v.BuildTags, "routerrpc", "lnd has no tag for it")
}

func TestBlocksAreFollowed(t *testing.T) {
	w := up(t)
	c, ctx := chainrpc.NewChainNotifierClient(w.admin(t)), within(t)
	s, err := c.RegisterBlockEpochNtfn(ctx, &chainrpc.BlockEpoch{})
	require.NoError(t, err)
	for i := range byte(2) {
		b, err := s.Recv()
		require.NoError(t, err)
		require.EqualValues(t, 7+i, b.Height)
		require.Equal(t, 1+i, b.Hash[0])
	}
	_, err = s.Recv()
	require.Equal(t, io.EOF, err)
}

func TestWalletKit(t *testing.T) {
	w := up(t)
	c, ctx := walletrpc.NewWalletKitClient(w.admin(t)), within(t)
	w.node.coins = []node.Coin{{Amount: 5, Confirmations: 1}, {Amount: 3}}
	u, err := c.ListUnspent(ctx, &walletrpc.ListUnspentRequest{})
	require.NoError(t, err)
	require.Len(t, u.Utxos, 2)
	u, err = c.ListUnspent(ctx, &walletrpc.ListUnspentRequest{UnconfirmedOnly: true})
	require.NoError(t, err)
	require.Len(t, u.Utxos, 1)
	require.EqualValues(t, 3, u.Utxos[0].AmountSat)
	_, err = c.ListUnspent(ctx, &walletrpc.ListUnspentRequest{UnconfirmedOnly: true, MinConfs: 1})
	require.Equal(t, codes.InvalidArgument, status.Code(err))

	for kind, prefix := range map[walletrpc.AddressType]string{
		walletrpc.AddressType_UNKNOWN: "bcrt1q", walletrpc.AddressType_WITNESS_PUBKEY_HASH: "bcrt1q",
		walletrpc.AddressType_TAPROOT_PUBKEY: "bcrt1p",
	} {
		a, err := c.NextAddr(ctx, &walletrpc.AddrRequest{Type: kind})
		require.NoError(t, err)
		require.Equal(t, prefix, a.Addr[:6])
	}
	for _, in := range []*walletrpc.AddrRequest{
		{Change: true}, {Account: "x"}, {Type: walletrpc.AddressType_NESTED_WITNESS_PUBKEY_HASH},
	} {
		_, err := c.NextAddr(ctx, in)
		require.Equal(t, codes.Unimplemented, status.Code(err))
	}

	e, err := c.EstimateFee(ctx, &walletrpc.EstimateFeeRequest{ConfTarget: 6})
	require.NoError(t, err)
	require.EqualValues(t, 1006, e.SatPerKw)
	require.EqualValues(t, 253, e.MinRelayFeeSatPerKw)
	_, err = c.EstimateFee(ctx, &walletrpc.EstimateFeeRequest{})
	require.Equal(t, codes.InvalidArgument, status.Code(err))

	l, err := c.ListAccounts(ctx, &walletrpc.ListAccountsRequest{})
	require.NoError(t, err)
	require.Len(t, l.Accounts, 2)
	require.Equal(t, "m/84'/0'/0'", l.Accounts[0].DerivationPath)
	require.EqualValues(t, 4, l.Accounts[0].ExternalKeyCount)
	l, err = c.ListAccounts(ctx, &walletrpc.ListAccountsRequest{AddressType: walletrpc.AddressType_TAPROOT_PUBKEY})
	require.NoError(t, err)
	require.Len(t, l.Accounts, 1)
	l, err = c.ListAccounts(ctx, &walletrpc.ListAccountsRequest{Name: "x"})
	require.NoError(t, err)
	require.Empty(t, l.Accounts)
}

func TestABacklogOfBlocksIsAskedFor(t *testing.T) {
	w := up(t)
	c, ctx := chainrpc.NewChainNotifierClient(w.admin(t)), within(t)
	for _, ask := range []struct {
		in    *chainrpc.BlockEpoch
		after *node.Block
	}{
		{&chainrpc.BlockEpoch{Hash: bytes.Repeat([]byte{1}, 32), Height: 3}, &node.Block{Height: 3, Hash: chainhash.Hash(bytes.Repeat([]byte{1}, 32))}},
		{&chainrpc.BlockEpoch{Hash: make([]byte, 32), Height: 3}, nil}, // as in lnd
		{&chainrpc.BlockEpoch{Height: 3}, nil},
	} {
		s, err := c.RegisterBlockEpochNtfn(ctx, ask.in)
		require.NoError(t, err)
		_, err = s.Recv()
		require.NoError(t, err)
		require.Equal(t, ask.after, w.node.gotAfter)
	}
	s, err := c.RegisterBlockEpochNtfn(ctx, &chainrpc.BlockEpoch{Hash: []byte{1}, Height: 3})
	require.NoError(t, err)
	_, err = s.Recv()
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}

func TestConfirmationsAndSpendsAreTold(t *testing.T) {
	w := up(t)
	c, ctx := chainrpc.NewChainNotifierClient(w.admin(t)), within(t)
	tx := someTransaction(4).Tx
	txid := tx.TxHash()
	w.node.confs = []node.ConfEvent{{Confirmed: true, Tx: tx, Height: 9, TxIndex: 2, BlockHash: chainhash.Hash{5}}, {}}
	w.node.spends = []node.SpendEvent{{Spent: true, Tx: tx, Height: 9, Input: 1}, {}}
	confs, err := c.RegisterConfirmationsNtfn(ctx, &chainrpc.ConfRequest{Txid: txid[:], Script: []byte{1}, NumConfs: 3, HeightHint: 8})
	require.NoError(t, err)
	e, err := confs.Recv()
	require.NoError(t, err)
	require.EqualValues(t, 9, e.GetConf().BlockHeight)
	require.Equal(t, node.ConfWatch{Tx: txid, Script: []byte{1}, Depth: 3, Hint: 8}, w.node.gotConf)
	e, err = confs.Recv()
	require.NoError(t, err)
	require.NotNil(t, e.GetReorg())

	at := &chainrpc.Outpoint{Hash: txid[:], Index: 6}
	spends, err := c.RegisterSpendNtfn(ctx, &chainrpc.SpendRequest{Outpoint: at, Script: []byte{2}})
	require.NoError(t, err)
	s, err := spends.Recv()
	require.NoError(t, err)
	require.Equal(t, txid[:], s.GetSpend().SpendingTxHash)
	require.EqualValues(t, 6, s.GetSpend().SpendingOutpoint.Index)
	require.EqualValues(t, 6, w.node.gotSpend.Output.Index)
	s, err = spends.Recv()
	require.NoError(t, err)
	require.NotNil(t, s.GetReorg())

	for code, in := range map[codes.Code]*chainrpc.ConfRequest{
		codes.InvalidArgument: {Txid: []byte{1}}, codes.Unimplemented: {Script: []byte{1}, NumConfs: 1},
	} {
		confs, err = c.RegisterConfirmationsNtfn(ctx, in)
		require.NoError(t, err)
		_, err = confs.Recv()
		require.Equal(t, code, status.Code(err))
	}
	for code, in := range map[codes.Code]*chainrpc.SpendRequest{
		codes.InvalidArgument: {Outpoint: &chainrpc.Outpoint{Hash: []byte{1}}}, codes.Unimplemented: {Script: []byte{1}},
	} {
		spends, err = c.RegisterSpendNtfn(ctx, in)
		require.NoError(t, err)
		_, err = spends.Recv()
		require.Equal(t, code, status.Code(err))
	}
}

func TestInvoicesAreFoundByHash(t *testing.T) {
	w := up(t)
	i, ctx := invoicesrpc.NewInvoicesClient(w.admin(t)), within(t)
	w.node.invoice.Memo = "tea"
	v, err := i.LookupInvoiceV2(ctx, &invoicesrpc.LookupInvoiceMsg{
		InvoiceRef: &invoicesrpc.LookupInvoiceMsg_PaymentHash{PaymentHash: make([]byte, 32)}})
	require.NoError(t, err)
	require.Equal(t, "tea", v.Memo)
	for code, in := range map[codes.Code]*invoicesrpc.LookupInvoiceMsg{
		codes.InvalidArgument: {}, codes.Unimplemented: {InvoiceRef: &invoicesrpc.LookupInvoiceMsg_SetId{SetId: []byte{1}}},
	} {
		_, err = i.LookupInvoiceV2(ctx, in)
		require.Equal(t, code, status.Code(err))
	}
	a, err := lnrpc.NewLightningClient(w.admin(t)).ListAliases(ctx, &lnrpc.ListAliasesRequest{})
	require.NoError(t, err)
	require.Empty(t, a.AliasMaps)
}
