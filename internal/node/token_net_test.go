package node

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/btcsuite/btcd/wire"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
	"github.com/nichework/nwnd/adjudicator/evm/deploy"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/geth"
)

// tokenNet is a network of nodes with channels in points, on go-ethereum's chain with the real contracts.
type tokenNet struct {
	*testNet
	evm   *geth.Node
	bank  *deploy.Account
	miles common.Address
	reads map[string]*ethereum.Chain // how each node, up or not, follows the chain
}

const (
	evmName    = "dev"
	milesEach  = 1_000_000
	gasEther   = 100
	tokenTests = 3 * time.Minute // patience of tests with a chain
)

// evmKey is a node's account i.
func evmKey(name string, i int) *ecdsa.PrivateKey {
	h := sha256.Sum256([]byte{byte(i), 'e', 'v', 'm'})
	h = sha256.Sum256(append(h[:], name...))
	key, err := crypto.ToECDSA(h[:])
	if err != nil {
		panic(err)
	}
	return key
}

// evmSigner is a node's wallet.
type evmSigner []*ecdsa.PrivateKey

func (s evmSigner) Addresses() (all []common.Address) {
	for _, k := range s {
		all = append(all, crypto.PubkeyToAddress(k.PublicKey))
	}
	return all
}

func (s evmSigner) SignTx(from common.Address, tx *types.Transaction, id *big.Int) (*types.Transaction, error) {
	for _, k := range s {
		if crypto.PubkeyToAddress(k.PublicKey) == from {
			return types.SignTx(tx, types.LatestSignerForChainID(id), k)
		}
	}
	return nil, errors.New("no such account")
}

func signerOf(name string) evmSigner { return evmSigner{evmKey(name, 0), evmKey(name, 1)} }

func account(name string) common.Address { return signerOf(name).Addresses()[0] }

func newTokenNet(t *testing.T, names ...string) *tokenNet {
	t.Helper()
	bank := evmKey("the bank", 0)
	accounts := []common.Address{crypto.PubkeyToAddress(bank.PublicKey)}
	for _, name := range names {
		accounts = append(accounts, signerOf(name).Addresses()...)
	}
	alloc := geth.Coins(gasEther, accounts...)
	alloc[binding.Proxy] = types.Account{Code: binding.ProxyCode}
	node, err := geth.Start(geth.Config{Alloc: alloc})
	require.NoError(t, err)
	t.Cleanup(func() { _ = node.Close() })
	n := &tokenNet{testNet: newTestNet(t), evm: node, bank: deploy.NewAccount(node.Client(), bank),
		reads: make(map[string]*ethereum.Chain)}
	points, err := deploy.Points(deploy.Terms{Name: "Miles", Symbol: "MILES", Issuer: accounts[0]}, [32]byte{})
	require.NoError(t, err)
	n.miles = points.Address
	require.NoError(t, n.bank.Send(t.Context(), deploy.Adjudicator(), points))
	require.NoError(t, node.Mine(1))
	for _, name := range names {
		data := binding.NewLoyaltyPoints().PackIssue(account(name), big.NewInt(milesEach), [32]byte{})
		_, err := n.bank.Transact(t.Context(), n.miles, nil, data)
		require.NoError(t, err)
	}
	require.NoError(t, node.Mine(4))
	return n
}

// tokenNode is a node that has MILES.
func (n *tokenNet) tokenNode(name string, adjust ...func(*Config)) *testNode {
	var stop context.CancelFunc = func() {}
	n.t.Cleanup(func() { stop() })
	follow := func(c *Config) {
		stop()
		ctx, cancel := context.WithCancel(context.Background())
		stop = cancel
		chain, err := ethereum.New(ethereum.Config{
			Name: evmName, ChainID: n.evm.ChainID(), Profile: evm.Dev, Endpoints: []string{n.evm.URL()}, Signer: signerOf(name),
			DB: c.DB, Poll: 20 * time.Millisecond, Log: testLog(name), Now: n.clock,
		})
		require.NoError(n.t, err)
		go func() { _ = chain.Run(ctx) }()
		n.reads[name] = chain
		c.EVM = []EVMConfig{{Name: evmName, Profile: evm.Dev, Reader: chain, Sender: chain, GasPrice: big.NewInt(100e9)}}
	}
	node := n.node(name, append([]func(*Config){follow}, adjust...)...)
	n.mining("the chain is read", func() bool { return node.tokens.chains[0].cfg.Reader.Final().Number > 0 })
	_, err := node.AddAsset(n.t.Context(), AddAsset{Chain: evmName, Adjudicator: deploy.Adjudicator().Address, Token: n.miles})
	require.NoError(n.t, err)
	return node
}

