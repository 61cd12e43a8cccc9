package htlc

import (
	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
)

// Side is one of the two parties, seen from this node.
type Side uint8

// The two sides of a channel.
const (
	Local Side = iota
	Remote
)

// Other is the opposite side.
func (s Side) Other() Side { return 1 - s }

// String is "local" or "remote".
func (s Side) String() string {
	if s == Local {
		return "local"
	}
	return "remote"
}

// MilliSat is a thousandth of an asset's whole unit (of a satoshi, on bitcoin).
type MilliSat = lnwire.MilliSatoshi

// Sat is an asset's whole unit.
type Sat = btcutil.Amount

// FeeRate is in satoshi per 1000 weight units, as update_fee has it. Zero on EVM chains.
type FeeRate uint32

// Ref says on whose behalf an HTLC was offered. A forward carries the incoming channel
// and the HTLC's id there; a payment of this node carries a zero Chan and the number of
// the attempt. It is stored with the HTLC, so the map of circuits needs no database of
// its own.
type Ref struct {
	Chan lnwire.ChannelID
	ID   uint64
}

// Own reports whether this node itself is paying.
func (r Ref) Own() bool { return r.Chan == lnwire.ChannelID{} }

// HTLC is one hash time-locked contract. It never changes after it was added, so
// channels share it by pointer.
type HTLC struct {
	Offerer Side
	ID      uint64 // counts from 0 per offerer (BOLT 2, update_add_htlc)
	Amount  MilliSat
	Hash    [32]byte // SHA-256 of the preimage, on every chain
	Expiry  uint32   // block height on bitcoin, unix seconds on EVM chains
	Onion   *[lnwire.OnionPacketSize]byte
	Ref     Ref // meaningful when Offerer is Local
}

// Terms are what one side demands of the other or brings along; fixed at opening.
type Terms struct {
	DustLimit   Sat      // outputs below this are trimmed from this side's commitment
	Reserve     Sat      // what this side must keep as its balance (set by the other)
	HTLCMinimum MilliSat // the smallest HTLC this side accepts
	MaxInFlight MilliSat // the most HTLC value this side accepts, in all
	MaxAccepted uint16   // the most HTLCs this side accepts, at most 483
	ToSelfDelay uint16   // blocks this side waits for its own to_local (set by the other)
	Funding     *btcec.PublicKey
	Revocation  *btcec.PublicKey // basepoints, BOLT 3 "Key Derivation"
	Payment     *btcec.PublicKey
	Delayed     *btcec.PublicKey
	HTLC        *btcec.PublicKey
	CloseScript []byte // upfront_shutdown_script, empty if none
}

// Params are fixed when the channel is opened.
type Params struct {
	ID        lnwire.ChannelID
	ChainHash [32]byte // genesis hash, or asset id
	Peer      [33]byte // the peer's node key, compressed
	Opener    Side
	Outpoint  wire.OutPoint
	Capacity  Sat
	Pushed    MilliSat // push_msat: the balance that the opener gave away at opening
	FeeRate   FeeRate  // of the first commitments
	KeyIndex  uint32   // from which the shell derives this channel's Signer
	MinDepth  uint32   // confirmations before channel_ready
	Announce  bool     // announce_channel
	Nonce     uint64   // the first 8 bytes of temporary_channel_id, big endian
	FundingTx []byte   // serialised, if this node made it; to publish again after a crash
	MaxDust   MilliSat // cap on dust exposure, per commitment (CVE-2021-41591 and its kin)
	Terms     [2]Terms // by Side

	// CloseScript is where this side's part of a close goes, if neither Shutdown nor an
	// upfront_shutdown_script says otherwise.
	CloseScript []byte
}

// Preimage opens an HTLC.
type Preimage [32]byte
