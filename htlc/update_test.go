package htlc_test

import (
	"crypto/sha256"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

func TestHTLCIsAddedFulfilledAndForgotten(t *testing.T) {
	pair, _, err := htlctest.NewPair(htlctest.Default())
	require.NoError(t, err)
	a, b := pair[0], pair[1]
	require.Equal(t, htlc.Open, a.State())

	preimage := htlc.Preimage{1}
	a, eff, err := a.StepAll([]htlc.Input{htlc.Add{
		Amount: 5_000_000, Hash: sha256.Sum256(preimage[:]), Expiry: 500,
		Onion: new([lnwire.OnionPacketSize]byte),
	}})
	require.NoError(t, err)
	require.Len(t, eff.Send, 2)
	toB := eff.Send
	var toA []lnwire.Message
	var results []htlc.Result
	for len(toA)+len(toB) > 0 {
		var in []htlc.Input
		for _, m := range toB {
			in = append(in, htlc.Recv{Msg: m})
		}
		b, eff, err = b.StepAll(in)
		require.NoError(t, err)
		results = append(results, eff.Results...)
		toA, toB = eff.Send, nil
		in = nil
		for _, m := range toA {
			in = append(in, htlc.Recv{Msg: m})
		}
		a, eff, err = a.StepAll(in)
		require.NoError(t, err)
		results = append(results, eff.Results...)
		toA, toB = nil, eff.Send
		for _, r := range results {
			if l, ok := r.(htlc.LockedIn); ok {
				b, eff, err = b.StepAll([]htlc.Input{htlc.Fulfill{ID: l.HTLC.ID, Preimage: preimage}})
				require.NoError(t, err)
				toA = append(toA, eff.Send...)
				b2, eff2, err2 := a.StepAll(func() (in []htlc.Input) {
					for _, m := range toA {
						in = append(in, htlc.Recv{Msg: m})
					}
					return
				}())
				require.NoError(t, err2)
				a, toA, toB = b2, nil, append(toB, eff2.Send...)
				results = eff2.Results
				break
			}
		}
	}
	require.EqualValues(t, 50_000_000_000-5_000_000, a.Balance(htlc.Local))
	require.EqualValues(t, 50_000_000_000+5_000_000, b.Balance(htlc.Local))
	require.Len(t, a.HTLCs(), 1)
	require.Empty(t, b.HTLCs())
	a, _, err = a.StepAll([]htlc.Input{htlc.Forget{ID: 0}})
	require.NoError(t, err)
	require.Empty(t, a.HTLCs())
}
