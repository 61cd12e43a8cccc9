package devnet

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// control moves the chains of a net for whoever can read its file: another command of the same user.
// A request is a POST of JSON on loopback with the file's token; the answer is JSON too, or a line of text and
// another status than 200.
type control struct {
	net    *Net
	token  string
	server *http.Server
}

// controlFile tells how to reach a control. It lies in the net's directory, readable to its user.
type controlFile struct {
	URL   string `json:"url"`
	Token string `json:"token"`
}

const controlName = "control.json"

// move is what a request asks for; only one of both.
type move struct {
	Blocks  int   `json:"blocks,omitempty"`  // on each chain
	Seconds int64 `json:"seconds,omitempty"` // ahead
}

// Bounds of one request.
const (
	maxBlocks = 2016
	maxWarp   = 30 * 24 * time.Hour
	maxMove   = 1 << 10 // bytes
)

// moved is where the chains are afterwards.
type moved struct {
	Bitcoin int32  `json:"bitcoin"` // height
	EVM     uint64 `json:"evm"`
	EVMTime int64  `json:"evm_time"` // unix
}

// serveControl serves until Close, and writes the file that says where.
func serveControl(n *Net) (*control, error) {
	var secret [16]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return nil, fmt.Errorf("devnet: control: %w", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("devnet: control: %w", err)
	}
	c := &control{net: n, token: hex.EncodeToString(secret[:])}
	c.server = &http.Server{Handler: c, ReadTimeout: time.Minute}
	text, err := json.Marshal(controlFile{URL: "http://" + l.Addr().String(), Token: c.token})
	if err == nil {
		err = os.WriteFile(filepath.Join(n.Dir, controlName), text, 0o600)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("devnet: control: %w", err), l.Close())
	}
	go c.server.Serve(l)
	return c, nil
}

// Close ends the service and removes its file.
func (c *control) Close() error {
	return errors.Join(c.server.Close(), os.Remove(filepath.Join(c.net.Dir, controlName)))
}

// ServeHTTP answers one request.
func (c *control) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given := []byte(r.Header.Get("Authorization"))
	if subtle.ConstantTimeCompare(given, []byte("Bearer "+c.token)) != 1 {
		http.Error(w, "devnet: wrong token", http.StatusUnauthorized)
		return
	}
	var m move
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxMove)).Decode(&m); err != nil {
		http.Error(w, "devnet: "+err.Error(), http.StatusBadRequest)
		return
	}
	if err := m.check(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	at, err := c.net.move(m)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(at)
}

func (m move) check() error {
	switch most := int64(maxWarp / time.Second); {
	case (m.Blocks == 0) == (m.Seconds == 0):
		return errors.New("devnet: want a number of blocks, or of seconds")
	case m.Blocks < 0 || m.Blocks > maxBlocks:
		return fmt.Errorf("devnet: %d blocks to mine, want 1 to %d", m.Blocks, maxBlocks)
	case m.Seconds < 0 || m.Seconds > most:
		return fmt.Errorf("devnet: %d seconds to warp, want 1 to %d", m.Seconds, most)
	}
	return nil
}

// bitcoinBlock is what counts as time for bitcoin's channels: their deadlines are heights.
const bitcoinBlock = 10 * time.Minute

// move adds blocks to both chains, or lets time pass on both: as many blocks of bitcoin as come in that
// time, begun ones counted, and one block of the EVM chain at the end of it.
func (n *Net) move(m move) (moved, error) {
	blocks, ahead := m.Blocks, time.Duration(m.Seconds)*time.Second
	if ahead > 0 {
		blocks = int((ahead + bitcoinBlock - 1) / bitcoinBlock)
	}
	if _, err := n.Chain.Mine(blocks); err != nil {
		return moved{}, err
	}
	height, _, err := n.Chain.Best()
	if err != nil || n.EVM == nil {
		return moved{Bitcoin: height}, err
	}
	if ahead > 0 {
		err = n.EVM.Warp(ahead)
	} else {
		err = n.EVM.Mine(blocks)
	}
	head := n.EVM.Head()
	return moved{Bitcoin: height, EVM: head.Number.Uint64(), EVMTime: int64(head.Time)}, err
}
