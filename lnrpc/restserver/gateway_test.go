package restserver

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/lnrpc"
)

func TestErrorsHaveTheirStatus(t *testing.T) {
	var code codes.Code
	r := plain(t, func(call, func(proto.Message) error) error { return status.Error(code, "no such thing") }, nil)
	for c, want := range map[codes.Code]int{
		codes.Unknown: 500, codes.InvalidArgument: 400, codes.NotFound: 404, codes.AlreadyExists: 409,
		codes.PermissionDenied: 403, codes.Unauthenticated: 401, codes.ResourceExhausted: 429,
		codes.FailedPrecondition: 400, codes.Unimplemented: 501, codes.Unavailable: 503,
	} {
		code = c
		got, body, _ := r.do(t, "GET", "/v1/getinfo", "")
		require.Equal(t, want, got, c)
		require.JSONEq(t, fmt.Sprintf(`{"code":%d,"message":"no such thing","details":[]}`, c), body)

		_, body, _ = r.do(t, "GET", "/v1/invoices/subscribe", "")
		require.Contains(t, body, `"no such thing"`, "of a stream too")
	}
}

// A stream that fails after it began says so in its last line.
func TestAStreamEndsWithItsError(t *testing.T) {
	r := plain(t, func(_ call, send func(proto.Message) error) error {
		return errors.Join(send(&lnrpc.Invoice{Memo: "one"}), status.Error(codes.Unavailable, "enough"))
	}, nil)
	code, body, _ := r.do(t, "GET", "/v1/invoices/subscribe", "")
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, body, `{"result":{"memo":"one"`)
	require.Contains(t, body, `"error":{"code":`)
	require.Contains(t, body, "enough")
}

func TestWhatIsNotThere(t *testing.T) {
	r := plain(t, empty, nil)
	for _, c := range []struct {
		verb, path, body string
		status           int
	}{
		{"GET", "/v1/nothing", "", http.StatusNotFound},
		{"GET", "/", "", http.StatusNotFound},
		{"PUT", "/v1/getinfo", "", http.StatusNotImplemented}, // lnd's answer to a wrong verb
		{"POST", "/v1/invoices", "{", http.StatusBadRequest},
		{"POST", "/v1/invoices", `{"nosuch":1}`, http.StatusBadRequest},
		{"POST", "/v1/invoices", `{"value":"x"}`, http.StatusBadRequest},
		{"POST", "/v1/invoices", `{"r_hash":"***"}`, http.StatusBadRequest},
		{"GET", "/v1/graph/edge/x", "", http.StatusBadRequest},
		{"GET", "/v1/payments?max_payments=x", "", http.StatusBadRequest},
		{"GET", "/v2/router/track/!", "", http.StatusBadRequest},
	} {
		got, body, header := r.do(t, c.verb, c.path, c.body)
		require.Equal(t, c.status, got, "%s %s: %s", c.verb, c.path, body)
		require.Contains(t, body, `"details":[]`)
		require.Equal(t, "application/json", header.Get("Content-Type"))
	}
}

// Of a request's fields the macaroon reaches the gRPC server and nothing else, least of
// all another address than the client's.
func TestOnlyTheMacaroonIsPassedOn(t *testing.T) {
	var got call
	r := plain(t, func(c call, send func(proto.Message) error) error { got = c; return empty(c, send) }, nil)
	code, _, _ := r.do(t, "GET", "/v1/getinfo", "",
		"Grpc-Metadata-macaroon", "0102", "Grpc-Metadata-"+clientKey, "203.0.113.7", "Grpc-Metadata-Other", "x",
		"X-Forwarded-For", "203.0.113.7", "Cookie", "c=d")
	require.Equal(t, http.StatusOK, code)
	require.Equal(t, []string{"0102"}, got.meta.Get("macaroon"))
	require.Equal(t, []string{"127.0.0.1"}, got.meta.Get(clientKey))
	require.Empty(t, got.meta.Get("other"))
	require.Empty(t, got.meta.Get("cookie"))

	r.do(t, "GET", "/v1/getinfo", "", "Grpc-Metadata-Macaroon", "01", "grpc-metadata-macaroon", "02")
	require.Equal(t, []string{"01", "02"}, got.meta.Get("macaroon"), "the gate refuses two")
}

func TestHTTP2AndHTTP1OverTLS(t *testing.T) {
	r := secure(t, empty, nil)
	for _, two := range []bool{true, false} {
		transport := r.client.Transport.(*http.Transport).Clone()
		if !two {
			transport.ForceAttemptHTTP2 = false
			transport.TLSClientConfig.NextProtos = []string{"http/1.1"}
			transport.Protocols = new(http.Protocols)
			transport.Protocols.SetHTTP1(true)
		}
		resp, err := (&http.Client{Transport: transport}).Get(r.url + "/v1/getinfo")
		require.NoError(t, err)
		resp.Body.Close()
		transport.CloseIdleConnections()
		require.Equal(t, http.StatusOK, resp.StatusCode)
		require.Equal(t, two, resp.ProtoMajor == 2)
	}
	resp, err := http.Get("http://" + r.addr + "/v1/getinfo")
	require.NoError(t, err)
	resp.Body.Close()
	require.Equal(t, http.StatusBadRequest, resp.StatusCode, "without TLS")
}
