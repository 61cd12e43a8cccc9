package signer

import (
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/secp"
)

// parityBit is the top bit of S, which is free because S is low: EIP-2098.
const (
	parityAt  = 32
	parityBit = 0x80
)

// encode writes a signature. EIP-2098 has no room for recovery ids of 2 and 3, whose odds
// are 2^-128.
func (k Kind) encode(raw *[secp.Size]byte, id byte) (lnwire.Sig, error) {
	if k == EIP2098 {
		if id > 1 {
			return lnwire.Sig{}, fmt.Errorf("signer: recovery id %d has no EIP-2098 form", id)
		}
		raw[parityAt] |= id << 7
	}
	return lnwire.NewSigFromWireECDSA(raw[:])
}

// verify takes the raw bytes: lnwire's conversions to DER would drop the parity bit.
func (k Kind) verify(d *htlc.Digest, sig *lnwire.Sig) bool {
	raw := [secp.Size]byte(sig.RawBytes())
	if k == ECDSA {
		return secp.Verify(d.Pub, &d.Hash, &raw)
	}
	id := raw[parityAt] >> 7
	raw[parityAt] &^= parityBit
	pub, err := secp.Recover(&d.Hash, &raw, id)
	return err == nil && pub.IsEqual(d.Pub)
}
