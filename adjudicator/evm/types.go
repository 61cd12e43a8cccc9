package evm

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// Amount counts base units of a token, or wei. The contract's channels hold less than 2^120.
type Amount = uint256.Int

// The sides of a channel as the contract counts them.
const (
	SideA = 0 // the opener
	SideB = 1
)

// Phase is how far a channel has come on chain. It only grows.
type Phase uint8

// The contract's enum Phase.
const (
	PhaseNone    Phase = iota // nothing was deposited yet
	PhaseOpen                 //
	PhaseClosing              // a state was posted
	PhaseEnded                // for ever
)

func (p Phase) String() string {
	names := [...]string{"none", "open", "closing", "ended"}
	if int(p) < len(names) {
		return names[p]
	}
	return fmt.Sprintf("phase %d", uint8(p))
}

// Sig is an EIP-2098 signature: r, then s with the parity of y in its top bit.
type Sig [64]byte

// Commitment is a state of a channel that one side, its holder, may close with. With the sum of its
// locks: toA + toB + locked == accA + accB - outA - outB.
type Commitment struct {
	Holder     uint8  // SideA or SideB
	N          uint64 // BOLT 3's commitment number
	ToA, ToB   Amount
	AccA, AccB Amount         // gross deposits that this state accounts for
	OutA, OutB Amount         // gross withdrawals
	Rev        common.Address // of the holder's per_commitment_point
}

// Cooperation is a final state that both sides sign: A + B == AccA + AccB - OutA - OutB.
type Cooperation struct {
	A, B       Amount
	AccA, AccB Amount // gross deposits that it accounts for
	OutA, OutB Amount // gross withdrawals
}

// Channel is all that the contract knows of a channel.
type Channel struct {
	Phase Phase

	// While it is open, and zero otherwise.
	DepA, DepB             Amount // gross deposits
	WithdrawnA, WithdrawnB Amount // gross withdrawals

	// While it is closing, and zero otherwise.
	Holder    uint8
	Partly    bool // settlePartial has paid what was decided then
	Rev       common.Address
	Deadline  uint64 // of the contest period, unix seconds
	ToHolder  Amount // decided for the holder and not yet paid
	Left      Amount // all that is not yet paid: ToHolder, what is the peer's, undecided locks
	Cap       Amount // the most that a bounty is: what of ToHolder the state decided, in whole Left>>49 + 1
	Undecided uint16 // locks that are neither taken nor refunded
	LocksHash [32]byte
	Decided   [4]Amount // a bit for each lock: index i is bit i % 256 of word i / 256
}

// IsDecided reports whether the lock at an index was claimed or refunded.
func (c *Channel) IsDecided(index int) bool {
	return index >= 0 && index < 1024 && c.Decided[index/256][index%256/64]>>(index%64)&1 == 1
}

// Claim is the preimage of the lock at an index of the posted state's array.
type Claim struct {
	Index    uint16
	Preimage [32]byte
}

// claimSize is a packed claim's: index (2), preimage (32).
const claimSize = 34

// ErrClaims says that bytes aren't packed claims.
var ErrClaims = errors.New("evm: malformed claims")

// PackClaims packs claims as the contract's resolve takes them and its event Resolved gives them.
// The contract wants indices ascending.
func PackClaims(claims []Claim) []byte {
	out := make([]byte, 0, claimSize*len(claims))
	for _, c := range claims {
		out = append(binary.BigEndian.AppendUint16(out, c.Index), c.Preimage[:]...)
	}
	return out
}

// UnpackClaims is the reverse of PackClaims.
func UnpackClaims(packed []byte) ([]Claim, error) {
	if len(packed)%claimSize != 0 {
		return nil, fmt.Errorf("%w: %d bytes, want a multiple of %d", ErrClaims, len(packed), claimSize)
	}
	var out []Claim
	for ; len(packed) > 0; packed = packed[claimSize:] {
		out = append(out, Claim{Index: binary.BigEndian.Uint16(packed), Preimage: [32]byte(packed[2:claimSize])})
	}
	return out, nil
}

// Lock is an entry of the array that a commitment's locksHash commits to.
type Lock struct {
	Hash   [32]byte // SHA-256 of the preimage
	Amount Amount   // below 2^128
	Expiry uint64   // unix seconds, below 2^48: claims come before it, refunds from it on
	Side   uint8    // is paid on the preimage
	Kind   uint8    // 0: SHA-256
}

// lockSize is a packed lock's: hash (32), amount (16), expiry (6), side (1), kind (1), zeros (8).
const lockSize = 64

// ErrLocks says that bytes aren't packed locks.
var ErrLocks = errors.New("evm: malformed locks")

// PackLocks packs locks as the contract takes them.
func PackLocks(locks []Lock) []byte {
	out := make([]byte, 0, lockSize*len(locks))
	for _, l := range locks {
		amount := l.Amount.Bytes32()
		out = append(append(out, l.Hash[:]...), amount[16:]...)
		out = append(out, binary.BigEndian.AppendUint64(nil, l.Expiry)[2:]...)
		out = append(append(out, l.Side, l.Kind), make([]byte, 8)...)
	}
	return out
}

// UnpackLocks is the reverse of PackLocks. It takes what the contract's close takes: sides and kinds
// that it knows, and no bits in the padding.
func UnpackLocks(packed []byte) ([]Lock, error) {
	if len(packed)%lockSize != 0 {
		return nil, fmt.Errorf("%w: %d bytes, want a multiple of %d", ErrLocks, len(packed), lockSize)
	}
	var out []Lock
	for ; len(packed) > 0; packed = packed[lockSize:] {
		l := Lock{Hash: [32]byte(packed[:32]), Side: packed[54], Kind: packed[55]}
		l.Amount.SetBytes(packed[32:48])
		l.Expiry = binary.BigEndian.Uint64(packed[46:54]) & (1<<48 - 1)
		if l.Side > SideB || l.Kind != 0 || [8]byte(packed[56:64]) != [8]byte{} {
			return nil, fmt.Errorf("%w: lock %d has side %d, kind %d, padding %x, want side 0 or 1, kind 0, padding 0",
				ErrLocks, len(out), l.Side, l.Kind, packed[56:64])
		}
		out = append(out, l)
	}
	return out, nil
}
