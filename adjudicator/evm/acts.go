package evm

import (
	"slices"

	"github.com/nichework/nwnd/adjudicator"
)

// Kind is what a call of the contract does.
type Kind uint8

// The kinds of calls that see a channel through.
const (
	Close Kind = iota
	Resolve
	Settle
	SettlePartial
	Punish
	Cooperate
	Withdraw
)

var kindNames = [...]string{"close", "resolve", "settle", "settlePartial", "punish", "coop", "withdraw"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Act is one call to make now.
type Act struct {
	Kind     Kind
	Deadline uint64  // unix time before which it must be in a block; 0: no hurry
	Value    Amount  // what of ours hangs on it
	Claims   []Claim // for Resolve: in order of their locks
	Gas      uint64  // its limit, if it must be sent before the chain can tell; else 0
	Locks    int     // in the array that it carries
}

// patience is how long decided money waits for undecided locks before settlePartial, which costs the
// whole array of locks once more, fetches it.
const patience = 6 * 3600

// Acts are the calls to make at a head with that time, in order. What each needs of the chain is what
// those before it bring about. MaxGas bounds a call: claims beyond it go into further ones.
func (c *Case) Acts(now, maxGas uint64) ([]Act, error) {
	switch {
	case c.State.Phase == PhaseOpen:
		return c.opening(now, maxGas)
	case c.State.Phase != PhaseClosing:
		return nil, nil
	case c.Ending == adjudicator.Revoked:
		return []Act{{Kind: Punish, Deadline: c.State.Deadline, Value: c.left()}}, nil
	}
	acts, rest := c.resolve(c.Locks, now, maxGas)
	if now < c.State.Deadline {
		return acts, nil
	}
	return append(acts, c.settle(rest, now)...), nil
}

// opening are the calls on a channel whose state is to be posted.
func (c *Case) opening(now, maxGas uint64) ([]Act, error) {
	k := c.known
	if k.CloseTx != nil {
		return []Act{{Kind: Cooperate, Value: c.left()}}, nil
	}
	if !k.Halted {
		return c.withdraw()
	}
	if k.Local == nil || k.LocalSig == nil {
		return nil, nil
	}
	com, err := k.commitment(k.Local)
	if err != nil || !c.covers(&com) {
		return nil, err
	}
	locks, err := k.locks(k.Local)
	if err != nil {
		return nil, err
	}
	acts, _ := c.resolve(locks, now, maxGas)
	act := Act{Kind: Close, Gas: CloseGas(len(locks)), Locks: len(locks), Value: c.balance(&com, locks)}
	claims := acts[:0]
	for _, a := range acts { // refunds can wait until it is in a block
		if len(a.Claims) > 0 {
			claims, act.Deadline = append(claims, a), earlier(act.Deadline, a.Deadline)
		}
	}
	return append([]Act{act}, claims...), nil
}

// withdraw is the call that pays out of an open channel what both signed.
func (c *Case) withdraw() ([]Act, error) {
	call, value, err := c.known.withdrawal(&c.State)
	if err != nil || call == nil {
		return nil, err
	}
	return []Act{{Kind: Withdraw, Value: value}}, nil
}

// covers reports whether the chain has the deposits, and no more withdrawals, that a commitment
// accounts for: else the contract refuses it.
func (c *Case) covers(com *Commitment) bool {
	s := &c.State
	return !less(s.Deposits[0], com.AccA) && !less(s.Deposits[1], com.AccB) &&
		!less(com.OutA, s.Withdrawn[0]) && !less(com.OutB, s.Withdrawn[1])
}

// resolve are the calls that claim what is ours to claim and refund what is ours to get back, and the
// locks that stay undecided after them.
func (c *Case) resolve(locks []Posted, now, maxGas uint64) (acts []Act, rest []Posted) {
	mine := c.known.Mine()
	var claims []Act // of one claim each
	refund := Act{Kind: Resolve, Locks: len(locks)}
	for i, l := range locks {
		if c.State.Decided(i) {
			continue
		}
		p, known := c.known.Preimage(l.Hash)
		switch {
		case now >= l.Expiry && l.Side != mine: // any call of resolve refunds it
			refund.Value = sum(refund.Value, l.Amount)
		case now < l.Expiry && l.Side == mine && known:
			claims = append(claims, Act{
				Deadline: l.Expiry, Value: l.Amount, Claims: []Claim{{Index: uint16(i), Preimage: p}},
			})
		default:
			rest = append(rest, l)
		}
	}
	acts = bundle(claims, len(locks), maxGas)
	switch {
	case refund.Value.IsZero():
	case len(acts) > 0:
		acts[0].Value = sum(acts[0].Value, refund.Value)
	default:
		acts = []Act{refund} // without a limit: the peer may send the same
	}
	if len(acts) == 0 {
		return nil, rest
	}
	return acts, slices.DeleteFunc(rest, func(l Posted) bool { return now >= l.Expiry }) // refunded to the peer by the way
}

// bundle joins claims into as few calls as the gas bound allows.
func bundle(claims []Act, locks int, maxGas uint64) []Act {
	var acts []Act
	for _, one := range claims {
		last := len(acts) - 1
		if last < 0 || ResolveGas(locks, len(acts[last].Claims)+1) > maxGas {
			acts, last = append(acts, Act{Kind: Resolve, Locks: locks}), last+1
		}
		a := &acts[last]
		a.Claims = append(a.Claims, one.Claims...)
		a.Value, a.Deadline = sum(a.Value, one.Value), earlier(a.Deadline, one.Deadline)
		a.Gas = ResolveGas(locks, len(a.Claims))
	}
	return acts
}

// settle is the call that pays what is ours behind the contest period, if that should not wait for
// the undecided locks.
func (c *Case) settle(undecided []Posted, now uint64) []Act {
	mine := c.known.Mine()
	ours := c.due(now)
	if ours.IsZero() {
		return nil
	}
	if !c.told || len(undecided) == 0 {
		return []Act{{Kind: Settle, Value: ours}} // of unknown locks: it takes none to be undecided
	}
	last := uint64(0) // until when more may become ours
	for _, l := range undecided {
		if l.Side != mine || now < l.Expiry {
			last = max(last, l.Expiry)
		}
	}
	if last > now && last <= now+patience {
		return nil
	}
	return []Act{{Kind: SettlePartial, Value: ours, Locks: len(c.Locks)}}
}

// decided is what the contract owes us of what it decided, and has not paid.
func (c *Case) decided() Amount {
	mine := c.known.Mine()
	ours := c.State.To[mine]
	for i, l := range c.Locks {
		_, claimed := c.State.Claims[uint16(i)]
		if claimed && l.Side == mine || c.State.Refunds[uint16(i)] && l.Side != mine {
			ours = sum(ours, l.Amount)
		}
	}
	return minus(ours, c.State.Paid[mine])
}

// due is decided, with what a call of resolve at that time adds.
func (c *Case) due(now uint64) Amount {
	mine := c.known.Mine()
	ours := c.decided()
	for i, l := range c.Locks {
		_, known := c.known.Preimage(l.Hash)
		if c.State.Decided(i) {
			continue
		}
		if now >= l.Expiry && l.Side != mine || now < l.Expiry && l.Side == mine && known {
			ours = sum(ours, l.Amount)
		}
	}
	return ours
}

// balance is what our commitment gives us at once, and of its locks what we can claim or get back.
func (c *Case) balance(com *Commitment, locks []Posted) Amount {
	mine := c.known.Mine()
	ours := [2]Amount{com.ToA, com.ToB}[mine]
	for _, l := range locks {
		if _, known := c.known.Preimage(l.Hash); known == (l.Side == mine) {
			ours = sum(ours, l.Amount)
		}
	}
	return ours
}

// left is all that the contract holds for the channel.
func (c *Case) left() Amount {
	s := &c.State
	all := minus(sum(s.Deposits[0], s.Deposits[1]), sum(s.Withdrawn[0], s.Withdrawn[1]))
	return minus(all, sum(s.Paid[0], s.Paid[1]))
}

// Done reports whether nothing more can come of the channel, if the case is that of a *final* block with
// that time.
func (c *Case) Done(final uint64) bool {
	switch {
	case c.State.Phase == PhaseEnded:
		return true
	case c.State.Phase != PhaseClosing || !c.told || c.Ending == adjudicator.Revoked:
		return false
	}
	mine := c.known.Mine()
	for i, l := range c.Locks {
		if !c.State.Decided(i) && (l.Side != mine || final < l.Expiry) {
			return false
		}
	}
	ours := c.decided()
	return ours.IsZero()
}

// earlier is the earlier of two deadlines, where 0 is none.
func earlier(a, b uint64) uint64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// Limbo is what is ours and not paid yet of a posted state: decided, or in locks that we can claim or
// that come back to us unless the peer shows their preimage.
func (c *Case) Limbo(now uint64) Amount {
	switch {
	case c.State.Phase != PhaseClosing:
		return Amount{}
	case c.Ending == adjudicator.Revoked:
		return c.left()
	}
	ours := c.decided()
	for i, l := range c.Locks {
		_, known := c.known.Preimage(l.Hash)
		if !c.State.Decided(i) && (l.Side != c.known.Mine() || known && now < l.Expiry) {
			ours = sum(ours, l.Amount)
		}
	}
	return ours
}
