package restserver

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
)

// No request makes the server panic, or answer with what is no answer: there is no gRPC
// server behind it, so whatever gets that far is "unavailable".
func FuzzRequest(f *testing.F) {
	f.Add("GET", "/v1/getinfo", "", "01", "")
	f.Add("POST", "/v2/router/send", `{"payment_request":"lnbc1","dest":"AAAA","dest_custom_records":{"1":"AA=="}}`, "", "null")
	f.Add("DELETE", "/v1/channels/00/0?force=true&channel_point.output_index=1", "", "", "https://a")
	f.Add("GET", "/v2/invoices/subscribe/_-8=", "", "", "")
	f.Add("OPTIONS", "/v1/graph/routes/a/1?route_hints[0].x=1&dest_custom_records[1]=AA", "{", "", "http://h")
	conn, err := grpc.NewClient("passthrough:///none", grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(f, err)
	defer conn.Close()
	s, err := New(Config{Log: slog.New(slog.DiscardHandler), API: conn, ClientKey: clientKey, Origins: []string{"http://h"}})
	require.NoError(f, err)
	ctx, cancel := context.WithCancel(f.Context())
	cancel() // no call waits for a connection
	known := map[int]bool{http.StatusOK: true, http.StatusForbidden: true, http.StatusRequestEntityTooLarge: true}
	for _, c := range []codes.Code{codes.Canceled, codes.Unavailable, codes.InvalidArgument, codes.NotFound, codes.Unimplemented} {
		known[runtime.HTTPStatusFromCode(c)] = true
	}
	f.Fuzz(func(t *testing.T, verb, target, body, mac, origin string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || u.Scheme != "" {
			return // net/http refuses it
		}
		r, err := http.NewRequestWithContext(ctx, verb, "http://h"+target, strings.NewReader(body))
		if err != nil {
			return
		}
		r.Header = http.Header{"Origin": {origin}, macaroonField: {mac}, "Upgrade": {"websocket"}}
		w := patient{httptest.NewRecorder()}
		s.http.Handler.ServeHTTP(w, r)
		require.True(t, known[w.Code], "%d %s", w.Code, w.Body)
		if w.Code != http.StatusOK {
			require.Contains(t, w.Body.String(), `"message":`)
		}
	})
}

// patient is a recorder that can be given deadlines, as a connection can.
type patient struct{ *httptest.ResponseRecorder }

func (patient) SetReadDeadline(time.Time) error  { return nil }
func (patient) SetWriteDeadline(time.Time) error { return nil }
