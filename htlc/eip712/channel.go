package eip712

import (
	"errors"
	"fmt"
	"math"

	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/htlc"
)

// Tick is the unit of to_self_delay on a token channel, in seconds: 144 are a day.
const Tick = 600

// ChannelParams are what the contract knows a channel by: the fields of its struct Params.
type ChannelParams struct {
	A, B       [20]byte // addresses of the funding keys; A opened
	PayA, PayB [20]byte // are paid
	Token      [20]byte // zero: the chain's coin
	Delay      uint32   // seconds of the contest period
	Nonce      uint64
}

// ErrParams says why a channel can't be named on chain.
var ErrParams = errors.New("eip712: channel has no parameters on chain")

// Channel is what the contract knows a channel by. Its payout addresses are the
// upfront_shutdown_scripts, its delay is the longer of both to_self_delays in ticks, its nonce that of
// the Params.
func (f Format) Channel(p *htlc.Params) (ChannelParams, error) {
	c := ChannelParams{Token: f.Token, Nonce: p.Nonce}
	a, b := &p.Terms[p.Opener], &p.Terms[p.Opener.Other()]
	if a.Funding == nil || b.Funding == nil {
		return c, fmt.Errorf("%w: a funding key is missing", ErrParams)
	}
	for _, t := range [...]*htlc.Terms{a, b} {
		if err := f.CheckScript(t.CloseScript); err != nil {
			return c, fmt.Errorf("%w: payout address: %w", ErrParams, err)
		}
	}
	c.A, c.B = Address(a.Funding), Address(b.Funding)
	c.PayA, c.PayB = [20]byte(a.CloseScript[2:]), [20]byte(b.CloseScript[2:])
	c.Delay = Tick * uint32(max(a.ToSelfDelay, b.ToSelfDelay))
	return c, nil
}

// ID is the contract's name of a channel: keccak256(abi.encode(chain id, contract, parameters)).
func (f Format) ID(c ChannelParams) [32]byte {
	return keccak256(make(words, 0, 9*32).
		number(f.ChainID).address(f.Contract).
		address(c.A).address(c.B).address(c.PayA).address(c.PayB).address(c.Token).
		number(uint64(c.Delay)).number(c.Nonce))
}

// Locate names the funding "output": txid the channel's id, index 0. So BOLT 2's channel_id is the
// contract's.
func (f Format) Locate(p *htlc.Params) (wire.OutPoint, error) {
	c, err := f.Channel(p)
	return wire.OutPoint{Hash: f.ID(c)}, err
}

// DefaultHTLCs is how many HTLCs a side accepts unless its operator says otherwise: to resolve
// one on chain costs gas for all.
const DefaultHTLCs = 30

// Profile sets what the wire profile of token channels fixes (docs/spec/token-channels.md,
// "Opening"). What is left to the node is as it was: chain_hash, amounts, delays, keys and the payout
// address in Terms.CloseScript. A max_accepted_htlcs of 0 becomes DefaultHTLCs.
func (f Format) Profile(cfg *htlc.OpenConfig) {
	cfg.Format = f
	cfg.Type = ChannelType
	cfg.FeeRate, cfg.MinFeeRate, cfg.MaxFeeRate = 0, 0, 0
	cfg.Wumbo, cfg.Upfront, cfg.NeedScript = true, true, true
	cfg.MinReserve = minReserve
	cfg.MaxMinDepth = math.MaxUint32
	cfg.Terms.DustLimit = 0
	if cfg.Terms.MaxAccepted == 0 {
		cfg.Terms.MaxAccepted = DefaultHTLCs
	}
}

// minReserve is the least channel_reserve, in percent of the capacity: what a cheater has to lose,
// and the most that a tower's bounty can be.
const minReserve = 1
