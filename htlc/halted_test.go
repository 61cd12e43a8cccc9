package htlc_test

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// TestAHaltedChannelDropsWhatItNeverSigned: a forward that waits for a signature that will
// never come would hold its incoming HTLC until that expires.
func TestAHaltedChannelDropsWhatItNeverSigned(t *testing.T) {
	for name, end := range map[string]htlc.Input{
		"by us":       htlc.Halt{Reason: "test"},
		"by the peer": htlc.Recv{Msg: &lnwire.Error{Data: []byte("gone")}},
		"on chain":    htlc.FundingSpent{TxID: [32]byte{1}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			c, _ := step(t, w.Nodes[0].Channel, offer(1_000_000)) // signed, not acknowledged
			c, eff := step(t, c, offer(2_000_000))                // waits for that
			require.Empty(t, sent[*lnwire.CommitSig](eff))
			c, eff = step(t, c, end)
			dropped := results[htlc.Dropped](eff)
			require.Len(t, dropped, 1)
			require.EqualValues(t, 1, dropped[0].HTLC.ID)
			require.Len(t, c.HTLCs(), 1, "the signed one may be in a commitment of the peer's")
			_, eff = step(t, c, htlc.Disconnected{})
			require.Empty(t, results[htlc.Dropped](eff), "once")
		})
	}
}

// TestAttack44AProofOfLostStateIsHeardByAHaltedChannelToo: a restored backup that was
// halted, or halts before its peer is heard, must not publish either.
func TestAttack44AProofOfLostStateIsHeardByAHaltedChannelToo(t *testing.T) {
	w := newWorld(t, nil)
	backup := w.Nodes[0].Channel.Encode()
	for i := range 3 {
		pay(w, i%2)
	}
	hello := greet(t, w)
	old, err := htlc.Decode(backup, htlctest.Format{}, htlctest.NewSigner("opener"))
	require.NoError(t, err)
	_, _, err = old.LocalCommitment()
	require.NoError(t, err)
	old, _ = step(t, old, htlc.Halt{Reason: "the operator gave up"}, htlc.Connected{})
	require.False(t, old.Stale())

	lie := *hello[1]
	lie.LastRemoteCommitSecret[0]++
	same, eff := step(t, old, htlc.Recv{Msg: &lie})
	require.Empty(t, eff.Facts)
	require.False(t, same.Stale(), "no proof")

	old, eff = step(t, old, htlc.Recv{Msg: hello[1]})
	require.Len(t, eff.Facts, 1)
	require.True(t, old.Stale())
	_, _, err = old.LocalCommitment()
	require.ErrorIs(t, err, htlc.ErrStale)
	_, eff = step(t, old, htlc.Recv{Msg: hello[1]})
	require.Empty(t, eff.Facts, "it is known")

	again, err := htlc.Decode(old.Encode(), htlctest.Format{}, htlctest.NewSigner("opener"))
	require.NoError(t, err)
	require.True(t, again.Stale(), "also after a restart")
}

// TestAPeerCannotMakeAStateStale: only our own finding stops a publication.
func TestAPeerCannotMakeAStateStale(t *testing.T) {
	w := newWorld(t, nil)
	lost := "this node's state is old (a backup was restored?): the peer has proof"
	c, _ := step(t, w.Nodes[0].Channel, htlc.Recv{Msg: &lnwire.Error{Data: []byte(lost)}})
	require.Equal(t, htlc.Halted, c.State())
	require.False(t, c.Stale())
}
