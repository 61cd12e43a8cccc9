package node

import (
	"errors"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil/bech32"
)

// What of an invoice's data matters to its signature's form (BOLT 11, "Data Part"), in groups of 5 bits.
const (
	bolt11Time      = 7
	bolt11Signature = 104
	bolt11FieldHead = 3 // type, length in two groups
	bolt11NodeID    = 19
	bolt11KeySize   = 53
)

var errHighS = errors.New("its signature is not in the low-S form, which an invoice that names its issuer must have")

// checkLowS refuses an invoice that zpay32 has read if it names its issuer and has a signature with a high S
// (BOLT 11, "Requirements" of the n field): anyone could have turned it over.
func checkLowS(request string) error {
	_, data, err := bech32.DecodeNoLimit(request)
	if err != nil {
		return err
	}
	if len(data) < bolt11Time+bolt11Signature {
		return errors.New("it is too short for a time and a signature")
	}
	sig, err := bech32.ConvertBits(data[len(data)-bolt11Signature:], 5, 8, true)
	if err != nil {
		return err
	}
	var s btcec.ModNScalar
	if overflow := s.SetByteSlice(sig[32:64]); !overflow && !s.IsOverHalfOrder() {
		return nil
	}
	for fields := data[bolt11Time : len(data)-bolt11Signature]; len(fields) >= bolt11FieldHead; {
		size := int(fields[1])<<5 | int(fields[2])
		if fields[0] == bolt11NodeID && size == bolt11KeySize {
			return errHighS
		}
		fields = fields[min(len(fields), bolt11FieldHead+size):]
	}
	return nil
}
