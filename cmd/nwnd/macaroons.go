package main

import (
	"context"
	"path/filepath"

	"gopkg.in/macaroon-bakery.v2/bakery"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/lnrpc/rpcserver"
)

// openMacaroons makes the files that clients authorise themselves with, where they are
// missing; nil when everyone may call.
func openMacaroons(cfg *config.Config) (*rpcserver.Keeper, error) {
	if cfg.NoMacaroons {
		return nil, nil
	}
	k, err := rpcserver.OpenKeeper(filepath.Join(cfg.ChainDir(), "macaroons.key"))
	if err != nil {
		return nil, err
	}
	for _, m := range []struct {
		file string
		ops  []bakery.Op
	}{
		{cfg.AdminMacPath, rpcserver.AdminOps()},
		{cfg.ReadMacPath, rpcserver.ReadOnlyOps()},
		{cfg.InvoiceMacPath, rpcserver.InvoiceOps()},
	} {
		if err := k.WriteFile(context.Background(), m.file, m.ops); err != nil {
			return nil, err
		}
	}
	return k, nil
}
