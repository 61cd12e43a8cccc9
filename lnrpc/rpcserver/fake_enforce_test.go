package rpcserver

import (
	"context"

	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/node"
)

// fakeEnforce is what a fakeNode answers about channels on chain.
type fakeEnforce struct {
	sweeps    []node.Sweep
	alerts    []node.Alert
	abandoned wire.OutPoint
}

func (f *fakeNode) Sweeps(context.Context) ([]node.Sweep, error) { return f.sweeps, f.err }

func (f *fakeNode) Alerts(context.Context) ([]node.Alert, error) { return f.alerts, f.err }

func (f *fakeNode) AbandonChannel(_ context.Context, p wire.OutPoint) error {
	f.abandoned = p
	return f.err
}
