package peer

import (
	"bufio"
	"fmt"
	"io"
	"net"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/brontide"
	"github.com/lightningnetwork/lnd/keychain"
)

// Transport is a connection after the handshake of BOLT 8: whole messages,
// encrypted. One goroutine may read while another writes. It buffers both ways,
// so that many messages cost few system calls.
type Transport struct {
	conn    net.Conn
	machine *brontide.Machine
	remote  *btcec.PublicKey
	in      *bufio.Reader
	out     *bufio.Writer
	body    []byte
}

// bufferSize holds some ten HTLC additions.
const bufferSize = 16 << 10

func newTransport(conn net.Conn, machine *brontide.Machine) *Transport {
	return &Transport{
		conn:    conn,
		machine: machine,
		in:      bufio.NewReaderSize(conn, bufferSize),
		out:     bufio.NewWriterSize(conn, bufferSize),
	}
}

// Initiate does the handshake with a node whose key we know. The caller bounds
// the time by closing conn.
func Initiate(conn net.Conn, identity keychain.SingleKeyECDH, remote *btcec.PublicKey) (*Transport, error) {
	t := newTransport(conn, brontide.NewBrontideMachine(true, identity, remote))
	t.remote = remote
	return t.initiate()
}

func (t *Transport) initiate() (*Transport, error) {
	one, err := t.machine.GenActOne()
	if err == nil {
		_, err = t.conn.Write(one[:])
	}
	if err != nil {
		return nil, fmt.Errorf("peer: handshake act one: %w", err)
	}

	var two [brontide.ActTwoSize]byte
	if _, err = io.ReadFull(t.in, two[:]); err == nil {
		err = t.machine.RecvActTwo(two)
	}
	if err != nil {
		// A node that is sent another's key as its own hangs up here.
		return nil, fmt.Errorf("handshake act two: %w; is %x its key?", err, t.remote.SerializeCompressed())
	}

	three, err := t.machine.GenActThree()
	if err == nil {
		_, err = t.conn.Write(three[:])
	}
	if err != nil {
		return nil, fmt.Errorf("peer: handshake act three: %w", err)
	}
	return t, nil
}

// Respond does the handshake with whoever connected and learns who that is. The
// caller bounds the time by closing conn.
func Respond(conn net.Conn, identity keychain.SingleKeyECDH) (*Transport, error) {
	return newTransport(conn, brontide.NewBrontideMachine(false, identity, nil)).respond()
}

func (t *Transport) respond() (*Transport, error) {
	var one [brontide.ActOneSize]byte
	_, err := io.ReadFull(t.in, one[:])
	if err == nil {
		err = t.machine.RecvActOne(one)
	}
	if err != nil {
		return nil, fmt.Errorf("peer: handshake act one: %w", err)
	}

	two, err := t.machine.GenActTwo()
	if err == nil {
		_, err = t.conn.Write(two[:])
	}
	if err != nil {
		return nil, fmt.Errorf("peer: handshake act two: %w", err)
	}

	var three [brontide.ActThreeSize]byte
	if _, err = io.ReadFull(t.in, three[:]); err == nil {
		// The machine keeps the key it decrypts to itself; so a copy of
		// the machine, thrown away, decrypts it once more for us.
		reader := *t.machine
		if err = t.machine.RecvActThree(three); err == nil {
			t.remote, err = readStatic(&reader, three)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("peer: handshake act three: %w", err)
	}
	return t, nil
}

// readStatic is the initiator's key in act three: after the version, 33 bytes
// and their tag.
func readStatic(machine *brontide.Machine, three [brontide.ActThreeSize]byte) (*btcec.PublicKey, error) {
	static, err := machine.DecryptAndHash(three[1 : 1+33+16])
	if err != nil {
		return nil, err
	}
	return btcec.ParsePubKey(static)
}

// Remote is the key of the node at the other end.
func (t *Transport) Remote() *btcec.PublicKey { return t.remote }

// Read is the next message, valid until the next Read.
func (t *Transport) Read() ([]byte, error) {
	size, err := t.machine.ReadHeader(t.in)
	if err != nil {
		return nil, err
	}
	if uint32(cap(t.body)) < size {
		t.body = make([]byte, size)
	}
	return t.machine.ReadBody(t.in, t.body[:size])
}

// Write encrypts a message of at most 65535 bytes; Flush sends it.
func (t *Transport) Write(msg []byte) error {
	if err := t.machine.WriteMessage(msg); err != nil {
		return err
	}
	_, err := t.machine.Flush(t.out)
	return err
}

// Flush sends what was written.
func (t *Transport) Flush() error { return t.out.Flush() }

// Close ends the connection and every call that waits on it.
func (t *Transport) Close() error { return t.conn.Close() }
