package oracle

import (
	"fmt"
	"slices"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/signer"
)

// Sides in this package are absolute: A is Side 0 and B is Side 1, whoever looks.
const (
	A = htlc.Side(0)
	B = htlc.Side(1)
)

// ledger is the naive oracle. It sees each message as it is sent and keeps two logs of
// updates. A commitment is a prefix of each: the signer's as far as it sent, the holder's
// as far as the signer has it in its own commitment. From that it foretells every
// signature and revocation.
type ledger struct {
	format  htlc.Format
	params  *htlc.Params // as A sees them
	signers [2]*signer.Signer

	log     [2][]update
	nextID  [2]uint64
	current [2]*state // the newest that the holder revoked for
	signed  [2]*state // on its way to the holder, or nil
	revoked [2]*lnwire.RevokeAndAck
	resend  [2][]update    // what a sender must repeat before its commitment_signed
	lastFee [2]update      // of these
	again   [2]bool        // the sender must repeat its commitment_signed
	seen    [2][2]htlc.Sat // deposits that a side was told of, by whose they are
	granted [2][2]htlc.Sat // withdrawals that a side signed
	stats   *stats
}

// update is one entry of a log. A removal has the id of the other side's HTLC.
type update struct {
	kind   string // add, fulfill, fail, fee, deposit, withdraw
	id     uint64
	amount htlc.MilliSat
	hash   [32]byte
	expiry uint32
	rate   htlc.FeeRate
	total  htlc.Sat // of deposits, or withdrawals
}

// early are the updates that bring what others take away.
func (u *update) early() bool { return u.kind != "fulfill" && u.kind != "fail" }

// key names an HTLC.
type key struct {
	offerer htlc.Side
	id      uint64
}

// state is one commitment.
type state struct {
	number   uint64
	covers   [2]int // entries of each log
	balance  [2]htlc.MilliSat
	htlcs    map[key]*htlc.HTLC
	rate     htlc.FeeRate
	in, out  [2]htlc.Sat // what was put in and paid out
	sigs     []lnwire.Sig
	hasMain  [2]bool // which balances have an output, for statistics
	trimmed  map[key]bool
	computed *htlc.Commitment
	txid     *chainhash.Hash // of the transaction, once it was asked for
}

func newLedger(f htlc.Format, p *htlc.Params, signers [2]*signer.Signer, st *stats) *ledger {
	l := &ledger{format: f, params: p, signers: signers, stats: st}
	for side := range l.current {
		s := &state{htlcs: map[key]*htlc.HTLC{}, rate: p.FeeRate, trimmed: map[key]bool{}}
		s.in[p.Opener] = p.Capacity
		s.balance[p.Opener] = htlc.MilliSat(p.Capacity)*1000 - p.Pushed
		s.balance[p.Opener.Other()] = p.Pushed
		l.current[side] = s
	}
	return l
}

// sent takes note of a message by from; an error is a difference between what it says and
// what must be.
func (l *ledger) sent(from htlc.Side, msg lnwire.Message) error {
	switch msg := msg.(type) {
	case *lnwire.Custom:
		return l.custom(from, msg)
	case *lnwire.UpdateAddHTLC:
		return l.update(from, update{
			kind: "add", id: msg.ID, amount: msg.Amount, hash: msg.PaymentHash, expiry: msg.Expiry,
		})
	case *lnwire.UpdateFulfillHTLC:
		return l.update(from, update{kind: "fulfill", id: msg.ID})
	case *lnwire.UpdateFailHTLC:
		return l.update(from, update{kind: "fail", id: msg.ID})
	case *lnwire.UpdateFailMalformedHTLC:
		return l.update(from, update{kind: "fail", id: msg.ID})
	case *lnwire.UpdateFee:
		return l.update(from, update{kind: "fee", rate: htlc.FeeRate(msg.FeePerKw)})
	case *lnwire.CommitSig:
		return l.commit(from, msg)
	case *lnwire.RevokeAndAck:
		return l.revoke(from, msg)
	}
	return nil
}

func (l *ledger) update(from htlc.Side, u update) error {
	if l.again[from] {
		for i, want := range l.resend[from] {
			if want == u {
				l.resend[from] = append(l.resend[from][:i:i], l.resend[from][i+1:]...)
				return nil
			}
		}
		return fmt.Errorf("%v repeats %+v, but it signed %+v", name(from), u, l.resend[from])
	}
	if u.kind == "add" {
		if u.id != l.nextID[from] {
			return fmt.Errorf("%v adds HTLC %d, next is %d", name(from), u.id, l.nextID[from])
		}
		l.nextID[from]++
	}
	l.log[from] = append(l.log[from], u)
	return nil
}

