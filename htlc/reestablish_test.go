package htlc_test

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// pay moves an HTLC from node i through, so that commitments pass.
func pay(w *htlctest.World, i int) {
	w.Add(i, 1_000_000)
	w.Feed(i)
	w.Settle()
	for id := range w.Nodes[1-i].Book.Arrived {
		w.Decide(1-i, id, 0)
	}
	w.Settle()
}

// greet cuts the link and gives both channel_reestablish messages.
func greet(t *testing.T, w *htlctest.World) [2]*lnwire.ChannelReestablish {
	t.Helper()
	var out [2]*lnwire.ChannelReestablish
	for i, n := range w.Nodes {
		c, eff := step(t, n.Channel, htlc.Disconnected{}, htlc.Connected{})
		require.Len(t, eff.Send, 1)
		out[i] = eff.Send[0].(*lnwire.ChannelReestablish)
		n.Channel = c
	}
	return out
}

func TestReestablishNamesTheNumbersOfBOLT2(t *testing.T) {
	w := newWorld(t, nil)
	first := greet(t, w)
	require.EqualValues(t, 1, first[0].NextLocalCommitHeight)
	require.EqualValues(t, 0, first[0].RemoteCommitTailHeight)
	require.Zero(t, first[0].LastRemoteCommitSecret)

	w = newWorld(t, nil)
	pay(w, 0)
	msg := greet(t, w)
	local, remote := w.Nodes[0].Channel.Numbers()
	require.EqualValues(t, 2, local)
	require.Equal(t, local+1, msg[0].NextLocalCommitHeight)
	require.Equal(t, remote, msg[0].RemoteCommitTailHeight)
	require.NotZero(t, msg[0].LastRemoteCommitSecret)
	require.NotNil(t, msg[0].LocalUnrevokedCommitPoint)
	secret, err := w.Nodes[0].Channel.RevokedSecret(remote - 1)
	require.NoError(t, err)
	require.Equal(t, secret, msg[0].LastRemoteCommitSecret)
	_, err = w.Nodes[0].Channel.RevokedSecret(remote)
	require.Error(t, err)
}

func TestChannelReadyIsRepeatedWhileNothingWasCommitted(t *testing.T) {
	w := newWorld(t, nil)
	msg := greet(t, w)
	c, eff := step(t, w.Nodes[0].Channel, htlc.Recv{Msg: msg[1]})
	require.Len(t, sent[*lnwire.ChannelReady](eff), 1)
	c, eff = step(t, c, htlc.Recv{Msg: &lnwire.ChannelReady{
		ChanID: c.ID(), NextPerCommitmentPoint: w.Nodes[1].Channel.Params().Terms[0].HTLC,
	}})
	require.Empty(t, eff, "a repeated one is passed by")
	require.True(t, c.Connected())

	pay(newWorld(t, nil), 0)
	w = newWorld(t, nil)
	pay(w, 0)
	msg = greet(t, w)
	_, eff = step(t, w.Nodes[0].Channel, htlc.Recv{Msg: msg[1]})
	require.Empty(t, eff.Send)
}

func TestChannelReadyDoesNotWaitForThePeersReestablish(t *testing.T) {
	pair, signers, err := htlctest.NewPair(func() htlctest.Config {
		cfg := htlctest.Default()
		cfg.Unopened = true
		return cfg
	}())
	require.NoError(t, err)
	confirmed := htlc.FundingConfirmed{SCID: lnwire.NewShortChanIDFromInt(7)}
	away, eff := step(t, pair[0], htlc.Disconnected{}, confirmed)
	require.Empty(t, eff.Send)
	c, eff := step(t, away, htlc.Connected{})
	require.Len(t, eff.Send, 2)
	require.IsType(t, &lnwire.ChannelReestablish{}, eff.Send[0])
	require.IsType(t, &lnwire.ChannelReady{}, eff.Send[1])

	c, eff = step(t, c, htlc.Recv{Msg: &lnwire.ChannelReady{NextPerCommitmentPoint: signers[1].Point(1)}})
	require.Equal(t, htlc.Open, results[htlc.StateChanged](eff)[0].To)
	require.False(t, c.Connected())
	require.ErrorIs(t, refused(t, c, offer(1e6)), htlc.ErrNotOpen)

	_, eff = step(t, pair[0], htlc.Disconnected{}, htlc.Connected{}, confirmed)
	require.Len(t, sent[*lnwire.ChannelReady](eff), 1, "confirmed while greeting")
}

func TestANodeThatLostItsStateHaltsAndPublishesNothing(t *testing.T) {
	w := newWorld(t, nil)
	pay(w, 0)
	old := w.Nodes[0].Channel
	pay(w, 0)
	pay(w, 1)
	current := greet(t, w)

	// Node 0 is restored from a backup; node 1 proves it.
	restored, eff := step(t, old, htlc.Disconnected{}, htlc.Connected{})
	hello := eff.Send[0]
	restored, eff = step(t, restored, htlc.Recv{Msg: current[1]})
	require.Equal(t, htlc.Halted, restored.State())
	require.Contains(t, restored.Halted(), "state is old")
	require.Len(t, eff.Send, 1)
	require.IsType(t, &lnwire.Error{}, eff.Send[0])
	require.Empty(t, eff.Broadcast)

	// Node 1 sees a peer that fell behind.
	err := blame(t, w.Nodes[1].Channel, htlc.FailChannel, hello)
	require.ErrorContains(t, err, "lost its state")
}

