package bolt3

import (
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/txscript"
	"github.com/nichework/nwnd/htlc"
)

// Format writes bitcoin commitments. The zero value is ready.
type Format struct{}

var _ htlc.Format = Format{}

// maxHeight bounds an expiry: from here on nLockTime, and so cltv_expiry, is a time.
const maxHeight = 500_000_000

// CheckExpiry refuses what isn't a block height.
func (Format) CheckExpiry(expiry uint32) error {
	if expiry >= maxHeight {
		return fmt.Errorf("%w: %d is a time, bitcoin counts blocks (below %d)",
			htlc.ErrExpiry, expiry, maxHeight)
	}
	return nil
}

// ErrScript says that a shutdown script isn't one of BOLT 2's.
var ErrScript = errors.New("bolt3: shutdown script is not p2pkh, p2sh, p2wpkh, p2wsh or witness v1 to v16")

// CheckScript takes the forms of BOLT 2, "Closing Initiation: shutdown", those of
// option_shutdown_anysegwit among them.
func (Format) CheckScript(script []byte) error {
	switch {
	case txscript.IsPayToPubKeyHash(script), txscript.IsPayToScriptHash(script),
		txscript.IsPayToWitnessPubKeyHash(script), txscript.IsPayToWitnessScriptHash(script),
		isLaterWitness(script):
		return nil
	}
	return fmt.Errorf("%w: %x", ErrScript, script[:min(len(script), 42)])
}

// isLaterWitness: OP_1 to OP_16 and one push of 2 to 40 bytes.
func isLaterWitness(s []byte) bool {
	return len(s) >= 4 && len(s) <= 42 && s[0] >= txscript.OP_1 && s[0] <= txscript.OP_16 &&
		int(s[1]) == len(s)-2
}
