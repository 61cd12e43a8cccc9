package enforce

import (
	"fmt"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
)

// signers sign what is their channel's in a transaction for several.
type signers map[wire.OutPoint]*item

// SignClaims implements bitcoin.Signer.
func (s signers) SignClaims(ds []bitcoin.Digest) ([]lnwire.Sig, error) {
	sigs := make([]lnwire.Sig, 0, len(ds))
	for len(ds) > 0 {
		by, n := s[ds[0].Out], 1
		if by == nil {
			return nil, fmt.Errorf("%w: none for %v", bitcoin.ErrSigner, ds[0].Out)
		}
		for n < len(ds) && s[ds[n].Out] != nil && s[ds[n].Out].Channel == by.Channel {
			n++
		}
		some, err := by.Signer.SignClaims(ds[:n])
		if err != nil {
			return nil, err
		}
		if len(some) != n {
			return nil, fmt.Errorf("%w: %d signatures for %d digests", bitcoin.ErrSigner, len(some), n)
		}
		sigs, ds = append(sigs, some...), ds[n:]
	}
	return sigs, nil
}
