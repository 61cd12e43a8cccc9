package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

const onionHost = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"

func texts(addrs []net.Addr) (all []string) {
	for _, a := range addrs {
		all = append(all, a.String())
	}
	return all
}

func TestExternalAddresses(t *testing.T) {
	a := &announced{log: slog.New(slog.DiscardHandler), lookup: func(_ context.Context, host string) ([]string, error) {
		if host != "me.example" {
			return nil, errors.New("asked for " + host)
		}
		return []string{"2001:db8::1", "203.0.113.9", "203.0.113.10"}, nil
	}}
	a.fix(t.Context(), []string{"203.0.113.7:9735", onionHost + ":9735", "none.example:9735", "me.example:7", "bad.onion:1"})
	require.Equal(t, []string{"203.0.113.7:9735", onionHost + ":9735", "203.0.113.9:7", "[2001:db8::1]:7"}, texts(a.fixed))
	a.hosts = []string{"me.example:7", "me.example:8"}
	require.Equal(t, append(texts(a.fixed), "203.0.113.9:8", "[2001:db8::1]:8"), texts(a.now(t.Context())), "none twice")
}

// externalhosts are looked up again and again; what can't be looked up stays as it was.
func TestExternalHostsAreFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answers := []string{"203.0.113.1", "203.0.113.1", "", "203.0.113.2", "203.0.113.2"}
		asked := 0
		a := &announced{log: slog.New(slog.DiscardHandler), hosts: []string{"me.example:9735"},
			lookup: func(context.Context, string) ([]string, error) {
				ip := answers[min(asked, len(answers)-1)]
				asked++
				if ip == "" {
					return nil, errors.New("no answer")
				}
				return []string{ip}, nil
			}}
		ctx, stop := context.WithTimeout(t.Context(), resolveEvery*5+time.Second)
		defer stop()
		var told [][]string
		was := a.now(ctx)
		require.Equal(t, []string{"203.0.113.1:9735"}, texts(was))
		a.follow(ctx, was, func(addrs []net.Addr) { told = append(told, texts(addrs)) })
		require.Equal(t, [][]string{{"203.0.113.2:9735"}}, told)
		require.Equal(t, 6, asked)
	})
}
