package htlc

import (
	"github.com/lightningnetwork/lnd/lnwire"
)

// connected greets the peer with channel_reestablish, or repeats the error of a channel
// that stopped.
func (s *stepper) connected() {
	c := s.c
	if c.conn.link != down {
		s.disconnected()
	}
	switch c.State() {
	case Closed:
		return
	case Halted:
		c.conn.link = greeting
		if c.Stale() { // the error follows the peer's: one that came first could keep it from looking
			s.send(c.lostMsg())
			return
		}
		s.send(c.errorMsg())
		return
	}
	c.conn.link = greeting
	s.send(c.reestablishMsg())
	if c.life.confirmed && !c.life.ready {
		s.send(c.readyMsg()) // early: see fundingConfirmed
	}
}

// reestablishMsg is our channel_reestablish (BOLT 2, "Message Retransmission").
func (c *Channel) reestablishMsg() *lnwire.ChannelReestablish {
	msg := &lnwire.ChannelReestablish{
		ChanID:                    c.params.ID,
		NextLocalCommitHeight:     c.localNumber + 1,
		RemoteCommitTailHeight:    c.remoteNumber,
		LocalUnrevokedCommitPoint: c.signer.Point(c.localNumber),
	}
	if c.remoteNumber > 0 {
		if secret, err := c.secrets.LookUp(c.remoteNumber - 1); err == nil {
			msg.LastRemoteCommitSecret = *secret
		}
	}
	return msg
}

// disconnected forgets what was not committed: unsigned updates of both sides, and with
// them their ids (BOLT 2). What we decided about incoming HTLCs is durable and stays.
func (s *stepper) disconnected() {
	s.c.conn = conn{}
	s.dropUnsigned()
}

// dropUnsigned forgets the updates that no signature covers.
func (s *stepper) dropUnsigned() {
	s.c.fees = s.c.fees.without(sentAddHTLC).without(rcvdAddHTLC)
	s.dropMoves()
	for _, side := range [...]Side{Local, Remote} {
		list := s.c.htlcs[side]
		n := len(list)
		for n > 0 && list[n-1].state == proposed(side) {
			n--
		}
		if n < len(list) {
			s.c.nextID[side] = list[n].ID
			if side == Local {
				for _, e := range list[n:] {
					s.result(Dropped{HTLC: e.HTLC})
				}
			}
			list = s.own(side)
			clear(list[n:])
			s.c.htlcs[side] = list[:n]
		}
	}
	for i := range s.c.htlcs[Local] {
		if s.c.htlcs[Local][i].state == rcvdRemoveHTLC {
			e := &s.own(Local)[i]
			e.state = committed(Local)
			if !e.fulfilled() {
				e.out = nil
			}
		}
	}
}

// recvReestablish compares both sides' numbers, repeats what the peer missed, and goes
// on with what waited for the connection.
func (s *stepper) recvReestablish(msg *lnwire.ChannelReestablish) error {
	c := s.c
	switch state := c.State(); {
	case state == Halted || state == Closed:
		if state == Halted && c.conn.link != down {
			return s.recvReestablishHalted(msg)
		}
		return nil
	case c.conn.link == down:
		return warn("channel_reestablish before init")
	case c.conn.link == up:
		return warn("channel_reestablish a second time")
	}
	if lost, err := c.compare(msg); err != nil {
		return err
	} else if lost != "" {
		return s.stop(&haltedFact{why: lost, stale: true})
	}
	resend, err := c.resend(msg)
	if err != nil {
		return err
	}
	c.conn.link = up
	s.eff.Send = append(s.eff.Send, resend...)
	if c.State().updating() {
		for _, e := range c.htlcs[Remote] {
			if e.state == sentRemoveHTLC {
				s.send(c.removalMsg(e.ID, e.out))
			}
		}
	}
	return nil
}

