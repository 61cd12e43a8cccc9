package restserver

import (
	"context"
	"fmt"
	"net"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/chainrpc"
	"github.com/nichework/nwnd/lnrpc/invoicesrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
	"github.com/nichework/nwnd/lnrpc/verrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

// macaroonField is the only field of a request that reaches the gRPC server.
const macaroonField = "Grpc-Metadata-Macaroon"

// marshaler writes JSON as lnd's REST API does: the names of the .proto files, every field
// even if it is empty, 64-bit numbers as strings, bytes in base64. An unknown field is refused.
var marshaler = &runtime.JSONPb{MarshalOptions: protojson.MarshalOptions{UseProtoNames: true, EmitUnpopulated: true}}

// services register what there is to call.
var services = []func(context.Context, *runtime.ServeMux, *grpc.ClientConn) error{
	lnrpc.RegisterLightningHandler, lnrpc.RegisterStateHandler, lnrpc.RegisterWalletUnlockerHandler,
	routerrpc.RegisterRouterHandler, invoicesrpc.RegisterInvoicesHandler, walletrpc.RegisterWalletKitHandler,
	chainrpc.RegisterChainNotifierHandler, verrpc.RegisterVersionerHandler, nwnrpc.RegisterNodeHandler,
	nwnrpc.RegisterAssetsHandler, nwnrpc.RegisterTokenChannelsHandler, nwnrpc.RegisterTokenPaymentsHandler,
	nwnrpc.RegisterAssetForwardingHandler, nwnrpc.RegisterPointsHandler, nwnrpc.RegisterMeterHandler,
}

func newGateway(ctx context.Context, cfg Config, paths []path) (http.Handler, error) {
	mux := runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, discreet{marshaler}),
		runtime.WithDisablePathLengthFallback(), // GET is GET, as in lnd
		runtime.WithIncomingHeaderMatcher(func(field string) (string, bool) {
			return "macaroon", field == macaroonField
		}),
		runtime.WithMetadata(func(_ context.Context, r *http.Request) metadata.MD {
			host, _, err := net.SplitHostPort(r.RemoteAddr)
			if err != nil {
				host = r.RemoteAddr
			}
			return metadata.Pairs(cfg.ClientKey, host)
		}),
	)
	for _, p := range paths {
		if p.rpc != nil {
			continue
		}
		err := mux.HandlePath(p.verb, p.pattern, func(w http.ResponseWriter, _ *http.Request, _ map[string]string) {
			refuse(w, http.StatusNotImplemented, codes.Unimplemented, "%s is not implemented by nwnd", p.method)
		})
		if err != nil {
			return nil, fmt.Errorf("restserver: %s: %w", p.pattern, err)
		}
	}
	for _, register := range services { // later ones win
		if err := register(ctx, mux, cfg.API); err != nil {
			return nil, fmt.Errorf("restserver: %w", err)
		}
	}
	return mux, nil
}
