package bolt3_test

import (
	"math/rand/v2"
	"testing"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/stretchr/testify/require"
)

// What is kept of an HTLC for the day when its commitment turns up gives the same script
// and the same output as the HTLC itself.
func TestHTLCScriptIsThatOfTheCommitment(t *testing.T) {
	const seed = 4
	r := rand.New(rand.NewPCG(seed, 0))
	p, _, _ := channel(t)
	seen := 0
	for round := range 50 {
		s := randomCommitment(r, p, 12)
		tx, err := bolt3.Build(p, s)
		require.NoError(t, err)
		require.Equal(t, bolt3.DelayedScript(tx.Keys.Revocation, tx.Keys.Delayed, tx.Keys.ToSelfDelay),
			tx.DelayedScript())
		keys := bolt3.DeriveKeys(p, s.Holder, s.Point)
		for i, o := range tx.Outputs {
			require.Equal(t, tx.MsgTx.TxOut[i].PkScript, bolt3.PayToScript(o.Script))
			if o.Kind != bolt3.HTLC {
				local := o.Kind == bolt3.ToLocal || o.Kind == bolt3.LocalAnchor
				require.Equal(t, local == (s.Holder == htlc.Local), o.IsOurs(s.Holder))
				continue
			}
			seen++
			require.False(t, o.IsOurs(s.Holder))
			got := bolt3.HTLCScript(keys, o.HTLC.Offerer == s.Holder,
				bolt3.PaymentHash160(o.HTLC.Hash), o.HTLC.Expiry)
			require.Equal(t, o.Script, got, "seed %d round %d, %+v", seed, round, o.HTLC)
		}
	}
	require.Greater(t, seen, 100)
}
