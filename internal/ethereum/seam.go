package ethereum

import (
	"context"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Head is a block.
type Head struct {
	Number uint64
	Hash   common.Hash
	Time   uint64 // unix seconds, as its miner wrote them: the chain's only clock
}

// Update is what a follower is told at each new head, also of the same height after a
// reorganisation. Both heads count, not the ones between two updates: a slow follower misses none
// of Settled, and only the newest Pending.
type Update struct {
	Head    Head
	Final   Head        // nothing up to it will be undone, by the chain's rule
	Settled []types.Log // in blocks up to Final and not told before, in order
	Pending []types.Log // in all blocks after Final, in order; they may be undone
}

// Reader is what a chain can be asked. All calls go to an endpoint that is in step with the
// others; a nil error means that no two endpoints disagreed about the answer's block.
type Reader interface {
	ChainID() uint64

	// Head is the newest block that was seen, Final the newest that is final. Zero before the
	// first was read.
	Head() Head
	Final() Head

	// Follow tells of logs of an address, from the first block after `after`. The channel is
	// closed when the context ends.
	Follow(ctx context.Context, contract common.Address, after uint64) <-chan Update

	// Call is eth_call at a block by its hash; zero: at the newest.
	Call(ctx context.Context, to common.Address, data []byte, at common.Hash) ([]byte, error)

	// CallWith is eth_call at the newest block as if code stood at some addresses instead of what is there (state
	// overrides). It is one endpoint's word: nothing may rest on it alone. ErrNoOverrides if none of them does that.
	CallWith(ctx context.Context, to common.Address, data []byte, code map[common.Address][]byte) ([]byte, error)

	// Balance of the chain's coin at the newest block.
	Balance(ctx context.Context, who common.Address) (*big.Int, error)

	// Transaction is one in a block.
	Transaction(ctx context.Context, hash common.Hash) (*types.Transaction, error)

	// Health is nil, or what is wrong with the endpoints: none in step, two that disagree and no majority that
	// knows who is right, no block for longer than the chain's profile allows.
	Health() error

	// Outvoted is nil, or names the endpoints that are not listened to since most of the others contradict them, and those
	// that agreed again less than an hour ago.
	Outvoted() error
}

// Call is a transaction that somebody wants in a block.
type Call struct {
	To       common.Address
	Data     []byte
	Value    *big.Int // nil: 0
	Gas      uint64   // limit; 0: estimated, plus a fifth
	Deadline uint64   // unix time before which it must be in a block; 0: no hurry
	Worth    *big.Int // the most, in wei, that its fee may cost; nil: the configured ceiling
	What     string   // for people: "resolve 3 HTLCs of channel ..."
	Own      bool     // it must come from Account: it moves that one's tokens or coins
	At       uint64   // number of the head at which it was decided that Want is given it; 0: the newest
}

// Sender gets calls into blocks: it gives nonces, pays the fee that the deadline asks for,
// replaces what is stuck and repeats what was undone, over restarts.
type Sender interface {
	// Want says all calls that an owner (a channel, say) wants now, in order; it replaces what that owner
	// wanted before. A call that is already in a block is sent again only when it is still wanted
	// at a later head: who decides anew at each head stops wanting what happened.
	Want(owner string, calls []Call) error

	// Do sends one call and returns its receipt once it is in a block so many blocks deep (1: the
	// newest). A call that reverts is an error with the reason that the contract gave.
	Do(ctx context.Context, c Call, depth uint64) (*types.Receipt, error)

	// Addresses are the accounts that pay for gas.
	Addresses() []common.Address

	// Account is the address that holds the node's tokens and coins, the first of Addresses.
	Account() common.Address
}
