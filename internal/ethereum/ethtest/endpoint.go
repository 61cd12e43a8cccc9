package ethtest

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

// Faults are what an endpoint does wrong. Zero values do nothing.
type Faults struct {
	Down    bool   // every request is refused with status 503, connections end
	Hang    bool   // requests wait until the fault is taken away
	Garbage []byte // is the answer to every request (http)
	Huge    int    // so many bytes are (http)

	NoBatch bool // several requests at once are refused (http)

	ChainID uint64 // is told in place of the chain's
	On      *Chain // another chain is told of, a Fork say; transactions go there too
	Until   uint64 // blocks after this number aren't known here: the endpoint lags
	Final   uint64 // the tags "safe" and "finalized" name this block

	MaxRange   uint64 // more blocks in an eth_getLogs are an error
	MaxResults int    // more logs are an error
	DropLog    func(types.Log) bool
	ExtraLogs  []types.Log // are in every answer to eth_getLogs
	NoReceipts bool        // eth_getBlockReceipts isn't there

	Swallow  bool  // transactions are taken and forgotten
	RefuseTx error // they are refused with this
	// OnTx sees every transaction that comes, before anything else does.
	OnTx func(tx *types.Transaction)

	// Edit may change any answer before it is sent; an error is answered in place of it.
	Edit func(method string, result any) (any, error)
}

// Endpoint serves a chain over http and WebSockets, and a socket if asked.
type Endpoint struct {
	URL string // http://127.0.0.1:port
	WS  string // ws://127.0.0.1:port

	chain  *Chain
	server *rpc.Server

	mu      sync.Mutex
	faults  Faults
	changed chan struct{} // closed at each Set
	calls   map[string]int
	conns   map[net.Conn]bool
}

// Endpoint serves the chain until the test ends.
func (c *Chain) Endpoint(t testing.TB) *Endpoint {
	e := &Endpoint{
		chain: c, server: rpc.NewServer(), changed: make(chan struct{}),
		calls: make(map[string]int), conns: make(map[net.Conn]bool),
	}
	for name, api := range map[string]any{"eth": &ethAPI{e}, "net": &netAPI{e}} {
		if err := e.server.RegisterName(name, api); err != nil {
			t.Fatal(err)
		}
	}
	ws := e.server.WebsocketHandler([]string{"*"})
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !e.fit(w, r):
		case strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
			ws.ServeHTTP(w, r)
		default:
			e.server.ServeHTTP(w, r)
		}
	}))
	srv.Config.ConnState = func(conn net.Conn, s http.ConnState) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if s == http.StateClosed {
			delete(e.conns, conn)
		} else {
			e.conns[conn] = true // a WebSocket's too, which the server forgets
		}
	}
	srv.Start()
	e.URL, e.WS = srv.URL, "ws"+strings.TrimPrefix(srv.URL, "http")
	t.Cleanup(func() {
		e.Set(func(f *Faults) { *f = Faults{Down: true} })
		e.server.Stop()
		srv.Close()
	})
	return e
}

// IPC serves the endpoint on a socket too, and gives its path.
func (e *Endpoint) IPC(t testing.TB) string {
	dir, err := os.MkdirTemp("", "rpc") // t.TempDir's paths are too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "ipc")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() { _ = e.server.ServeListener(l) }()
	return path
}

// Set changes the faults. Going Down ends all connections.
func (e *Endpoint) Set(f func(*Faults)) {
	e.mu.Lock()
	f(&e.faults)
	close(e.changed)
	e.changed = make(chan struct{})
	var end []net.Conn
	if e.faults.Down {
		for conn := range e.conns {
			end = append(end, conn)
		}
		clear(e.conns)
	}
	e.mu.Unlock()
	for _, conn := range end {
		_ = conn.Close()
	}
}

// Calls is how often a method was asked for.
func (e *Endpoint) Calls(method string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.calls[method]
}

func (e *Endpoint) now() (Faults, <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.faults, e.changed
}

// fit answers a request that gets no true answer.
func (e *Endpoint) fit(w http.ResponseWriter, r *http.Request) bool {
	f, changed := e.now()
	for f.Hang {
		select {
		case <-changed:
		case <-r.Context().Done():
			return false
		}
		f, changed = e.now()
	}
	switch {
	case f.Down:
		http.Error(w, "gone", http.StatusServiceUnavailable)
	case f.Garbage != nil:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(f.Garbage)
	case f.Huge > 0:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"jsonrpc":"2.0","id":1,"result":"0x`))
		chunk := bytes.Repeat([]byte("00"), 1<<15)
		for sent := 0; sent < f.Huge; sent += len(chunk) {
			if _, err := w.Write(chunk); err != nil {
				break
			}
		}
		_, _ = w.Write([]byte(`"}`))
	case f.NoBatch && r.Body != nil:
		body, err := io.ReadAll(r.Body)
		if err == nil && !bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
			r.Body = io.NopCloser(bytes.NewReader(body))
			return true
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batches are not served"}}`))
	default:
		return true
	}
	return false
}
