package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/chain/feeurl"
)

// withFees has a backend's fee rates come from fee.url, if there is one.
func withFees(b *backend, cfg *config.Config, log *slog.Logger) (*backend, error) {
	if cfg.Fee.URL == "" {
		return b, nil
	}
	fees, err := feeurl.Wrap(context.Background(), b.source, feeurl.Config{
		URL: cfg.Fee.URL, Min: cfg.Fee.MinUpdateTimeout, Max: cfg.Fee.MaxUpdateTimeout, Log: log,
		Dial: func(ctx context.Context, addr string) (net.Conn, error) {
			if near(addr) {
				return new(net.Dialer).DialContext(ctx, "tcp", addr)
			}
			return dialer(cfg).Dial(ctx, addr)
		},
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("fee.url: %w", err), b.stop())
	}
	stop := b.stop
	b.source, b.stop = fees, func() error {
		fees.Close()
		return stop()
	}
	return b, nil
}

// near says whether a service is on this machine or network, where Tor doesn't lead.
func near(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsPrivate())
}
