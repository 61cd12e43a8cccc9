package oracle

import (
	"bytes"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
)

// holds is what a state accounts for.
func (s *state) holds() htlc.MilliSat {
	return htlc.MilliSat(s.in[A]+s.in[B]-s.out[A]-s.out[B]) * 1000
}

// custom takes note of one of the messages of token channels.
func (l *ledger) custom(from htlc.Side, raw *lnwire.Custom) error {
	data := bytes.NewReader(raw.Data)
	switch raw.Type {
	case htlc.MsgUpdateDeposit:
		var msg htlc.UpdateDeposit
		if err := msg.Decode(data, 0); err != nil {
			return err
		}
		if msg.Total > l.seen[from][from] {
			return fmt.Errorf("%v announces deposits of %d, it has seen %d", name(from), msg.Total, l.seen[from][from])
		}
		return l.update(from, update{kind: "deposit", total: msg.Total})
	case htlc.MsgUpdateWithdraw:
		var msg htlc.UpdateWithdraw
		if err := msg.Decode(data, 0); err != nil {
			return err
		}
		return l.update(from, update{kind: "withdraw", total: msg.Total})
	case htlc.MsgWithdrawSigned:
		var msg htlc.WithdrawSigned
		if err := msg.Decode(data, 0); err != nil {
			return err
		}
		return l.grant(from, &msg)
	}
	return fmt.Errorf("%v sends a message of type %d", name(from), raw.Type)
}

// grant checks a signature on withdrawals: no state that anybody may still publish accounts for less,
// and no total is lower than before.
func (l *ledger) grant(from htlc.Side, msg *htlc.WithdrawSigned) error {
	var total [2]htlc.Sat
	total[l.params.Opener], total[l.params.Opener.Other()] = msg.TotalA, msg.TotalB
	for side, n := range total {
		if n < l.granted[from][side] {
			return fmt.Errorf("%v signs withdrawals of %v down to %d from %d", name(from), name(htlc.Side(side)), n, l.granted[from][side])
		}
		for _, s := range []*state{l.current[A], l.current[B], l.signed[A], l.signed[B]} {
			if s != nil && s.out[side] < n {
				return fmt.Errorf("%v signs withdrawals of %d by %v, an unrevoked state %d has %d",
					name(from), n, name(htlc.Side(side)), s.number, s.out[side])
			}
		}
	}
	digest, err := l.format.(htlc.Vault).WithdrawDigest(l.params, total)
	if err != nil {
		return err
	}
	want, err := l.signers[from].Sign([]htlc.Digest{digest})
	if err != nil {
		return err
	}
	l.granted[from] = total
	l.stats.grants++
	return sameSigs(from, want, []lnwire.Sig{msg.Signature})
}

// vault is the contract: what it has got and paid out, and who is told of it.
type vault struct{ in, out [2]htlc.Sat }

// pay has a side put money into the channel. Nodes are told of it when they look.
func (w *world) pay(side htlc.Side) {
	w.vault.in[side] += 1 + htlc.Sat(w.r.Int64N(int64(w.capacity)/10))
	w.look(htlc.Side(w.r.IntN(2)))
}

// look lets a node see what the contract has.
func (w *world) look(side htlc.Side) {
	if !w.evm {
		return
	}
	in := htlc.Seen{Deposited: w.vault.in, Withdrawn: w.vault.out}
	w.led.seen[side] = in.Deposited
	if side == B {
		in.Deposited[A], in.Deposited[B] = in.Deposited[B], in.Deposited[A]
		in.Withdrawn[A], in.Withdrawn[B] = in.Withdrawn[B], in.Withdrawn[A]
	}
	w.nodes[side].command(in)
}

// withdraw has a side ask for some of its balance, now and then for more than it may have.
func (w *world) withdraw(side htlc.Side) {
	s := w.led.current[side]
	most := int64(s.balance[side]/1000) + 10
	w.nodes[side].command(htlc.Withdraw{Total: s.out[side] + htlc.Sat(w.r.Int64N(1+most/int64(1+w.r.IntN(20))))})
}

// paid is what both signed: the contract takes it, if the totals don't shrink.
func (w *world) paid(by htlc.Side, done htlc.WithdrawDone) error {
	total := done.Total
	if by == B {
		total[A], total[B] = total[B], total[A]
		done.Sigs[A], done.Sigs[B] = done.Sigs[B], done.Sigs[A]
	}
	digest, err := w.led.format.(htlc.Vault).WithdrawDigest(w.led.params, total)
	if err != nil {
		return err
	}
	for side, sig := range done.Sigs {
		digest.Pub = w.led.params.Terms[side].Funding
		if err := w.led.signers[A].Verify([]htlc.Digest{digest}, []lnwire.Sig{sig}); err != nil {
			return fmt.Errorf("%v has a withdrawal that the contract refuses: %w", name(by), err)
		}
	}
	if total[A] < w.vault.out[A] || total[B] < w.vault.out[B] {
		return nil
	}
	if total[A]+total[B] > w.vault.in[A]+w.vault.in[B] {
		return fmt.Errorf("withdrawals of %v, deposits of %v", total, w.vault.in)
	}
	w.vault.out = total
	return nil
}

// allCounted checks, when nobody has anything to say, that all deposits are in both commitments and
// all withdrawals are paid.
func (w *world) allCounted() error {
	for _, s := range w.led.current {
		if w.evm && (s.in != w.vault.in || s.out != w.vault.out) {
			return fmt.Errorf("commitment %d accounts for %v and %v, the contract has %v and %v",
				s.number, s.in, s.out, w.vault.in, w.vault.out)
		}
	}
	return nil
}