// clock is that of the chain: here blocks come faster than seconds.
func (n *tokenNet) clock() time.Time {
	if head := time.Unix(int64(n.evm.Head().Time), 0); head.After(time.Now()) {
		return head
	}
	return time.Now()
}

// mining waits for what blocks of the EVM chain bring about. Each is a second of the chain's time at least, and a busy
// machine would let every deadline pass if they came before the last one was read.
func (n *tokenNet) mining(what string, ok func() bool) {
	n.t.Helper()
	require.Eventually(n.t, func() bool {
		if ok() {
			return true
		}
		for _, chain := range n.reads {
			if chain.Head().Hash != n.evm.Head().Hash() {
				return false
			}
		}
		return n.evm.Mine(1) != nil
	}, tokenTests, 20*time.Millisecond, what)
}

// openMiles opens a channel in MILES and waits until both can use it.
func (n *tokenNet) openMiles(a, b *testNode, capacity, push uint64) wire.OutPoint {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), tokenTests)
	defer cancel()
	n.connect(a, b)
	updates := make(chan OpenUpdate, 10)
	failed := make(chan error, 1)
	go func() {
		defer close(updates)
		for u, err := range a.OpenTokenChannel(ctx, OpenTokenChannel{Peer: b.key(), Symbol: "MILES", Capacity: capacity, Push: push}) {
			if err != nil {
				failed <- err
				return
			}
			updates <- u
		}
	}()
	var last OpenUpdate
	n.mining("the channel is open", func() bool {
		select {
		case u, ok := <-updates:
			if ok {
				last = u
			}
		case err := <-failed:
			require.NoError(n.t, err)
		default:
		}
		return last.Open
	})
	usable := func(x *testNode) bool {
		d, err := x.tokenAt(last.ChannelPoint)
		return err == nil && d.channel().State() == htlc.Open && d.channel().Connected()
	}
	n.mining("both can use it", func() bool { return usable(a) && usable(b) })
	n.moved(last.Deposit, evm.Deposited{ID: last.ChannelPoint.Hash, Amount: *uint256.NewInt(capacity)})
	return last.ChannelPoint
}

// moved finds what the adjudicator told in a transaction.
func (n *tokenNet) moved(tx common.Hash, want evm.Event) {
	n.t.Helper()
	var receipt *types.Receipt
	n.eventually("the transaction is in a block", func() (ok bool) {
		var err error
		receipt, err = n.evm.Client().TransactionReceipt(n.t.Context(), tx)
		return err == nil
	})
	var told []evm.Event
	for _, l := range receipt.Logs {
		if e, err := evm.UnpackEvent(l); err == nil {
			told = append(told, e)
		}
	}
	require.Contains(n.t, told, want)
}

// payMiles pays thousandths of MILES from one node to another.
func (n *tokenNet) payMiles(from, to *testNode, amount lnwire.MilliSatoshi) TokenPayment {
	n.t.Helper()
	inv, err := to.AddTokenInvoice(n.t.Context(), AddTokenInvoice{Symbol: "MILES", AddInvoice: AddInvoice{Amount: amount}})
	require.NoError(n.t, err)
	return n.payInvoice(from, inv.PaymentRequest)
}

func (n *tokenNet) payInvoice(from *testNode, request string) TokenPayment {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), tokenTests)
	defer cancel()
	var last TokenPayment
	for p, err := range from.PayToken(ctx, PayToken{SendPayment: SendPayment{PaymentRequest: request, FeeLimit: amountOfAll}}) {
		require.NoError(n.t, err)
		last = p
	}
	return last
}

const amountOfAll = lnwire.MilliSatoshi(1 << 50)

// milesOf is what an account has on chain.
func (n *tokenNet) milesOf(name string) int64 {
	n.t.Helper()
	held, err := n.evm.Client().CallContract(n.t.Context(), callOf(n.miles, evm.PackBalanceOf(account(name))), nil)
	require.NoError(n.t, err)
	v, err := evm.UnpackUint(held)
	require.NoError(n.t, err)
	return v.Int64()
}

// has waits until a node's side of a channel is so much, and nothing is in flight.
func (n *tokenNet) has(node *testNode, at wire.OutPoint, local lnwire.MilliSatoshi) {
	n.t.Helper()
	n.eventually("the channel is settled", func() bool {
		all, err := node.TokenChannels(n.t.Context())
		require.NoError(n.t, err)
		for _, c := range all {
			if c.ChannelPoint == at {
				return c.LocalBalance == local && len(c.HTLCs) == 0
			}
		}
		return false
	})
}
