package htlc_test

import (
	"bytes"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

func TestShutdownWaitsForTheHTLCs(t *testing.T) {
	w := lockedIn(t)
	c, eff := step(t, w.Nodes[0].Channel, htlc.Shutdown{Script: []byte{0, 1}, FeeRate: 1000})
	require.Equal(t, htlc.ShuttingDown, c.State())
	require.Len(t, sent[*lnwire.Shutdown](eff), 1)
	require.ErrorIs(t, refused(t, c, offer(1e6)), htlc.ErrNotOpen)
	w.Nodes[0].Channel = c

	peer, eff := step(t, w.Nodes[1].Channel, htlc.Recv{Msg: eff.Send[0]})
	require.Equal(t, htlc.ShuttingDown, results[htlc.StateChanged](eff)[0].To)
	require.Empty(t, eff.Send, "it knows no script: the driver gives one")
	blame(t, peer, htlc.FailChannel, wireAdd(peer, 1, 1e6))
	blame(t, peer, htlc.Warn, &lnwire.ClosingSigned{ChannelID: peer.ID()})
	peer, eff = step(t, peer, htlc.Shutdown{Script: []byte{0, 2}})
	w.Nodes[1].Channel = peer
	relay(t, w, 1, eff.Send)
	require.Equal(t, htlc.ShuttingDown, w.Nodes[0].Channel.State())

	for i := range w.Nodes {
		peer, eff = step(t, w.Nodes[i].Channel, htlc.Fulfill{ID: 0, Preimage: secret})
		w.Nodes[i].Channel = peer
		relay(t, w, i, eff.Send)
	}
	for _, n := range w.Nodes {
		require.Equal(t, htlc.Closing, n.Channel.State())
		require.NotEmpty(t, n.Channel.CloseTx())
	}
	require.Equal(t, w.Nodes[0].Channel.CloseTx(), w.Nodes[1].Channel.CloseTx())
}

func TestShutdownWaitsForUnsignedUpdates(t *testing.T) {
	w := newWorld(t, nil)
	c, eff := step(t, w.Nodes[0].Channel, offer(1e6)) // unacknowledged
	require.Len(t, sent[*lnwire.CommitSig](eff), 1)
	c, eff = step(t, c, offer(1e6), htlc.Shutdown{Script: []byte{0, 1}})
	require.Empty(t, sent[*lnwire.Shutdown](eff), "an update isn't signed")
	require.Empty(t, sent[*lnwire.CommitSig](eff))
	require.Equal(t, htlc.ShuttingDown, c.State())
}

func TestShutdownScripts(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) { c.Params.Terms[0].CloseScript = []byte{0, 9} })
	own, peer := w.Nodes[0].Channel, w.Nodes[1].Channel
	for _, in := range []htlc.Shutdown{{Script: []byte{0, 1}}, {Script: make([]byte, 200)}} {
		_, _, err := own.Step(in)
		require.Error(t, err)
	}
	_, _, err := peer.Step(htlc.Shutdown{})
	require.Error(t, err, "no script is known")
	said, eff := step(t, own, htlc.Shutdown{})
	require.EqualValues(t, []byte{0, 9}, sent[*lnwire.Shutdown](eff)[0].Address)
	_, eff = step(t, said, htlc.Shutdown{FeeRate: 2000})
	require.Len(t, eff.Facts, 1, "another fee rate")
	blame(t, peer, htlc.Warn, &lnwire.Shutdown{ChannelID: peer.ID(), Address: []byte{0, 1}})
	blame(t, peer, htlc.Warn, &lnwire.Shutdown{ChannelID: peer.ID()})
	_, eff = step(t, own, htlc.Recv{Msg: &lnwire.Shutdown{ChannelID: own.ID(), Address: []byte{0, 7}}})
	require.Len(t, sent[*lnwire.Shutdown](eff), 1, "the agreed script answers by itself")
}

// negotiating is a world whose channels are about to agree on a fee; the opener's
// closing_signed is not delivered.
func negotiating(t *testing.T, rates [2]htlc.FeeRate) *htlctest.World {
	t.Helper()
	w := newWorld(t, func(c *htlctest.Config) { c.Params.Pushed = 40_000_000_000 })
	for i, rate := range rates {
		w.Feed(i, htlc.Shutdown{Script: []byte{0, byte(i)}, FeeRate: rate})
	}
	w.Deliver(0, 1)
	w.Deliver(1, 1)
	for _, n := range w.Nodes {
		require.Equal(t, htlc.Negotiating, n.Channel.State())
	}
	return w
}

