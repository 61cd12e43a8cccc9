package rpcserver

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"gopkg.in/macaroon-bakery.v2/bakery"

	"github.com/nichework/nwnd/lnrpc"
)

// macaroons is the keeper, if callers need any.
func (s *Server) macaroons() (*Keeper, error) {
	if s.cfg.Macaroons == nil {
		return nil, status.Error(codes.Unknown, "macaroon authentication disabled, remove --no-macaroons flag to enable")
	}
	return s.cfg.Macaroons, nil
}

// ListMacaroonIDs is of lnrpc.LightningServer.
func (l *lightning) ListMacaroonIDs(context.Context, *lnrpc.ListMacaroonIDsRequest) (*lnrpc.ListMacaroonIDsResponse, error) {
	k, err := l.s.macaroons()
	if err != nil {
		return nil, err
	}
	return &lnrpc.ListMacaroonIDsResponse{RootKeyIds: k.roots.ids()}, nil
}

// DeleteMacaroonID is of lnrpc.LightningServer.
func (l *lightning) DeleteMacaroonID(_ context.Context, in *lnrpc.DeleteMacaroonIDRequest) (*lnrpc.DeleteMacaroonIDResponse, error) {
	k, err := l.s.macaroons()
	if err != nil {
		return nil, err
	}
	was, err := k.forget(in.RootKeyId)
	if errors.Is(err, errFirstRootKey) {
		return nil, invalid("%v", err)
	}
	if err != nil {
		return nil, err
	}
	l.s.cfg.Log.Info("root key deleted, as a client asked", "id", in.RootKeyId, "was", was)
	return &lnrpc.DeleteMacaroonIDResponse{Deleted: was}, nil
}

// ListPermissions is of lnrpc.LightningServer.
func (l *lightning) ListPermissions(context.Context, *lnrpc.ListPermissionsRequest) (*lnrpc.ListPermissionsResponse, error) {
	out := &lnrpc.ListPermissionsResponse{MethodPermissions: map[string]*lnrpc.MacaroonPermissionList{}}
	for method, ops := range permissions() {
		list := &lnrpc.MacaroonPermissionList{}
		for _, o := range ops {
			list.Permissions = append(list.Permissions, &lnrpc.MacaroonPermission{Entity: o.Entity, Action: o.Action})
		}
		out.MethodPermissions[method] = list
	}
	return out, nil
}

// CheckMacaroonPermissions is of lnrpc.LightningServer.
func (l *lightning) CheckMacaroonPermissions(ctx context.Context, in *lnrpc.CheckMacPermRequest) (*lnrpc.CheckMacPermResponse, error) {
	k, err := l.s.macaroons()
	if err != nil {
		return nil, err
	}
	ops, err := k.asked(in)
	if err != nil {
		return nil, err
	}
	if _, err := k.allows(ctx, in.Macaroon, ops, in.FullMethod); err != nil {
		return nil, invalid("%s", status.Convert(err).Message())
	}
	return &lnrpc.CheckMacPermResponse{Valid: true}, nil
}

// asked is what a macaroon is to be checked for.
func (k *Keeper) asked(in *lnrpc.CheckMacPermRequest) ([]bakery.Op, error) {
	switch {
	case len(in.Permissions) > 0 && in.CheckDefaultPermsFromFullMethod:
		return nil, invalid("cannot check default permissions from full method and from provided permission " +
			"list at the same time")
	case in.FullMethod == "" && in.CheckDefaultPermsFromFullMethod:
		return nil, invalid("cannot check default permissions from full method without providing the full method name")
	case len(in.Macaroon) > maxMacaroon/2:
		return nil, invalid("macaroon has %d bytes, may have %d", len(in.Macaroon), maxMacaroon/2)
	case len(in.Permissions) > maxPermissions:
		return nil, invalid("permission list has %d entries, it may have %d", len(in.Permissions), maxPermissions)
	case in.CheckDefaultPermsFromFullMethod:
		ops, ok := k.needs[in.FullMethod]
		if !ok {
			return nil, invalid("no permissions found for full method %s", in.FullMethod)
		}
		return ops, nil
	case len(in.Permissions) == 0: // any macaroon would do
		return nil, invalid("nothing to check: give permissions, or full_method with check_default_perms_from_full_method")
	}
	var ops []bakery.Op
	for _, p := range in.Permissions {
		ops = append(ops, op(p.Entity, p.Action))
	}
	return ops, nil
}
