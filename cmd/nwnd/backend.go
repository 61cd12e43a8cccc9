package main

import (
	"fmt"
	"log/slog"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/btcd"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/wallet"
)

// backend is what bitcoin.node names: the chain, as the node follows it and as the wallet does.
type backend struct {
	source  chain.Source   // for the chain.Follower
	filters chain.Filters  // for the chain.Follower; nil if there are none
	hints   chain.Hints    // for the chain.Follower; nil if they aren't needed
	wallet  wallet.Backend // for wallet.Start
	stop    func() error   // after the follower and the wallet's use have ended
}

// openBackend prepares the backend that the options choose. It may be away: both of its users wait
// for it.
func openBackend(cfg *config.Config, logs func(subsystem string) *slog.Logger) (*backend, error) {
	b, err := openNode(cfg, logs)
	if err != nil {
		return nil, err
	}
	return withFees(b, cfg, logs("CHAN"))
}

func openNode(cfg *config.Config, logs func(subsystem string) *slog.Logger) (*backend, error) {
	switch cfg.Bitcoin.Node {
	case "btcd":
		return openBtcd(cfg)
	case "neutrino":
		return openNeutrino(cfg, logs("BTCN"))
	case "bitcoind":
		return openBitcoind(cfg, logs("CHAN"))
	}
	return nil, fmt.Errorf("bitcoin.node is %q, and there is no such backend", cfg.Bitcoin.Node)
}

func openBtcd(cfg *config.Config) (*backend, error) {
	rpc := btcd.RPCConfig{
		Host: cfg.Btcd.RPCHost, User: cfg.Btcd.RPCUser, Pass: cfg.Btcd.RPCPass, CertPath: cfg.Btcd.RPCCert,
		Network: cfg.Network.Params.Name,
	}
	source, err := chain.NewBtcd(rpc)
	if err != nil {
		return nil, err
	}
	w, err := wallet.NewBtcd(rpc, cfg.Network.Params)
	if err != nil {
		return nil, err
	}
	return &backend{source: source, wallet: w, stop: func() error { return nil }}, nil
}
