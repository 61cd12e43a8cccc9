package htlc

import "fmt"

// seen takes what is final on chain. It only grows: an older view is passed by.
func (s *stepper) seen(in Seen) error {
	if _, ok := s.c.format.(Vault); !ok {
		return fmt.Errorf("htlc: deposits of a channel whose chain takes none")
	}
	for side := range s.c.chain {
		c := &s.c.chain[side]
		c[deposit] = max(c[deposit], in.Deposited[side])
		c[withdrawal] = max(c[withdrawal], in.Withdrawn[side])
	}
	return nil
}

// maxAnnounced keeps the sum of all deposits below MaxCapacity even if both sides announce one at once.
const maxAnnounced = MaxCapacity / 2

// announceDeposit tells the peer of money of ours that is in the channel on chain and that no
// commitment accounts for. It becomes durable with the commitment_signed that covers it, and is told
// again if the connection ends before.
func (s *stepper) announceDeposit() {
	c := s.c
	amount := c.chain[Local][deposit] - c.gross[Local][deposit]
	if amount <= 0 || amount > maxAnnounced || c.bounds() > maxAnnounced-amount ||
		c.State() != Open || !s.talking() || c.moves[Local][deposit].state != noState {
		return
	}
	c.moves[Local][deposit] = move{amount, proposed(Local)}
	s.send(c.depositMsg())
}

// depositMsg is the update_deposit of what we have under way.
func (c *Channel) depositMsg() *UpdateDeposit {
	return &UpdateDeposit{ChanID: c.params.ID, Total: c.total(Local, deposit, &settled)}
}

// recvDeposit takes a deposit of the peer's once it is final for us too. Until then it waits, and
// all behind it: nothing is revoked for a state whose money may never have come.
func (s *stepper) recvDeposit(msg *UpdateDeposit) error {
	c := s.c
	amount := msg.Total - c.gross[Remote][deposit]
	if err := c.checkMove("update_deposit", deposit, msg.Total); err != nil {
		return err
	}
	if sum := c.bounds(); sum > MaxCapacity-amount {
		return fail("update_deposit to %d units makes %d in all, at most %d",
			msg.Total, sum+amount, MaxCapacity)
	}
	if msg.Total > c.chain[Remote][deposit] {
		s.result(DepositAwaited{Total: msg.Total})
		return s.hold(msg)
	}
	c.moves[Remote][deposit] = move{amount, proposed(Remote)}
	return nil
}

// checkMove is what both updates of the peer's must obey.
func (c *Channel) checkMove(name string, kind moveKind, total Sat) error {
	if _, ok := c.format.(Vault); !ok {
		return warn("%s in a channel whose chain takes none", name)
	}
	before := c.gross[Remote][kind]
	switch {
	case c.life.closing[Remote]:
		return fail("%s after shutdown", name)
	case c.moves[Remote][kind].state != noState:
		return fail("%s to %d units while one of %d is under way", name, total,
			c.moves[Remote][kind].amount)
	case total <= before || total > MaxCapacity:
		return fail("%s to %d units, must be in %d..%d", name, total, before+1, MaxCapacity)
	}
	return nil
}
