package restserver

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// socket opens a WebSocket. Whatever is waited for fails after half a minute.
func (r *rig) socket(t *testing.T, path string, h http.Header) *websocket.Conn {
	t.Helper()
	c, resp, err := r.dial(path, h)
	require.NoError(t, err)
	resp.Body.Close()
	t.Cleanup(func() { c.Close() })
	require.NoError(t, c.SetReadDeadline(time.Now().Add(2*time.Minute)))
	return c
}

func (r *rig) dial(path string, h http.Header, protocols ...string) (*websocket.Conn, *http.Response, error) {
	d := websocket.Dialer{TLSClientConfig: r.tls, HandshakeTimeout: 30 * time.Second, Subprotocols: protocols}
	return d.Dial("ws"+strings.TrimPrefix(r.url, "http")+path, h)
}

// text reads a message.
func text(t *testing.T, c *websocket.Conn) string {
	t.Helper()
	_, b, err := c.ReadMessage()
	require.NoError(t, err)
	return string(b)
}

// closed demands that the server closes the socket, with a code.
func closed(t *testing.T, c *websocket.Conn, code int) {
	t.Helper()
	_, b, err := c.ReadMessage()
	require.Error(t, err, "got %q", b)
	require.True(t, websocket.IsCloseError(err, code), "%v", err)
}

// memo is the memo of the invoice in {"result":...}.
func memo(t *testing.T, message string) string {
	t.Helper()
	var m struct {
		Result struct{ Memo string }
	}
	require.NoError(t, json.Unmarshal([]byte(message), &m), message)
	return m.Result.Memo
}

func TestStreamOverASocket(t *testing.T) {
	more := make(chan string)
	var got call
	r := secure(t, func(c call, send func(proto.Message) error) error {
		got = c
		for m := range more {
			if err := send(&lnrpc.Invoice{Memo: m}); err != nil {
				return err
			}
		}
		return nil
	}, nil)
	c := r.socket(t, "/v1/invoices/subscribe?method=GET&add_index=7", http.Header{macaroonField: {"0102"}})
	for _, m := range []string{"one", "two\nlines", "three"} {
		more <- m
		require.Equal(t, m, memo(t, text(t, c)))
	}
	require.EqualValues(t, "lnrpc.Lightning.SubscribeInvoices", got.method.FullName())
	require.Equal(t, []string{"0102"}, got.meta.Get("macaroon"))
	require.Equal(t, []string{"127.0.0.1"}, got.meta.Get(clientKey))
	require.True(t, proto.Equal(&lnrpc.InvoiceSubscription{AddIndex: 7}, got.in), "%v", got.in)

	require.NoError(t, c.WriteMessage(websocket.TextMessage, []byte("{}")), "lnd's clients send something always")
	more <- "four"
	require.Equal(t, "four", memo(t, text(t, c)))
	close(more)
	closed(t, c, websocket.CloseNormalClosure)
}

func TestTheFirstMessageIsTheBody(t *testing.T) {
	var got call
	r := plain(t, func(c call, send func(proto.Message) error) error {
		got = c
		for _, s := range []lnrpc.Payment_PaymentStatus{lnrpc.Payment_IN_FLIGHT, lnrpc.Payment_SUCCEEDED} {
			if err := send(&lnrpc.Payment{Status: s}); err != nil {
				return err
			}
		}
		return nil
	}, nil)
	c := r.socket(t, "/v2/router/send?method=POST", nil)
	require.NoError(t, c.WriteMessage(websocket.TextMessage, []byte(`{"payment_request":"lnbc1","fee_limit_sat":"9"}`)))
	require.NoError(t, c.WriteMessage(websocket.TextMessage, []byte(`dropped`)))
	require.Contains(t, text(t, c), `"status":"IN_FLIGHT"`)
	require.Contains(t, text(t, c), `"status":"SUCCEEDED"`)
	closed(t, c, websocket.CloseNormalClosure)
	require.True(t, proto.Equal(&routerrpc.SendPaymentRequest{PaymentRequest: "lnbc1", FeeLimitSat: 9}, got.in), "%v", got.in)
}

// One answer is one message too.
func TestOneAnswerOverASocket(t *testing.T) {
	r := plain(t, empty, nil)
	c := r.socket(t, "/v1/state", nil)
	require.JSONEq(t, `{"state":"NON_EXISTING"}`, text(t, c))
	closed(t, c, websocket.CloseNormalClosure)
}

