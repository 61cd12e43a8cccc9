package rpcserver

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// equal compares messages.
func equal(t *testing.T, want, got proto.Message) {
	t.Helper()
	require.True(t, proto.Equal(want, got), "want %v\ngot  %v", want, got)
}

// Of a node without an EVM chain every call about assets says where one is configured.
func TestWithoutAnEVMChainEveryAssetCallSaysWhereToConfigureOne(t *testing.T) {
	w := up(t)
	conn, ctx := w.admin(t), within(t)
	n := 0
	for service, info := range w.grpc.GetServiceInfo() {
		if !strings.HasPrefix(service, "nwnrpc.") || service == "nwnrpc.Node" {
			continue
		}
		for _, m := range info.Methods {
			n++
			method := fmt.Sprintf("/%s/%s", service, m.Name)
			err := conn.Invoke(ctx, method, &nwnrpc.ListAssetsRequest{}, &nwnrpc.ListAssetsResponse{})
			require.Equal(t, codes.FailedPrecondition, status.Code(err), "%s: %v", method, err)
			require.Equal(t, "no EVM chain is configured: see evm.chain", status.Convert(err).Message(), method)
		}
	}
	require.Equal(t, 39, n)
}

func TestChainsTellOfGas(t *testing.T) {
	w, n := upWithAssets(t)
	n.chains = []node.EVMChain{{
		Name: "dev", ID: 1337, Profile: "dev", Head: 9, HeadTime: time.Unix(5, 0), Final: 7, Healthy: "endpoints disagree",
		Accounts: []common.Address{someone, tokenAt}, Gas: []*big.Int{new(big.Int).Lsh(big.NewInt(1), 70)}, Needed: big.NewInt(3),
	}}
	got, err := nwnrpc.NewAssetsClient(w.admin(t)).ListChains(within(t), &nwnrpc.ListChainsRequest{})
	require.NoError(t, err)
	equal(t, &nwnrpc.Chain{
		Name: "dev", ChainId: 1337, Profile: "dev", BlockHeight: 9, BlockTime: 5, FinalHeight: 7, Trouble: "endpoints disagree", GasNeeded: "3",
		Accounts: []*nwnrpc.GasAccount{{Address: someone.Hex(), Balance: "1180591620717411303424"}, {Address: tokenAt.Hex(), Balance: "0"}},
	}, got.Chains[0])
}

func TestAssetsAreAddedListedAndRemoved(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewAssetsClient(w.admin(t)), within(t)
	added, err := c.AddAsset(ctx, &nwnrpc.AddAssetRequest{
		Symbol: "MILES", Chain: "dev", Adjudicator: adjudicatorAt.Hex(), Token: strings.ToLower(tokenAt.Hex()),
	})
	require.NoError(t, err)
	equal(t, milesMessage, added)
	require.Equal(t, node.AddAsset{Symbol: "MILES", Chain: "dev", Adjudicator: adjudicatorAt, Token: tokenAt}, n.got)
	_, err = c.AddAsset(ctx, &nwnrpc.AddAssetRequest{Chain: "dev", Adjudicator: adjudicatorAt.Hex(), AllowUnusual: true})
	require.NoError(t, err)
	require.Equal(t, node.AddAsset{Chain: "dev", Adjudicator: adjudicatorAt, AllowUnusual: true}, n.got, "the chain's coin")

	list, err := c.ListAssets(ctx, &nwnrpc.ListAssetsRequest{})
	require.NoError(t, err)
	equal(t, &nwnrpc.ListAssetsResponse{Assets: []*nwnrpc.Asset{milesMessage}}, list)
	_, err = c.RemoveAsset(ctx, &nwnrpc.RemoveAssetRequest{Symbol: "MILES"})
	require.NoError(t, err)
	require.Equal(t, "MILES", n.got)
}

