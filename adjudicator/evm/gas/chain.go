package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/ethclient/simulated"
	"github.com/ethereum/go-ethereum/log"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/params"
	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm/binding"
	"github.com/nichework/nwnd/adjudicator/evm/model"
)

const (
	chainID  = 1337
	gasLimit = 16_000_000 // of a transaction: EIP-7825 has 2^24
)

// chain is Ethereum's rules on a chain of one node, a contract, tokens and who pays for gas.
type chain struct {
	ctx     context.Context
	backend *simulated.Backend
	payer   *ecdsa.PrivateKey // of gas; also holds the tokens, and is the tower
	nonce   uint64

	adjudicator common.Address
	asset       [2]common.Address // coins, a token
	unused      common.Address    // a token that the contract never held
	digests     *model.World
	channels    uint64
}

// key is one of the keys that are the same in every run.
func key(name string) *ecdsa.PrivateKey {
	h := sha256.Sum256([]byte("nwnd gas " + name))
	k, err := crypto.ToECDSA(h[:])
	if err != nil {
		panic(err) // the names are constants, and their keys are keys
	}
	return k
}

func address(name string) common.Address { return crypto.PubkeyToAddress(key(name).PublicKey) }

// rules are Ethereum's as of the fork that it has now.
func rules() *params.ChainConfig {
	c := *params.AllDevChainProtocolChanges
	c.BogotaTime = nil
	return &c
}

func newChain(ctx context.Context) (*chain, error) {
	log.SetDefault(log.NewLogger(slog.DiscardHandler))
	c := &chain{ctx: ctx, payer: key("payer")}
	coins := types.Account{Balance: new(big.Int).Mul(big.NewInt(1e6), big.NewInt(params.Ether))}
	c.backend = simulated.NewBackend(types.GenesisAlloc{
		address("payer"): coins, address("pay a"): coins, address("pay b"): coins,
	}, func(_ *node.Config, e *ethconfig.Config) {
		e.Genesis = &core.Genesis{Config: rules(), GasLimit: e.Genesis.GasLimit, Alloc: e.Genesis.Alloc}
	})
	var err error
	if c.adjudicator, err = c.create(common.FromHex(binding.AdjudicatorMetaData.Bin)); err != nil {
		return nil, err
	}
	for _, at := range []*common.Address{&c.asset[1], &c.unused} {
		if *at, err = c.newToken(); err != nil {
			return nil, err
		}
	}
	c.digests = model.New(chainID, c.adjudicator, 0)
	return c, nil
}

func (c *chain) close() { _ = c.backend.Close() }

// newToken deploys OpenZeppelin's token. Both who are paid have some.
func (c *chain) newToken() (common.Address, error) {
	b := binding.NewStandardToken()
	supply := new(big.Int).Mul(big.NewInt(1e9), big.NewInt(params.Ether))
	at, err := c.create(append(common.FromHex(binding.StandardTokenMetaData.Bin), b.PackConstructor("Token", "TOK", 18, supply)...))
	if err != nil {
		return at, err
	}
	for _, call := range [][]byte{
		b.PackTransfer(address("pay a"), big.NewInt(1e18)), b.PackTransfer(address("pay b"), big.NewInt(1e18)),
	} {
		if _, err := c.send(&at, call, nil); err != nil {
			return at, err
		}
	}
	return at, nil
}

// fundToken opens a channel, so that the adjudicator has some of the token that is measured.
func (c *chain) fundToken() error {
	_, err := c.newChannel(c.asset[1]).open()
	return err
}

func (c *chain) create(code []byte) (common.Address, error) {
	at := crypto.CreateAddress(address("payer"), c.nonce)
	_, err := c.send(nil, code, nil)
	return at, err
}

// call sends a call of the adjudicator and gives the gas that it used.
func (c *chain) call(data []byte, value *uint256.Int) (uint64, error) {
	return c.send(&c.adjudicator, data, value)
}

// send mines a block of one transaction and gives the gas that it used.
func (c *chain) send(to *common.Address, data []byte, value *uint256.Int) (uint64, error) {
	tx := &types.DynamicFeeTx{
		ChainID: big.NewInt(chainID), Nonce: c.nonce, To: to, Data: data, Gas: gasLimit, Value: new(big.Int),
		GasTipCap: big.NewInt(params.GWei), GasFeeCap: big.NewInt(20 * params.GWei),
	}
	if value != nil {
		tx.Value = value.ToBig()
	}
	signed, err := types.SignNewTx(c.payer, types.LatestSignerForChainID(tx.ChainID), tx)
	if err != nil {
		return 0, err
	}
	client := c.backend.Client()
	if err := client.SendTransaction(c.ctx, signed); err != nil {
		return 0, err
	}
	c.nonce++
	c.backend.Commit()
	receipt, err := client.TransactionReceipt(c.ctx, signed.Hash())
	if err != nil {
		return 0, err
	}
	if receipt.Status != types.ReceiptStatusSuccessful {
		return 0, fmt.Errorf("the transaction reverted after %d gas", receipt.GasUsed)
	}
	return receipt.GasUsed, nil
}

// pass lets time go by.
func (c *chain) pass(seconds uint32) error {
	return c.backend.AdjustTime(time.Duration(seconds) * time.Second)
}

// random is the same number in every run, all of its bytes set to something.
func random(what string, index int) [32]byte {
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte(what), uint64(index)))
}
