package bolt3

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
)

// ErrCloseFee says that the opener can't pay a close's fee, or that it pays nobody.
var ErrCloseFee = errors.New("bolt3: closing fee can't be paid")

// ErrCloseDust says that a close has an output so small that no node relays it. BOLT 2 has
// the channel failed (closing_signed).
var ErrCloseDust = errors.New("bolt3: closing output is below its script's dust limit")

// scriptDust is the least that nodes relay to a script (BOLT 3, "Dust Limits").
func scriptDust(script []byte) htlc.Sat {
	switch {
	case txscript.IsPayToPubKeyHash(script):
		return 546
	case txscript.IsPayToScriptHash(script):
		return 540
	case txscript.IsPayToWitnessPubKeyHash(script):
		return 294
	case txscript.IsPayToWitnessScriptHash(script):
		return 330
	}
	return 354
}

// BuildClose makes the cooperative close without its witness: BOLT 3, "Legacy Closing
// Transaction". Each side's output goes when it is below that side's own dust limit.
func BuildClose(p *htlc.Params, c *htlc.Close) (*wire.MsgTx, error) {
	if err := checkKeys(p); err != nil {
		return nil, err
	}
	if c.Balance[0] > lnwire.NewMSatFromSatoshis(p.Capacity) || c.Balance[1] >
		lnwire.NewMSatFromSatoshis(p.Capacity)-c.Balance[0] {
		return nil, fmt.Errorf("bolt3: close pays out %d and %d, more than the capacity of %d sat",
			c.Balance[0], c.Balance[1], p.Capacity)
	}
	value := [2]htlc.Sat{c.Balance[0].ToSatoshis(), c.Balance[1].ToSatoshis()}
	if c.Fee < 0 || c.Fee > value[p.Opener] {
		return nil, fmt.Errorf("%w: opener has %d sat, fee is %d", ErrCloseFee, value[p.Opener], c.Fee)
	}
	value[p.Opener] -= c.Fee

	tx := wire.NewMsgTx(txVersion)
	tx.AddTxIn(&wire.TxIn{PreviousOutPoint: p.Outpoint, Sequence: wire.MaxTxInSequenceNum})
	for side, v := range value {
		if v > 0 && v >= p.Terms[side].DustLimit {
			if least := scriptDust(c.Script[side]); v < least {
				return nil, fmt.Errorf("%w: %d sat, needs %d", ErrCloseDust, v, least)
			}
			tx.AddTxOut(&wire.TxOut{Value: int64(v), PkScript: c.Script[side]})
		}
	}
	if len(tx.TxOut) == 0 {
		return nil, fmt.Errorf("%w: both outputs are dust after a fee of %d", ErrCloseFee, c.Fee)
	}
	if len(tx.TxOut) == 2 && outputAfter(tx.TxOut[0], tx.TxOut[1]) {
		tx.TxOut[0], tx.TxOut[1] = tx.TxOut[1], tx.TxOut[0]
	}
	return tx, nil
}

// outputAfter is BIP 69's order.
func outputAfter(a, b *wire.TxOut) bool {
	if a.Value != b.Value {
		return a.Value > b.Value
	}
	return bytes.Compare(a.PkScript, b.PkScript) > 0
}

// CloseDigest is the sighash (SIGHASH_ALL) of the cooperative close. Both sides sign it;
// Pub is the other's key, whose signature is to be verified.
func (Format) CloseDigest(p *htlc.Params, c *htlc.Close) (htlc.Digest, error) {
	tx, err := BuildClose(p, c)
	if err != nil {
		return htlc.Digest{}, err
	}
	hash, err := fundingHash(p, tx)
	if err != nil {
		return htlc.Digest{}, err
	}
	return htlc.Digest{Role: htlc.FundingKey, Pub: p.Terms[htlc.Remote].Funding, Hash: hash}, nil
}

// CloseTx is the cooperative close with its witness.
func (Format) CloseTx(p *htlc.Params, c *htlc.Close, sigs [2]lnwire.Sig) ([]byte, error) {
	tx, err := BuildClose(p, c)
	if err != nil {
		return nil, err
	}
	if tx.TxIn[0].Witness, err = SpendFunding(p, sigs); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := tx.Serialize(&b); err != nil {
		return nil, fmt.Errorf("bolt3: serialise close: %w", err)
	}
	return b.Bytes(), nil
}

// fundingHash is the sighash of a transaction whose only input is the funding output.
func fundingHash(p *htlc.Params, tx *wire.MsgTx) (hash [32]byte, err error) {
	script := FundingWitness(p.Terms[0].Funding, p.Terms[1].Funding)
	fetch := txscript.NewCannedPrevOutputFetcher(script, int64(p.Capacity))
	h, err := txscript.CalcWitnessSigHash(
		script, txscript.NewTxSigHashes(tx, fetch), txscript.SigHashAll, tx, 0, int64(p.Capacity))
	if err != nil {
		return hash, fmt.Errorf("bolt3: sighash: %w", err)
	}
	copy(hash[:], h)
	return hash, nil
}

// Weights in a close, in weight units.
const (
	// closeBase is version, counts, input and locktime at 4, and a witness of marker,
	// flag, four items and two signatures of 73 bytes.
	closeBase     = 4*(4+1+41+1+4) + 2 + 1 + 1 + 2*(1+73) + 1 + 71
	txOutOverhead = 8 + 1
)

// CloseFee is a rate times the weight of a close with both outputs.
func (Format) CloseFee(rate htlc.FeeRate, _ *htlc.Params, scripts [2][]byte) htlc.Sat {
	weight := int64(closeBase)
	for _, s := range scripts {
		weight += 4 * int64(txOutOverhead+len(s))
	}
	return weightFee(rate, weight)
}
