package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/health"
)

// watchHealth stops the daemon when something it needs is gone for good.
func (o *ops) watchHealth(ctx context.Context, n *running) {
	log := o.logs.For("HLCK")
	if err := health.Watch(ctx, log, checks(o.cfg, n)...); err != nil {
		log.Error("stopping, since a health check failed", "err", err)
		o.fail(err)
	}
}

// checks are lnd's, and one of our own: a disk that is nearly full stops the node before a
// write fails.
func checks(cfg *config.Config, n *running) []health.Check {
	options := cfg.HealthCheck.Checks()
	check := func(name string, run func(context.Context) error) health.Check {
		c := options[name]
		return health.Check{Name: name, Attempts: c.Attempts, Timeout: c.Timeout, Backoff: c.Backoff,
			Interval: c.Interval, Run: run}
	}
	all := []health.Check{
		{Name: "diskfull", Attempts: 3, Timeout: 5 * time.Second, Backoff: 2 * time.Second, Interval: 10 * time.Second,
			Run: health.DiskFloor(cfg.ChainDir())},
		check("chainbackend", n.chain),
		check("diskspace", health.DiskShare(cfg.ChainDir(), cfg.HealthCheck.Disk.Required)),
		check("tls", func(context.Context) error { return inDate(cfg.TLSCertPath, time.Now()) }),
	}
	if n.onion != nil {
		all = append(all, check("torconnection", n.onion))
	}
	return all
}

// inDate tells whether a certificate is good at a time.
func inDate(path string, now time.Time) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return errors.New("no certificate in " + path)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if now.After(cert.NotAfter) {
		return fmt.Errorf("%s is out of date since %v; a new one is made at the next start", path, cert.NotAfter)
	}
	return nil
}
