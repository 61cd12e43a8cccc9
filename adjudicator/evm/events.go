package evm

import (
	"github.com/ethereum/go-ethereum/common"
)

// Event is what a call of the contract left in the chain's log: one of Deposited, Withdrawn, Closing,
// Resolved, Settled, Punished, Cooperated, Owed and OwedClaimed.
type Event interface{ event() }

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

func (Deposited) event()   {}
func (Withdrawn) event()   {}
func (Closing) event()     {}
func (Resolved) event()    {}
func (Settled) event()     {}
func (Punished) event()    {}
func (Cooperated) event()  {}
func (Owed) event()        {}
func (OwedClaimed) event() {}
