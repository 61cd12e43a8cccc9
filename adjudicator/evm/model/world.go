package model

import (
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// Amount counts base units of a token, or wei.
type Amount = evm.Amount

// World is a chain as its adjudicator sees it. The zero value with ChainID and Address set is one where
// nothing happened yet, after Init.
type World struct {
	Time     uint64         // of the block, unix seconds
	ChainID  uint64         // as it is now: what signatures are bound to
	Deployed uint64         // chain id when the contract was deployed: what channel ids are bound to
	Address  common.Address // of the contract

	Coins     map[common.Address]Amount // balances of the chain's coin
	Tokens    map[common.Address]Token
	Receivers map[common.Address]Receiver // contracts that act on coins they get

	channels map[[32]byte]channel
	owed     map[debt]Amount
	nonces   map[common.Address]uint64
	entered  bool // the re-entrancy guard
	log      []evm.Event
}

// channel is what the contract's view gives, and the array whose hash it keeps.
type channel struct {
	evm.Channel
	locks string // packed
}

// debt names what could not be pushed.
type debt struct{ token, who common.Address }

// New is a chain on which the contract was just deployed.
func New(chainID uint64, contract common.Address, time uint64) *World {
	return &World{
		Time: time, ChainID: chainID, Deployed: chainID, Address: contract,
		Coins:     map[common.Address]Amount{},
		Tokens:    map[common.Address]Token{},
		Receivers: map[common.Address]Receiver{},
		channels:  map[[32]byte]channel{},
		owed:      map[debt]Amount{},
		nonces:    map[common.Address]uint64{},
	}
}

// Clone is a copy that shares nothing that changes.
func (w *World) Clone() *World {
	c := *w
	c.Coins = maps.Clone(w.Coins)
	c.Tokens = maps.Clone(w.Tokens)
	for at, token := range c.Tokens {
		c.Tokens[at] = token.Clone()
	}
	c.Receivers = maps.Clone(w.Receivers)
	c.channels = maps.Clone(w.channels)
	c.owed = maps.Clone(w.owed)
	c.nonces = maps.Clone(w.nonces)
	c.log = slices.Clip(w.log)
	return &c
}

// ChannelID is the contract's channelId.
func (w *World) ChannelID(p evm.Params) [32]byte { return p.ID(w.Deployed, w.Address) }

// Channel is the contract's channel.
func (w *World) Channel(id [32]byte) evm.Channel { return w.channels[id].Channel }

// Owed is the contract's owed.
func (w *World) Owed(token, who common.Address) Amount { return w.owed[debt{token, who}] }

// OwedNonce is the contract's owedNonce.
func (w *World) OwedNonce(who common.Address) uint64 { return w.nonces[who] }

// transact runs a call: it changes the world and tells what happened, or it fails and changes nothing.
// No call runs inside another (rule 6).
func (w *World) transact(body func() error) ([]evm.Event, error) {
	if w.entered {
		return nil, evm.ErrReentered
	}
	before := w.Clone()
	w.entered = true
	if err := body(); err != nil {
		*w = *before
		return nil, err
	}
	w.entered = false
	return w.log[len(before.log):], nil
}

func (w *World) emit(e evm.Event) { w.log = append(w.log, e) }

// channelIn is the channel of given parameters, which must be in a phase.
func (w *World) channelIn(p evm.Params, phases ...evm.Phase) ([32]byte, channel, error) {
	id := w.ChannelID(p)
	c := w.channels[id]
	if !slices.Contains(phases, c.Phase) {
		return id, c, evm.ErrWrongPhase(c.Phase)
	}
	return id, c, nil
}

// sum is of amounts that are too small to overflow.
func sum(amounts ...Amount) (total Amount) {
	for i := range amounts {
		total.Add(&total, &amounts[i])
	}
	return total
}

// minus is a-b, for b <= a.
func minus(a, b Amount) (d Amount) {
	d.Sub(&a, &b)
	return d
}

func less(a, b Amount) bool { return a.Lt(&b) }

func minimum(a, b Amount) Amount {
	if less(a, b) {
		return a
	}
	return b
}

// capacity is more than a channel ever holds.
var capacity = *new(uint256.Int).Lsh(uint256.NewInt(1), 120)
