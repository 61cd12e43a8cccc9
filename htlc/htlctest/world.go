package htlctest

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
)

// World is two nodes and the link between them. Every step of it checks what must
// always hold; the first error sticks and says what broke.
type World struct {
	Nodes  [2]*Node
	Linked bool
	Err    error
	Trace  func(format string, args ...any) // may be nil

	preimages uint64
	start     [2]htlc.MilliSat
	put, paid [2]htlc.Sat // into the channel and out of it, on chain
	began     [2]htlc.Sat // of put
}

// NewWorld connects the two ends of a new channel.
func NewWorld(cfg Config) (*World, error) {
	pair, signers, err := NewPair(cfg)
	if err != nil {
		return nil, err
	}
	w := &World{Linked: true}
	for i := range pair {
		w.Nodes[i] = newNode(pair[i], cfg.Format, signers[i])
		w.start[i] = pair[i].Balance(htlc.Local)
		w.put[i] = pair[i].Deposited(htlc.Local)
	}
	w.began = w.put
	return w, nil
}

// Fail notes the first error.
func (w *World) Fail(err error) {
	if w.Err == nil {
		w.Err = err
	}
}

// Feed steps a node as a driver does: facts first, then messages and results.
func (w *World) Feed(i int, batch ...htlc.Input) {
	if w.Err != nil {
		return
	}
	n := w.Nodes[i]
	next, eff, err := n.Channel.StepAll(batch)
	if err != nil {
		w.Fail(fmt.Errorf("node %d, %T: %w", i, batch, err))
		return
	}
	w.Take(i, next, eff)
	if err := n.Check(); err != nil {
		w.Fail(fmt.Errorf("node %d after %T: %w", i, batch, err))
	}
}

// Take puts a step's facts on the disk, and carries out the rest of it.
func (w *World) Take(i int, next *htlc.Channel, eff htlc.Effects) {
	n := w.Nodes[i]
	n.Channel = next
	n.facts = append(n.facts, eff.Facts...)
	w.deliver(i, eff)
}

// deliver carries out effects.
func (w *World) deliver(i int, eff htlc.Effects) {
	n, peer := w.Nodes[i], w.Nodes[1-i]
	for _, msg := range eff.Send {
		b, err := encode(msg)
		if err != nil {
			w.Fail(fmt.Errorf("node %d sends %T: %w", i, msg, err))
			return
		}
		if w.Trace != nil {
			w.Trace("node %d sends %v", i, msg.MsgType())
		}
		if w.Linked {
			peer.Inbox = append(peer.Inbox, b)
		}
	}
	for _, r := range eff.Results {
		if done, ok := r.(htlc.WithdrawDone); ok {
			if err := w.pay(i, done); err != nil {
				w.Fail(err)
			}
		}
		if err := n.Book.take(r, false); err != nil {
			w.Fail(fmt.Errorf("node %d: %w", i, err))
		}
	}
}

// Deliver hands a node up to count of its waiting messages, in one batch.
func (w *World) Deliver(i, count int) {
	n := w.Nodes[i]
	count = min(count, len(n.Inbox))
	batch := make([]htlc.Input, 0, count)
	for _, b := range n.Inbox[:count] {
		msg, err := decode(b)
		if err != nil {
			w.Fail(fmt.Errorf("node %d: %w", i, err))
			return
		}
		batch = append(batch, htlc.Recv{Msg: msg})
	}
	n.Inbox = n.Inbox[count:]
	if count > 0 {
		w.Feed(i, batch...)
	}
}

// Settle delivers until nothing is under way.
func (w *World) Settle() {
	for w.Err == nil && len(w.Nodes[0].Inbox)+len(w.Nodes[1].Inbox) > 0 {
		w.Deliver(0, 1000)
		w.Deliver(1, 1000)
	}
}

// Add offers an HTLC whose preimage the world knows.
func (w *World) Add(i int, amount htlc.MilliSat) {
	w.preimages++
	p := w.preimage(w.preimages)
	n := w.Nodes[i]
	add := htlc.Add{
		Amount: amount, Hash: sha256.Sum256(p[:]), Expiry: 500 + uint32(w.preimages%100),
		Onion: &[lnwire.OnionPacketSize]byte{byte(w.preimages)},
		Ref:   htlc.Ref{Chan: lnwire.ChannelID{byte(i + 1)}, ID: w.preimages},
	}
	before := len(n.Channel.HTLCs())
	next, eff, err := n.Channel.Step(add)
	if err != nil {
		w.Fail(err)
		return
	}
	n.Channel = next
	for _, item := range next.HTLCs() {
		if item.Offerer == htlc.Local && item.Ref == add.Ref {
			n.Book.Offered[item.ID] = item.HTLC
		}
	}
	if len(eff.Results) == 0 && len(next.HTLCs()) != before+1 {
		w.Fail(fmt.Errorf("node %d: Add neither refused nor there", i))
	}
	w.deliver(i, eff)
}

// preimage is the nth that the world made up.
func (w *World) preimage(n uint64) htlc.Preimage {
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte("preimage"), n))
}

func opens(h *htlc.HTLC, p htlc.Preimage) bool { return sha256.Sum256(p[:]) == h.Hash }

