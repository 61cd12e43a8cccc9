package htlc

import (
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/shachain"
)

// New is a channel whose first commitments are signed: both sides' commitment 0 holds
// the capacity, less what was pushed, for the opener. The peer is connected. Opening
// makes it from messages; tests and other formats may make it directly.
func New(p *Params, f Format, s Signer, remotePoint *btcec.PublicKey, localSigs []lnwire.Sig) (
	*Channel, error) {

	if p.Capacity <= 0 || p.Capacity > MaxCapacity || p.Pushed > msat(p.Capacity) {
		return nil, fmt.Errorf("htlc: capacity of %d with %d msat pushed", p.Capacity, p.Pushed)
	}
	c := &Channel{
		params: p, format: f, signer: s,
		fees:        fees{{p.FeeRate, committed(p.Opener)}},
		localSigs:   localSigs,
		remotePoint: remotePoint,
		secrets:     shachain.NewRevocationStore(),
		conn:        conn{link: up},
	}
	c.gross[p.Opener][deposit] = p.Capacity
	c.balance[p.Opener] = msat(p.Capacity) - p.Pushed
	c.balance[p.Opener.Other()] = p.Pushed
	return c, c.check()
}

// MaxCapacity keeps every sum of millisatoshi far below 2^64.
const MaxCapacity = Sat(1<<63-1) / 1000
