package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/nichework/nwnd/config"
)

// parts of the node that log as subsystems of their own, under lnd's names where there are any.
var partSubsystems = map[string]string{
	"gossip": "DISC", "announce": "DISC", "peer": "PEER", "switch": "HSWC", "channel": "LINK",
	"payments": "CRTR", "invoices": "INVC",
}

// subsystems are all that can be named in debuglevel, sorted.
func subsystems() []string {
	names := map[string]bool{"NWND": true, "WLLT": true, "RPCS": true, "CHAN": true, "BTCN": true, "NODE": true, "EVM": true, "PROM": true, "HLCK": true}
	for _, sub := range partSubsystems {
		names[sub] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// logs writes what happens to the terminal and to a file.
type logs struct {
	file *rotating
	out  io.Writer

	mu     sync.Mutex
	levels config.Levels
	subs   map[string]*slog.LevelVar
}

func newLogs(cfg *config.Config, stdout io.Writer) (*logs, error) {
	f, err := openRotating(cfg.LogFile(), int64(cfg.MaxLogFileSize)<<20, cfg.MaxLogFiles)
	if err != nil {
		return nil, err
	}
	l := &logs{
		levels: cfg.Levels, file: f, out: io.MultiWriter(f, stdout), subs: make(map[string]*slog.LevelVar),
	}
	for _, sub := range subsystems() {
		l.level(sub)
	}
	return l, nil
}

// For gives a subsystem its log, at its own level.
func (l *logs) For(subsystem string) *slog.Logger { return slog.New(l.handler(subsystem)) }

func (l *logs) handler(subsystem string) handler {
	text := slog.NewTextHandler(l.out, &slog.HandlerOptions{Level: l.level(subsystem)})
	return handler{text.WithAttrs([]slog.Attr{slog.String("in", subsystem)}), l}
}

func (l *logs) level(subsystem string) *slog.LevelVar {
	l.mu.Lock()
	defer l.mu.Unlock()
	level, ok := l.subs[subsystem]
	if !ok {
		level = new(slog.LevelVar)
		v, ok := named(l.levels, subsystem)
		if !ok {
			v = l.levels.Default
		}
		level.Set(v)
		l.subs[subsystem] = level
	}
	return level
}

// named is the level that was asked for a subsystem, if one was; what is asked for NODE is asked
// for its parts.
func named(levels config.Levels, subsystem string) (slog.Level, bool) {
	v, ok := levels.Sub[subsystem]
	if !ok && slices.Contains(slices.Collect(maps.Values(partSubsystems)), subsystem) {
		v, ok = levels.Sub["NODE"]
	}
	return v, ok
}

// handler turns a logger that is made for a part of the node into that of its subsystem.
type handler struct {
	slog.Handler
	logs *logs
}

// WithAttrs is of slog.Handler.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if i := slices.IndexFunc(attrs, func(a slog.Attr) bool { return a.Key == "part" }); i >= 0 {
		if sub, ok := partSubsystems[attrs[i].Value.String()]; ok {
			return handler{h.logs.handler(sub).Handler.WithAttrs(slices.Delete(slices.Clone(attrs), i, i+1)), h.logs}
		}
	}
	return handler{h.Handler.WithAttrs(attrs), h.logs}
}

// WithGroup is of slog.Handler.
func (h handler) WithGroup(name string) slog.Handler {
	return handler{h.Handler.WithGroup(name), h.logs}
}

// Subsystems are those that there are, sorted.
func (l *logs) Subsystems() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.subs))
}

// Levels are those of all subsystems, sorted by name.
func (l *logs) Levels() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, sub := range slices.Sorted(maps.Keys(l.subs)) {
		all = append(all, sub+"="+config.LevelName(l.subs[sub].Level()))
	}
	return all
}

// SetLevels changes the levels of those named, or of all and then of those named, while
// they log. A subsystem that there isn't is refused and changes nothing.
func (l *logs) SetLevels(spec string) error {
	to, err := config.ParseLevels(spec)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for sub := range to.Sub {
		if _, ok := l.subs[sub]; !ok {
			return fmt.Errorf("log: no subsystem %s; there are %v", sub, slices.Sorted(maps.Keys(l.subs)))
		}
	}
	first, _, _ := strings.Cut(spec, ",")
	all := !strings.Contains(first, "=")
	for sub, level := range l.subs {
		if v, ok := named(to, sub); ok {
			level.Set(v)
		} else if all {
			level.Set(to.Default)
		}
	}
	return nil
}

// Close closes the file.
func (l *logs) Close() error { return l.file.Close() }

// rotating is a file that is renamed to .1, .1 to .2 and so on when it has grown to size;
// what would be beyond keep is removed.
type rotating struct {
	path string
	size int64
	keep int

	mu  sync.Mutex
	f   *os.File
	has int64
}

func openRotating(path string, size int64, keep int) (*rotating, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("log: %w", err)
	}
	r := &rotating{path: path, size: size, keep: keep}
	return r, r.open()
}

func (r *rotating) open() error {
	f, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("log: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("log: %w", err), f.Close())
	}
	r.f, r.has = f, info.Size()
	return nil
}

// Write appends one record, after turning to a new file if this one is full. A log that
// can't turn goes on growing: losing it would be worse.
func (r *rotating) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.f == nil {
		return 0, fs.ErrClosed
	}
	if r.has > 0 && r.has+int64(len(b)) > r.size {
		if err := r.turn(); err != nil {
			return 0, err
		}
	}
	n, err := r.f.Write(b)
	r.has += int64(n)
	return n, err
}

func (r *rotating) turn() error {
	name := func(i int) string { return fmt.Sprintf("%s.%d", r.path, i) }
	if r.keep == 0 {
		os.Remove(r.path)
	}
	for i := r.keep; i > 0; i-- {
		from := name(i - 1)
		if i == 1 {
			from = r.path
		}
		os.Rename(from, name(i))
	}
	old := r.f
	if err := r.open(); err != nil {
		return err
	}
	return old.Close()
}

// Close closes the file; writes after it fail.
func (r *rotating) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.f == nil {
		return nil
	}
	f := r.f
	r.f = nil
	return f.Close()
}
