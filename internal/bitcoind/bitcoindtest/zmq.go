package bitcoindtest

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
)

// publishEvery is how soon news of btcd is published.
const publishEvery = 20 * time.Millisecond

// publish watches btcd, and publishes as bitcoind does: of several blocks at once the last only, and
// transactions as they come into the mempool.
func (f *Fake) publish(ctx context.Context) {
	tick := time.NewTicker(publishEvery)
	defer tick.Stop()
	var tip chainhash.Hash
	known := make(map[chainhash.Hash]bool)
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		f.mu.Lock()
		mute := f.mood.Mute
		f.mu.Unlock()
		if hash, _, err := f.chain.Tip(ctx); err == nil && hash != tip {
			block, err := f.chain.Block(ctx, hash)
			if err != nil {
				continue
			}
			var raw bytes.Buffer
			_ = block.Serialize(&raw)
			if tip != (chainhash.Hash{}) && !mute {
				f.blocks.send(raw.Bytes())
			}
			tip = hash
		}
		ids, err := f.mempool(ctx)
		if err != nil {
			continue
		}
		for _, id := range ids {
			if known[id] {
				continue
			}
			known[id] = true
			var text string
			if f.chain.Call(ctx, &text, "getrawtransaction", id.String(), 0) != nil {
				continue
			}
			raw, _ := hex.DecodeString(text)
			if !mute {
				f.txs.send(raw)
			}
		}
	}
}

// publisher is a ZMQ socket of kind PUB for one topic (ZMTP 3.0, rfc.zeromq.org/spec:23).
type publisher struct {
	topic string
	addr  string

	mu       sync.Mutex // guards what follows
	listener net.Listener
	readers  map[net.Conn]bool // true: it has subscribed
	sequence uint32
}

func newPublisher(t testing.TB, topic string) *publisher {
	l := listen(t, "127.0.0.1:0")
	defer l.Close()
	return &publisher{topic: topic, addr: l.Addr().String(), readers: make(map[net.Conn]bool)}
}

func (p *publisher) start(t testing.TB) {
	t.Helper()
	l := listen(t, p.addr)
	p.mu.Lock()
	p.listener = l
	p.mu.Unlock()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.readers[conn] = false
			p.mu.Unlock()
			go p.attend(conn)
		}
	}()
}

func (p *publisher) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil {
		_ = p.listener.Close()
		p.listener = nil
	}
	for conn := range p.readers {
		_ = conn.Close()
	}
}

// attend shakes hands with a reader and takes its subscriptions, until it goes.
func (p *publisher) attend(conn net.Conn) {
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.readers, conn)
		_ = conn.Close()
	}()
	greeting := make([]byte, 64)
	copy(greeting, []byte{0xff, 9: 0x7f, 10: 3})
	copy(greeting[12:], "NULL")
	if _, err := conn.Write(greeting); err != nil {
		return
	}
	if _, err := io.ReadFull(conn, make([]byte, 64)); err != nil {
		return
	}
	ready := []byte("\x05READY\x0bSocket-Type\x00\x00\x00\x03PUB")
	if _, err := conn.Write(append([]byte{4, byte(len(ready))}, ready...)); err != nil {
		return
	}
	for {
		var head [2]byte // all that a reader sends is short
		if _, err := io.ReadFull(conn, head[:]); err != nil {
			return
		}
		body := make([]byte, head[1])
		if _, err := io.ReadFull(conn, body); err != nil {
			return
		}
		if head[0] == 0 && string(body) == "\x01"+p.topic {
			p.mu.Lock()
			p.readers[conn] = true
			p.mu.Unlock()
		}
	}
}

// send publishes a message: topic, body and number. A reader that doesn't read loses its connection.
func (p *publisher) send(body []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	number := binary.LittleEndian.AppendUint32(nil, p.sequence)
	p.sequence++
	message := frame(frame(frame(nil, 1, []byte(p.topic)), 1, body), 0, number)
	for conn, subscribed := range p.readers {
		if !subscribed {
			continue
		}
		_ = conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
		if _, err := conn.Write(message); err != nil {
			_ = conn.Close()
		}
	}
}

// frame appends one part of a message; flag 1 says that more follow.
func frame(to []byte, flag byte, body []byte) []byte {
	if len(body) < 256 {
		return append(append(to, flag, byte(len(body))), body...)
	}
	return append(binary.BigEndian.AppendUint64(append(to, flag|2), uint64(len(body))), body...)
}

// Ready waits until a reader has subscribed to blocks and one to transactions.
func (f *Fake) Ready(ctx context.Context) bool {
	tick := time.NewTicker(publishEvery)
	defer tick.Stop()
	for {
		if f.blocks.subscribed() && f.txs.subscribed() {
			return true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
}

func (p *publisher) subscribed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, yes := range p.readers {
		if yes {
			return true
		}
	}
	return false
}
