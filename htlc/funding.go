package htlc

import (
	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"
)

// recvFunding handles the messages of a channel whose funding is not confirmed to both,
// even if it closes already.
func (s *stepper) recvFunding(msg lnwire.Message) error {
	switch msg := msg.(type) {
	case *lnwire.ChannelReady:
		return s.recvReady(msg)
	case *lnwire.Shutdown:
		return s.recvShutdown(msg)
	}
	return warn("%v before channel_ready went both ways", msg.MsgType())
}

// fundingConfirmed notes where the funding output is, and tells the peer the first time.
// It does not wait for the peer's channel_reestablish: lnd sends none before it has our
// channel_ready, if the link broke while it waited for confirmations. Others know this
// of lnd and take the message early.
func (s *stepper) fundingConfirmed(in FundingConfirmed) error {
	l := &s.c.life
	if l.confirmed && l.scid == in.SCID {
		return nil
	}
	first := !l.confirmed
	if err := s.record(&confirmedFact{scid: in.SCID}); err != nil {
		return err
	}
	if first && s.c.conn.link != down && s.c.State() < Halted {
		s.send(s.c.readyMsg())
	}
	return nil
}

// readyMsg is our channel_ready.
func (c *Channel) readyMsg() *lnwire.ChannelReady {
	return &lnwire.ChannelReady{
		ChanID: c.params.ID, NextPerCommitmentPoint: c.signer.Point(1),
	}
}

// recvReady takes the peer's second point. A repeated channel_ready is passed by, as
// BOLT 2 has the peer repeat it after a reconnect.
func (s *stepper) recvReady(msg *lnwire.ChannelReady) error {
	if msg.NextPerCommitmentPoint == nil {
		return warn("channel_ready without second_per_commitment_point")
	}
	if s.c.life.ready {
		return nil
	}
	f := &readyFact{point: msg.NextPerCommitmentPoint}
	if msg.AliasScid != nil {
		f.alias = msg.AliasScid.ToUint64()
	}
	return s.record(f)
}

// confirmedFact: the funding output was found on chain, at this position.
type confirmedFact struct{ scid lnwire.ShortChannelID }

func (*confirmedFact) kind() factKind      { return factConfirmed }
func (f *confirmedFact) encode(e *encoder) { e.uint(f.scid.ToUint64()) }
func (f *confirmedFact) decode(d *decoder) { f.scid = lnwire.NewShortChanIDFromInt(d.uint()) }

func (f *confirmedFact) apply(s *stepper) error {
	s.c.life.confirmed, s.c.life.scid = true, f.scid
	return nil
}

// readyFact: the peer's channel_ready came.
type readyFact struct {
	point *btcec.PublicKey
	alias uint64
}

func (*readyFact) kind() factKind      { return factReady }
func (f *readyFact) encode(e *encoder) { e.key(f.point); e.uint(f.alias) }
func (f *readyFact) decode(d *decoder) { f.point = d.key(); f.alias = d.uint() }

func (f *readyFact) apply(s *stepper) error {
	if f.point == nil || s.c.remoteNext != nil {
		return corrupt("channel_ready a second time, or without a point")
	}
	s.c.life.ready, s.c.life.alias = true, f.alias
	s.c.remoteNext = f.point
	return nil
}
