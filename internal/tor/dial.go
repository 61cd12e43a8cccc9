package tor

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/lightningnetwork/lnd/tor"
	"golang.org/x/net/proxy"
)

// ErrOnion is why an onion address can't be dialled.
var ErrOnion = errors.New("tor: an onion address can only be reached with tor.active")

// Dialer connects to peers.
type Dialer struct {
	// SOCKS is the proxy's host:port; without one it connects directly.
	SOCKS string
	// Isolate uses a circuit of its own for each connection: Tor makes one for each user
	// that it hasn't seen.
	Isolate bool
	// OnionsOnly connects directly to what is no onion service.
	OnionsOnly bool

	direct func(ctx context.Context, network, addr string) (net.Conn, error) // nil: TCP
}

// IsOnion tells whether a host:port, or a host, is an onion service's.
func IsOnion(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = addr
	}
	return strings.HasSuffix(strings.ToLower(strings.TrimSuffix(host, ".")), tor.OnionSuffix)
}

type dialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// Dial is of proxy.Dialer, whose way to the proxy this is.
func (f dialFunc) Dial(network, addr string) (net.Conn, error) {
	return f(context.Background(), network, addr)
}

// DialContext is of proxy.ContextDialer.
func (f dialFunc) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	return f(ctx, network, addr)
}

// Dial connects to host:port.
func (d *Dialer) Dial(ctx context.Context, addr string) (net.Conn, error) {
	direct := dialFunc(d.direct)
	if direct == nil {
		direct = new(net.Dialer).DialContext
	}
	switch onion := IsOnion(addr); {
	case onion && d.SOCKS == "":
		return nil, ErrOnion
	case !onion && (d.SOCKS == "" || d.OnionsOnly):
		return direct(ctx, "tcp", addr)
	}
	var auth *proxy.Auth
	if d.Isolate {
		auth = &proxy.Auth{User: rand.Text(), Password: rand.Text()}
	}
	through, err := proxy.SOCKS5("tcp", d.SOCKS, auth, direct)
	if err != nil {
		return nil, fmt.Errorf("tor: %w", err)
	}
	conn, err := through.(proxy.ContextDialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("tor: by the proxy at %s: %w", d.SOCKS, err)
	}
	remote, err := Address(addr)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &proxied{conn, remote}, nil
}

// proxied is a connection that knows where it leads beyond the proxy.
type proxied struct {
	net.Conn
	remote net.Addr
}

// RemoteAddr is the peer's, not the proxy's.
func (p *proxied) RemoteAddr() net.Addr { return p.remote }

// named is an address whose host only the proxy has resolved.
type named string

// Network is of net.Addr.
func (named) Network() string { return "tcp" }

// String is of net.Addr.
func (n named) String() string { return string(n) }

// Address reads host:port without asking anyone: an onion service's, an IP's, or a name.
func Address(addr string) (net.Addr, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("tor: %w", err)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("tor: port %q of %s", port, host)
	}
	if IsOnion(host) {
		host = strings.ToLower(strings.TrimSuffix(host, "."))
		if !tor.IsOnionHost(host) {
			return nil, fmt.Errorf("tor: %s is no onion address: it has %d letters, version 3 has 62", host, len(host))
		}
		return &tor.OnionAddr{OnionService: host, Port: int(number)}, nil
	}
	if ip := net.ParseIP(host); ip != nil {
		return &net.TCPAddr{IP: ip, Port: int(number)}, nil
	}
	return named(net.JoinHostPort(host, port)), nil
}

// LookupHost resolves a name, through the proxy if there is one: then to one address of
// version 4 (Tor's RESOLVE knows no other).
func (d *Dialer) LookupHost(ctx context.Context, host string) ([]string, error) {
	if IsOnion(host) {
		return nil, fmt.Errorf("tor: %s is an onion service, which has no IP address", host)
	}
	if net.ParseIP(host) != nil {
		return []string{host}, nil
	}
	if d.SOCKS == "" || d.OnionsOnly {
		return net.DefaultResolver.LookupHost(ctx, host)
	}
	return within(ctx, func() ([]string, error) { return tor.LookupHost(host, d.SOCKS) })
}

// within ends the wait for a call that heeds no context.
func within[T any](ctx context.Context, call func() (T, error)) (T, error) {
	type result struct {
		v   T
		err error
	}
	done := make(chan result, 1)
	go func() {
		v, err := call()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.v, r.err
	case <-ctx.Done():
		var none T
		return none, fmt.Errorf("tor: no answer: %w", context.Cause(ctx))
	}
}
