package config

import (
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"time"
)

// checkOps refuses what can't be among Tor, metrics, health checks and profiles.
func (c *Config) checkOps() error {
	for _, p := range c.AddPeers {
		key, host, ok := strings.Cut(p, "@")
		raw, err := hex.DecodeString(key)
		if !ok || err != nil || len(raw) != 33 || host == "" {
			return fmt.Errorf("config: addpeer %q is not of the form key@host:port, with a key of 66 hex digits", p)
		}
	}
	if c.MinBackoff < 100*time.Millisecond || c.MinBackoff > c.MaxBackoff {
		return fmt.Errorf("config: minbackoff %v must be at least 100ms and at most maxbackoff %v", c.MinBackoff, c.MaxBackoff)
	}
	if c.ConnectTimeout < time.Second {
		return fmt.Errorf("config: connectiontimeout is %v, it must be at least 1s", c.ConnectTimeout)
	}
	if _, err := net.ResolveTCPAddr("tcp", numeric(c.Prometheus.Listen)); err != nil {
		return fmt.Errorf("config: prometheus.listen %q: %w", c.Prometheus.Listen, err)
	}
	if host, _, err := net.SplitHostPort(c.Pprof.Profile); c.Pprof.Profile != "" && (err != nil || !loopback(host)) {
		return fmt.Errorf("config: pprof.profile %q is not loopback: profiles show what the program holds", c.Pprof.Profile)
	}
	return errors.Join(c.Tor.check(c.DisableListen), c.HealthCheck.check())
}

func (t *Tor) check(deaf bool) error {
	switch {
	case t.V3 && !t.Active:
		return errors.New("config: tor.v3 needs tor.active")
	case t.V3 && deaf:
		return errors.New("config: tor.v3 and nolisten exclude each other: nobody could be reached by the onion service")
	case t.StreamIsolation && t.SkipClearnet:
		return errors.New("config: tor.streamisolation and tor.skip-proxy-for-clearnet-targets exclude each other")
	case t.TargetIP != "" && net.ParseIP(t.TargetIP) == nil:
		return fmt.Errorf("config: tor.targetipaddress %q is no IP address", t.TargetIP)
	}
	for name, addr := range map[string]string{"tor.socks": t.SOCKS, "tor.control": t.Control} {
		if _, err := net.ResolveTCPAddr("tcp", numeric(addr)); err != nil {
			return fmt.Errorf("config: %s %q: %w", name, addr, err)
		}
	}
	return nil
}

func (h *HealthCheck) check() error {
	checks := h.Checks()
	for _, name := range slices.Sorted(maps.Keys(checks)) {
		c := checks[name]
		if c.Attempts < 0 || c.Attempts > 1000 {
			return fmt.Errorf("config: healthcheck.%s.attempts is %d, it may be 0 to 1000", name, c.Attempts)
		}
		if least := min(c.Timeout, c.Backoff, c.Interval); least < time.Second {
			return fmt.Errorf("config: healthcheck.%s has a timeout, backoff or interval of %v, each must be at least 1s", name, least)
		}
	}
	if r := h.Disk.Required; !(r >= 0 && r < 1) {
		return fmt.Errorf("config: healthcheck.diskspace.diskrequired is %v, it may be 0 to below 1", r)
	}
	return nil
}
