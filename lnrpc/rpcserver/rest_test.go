package rpcserver

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"gopkg.in/macaroon-bakery.v2/bakery"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/restserver"
)

// rest serves a world over REST without TLS.
func (w *world) rest(t *testing.T) (addr string) {
	t.Helper()
	conn, err := w.Dial()
	require.NoError(t, err)
	s, err := restserver.New(restserver.Config{
		Log: slog.New(slog.DiscardHandler), API: conn, ClientKey: ClientKey, PingInterval: time.Minute, PongWait: time.Minute,
	})
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		s.Stop(ctx)
		require.NoError(t, <-done)
		conn.Close()
	})
	return l.Addr().String()
}

func (w *world) baked(t *testing.T, ops []bakery.Op) string {
	t.Helper()
	raw, err := w.keeper.Bake(t.Context(), ops)
	require.NoError(t, err)
	return hex.EncodeToString(raw)
}

func ask(t *testing.T, verb, url, mac, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), verb, url, strings.NewReader(body))
	require.NoError(t, err)
	if mac != "" {
		req.Header.Set("Grpc-Metadata-macaroon", mac)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(b)
}

// tight takes out the spaces that protojson puts in now and then.
var tight = strings.NewReplacer(`": `, `":`, `, "`, `,"`)

// lnd gives what a macaroon lacks no code, which makes it 500 over REST; its clients look
// at the words, which are the same here.
func TestMacaroonsOverREST(t *testing.T) {
	w := up(t)
	url := "http://" + w.rest(t)
	admin, read := w.bake(t), w.baked(t, ReadOnlyOps())
	w.node.invoice = node.Invoice{Memo: "tea", PaymentRequest: "lnbcrt1"}
	for name, c := range map[string]struct {
		verb, path, mac string
		status          int
		want            string
	}{
		"none":           {"GET", "/v1/channels", "", 401, `"expected 1 macaroon, got 0"`},
		"no hex":         {"GET", "/v1/channels", "zz", 401, `"macaroon is not hex"`},
		"malformed":      {"GET", "/v1/channels", "0102", 401, `"macaroon is malformed"`},
		"readonly reads": {"GET", "/v1/channels", read, 200, `"channels":[]`},
		"readonly":       {"POST", "/v1/invoices", read, 403, `{"code":7,"message":"permission denied","details":[]}`},
		"admin":          {"POST", "/v1/invoices", admin, 200, `"payment_request":"lnbcrt1"`},
		"other key":      {"GET", "/v1/channels", up(t).bake(t), 401, `"code":16`},
		"here":           {"GET", "/v1/channels", w.lockedTo(t, "127.0.0.1"), 200, `"channels":[]`},
		"elsewhere":      {"GET", "/v1/channels", w.lockedTo(t, "203.0.113.7"), 401, "macaroon locked to different IP address"},
		"state":          {"GET", "/v1/state", "", 200, `"state":"SERVER_ACTIVE"`},
	} {
		status, body := ask(t, c.verb, url+c.path, c.mac, "{}")
		require.Equal(t, c.status, status, "%s: %s", name, body)
		require.Contains(t, tight.Replace(body), c.want, name)
	}
}

func TestUnlockingOverREST(t *testing.T) {
	w := serve(t, true, nil)
	url := "http://" + w.rest(t)
	status, body := ask(t, "GET", url+"/v1/channels", w.bake(t), "")
	require.Equal(t, 500, status, "as in lnd")
	require.Contains(t, body, "wallet locked, unlock it to enable full RPC access")
	status, body = ask(t, "POST", url+"/v1/unlockwallet", "", `{"wallet_password":"bm8="}`)
	require.Equal(t, 500, status)
	require.Contains(t, body, "invalid passphrase")
	status, body = ask(t, "POST", url+"/v1/unlockwallet", "", `{"wallet_password":"Y29ycmVjdCBob3JzZQ=="}`)
	require.Equal(t, 200, status, body)
	_, body = ask(t, "GET", url+"/v1/state", "", "")
	require.Contains(t, body, "UNLOCKED")
}

// message is one of a stream.
type message struct {
	Result map[string]any
	Error  map[string]any
	Code   int
}

func next(t *testing.T, c *websocket.Conn) (m message) {
	t.Helper()
	require.NoError(t, c.SetReadDeadline(time.Now().Add(time.Minute)))
	_, b, err := c.ReadMessage()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &m), string(b))
	return m
}

func TestInvoicesOverAWebSocket(t *testing.T) {
	w := up(t)
	addr := w.rest(t)
	w.node.invoices = []node.Invoice{{Memo: "one", AddIndex: 1}, {Memo: "two", AddIndex: 2}}
	field := http.Header{"Grpc-Metadata-macaroon": {w.baked(t, InvoiceOps())}}
	c, resp, err := websocket.DefaultDialer.Dial("ws://"+addr+"/v1/invoices/subscribe?add_index=3&settle_index=4", field)
	require.NoError(t, err)
	defer resp.Body.Close()
	defer c.Close()
	one, two := next(t, c), next(t, c)
	require.Equal(t, "one", one.Result["memo"])
	require.Equal(t, "two", two.Result["memo"])
	require.Equal(t, "2", two.Result["add_index"], "64 bits are a string")
	require.Equal(t, [2]uint64{3, 4}, w.node.gotIndices)

	c, resp, err = websocket.DefaultDialer.Dial("ws://"+addr+"/v1/invoices/subscribe", nil)
	require.NoError(t, err)
	defer resp.Body.Close()
	defer c.Close()
	require.EqualValues(t, 16, next(t, c).Error["code"], "without a macaroon")
}

func TestPayingOverAWebSocket(t *testing.T) {
	w := up(t)
	addr := w.rest(t)
	asked := make(chan node.SendPayment, 1)
	w.node.send = func(_ context.Context, r node.SendPayment) iter.Seq2[node.Payment, error] {
		asked <- r
		return all([]node.Payment{{Status: node.PaymentInFlight}, {Status: node.PaymentSucceeded}}, nil)
	}
	d := websocket.Dialer{Subprotocols: []string{"Grpc-Metadata-Macaroon+" + w.bake(t)}}
	c, resp, err := d.Dial("ws://"+addr+"/v2/router/send?method=POST", nil)
	require.NoError(t, err)
	defer resp.Body.Close()
	defer c.Close()
	require.NoError(t, c.WriteJSON(map[string]any{"payment_request": "lnbcrt1", "timeout_seconds": 60, "fee_limit_msat": "1001"}))
	require.Equal(t, "IN_FLIGHT", next(t, c).Result["status"])
	require.Equal(t, "SUCCEEDED", next(t, c).Result["status"])
	r := <-asked
	require.Equal(t, "lnbcrt1", r.PaymentRequest)
	require.EqualValues(t, 1001, r.FeeLimit)
	_, _, err = c.ReadMessage()
	require.True(t, websocket.IsCloseError(err, websocket.CloseNormalClosure), "%v", err)
}