// commit foretells a commitment_signed, or holds a repeated one against the first.
func (l *ledger) commit(from htlc.Side, msg *lnwire.CommitSig) error {
	holder := from.Other()
	sigs := append([]lnwire.Sig{msg.CommitSig}, msg.HtlcSigs...)
	if l.again[from] {
		if left := l.missing(from); len(left) > 0 {
			return fmt.Errorf("%v signs again without repeating %+v", name(from), left)
		}
		l.again[from] = false
		return sameSigs(from, l.signed[holder].sigs, sigs)
	}
	if l.signed[holder] != nil {
		return fmt.Errorf("%v signs commitment %d, %d is unacknowledged",
			name(from), l.signed[holder].number+1, l.signed[holder].number)
	}
	next, err := l.next(from)
	if err != nil {
		return err
	}
	digests, err := l.format.Digests(l.params, next.computed)
	if err != nil {
		return fmt.Errorf("%v signs commitment %d: %w", name(from), next.number, err)
	}
	fee, most := l.format.Fee(next.rate, len(digests)-1), htlc.FeeAllowance(l.format, l.params.Capacity)
	if fee > most {
		return fmt.Errorf("%v signs commitment %d with a fee of %d sat, at most %d", name(from), next.number, fee, most)
	}
	if next.sigs, err = l.signers[from].Sign(digests); err != nil {
		return err
	}
	if err := sameSigs(from, next.sigs, sigs); err != nil {
		return fmt.Errorf("commitment %d of %v (%d msat, %d msat, %d HTLCs, %d sat/kw): %w",
			next.number, name(holder), next.balance[A], next.balance[B], len(next.htlcs), next.rate, err)
	}
	l.signed[holder] = next
	return nil
}

func sameSigs(from htlc.Side, want, have []lnwire.Sig) error {
	if len(want) != len(have) {
		return fmt.Errorf("%v sends %d signatures, want %d", name(from), len(have), len(want))
	}
	for i := range want {
		if string(want[i].RawBytes()) != string(have[i].RawBytes()) {
			return fmt.Errorf("%v's signature %d of %d differs", name(from), i, len(want))
		}
	}
	return nil
}

// next is the commitment that from signs now.
func (l *ledger) next(from htlc.Side) (*state, error) {
	holder := from.Other()
	old := l.current[holder]
	s := &state{
		number: old.number + 1, balance: old.balance, rate: old.rate,
		htlcs: map[key]*htlc.HTLC{}, trimmed: map[key]bool{}, in: old.in, out: old.out,
	}
	for k, h := range old.htlcs {
		s.htlcs[k] = h
	}
	s.covers[from] = len(l.log[from])
	s.covers[holder] = l.current[from].covers[holder]
	if s.covers == old.covers {
		return nil, fmt.Errorf("%v signs commitment %d without a change", name(from), s.number)
	}
	for _, removals := range []bool{false, true} { // an HTLC is added before it is removed
		for side := range s.covers {
			for _, u := range l.log[side][old.covers[side]:s.covers[side]] {
				if removals != u.early() {
					if err := s.apply(htlc.Side(side), u); err != nil {
						return nil, err
					}
				}
			}
		}
	}
	for side, b := range s.balance {
		if b > s.holds() {
			return nil, fmt.Errorf("%v spends %d msat more than it has", name(htlc.Side(side)), -b)
		}
	}
	l.compute(s, holder)
	l.count(old, s, from)
	return s, nil
}

func (s *state) apply(by htlc.Side, u update) error {
	switch u.kind {
	case "fee":
		s.rate = u.rate
	case "deposit":
		s.balance[by] += htlc.MilliSat(u.total-s.in[by]) * 1000
		s.in[by] = u.total
	case "withdraw":
		s.balance[by] -= htlc.MilliSat(u.total-s.out[by]) * 1000
		s.out[by] = u.total
	case "add":
		s.balance[by] -= u.amount // may wrap until what pays for it is applied
		s.htlcs[key{by, u.id}] = &htlc.HTLC{
			Offerer: by, ID: u.id, Amount: u.amount, Hash: u.hash, Expiry: u.expiry,
		}
	default:
		k := key{by.Other(), u.id}
		h := s.htlcs[k]
		if h == nil {
			return fmt.Errorf("%v ends HTLC %d, which isn't there", name(by), u.id)
		}
		delete(s.htlcs, k)
		if u.kind == "fulfill" {
			s.balance[by] += h.Amount
		} else {
			s.balance[by.Other()] += h.Amount
		}
	}
	return nil
}

// compute makes the commitment that is signed out of a state.
func (l *ledger) compute(s *state, holder htlc.Side) {
	s.computed = &htlc.Commitment{
		Holder: holder, Number: s.number, Point: l.signers[holder].Point(s.number),
		FeeRate: s.rate, Balance: s.balance, Deposited: s.in, Withdrawn: s.out,
	}
	for _, h := range s.htlcs {
		s.computed.HTLCs = append(s.computed.HTLCs, h)
	}
}

