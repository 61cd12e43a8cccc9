package evm

import (
	"github.com/ethereum/go-ethereum/common"
)

// Event is what a call of the contract left in the chain's log: one of Deposited, Withdrawn, Closing,
// Resolved, Settled, Punished, Cooperated, Owed and OwedClaimed.
type Event interface {
	entry() (name string, indexed, data []any)
}

// Deposited says that money arrived for a side of an open channel.
type Deposited struct {
	ID     [32]byte
	Side   uint8
	Amount Amount
}

// Withdrawn gives the new gross totals of withdrawals.
type Withdrawn struct {
	ID             [32]byte
	TotalA, TotalB Amount
}

// Closing says which state was posted. ToA and ToB include the surplus of deposits and withdrawals
// over what the state accounts for.
type Closing struct {
	ID       [32]byte
	Holder   uint8
	N        uint64
	Rev      common.Address
	Deadline uint64
	ToA, ToB Amount
}

// Resolved names the locks that one call decided.
type Resolved struct {
	ID      [32]byte
	Claims  []Claim  // taken by their preimages
	Refunds []uint16 // indices of those that were refunded
}

// Settled says what was paid after the contest period, and whether that ended the channel.
type Settled struct {
	ID           [32]byte
	PaidA, PaidB Amount
	Ended        bool
}

// Punished says that a revoked state cost its holder what was left.
type Punished struct {
	ID     [32]byte
	Tower  common.Address
	Bounty Amount // to the tower
	Paid   Amount // to the victim
}

// Cooperated says what a cooperative close paid.
type Cooperated struct {
	ID           [32]byte
	PaidA, PaidB Amount
}

// Owed says that a payment was refused by its receiver, and is credited.
type Owed struct {
	Token, Who common.Address
	Amount     Amount
}

// OwedClaimed says that a credit was paid.
type OwedClaimed struct {
	Token, Who, To common.Address
	Amount         Amount
}

// entry is an event's name, and its indexed and other values as the ABI's encoder takes them.

func (e Deposited) entry() (string, []any, []any) {
	return "Deposited", []any{e.ID}, []any{e.Side, e.Amount.ToBig()}
}

func (e Withdrawn) entry() (string, []any, []any) {
	return "Withdrawn", []any{e.ID}, []any{e.TotalA.ToBig(), e.TotalB.ToBig()}
}

func (e Closing) entry() (string, []any, []any) {
	return "Closing", []any{e.ID}, []any{e.Holder, e.N, e.Rev, e.Deadline, e.ToA.ToBig(), e.ToB.ToBig()}
}

func (e Resolved) entry() (string, []any, []any) {
	return "Resolved", []any{e.ID}, []any{PackClaims(e.Claims), packIndices(e.Refunds)}
}

func (e Settled) entry() (string, []any, []any) {
	return "Settled", []any{e.ID}, []any{e.PaidA.ToBig(), e.PaidB.ToBig(), e.Ended}
}

func (e Punished) entry() (string, []any, []any) {
	return "Punished", []any{e.ID}, []any{e.Tower, e.Bounty.ToBig(), e.Paid.ToBig()}
}

func (e Cooperated) entry() (string, []any, []any) {
	return "Cooperated", []any{e.ID}, []any{e.PaidA.ToBig(), e.PaidB.ToBig()}
}

func (e Owed) entry() (string, []any, []any) {
	return "Owed", []any{e.Token, e.Who}, []any{e.Amount.ToBig()}
}

func (e OwedClaimed) entry() (string, []any, []any) {
	return "OwedClaimed", []any{e.Token, e.Who}, []any{e.To, e.Amount.ToBig()}
}
