package main

import (
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/nichework/nwnd/internal/devnet/proc"
)

// door is a way to an EVM chain's WebSocket that can be shut, and that can lie.
type door struct {
	target   string
	addr     string
	server   *http.Server
	listener net.Listener

	mu    sync.Mutex
	away  bool
	lies  bool
	conns map[net.Conn]bool
}

// openDoor serves a way to a WebSocket on a port of its own, until close.
func openDoor(target string) (*door, error) {
	ports, err := proc.FreePorts(1)
	if err != nil {
		return nil, err
	}
	d := &door{target: target, conns: map[net.Conn]bool{}}
	if d.listener, err = net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: ports[0]}); err != nil {
		return nil, err
	}
	d.addr = d.listener.Addr().String()
	d.server = &http.Server{Handler: d, ReadHeaderTimeout: time.Minute, ConnState: d.note}
	go d.server.Serve(d.listener)
	return d, nil
}

func (d *door) url() string { return "ws://" + d.addr }

func (d *door) close() {
	d.server.Close()
	d.shut(true)
}

// note keeps the connections that there are; who comes while the door is shut is sent away.
func (d *door) note(c net.Conn, s http.ConnState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case s == http.StateClosed:
		delete(d.conns, c)
	case d.away:
		c.Close()
	default:
		d.conns[c] = true
	}
}

// shut ends all connections, and those that come until it is opened again.
func (d *door) shut(away bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away = away; !away {
		return
	}
	for c := range d.conns {
		c.Close()
	}
	clear(d.conns)
}

// lie has it hide what happens in contracts from now on, and lose transactions.
func (d *door) lie() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lies = true
}

func (d *door) lying() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lies
}

// ServeHTTP hands on what comes by a WebSocket, in both directions, until either side ends.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	client, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer d.gone(client)
	node, _, err := websocket.DefaultDialer.DialContext(r.Context(), d.target, nil)
	if err != nil {
		return
	}
	defer node.Close()
	s := &session{door: d, asked: map[string]string{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		pump(node, client, s.question)
		node.Close()
	}()
	pump(client, node, s.answer)
	client.Close()
	<-done
}

func (d *door) gone(c *websocket.Conn) {
	c.Close()
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.conns, c.UnderlyingConn())
}

// pump sends what one side says to the other, until one of them is gone.
func pump(to, from *websocket.Conn, pass func([]byte) []byte) {
	for {
		kind, message, err := from.ReadMessage()
		if err != nil || to.WriteMessage(kind, pass(message)) != nil {
			return
		}
	}
}

// session is one connection through a door that may lie.
type session struct {
	door  *door
	mu    sync.Mutex
	asked map[string]string // method of each question that waits, by its id
}

// rpcMessage is a question or an answer of JSON-RPC.
type rpcMessage struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   json.RawMessage `json:"error,omitempty"`
}

// each changes the message, or all messages of a batch.
func each(raw []byte, change func(*rpcMessage)) []byte {
	var all []rpcMessage
	batch := json.Unmarshal(raw, &all) == nil
	if !batch {
		all = make([]rpcMessage, 1)
		if json.Unmarshal(raw, &all[0]) != nil {
			return raw
		}
	}
	for i := range all {
		change(&all[i])
	}
	var out []byte
	var err error
	if batch {
		out, err = json.Marshal(all)
	} else {
		out, err = json.Marshal(all[0])
	}
	if err != nil {
		return raw
	}
	return out
}

// question notes what is asked. A transaction that a liar is given is turned into a question that harms nobody.
func (s *session) question(raw []byte) []byte {
	if !s.door.lying() {
		return raw
	}
	return each(raw, func(m *rpcMessage) {
		if m.Method == "eth_sendRawTransaction" {
			m.Method = "web3_sha3" // the transaction's hash, as if it had been taken
		}
		s.mu.Lock()
		s.asked[string(m.ID)] = m.Method
		s.mu.Unlock()
	})
}

// answer is what a liar says: that nothing has happened, in words that can't be told from the truth.
func (s *session) answer(raw []byte) []byte {
	if !s.door.lying() {
		return raw
	}
	return each(raw, func(m *rpcMessage) {
		s.mu.Lock()
		method := s.asked[string(m.ID)]
		if len(m.ID) > 0 {
			delete(s.asked, string(m.ID))
		}
		s.mu.Unlock()
		switch {
		case m.Error != nil:
		case method == "eth_getLogs" || method == "eth_getBlockReceipts":
			m.Result = json.RawMessage("[]")
		case method == "eth_getTransactionReceipt":
			m.Result = json.RawMessage("null")
		case m.ID != nil && m.Result == nil:
			m.Result = json.RawMessage("null") // as it was
		}
	})
}
