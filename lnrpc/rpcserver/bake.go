package rpcserver

import (
	"context"
	"encoding/hex"
	"slices"

	"gopkg.in/macaroon-bakery.v2/bakery"

	"github.com/nichework/nwnd/lnrpc"
)

// What a permission may name, as in lnd. Of entity "uri" the action is one method.
var (
	macaroonActions  = []string{"read", "write", "generate"}
	macaroonEntities = []string{"onchain", "offchain", "address", "message", "peers", "info", "invoices",
		"signer", "macaroon", uriEntity}
)

const uriEntity = "uri"

// maxPermissions bounds one macaroon.
const maxPermissions = 100

// BakeMacaroon is of lnrpc.LightningServer.
func (l *lightning) BakeMacaroon(ctx context.Context, in *lnrpc.BakeMacaroonRequest) (*lnrpc.BakeMacaroonResponse, error) {
	k, err := l.s.macaroons()
	if err != nil {
		return nil, err
	}
	ops, err := k.operations(in)
	if err != nil {
		return nil, err
	}
	mac, err := k.bake(ctx, in.RootKeyId, ops)
	if err != nil {
		return nil, err
	}
	return &lnrpc.BakeMacaroonResponse{Macaroon: hex.EncodeToString(mac)}, nil
}

func (k *Keeper) operations(in *lnrpc.BakeMacaroonRequest) ([]bakery.Op, error) {
	if n := len(in.Permissions); n == 0 || n > maxPermissions {
		return nil, invalid("permission list has %d entries, it may have 1 to %d. specify action/entity pairs. "+
			"supported actions are %v, supported entities are %v", n, maxPermissions, macaroonActions, macaroonEntities)
	}
	var ops []bakery.Op
	for _, p := range in.Permissions {
		_, method := k.needs[p.Action]
		switch {
		case in.AllowExternalPermissions:
		case !slices.Contains(macaroonEntities, p.Entity):
			return nil, invalid("invalid permission entity %q. supported entities are %v", p.Entity, macaroonEntities)
		case p.Entity == uriEntity && !method:
			return nil, invalid("invalid permission action %q, must be an existing URI in the format "+
				"/package.Service/MethodName", p.Action)
		case p.Entity != uriEntity && !slices.Contains(macaroonActions, p.Action):
			return nil, invalid("invalid permission action %q. supported actions are %v", p.Action, macaroonActions)
		}
		ops = append(ops, op(p.Entity, p.Action))
	}
	return ops, nil
}
