package htlc

import (
	"github.com/lightningnetwork/lnd/lnwire"
)

// negotiation is what closing_signed messages went over this connection.
type negotiation struct {
	sent   bool
	last   Sat // that we offered
	rounds int
}

// maxCloseRounds bounds the haggling. An lnd that starts a tenth of our bound away and
// moves by a tenth a round needs about 20.
const maxCloseRounds = 50

// recvNegotiating handles the messages once nothing but the fee is open.
func (s *stepper) recvNegotiating(msg lnwire.Message) error {
	switch msg := msg.(type) {
	case *lnwire.Shutdown:
		return s.recvShutdown(msg)
	case *lnwire.ClosingSigned:
		return s.recvClosingSigned(msg)
	case *RangedClosingSigned: // it never left the process
		plain := *msg.ClosingSigned
		plain.ExtraData = msg.feeRange()
		return s.recvClosingSigned(&plain)
	case *lnwire.ChannelReady:
		return s.recvReady(msg)
	case *WithdrawSigned: // it may have gone before our last revocation came
		if s.c.State() == Closing {
			return nil
		}
		return s.recvWithdrawSigned(msg)
	case *lnwire.UpdateFee, *lnwire.CommitSig, *lnwire.RevokeAndAck:
		// The peer may have changed the fee before it heard our last revocation.
		if s.c.State() == Negotiating && s.c.opened() && !s.c.conn.fee.sent {
			return s.recvOpen(msg)
		}
	}
	return warn("%v while closing", msg.MsgType())
}

// beginClosing makes the opener's first offer, as soon as both shutdowns went over this
// connection and nothing is left in the channel (BOLT 2, closing_signed).
func (s *stepper) beginClosing() error {
	c := s.c
	state := c.State()
	if state != Negotiating && state != Closing || c.params.Opener != Local ||
		c.conn.fee.sent || !c.conn.shutdownSent || !c.conn.shutdownRecv {
		return nil
	}
	fee, _, _ := c.closeFees()
	msg, err := c.closingSigned(fee)
	if err != nil {
		return err
	}
	s.offerClose(fee, msg)
	return nil
}

// closeFees are the fee that we want and the bounds of what we take. The opener pays: we
// pay up to twice what we want, and let a peer pay what it likes.
func (c *Channel) closeFees() (want, least, most Sat) {
	rate := c.life.closeRate
	if c.params.FeeRate > 0 {
		rate = max(rate, MinFeeRate)
		least = c.format.CloseFee(MinFeeRate, c.params, c.life.closeScript)
	}
	want = c.format.CloseFee(rate, c.params, c.life.closeScript)
	opener := c.params.Opener
	most = Sat(c.balance[opener] / 1000)
	if other := opener.Other(); Sat(c.balance[other]/1000) < c.params.Terms[other].DustLimit {
		// The other has no output, so the opener must: a close that pays nobody isn't one.
		most = max(0, most-c.params.Terms[opener].DustLimit)
	}
	if opener == Local {
		most = min(most, 2*want)
	}
	return min(want, most), min(least, most), most
}

// close is the close at a fee.
func (c *Channel) close(fee Sat) *Close {
	return &Close{
		Balance: c.balance, Script: c.life.closeScript, Fee: fee,
		Deposited: [2]Sat{c.gross[Local][deposit], c.gross[Remote][deposit]}, Withdrawn: c.withdrawn(),
	}
}

// closingSigned signs the close at a fee.
func (c *Channel) closingSigned(fee Sat) (*lnwire.ClosingSigned, error) {
	digest, err := c.format.CloseDigest(c.params, c.close(fee))
	if err != nil {
		return nil, err
	}
	sigs, err := c.signer.Sign([]Digest{digest})
	if err != nil {
		return nil, err
	}
	return &lnwire.ClosingSigned{
		ChannelID: c.params.ID, FeeSatoshis: fee, Signature: sigs[0],
	}, nil
}

// offerClose sends closing_signed with the range of fees that we take.
func (s *stepper) offerClose(fee Sat, msg *lnwire.ClosingSigned) {
	_, least, most := s.c.closeFees()
	s.c.conn.fee.sent, s.c.conn.fee.last = true, fee
	s.send(&RangedClosingSigned{ClosingSigned: msg, Min: min(least, fee), Max: max(most, fee)})
}

// recvClosingSigned agrees to the peer's fee, or answers with another. A peer without
// fee_range haggles as BOLT 2 had it before: each offer is between the last two.
func (s *stepper) recvClosingSigned(msg *lnwire.ClosingSigned) error {
	c := s.c
	if !c.conn.shutdownSent || !c.conn.shutdownRecv {
		return warn("closing_signed before shutdown went both ways")
	}
	if c.conn.fee.rounds >= maxCloseRounds {
		return warn("closing_signed: no agreement after %d rounds", maxCloseRounds)
	}
	theirs := msg.FeeSatoshis
	if have := Sat(c.balance[c.params.Opener] / 1000); theirs < 0 || theirs > have {
		return fail("closing_signed with a fee of %d sat, the opener has %d", theirs, have)
	}
	if err := c.verifyClose(msg); err != nil {
		return err
	}
	answer, err := c.answerFee(msg)
	if err != nil {
		return err
	}
	ours, err := c.closingSigned(answer)
	if err != nil {
		return err
	}
	agreed := answer == theirs
	repeat := agreed && c.conn.fee.sent && c.conn.fee.last == theirs
	if agreed {
		if err := s.closed(theirs, ours.Signature, msg.Signature); err != nil {
			return err
		}
	}
	c.conn.fee.rounds++
	if !repeat {
		s.offerClose(answer, ours)
	}
	return nil
}

// verifyClose checks the peer's signature on the close at its fee.
func (c *Channel) verifyClose(msg *lnwire.ClosingSigned) error {
	digest, err := c.format.CloseDigest(c.params, c.close(msg.FeeSatoshis))
	if err != nil {
		return fail("closing_signed: %w", err)
	}
	digest.Pub = c.params.Terms[Remote].Funding
	if err := c.signer.Verify([]Digest{digest}, []lnwire.Sig{msg.Signature}); err != nil {
		return fail("closing_signed at %d sat: %w", msg.FeeSatoshis, err)
	}
	return nil
}

// answerFee is the fee that we answer with: the peer's, if we take it.
func (c *Channel) answerFee(msg *lnwire.ClosingSigned) (Sat, error) {
	theirs, last := msg.FeeSatoshis, c.conn.fee
	_, least, most := c.closeFees()
	if theirs >= least && theirs <= most || last.sent && theirs == last.last {
		return theirs, nil
	}
	if lo, hi, ok := feeRange(msg); ok {
		if hi < least || lo > most {
			return 0, warn("closing_signed's fee_range %d..%d sat has nothing of %d..%d",
				lo, hi, least, most)
		}
		if last.sent {
			return 0, fail("closing_signed at %d sat is outside of our fee_range %d..%d",
				theirs, least, most)
		}
	}
	nearest := min(max(theirs, least), most)
	if !last.sent {
		return nearest, nil
	}
	return min(max((last.last+theirs)/2, least), most), nil
}
