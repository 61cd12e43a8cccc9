package restserver

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"google.golang.org/grpc/codes"
)

const (
	// verbParam names the HTTP method that is meant; a handshake is always a GET.
	verbParam = "method"
	// macaroonProtocol begins the WebSocket protocol by which a browser, which can't set
	// fields, sends a macaroon.
	macaroonProtocol = "grpc-metadata-macaroon+"
)

// upgrades serves WebSockets: a socket is one call of the gateway, whose answers, a JSON
// object each, are its messages. The call's body is the client's first message, or for a
// method that takes a stream, all of them. Other requests go to next.
func (s *Server) upgrades(next, gateway http.Handler, paths []path) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !websocket.IsWebSocketUpgrade(r) {
			next.ServeHTTP(w, r)
			return
		}
		defer s.sockets.Add(-1)
		if s.sockets.Add(1) > s.cfg.Limits.Sockets {
			refuse(w, http.StatusTooManyRequests, codes.ResourceExhausted, "too many WebSockets at once")
			return
		}
		verb, mac, protocol := r.Method, r.Header.Values(macaroonField), http.Header(nil)
		if v := r.URL.Query().Get(verbParam); v != "" {
			verb = v
		}
		for _, p := range websocket.Subprotocols(r) {
			if strings.HasPrefix(strings.ToLower(p), macaroonProtocol) {
				mac = append(mac, p[len(macaroonProtocol):])
				protocol = http.Header{"Sec-Websocket-Protocol": {p}} // browsers want to see it again
				break
			}
		}
		up := websocket.Upgrader{
			HandshakeTimeout: s.cfg.Limits.Header,
			CheckOrigin:      origins(s.cfg.Origins).trusts,
			Error: func(w http.ResponseWriter, _ *http.Request, code int, reason error) {
				refuse(w, code, codes.InvalidArgument, "%v", reason)
			},
		}
		conn, err := up.Upgrade(w, r, protocol)
		if err != nil {
			s.cfg.Log.Debug("WebSocket refused", "err", err)
			return
		}
		defer conn.Close()
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		k := &socket{s: s, conn: conn, ctx: ctx, cancel: cancel}
		call := r.Clone(ctx)
		call.Method, call.Header = verb, http.Header{macaroonField: mac}
		query := call.URL.Query()
		query.Del(verbParam)
		call.URL.RawQuery = query.Encode()
		k.run(call, gateway, find(paths, verb, r.URL.Path))
	})
}

// socket is one call over a WebSocket.
type socket struct {
	s      *Server
	conn   *websocket.Conn
	ctx    context.Context // ends with the call or the connection
	cancel context.CancelFunc
}

func (k *socket) run(call *http.Request, gateway http.Handler, p *path) {
	in := newInput(k.s, p)
	k.conn.SetReadLimit(k.s.cfg.Limits.Message)
	pinging := k.s.cfg.PingInterval > 0 && k.s.cfg.PongWait > 0
	if pinging {
		k.extend()
		k.conn.SetPongHandler(func(string) error { k.extend(); return nil })
	}
	var own sync.WaitGroup
	own.Go(func() { k.receive(in) })
	if pinging {
		own.Go(k.ping)
	}
	out := &messages{conn: k.conn, limits: k.s.cfg.Limits, header: http.Header{}}
	body, err := in.body(k.s)
	if err == nil {
		call.Body = body
		gateway.ServeHTTP(out, call)
		err = out.end()
	}
	k.close(err)
	k.cancel()
	in.close()
	k.conn.Close()
	own.Wait()
	in.drop()
}

// close tells the client why the socket ends. One that is gone is told nothing.
func (k *socket) close(err error) {
	code, text := websocket.CloseNormalClosure, ""
	switch {
	case errors.Is(err, errTooBig):
		code, text = websocket.CloseMessageTooBig, err.Error()
	case errors.Is(err, errNoRoom):
		code, text = websocket.CloseTryAgainLater, err.Error()
	case err != nil || k.s.stopping.Err() != nil:
		code = websocket.CloseGoingAway
	}
	_ = k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(time.Second))
}

// extend lets the client's silence last until the answer to the next ping is due.
func (k *socket) extend() {
	_ = k.conn.SetReadDeadline(time.Now().Add(k.s.cfg.PingInterval + k.s.cfg.PongWait))
}

func (k *socket) ping() {
	t := time.NewTicker(k.s.cfg.PingInterval)
	defer t.Stop()
	for {
		select {
		case <-k.ctx.Done():
			return
		case <-t.C:
			if err := k.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(k.s.cfg.PongWait)); err != nil {
				k.cancel()
				return
			}
		}
	}
}

// receive takes the client's messages until the connection ends, which ends the call.
func (k *socket) receive(in *input) {
	defer k.cancel()
	for {
		_, r, err := k.conn.NextReader()
		if err == nil {
			err = in.take(r)
		}
		if err != nil {
			in.fail(err)
			return
		}
	}
}
