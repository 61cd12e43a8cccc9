package main

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/tor"
)

// torTimeout is how long the control port may take to make or drop the onion service.
const torTimeout = 30 * time.Second

// dialer connects to peers as the options say.
func dialer(cfg *config.Config) *tor.Dialer {
	if !cfg.Tor.Active {
		return &tor.Dialer{}
	}
	return &tor.Dialer{SOCKS: cfg.Tor.SOCKS, Isolate: cfg.Tor.StreamIsolation, OnionsOnly: cfg.Tor.SkipClearnet}
}

// openOnion makes the onion service that leads to the listeners; nil if none is wanted.
func openOnion(ctx context.Context, cfg *config.Config, listeners []net.Listener) (*tor.Service, net.Addr, error) {
	if !cfg.Tor.V3 {
		return nil, nil, nil
	}
	s := &tor.Service{Control: cfg.Tor.Control, Password: cfg.Tor.Password, TargetIP: cfg.Tor.TargetIP,
		KeyFile: cfg.Tor.PrivateKeyPath, Port: 9735}
	for _, l := range listeners {
		if a, ok := l.Addr().(*net.TCPAddr); ok {
			s.Targets = append(s.Targets, a.Port)
		}
	}
	if len(s.Targets) == 0 {
		return nil, nil, errors.New("tor.v3: there is no address to take connections at")
	}
	ctx, cancel := context.WithTimeout(ctx, torTimeout)
	defer cancel()
	addr, err := s.Start(ctx)
	if err != nil {
		return nil, nil, err
	}
	return s, addr, nil
}
