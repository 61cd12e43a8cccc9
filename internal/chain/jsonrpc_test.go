package chain

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/btcd"
)

// serve is a source whose server answers every call with a body.
func serve(t *testing.T, status int, body string) *Btcd {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	source, err := NewBtcd(btcd.RPCConfig{Host: strings.TrimPrefix(server.URL, "http://"), User: "u", Pass: "p"})
	require.NoError(t, err)
	return source
}

func TestNonsenseIsNoAnswer(t *testing.T) {
	for name, body := range map[string]string{
		"empty":        "",
		"no JSON":      "<html>busy</html>",
		"wrong type":   `{"result":[1,2],"error":null}`,
		"null":         `{"result":null,"error":null}`,
		"strange text": `{"result":"zz","error":null}`,
		"warming up":   `{"result":null,"error":{"code":-28,"message":"warming up"}}`,
		"too long":     `{"result":"` + strings.Repeat("0", maxResponse) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			source := serve(t, http.StatusOK, body)
			_, _, err := source.Tip(t.Context())
			require.ErrorIs(t, err, ErrUnavailable)
			_, err = source.HashAt(t.Context(), 5)
			require.ErrorIs(t, err, ErrUnavailable)
			_, err = source.Block(t.Context(), chainhash.Hash{})
			require.ErrorIs(t, err, ErrUnavailable)
			_, err = source.TxIDs(t.Context(), chainhash.Hash{})
			require.ErrorIs(t, err, ErrUnavailable)
		})
	}
	_, _, err := serve(t, http.StatusUnauthorized, "").Tip(t.Context())
	require.ErrorIs(t, err, ErrUnavailable)
}

func TestAnotherBlockIsNoAnswer(t *testing.T) {
	block := wire.NewMsgBlock(&wire.BlockHeader{Nonce: 1})
	var raw strings.Builder
	require.NoError(t, block.Serialize(&hexWriter{&raw}))
	source := serve(t, http.StatusOK, `{"result":"`+raw.String()+`"}`)
	_, err := source.Block(t.Context(), chainhash.Hash{1})
	require.ErrorIs(t, err, ErrUnavailable)
	got, err := source.Block(t.Context(), block.BlockHash())
	require.NoError(t, err)
	require.Equal(t, block.Header.Nonce, got.Header.Nonce)
}

type hexWriter struct{ out *strings.Builder }

func (w *hexWriter) Write(p []byte) (int, error) {
	const digits = "0123456789abcdef"
	for _, b := range p {
		w.out.WriteByte(digits[b>>4])
		w.out.WriteByte(digits[b&15])
	}
	return len(p), nil
}

func TestCallEndsWithItsContext(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(arrived)
		<-release
	}))
	defer server.Close()
	defer close(release)
	source, err := NewBtcd(btcd.RPCConfig{Host: strings.TrimPrefix(server.URL, "http://")})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, _, err = source.Tip(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

func TestFeeOfBtcd(t *testing.T) {
	for body, want := range map[string]SatPerKWeight{
		`{"result":0}`:      0,
		`{"result":-1}`:     0,
		`{"result":0.0001}`: 2500, // 10,000 sat per kvbyte
		`{"error":{"code":-1,"message":"not enough blocks have been observed"}}`: 0,
	} {
		got, err := serve(t, http.StatusOK, body).EstimateFee(t.Context(), 6)
		require.NoError(t, err, body)
		require.Equal(t, want, got, body)
	}
}

func TestTxidCacheForgetsTheOldest(t *testing.T) {
	c := newTxidCache(3)
	for i := range byte(10) {
		c.put(chainhash.Hash{i}, nil)
		c.put(chainhash.Hash{i}, nil)
		require.LessOrEqual(t, len(c.ids), 3)
		require.Equal(t, len(c.order), len(c.ids))
	}
	_, ok := c.get(chainhash.Hash{6})
	require.False(t, ok)
	_, ok = c.get(chainhash.Hash{9})
	require.True(t, ok)
}
