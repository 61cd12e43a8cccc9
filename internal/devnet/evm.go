package devnet

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
	"github.com/nichework/nwnd/adjudicator/evm/deploy"
	"github.com/nichework/nwnd/internal/geth"
)

// EVM is the net's EVM chain: go-ethereum's node in this process, with an adjudicator, tokens and an
// account that has all the coins and issues all the tokens. Its profile is evm.Dev.
type EVM struct {
	*geth.Node
	Adjudicator common.Address
	Tokens      []Token

	bank  *deploy.Account
	crowd *ecdsa.PrivateKey // of the account that fills blocks
}

// Token is one that the chain has from the start.
type Token struct {
	Symbol   string
	Name     string
	Decimals uint8
	Address  common.Address
}

// EVMName is what the nodes call the chain.
const EVMName = "devnet"

// evmPeriod is the time between blocks; an EVM chain's clock has no finer hand.
const evmPeriod = time.Second

// bankEther is in the bank at the start.
const bankEther = 1_000_000

// firstTokens are points without fractions, a currency like the usual ones, and a token with as many decimals as
// ether.
func firstTokens() []Token {
	return []Token{
		{Symbol: "MILES", Name: "Devnet Miles", Decimals: 0},
		{Symbol: "USDX", Name: "Devnet Dollar", Decimals: 6},
		{Symbol: "GOLD", Name: "Devnet Gold", Decimals: 18},
	}
}

// StartEVM brings up a chain with everything deployed. It makes no blocks by itself before Every.
func StartEVM(ctx context.Context) (*EVM, error) { return StartEVMAt(ctx, 0) }

// StartEVMAt is StartEVM of a chain whose clock differs from this machine's.
func StartEVMAt(ctx context.Context, offset time.Duration) (*EVM, error) {
	key, err := crypto.GenerateKey()
	if err != nil {
		return nil, fmt.Errorf("devnet: key of the bank: %w", err)
	}
	crowd, err := crypto.GenerateKey()
	if err != nil {
		return nil, fmt.Errorf("devnet: key of the crowd: %w", err)
	}
	alloc := geth.Coins(bankEther, crypto.PubkeyToAddress(key.PublicKey), crypto.PubkeyToAddress(crowd.PublicKey))
	alloc[binding.Proxy] = types.Account{Code: binding.ProxyCode}
	alloc[burner] = types.Account{Code: burnerCode, Balance: new(big.Int)}
	node, err := geth.Start(geth.Config{Alloc: alloc, Offset: offset})
	if err != nil {
		return nil, fmt.Errorf("devnet: %w", err)
	}
	e := &EVM{Node: node, crowd: crowd}
	if err := e.deploy(ctx, key); err != nil {
		node.Close()
		return nil, err
	}
	return e, nil
}

// deploy puts the contracts into one block.
func (e *EVM) deploy(ctx context.Context, key *ecdsa.PrivateKey) error {
	e.bank = deploy.NewAccount(e.Client(), key)
	adjudicator := deploy.Adjudicator()
	e.Adjudicator = adjudicator.Address
	contracts := []deploy.Contract{adjudicator}
	for _, t := range firstTokens() {
		c, err := deploy.Points(deploy.Terms{
			Name: t.Name, Symbol: t.Symbol, Decimals: t.Decimals, Issuer: e.bank.Address(),
		}, [32]byte{})
		if err != nil {
			return fmt.Errorf("devnet: %w", err)
		}
		t.Address = c.Address
		e.Tokens = append(e.Tokens, t)
		contracts = append(contracts, c)
	}
	if err := e.bank.Send(ctx, contracts...); err != nil {
		return fmt.Errorf("devnet: %w", err)
	}
	if err := e.Mine(1); err != nil {
		return fmt.Errorf("devnet: %w", err)
	}
	for _, c := range contracts {
		there, err := deploy.Present(ctx, e.Client(), c.Address)
		if err != nil {
			return fmt.Errorf("devnet: %w", err)
		}
		if !there {
			return fmt.Errorf("devnet: the contract at %v was not made", c.Address)
		}
	}
	return nil
}

// Token finds one of the first tokens.
func (e *EVM) Token(symbol string) (Token, error) {
	for _, t := range e.Tokens {
		if t.Symbol == symbol {
			return t, nil
		}
	}
	return Token{}, fmt.Errorf("devnet: no token %s on the chain", symbol)
}

// Asset is a token as channels hold it; the zero Token is the chain's coin.
func (e *EVM) Asset(t Token) evm.Asset {
	return evm.Asset{ChainID: e.ChainID(), Adjudicator: e.Adjudicator, Token: t.Address, Decimals: t.Decimals}
}

// Fund sends each account so many ether, in the next block.
func (e *EVM) Fund(ctx context.Context, ether int64, to ...common.Address) error {
	wei := new(big.Int).Mul(big.NewInt(ether), big.NewInt(params.Ether))
	for _, a := range to {
		if _, err := e.bank.Transact(ctx, a, wei, nil); err != nil {
			return fmt.Errorf("devnet: %w", err)
		}
	}
	return e.Mine(1)
}

// Issue gives each account so many base units of one of the first tokens, in the next block.
func (e *EVM) Issue(ctx context.Context, t Token, amount *big.Int, to ...common.Address) error {
	for _, a := range to {
		data := binding.NewLoyaltyPoints().PackIssue(a, amount, [32]byte{})
		if _, err := e.bank.Transact(ctx, t.Address, nil, data); err != nil {
			return fmt.Errorf("devnet: issue %s: %w", t.Symbol, err)
		}
	}
	return e.Mine(1)
}

// BalanceOf is what an account has of a token, in base units; of the chain's coin if that is the zero Token.
func (e *EVM) BalanceOf(ctx context.Context, t Token, who common.Address) (*big.Int, error) {
	if t.Address == (common.Address{}) {
		return e.Client().BalanceAt(ctx, who, nil)
	}
	return e.ask(ctx, t, evm.PackBalanceOf(who))
}

// Supply is how many base units of a token there are.
func (e *EVM) Supply(ctx context.Context, t Token) (*big.Int, error) {
	return e.ask(ctx, t, binding.NewLoyaltyPoints().PackTotalSupply())
}

func (e *EVM) ask(ctx context.Context, t Token, data []byte) (*big.Int, error) {
	out, err := e.Client().CallContract(ctx, ethereum.CallMsg{To: &t.Address, Data: data}, nil)
	if err != nil {
		return nil, fmt.Errorf("devnet: %s: %w", t.Symbol, err)
	}
	return evm.UnpackUint(out)
}

// Option is what nwnd is started with to follow the chain.
func (e *EVM) Option() string { return e.OptionOf(evm.Dev, e.WebSocket()) }

// OptionOf is Option with another profile and other ways to the chain.
func (e *EVM) OptionOf(p evm.Profile, endpoints ...string) string {
	return fmt.Sprintf("--evm.chain=%s,%d,%s,%s", EVMName, e.ChainID(), p.Name, strings.Join(endpoints, ","))
}