func TestBalancesOfAnAsset(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewAssetsClient(w.admin(t)), within(t)
	n.balances = []node.AssetBalance{{
		Asset: miles, OnChain: big.NewInt(1), Local: 2, Remote: 3, Pending: 4, Limbo: 5, UnsettledIncoming: 7, UnsettledOutgoing: 8,
	}, {Asset: node.Asset{Symbol: "ETH"}}}
	got, err := c.AssetBalances(ctx, &nwnrpc.AssetBalancesRequest{Symbol: "miles"})
	require.NoError(t, err)
	equal(t, &nwnrpc.AssetBalancesResponse{Assets: []*nwnrpc.AssetBalance{{
		Asset: milesMessage, OnChain: "1", LocalMilli: 2, RemoteMilli: 3, PendingMilli: 4, LimboMilli: 5, Owed: "0",
		UnsettledIncomingMilli: 7, UnsettledOutgoingMilli: 8,
	}}}, got)
	got, err = c.AssetBalances(ctx, &nwnrpc.AssetBalancesRequest{})
	require.NoError(t, err)
	require.Len(t, got.Assets, 2)
	_, err = c.AssetBalances(ctx, &nwnrpc.AssetBalancesRequest{Symbol: "MILE"})
	require.Equal(t, codes.NotFound, status.Code(err))
	require.ErrorContains(t, err, "no asset is called MILE")
}

func TestAssetsMoveOnChain(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewAssetsClient(w.admin(t)), within(t)
	a, err := c.AssetAddress(ctx, &nwnrpc.AssetAddressRequest{Symbol: "MILES"})
	require.NoError(t, err)
	require.Equal(t, someone.Hex(), a.Address)

	most := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
	s, err := c.SendAsset(ctx, &nwnrpc.SendAssetRequest{Symbol: "MILES", Address: someone.Hex(), Amount: most.String()})
	require.NoError(t, err)
	require.Equal(t, someTxText, s.TxHash)
	require.Equal(t, node.SendAsset{Symbol: "MILES", To: someone, Amount: most}, n.got)

	n.allowed = node.Allowance{Token: tokenAt, Spender: adjudicatorAt, Have: big.NewInt(0), Need: big.NewInt(5), Permit: true}
	l, err := c.GetAllowance(ctx, &nwnrpc.AllowanceRequest{Symbol: "MILES", Amount: "5"})
	require.NoError(t, err)
	equal(t, &nwnrpc.Allowance{Token: tokenAt.Hex(), Spender: adjudicatorAt.Hex(), Have: "0", Need: "5", Permit: true}, l)
	require.Equal(t, []any{"MILES", "5"}, n.got)

	n.err = fmt.Errorf("%w: has 5, needs 7", node.ErrInsufficientFunds)
	_, err = c.SendAsset(ctx, &nwnrpc.SendAssetRequest{Symbol: "MILES", Address: someone.Hex(), Amount: "7"})
	require.Equal(t, codes.FailedPrecondition, status.Code(err))
	require.ErrorContains(t, err, "has 5, needs 7")
}

func TestSymbolsThatCouldBeTakenForSomethingElseAreRefused(t *testing.T) {
	for _, good := range []string{"MILES", "USDC.e", "1INCH", "a_b-c", strings.Repeat("x", 16)} {
		_, err := newSymbol(good)
		require.NoError(t, err, good)
	}
	for bad, why := range map[string]string{
		"": "1 to 16", "a b": "1 to 16", "-x": "1 to 16", ".5": "1 to 16", strings.Repeat("x", 17): "1 to 16", "МILES": "1 to 16",
		"12": "for an amount", "1.5": "for an amount", "btc": "something else", "SAT": "something else", "Msat": "something else", "mBTC": "something else", "any": "something else",
	} {
		_, err := newSymbol(bad)
		require.ErrorContains(t, err, why, bad)
		require.Equal(t, codes.InvalidArgument, status.Code(err))
	}
	for _, bad := range []string{"", "a b", "a\x00", "a\xff", "a\u200b", strings.Repeat("x", 33)} {
		_, err := symbolOf(bad)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%q", bad)
	}
	_, err := symbolOf("USD₮0")
	require.NoError(t, err, "a token's own symbol may be any")
}

