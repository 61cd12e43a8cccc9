package main

import (
	"context"
	"log/slog"
	"net"
	"time"

	"github.com/lightninglabs/neutrino/headerfs"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/chain/neutrino"
	"github.com/nichework/nwnd/internal/wallet"
)

const (
	dialTimeout   = 30 * time.Second // for a bitcoin node
	lookupTimeout = 30 * time.Second
)

func openNeutrino(cfg *config.Config, log *slog.Logger) (*backend, error) {
	n := &cfg.Neutrino
	c := neutrino.Config{
		Dir: cfg.ChainDir(), Params: cfg.Network.Params, Connect: n.ConnectPeers, Add: n.AddPeers,
		PersistFilters: n.PersistFilters, BroadcastTimeout: n.BroadcastTimeout, Log: log,
		Dial: func(addr net.Addr) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
			defer cancel()
			return dialer(cfg).Dial(ctx, addr.String())
		},
		LookupIP: func(host string) ([]net.IP, error) { return lookupIP(dialer(cfg).LookupHost, host) },
	}
	height, hash, err := n.Header()
	if err != nil {
		return nil, err
	}
	if hash != nil {
		c.AssertHeader = &headerfs.FilterHeader{Height: height, FilterHash: *hash}
	}
	neutrino.Configure(neutrino.Process{
		Log: log, MaxPeers: n.MaxPeers, BanDuration: n.BanDuration, BanThreshold: n.BanThreshold,
		UserAgent: n.UserAgentName, UserAgentVers: n.UserAgentVersion,
		DisableDNSSeed: cfg.Network.Worthless || len(n.ConnectPeers) > 0,
	})
	light, err := neutrino.Open(c)
	if err != nil {
		return nil, err
	}
	return &backend{
		source: light, filters: light, hints: light, stop: light.Close,
		wallet: wallet.NewNeutrino(light.ChainService(), cfg.Network.Params),
	}, nil
}

// lookupIP finds a host's addresses, which may be its name.
func lookupIP(lookup func(context.Context, string) ([]string, error), host string) ([]net.IP, error) {
	if ip := net.ParseIP(host); ip != nil {
		return []net.IP{ip}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookupTimeout)
	defer cancel()
	texts, err := lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	var ips []net.IP
	for _, text := range texts {
		if ip := net.ParseIP(text); ip != nil {
			ips = append(ips, ip)
		}
	}
	return ips, nil
}