// haggler negotiates as lnd does: no fee_range, its own wish first, then a tenth closer
// each round, and at last anything within three tenths.
type haggler struct {
	f       htlctest.Format
	channel *htlc.Channel // whose state it shares
	signer  *htlctest.Signer
	wish    htlc.Sat
	last    htlc.Sat
}

func (h *haggler) sign(t *testing.T, fee htlc.Sat) *lnwire.ClosingSigned {
	t.Helper()
	h.last = fee
	p := h.channel.Params()
	digest, err := h.f.CloseDigest(p, &htlc.Close{
		Balance: [2]htlc.MilliSat{h.channel.Balance(htlc.Local), h.channel.Balance(htlc.Remote)},
		Script:  scripts(p), Fee: fee,
		Deposited: [2]htlc.Sat{h.channel.Deposited(htlc.Local), h.channel.Deposited(htlc.Remote)},
	})
	require.NoError(t, err)
	sigs, err := h.signer.Sign([]htlc.Digest{digest})
	require.NoError(t, err)
	return &lnwire.ClosingSigned{ChannelID: p.ID, FeeSatoshis: fee, Signature: sigs[0]}
}

// scripts are those of newWorld's sides, as that side has them.
func scripts(p *htlc.Params) [2][]byte {
	if p.Opener == htlc.Local {
		return [2][]byte{{0, 0}, {0, 1}}
	}
	return [2][]byte{{0, 1}, {0, 0}}
}

func (h *haggler) answer(t *testing.T, theirs htlc.Sat) (msg *lnwire.ClosingSigned, agreed bool) {
	switch {
	case theirs == h.last:
		return nil, true
	case h.last == 0:
		return h.sign(t, h.wish), theirs == h.wish
	case theirs > h.last && theirs <= h.last*13/10, theirs < h.last && theirs >= h.last*7/10:
		return h.sign(t, theirs), true
	case theirs > h.last:
		return h.sign(t, h.last*11/10), false
	default:
		return h.sign(t, h.last*9/10), false
	}
}

func TestFeeNegotiationWithALegacyPeerConverges(t *testing.T) {
	for name, tc := range map[string]struct {
		rate htlc.FeeRate // ours
		wish htlc.Sat     // theirs
		node int          // ours
	}{
		"we open, it wants the same":       {1000, 672, 0},
		"we open, it wants a bit more":     {1000, 900, 0},
		"we open, it wants 4 times more":   {1000, 2700, 0},
		"we open, it wants 12 times more":  {1000, 8000, 0},
		"we open, it wants less":           {5000, 200, 0},
		"we open, it wants far too little": {50_000, 100, 0},
		"it opens, pays little":            {1000, 180, 1},
		"it opens, pays below the relay":   {1000, 100, 1},
		"it opens, pays a lot":             {1000, 100_000, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := negotiating(t, [2]htlc.FeeRate{tc.rate, tc.rate})
			n, peer := w.Nodes[tc.node], w.Nodes[1-tc.node]
			h := &haggler{channel: peer.Channel, signer: htlctest.NewSigner("x"), wish: tc.wish}
			first := w.Nodes[1].Inbox[len(w.Nodes[1].Inbox)-1]
			var msg *lnwire.ClosingSigned
			agreed := false
			if tc.node == 0 {
				m, err := lnwire.ReadMessage(bytes.NewReader(first), 0)
				require.NoError(t, err)
				msg, agreed = h.answer(t, m.(*lnwire.ClosingSigned).FeeSatoshis)
			} else {
				msg = h.sign(t, tc.wish)
			}
			c := n.Channel
			for round := 0; c.State() != htlc.Closing; round++ {
				require.Less(t, round, 50)
				require.NotNil(t, msg)
				var eff htlc.Effects
				c, eff = step(t, c, htlc.Recv{Msg: msg})
				for _, m := range sent[*htlc.RangedClosingSigned](eff) {
					msg, agreed = h.answer(t, m.FeeSatoshis)
				}
			}
			require.True(t, agreed)
		})
	}
}

