package htlc

import (
	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
)

// Format is how one kind of chain writes commitments down. Implementations are pure,
// stateless and safe to share between channels.
type Format interface {
	// CheckExpiry refuses an expiry of the wrong kind: a time where the chain counts
	// blocks, a height where it counts seconds.
	CheckExpiry(expiry uint32) error

	// Fee is what the opener pays for a commitment with that many untrimmed HTLCs, all
	// anchors included.
	Fee(rate FeeRate, untrimmed int) Sat

	// Trimmed reports whether an HTLC has no output in the holder's commitment: its
	// whole amount is below the dust limit plus the fee of its second-stage transaction.
	Trimmed(h *HTLC, holder Side, dust Sat, rate FeeRate) bool

	// Digests are what must be signed for a commitment: first the commitment by
	// FundingKey, then one by HTLCKey for each untrimmed HTLC in the order in which
	// commitment_signed lists them (none, if one signature covers all). Each names the
	// public key of the side that signs: the one that is *not* the holder.
	Digests(p *Params, s *Commitment) ([]Digest, error)

	// CloseDigest is what both sides sign with their funding key to close cooperatively.
	CloseDigest(p *Params, c *Close) (Digest, error)

	// CloseTx assembles the cooperative close, ready to broadcast. Sigs are by Side.
	CloseTx(p *Params, c *Close, sigs [2]lnwire.Sig) ([]byte, error)

	// CloseFee estimates the fee of a close at a rate, for the first fee proposal.
	CloseFee(rate FeeRate, p *Params, scripts [2][]byte) Sat

	// CheckScript refuses a shutdown script that BOLT 2 doesn't list (or that the chain
	// can't pay to).
	CheckScript(script []byte) error
}

// Locator is a Format that names a channel's funding output by what was agreed, so that there is
// nothing to choose: funding_created must name the same.
type Locator interface {
	Locate(*Params) (wire.OutPoint, error)
}

// Vault is a Format whose chain takes more money into a channel, and pays some out, while it is open.
type Vault interface {
	// WithdrawDigest is what both sides sign with their funding key for the chain to have paid out
	// so much in all, by Side.
	WithdrawDigest(p *Params, total [2]Sat) (Digest, error)
}

// Commitment is the ledger of one side's state, before fees and rounding.
type Commitment struct {
	Holder  Side             // whose commitment this is: who may broadcast it
	Number  uint64           // counts from 0; BOLT 3's 48-bit commitment number
	Point   *btcec.PublicKey // the holder's per_commitment_point
	FeeRate FeeRate
	Balance [2]MilliSat // by Side, HTLCs taken out, the opener's fee not
	HTLCs   []*HTLC     // both directions, any order

	// What was put in and paid out in all, by Side. The ledger is the difference of their sums.
	Deposited, Withdrawn [2]Sat
}

// Close is a cooperative close. Balances are what each side is owed before the fee.
type Close struct {
	Balance [2]MilliSat
	Script  [2][]byte
	Fee     Sat // paid by the opener

	Deposited, Withdrawn [2]Sat // as in Commitment
}

// KeyRole says which of a side's keys signs.
type KeyRole uint8

// The two keys that sign what a peer holds.
const (
	FundingKey KeyRole = iota
	HTLCKey            // the HTLC basepoint tweaked with Digest.Point
)

// Digest is one thing to sign or to verify.
type Digest struct {
	Role  KeyRole
	Point *btcec.PublicKey // per_commitment_point that tweaks HTLCKey; nil for FundingKey
	Pub   *btcec.PublicKey // the key that signs, tweak applied
	Hash  [32]byte
}

// Signer holds this side's secrets of one channel. It signs and verifies in batches, so
// that an implementation can use every core. Signatures are deterministic (RFC 6979): a
// commitment is signed again, not stored, when it must be sent again.
type Signer interface {
	// Point is this side's nth per_commitment_point, Secret the secret behind it. n
	// counts from 0.
	Point(n uint64) *btcec.PublicKey
	Secret(n uint64) [32]byte

	// Sign makes one 64-byte signature for each digest with this side's keys.
	Sign(ds []Digest) ([]lnwire.Sig, error)

	// Verify checks the peer's signatures (same length as ds) against each Digest.Pub;
	// the error names the first index that fails.
	Verify(ds []Digest, sigs []lnwire.Sig) error
}
