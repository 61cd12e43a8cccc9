package htlc

import (
	"bytes"

	"github.com/lightningnetwork/lnd/lnwire"
)

// What is held back is bounded: a peer that keeps to the protocol can send no second
// commitment_signed behind the one that waits, so no more than two full sets of HTLCs.
const (
	maxHeld      = 4 * MaxHTLCs
	maxHeldBytes = 4 << 20
)

// hold keeps a message until the deposit before it, or that it is itself, was seen on chain. A
// connection's end forgets it, as the peer sends it again. A preimage counts at once.
func (s *stepper) hold(msg lnwire.Message) error {
	conn := &s.c.conn
	var size bytes.Buffer
	if err := msg.Encode(&size, 0); err != nil {
		return warn("%v: %w", msg.MsgType(), err)
	}
	n := len(conn.held)
	if n >= maxHeld || conn.heldBytes+size.Len() > maxHeldBytes {
		return warn("%d messages of %d bytes behind a deposit that isn't final", n, conn.heldBytes)
	}
	if m, ok := msg.(*lnwire.UpdateFulfillHTLC); ok {
		if err := s.recvHalted(m); err != nil {
			return err
		}
	}
	conn = &s.c.conn
	conn.held = append(conn.held[:n:n], msg)
	conn.heldBytes += size.Len()
	return nil
}

// release takes what was held back, if the deposit that it waits for was seen.
func (s *stepper) release() error {
	held := s.c.conn.held
	if len(held) == 0 || s.c.awaited() > 0 {
		return nil
	}
	s.c.conn.held, s.c.conn.heldBytes = nil, 0
	for _, msg := range held {
		if err := s.input(Recv{Msg: msg}); err != nil {
			return err
		}
	}
	return nil
}

// awaited is the peer's deposit, in all, that its messages wait for; 0 if none do.
func (c *Channel) awaited() Sat {
	if len(c.conn.held) == 0 {
		return 0
	}
	first, ok := c.conn.held[0].(*UpdateDeposit)
	if !ok || first.Total <= c.chain[Remote][deposit] {
		return 0
	}
	return first.Total
}
