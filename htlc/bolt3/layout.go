package bolt3

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nichework/nwnd/htlc"
)

// Kind says what an output of a commitment is for.
type Kind uint8

// The outputs of a commitment. Names are from its holder's view.
const (
	ToLocal Kind = iota
	ToRemote
	LocalAnchor
	RemoteAnchor
	HTLC
)

// output is one output of a commitment, before or after sorting.
type output struct {
	value htlc.Sat
	pk    pkScript
	kind  Kind
	htlc  *htlc.HTLC
}

// layout is a commitment whose outputs are decided and sorted.
type layout struct {
	p       *htlc.Params
	s       *htlc.Commitment
	keys    *Keys
	scripts *htlcScripts // nil without untrimmed HTLCs
	delayed []byte       // witness script; nil without delayed outputs
	outputs []output
	htlcs   int // how many of the outputs
}

// maxNumber is the largest commitment number that fits its 48 bits.
const maxNumber = 1<<48 - 1

// newLayout follows BOLT 3, "Commitment Transaction Construction".
func newLayout(p *htlc.Params, s *htlc.Commitment) (*layout, error) {
	if err := check(p, s); err != nil {
		return nil, err
	}
	l := &layout{p: p, s: s, keys: baseKeys(p, s.Holder)}
	dust := p.Terms[s.Holder].DustLimit
	for _, h := range s.HTLCs {
		if !(Format{}).Trimmed(h, s.Holder, dust, s.FeeRate) {
			l.htlcs++
		}
	}
	value := [2]htlc.Sat{s.Balance[0].ToSatoshis(), s.Balance[1].ToSatoshis()}
	value[p.Opener] = max(0, value[p.Opener]-Format{}.Fee(s.FeeRate, l.htlcs))
	mine, other := value[s.Holder], value[s.Holder.Other()]
	hasMine, hasOther := mine >= dust && mine > 0, other >= dust && other > 0

	l.outputs = make([]output, 0, l.htlcs+4)
	if hasMine || l.htlcs > 0 {
		l.keys.derive(p, s.Holder, s.Point, l.htlcs > 0)
		l.delayed = DelayedScript(l.keys.Revocation, l.keys.Delayed, l.keys.ToSelfDelay)
	}
	if hasMine {
		l.add(mine, p2wsh(l.delayed), ToLocal)
	}
	if hasOther {
		l.add(other, p2wsh(ToRemoteScript(l.keys.ToRemote)), ToRemote)
	}
	if hasMine || l.htlcs > 0 {
		l.add(AnchorValue, p2wsh(AnchorScript(l.keys.HolderFund)), LocalAnchor)
	}
	if hasOther || l.htlcs > 0 {
		l.add(AnchorValue, p2wsh(AnchorScript(l.keys.OtherFund)), RemoteAnchor)
	}
	if l.htlcs > 0 {
		l.addHTLCs(dust)
	}
	if len(l.outputs) == 0 {
		return nil, fmt.Errorf("bolt3: %v commitment %d has no outputs: all is below the dust limit of %d sat",
			s.Holder, s.Number, dust)
	}
	slices.SortFunc(l.outputs, order)
	return l, nil
}

func (l *layout) add(value htlc.Sat, pk pkScript, kind Kind) {
	l.outputs = append(l.outputs, output{value: value, pk: pk, kind: kind})
}

func (l *layout) addHTLCs(dust htlc.Sat) {
	l.scripts = newHTLCScripts(l.keys)
	for _, h := range l.s.HTLCs {
		if (Format{}).Trimmed(h, l.s.Holder, dust, l.s.FeeRate) {
			continue
		}
		l.outputs = append(l.outputs, output{
			value: h.Amount.ToSatoshis(),
			pk:    p2wsh(l.scripts.script(h, l.s.Holder)),
			kind:  HTLC,
			htlc:  h,
		})
	}
}

// order is BOLT 3, "Transaction Output Ordering": value, script, then cltv_expiry. HTLCs
// that are equal even so have interchangeable outputs; the id keeps them in a fixed order.
func order(a, b output) int {
	if c := cmp.Compare(a.value, b.value); c != 0 {
		return c
	}
	if c := bytes.Compare(a.pk[:], b.pk[:]); c != 0 {
		return c
	}
	if a.htlc == nil || b.htlc == nil {
		return cmp.Compare(a.kind, b.kind)
	}
	return cmp.Or(cmp.Compare(a.htlc.Expiry, b.htlc.Expiry), cmp.Compare(a.htlc.ID, b.htlc.ID))
}

// check refuses what no commitment can be made of.
func check(p *htlc.Params, s *htlc.Commitment) error {
	if s.Point == nil {
		return errors.New("bolt3: commitment without per_commitment_point")
	}
	if s.Number > maxNumber {
		return fmt.Errorf("bolt3: commitment number %d exceeds 48 bits", s.Number)
	}
	if err := checkKeys(p); err != nil {
		return err
	}
	left := uint64(p.Capacity)
	if p.Capacity <= 0 || left > math.MaxInt64/1000 {
		return fmt.Errorf("bolt3: capacity of %d sat is out of range", p.Capacity)
	}
	left *= 1000
	take := func(m htlc.MilliSat) error {
		if uint64(m) > left {
			return fmt.Errorf("bolt3: %v commitment %d pays out more than the capacity of %d sat",
				s.Holder, s.Number, p.Capacity)
		}
		left -= uint64(m)
		return nil
	}
	for _, b := range s.Balance {
		if err := take(b); err != nil {
			return err
		}
	}
	for _, h := range s.HTLCs {
		if err := take(h.Amount); err != nil {
			return err
		}
	}
	return nil
}

func checkKeys(p *htlc.Params) error {
	for _, side := range []htlc.Side{htlc.Local, htlc.Remote} {
		t := &p.Terms[side]
		if t.Funding == nil || t.Revocation == nil || t.Payment == nil || t.Delayed == nil || t.HTLC == nil {
			return fmt.Errorf("bolt3: %v is short of a funding key or basepoint", side)
		}
	}
	return nil
}
