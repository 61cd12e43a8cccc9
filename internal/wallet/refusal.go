package wallet

import (
	"errors"
	"strings"

	"github.com/btcsuite/btcwallet/chain"
)

// refusals are the backends' reasons by what they mean for who published. Of a fee that is too low
// to replace something, what counts is that there is something.
var refusals = []struct {
	kind    error
	reasons []error
}{
	{ErrConflict, []error{
		chain.ErrMempoolConflict, chain.ErrConflictingTx, chain.ErrInsufficientFee, chain.ErrTooManyReplacements,
		chain.ErrReplacementAddsUnconfirmed, chain.ErrBIP125ReplacementDisallowed,
	}},
	{ErrMissingInputs, []error{chain.ErrMissingInputs, chain.ErrMissingInputsOrSpent}},
	{ErrFeeTooLow, []error{chain.ErrMempoolMinFeeNotMet, chain.ErrMinRelayFeeNotMet, chain.ErrMempoolFull}},
}

// refusal is which of this package's errors a refusal is, ErrRejected if it is none of those that
// tell more.
func refusal(err error) error {
	for _, r := range refusals {
		for _, reason := range r.reasons {
			if errors.Is(err, reason) {
				return r.kind
			}
		}
	}
	// btcd's words for an output that something in its mempool spends have changed over time.
	if text := strings.ToLower(err.Error()); strings.Contains(text, "already spent") || strings.Contains(text, "replacement") {
		return ErrConflict
	}
	return ErrRejected
}
