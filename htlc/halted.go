package htlc

import (
	"strings"

	"github.com/lightningnetwork/lnd/lnwire"
)

// halt stops the channel for good and tells the peer.
func (s *stepper) halt(reason string) error {
	if state := s.c.State(); state == Halted || state == Closed {
		return nil
	}
	if reason == "" {
		reason = "stopped by its operator"
	}
	return s.stop(&haltedFact{why: reason})
}

// stop halts the channel and tells the peer.
func (s *stepper) stop(f *haltedFact) error {
	if err := s.record(f); err != nil {
		return err
	}
	if s.c.conn.link != down {
		s.send(s.c.errorMsg())
	}
	return nil
}

// errorMsg tells the peer that the channel is failed (BOLT 1, error).
func (c *Channel) errorMsg() *lnwire.Error {
	return &lnwire.Error{ChanID: c.params.ID, Data: lnwire.ErrorData(printable(c.life.halted))}
}

// peerError halts a channel that the peer gave up. A close that both signed goes on.
func (s *stepper) peerError(msg *lnwire.Error) error {
	if s.c.State() >= Closing {
		return nil
	}
	return s.record(&haltedFact{why: peerFailed + printable(string(msg.Data))})
}

// peerFailed begins the reason of a channel that the peer gave up (Channel.FailedByPeer).
const peerFailed = "the peer failed the channel: "

// recvHalted passes by what a peer says that was told of the failure, except for a
// preimage: it is worth the HTLC's amount wherever it comes from.
func (s *stepper) recvHalted(msg lnwire.Message) error {
	m, ok := msg.(*lnwire.UpdateFulfillHTLC)
	if !ok {
		return nil
	}
	e := find(s.c.htlcs[Local], m.ID)
	if e == nil || !e.opens(m.PaymentPreimage) {
		return nil
	}
	return s.learned(Learned{ID: m.ID, Preimage: m.PaymentPreimage})
}

// maxWhy bounds the text that is kept and sent of an error.
const maxWhy = 500

// printable is the text without what could harm a terminal or a log.
func printable(text string) string {
	b := []byte(text)
	b = b[:min(len(b), maxWhy)]
	for i, ch := range b {
		if ch < 32 || ch > 126 {
			b[i] = '?'
		}
	}
	return string(b)
}

// haltedFact: the channel stopped, and why; stale if that is a proof that our state is old.
type haltedFact struct {
	why   string
	stale bool
}

func (*haltedFact) kind() factKind      { return factHalted }
func (f *haltedFact) encode(e *encoder) { e.bytes([]byte(f.why)); e.bool(f.stale) }
func (f *haltedFact) decode(d *decoder) { f.why, f.stale = d.halted() }

// halted reads why a channel stopped. Version 1 told a stale state by how the text begins.
func (d *decoder) halted() (why string, stale bool) {
	why = string(d.bytes())
	if d.version == 1 {
		return why, strings.HasPrefix(why, lostState)
	}
	return why, d.bool()
}

func (f *haltedFact) apply(s *stepper) error {
	if f.why == "" {
		return corrupt("halted without a reason")
	}
	s.c.life.halted = f.why
	s.c.life.stale = s.c.life.stale || f.stale
	s.dropUnsigned() // nothing is signed any more
	return nil
}
