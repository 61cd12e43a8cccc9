package main

import (
	"log/slog"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/bitcoind"
)

func openBitcoind(cfg *config.Config, log *slog.Logger) (*backend, error) {
	b := &cfg.Bitcoind
	source, err := bitcoind.New(bitcoind.Config{
		Host: b.RPCHost, User: b.RPCUser, Pass: b.RPCPass, Cookie: b.RPCCookie, Params: cfg.Network.Params,
		ZMQBlock: b.ZMQPubBlock, ZMQTx: b.ZMQPubTx, ZMQDeadline: b.ZMQDeadline,
		Polling: b.RPCPolling, BlockPoll: b.BlockInterval, TxPoll: b.TxInterval,
		EstimateMode: b.EstimateMode, Dial: dialer(cfg).Dial, Log: log,
	})
	if err != nil {
		return nil, err
	}
	log.Warn("bitcoin.node=bitcoind is experimental")
	return &backend{source: source, wallet: bitcoind.NewBackend(source), stop: func() error { return nil }}, nil
}
