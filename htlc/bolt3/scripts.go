package bolt3

import (
	"bytes"
	"crypto/sha256"
	"errors"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/txscript"
	"github.com/nichework/nwnd/htlc"
)

// pkScript is a witness program of version 0 with a script's hash: every output of a
// commitment is one.
type pkScript [34]byte

// p2wsh pays to a witness script.
func p2wsh(script []byte) (pk pkScript) {
	pk[0], pk[1] = txscript.OP_0, txscript.OP_DATA_32
	h := sha256.Sum256(script)
	copy(pk[2:], h[:])
	return pk
}

// FundingScript is the 2-of-2 output that a channel spends: BOLT 3, "Funding Transaction
// Output".
func FundingScript(p *htlc.Params) ([]byte, error) {
	a, b := p.Terms[htlc.Local].Funding, p.Terms[htlc.Remote].Funding
	if a == nil || b == nil {
		return nil, errors.New("bolt3: a funding key is missing")
	}
	pk := p2wsh(FundingWitness(a, b))
	return pk[:], nil
}

// FundingWitness is the funding output's witness script, lesser key first.
func FundingWitness(a, b *btcec.PublicKey) []byte {
	x, y := a.SerializeCompressed(), b.SerializeCompressed()
	if bytes.Compare(x, y) > 0 {
		x, y = y, x
	}
	s := []byte{txscript.OP_2}
	s = pushKey(s, x)
	s = pushKey(s, y)
	return append(s, txscript.OP_2, txscript.OP_CHECKMULTISIG)
}

// DelayedScript holds the to_local output and the output of every HTLC transaction.
func DelayedScript(revocation, delayed *btcec.PublicKey, delay uint16) []byte {
	s := []byte{txscript.OP_IF}
	s = pushKey(s, revocation.SerializeCompressed())
	s = append(s, txscript.OP_ELSE)
	s = pushInt(s, uint32(delay))
	s = append(s, txscript.OP_CHECKSEQUENCEVERIFY, txscript.OP_DROP)
	s = pushKey(s, delayed.SerializeCompressed())
	return append(s, txscript.OP_ENDIF, txscript.OP_CHECKSIG)
}

// ToRemoteScript holds the to_remote output: with anchors it waits one block.
func ToRemoteScript(payment *btcec.PublicKey) []byte {
	s := pushKey(nil, payment.SerializeCompressed())
	return append(s, txscript.OP_CHECKSIGVERIFY, txscript.OP_1, txscript.OP_CHECKSEQUENCEVERIFY)
}

// AnchorScript holds an anchor: its owner spends it at once, anyone after 16 blocks.
func AnchorScript(funding *btcec.PublicKey) []byte {
	s := pushKey(nil, funding.SerializeCompressed())
	return append(s, txscript.OP_CHECKSIG, txscript.OP_IFDUP, txscript.OP_NOTIF,
		txscript.OP_16, txscript.OP_CHECKSEQUENCEVERIFY, txscript.OP_ENDIF)
}

func pushKey(s, key []byte) []byte {
	return append(append(s, txscript.OP_DATA_33), key...)
}

// pushInt pushes a number as script has it: little endian, minimal, with a sign bit.
func pushInt(s []byte, n uint32) []byte {
	switch {
	case n == 0:
		return append(s, txscript.OP_0)
	case n <= 16:
		return append(s, txscript.OP_1+byte(n-1))
	}
	at := len(s)
	s = append(s, 0)
	last := byte(0)
	for ; n > 0; n >>= 8 {
		last = byte(n)
		s = append(s, last)
	}
	if last&0x80 != 0 {
		s = append(s, 0)
	}
	s[at] = byte(len(s) - at - 1)
	return s
}
