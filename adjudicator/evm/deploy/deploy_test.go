package deploy_test

import (
	"context"
	"crypto/ecdsa"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
	"github.com/nichework/nwnd/adjudicator/evm/deploy"
	"github.com/nichework/nwnd/internal/geth"
)

// chain starts a node that makes blocks, with or without the deployment proxy.
func chain(t *testing.T, proxy bool) (*geth.Node, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := crypto.GenerateKey()
	require.NoError(t, err)
	alloc := geth.Coins(10, crypto.PubkeyToAddress(key.PublicKey))
	if proxy {
		alloc[binding.Proxy] = types.Account{Code: binding.ProxyCode}
	}
	n, err := geth.Start(geth.Config{Alloc: alloc, Period: 50 * time.Millisecond})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, n.Close()) })
	return n, key
}

// ask calls a contract's function that only answers.
func ask(t *testing.T, n *geth.Node, to common.Address, data []byte) []byte {
	t.Helper()
	out, err := n.Client().CallContract(t.Context(), ethereum.CallMsg{To: &to, Data: data}, nil)
	require.NoError(t, err)
	return out
}

func TestTheAdjudicatorIsWhereItsCodeSays(t *testing.T) {
	n, key := chain(t, true)
	c := deploy.Adjudicator()
	require.NoError(t, deploy.NewAccount(n.Client(), key).Put(t.Context(), c))

	p := evm.Params{A: common.Address{1}, B: common.Address{2}, Delay: 7200, Nonce: 5}
	data := binding.NewAdjudicator().PackChannelId(binding.IAdjudicatorParams{A: p.A, B: p.B, Delay: p.Delay, Nonce: p.Nonce})
	require.Equal(t, p.ID(n.ChainID(), c.Address), [32]byte(ask(t, n, c.Address, data)))
}

func TestWhatIsThereIsNotDeployedAgain(t *testing.T) {
	n, key := chain(t, true)
	require.NoError(t, deploy.NewAccount(n.Client(), key).Put(t.Context(), deploy.Adjudicator()))
	sent := func() uint64 {
		nonce, err := n.Client().PendingNonceAt(t.Context(), crypto.PubkeyToAddress(key.PublicKey))
		require.NoError(t, err)
		return nonce
	}
	before := sent()
	require.NoError(t, deploy.NewAccount(n.Client(), key).Put(t.Context(), deploy.Adjudicator()))
	require.Equal(t, before, sent())
}

func TestTheProxyIsPutWhereItIsMissing(t *testing.T) {
	n, key := chain(t, false)
	require.NoError(t, deploy.NewAccount(n.Client(), key).Put(t.Context(), deploy.Adjudicator()))
	code, err := n.Client().CodeAt(t.Context(), binding.Proxy, nil)
	require.NoError(t, err)
	require.Equal(t, binding.ProxyCode, code)
}

func TestPointsHaveTheirTermsAndIssuer(t *testing.T) {
	n, key := chain(t, true)
	issuer := crypto.PubkeyToAddress(key.PublicKey)
	terms := deploy.Terms{Name: "Miles", Symbol: "MILES", Decimals: 2, Issuer: issuer}
	c, err := deploy.Points(terms, [32]byte{1})
	require.NoError(t, err)
	other, err := deploy.Points(terms, [32]byte{2})
	require.NoError(t, err)
	require.NotEqual(t, c.Address, other.Address)
	account := deploy.NewAccount(n.Client(), key)
	require.Equal(t, issuer, account.Address())
	require.NoError(t, account.Put(t.Context(), c, other))

	symbol, err := evm.UnpackText(ask(t, n, c.Address, evm.PackSymbol))
	require.NoError(t, err)
	require.Equal(t, "MILES", symbol)
	decimals, err := evm.UnpackDecimals(ask(t, n, c.Address, evm.PackDecimals))
	require.NoError(t, err)
	require.EqualValues(t, 2, decimals)

	points := binding.NewLoyaltyPoints()
	tx, err := account.Transact(t.Context(), c.Address, nil, points.PackIssue(common.Address{9}, big.NewInt(500), [32]byte{}))
	require.NoError(t, err)
	require.NoError(t, account.Mined(t.Context(), tx))
	has, err := evm.UnpackUint(ask(t, n, c.Address, evm.PackBalanceOf(common.Address{9})))
	require.NoError(t, err)
	require.EqualValues(t, 500, has.Int64())
}

func TestUnusableTermsAreRefused(t *testing.T) {
	good := deploy.Terms{Name: "Miles", Symbol: "MILES", Issuer: common.Address{1}}
	for name, spoil := range map[string]func(*deploy.Terms){
		"no name":       func(t *deploy.Terms) { t.Name = "" },
		"long name":     func(t *deploy.Terms) { t.Name = strings.Repeat("m", 65) },
		"no symbol":     func(t *deploy.Terms) { t.Symbol = "" },
		"long symbol":   func(t *deploy.Terms) { t.Symbol = "ABCDEFGHIJKL" },
		"many decimals": func(t *deploy.Terms) { t.Decimals = 25 },
		"no issuer":     func(t *deploy.Terms) { t.Issuer = common.Address{} },
	} {
		bad := good
		spoil(&bad)
		_, err := deploy.Points(bad, [32]byte{})
		require.ErrorIs(t, err, deploy.ErrTerms, name)
	}
}

func TestWhatGetsIntoNoBlockIsAnErrorWhenTheContextEnds(t *testing.T) {
	n, key := chain(t, true)
	n.Every(0)
	ctx, cancel := context.WithCancel(t.Context())
	quiet := &countdown{Chain: n.Client(), left: 3, end: cancel}
	err := deploy.NewAccount(quiet, key).Put(ctx, deploy.Adjudicator())
	require.ErrorIs(t, err, deploy.ErrMissing)
	require.ErrorIs(t, err, context.Canceled)
}

// countdown ends a context once it was asked so often for code.
type countdown struct {
	deploy.Chain
	left int
	end  func()
}

func (c *countdown) CodeAt(ctx context.Context, a common.Address, at *big.Int) ([]byte, error) {
	if c.left--; c.left < 0 {
		c.end()
		return nil, nil
	}
	return c.Chain.CodeAt(ctx, a, at)
}
