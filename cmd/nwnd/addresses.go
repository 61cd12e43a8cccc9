package main

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"time"

	"github.com/nichework/nwnd/internal/tor"
)

// resolveEvery is how often externalhosts are looked up anew.
const resolveEvery = 5 * time.Minute

// resolveTimeout is how long one look-up may take.
const resolveTimeout = 30 * time.Second

// announced are the addresses that others are told.
type announced struct {
	log    *slog.Logger
	lookup func(ctx context.Context, host string) ([]string, error)
	hosts  []string   // host:port whose host is looked up again and again
	fixed  []net.Addr // the rest

	last map[string][]net.Addr // what a host was last; kept while it can't be looked up
}

// fix adds what doesn't change: IP addresses, onion services, names as they are now.
func (a *announced) fix(ctx context.Context, hosts []string) {
	for _, h := range hosts {
		addrs, err := a.resolve(ctx, h)
		if err != nil {
			a.log.Warn("external address is not announced", "address", h, "err", err)
		}
		a.fixed = append(a.fixed, addrs...)
	}
}

func (a *announced) resolve(ctx context.Context, hostport string) ([]net.Addr, error) {
	addr, err := tor.Address(hostport)
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return nil, err
	}
	if tor.IsOnion(host) || net.ParseIP(host) != nil {
		return []net.Addr{addr}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	ips, err := a.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	// One of each kind: a name with many addresses would crowd out the rest.
	var out []net.Addr
	for _, four := range []bool{true, false} {
		i := slices.IndexFunc(ips, func(s string) bool {
			ip := net.ParseIP(s)
			return ip != nil && (ip.To4() != nil) == four
		})
		if i < 0 {
			continue
		}
		if addr, err := tor.Address(net.JoinHostPort(ips[i], port)); err == nil {
			out = append(out, addr)
		}
	}
	return out, nil
}

// now looks up the hosts and gives all addresses, without repetition.
func (a *announced) now(ctx context.Context) []net.Addr {
	if a.last == nil {
		a.last = make(map[string][]net.Addr)
	}
	all := slices.Clone(a.fixed)
	for _, h := range a.hosts {
		addrs, err := a.resolve(ctx, h)
		if err != nil {
			a.log.Warn("external host can't be looked up", "host", h, "err", err)
			addrs = a.last[h]
		}
		a.last[h] = addrs
		all = append(all, addrs...)
	}
	seen := make(map[string]bool)
	return slices.DeleteFunc(all, func(addr net.Addr) bool {
		known := seen[addr.String()]
		seen[addr.String()] = true
		return known
	})
}

// follow tells of changes until ctx ends; was is what has been told.
func (a *announced) follow(ctx context.Context, was []net.Addr, tell func([]net.Addr)) {
	if len(a.hosts) == 0 {
		return
	}
	again := time.NewTicker(resolveEvery)
	defer again.Stop()
	for {
		select {
		case <-again.C:
		case <-ctx.Done():
			return
		}
		is := a.now(ctx)
		if ctx.Err() != nil || slices.EqualFunc(is, was, sameAddress) {
			continue
		}
		a.log.Info("external addresses changed", "addresses", is)
		tell(is)
		was = is
	}
}

func sameAddress(a, b net.Addr) bool { return a.String() == b.String() }
