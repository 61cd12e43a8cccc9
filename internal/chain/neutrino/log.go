package neutrino

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/btcsuite/btclog"
	wchain "github.com/btcsuite/btcwallet/chain"
	"github.com/lightninglabs/neutrino"
)

// Process is what the library keeps for the whole process. Zero values leave its defaults.
type Process struct {
	Log            *slog.Logger // for the library's own messages; nil: none
	MaxPeers       int
	BanDuration    time.Duration
	BanThreshold   uint32
	UserAgent      string
	UserAgentVers  string
	DisableDNSSeed bool // ask no name server for peers
}

// Configure sets what the library keeps in global variables. It is called once, before the first Open.
func Configure(p Process) {
	if p.Log != nil {
		log := newLogger(p.Log, time.Now)
		neutrino.UseLogger(log)
		wchain.UseLogger(log)
	}
	if p.MaxPeers > 0 {
		neutrino.MaxPeers = p.MaxPeers
		neutrino.TargetOutbound = min(neutrino.TargetOutbound, p.MaxPeers)
	}
	if p.BanDuration > 0 {
		neutrino.BanDuration = p.BanDuration
	}
	if p.BanThreshold > 0 {
		neutrino.BanThreshold = p.BanThreshold
	}
	if p.UserAgent != "" {
		neutrino.UserAgentName = p.UserAgent
	}
	if p.UserAgentVers != "" {
		neutrino.UserAgentVersion = p.UserAgentVers
	}
	neutrino.DisableDNSSeed = neutrino.DisableDNSSeed || p.DisableDNSSeed
}

// Peers can have the library log as much as they like, so its lines are limited.
const (
	logBurst  = 100
	logPerSec = 5
)

// The library tells at info what each block and peer does, which is for debugging: each of its levels
// below warn is one lower here. Its errors are of peers, and tried again: they are warnings. levelTrace
// is the lowest that package config has.
const (
	levelTrace = slog.LevelDebug - 4
	levelFiner = levelTrace - 4
)

// logger is a btclog.Logger over a slog.Logger.
type logger struct {
	to  *slog.Logger
	now func() time.Time

	mu      sync.Mutex
	left    float64 // lines that may be written now
	last    time.Time
	dropped int
}

var _ btclog.Logger = (*logger)(nil)

func newLogger(to *slog.Logger, now func() time.Time) *logger {
	return &logger{to: to, now: now, left: logBurst, last: now()}
}

// allow says whether a line may be written, and how many were dropped before it.
func (l *logger) allow() (dropped int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.left = min(logBurst, l.left+now.Sub(l.last).Seconds()*logPerSec)
	l.last = now
	if l.left < 1 {
		l.dropped++
		return 0, false
	}
	l.left--
	dropped, l.dropped = l.dropped, 0
	return dropped, true
}

func (l *logger) write(level slog.Level, text func() string) {
	ctx := context.Background()
	if !l.to.Enabled(ctx, level) {
		return
	}
	dropped, ok := l.allow()
	if !ok {
		return
	}
	if dropped > 0 {
		l.to.Log(ctx, level, text(), "dropped", dropped)
		return
	}
	l.to.Log(ctx, level, text())
}

func (l *logger) format(level slog.Level, format string, args []any) {
	l.write(level, func() string { return fmt.Sprintf(format, args...) })
}

func (l *logger) print(level slog.Level, args []any) {
	l.write(level, func() string { return fmt.Sprint(args...) })
}

// The methods of btclog.Logger.

func (l *logger) Tracef(format string, args ...any)    { l.format(levelFiner, format, args) }
func (l *logger) Debugf(format string, args ...any)    { l.format(levelTrace, format, args) }
func (l *logger) Infof(format string, args ...any)     { l.format(slog.LevelDebug, format, args) }
func (l *logger) Warnf(format string, args ...any)     { l.format(slog.LevelWarn, format, args) }
func (l *logger) Errorf(format string, args ...any)    { l.format(slog.LevelWarn, format, args) }
func (l *logger) Criticalf(format string, args ...any) { l.format(slog.LevelError, format, args) }
func (l *logger) Trace(args ...any)                    { l.print(levelFiner, args) }
func (l *logger) Debug(args ...any)                    { l.print(levelTrace, args) }
func (l *logger) Info(args ...any)                     { l.print(slog.LevelDebug, args) }
func (l *logger) Warn(args ...any)                     { l.print(slog.LevelWarn, args) }
func (l *logger) Error(args ...any)                    { l.print(slog.LevelWarn, args) }
func (l *logger) Critical(args ...any)                 { l.print(slog.LevelError, args) }

// Level is the finest that is written.
func (l *logger) Level() btclog.Level {
	for _, at := range []struct {
		slog slog.Level
		btc  btclog.Level
	}{
		{levelFiner, btclog.LevelTrace}, {levelTrace, btclog.LevelDebug}, {slog.LevelDebug, btclog.LevelInfo},
		{slog.LevelWarn, btclog.LevelWarn}, {slog.LevelError, btclog.LevelCritical},
	} {
		if l.to.Enabled(context.Background(), at.slog) {
			return at.btc
		}
	}
	return btclog.LevelOff
}

// SetLevel does nothing: the level is that of the slog.Logger.
func (l *logger) SetLevel(btclog.Level) {}
