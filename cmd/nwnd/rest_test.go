package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// REST is served before there is a wallet, by the certificate of the API, and ends with
// the daemon.
func TestDaemonServesREST(t *testing.T) {
	dir, out := t.TempDir(), &output{}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	done := make(chan error, 1)
	go func() { done <- daemon(ctx, args(dir), out) }()
	addr := served(t, out, "REST API")

	pem, err := os.ReadFile(filepath.Join(dir, "tls.cert"))
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(pem))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	get := func(path string) (int, string) {
		resp, err := client.Get("https://" + addr + path)
		require.NoError(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.StatusCode, string(body)
	}
	status, body := get("/v1/state")
	require.Equal(t, http.StatusOK, status, body)
	require.JSONEq(t, `{"state":"NON_EXISTING"}`, body)

	status, body = get("/v1/genseed")
	require.Equal(t, http.StatusOK, status, body)
	var seed struct {
		Words []string `json:"cipher_seed_mnemonic"`
	}
	require.NoError(t, json.Unmarshal([]byte(body), &seed))
	require.Len(t, seed.Words, 24)
	require.NotContains(t, out.String(), strings.Join(seed.Words[:2], " "))

	status, body = get("/v1/getinfo")
	require.Equal(t, http.StatusInternalServerError, status, body)
	require.Contains(t, body, "wallet not created, create one to enable full RPC access")

	stop()
	require.NoError(t, <-done)
	_, err = client.Get("https://" + addr + "/v1/state")
	require.Error(t, err)
}

func TestDaemonWithoutREST(t *testing.T) {
	dir, out := t.TempDir(), &output{}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- daemon(ctx, args(dir, "--norest", "--restlisten=256.0.0.1:1"), out) }()
	address(t, out)
	stop()
	require.NoError(t, <-done)
	require.NotContains(t, out.String(), "serving the REST API")
}
