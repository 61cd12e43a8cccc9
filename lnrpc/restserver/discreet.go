package restserver

import (
	"errors"
	"io"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"

	"github.com/nichework/nwnd/lnrpc"
)

// errSecrets is what is told of a request with secrets that can't be read.
var errSecrets = errors.New("the request is not the JSON that was expected: check names of fields, quotes, and " +
	"that words are a list and passwords base64; it is not repeated, since it may hold secrets")

// discreet is a marshaler whose errors don't quote requests that hold the wallet's words or password.
type discreet struct{ *runtime.JSONPb }

// NewDecoder is of runtime.Marshaler.
func (d discreet) NewDecoder(r io.Reader) runtime.Decoder {
	from := d.JSONPb.NewDecoder(r)
	return runtime.DecoderFunc(func(v any) error {
		err := from.Decode(v)
		if err == nil || errors.Is(err, io.EOF) { // no body at all, which the gateway takes for an empty one
			return err
		}
		switch v.(type) {
		case *lnrpc.InitWalletRequest, *lnrpc.UnlockWalletRequest, *lnrpc.ChangePasswordRequest:
			return errSecrets
		}
		return err
	})
}