// recvReestablishHalted repeats the failure. A proof that our state is old counts even now:
// it says that what waits to be published must not be.
func (s *stepper) recvReestablishHalted(msg *lnwire.ChannelReestablish) error {
	lost, err := s.c.compare(msg)
	if err == nil && lost != "" && !s.c.Stale() {
		if err := s.record(&haltedFact{why: lost, stale: true}); err != nil {
			return err
		}
	}
	s.send(s.c.errorMsg())
	return nil
}

// lostState begins the reason of a channel that halted over a proof that its state is old.
const lostState = "this node's state is old"

// compare checks the peer's numbers against ours. A peer that proves with a secret of
// ours that it saw us revoke more than we know of tells us that our state is old: to
// publish it would forfeit everything, so lost says what to do instead.
func (c *Channel) compare(msg *lnwire.ChannelReestablish) (lost string, err error) {
	revoked, signed := msg.RemoteCommitTailHeight, c.remoteNumber+1
	if c.unacked {
		signed++
	}
	if revoked >= 1<<48 || msg.NextLocalCommitHeight >= 1<<48 {
		return "", fail("channel_reestablish with numbers %d and %d beyond 48 bits",
			msg.NextLocalCommitHeight, revoked)
	}
	if revoked > 0 && msg.LastRemoteCommitSecret != c.signer.Secret(revoked-1) {
		return "", fail("channel_reestablish: the secret of our commitment %d is wrong", revoked-1)
	}
	if revoked > c.localNumber {
		return lostState + " (a backup was restored?): the peer has proof of " +
			"commitment " + number(revoked) + ", we know of " + number(c.localNumber) +
			". Ask the peer to close the channel; never publish our commitment", nil
	}
	if revoked+1 < c.localNumber {
		return "", fail("channel_reestablish: the peer lost its state: it knows that we "+
			"revoked %d commitments, we revoked %d", revoked, c.localNumber)
	}
	if n := msg.NextLocalCommitHeight; n != signed && !(c.unacked && n == signed-1) {
		return "", fail("channel_reestablish: the peer expects commitment %d, we signed up to %d",
			n, signed-1)
	}
	return "", nil
}

// resend are the messages that the peer missed. What was signed is signed again, which
// gives the same signatures; the updates behind it go removals first, so that every
// addition finds the room that it was given. revoke_and_ack and commitment_signed keep
// the order in which they were sent first.
func (c *Channel) resend(msg *lnwire.ChannelReestablish) ([]lnwire.Message, error) {
	var out, commit []lnwire.Message
	if c.life.confirmed && msg.NextLocalCommitHeight == 1 && c.localNumber == 0 {
		out = append(out, c.readyMsg())
	}
	if c.unacked && msg.NextLocalCommitHeight == c.remoteNumber+1 {
		com, err := c.unackedRemote()
		if err != nil {
			return nil, err
		}
		sig, err := c.commitSig(com)
		if err != nil {
			return nil, err
		}
		commit = append(c.unackedUpdates(), sig)
	}
	if msg.RemoteCommitTailHeight == c.localNumber {
		return append(out, commit...), nil
	}
	if c.revokedLast {
		return append(append(out, commit...), c.revocation()), nil
	}
	return append(append(out, c.revocation()), commit...), nil
}

// unackedUpdates are the updates that our unacknowledged commitment_signed covers.
func (c *Channel) unackedUpdates() []lnwire.Message {
	var out []lnwire.Message
	for _, e := range c.htlcs[Remote] {
		if e.state == sentRemoveCommit {
			out = append(out, c.removalMsg(e.ID, e.out))
		}
	}
	for _, f := range c.fees {
		if f.state == sentAddCommit {
			out = append(out, &lnwire.UpdateFee{ChanID: c.params.ID, FeePerKw: uint32(f.rate)})
		}
	}
	if c.moves[Local][deposit].state == sentAddCommit {
		out = append(out, c.depositMsg())
	}
	if c.moves[Local][withdrawal].state == sentAddCommit {
		out = append(out, c.withdrawMsg())
	}
	for _, e := range c.htlcs[Local] {
		if e.state == sentAddCommit {
			out = append(out, c.addMsg(e.HTLC))
		}
	}
	return out
}
