package htlctest

import (
	"bytes"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
)

// Node is one end of a channel with its disk: a snapshot and the facts behind it.
type Node struct {
	Channel *htlc.Channel
	Inbox   [][]byte // messages from the peer, encoded, not yet taken
	Book    *Book

	format   htlc.Format
	signer   *Signer
	snapshot []byte
	facts    [][]byte
	disk     *htlc.Channel // what snapshot and the facts so far give
	applied  int
}

// newNode puts a channel on a disk.
func newNode(c *htlc.Channel, f htlc.Format, s *Signer) *Node {
	n := &Node{Channel: c, Book: newBook(), format: f, signer: s}
	n.Snapshot()
	return n
}

// Snapshot replaces what is on the disk by one snapshot.
func (n *Node) Snapshot() {
	n.snapshot, n.facts = n.Channel.Encode(), nil
	n.disk, n.applied = nil, 0
}

// Reload is the channel as the disk has it.
func (n *Node) Reload() (*htlc.Channel, error) {
	c, err := htlc.Decode(n.snapshot, n.format, n.signer)
	for _, f := range n.facts {
		if err != nil {
			return nil, err
		}
		c, err = c.Apply(f)
	}
	return c, err
}

// replayed is Reload, done bit by bit.
func (n *Node) replayed() (*htlc.Channel, error) {
	var err error
	if n.disk == nil {
		n.disk, err = htlc.Decode(n.snapshot, n.format, n.signer)
	}
	for ; err == nil && n.applied < len(n.facts); n.applied++ {
		n.disk, err = n.disk.Apply(n.facts[n.applied])
	}
	return n.disk, err
}

// Check compares memory with the disk, and the ledger with the capacity.
func (n *Node) Check() error {
	c, err := n.replayed()
	if err != nil {
		return fmt.Errorf("reload: %w", err)
	}
	if disk, memory := c.Encode(), n.Channel.Encode(); !bytes.Equal(disk, memory) {
		return fmt.Errorf("the disk's channel differs from memory's:\n%x\n%x", disk, memory)
	}
	local, sigs, err := n.Channel.LocalCommitment()
	if err != nil {
		return err
	}
	all := []*htlc.Commitment{local}
	remote, err := n.Channel.RemoteCommitments()
	if err != nil {
		return err
	}
	for _, com := range append(all, remote...) {
		want := htlc.MilliSat(com.Deposited[0]+com.Deposited[1]-com.Withdrawn[0]-com.Withdrawn[1]) * 1000
		sum := com.Balance[0] + com.Balance[1]
		for _, h := range com.HTLCs {
			sum += h.Amount
		}
		if sum != want {
			return fmt.Errorf("%v commitment %d holds %d msat of %d", com.Holder, com.Number, sum, want)
		}
	}
	if local.Number == 0 {
		return nil
	}
	digests, err := n.format.Digests(n.Channel.Params(), local)
	if err != nil {
		return err
	}
	if err := n.signer.Verify(digests, sigs); err != nil {
		return fmt.Errorf("local commitment %d can't be published: %w", local.Number, err)
	}
	return nil
}

// encode and decode take messages through their wire form.
func encode(msg lnwire.Message) ([]byte, error) {
	var b bytes.Buffer
	_, err := lnwire.WriteMessage(&b, msg, 0)
	return b.Bytes(), err
}

func decode(b []byte) (lnwire.Message, error) {
	return lnwire.ReadMessage(bytes.NewReader(b), 0)
}
