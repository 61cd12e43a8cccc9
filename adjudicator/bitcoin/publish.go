package bitcoin

import (
	"fmt"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
)

// Publish is our newest commitment, signed by both: what a force close sends. There is none
// when our data is stale (htlc.ErrStale): an old one would be punished.
func Publish(ch *Channel, s htlc.Signer) (*wire.MsgTx, error) {
	if ch.Local == nil {
		return nil, htlc.ErrStale
	}
	if len(ch.LocalSigs) == 0 {
		return nil, fmt.Errorf("%w: no signature of the peer on our commitment %d", ErrChannel, ch.Local.Number)
	}
	ds, err := bolt3.Format{}.Digests(ch.Params, ch.Local)
	if err != nil {
		return nil, fmt.Errorf("adjudicator: our commitment %d: %w", ch.Local.Number, err)
	}
	theirs := ds[:1]
	if err := s.Verify(theirs, ch.LocalSigs[:1]); err != nil {
		return nil, fmt.Errorf("%w: the peer's signature on our commitment %d: %w", ErrChannel, ch.Local.Number, err)
	}
	mine := theirs[0]
	mine.Pub = ch.Params.Terms[htlc.Local].Funding
	sigs, err := s.Sign([]htlc.Digest{mine})
	if err != nil {
		return nil, fmt.Errorf("adjudicator: sign our commitment %d: %w", ch.Local.Number, err)
	}
	if len(sigs) != 1 {
		return nil, fmt.Errorf("%w: %d signatures for our commitment", ErrSigner, len(sigs))
	}
	built, err := bolt3.Build(ch.Params, ch.Local)
	if err != nil {
		return nil, err
	}
	tx := built.MsgTx
	tx.TxIn[0].Witness, err = bolt3.SpendFunding(ch.Params, [2]lnwire.Sig{sigs[0], ch.LocalSigs[0]})
	return tx, err
}

// Weight is a signed transaction's, in weight units (BIP 141).
func Weight(tx *wire.MsgTx) int64 {
	return int64(3*tx.SerializeSizeStripped() + tx.SerializeSize())
}