// revoke foretells a revoke_and_ack: it takes the signed commitment as the current one.
func (l *ledger) revoke(by htlc.Side, msg *lnwire.RevokeAndAck) error {
	next := l.signed[by]
	if next == nil || l.again[by.Other()] {
		if last := l.revoked[by]; last == nil || !sameRevocation(last, msg) {
			return fmt.Errorf("%v revokes without a signature, and it is no repetition", name(by))
		}
		return nil
	}
	if other := by.Other(); next.in[other] > l.seen[by][other] && next.in[other] > l.current[by].in[other] {
		return fmt.Errorf("%v revokes for a state with deposits of %d by %v, it has seen %d",
			name(by), next.in[other], name(other), l.seen[by][other])
	}
	want := &lnwire.RevokeAndAck{
		Revocation:        l.signers[by].Secret(next.number - 1),
		NextRevocationKey: l.signers[by].Point(next.number + 1),
	}
	if !sameRevocation(want, msg) {
		return fmt.Errorf("%v revokes commitment %d with the wrong secret or point", name(by), next.number-1)
	}
	l.current[by], l.signed[by], l.revoked[by] = next, nil, msg
	return nil
}

func sameRevocation(a, b *lnwire.RevokeAndAck) bool {
	return a.Revocation == b.Revocation && a.NextRevocationKey.IsEqual(b.NextRevocationKey)
}

// disconnected forgets what was not signed, as both sides do. What was signed and not
// received must be repeated.
func (l *ledger) disconnected() {
	for from := range l.log {
		holder := 1 - from
		have, covers := l.current[holder].covers[from], l.current[holder].covers[from]
		l.again[from], l.resend[from] = l.signed[holder] != nil, nil
		if l.again[from] {
			covers = l.signed[holder].covers[from]
			l.resend[from] = slices.Clone(l.log[from][have:covers])
			for _, u := range l.resend[from] {
				if u.kind == "fee" {
					l.lastFee[from] = u
				}
			}
		}
		for _, u := range l.log[from][covers:] {
			if u.kind == "add" {
				l.nextID[from]--
			}
		}
		l.log[from] = l.log[from][:covers]
	}
}

// missing are the updates that were not repeated yet. Of several fees only the last
// counts, so the others may be left out (lnd doesn't).
func (l *ledger) missing(from htlc.Side) (out []update) {
	for _, u := range l.resend[from] {
		if u.kind != "fee" || u == l.lastFee[from] {
			out = append(out, u)
		}
	}
	return out
}

// quiet reports whether nothing is on its way: both commitments hold both logs.
func (l *ledger) quiet() bool {
	for side := range l.log {
		for holder := range l.current {
			if l.signed[holder] != nil || l.current[holder].covers[side] != len(l.log[side]) {
				return false
			}
		}
	}
	return true
}

// conserved checks that a commitment holds exactly the capacity.
func (l *ledger) conserved() error {
	for holder, s := range l.current {
		sum := s.balance[A] + s.balance[B]
		for _, h := range s.htlcs {
			sum += h.Amount
		}
		if want := s.holds(); sum != want {
			return fmt.Errorf("%v's commitment %d holds %d msat of %d",
				name(htlc.Side(holder)), s.number, sum, want)
		}
	}
	return nil
}

// compare holds a commitment, as the side that looks has it, against a state.
func compare(what string, looks htlc.Side, want *state, holder htlc.Side, have *htlc.Commitment) error {
	turn := func(s htlc.Side) htlc.Side { return s ^ looks }
	if have.Number != want.number || have.FeeRate != want.rate || turn(have.Holder) != holder {
		return fmt.Errorf("%v is number %d of %v at %d sat/kw, want %d of %v at %d", what, have.Number,
			name(turn(have.Holder)), have.FeeRate, want.number, name(holder), want.rate)
	}
	for side, b := range want.balance {
		if got := have.Balance[turn(htlc.Side(side))]; got != b {
			return fmt.Errorf("%v %d gives %v %d msat, want %d", what, want.number, name(htlc.Side(side)), got, b)
		}
	}
	for side := range want.in {
		at := turn(htlc.Side(side))
		if have.Deposited[at] != want.in[side] || have.Withdrawn[at] != want.out[side] {
			return fmt.Errorf("%v %d: %v put in %d and took out %d, want %d and %d", what, want.number, name(htlc.Side(side)),
				have.Deposited[at], have.Withdrawn[at], want.in[side], want.out[side])
		}
	}
	if len(have.HTLCs) != len(want.htlcs) {
		return fmt.Errorf("%v %d has %d HTLCs, want %d", what, want.number, len(have.HTLCs), len(want.htlcs))
	}
	for _, h := range have.HTLCs {
		w := want.htlcs[key{turn(h.Offerer), h.ID}]
		if w == nil || w.Amount != h.Amount || w.Hash != h.Hash || w.Expiry != h.Expiry {
			return fmt.Errorf("%v %d has %v's HTLC %d as %+v, want %+v", what, want.number,
				name(turn(h.Offerer)), h.ID, h, w)
		}
	}
	return nil
}

func name(s htlc.Side) string { return [...]string{"A", "B"}[s] }

// swapped are the parameters as the other side sees them.
func swapped(p *htlc.Params) *htlc.Params {
	q := *p
	q.Opener = p.Opener.Other()
	q.Terms[0], q.Terms[1] = p.Terms[1], p.Terms[0]
	return &q
}