func TestLiesInReestablish(t *testing.T) {
	w := newWorld(t, nil)
	pay(w, 0)
	good := *greet(t, w)[1]
	c := w.Nodes[0].Channel
	for name, lie := range map[string]func(m *lnwire.ChannelReestablish){
		"a wrong secret":               func(m *lnwire.ChannelReestablish) { m.LastRemoteCommitSecret[0]++ },
		"a number without a secret":    func(m *lnwire.ChannelReestablish) { m.RemoteCommitTailHeight += 5 },
		"a commitment we never signed": func(m *lnwire.ChannelReestablish) { m.NextLocalCommitHeight++ },
		"a commitment long revoked":    func(m *lnwire.ChannelReestablish) { m.NextLocalCommitHeight-- },
		"no commitment at all":         func(m *lnwire.ChannelReestablish) { m.NextLocalCommitHeight = 0 },
		"numbers beyond 48 bits":       func(m *lnwire.ChannelReestablish) { m.RemoteCommitTailHeight = 1 << 63 },
		"revocations it didn't get":    func(m *lnwire.ChannelReestablish) { m.RemoteCommitTailHeight = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			m := good
			lie(&m)
			blame(t, c, htlc.FailChannel, &m)
		})
	}
	step(t, c, htlc.Recv{Msg: &good})
	away, _ := step(t, c, htlc.Disconnected{})
	blame(t, away, htlc.Warn, &good)
	blame(t, c, htlc.Warn, wireAdd(c, 0, 1))
}

func TestRetransmissionKeepsTheOrderOfRevocationAndSignature(t *testing.T) {
	for name, tc := range map[string]struct {
		signFirst bool
		want      []lnwire.MessageType
	}{
		"signed, then revoked": {true, []lnwire.MessageType{
			lnwire.MsgUpdateAddHTLC, lnwire.MsgCommitSig, lnwire.MsgRevokeAndAck}},
		"revoked, then signed": {false, []lnwire.MessageType{
			lnwire.MsgRevokeAndAck, lnwire.MsgUpdateAddHTLC, lnwire.MsgCommitSig}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.Add(1, 1_000_000)
			w.Feed(1)
			if tc.signFirst {
				w.Add(0, 2_000_000)
				w.Feed(0)
				w.Deliver(0, 10)
			} else {
				w.Add(0, 2_000_000)
				w.Deliver(0, 10)
			}
			// Node 1 hears nothing of it.
			msg := greet(t, w)
			_, eff := step(t, w.Nodes[0].Channel, htlc.Recv{Msg: msg[1]})
			var got []lnwire.MessageType
			for _, m := range eff.Send {
				if m.MsgType() != lnwire.MsgChannelReady {
					got = append(got, m.MsgType())
				}
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func TestRetransmittedRemovalsMakeRoomForAdds(t *testing.T) {
	// Node 1 can only offer what it is paid in the same commitment.
	w := newWorld(t, func(c *htlctest.Config) {
		c.Params.Capacity, c.Params.Pushed = 1_000_000, 10_000_000
	})
	w.Add(0, 100_000_000)
	w.Feed(0)
	w.Settle()
	l := w.Nodes[1].Book.Arrived[0]
	delete(w.Nodes[1].Book.Arrived, 0)
	w.Nodes[1].Book.Decided[0] = htlc.Fulfill{}
	w.Nodes[1].Book.Taken += l.HTLC.Amount
	c, eff := step(t, w.Nodes[1].Channel, htlc.Fulfill{ID: 0, Preimage: w.Preimage(l.HTLC)}, offer(90_000_000))
	require.Empty(t, results[htlc.Refused](eff))
	require.Len(t, eff.Send, 3)

	before, _ := step(t, w.Nodes[0].Channel, htlc.Disconnected{})
	c, _ = step(t, c, htlc.Disconnected{})
	c, hello := step(t, c, htlc.Connected{})
	before, theirs := step(t, before, htlc.Connected{})
	_, eff = step(t, c, htlc.Recv{Msg: theirs.Send[0]})
	batch := []htlc.Input{htlc.Recv{Msg: hello.Send[0]}}
	for _, m := range eff.Send {
		batch = append(batch, htlc.Recv{Msg: m})
	}
	step(t, before, batch...)
}

func TestDisconnectedDropsWhatWasNotSignedAndUsesItsIDAgain(t *testing.T) {
	w := newWorld(t, nil)
	w.Add(0, 1_000_000)
	c, eff := step(t, w.Nodes[0].Channel, htlc.Disconnected{})
	require.Len(t, results[htlc.Dropped](eff), 1)
	require.Empty(t, c.HTLCs())
	require.Empty(t, eff.Facts)

	peer, _ := step(t, w.Nodes[1].Channel, htlc.Disconnected{}, htlc.Connected{})
	c, hello := step(t, c, htlc.Connected{})
	c, _ = step(t, c, htlc.Recv{Msg: greet(t, w)[1]})
	peer, _ = step(t, peer, htlc.Recv{Msg: hello.Send[0]})
	c, eff = step(t, c, offer(2_000_000))
	require.EqualValues(t, 0, sent[*lnwire.UpdateAddHTLC](eff)[0].ID)
	step(t, peer, htlc.Recv{Msg: eff.Send[0]}, htlc.Recv{Msg: eff.Send[1]})
	require.Len(t, c.HTLCs(), 1)
}