// EIP-55, "Test Cases".
func TestAnAddressWithAWrongChecksumIsRefused(t *testing.T) {
	good := "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
	for _, s := range []string{good, strings.ToLower(good), "0x" + strings.ToUpper(good[2:]), "0x52908400098527886E0F7030069857D2E4169EE7"} {
		_, err := evmAddress("address", s)
		require.NoError(t, err, s)
	}
	for s, why := range map[string]string{
		strings.Replace(good, "5aA", "5AA", 1): "EIP-55", strings.Replace(good, "Aed", "Aec", 1): "EIP-55",
		good[2:]: "0x and 40", good + "0": "0x and 40", good[:41]: "0x and 40", "": "0x and 40", "0X" + good[2:]: "0x and 40",
		"0x" + strings.Repeat("g", 40): "0x and 40",
	} {
		_, err := evmAddress("address", s)
		require.ErrorContains(t, err, why, s)
		require.Equal(t, codes.InvalidArgument, status.Code(err))
	}
	_, err := payee("address", "0x"+zeros(40))
	require.ErrorContains(t, err, "nobody has")
}

func TestAmountsOfAssetsAreBounded(t *testing.T) {
	for s, why := range map[string]string{
		"": "decimal digits", "-1": "decimal digits", "+1": "decimal digits", "1.5": "decimal digits", "0x10": "decimal digits",
		"1e3": "decimal digits", " 1": "decimal digits", "٣": "decimal digits", "0": "is 0", "000": "is 0",
		strings.Repeat("9", 78): "above 2^256-1", strings.Repeat("9", 1<<20): "above 2^256-1",
	} {
		_, err := baseUnits("amount", s)
		require.ErrorContains(t, err, why)
		require.Less(t, len(err.Error()), 200, "an error doesn't repeat megabytes")
	}
	for _, n := range []uint64{0, maxUnits + 1, 1 << 63} {
		_, err := channelUnits("units", n)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%d", n)
	}
	_, err := channelUnits("units", maxUnits)
	require.NoError(t, err)
	_, err = milli("value", maxMilli)
	require.NoError(t, err)
	_, err = milli("value", maxMilli+1)
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	_, err = reference(make([]byte, 33))
	require.ErrorContains(t, err, "33 bytes, at most 32")
}

func TestWhatIsAskedOfAssetsIsChecked(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewAssetsClient(w.admin(t)), within(t)
	good := adjudicatorAt.Hex()
	for _, in := range []*nwnrpc.AddAssetRequest{
		{Adjudicator: good}, {Chain: "dev"}, {Chain: "dev", Adjudicator: "0x" + zeros(40)}, {Chain: "a b", Adjudicator: good},
		{Chain: "dev", Adjudicator: good, Token: "0x" + zeros(40)}, {Chain: "dev", Adjudicator: good, Symbol: "sat"},
	} {
		_, err := c.AddAsset(ctx, in)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", in)
	}
	for _, in := range []*nwnrpc.SendAssetRequest{
		{Address: good, Amount: "1"}, {Symbol: "MILES", Amount: "1"}, {Symbol: "MILES", Address: good}, {Symbol: "MILES", Address: good, Amount: "0"},
	} {
		_, err := c.SendAsset(ctx, in)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", in)
	}
	for _, call := range []func() error{
		func() error { _, err := c.RemoveAsset(ctx, &nwnrpc.RemoveAssetRequest{}); return err },
		func() error { _, err := c.AssetAddress(ctx, &nwnrpc.AssetAddressRequest{}); return err },
		func() error { _, err := c.GetAllowance(ctx, &nwnrpc.AllowanceRequest{Symbol: "MILES"}); return err },
		func() error { _, err := c.GetAllowance(ctx, &nwnrpc.AllowanceRequest{Amount: "1"}); return err },
		func() error { _, err := c.AssetBalances(ctx, &nwnrpc.AssetBalancesRequest{Symbol: " "}); return err },
	} {
		require.Equal(t, codes.InvalidArgument, status.Code(call()))
	}
	require.Empty(t, n.name, "the node was asked nothing")
}
