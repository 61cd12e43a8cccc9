package config

import "time"

// Tor is how to reach peers through Tor, and be reached.
type Tor struct {
	Active          bool   `long:"active" description:"Connect to peers through Tor, and resolve names through it."`
	SOCKS           string `long:"socks" default:"localhost:9050" description:"Tor's SOCKS5 proxy."`
	StreamIsolation bool   `long:"streamisolation" description:"Use a circuit of its own for each connection."`
	SkipClearnet    bool   `long:"skip-proxy-for-clearnet-targets" description:"Use Tor for onion services only. Others see where this node is."`
	Control         string `long:"control" default:"localhost:9051" description:"Tor's control port, for tor.v3."`
	TargetIP        string `long:"targetipaddress" description:"Address at which Tor, on another machine, reaches this node; by default it is on this one."`
	Password        string `long:"password" default-mask:"-" description:"Password of the control port; without it, Tor's cookie file is used."`
	V3              bool   `long:"v3" description:"Be reachable as an onion service, which Tor's control port creates, and announce it."`
	PrivateKeyPath  string `long:"privatekeypath" default-mask:"<nwnddir>/v3_onion_private_key" description:"File with the onion service's key; made if absent."`
}

// Prometheus is where metrics are shown.
type Prometheus struct {
	Enable   bool   `long:"enable" description:"Show metrics at http://<prometheus.listen>/metrics."`
	Listen   string `long:"listen" default:"127.0.0.1:8989" description:"Address to show them at. Anyone who reaches it can read them."`
	Channels bool   `long:"channels" description:"Show each channel too, the first 1000."`
}

// Pprof is what helps to find out what the program does.
type Pprof struct {
	Profile         string `long:"profile" description:"Port, or address on loopback, to serve Go's profiles at, below /debug/pprof."`
	CPUProfile      string `long:"cpuprofile" description:"File to write a CPU profile of the whole run to."`
	BlockingProfile int    `long:"blockingprofile" description:"Nanoseconds of waiting of which one event is kept in the blocking profile; 0 is none."`
	MutexProfile    int    `long:"mutexprofile" description:"Of how many events one is kept in the mutex profile; 0 is none."`
}

// HealthCheck is what the daemon must have to go on. A check that fails so many attempts in
// a row stops it, cleanly.
type HealthCheck struct {
	Chain ChainCheck `group:"chainbackend" namespace:"chainbackend"`
	Disk  DiskCheck  `group:"diskspace" namespace:"diskspace"`
	TLS   TLSCheck   `group:"tls" namespace:"tls"`
	Tor   TorCheck   `group:"torconnection" namespace:"torconnection"`
}

// Check is how often and how patiently something is checked.
type Check struct {
	Attempts                   int // 0: never
	Timeout, Backoff, Interval time.Duration
}

// ChainCheck is whether the chain's source answers.
type ChainCheck struct {
	Attempts int           `long:"attempts" default:"3" description:"How often in a row asking the chain's source may fail before nwnd stops; 0 never asks."`
	Timeout  time.Duration `long:"timeout" default:"30s" description:"How long an answer may take."`
	Backoff  time.Duration `long:"backoff" default:"2m" description:"Pause after a failed attempt."`
	Interval time.Duration `long:"interval" default:"1m" description:"Time between checks."`
}

// DiskCheck is whether the disk has room.
type DiskCheck struct {
	Attempts int           `long:"attempts" default:"0" description:"How often in a row the disk may lack room before nwnd stops; 0 doesn't look. Below 64 MiB nwnd stops in any case."`
	Timeout  time.Duration `long:"timeout" default:"5s" description:"How long looking may take."`
	Backoff  time.Duration `long:"backoff" default:"1m" description:"Pause after a failed attempt."`
	Interval time.Duration `long:"interval" default:"12h" description:"Time between checks."`
	Required float64       `long:"diskrequired" default:"0.1" description:"Share of the disk that must be free."`
}

// TLSCheck is whether the API's certificate is still good.
type TLSCheck struct {
	Attempts int           `long:"attempts" default:"0" description:"How often in a row the certificate may be out of date before nwnd stops, so that a new one is made at its start; 0 doesn't look."`
	Timeout  time.Duration `long:"timeout" default:"5s" description:"How long looking may take."`
	Backoff  time.Duration `long:"backoff" default:"1m" description:"Pause after a failed attempt."`
	Interval time.Duration `long:"interval" default:"1m" description:"Time between checks."`
}

// TorCheck is whether the onion service is there.
type TorCheck struct {
	Attempts int           `long:"attempts" default:"3" description:"How often in a row Tor may lack the onion service, which is then made anew, before nwnd stops; 0 doesn't look."`
	Timeout  time.Duration `long:"timeout" default:"5s" description:"How long asking may take."`
	Backoff  time.Duration `long:"backoff" default:"1m" description:"Pause after a failed attempt."`
	Interval time.Duration `long:"interval" default:"1m" description:"Time between checks."`
}

// Checks are the health checks by their names.
func (h *HealthCheck) Checks() map[string]Check {
	d := h.Disk
	return map[string]Check{
		"chainbackend": Check(h.Chain), "diskspace": {d.Attempts, d.Timeout, d.Backoff, d.Interval},
		"tls": Check(h.TLS), "torconnection": Check(h.Tor),
	}
}
