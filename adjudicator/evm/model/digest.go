package model

import (
	"encoding/binary"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// The types that are signed, by EIP-712.
const (
	domainType     = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
	commitmentType = "Commitment(bytes32 id,uint8 holder,uint64 n,uint128 toA,uint128 toB," +
		"uint128 accA,uint128 accB,uint128 outA,uint128 outB,address rev,uint128 locked,bytes32 locksHash)"
	coopType     = "Coop(bytes32 id,uint128 a,uint128 b,uint128 accA,uint128 accB,uint128 outA,uint128 outB)"
	withdrawType = "Withdraw(bytes32 id,uint128 totalA,uint128 totalB)"
	grantType    = "Grant(bytes32 id,address tower,uint128 bounty)"
	owedType     = "OwedClaim(address token,address who,address to,uint256 nonce)"
)

// DomainSeparator is the contract's domainSeparator: of the chain's id as it is now (rule 8).
func (w *World) DomainSeparator() [32]byte {
	return hashStruct(domainType, crypto.Keccak256([]byte("nwnd")), crypto.Keccak256([]byte("1")),
		number(w.ChainID), address(w.Address))
}

// CommitmentDigest is what both sides sign for `close`.
func (w *World) CommitmentDigest(id [32]byte, c evm.Commitment, locked Amount, locksHash [32]byte) [32]byte {
	return w.digest(commitmentType, id[:], number(uint64(c.Holder)), number(c.N), amount(c.ToA), amount(c.ToB),
		amount(c.AccA), amount(c.AccB), amount(c.OutA), amount(c.OutB),
		address(c.Rev), amount(locked), locksHash[:])
}

// CoopDigest is what both sides sign for `coop`.
func (w *World) CoopDigest(id [32]byte, c evm.Cooperation) [32]byte {
	return w.digest(coopType, id[:], amount(c.A), amount(c.B),
		amount(c.AccA), amount(c.AccB), amount(c.OutA), amount(c.OutB))
}

// WithdrawDigest is what both sides sign for `withdraw`.
func (w *World) WithdrawDigest(id [32]byte, totalA, totalB Amount) [32]byte {
	return w.digest(withdrawType, id[:], amount(totalA), amount(totalB))
}

// GrantDigest is what a victim signs for the tower that may punish for it.
func (w *World) GrantDigest(id [32]byte, tower common.Address, bounty Amount) [32]byte {
	return w.digest(grantType, id[:], address(tower), amount(bounty))
}

// OwedDigest is what who signs for another to send its claim.
func (w *World) OwedDigest(token, who, to common.Address, nonce uint64) [32]byte {
	return w.digest(owedType, address(token), address(who), address(to), number(nonce))
}

func (w *World) digest(typ string, fields ...[]byte) [32]byte {
	domain, hash := w.DomainSeparator(), hashStruct(typ, fields...)
	return crypto.Keccak256Hash([]byte{0x19, 0x01}, domain[:], hash[:])
}

func hashStruct(typ string, fields ...[]byte) [32]byte {
	return crypto.Keccak256Hash(append([][]byte{crypto.Keccak256([]byte(typ))}, fields...)...)
}

func number(n uint64) []byte          { return binary.BigEndian.AppendUint64(make([]byte, 24), n) }
func amount(a Amount) []byte          { b := a.Bytes32(); return b[:] }
func address(a common.Address) []byte { return common.LeftPadBytes(a[:], 32) }

// signed reports whether who signed, by an EIP-2098 signature with a low s (rule 8).
func signed(digest [32]byte, sig evm.Sig, who common.Address) bool {
	var rsv [65]byte
	copy(rsv[:], sig[:])
	rsv[64] = sig[32] >> 7
	rsv[32] &= 0x7f
	var s btcec.ModNScalar
	if overflow := s.SetByteSlice(rsv[32:64]); overflow || s.IsOverHalfOrder() {
		return false
	}
	pub, err := crypto.Ecrecover(digest[:], rsv[:])
	return err == nil && common.BytesToAddress(crypto.Keccak256(pub[1:])) == who
}

// opens reports whether a secret is that of a point's address: secret*G.
func opens(secret [32]byte, rev common.Address) bool {
	var s btcec.ModNScalar
	s.SetBytes(&secret) // reduced by the curve's order
	if s.IsZero() {
		return false
	}
	pub := btcec.PrivKeyFromScalar(&s).PubKey().SerializeUncompressed()
	return common.BytesToAddress(crypto.Keccak256(pub[1:])) == rev
}
