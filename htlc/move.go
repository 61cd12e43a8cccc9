package htlc

// moveKind is what a move does to a side's money.
type moveKind uint8

const (
	deposit moveKind = iota
	withdrawal
	numMoves
)

// move is money that a side adds to the channel or takes out of it, on its way into both
// commitments. It lives through the add half of its side's states; zero is none.
type move struct {
	amount Sat
	state  state
}

// moves are those under way by side, one of each kind.
type moves [2][numMoves]move

// gross are a side's deposits and withdrawals in all.
type gross [numMoves]Sat

// advanceMoves moves what is under way by an event, and books what is now irrevocable.
func (s *stepper) advanceMoves(ev event) {
	for side := range s.c.moves {
		for kind := range s.c.moves[side] {
			m := &s.c.moves[side][kind]
			if m.state == noState {
				continue
			}
			if m.state = step(ev, m.state); m.state == committed(Side(side)) {
				s.book(Side(side), moveKind(kind), m.amount)
				*m = move{}
			}
		}
	}
}

// book puts a move into the settled ledger.
func (s *stepper) book(side Side, kind moveKind, amount Sat) {
	s.c.gross[side][kind] += amount
	if kind == deposit {
		s.c.balance[side] += msat(amount)
		s.result(DepositCounted{Side: side, Total: s.c.gross[side][deposit]})
		return
	}
	s.c.balance[side] -= msat(amount)
}

// restoreMoves puts a side's moves in their first state, unless a live step did so already.
func (s *stepper) restoreMoves(side Side, amounts gross) error {
	for kind, amount := range amounts {
		m, fresh := &s.c.moves[side][kind], move{amount, proposed(side)}
		switch {
		case amount == 0:
		case amount < 0 || amount > MaxCapacity || m.state != noState && *m != fresh:
			return corrupt("%v moves %d units while %d are under way", side, amount, m.amount)
		default:
			*m = fresh
		}
	}
	return nil
}

// unsignedMoves are a side's that no signature covers yet.
func (c *Channel) unsignedMoves(side Side) (out gross) {
	for kind, m := range c.moves[side] {
		if m.state == proposed(side) {
			out[kind] = m.amount
		}
	}
	return out
}

// dropMoves forgets those that no signature covers.
func (s *stepper) dropMoves() {
	for _, side := range [...]Side{Local, Remote} {
		for kind, amount := range s.c.unsignedMoves(side) {
			if amount == 0 {
				continue
			}
			s.c.moves[side][kind] = move{}
			if side == Local && moveKind(kind) == withdrawal {
				s.result(NotWithdrawn{Total: s.c.gross[side][kind] + amount, Err: ErrNotOpen})
			}
		}
	}
}

// moving reports whether any money is on its way in or out.
func (c *Channel) moving() bool { return c.moves != moves{} }

// unsigned reports whether one of them waits for our signature.
func (v *moves) unsigned() bool {
	for side := range v {
		for _, m := range v[side] {
			if next[sendCommit][m.state] != noState {
				return true
			}
		}
	}
	return false
}

// total is a side's deposits or withdrawals as a commitment has them that is seen through a view.
func (c *Channel) total(side Side, kind moveKind, v *view) Sat {
	total := c.gross[side][kind]
	if m := c.moves[side][kind]; v[m.state] == inside {
		total += m.amount
	}
	return total
}

// totalsOf are both sides'.
func (c *Channel) totalsOf(kind moveKind, v *view) [2]Sat {
	return [2]Sat{c.total(Local, kind, v), c.total(Remote, kind, v)}
}

// with is the channel with one move more, to see what it would be like.
func (c *Channel) with(side Side, kind moveKind, amount Sat) *Channel {
	next := *c
	next.moves[side][kind] = move{amount, proposed(side)}
	return &next
}

// bounds is what was put in and is on its way in, both sides together: no amount is larger.
func (c *Channel) bounds() Sat {
	in := c.totalsOf(deposit, &settled)
	return in[Local] + in[Remote]
}

// checkMoves refuses a stored ledger whose sums could overflow, or moves that can't be.
func (c *Channel) checkMoves() error {
	sum := Sat(0)
	for side := range c.moves {
		for kind, m := range c.moves[side] {
			total := c.gross[side][kind]
			if total < 0 || total > MaxCapacity || m.amount < 0 || m.amount > MaxCapacity {
				return corrupt("%v has moved %d and %d units", Side(side), total, m.amount)
			}
			if moveKind(kind) == deposit {
				sum += total + m.amount
			} else if signed := c.grant.total[side]; signed < 0 || signed > total {
				return corrupt("%v has %d units withdrawn, %d are signed", Side(side), total, signed)
			}
			if m.state == noState && m.amount == 0 {
				continue
			}
			if ours := m.state <= rcvdAddAckCommit; m.amount == 0 || m.state >= numStates ||
				settled[m.state] != inside || m.state == committed(Side(side)) ||
				ours != (Side(side) == Local) || m.state == noState {
				return corrupt("%v move %d of %d units in state %d", Side(side), kind, m.amount, m.state)
			}
		}
	}
	if sum > MaxCapacity {
		return corrupt("deposits of %d units, at most %d", sum, MaxCapacity)
	}
	return nil
}
