package config

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// LevelTrace is finer than debug; LevelOff is above everything.
const (
	LevelTrace = slog.LevelDebug - 4
	LevelOff   = slog.Level(100)
)

// ErrShowLevels is the error of Load when debuglevel is show: the subsystems are asked for.
var ErrShowLevels = errors.New("config: debuglevel is show")

// Levels is how much to log, in all and by subsystem (upper case).
type Levels struct {
	Default slog.Level
	Sub     map[string]slog.Level
}

// Of is the level of a subsystem.
func (l Levels) Of(subsystem string) slog.Level {
	if v, ok := l.Sub[strings.ToUpper(subsystem)]; ok {
		return v
	}
	return l.Default
}

// ParseLevels reads "info", "PEER=debug" or "info,PEER=debug,RPCS=trace".
func ParseLevels(s string) (Levels, error) {
	out := Levels{Default: slog.LevelInfo, Sub: map[string]slog.Level{}}
	for i, part := range strings.Split(s, ",") {
		sub, name, pair := strings.Cut(strings.TrimSpace(part), "=")
		if !pair {
			name = sub
		}
		level, ok := levelNames[strings.ToLower(name)]
		if !ok {
			return Levels{}, fmt.Errorf("config: debuglevel %q: levels are trace, debug, "+
				"info, warn, error and off", part)
		}
		switch {
		case pair && sub == "":
			return Levels{}, fmt.Errorf("config: debuglevel %q names no subsystem", part)
		case pair:
			out.Sub[strings.ToUpper(sub)] = level
		case i == 0:
			out.Default = level
		default:
			return Levels{}, fmt.Errorf("config: debuglevel %q: only the first may stand "+
				"without a subsystem", s)
		}
	}
	return out, nil
}

// LevelName is what ParseLevels calls a level.
func LevelName(l slog.Level) string {
	for _, name := range []string{"trace", "debug", "info", "warn", "error", "off"} {
		if levelNames[name] == l {
			return name
		}
	}
	return strings.ToLower(l.String())
}

var levelNames = map[string]slog.Level{
	"trace": LevelTrace, "debug": slog.LevelDebug, "info": slog.LevelInfo,
	"warn": slog.LevelWarn, "error": slog.LevelError, "critical": slog.LevelError, "off": LevelOff,
}