func TestFeeNegotiationIsBounded(t *testing.T) {
	w := negotiating(t, [2]htlc.FeeRate{1000, 1000})
	h := &haggler{channel: w.Nodes[1].Channel, signer: htlctest.NewSigner("x")}
	c := w.Nodes[0].Channel
	for range 50 {
		c, _ = step(t, c, htlc.Recv{Msg: h.sign(t, 1_000_000)})
	}
	require.ErrorContains(t, blame(t, c, htlc.Warn, h.sign(t, 1_000_000)), "50 rounds")
	require.Equal(t, htlc.Negotiating, c.State())
}

func TestClosingSignedThatIsWrong(t *testing.T) {
	w := negotiating(t, [2]htlc.FeeRate{1000, 1000})
	c := w.Nodes[0].Channel
	h := &haggler{channel: w.Nodes[1].Channel, signer: htlctest.NewSigner("x")}
	forged := *h.sign(t, 672)
	forged.FeeSatoshis++
	blame(t, c, htlc.FailChannel, &forged)
	blame(t, c, htlc.FailChannel, h.sign(t, 1<<40))
	blame(t, c, htlc.FailChannel, h.sign(t, -1))

	ranged := func(fee, lo, hi htlc.Sat) lnwire.Message {
		var b bytes.Buffer
		_, err := lnwire.WriteMessage(&b, &htlc.RangedClosingSigned{
			ClosingSigned: h.sign(t, fee), Min: lo, Max: hi,
		}, 0)
		require.NoError(t, err)
		m, err := lnwire.ReadMessage(&b, 0)
		require.NoError(t, err)
		return m
	}
	require.ErrorContains(t, blame(t, c, htlc.Warn, ranged(10_000, 9_000, 20_000)), "fee_range")
	blame(t, c, htlc.FailChannel, ranged(10_000, 100, 20_000))
	agreed, eff := step(t, c, htlc.Recv{Msg: ranged(800, 100, 20_000)})
	require.Equal(t, htlc.Closing, agreed.State())
	require.EqualValues(t, 800, sent[*htlc.RangedClosingSigned](eff)[0].FeeSatoshis)
	require.Len(t, eff.Broadcast, 1)
	require.Equal(t, agreed.CloseTx(), eff.Broadcast[0])

	// The other side takes what the opener pays, and names its own if it can't be.
	c = w.Nodes[1].Channel
	h = &haggler{channel: w.Nodes[0].Channel, signer: htlctest.NewSigner("x")}
	_, eff = step(t, c, htlc.Recv{Msg: ranged(10, 1, 5_000)})
	require.EqualValues(t, 253*672/1000, sent[*htlc.RangedClosingSigned](eff)[0].FeeSatoshis)
}

func TestAClosingChannelStartsOverAfterAReconnect(t *testing.T) {
	w := negotiating(t, [2]htlc.FeeRate{1000, 1000})
	w.Settle()
	tx := w.Nodes[0].Channel.CloseTx()
	require.NotEmpty(t, tx)
	w.Crash(0)
	require.Equal(t, htlc.Closing, w.Nodes[0].Channel.State())
	require.Equal(t, tx, w.Nodes[0].Channel.CloseTx())
	w.Link()
	w.Settle()
	require.Equal(t, tx, w.Nodes[1].Channel.CloseTx())
	c, eff := step(t, w.Nodes[0].Channel, htlc.Recv{Msg: &lnwire.Error{Data: []byte("unknown channel")}})
	require.Empty(t, eff, "the close goes on")
	c, eff = step(t, c, htlc.FundingSpent{Cooperative: true})
	require.Equal(t, htlc.Closed, c.State())
	require.Len(t, results[htlc.StateChanged](eff), 1)
}

func TestAChannelMayCloseBeforeItIsOpen(t *testing.T) {
	w := newWorld(t, func(c *htlctest.Config) { c.Unopened = true })
	require.Equal(t, htlc.Funding, w.Nodes[0].Channel.State())
	blame(t, w.Nodes[0].Channel, htlc.Warn, wireAdd(w.Nodes[0].Channel, 0, 1e6))
	w.Close(1)
	require.NoError(t, w.Err)
}
