package htlc_test

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// restored is the opener's channel after it lost everything but a backup.
func restored(t *testing.T, w *htlctest.World) *htlc.Channel {
	t.Helper()
	c, err := htlc.Restored(w.Nodes[0].Channel.Params(), htlctest.Format{}, htlctest.NewSigner("opener"))
	require.NoError(t, err)
	return c
}

// TestAPeerFailsTheChannelOfOneWhoLostAllState, however few commitments there were: at the
// first ones the numbers of a fresh channel would look right.
func TestAPeerFailsTheChannelOfOneWhoLostAllState(t *testing.T) {
	for payments := range 4 {
		w := newWorld(t, nil)
		for i := range payments {
			pay(w, i%2)
		}
		c, eff := step(t, restored(t, w), htlc.Connected{})
		require.Len(t, eff.Send, 1, "an error that comes first may end the talk")
		lost := eff.Send[0].(*lnwire.ChannelReestablish)

		peer, hello := step(t, w.Nodes[1].Channel, htlc.Disconnected{}, htlc.Connected{})
		_, _, err := peer.Step(htlc.Recv{Msg: lost})
		blame := htlctest.Blame(err)
		require.NotNil(t, blame, "after %d payments: %v", payments, err)
		require.Equal(t, htlc.FailChannel, blame.Reaction)

		_, eff = step(t, c, htlc.Recv{Msg: sent[*lnwire.ChannelReestablish](hello)[0]})
		require.Len(t, sent[*lnwire.Error](eff), 1)
		require.Empty(t, eff.Facts)
	}
}

// TestAttack44ARestoredChannelSignsAndPublishesNothing, whatever it is asked or told.
func TestAttack44ARestoredChannelSignsAndPublishesNothing(t *testing.T) {
	w := newWorld(t, nil)
	pay(w, 0)
	hello := greet(t, w)
	c := restored(t, w)
	again, err := htlc.Decode(c.Encode(), htlctest.Format{}, htlctest.NewSigner("opener"))
	require.NoError(t, err)
	for _, c := range []*htlc.Channel{c, again} {
		c, _ = step(t, c, htlc.FundingConfirmed{SCID: lnwire.NewShortChanIDFromInt(1 << 40)}, htlc.Connected{})
		for _, in := range []htlc.Input{
			htlc.Recv{Msg: hello[1]},
			htlc.Recv{Msg: &lnwire.ChannelReady{ChanID: c.ID(), NextPerCommitmentPoint: c.Params().Terms[0].HTLC}},
			htlc.Recv{Msg: wireAdd(c, 0, 1_000_000)},
			htlc.Recv{Msg: &lnwire.CommitSig{ChanID: c.ID()}},
			htlc.Recv{Msg: &lnwire.Shutdown{ChannelID: c.ID(), Address: make([]byte, 22)}},
			htlc.Recv{Msg: &lnwire.ClosingSigned{ChannelID: c.ID()}},
			offer(1_000_000), htlc.SetFee{Rate: 500}, htlc.Halt{Reason: "once more"},
			htlc.Disconnected{}, htlc.Connected{},
		} {
			next, eff, err := c.StepAll([]htlc.Input{in})
			require.NoError(t, err, "%T", in)
			require.Empty(t, eff.Broadcast, "%T", in)
			for _, m := range eff.Send {
				switch m.(type) {
				case *lnwire.Error, *lnwire.ChannelReestablish:
				default:
					t.Fatalf("sends %v for %T", m.MsgType(), in)
				}
			}
			c = next
		}
		require.True(t, c.Stale())
		require.True(t, c.Restored())
		require.Equal(t, htlc.Halted, c.State())
		_, _, err := c.LocalCommitment()
		require.ErrorIs(t, err, htlc.ErrStale)
		theirs, err := c.RemoteCommitments()
		require.NoError(t, err)
		require.Empty(t, theirs, "none is known")
	}
}

// TestAChannelWithAStateIsNotRestored, old as that may be: its peer's commitments are known.
func TestAChannelWithAStateIsNotRestored(t *testing.T) {
	w := newWorld(t, nil)
	pay(w, 0)
	backup := w.Nodes[0].Channel.Encode()
	pay(w, 0)
	hello := greet(t, w)
	old, err := htlc.Decode(backup, htlctest.Format{}, htlctest.NewSigner("opener"))
	require.NoError(t, err)
	old, _ = step(t, old, htlc.Connected{}, htlc.Recv{Msg: hello[1]})
	require.True(t, old.Stale())
	require.False(t, old.Restored())
	theirs, err := old.RemoteCommitments()
	require.NoError(t, err)
	require.Len(t, theirs, 1)
	_, eff := step(t, old, htlc.Disconnected{}, htlc.Connected{})
	require.Zero(t, sent[*lnwire.ChannelReestablish](eff)[0].NextLocalCommitHeight, "the peer is asked again")
}
