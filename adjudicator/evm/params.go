package evm

import (
	"encoding/binary"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// Params is what two parties agreed on when they opened a channel. It travels in every call's data;
// the contract keeps only the channel's phase under its ID.
type Params struct {
	A, B       common.Address // sign; A opened. Addresses of BOLT 3 funding keys, which hold no gas
	PayA, PayB common.Address // are paid
	Token      common.Address // zero: the chain's coin
	Delay      uint32         // seconds of the contest period
	Nonce      uint64         // BOLT 2: the first 8 bytes of temporary_channel_id
}

// ID is keccak256(abi.encode(chain id, adjudicator, Params)): the contract's name of the channel and
// its BOLT 2 channel_id.
func (p Params) ID(chainID uint64, adjudicator common.Address) [32]byte {
	b := make([]byte, 0, 9*32)
	b = appendUint(b, chainID)
	for _, a := range [...]common.Address{adjudicator, p.A, p.B, p.PayA, p.PayB, p.Token} {
		b = append(append(b, make([]byte, 12)...), a[:]...)
	}
	b = appendUint(b, uint64(p.Delay))
	b = appendUint(b, p.Nonce)
	return crypto.Keccak256Hash(b)
}

// appendUint appends an integer as the ABI's word of 32 bytes.
func appendUint(b []byte, n uint64) []byte {
	return binary.BigEndian.AppendUint64(append(b, make([]byte, 24)...), n)
}