func TestErrorsOverASocket(t *testing.T) {
	r := plain(t, func(call, func(proto.Message) error) error { return status.Error(codes.NotFound, "no such thing") }, nil)
	for path, want := range map[string]string{
		"/v1/getinfo":                     "no such thing",
		"/v1/invoices/subscribe":          "no such thing",
		"/v1/nothing":                     "Not Found",
		"/v1/getinfo?method=PUT":          "Method Not Allowed",
		"/v1/getinfo?method=" + "%00":     "Method Not Allowed",
		"/v1/custommessage/subscribe":     "is not implemented by nwnd",
		"/v1/invoices?method=POST":        "invalid character",
		"/v2/router/send?method=POST&x=y": "invalid character",
	} {
		c := r.socket(t, path, nil)
		require.NoError(t, c.WriteMessage(websocket.TextMessage, []byte("*")))
		require.Contains(t, text(t, c), want, path)
		closed(t, c, websocket.CloseNormalClosure)
	}
}

// A browser can't set fields: it sends the macaroon as a protocol, and wants to see that
// the server took it.
func TestMacaroonAsProtocol(t *testing.T) {
	var got call
	r := plain(t, func(c call, send func(proto.Message) error) error { got = c; return empty(c, send) }, nil)
	const offer = "Grpc-Metadata-Macaroon+0a0b"
	c, resp, err := r.dial("/v1/getinfo", nil, "other", offer)
	require.NoError(t, err)
	defer resp.Body.Close()
	defer c.Close()
	require.Equal(t, offer, c.Subprotocol())
	text(t, c)
	require.Equal(t, []string{"0a0b"}, got.meta.Get("macaroon"))

	c2, resp, err := r.dial("/v1/getinfo", nil, "other")
	require.NoError(t, err)
	defer resp.Body.Close()
	defer c2.Close()
	text(t, c2)
	require.Empty(t, c2.Subprotocol())
	require.Empty(t, got.meta.Get("macaroon"))
}

func TestSocketsOfOtherPagesAreRefused(t *testing.T) {
	const ours = "https://page.example"
	r := plain(t, empty, func(c *Config) { c.Origins = []string{ours} })
	c := r.socket(t, "/v1/getinfo", http.Header{"Origin": {ours}})
	text(t, c)
	for _, mac := range [][]string{nil, {"01"}} {
		_, resp, err := r.dial("/v1/getinfo", http.Header{"Origin": {"https://evil.example"}, macaroonField: mac})
		require.ErrorIs(t, err, websocket.ErrBadHandshake)
		require.Equal(t, http.StatusForbidden, resp.StatusCode)
		resp.Body.Close()
	}
}

// A method that takes a stream gets every message. None of lnd's that we have does so.
func TestAStreamOfMessages(t *testing.T) {
	s := &Server{cfg: Config{PingInterval: time.Minute, PongWait: time.Minute}}
	s.cfg.Limits.fill()
	s.stopping = t.Context()
	services := grpc_reflection_v1.File_grpc_reflection_v1_reflection_proto.Services()
	method := services.Get(0).Methods().Get(0)
	require.True(t, method.IsStreamingClient())
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for dec := json.NewDecoder(r.Body); ; {
			var m json.RawMessage
			if dec.Decode(&m) != nil {
				return
			}
			_, _ = w.Write(append(m, '\n'))
			if string(m) == `"end"` {
				return
			}
		}
	})
	h := s.upgrades(http.NotFoundHandler(), echo, []path{{verb: "POST", pattern: "/stream", body: true, rpc: method}})
	srv := httptest.NewServer(h)
	defer srv.Close()
	r := &rig{url: srv.URL}
	c := r.socket(t, "/stream?method=POST", nil)
	for _, m := range []string{`{"a":1}`, `{"b":2}`, `"end"`} {
		require.NoError(t, c.WriteMessage(websocket.TextMessage, []byte(m)))
		require.Equal(t, m, text(t, c))
	}
	closed(t, c, websocket.CloseNormalClosure)

	c = r.socket(t, "/stream?method=POST", nil) // and one whose client goes away
	require.NoError(t, c.WriteMessage(websocket.TextMessage, []byte("1")))
	require.Equal(t, "1", text(t, c))
	c.Close()
}

