package node

import (
	"context"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm/binding"
	"github.com/nichework/nwnd/adjudicator/evm/deploy"
	"github.com/nichework/nwnd/internal/ethereum"
)

var oddToken = binding.NewOddToken()

// oddNet is a chain with a token whose oddities are switched on and off, and nodes that have a million of it and don't know it
// yet.
type oddNet struct {
	*tokenNet
	odd common.Address
}

func newOddNet(t *testing.T, names ...string) *oddNet {
	t.Helper()
	n := &oddNet{tokenNet: newTokenNet(t, names...)}
	code := common.FromHex(binding.OddTokenMetaData.Bin)
	n.odd = crypto.CreateAddress2(binding.Proxy, [32]byte{}, crypto.Keccak256(code))
	n.does(binding.Proxy, append(make([]byte, 32), code...))
	for _, name := range names {
		n.tells(oddToken.PackMint(account(name), big.NewInt(milesEach)))
	}
	return n
}

// does has the bank make a call, and waits for its block.
func (n *oddNet) does(to common.Address, data []byte) {
	n.t.Helper()
	tx, err := n.bank.Transact(n.t.Context(), to, nil, data)
	require.NoError(n.t, err)
	n.mining("it is in a block", func() bool {
		r, err := n.evm.Client().TransactionReceipt(n.t.Context(), tx.Hash())
		return err == nil && r.Status == 1
	})
}

// tells changes the token.
func (n *oddNet) tells(data []byte) {
	n.t.Helper()
	n.does(n.odd, data)
}

func (n *oddNet) terms() AddAsset {
	return AddAsset{Chain: evmName, Adjudicator: deploy.Adjudicator().Address, Token: n.odd}
}

// sees waits until a node has read the newest block.
func (n *oddNet) sees(nodes ...*testNode) {
	n.t.Helper()
	for _, x := range nodes {
		n.eventually("the newest block is read", func() bool {
			return x.tokens.chains[0].cfg.Reader.Head().Number == n.evm.Head().Number.Uint64()
		})
	}
}

// adds has a node know the token as it is now.
func (n *oddNet) adds(x *testNode, unusual bool) {
	n.t.Helper()
	n.sees(x)
	req := n.terms()
	req.AllowUnusual = unusual
	a, err := x.AddAsset(n.t.Context(), req)
	require.NoError(n.t, err)
	require.Equal(n.t, "ODD", a.Symbol)
	require.Equal(n.t, unusual, a.Allowed)
}

// A token that takes a fee is refused, whether our account has some of it or the adjudicator alone; one that takes a
// fee on top, or returns nothing as USDT's transfers, is told from it.
func TestTokenWithAFeeIsRefused(t *testing.T) {
	n := newOddNet(t, "alice")
	alice := n.tokenNode("alice")
	n.tells(oddToken.PackSetFee(big.NewInt(10)))
	n.sees(alice)
	_, err := alice.AddAsset(t.Context(), n.terms())
	require.ErrorIs(t, err, ErrUnusual)
	require.ErrorIs(t, err, ErrInvalid)
	require.ErrorContains(t, err, "sent 1000000 base units, 990000 arrived")
	require.ErrorContains(t, err, "nwcli assets add dev "+n.odd.Hex())
	require.ErrorContains(t, err, "--allow-unusual")
	all, err := alice.Assets(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1, "MILES alone")

	// The adjudicator has more of it than our account.
	n.tells(oddToken.PackMint(deploy.Adjudicator().Address, big.NewInt(3*milesEach)))
	n.sees(alice)
	_, err = alice.AddAsset(t.Context(), n.terms())
	require.ErrorContains(t, err, "sent 3000000 base units, 2970000 arrived")

	n.tells(oddToken.PackSetFee(new(big.Int)))
	n.tells(oddToken.PackSet(true, false, false))
	n.adds(alice, false)
	held, err := alice.tokens.byHash(alice.assetOf("ODD")).held(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, milesEach, held.Int64(), "nothing was moved")
}

func (n *testNode) assetOf(symbol string) AssetID {
	t, err := n.tokens.named(symbol)
	require.NoError(n.net.t, err)
	return t.ID
}

// A token is refused that answers as those do whose balances change by themselves, also if nobody has any yet.
func TestRebasingTokenIsRefused(t *testing.T) {
	n := newOddNet(t, "alice")
	alice := n.tokenNode("alice")
	n.tells(oddToken.PackSet(false, true, true))
	n.sees(alice)
	_, err := alice.AddAsset(t.Context(), n.terms())
	require.ErrorIs(t, err, ErrUnusual)
	require.ErrorContains(t, err, "stETH")
	n.adds(alice, true)
	alice.restart()
	token, err := alice.tokens.named("ODD")
	require.NoError(t, err)
	require.True(t, token.oddity().allowed, "that is remembered")
	require.NoError(t, alice.RemoveAsset(t.Context(), "ODD"))
	n.mining("the chain is read", func() bool { return alice.tokens.chains[0].cfg.Reader.Final().Number > 0 })
	_, err = alice.AddAsset(t.Context(), n.terms())
	require.ErrorIs(t, err, ErrUnusual, "and forgotten with the asset")
}

// A token that could not be tried when it was added is tried before our first deposit in it.
func TestTokenIsTriedBeforeTheFirstDeposit(t *testing.T) {
	n := newOddNet(t, "alice", "bob")
	alice, bob := n.tokenNode("alice"), n.tokenNode("bob")
	n.tells(oddToken.PackSet(false, true, false)) // nothing can be moved, so nothing can be told
	n.adds(alice, false)
	n.adds(bob, false)
	n.tells(oddToken.PackSet(false, false, false))
	n.tells(oddToken.PackSetFee(big.NewInt(1)))
	n.sees(alice)
	n.connect(alice, bob)
	_, err := alice.openings.proposeInToken(t.Context(), OpenTokenChannel{Peer: bob.key(), Symbol: "ODD", Capacity: 10_000})
	require.ErrorIs(t, err, ErrUnusual)
	require.ErrorContains(t, err, "sent 10000 base units, 9990 arrived")
	require.Empty(t, alice.sw.tokens())
}

// What an endpoint can't try is no reason to refuse a token.
func TestTokenIsNotRefusedForWantOfOverrides(t *testing.T) {
	n := newOddNet(t, "alice")
	alice := n.tokenNode("alice", func(c *Config) { c.EVM[0].Reader = withoutOverrides{c.EVM[0].Reader} })
	n.tells(oddToken.PackSetFee(big.NewInt(10)))
	n.adds(alice, false)
}

type withoutOverrides struct{ ethereum.Reader }

func (withoutOverrides) CallWith(context.Context, common.Address, []byte, map[common.Address][]byte) ([]byte, error) {
	return nil, ethereum.ErrNoOverrides
}
