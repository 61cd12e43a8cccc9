package htlc

import (
	"errors"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"
)

// ErrWithdrawal says why money can't be taken out now.
var ErrWithdrawal = errors.New("htlc: withdrawal is not possible")

// withdraw asks for money of ours to be paid out, or refuses to.
func (s *stepper) withdraw(in Withdraw) {
	if err := s.offerWithdrawal(in.Total); err != nil {
		s.result(NotWithdrawn{Total: in.Total, Err: err})
	}
}

// offerWithdrawal takes the money out of the peer's next commitment. It becomes durable with the
// commitment_signed that covers it.
func (s *stepper) offerWithdrawal(total Sat) error {
	c, before := s.c, s.c.gross[Local][withdrawal]
	if _, ok := c.format.(Vault); !ok {
		return fmt.Errorf("%w: this chain has none", ErrWithdrawal)
	}
	switch state := c.State(); {
	case state != Open || !s.talking():
		return fmt.Errorf("%w: it is %v, or the peer is away", ErrNotOpen, state)
	case c.moves[Local][withdrawal].state != noState:
		return fmt.Errorf("%w: another is under way", ErrWithdrawal)
	case total <= before || total > MaxCapacity:
		return fmt.Errorf("%w: to %d units, must be in %d..%d", ErrWithdrawal, total, before+1, MaxCapacity)
	}
	next := c.with(Local, withdrawal, total-before)
	views := [...]struct {
		holder Side
		v      *view
	}{{Remote, &coming[Remote]}, {Local, &settled}, {Remote, &settled}}
	for _, at := range views {
		t := next.totals(at.holder, at.v, 0)
		if err := next.affords(&t, Local, t.rate, t.untrimmed); err != nil {
			return err
		}
	}
	c.moves = next.moves
	s.send(c.withdrawMsg())
	return nil
}

// withdrawMsg is the update_withdraw of what we have under way.
func (c *Channel) withdrawMsg() *UpdateWithdraw {
	return &UpdateWithdraw{ChanID: c.params.ID, Total: c.total(Local, withdrawal, &settled)}
}

// recvWithdraw takes money of the peer's out of our next commitment. It must leave the reserve:
// what a cheater would lose, and what a tower's bounty is paid from.
func (s *stepper) recvWithdraw(msg *UpdateWithdraw) error {
	c := s.c
	if err := c.checkMove("update_withdraw", withdrawal, msg.Total); err != nil {
		return err
	}
	next := c.with(Remote, withdrawal, msg.Total-c.gross[Remote][withdrawal])
	t := next.totals(Local, &coming[Local], 0)
	if err := next.affords(&t, Remote, t.rate, t.untrimmed); err != nil {
		return fail("update_withdraw to %d units: %w", msg.Total, err)
	}
	c.moves = next.moves
	return nil
}

// withdrawn is what every commitment accounts for that either side could still publish.
func (c *Channel) withdrawn() [2]Sat {
	return [2]Sat{c.gross[Local][withdrawal], c.gross[Remote][withdrawal]}
}

// signWithdrawal sends withdraw_signed once a withdrawal is irrevocably in both commitments, and
// again over every connection until it was seen on chain. So it never signs a lower total than before,
// nor one that an unrevoked commitment doesn't account for.
func (s *stepper) signWithdrawal() error {
	c, total := s.c, s.c.withdrawn()
	if c.conn.link != up || !c.State().updating() || total == c.conn.withdrawn || c.paidOut(total) {
		return nil
	}
	sig, err := c.withdrawSig(total)
	if err != nil {
		return err
	}
	s.c.conn.withdrawn = total
	s.send(&WithdrawSigned{
		ChanID: c.params.ID, TotalA: total[c.params.Opener],
		TotalB: total[c.params.Opener.Other()], Signature: sig,
	})
	return nil
}

// paidOut reports whether the chain has paid that much already.
func (c *Channel) paidOut(total [2]Sat) bool {
	return c.chain[Local][withdrawal] >= total[Local] && c.chain[Remote][withdrawal] >= total[Remote]
}

// withdrawSig is our signature on both sides' withdrawals in all.
func (c *Channel) withdrawSig(total [2]Sat) (sig lnwire.Sig, err error) {
	v, ok := c.format.(Vault)
	if !ok {
		return sig, fmt.Errorf("%w: this chain has none", ErrWithdrawal)
	}
	digest, err := v.WithdrawDigest(c.params, total)
	if err != nil {
		return sig, err
	}
	sigs, err := c.signer.Sign([]Digest{digest})
	if err != nil {
		return sig, err
	}
	return sigs[0], nil
}

// recvWithdrawSigned takes the peer's signature on withdrawals that all commitments account for.
func (s *stepper) recvWithdrawSigned(msg *WithdrawSigned) error {
	c := s.c
	v, ok := c.format.(Vault)
	if !ok {
		return warn("withdraw_signed in a channel whose chain takes none")
	}
	var total [2]Sat
	total[c.params.Opener], total[c.params.Opener.Other()] = msg.TotalA, msg.TotalB
	have, before := c.withdrawn(), c.grant.total
	for side := range total {
		if total[side] < before[side] || total[side] > have[side] {
			return fail("withdraw_signed for %d units of %v, must be in %d..%d",
				total[side], Side(side), before[side], have[side])
		}
	}
	if total == before {
		return nil
	}
	digest, err := v.WithdrawDigest(c.params, total)
	if err != nil {
		return fail("withdraw_signed: %w", err)
	}
	digest.Pub = c.params.Terms[Remote].Funding
	if err := c.signer.Verify([]Digest{digest}, []lnwire.Sig{msg.Signature}); err != nil {
		return fail("withdraw_signed for %d and %d units: %w", msg.TotalA, msg.TotalB, err)
	}
	if err := s.record(&grantFact{grant{total, msg.Signature}}); err != nil {
		return err
	}
	done, ok, err := s.c.Withdrawal()
	if ok {
		s.result(done)
	}
	return err
}

// grant is the peer's newest signature on withdrawals, by Side.
type grant struct {
	total [2]Sat
	sig   lnwire.Sig
}

// Withdrawal is the newest that both signed, for the contract; ok is false if there is none, or it was
// seen on chain.
func (c *Channel) Withdrawal() (w WithdrawDone, ok bool, err error) {
	if c.grant.total == [2]Sat{} || c.paidOut(c.grant.total) {
		return w, false, nil
	}
	w.Total, w.Sigs[Remote] = c.grant.total, c.grant.sig
	w.Sigs[Local], err = c.withdrawSig(w.Total)
	return w, err == nil, err
}

// grantFact: the peer signed withdrawals.
type grantFact struct{ grant }

func (*grantFact) kind() factKind      { return factGrant }
func (f *grantFact) encode(e *encoder) { e.grant(&f.grant) }
func (f *grantFact) decode(d *decoder) { f.grant = d.grant() }

func (f *grantFact) apply(s *stepper) error {
	for side, have := range s.c.withdrawn() {
		if total := f.total[side]; total < s.c.grant.total[side] || total > have {
			return corrupt("withdrawal of %d units signed, %v has %d", total, Side(side), have)
		}
	}
	s.c.grant = f.grant
	return nil
}