func TestMessagesThatAreTooBig(t *testing.T) {
	r := plain(t, func(_ call, send func(proto.Message) error) error {
		return send(&lnrpc.Payment{PaymentRequest: strings.Repeat("x", 2000)})
	}, func(c *Config) { c.Limits.Message = 1000 })
	c := r.socket(t, "/v2/router/send?method=POST", nil)
	require.NoError(t, c.WriteMessage(websocket.TextMessage, []byte(`"`+strings.Repeat("x", 1000)+`"`)))
	closed(t, c, websocket.CloseMessageTooBig) // to us

	c = r.socket(t, "/v2/router/send?method=POST", nil)
	require.NoError(t, c.WriteMessage(websocket.TextMessage, []byte(`{}`)))
	closed(t, c, websocket.CloseMessageTooBig) // from us
}

func TestTooManySockets(t *testing.T) {
	r := plain(t, empty, func(c *Config) { c.Limits.Sockets = 2 })
	const path = "/v2/router/send?method=POST"
	a := r.socket(t, path, nil)
	r.socket(t, path, nil)
	_, resp, err := r.dial(path, nil)
	require.ErrorIs(t, err, websocket.ErrBadHandshake)
	require.Equal(t, http.StatusTooManyRequests, resp.StatusCode)
	resp.Body.Close()
	a.Close()
	require.Eventually(t, func() bool { return r.sockets.Load() == 1 }, 2*time.Minute, time.Millisecond)
	r.socket(t, path, nil)
}

// A socket whose first message does not come holds its place for a bounded time.
func TestSocketThatSaysNothing(t *testing.T) {
	r := plain(t, empty, impatient)
	c := r.socket(t, "/v2/router/send?method=POST", nil)
	closed(t, c, websocket.CloseGoingAway)
}

// A client that has gone without a word is noticed by its silence.
func TestSilentSocketIsClosed(t *testing.T) {
	r := plain(t, func(c call, _ func(proto.Message) error) error {
		<-c.ctx.Done()
		return c.ctx.Err()
	}, func(c *Config) { c.PingInterval, c.PongWait = 50*time.Millisecond, 50*time.Millisecond })
	c := r.socket(t, "/v1/invoices/subscribe", nil)
	c.SetPingHandler(func(string) error { return nil }) // it hears the ping and says nothing
	var err error
	for err == nil { // the call's end may still be told
		_, _, err = c.ReadMessage()
	}
	var late net.Error
	require.False(t, errors.As(err, &late) && late.Timeout(), "the server did not close it")
	require.Eventually(t, func() bool { return r.sockets.Load() == 0 }, 2*time.Minute, time.Millisecond)
}

// One that answers is not, however long there is nothing to say.
func TestAnsweredPingsKeepASocket(t *testing.T) {
	pings, say := make(chan struct{}, 100), make(chan struct{})
	r := plain(t, func(_ call, send func(proto.Message) error) error {
		<-say
		return send(&lnrpc.Invoice{Memo: "at last"})
	}, func(c *Config) { c.PingInterval, c.PongWait = 20*time.Millisecond, 5*time.Second })
	c := r.socket(t, "/v1/invoices/subscribe", nil)
	answer := c.PingHandler()
	c.SetPingHandler(func(data string) error {
		select {
		case pings <- struct{}{}:
		default:
		}
		return answer(data)
	})
	go func() {
		for range 5 {
			<-pings
		}
		close(say)
	}()
	require.Equal(t, "at last", memo(t, text(t, c)))
}

// A call ends with its client.
func TestClosingASocketEndsItsCall(t *testing.T) {
	began, ended := make(chan struct{}), make(chan struct{})
	r := plain(t, func(c call, _ func(proto.Message) error) error {
		close(began)
		<-c.ctx.Done()
		close(ended)
		return c.ctx.Err()
	}, nil)
	c := r.socket(t, "/v1/invoices/subscribe", nil)
	<-began
	c.Close()
	<-ended
}

func TestStopEndsSockets(t *testing.T) {
	began := make(chan struct{})
	r := plain(t, func(c call, _ func(proto.Message) error) error {
		close(began)
		<-c.ctx.Done()
		return c.ctx.Err()
	}, nil)
	busy := r.socket(t, "/v1/invoices/subscribe", nil)
	waiting := r.socket(t, "/v2/router/send?method=POST", nil)
	<-began
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() { r.Stop(ctx); close(stopped) }()
	closed(t, waiting, websocket.CloseGoingAway)
	cancel()
	<-stopped
	_, err := io.Copy(io.Discard, busy.UnderlyingConn())
	require.NoError(t, err)
}
