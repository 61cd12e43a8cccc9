package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"runtime"
	cpu "runtime/pprof"
	"time"
)

// startProfiles does what the pprof options ask for.
func (o *ops) startProfiles() error {
	p := &o.cfg.Pprof
	if p.BlockingProfile > 0 {
		runtime.SetBlockProfileRate(p.BlockingProfile)
	}
	if p.MutexProfile > 0 {
		runtime.SetMutexProfileFraction(p.MutexProfile)
	}
	if p.CPUProfile != "" {
		f, err := os.OpenFile(p.CPUProfile, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return fmt.Errorf("pprof.cpuprofile: %w", err)
		}
		o.closes = append(o.closes, f.Close)
		if err := cpu.StartCPUProfile(f); err != nil {
			return fmt.Errorf("pprof.cpuprofile: %w", err)
		}
		o.closes = append(o.closes, func() error { cpu.StopCPUProfile(); return nil })
	}
	if p.Profile == "" {
		return nil
	}
	l, err := net.Listen("tcp", p.Profile)
	if err != nil {
		return fmt.Errorf("pprof.profile: %w", err)
	}
	o.logs.For("NWND").Info("serving profiles", "address", l.Addr())
	o.tasks.Go(func() { o.serveProfiles(l) })
	return nil
}

func (o *ops) serveProfiles(l net.Listener) {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(o.ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		o.logs.For("NWND").Error("profiles ended", "err", err)
	}
}
