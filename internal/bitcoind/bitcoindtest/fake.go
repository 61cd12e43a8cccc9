// Package bitcoindtest is a bitcoind for tests: bitcoind's JSON-RPC and ZMQ in front of a btcd, which
// has the chain and the mempool.
package bitcoindtest

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcjson"

	"github.com/nichework/nwnd/internal/btcd"
	"github.com/nichework/nwnd/internal/btcd/btcdtest"
	"github.com/nichework/nwnd/internal/chain"
)

// User and Pass are what a Fake asks for until SetPass.
const (
	User = "bitcoin"
	Pass = "correct horse"
)

// Fake speaks as a bitcoind of regtest does. Its chain is that of Btcd.
type Fake struct {
	Btcd *btcd.Node

	t      testing.TB
	chain  *chain.Btcd
	blocks *publisher // rawblock
	txs    *publisher // rawtx
	addr   string     // of the RPC

	mu      sync.Mutex // guards what follows
	mood    Mood
	pass    string
	calls   map[string]int
	fails   map[string]*btcjson.RPCError
	again   map[string]bool // pruned blocks that a peer has given again
	refused int             // calls for pruned blocks
	server  *http.Server
}

// Mood is how a Fake is. The zero value is a bitcoind that has the whole chain of regtest.
type Mood struct {
	Chain       string  // of getblockchaininfo; empty: regtest
	Downloading bool    // the initial download
	Starting    bool    // all calls fail with -28
	PrunedBelow int32   // blocks below this height are gone
	Fee         float64 // of estimatesmartfee in BTC per 1000 vbytes; 0: it has none
	Mute        bool    // nothing is published, as if messages were lost
}

// Start runs a btcd on regtest with the faucet's coins, and a Fake in front of it.
func Start(t testing.TB) *Fake {
	t.Helper()
	node := btcdtest.Start(t, btcd.Config{Network: btcd.Regtest, NoTLS: true})
	source, err := chain.NewBtcd(node.RPC())
	if err != nil {
		t.Fatal(err)
	}
	f := &Fake{
		Btcd: node, t: t, chain: source, pass: Pass, blocks: newPublisher(t, "rawblock"), txs: newPublisher(t, "rawtx"),
		calls: make(map[string]int), fails: make(map[string]*btcjson.RPCError), again: make(map[string]bool),
		addr: "127.0.0.1:0",
	}
	f.Resume()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.publish(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		f.Stop()
	})
	return f
}

// Host is where its RPC is.
func (f *Fake) Host() string { return f.addr }

// ZMQ gives the addresses of zmqpubrawblock and zmqpubrawtx.
func (f *Fake) ZMQ() (block, tx string) { return "tcp://" + f.blocks.addr, "tcp://" + f.txs.addr }

// Set changes how it is.
func (f *Fake) Set(m Mood) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mood = m
}

// SetPass changes the password.
func (f *Fake) SetPass(pass string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pass = pass
}

// Fail has a method fail with an error of bitcoind's, until it is called with code 0.
func (f *Fake) Fail(method string, code btcjson.RPCErrorCode, message string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.fails, method)
	if code != 0 {
		f.fails[method] = btcjson.NewRPCError(code, message)
	}
}

// Calls says how often a method was called.
func (f *Fake) Calls(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[method]
}

// Refused says how often a block was asked for that is pruned.
func (f *Fake) Refused() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.refused
}

// Stop is what a bitcoind that stops looks like: nobody listens, and all connections are closed.
func (f *Fake) Stop() {
	f.mu.Lock()
	server := f.server
	f.server = nil
	f.mu.Unlock()
	if server != nil {
		_ = server.Close()
	}
	f.blocks.stop()
	f.txs.stop()
}

// Resume starts it again after Stop, at the same addresses.
func (f *Fake) Resume() {
	f.t.Helper()
	listener := listen(f.t, f.addr)
	f.addr = listener.Addr().String()
	server := &http.Server{Handler: http.HandlerFunc(f.serve), ReadHeaderTimeout: time.Minute}
	f.mu.Lock()
	f.server = server
	f.mu.Unlock()
	go func() { _ = server.Serve(listener) }()
	f.blocks.start(f.t)
	f.txs.start(f.t)
}

// listen takes an address, which its last user may be just giving up.
func listen(t testing.TB, addr string) net.Listener {
	t.Helper()
	var last error
	for range 50 {
		l, err := net.Listen("tcp", addr)
		if err == nil {
			return l
		}
		last = err
		<-time.After(20 * time.Millisecond)
	}
	t.Fatalf("bitcoindtest: %v", last)
	return nil
}

type request struct {
	ID     any               `json:"id"`
	Method string            `json:"method"`
	Params []json.RawMessage `json:"params"`
}

type response struct {
	Result any               `json:"result"`
	Error  *btcjson.RPCError `json:"error"`
	ID     any               `json:"id"`
}

// serve answers a call, or an array of them, with the statuses that bitcoind uses.
func (f *Fake) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	pass := f.pass
	f.mu.Unlock()
	if user, given, ok := r.BasicAuth(); !ok || user != User || given != pass {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var body json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	if body[0] == '[' {
		var many []request
		_ = json.Unmarshal(body, &many)
		answers := make([]response, len(many))
		for i, one := range many {
			answers[i] = f.answer(r.Context(), one)
		}
		_ = json.NewEncoder(w).Encode(answers)
		return
	}
	var one request
	_ = json.Unmarshal(body, &one)
	answer := f.answer(r.Context(), one)
	switch {
	case answer.Error == nil:
	case answer.Error.Code == btcjson.ErrRPCMethodNotFound.Code:
		w.WriteHeader(http.StatusNotFound)
	default:
		w.WriteHeader(http.StatusInternalServerError)
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (f *Fake) answer(ctx context.Context, r request) response {
	f.mu.Lock()
	f.calls[r.Method]++
	fail := f.fails[r.Method]
	mood := f.mood
	f.mu.Unlock()
	if mood.Starting {
		fail = btcjson.NewRPCError(-28, "Loading block index…")
	}
	if fail != nil {
		return response{Error: fail, ID: r.ID}
	}
	result, err := f.call(ctx, mood, r.Method, r.Params)
	return response{result, err, r.ID}
}
