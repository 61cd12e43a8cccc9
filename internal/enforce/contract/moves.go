package contract

import (
	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// keepMoves is how many of a channel's deposits and withdrawals since the start are known by their transactions.
const keepMoves = 16

// Move is a deposit into a side of a channel, or a withdrawal out of it. Amounts are gross totals of that side, in
// base units.
type Move struct {
	Side     uint8
	Out      bool // a withdrawal
	From, To evm.Amount
	Tx       common.Hash
}

// movesOf are the deposits and withdrawals by which a state follows another one.
func movesOf(before, after *evm.State) (all []Move) {
	for side := range uint8(2) {
		if from, to := before.Deposits[side], after.Deposits[side]; from != to {
			all = append(all, Move{Side: side, From: from, To: to, Tx: after.Last.Tx})
		}
		if from, to := before.Withdrawn[side], after.Withdrawn[side]; from != to {
			all = append(all, Move{Side: side, Out: true, From: from, To: to, Tx: after.Last.Tx})
		}
	}
	return all
}

// follows are the last of what was known, and what an event adds to it.
func follows(known []Move, before, after *evm.State) []Move {
	known = append(known, movesOf(before, after)...)
	return known[max(0, len(known)-keepMoves):]
}

// Moved is the transaction in a block by which a side's deposits or withdrawals came to a total; zero if it isn't
// known, since it was before the node's start or long ago.
func (r *Report) Moved(side uint8, out bool, total evm.Amount) common.Hash {
	for _, m := range r.Moves {
		if m.Side == side && m.Out == out && m.From.Lt(&total) && !m.To.Lt(&total) {
			return m.Tx
		}
	}
	return common.Hash{}
}
