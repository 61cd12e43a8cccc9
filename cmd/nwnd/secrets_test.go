package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/nichework/nwnd/lnrpc"
)

// A word of a seed that was mistyped is known but for a letter: neither the log, however detailed,
// nor the answer repeats it, nor those that are right, by whatever way they came.
func TestAMistypedSeedWordIsNeverRepeated(t *testing.T) {
	dir, out := t.TempDir(), &output{}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan error, 1)
	go func() { done <- daemon(ctx, args(dir, "--debuglevel=trace"), out) }()
	addr := address(t, out)
	rest := served(t, out, "REST API")
	creds, err := credentials.NewClientTLSFromFile(filepath.Join(dir, "tls.cert"), "")
	require.NoError(t, err)
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(creds))
	require.NoError(t, err)
	defer conn.Close()
	pem, err := os.ReadFile(filepath.Join(dir, "tls.cert"))
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(pem))
	web := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}

	const typo, right = "jalapenno", "vwzebra"
	words := strings.Fields(strings.Repeat("abandon ", 11) + typo + strings.Repeat(" "+right, 12))
	password := []byte("correct horse")
	_, err = lnrpc.NewWalletUnlockerClient(conn).InitWallet(ctx, &lnrpc.InitWalletRequest{
		WalletPassword: password, CipherSeedMnemonic: words})
	require.ErrorContains(t, err, "word 12 is not in the list")
	said := err.Error()
	for _, body := range []string{
		fmt.Sprintf(`{"wallet_password":%q,"cipher_seed_mnemonic":["%s"]}`, base64.StdEncoding.EncodeToString(password),
			strings.Join(words, `","`)),
		fmt.Sprintf(`{"cipher_seed_mnemonic":[%s]}`, strings.Join(words[11:], ",")),
		fmt.Sprintf(`{"cipher_seed_mnemonic":%q}`, strings.Join(words[11:], " ")),
		fmt.Sprintf(`{"wallet_password":%q}`, typo),
		fmt.Sprintf(`{"cipher_seed_mnemonic":[%q`, typo),
		fmt.Sprintf(`{%q:1}`, typo),
	} {
		resp, err := web.Post("https://"+rest+"/v1/initwallet", "application/json", strings.NewReader(body))
		require.NoError(t, err)
		b, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.GreaterOrEqual(t, resp.StatusCode, 400)
		said += string(b)
	}
	stop()
	require.NoError(t, <-done)
	log, err := os.ReadFile(filepath.Join(dir, "logs/bitcoin/regtest/nwnd.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), "call failed")
	for what, text := range map[string]string{"answers": said, "output": out.String(), "log": string(log)} {
		require.NotContains(t, text, typo, what)
		require.NotContains(t, text, right, what)
	}
}
