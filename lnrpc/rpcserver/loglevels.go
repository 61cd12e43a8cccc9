package rpcserver

import (
	"context"
	"strings"

	"github.com/nichework/nwnd/lnrpc"
)

// LogLevels is what of the log can be changed while the daemon runs.
type LogLevels interface {
	// Subsystems are those that log, sorted.
	Subsystems() []string
	// SetLevels reads "debug" or "info,RPCS=trace": the first without a subsystem is for all.
	SetLevels(spec string) error
	// Levels are those of all subsystems, "NODE=info", sorted.
	Levels() []string
}

// maxLevelSpec is the most bytes of a level_spec.
const maxLevelSpec = 1000

// DebugLevel is of lnrpc.LightningServer.
func (l *lightning) DebugLevel(_ context.Context, in *lnrpc.DebugLevelRequest) (*lnrpc.DebugLevelResponse, error) {
	logs := l.s.cfg.Logs
	switch {
	case logs == nil:
		return nil, unimplemented("changing log levels")
	case in.Show:
		return &lnrpc.DebugLevelResponse{SubSystems: strings.Join(logs.Subsystems(), " ")}, nil
	case len(in.LevelSpec) > maxLevelSpec:
		return nil, invalid("level_spec has %d bytes, it may have %d", len(in.LevelSpec), maxLevelSpec)
	}
	if err := logs.SetLevels(in.LevelSpec); err != nil {
		return nil, invalid("%v", err)
	}
	l.s.cfg.Log.Info("log levels changed", "levels", in.LevelSpec)
	return &lnrpc.DebugLevelResponse{SubSystems: strings.Join(logs.Levels(), ", ")}, nil
}