// Decide resolves an incoming HTLC: how is 0 to fulfil, 1 to fail, 2 to call it
// malformed.
func (w *World) Decide(i int, id uint64, how int) {
	n := w.Nodes[i]
	h := n.Book.Arrived[id].HTLC
	var in htlc.Input
	switch how {
	case 0:
		n.Book.Taken += h.Amount
		in = htlc.Fulfill{ID: id, Preimage: w.Preimage(h)}
	case 1:
		in = htlc.Fail{ID: id, Reason: bytes.Repeat([]byte{byte(id)}, 292)}
	default:
		in = htlc.FailMalformed{ID: id, Code: 0x8000 | 5, OnionHash: sha256.Sum256(h.Onion[:])}
	}
	delete(n.Book.Arrived, id)
	n.Book.Decided[id] = in
	w.Feed(i, in)
	if w.Err == nil && !n.Book.answered[id] {
		w.Fail(fmt.Errorf("node %d: HTLC %d decided, but not Resolved", i, id))
	}
}

// Preimage opens an HTLC that the world offered.
func (w *World) Preimage(h *htlc.HTLC) htlc.Preimage {
	for n := w.preimages; n > 0; n-- {
		if p := w.preimage(n); opens(h, p) {
			return p
		}
	}
	return htlc.Preimage{}
}

// Forget lets an outgoing outcome go, once the preimage can't come again.
func (w *World) Forget(i int, id uint64) {
	w.Feed(i, htlc.Forget{ID: id})
}

// Cut ends the connection: what is under way is lost.
func (w *World) Cut() {
	if !w.Linked {
		return
	}
	w.Linked = false
	for i, n := range w.Nodes {
		n.Inbox = nil
		w.Feed(i, htlc.Disconnected{})
	}
}

// Link connects the nodes again.
func (w *World) Link() {
	if w.Linked {
		return
	}
	w.Linked = true
	w.Feed(0, htlc.Connected{})
	w.Feed(1, htlc.Connected{})
}

// Crash ends a node's process and the connection, and starts it from its disk.
func (w *World) Crash(i int) {
	n := w.Nodes[i]
	for _, item := range n.Channel.HTLCs() { // unsigned offers leave no trace
		if item.State == "SENT_ADD_HTLC" {
			delete(n.Book.Offered, item.ID)
		}
	}
	c, err := n.Reload()
	if err != nil {
		w.Fail(err)
		return
	}
	n.Channel = c
	for _, r := range c.Pending() {
		if err := n.Book.take(r, true); err != nil {
			w.Fail(fmt.Errorf("node %d, pending: %w", i, err))
		}
	}
	w.Cut()
}

// Drain decides every HTLC and lets all of it settle, then compares the balances with
// what the books say was paid.
func (w *World) Drain() {
	w.Link()
	for i, n := range w.Nodes {
		if _, ok := n.format.(htlc.Vault); ok {
			w.Look(i)
		}
		w.Feed(i)
	}
	w.Settle()
	for range 3 {
		for i, n := range w.Nodes {
			for id := range n.Book.Arrived {
				w.Decide(i, id, int(id)%3)
			}
		}
		w.Settle()
	}
	for i, n := range w.Nodes {
		if w.Err != nil {
			return
		}
		if len(n.Book.Offered) > 0 || len(n.Book.Arrived) > 0 {
			w.Fail(fmt.Errorf("node %d: %d HTLCs offered and %d arrived are stuck: %v", i,
				len(n.Book.Offered), len(n.Book.Arrived), n.Channel.HTLCs()))
		}
		moved, err := w.counted(i)
		if err != nil {
			w.Fail(err)
		}
		want := w.start[i] + n.Book.Taken - n.Book.Sent + moved
		if have := n.Channel.Balance(htlc.Local); have != want {
			w.Fail(fmt.Errorf("node %d has %d msat, its book says %d", i, have, want))
		}
		if theirs := w.Nodes[1-i].Channel.Balance(htlc.Remote); theirs != want {
			w.Fail(fmt.Errorf("node %d thinks the other has %d msat, not %d", 1-i, theirs, want))
		}
	}
}

// Close has a node start a cooperative close of a drained channel, in which both must end
// with the same transaction.
func (w *World) Close(i int) {
	for side := range w.Nodes {
		if side == i || w.Nodes[side].Channel.State() != htlc.Open {
			w.Feed(side, htlc.Shutdown{Script: []byte{0, byte(side)}})
		}
	}
	w.Settle()
	for side := range w.Nodes {
		if w.Nodes[side].Channel.State() == htlc.ShuttingDown {
			w.Feed(side, htlc.Shutdown{Script: []byte{0, byte(side)}})
		}
	}
	w.Settle()
	if w.Err != nil {
		return
	}
	for side, n := range w.Nodes {
		if n.Channel.State() != htlc.Closing {
			w.Fail(fmt.Errorf("node %d is %v after a close", side, n.Channel.State()))
		}
	}
	if a, b := w.Nodes[0].Channel.CloseTx(), w.Nodes[1].Channel.CloseTx(); !bytes.Equal(a, b) {
		w.Fail(fmt.Errorf("two closes:\n%x\n%x", a, b))
	}
}

// Blame is the peer error in an error, if there is one.
func Blame(err error) *htlc.PeerError {
	var p *htlc.PeerError
	errors.As(err, &p)
	return p
}
