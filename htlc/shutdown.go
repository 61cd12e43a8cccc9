package htlc

import (
	"bytes"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"
)

// shutdown starts a cooperative close, or gives one that was started another fee rate.
// Without a script it goes to the one that Params know.
func (s *stepper) shutdown(in Shutdown) error {
	l, agreed := &s.c.life, s.c.params.Terms[Local].CloseScript
	if s.c.State() >= Closing {
		return nil
	}
	if l.closing[Local] && len(in.Script) == 0 {
		in.Script = l.closeScript[Local]
	} else if len(in.Script) == 0 {
		in.Script = s.c.params.closeScript()
	}
	if in.FeeRate == 0 {
		in.FeeRate = s.c.fees.highest()
	}
	if err := s.c.format.CheckScript(in.Script); err != nil {
		return fmt.Errorf("htlc: shutdown: %w", err)
	}
	switch {
	case len(agreed) > 0 && !bytes.Equal(in.Script, agreed):
		return fmt.Errorf("htlc: shutdown to %x, but %x was agreed at opening", in.Script, agreed)
	case l.closing[Local] && !bytes.Equal(in.Script, l.closeScript[Local]):
		return fmt.Errorf("htlc: shutdown to %x, but %x was said before",
			in.Script, l.closeScript[Local])
	case l.closing[Local] && l.closeRate == in.FeeRate:
		return nil
	}
	return s.record(&shutdownFact{side: Local, script: in.Script, rate: in.FeeRate})
}

// sendShutdown says that we close, once in a connection. It waits until every update of
// ours is signed, since BOLT 2 forbids it while the peer's commitment lacks one.
func (s *stepper) sendShutdown() {
	c := s.c
	if !c.life.closing[Local] || c.conn.shutdownSent || c.conn.link != up ||
		c.State() >= Halted || c.owed() {
		return
	}
	c.conn.shutdownSent = true
	s.send(&lnwire.Shutdown{ChannelID: c.params.ID, Address: c.life.closeScript[Local]})
}

// recvShutdown notes that the peer closes, and closes too, if Params know a script for
// that; otherwise the driver, told by StateChanged, answers with Shutdown.
func (s *stepper) recvShutdown(msg *lnwire.Shutdown) error {
	l := &s.c.life
	script := []byte(msg.Address)
	if err := s.c.format.CheckScript(script); err != nil {
		return warn("shutdown: %w", err)
	}
	if agreed := s.c.params.Terms[Remote].CloseScript; len(agreed) > 0 &&
		!bytes.Equal(script, agreed) {
		return warn("shutdown to %x, but %x was agreed at opening", script, agreed)
	}
	if !l.closing[Remote] || !bytes.Equal(script, l.closeScript[Remote]) {
		if l.closeTx != nil {
			return warn("shutdown to %x after a close to %x was signed",
				script, l.closeScript[Remote])
		}
		if err := s.record(&shutdownFact{side: Remote, script: script}); err != nil {
			return err
		}
	}
	s.c.conn.shutdownRecv = true
	if ours := s.c.params.closeScript(); !l.closing[Local] && len(ours) > 0 {
		return s.record(&shutdownFact{side: Local, script: ours, rate: s.c.fees.highest()})
	}
	return nil
}

// closeScript is where our part of a close goes unless the driver says otherwise.
func (p *Params) closeScript() []byte {
	if agreed := p.Terms[Local].CloseScript; len(agreed) > 0 {
		return agreed
	}
	return p.CloseScript
}

// recvShuttingDown handles the messages while HTLCs drain: no HTLC is added.
func (s *stepper) recvShuttingDown(msg lnwire.Message) error {
	if _, early := msg.(*lnwire.ClosingSigned); early {
		return warn("closing_signed while HTLCs or updates are pending")
	}
	return s.recvOpen(msg)
}

// shutdownFact: this side closes, to that script.
type shutdownFact struct {
	side   Side
	script []byte
	rate   FeeRate
}

func (*shutdownFact) kind() factKind { return factShutdown }

func (f *shutdownFact) encode(e *encoder) {
	e.byte(byte(f.side))
	e.bytes(f.script)
	e.uint(uint64(f.rate))
}

func (f *shutdownFact) decode(d *decoder) {
	f.side = Side(d.byte())
	f.script = d.bytes()
	f.rate = FeeRate(d.uint())
}

func (f *shutdownFact) apply(s *stepper) error {
	if f.side > Remote {
		return corrupt("shutdown by side %d", f.side)
	}
	l := &s.c.life
	l.closing[f.side], l.closeScript[f.side] = true, f.script
	if f.side == Local {
		l.closeRate = f.rate
	}
	return nil
}
