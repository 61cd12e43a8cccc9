package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/chain/feeurl"
)

// fixed is a chain source that estimates one rate.
type fixed struct {
	chain.Source
	rate chain.SatPerKWeight
}

func (f fixed) EstimateFee(context.Context, uint32) (chain.SatPerKWeight, error) { return f.rate, nil }

func TestFeesComeFromFeeURLWhenItIsGiven(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"fee_by_block_target":{"2":20000}}`)
	}))
	defer server.Close()
	stopped := 0
	open := func(url string) (*backend, error) {
		cfg := &config.Config{Options: config.Options{Fee: config.Fee{
			URL: url, MinUpdateTimeout: time.Minute, MaxUpdateTimeout: time.Minute,
		}}}
		b := &backend{source: fixed{rate: 700}, stop: func() error { stopped++; return nil }}
		return withFees(b, cfg, slog.New(slog.DiscardHandler))
	}
	for url, want := range map[string]chain.SatPerKWeight{"": 700, server.URL: 5000} {
		b, err := open(url)
		require.NoError(t, err)
		rate, err := b.source.EstimateFee(t.Context(), 6)
		require.NoError(t, err)
		require.Equal(t, want, rate)
		require.NoError(t, b.stop())
	}
	_, err := open("ftp://fees.example/?key=hunter2")
	require.ErrorIs(t, err, feeurl.ErrURL)
	require.ErrorContains(t, err, "fee.url")
	require.NotContains(t, err.Error(), "hunter2")
	require.Equal(t, 3, stopped, "a backend that isn't used is stopped too")
}

func TestFeesAreAskedForThroughTorUnlessTheServiceIsNear(t *testing.T) {
	for addr, want := range map[string]bool{
		"localhost:80": true, "127.0.0.1:80": true, "[::1]:80": true, "192.168.1.5:8080": true, "10.0.0.1:80": true,
		"fees.example:443": false, "203.0.113.7:80": false, "abc.onion:80": false, "nonsense": false,
	} {
		require.Equal(t, want, near(addr), addr)
	}
	proxy, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer proxy.Close()
	asked := make(chan struct{})
	go func() {
		if conn, err := proxy.Accept(); err == nil {
			close(asked)
			conn.Close()
		}
	}()
	cfg := &config.Config{Options: config.Options{
		Fee: config.Fee{URL: "http://fees.example", MinUpdateTimeout: time.Minute, MaxUpdateTimeout: time.Minute},
		Tor: config.Tor{Active: true, SOCKS: proxy.Addr().String()},
	}}
	b, err := withFees(&backend{source: fixed{rate: 700}, stop: func() error { return nil }}, cfg, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer func() { require.NoError(t, b.stop()) }()
	<-asked
	rate, err := b.source.EstimateFee(t.Context(), 6)
	require.NoError(t, err)
	require.Equal(t, chain.SatPerKWeight(700), rate)
}
