package restserver

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPagesThatMayCall(t *testing.T) {
	const ours, other = "https://page.example:99", "https://evil.example"
	r := plain(t, empty, func(c *Config) { c.Origins = []string{ours} })

	code, _, h := r.do(t, "OPTIONS", "/v1/getinfo", "", "Origin", ours)
	require.Equal(t, http.StatusOK, code)
	require.Equal(t, ours, h.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "Content-Type, Accept, Grpc-Metadata-Macaroon", h.Get("Access-Control-Allow-Headers"))
	require.Equal(t, "GET, POST, DELETE", h.Get("Access-Control-Allow-Methods"))

	code, _, h = r.do(t, "GET", "/v1/getinfo", "", "Origin", ours)
	require.Equal(t, http.StatusOK, code)
	require.Equal(t, ours, h.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "Origin", h.Get("Vary"))

	for _, verb := range []string{"OPTIONS", "GET", "POST"} {
		code, body, h := r.do(t, verb, "/v1/getinfo", "", "Origin", other)
		require.Equal(t, http.StatusForbidden, code)
		require.Contains(t, body, "restcors")
		require.Empty(t, h.Get("Access-Control-Allow-Origin"))
	}
	code, _, h = r.do(t, "GET", "/v1/getinfo", "", "Origin", other, macaroonField, "01")
	require.Equal(t, http.StatusOK, code, "no page can send a macaroon unasked")
	require.Empty(t, h.Get("Access-Control-Allow-Origin"))
}

func TestEveryPageMayCall(t *testing.T) {
	r := plain(t, empty, func(c *Config) { c.Origins = []string{"*"} })
	code, _, h := r.do(t, "POST", "/v1/invoices", "{}", "Origin", "https://any.example")
	require.Equal(t, http.StatusOK, code)
	require.Equal(t, "https://any.example", h.Get("Access-Control-Allow-Origin"))
}

func TestNoPageMayCall(t *testing.T) {
	r := plain(t, empty, nil)
	for origin, want := range map[string]int{
		"":                     http.StatusOK,
		r.url:                  http.StatusOK, // our own
		"null":                 http.StatusForbidden,
		"https://evil.example": http.StatusForbidden,
		"http://%zz":           http.StatusForbidden,
	} {
		var fields []string
		if origin != "" {
			fields = []string{"Origin", origin}
		}
		code, _, h := r.do(t, "POST", "/v1/unlockwallet", "{}", fields...)
		require.Equal(t, want, code, origin)
		require.Empty(t, h.Get("Access-Control-Allow-Origin"))
	}
}
