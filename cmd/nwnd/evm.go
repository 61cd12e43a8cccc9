package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/internal/wallet"
)

// evmAccounts is how many accounts pay for gas: an urgent call needn't wait behind a stuck one.
const evmAccounts = 2

// evmChains are the EVM chains that are followed.
type evmChains struct {
	all    []node.EVMConfig
	cancel context.CancelFunc
	runs   sync.WaitGroup
}

// openEVM begins to follow the chains that the options name. A chain whose endpoints don't answer is no
// error: channels on it wait.
func openEVM(cfg *config.Config, w *wallet.Wallet, db *channeldb.DB, log *slog.Logger, fail func(error)) (*evmChains, error) {
	ctx, cancel := context.WithCancel(context.Background())
	c := &evmChains{cancel: cancel}
	if len(cfg.EVMChains) == 0 {
		return c, nil
	}
	keys, err := newEVMKeys(w.Keys())
	if err != nil {
		return c, err
	}
	price := new(big.Int).Mul(big.NewInt(cfg.EVM.MaxGasPrice), big.NewInt(1e9))
	for _, named := range cfg.EVMChains {
		profile, ok := evm.Profiles[named.Profile]
		if !ok {
			return c, fmt.Errorf("evm.chain: there is no profile %q", named.Profile)
		}
		chain, err := ethereum.New(ethereum.Config{
			Name: named.Name, ChainID: named.ID, Profile: profile, Endpoints: named.Endpoints,
			Signer: keys, DB: db, MaxFee: price, Reason: revertReason, Log: log,
		})
		if err != nil {
			return c, fmt.Errorf("evm.chain %s: %w", named.Name, err)
		}
		c.all = append(c.all, node.EVMConfig{Name: named.Name, Profile: profile, Reader: chain, Sender: chain, GasPrice: price,
			MaxHTLCs: uint16(cfg.EVM.MaxHTLCs)})
		c.runs.Go(func() {
			if err := chain.Run(ctx); err != nil && ctx.Err() == nil {
				fail(fmt.Errorf("EVM chain %s: %w", named.Name, err))
			}
		})
	}
	return c, nil
}

// addAssets makes the assets known that the options name, as soon as their chains can be read.
func (c *evmChains) addAssets(cfg *config.Config, n *node.Node, log *slog.Logger) {
	left := cfg.EVMAssets
	if len(left) == 0 {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	stop := c.cancel
	c.cancel = func() { cancel(); stop() }
	c.runs.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		told := make(map[string]string) // why each can't be added yet, so that it is said once
		for len(left) > 0 {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			a := left[0]
			_, err := n.AddAsset(ctx, node.AddAsset{Symbol: a.Symbol, Chain: a.Chain, Adjudicator: a.Adjudicator, Token: a.Token})
			switch {
			case err == nil, errors.Is(err, node.ErrDuplicate):
				left = left[1:]
			case errors.Is(err, node.ErrUnusual):
				log.Error("evm.asset is not added", "symbol", a.Symbol, "chain", a.Chain, "err", err)
				left = left[1:]
			case ctx.Err() == nil:
				if why := err.Error(); told[a.Symbol] != why {
					told[a.Symbol] = why
					log.Warn("evm.asset can't be added; it is tried again every second", "symbol", a.Symbol, "chain", a.Chain, "err", err)
				}
				left = append(left[1:len(left):len(left)], a)
			}
		}
	})
}

// close ends what follows them; the node has ended before.
func (c *evmChains) close() {
	if c != nil {
		c.cancel()
		c.runs.Wait()
	}
}

// evmKeys are the accounts' keys, from the wallet's seed.
type evmKeys struct {
	addresses []common.Address
	secrets   map[common.Address]*[32]byte
}

func newEVMKeys(ring *wallet.KeyRing) (*evmKeys, error) {
	k := &evmKeys{secrets: make(map[common.Address]*[32]byte)}
	for i := range evmAccounts {
		secret, err := ring.Secret(fmt.Sprintf("evm account %d", i))
		if err != nil {
			return nil, err
		}
		key, err := crypto.ToECDSA(secret[:])
		if err != nil {
			return nil, fmt.Errorf("evm account %d: the seed gives no key", i)
		}
		address := crypto.PubkeyToAddress(key.PublicKey)
		k.addresses = append(k.addresses, address)
		k.secrets[address] = &secret
	}
	return k, nil
}

// Addresses are the accounts, the one that holds tokens first.
func (k *evmKeys) Addresses() []common.Address { return k.addresses }

// SignTx signs for one of them.
func (k *evmKeys) SignTx(from common.Address, tx *types.Transaction, chainID *big.Int) (*types.Transaction, error) {
	secret := k.secrets[from]
	if secret == nil {
		return nil, fmt.Errorf("evm: %v is none of this wallet's accounts", from)
	}
	key, err := crypto.ToECDSA(secret[:])
	if err != nil {
		return nil, fmt.Errorf("evm: account %v has no key", from)
	}
	return types.SignTx(tx, types.LatestSignerForChainID(chainID), key)
}

// revertReason explains why a call of the adjudicator failed.
func revertReason(data []byte) string {
	r, err := evm.UnpackRevert(data)
	if err != nil {
		return ""
	}
	return r.Error()
}
