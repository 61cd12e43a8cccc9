package eip712

import (
	"encoding/binary"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/ethereum/go-ethereum/crypto/keccak"
)

// The types that are signed: EIP-712's encodeType.
const (
	domainType = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"

	commitmentType = "Commitment(bytes32 id,uint8 holder,uint64 n,uint128 toA,uint128 toB," +
		"uint128 accA,uint128 accB,uint128 outA,uint128 outB,address rev,uint128 locked,bytes32 locksHash)"

	withdrawType = "Withdraw(bytes32 id,uint128 totalA,uint128 totalB)"

	coopType = "Coop(bytes32 id,uint128 a,uint128 b,uint128 accA,uint128 accB,uint128 outA,uint128 outB)"
)

// The domain's name and version.
const (
	DomainName    = "nwnd"
	DomainVersion = "1"
)

func keccak256(b []byte) (out [32]byte) {
	h := keccak.NewLegacyKeccak256()
	h.Write(b)
	h.Sum(out[:0])
	return out
}

// Address is the Ethereum address of a public key.
func Address(pub *btcec.PublicKey) [20]byte {
	h := keccak256(pub.SerializeUncompressed()[1:])
	return [20]byte(h[12:])
}

// words is an encoded struct: its type's hash, then 32 bytes for each field.
type words []byte

func newWords(typ string) words {
	h := keccak256([]byte(typ))
	return append(make(words, 0, 13*32), h[:]...)
}

func (w words) bytes32(b [32]byte) words { return append(w, b[:]...) }
func (w words) amount(a amount) words    { return w.bytes32(a.word()) }
func (w words) text(s string) words      { return w.bytes32(keccak256([]byte(s))) }

func (w words) number(n uint64) words {
	return binary.BigEndian.AppendUint64(append(w, make([]byte, 24)...), n)
}

func (w words) address(a [20]byte) words {
	return append(append(w, make([]byte, 12)...), a[:]...)
}

func (f *Format) domain() [32]byte {
	return keccak256(newWords(domainType).
		text(DomainName).text(DomainVersion).number(f.ChainID).address(f.Contract))
}

// digest is what is signed: EIP-712, "Specification of the eth_signTypedData JSON RPC".
func (f *Format) digest(w words) [32]byte {
	domain, hash := f.domain(), keccak256(w)
	return keccak256(append(append([]byte{0x19, 0x01}, domain[:]...), hash[:]...))
}
