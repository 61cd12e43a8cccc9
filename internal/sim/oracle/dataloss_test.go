package oracle

import (
	"errors"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
	"github.com/stretchr/testify/require"
)

// restored makes A start over from a disk that is some commitments old, and gives both
// channel_reestablish.
func restored(t *testing.T, peerIsLnd bool, behind int) (w *world, a *ours, theirs *lnwire.ChannelReestablish) {
	pr := bitcoinProfiles[0]
	pr.lnd[B] = peerIsLnd
	w, err := newWorld(t, pr, 7)
	require.NoError(t, err)
	require.NoError(t, w.run1(20))
	a = w.nodes[A].(*ours)
	backup := a.ch.Encode()
	number, _ := a.ch.Numbers()
	for {
		require.NoError(t, w.run1(w.stats.updates()+1))
		if n, _ := a.ch.Numbers(); n >= number+uint64(behind) {
			break
		}
	}
	for _, n := range w.nodes {
		require.NoError(t, n.disconnect())
	}
	a.ch, err = htlc.Decode(backup, a.format, a.signer)
	require.NoError(t, err)
	_, err = a.connect()
	require.NoError(t, err)
	out, err := w.nodes[B].connect()
	require.NoError(t, err)
	return w, a, out[0].(*lnwire.ChannelReestablish)
}

// run1 goes on until so many updates were made, and drains.
func (w *world) run1(updates int) error {
	for w.stats.updates() < updates {
		if err := w.step(); err != nil {
			return err
		}
	}
	return w.drain()
}

// Attack 44: a node that is restored from an old backup learns of it from its peer's
// proof, stops, and says why; it signs nothing.
func TestAttack44RestoredStateIsNeverUsed(t *testing.T) {
	for _, lnd := range []bool{false, true} {
		for _, behind := range []int{1, 2, 5} {
			_, a, theirs := restored(t, lnd, behind)
			next, eff, err := a.ch.StepAll([]htlc.Input{htlc.Recv{Msg: theirs}})
			require.NoError(t, err, "%d behind", behind)
			require.Equal(t, htlc.Halted, next.State())
			require.Contains(t, next.Halted(), "never publish")
			for _, msg := range eff.Send {
				_, ok := msg.(*lnwire.Error)
				require.True(t, ok, "sent a %T", msg)
			}
		}
	}
}

// The claim alone is not enough: without the secret that proves it, the channel fails
// instead of giving its commitment up.
func TestClaimOfAnOldStateNeedsItsProof(t *testing.T) {
	_, a, theirs := restored(t, false, 3)
	theirs.LastRemoteCommitSecret[7] ^= 1
	_, _, err := a.ch.StepAll([]htlc.Input{htlc.Recv{Msg: theirs}})
	var bad *htlc.PeerError
	require.True(t, errors.As(err, &bad))
	require.Equal(t, htlc.FailChannel, bad.Reaction)
	require.ErrorContains(t, err, "secret")
}

// A peer that lost its state gets our error, never an old signature again.
func TestPeerThatLostItsState(t *testing.T) {
	w, _, _ := restored(t, false, 3)
	b := w.nodes[B].(*ours)
	ours, err := w.nodes[A].connect()
	require.NoError(t, err)
	_, eff, err := b.ch.StepAll([]htlc.Input{htlc.Recv{Msg: ours[0]}})
	var bad *htlc.PeerError
	require.True(t, errors.As(err, &bad), "%v", err)
	require.Equal(t, htlc.FailChannel, bad.Reaction)
	require.Empty(t, eff.Send)
}
