package bitcoind

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/chain"
)

// Whatever comes back, each call gives an answer that can be, or says why there is none.
func FuzzAnswers(f *testing.F) {
	for _, result := range []string{
		``, `{`, `null`, `"00"`, `[]`, `5`, `-1`, `{"chain":"regtest","blocks":-7,"bestblockhash":"zz"}`,
		`{"feerate":-1}`, `{"feerate":1e300}`, `{"feerate":0.0002}`, `{"value":-1,"scriptPubKey":{"hex":"00"}}`,
		`{"chain":"regtest","blocks":7,"bestblockhash":"` + strings.Repeat("0", 64) + `"}`, `{"tx":["x"]}`,
	} {
		f.Add(`{"result":` + result + `,"error":null,"id":1}`)
	}
	f.Add(`{"result":null,"error":{"code":-1,"message":"Block not available (pruned data)"}}`)
	f.Add(`{"result":null,"error":{"code":-28,"message":"Loading block index"}}`)
	f.Add(`<html>503 Work queue depth exceeded</html>`)
	var body atomic.Value
	body.Store("")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, body.Load().(string))
	}))
	f.Cleanup(server.Close)
	source, err := New(Config{
		Host: strings.TrimPrefix(server.URL, "http://"), User: "u", Pass: "p", Polling: true, Params: &chaincfg.RegressionNetParams,
	})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text string) {
		body.Store(text)
		ctx := t.Context()
		told := func(err error) {
			for _, known := range []error{chain.ErrUnavailable, chain.ErrUnknownBlock, chain.ErrWrongNetwork, chain.ErrRejected} {
				if err == nil || errors.Is(err, known) {
					return
				}
			}
			require.NoError(t, err, "an error of no kind")
		}
		_, _, err := source.Tip(ctx)
		told(err)
		_, err = source.HashAt(ctx, 1)
		told(err)
		_, err = source.Block(ctx, chainhash.Hash{})
		told(err)
		_, err = source.TxIDs(ctx, chainhash.Hash{})
		told(err)
		out, err := source.Unspent(ctx, wire.OutPoint{}, chainhash.Hash{})
		told(err)
		require.True(t, out == nil || out.Value >= 0, "an output of %v", out)
		rate, err := source.EstimateFee(ctx, 6)
		told(err)
		require.GreaterOrEqual(t, rate, chain.SatPerKWeight(0))
		told(source.Publish(ctx, wire.NewMsgTx(2)))
	})
}
