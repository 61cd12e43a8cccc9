package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// One payment: both sign the HTLC in and out again; bitcoin has a signature for each HTLC of a commitment
// besides, a token channel has none.
func TestSignaturesPerPayment(t *testing.T) {
	for name, want := range map[string]map[int]float64{
		"bitcoin": {1: 6, 25: 2 + 4.0/25}, "token": {1: 4, 25: 4.0 / 25},
	} {
		for batch, signatures := range want {
			got, err := signaturesPerPayment(signedFormats()[name], batch)
			require.NoError(t, err)
			require.InDelta(t, signatures, got, 1e-9, "%s, %d at once", name, batch)
		}
	}
}
