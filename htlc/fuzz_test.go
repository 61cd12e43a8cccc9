package htlc_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// FuzzSchedule: two nodes that follow the protocol never fall out, whatever happens when.
func FuzzSchedule(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 8 {
		script := make([]byte, 200)
		for k := range script {
			script[k] = byte(r.Uint32())
		}
		f.Add(script)
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		script = script[:min(len(script), 600)]
		for name, cfg := range configs() {
			if _, err := run(script, cfg, nil); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	})
}

// states are channels in every state, to be fed with whatever comes.
func states(t testing.TB) []*htlc.Channel {
	var out []*htlc.Channel
	world := func() *htlctest.World {
		w, err := htlctest.NewWorld(htlctest.Default())
		require.NoError(t, err)
		return w
	}
	w := world()
	pay(w, 0)
	w.Add(0, 2_000_000)
	w.Add(1, 3_000_000)
	w.Feed(0)
	out = append(out, w.Nodes[0].Channel, w.Nodes[1].Channel)
	w.Settle()
	out = append(out, w.Nodes[0].Channel, w.Nodes[1].Channel)
	w.Feed(0, htlc.Shutdown{Script: []byte{0, 0}})
	w.Settle()
	out = append(out, w.Nodes[0].Channel, w.Nodes[1].Channel)
	w.Cut()
	out = append(out, w.Nodes[0].Channel)
	w.Link()
	out = append(out, w.Nodes[0].Channel)
	w.Feed(0, htlc.Halt{Reason: "test"})
	out = append(out, w.Nodes[0].Channel)

	w = world()
	w.Feed(0, htlc.Shutdown{Script: []byte{0, 0}})
	w.Feed(1, htlc.Shutdown{Script: []byte{0, 1}})
	w.Deliver(0, 1)
	w.Deliver(1, 1)
	out = append(out, w.Nodes[0].Channel, w.Nodes[1].Channel)
	w.Settle()
	out = append(out, w.Nodes[0].Channel)

	w, err := htlctest.NewWorld(configs()["vault"])
	require.NoError(t, err)
	money(w, 0, 0)
	w.Feed(1, htlc.Withdraw{Total: 40})
	out = append(out, w.Nodes[0].Channel, w.Nodes[1].Channel)
	w.Look(1)
	w.Settle()
	require.NoError(t, w.Err)
	out = append(out, w.Nodes[0].Channel, w.Nodes[1].Channel)

	cfg := htlctest.Default()
	cfg.Unopened = true
	pair, _, err := htlctest.NewPair(cfg)
	require.NoError(t, err)
	return append(out, pair[0])
}

// FuzzMessages: no message of a peer makes any state panic, and one that is refused
// leaves no trace.
func FuzzMessages(f *testing.F) {
	channels := states(f)
	for _, c := range channels {
		for _, msg := range []lnwire.Message{
			wireAdd(c, 0, 1e6), &lnwire.CommitSig{ChanID: c.ID()},
			&lnwire.UpdateFulfillHTLC{ID: 0}, &lnwire.UpdateFailHTLC{ID: 0, Reason: []byte{1}},
			&lnwire.UpdateFailMalformedHTLC{ID: 0, FailureCode: 0x8005}, &lnwire.UpdateFee{FeePerKw: 500},
			&lnwire.ChannelReestablish{NextLocalCommitHeight: 1}, &lnwire.Shutdown{Address: []byte{0, 1}},
			&lnwire.ClosingSigned{FeeSatoshis: 672}, &lnwire.Error{Data: []byte("x")},
			&lnwire.RevokeAndAck{NextRevocationKey: c.Params().Terms[0].HTLC},
			&lnwire.ChannelReady{NextPerCommitmentPoint: c.Params().Terms[0].HTLC},
			&htlc.UpdateDeposit{Total: 100_000_100}, &htlc.UpdateWithdraw{Total: 50},
			&htlc.WithdrawSigned{TotalA: 0, TotalB: 40},
		} {
			var b bytes.Buffer
			_, err := lnwire.WriteMessage(&b, msg, 0)
			require.NoError(f, err)
			f.Add(b.Bytes(), b.Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, one, two []byte) {
		for _, c := range channels {
			for _, raw := range [][]byte{one, two} {
				msg, err := lnwire.ReadMessage(bytes.NewReader(raw), 0)
				if err != nil {
					continue
				}
				before, items := c.Encode(), c.HTLCs()
				next, eff, err := c.StepAll([]htlc.Input{htlc.Recv{Msg: msg}})
				require.NotNil(t, next)
				if err != nil {
					require.NotNil(t, htlctest.Blame(err), "%v", err)
					require.Empty(t, eff)
					require.Equal(t, before, next.Encode())
					require.Equal(t, items, next.HTLCs())
				}
				require.Equal(t, before, c.Encode(), "the old value stands")
				c = next
			}
			c.Spendable()
			c.Receivable()
		}
	})
}

// FuzzTokenMessages: what is read of a token channel's messages is written back as it was, amounts are
// in range, and nothing else is read.
func FuzzTokenMessages(f *testing.F) {
	kinds := []lnwire.Message{&htlc.UpdateDeposit{}, &htlc.UpdateWithdraw{}, &htlc.WithdrawSigned{}}
	for kind, size := range []int{40, 40, 112} {
		for _, n := range []int{size - 1, size, size + 5} {
			f.Add(byte(kind), make([]byte, n))
		}
	}
	f.Fuzz(func(t *testing.T, kind byte, raw []byte) {
		msg := emptyLike(kinds[int(kind)%len(kinds)])
		if msg.Decode(bytes.NewReader(raw), 0) != nil {
			return
		}
		switch m := msg.(type) {
		case *htlc.UpdateDeposit:
			require.LessOrEqual(t, m.Total, htlc.MaxCapacity)
		case *htlc.WithdrawSigned:
			require.LessOrEqual(t, max(m.TotalA, m.TotalB), htlc.MaxCapacity)
			require.GreaterOrEqual(t, min(m.TotalA, m.TotalB), htlc.Sat(0))
		}
		var b bytes.Buffer
		require.NoError(t, msg.Encode(&b, 0))
		require.Equal(t, raw[:b.Len()], b.Bytes())
	})
}

// FuzzStored: no file makes Decode or Apply panic, or what they give.
func FuzzStored(f *testing.F) {
	format, signer := htlctest.Format{}, htlctest.NewSigner("opener")
	channels := states(f)
	for _, c := range channels {
		f.Add(c.Encode(), []byte{1, 1, 0, 0})
	}
	w, err := htlctest.NewWorld(htlctest.Default())
	require.NoError(f, err)
	w.Add(0, 1_000_000)
	_, eff, err := w.Nodes[0].Channel.StepAll(nil)
	require.NoError(f, err)
	f.Add(w.Nodes[0].Channel.Encode(), eff.Facts[0])
	f.Fuzz(func(t *testing.T, snapshot, fact []byte) {
		for _, c := range channels {
			c, _, err := c.StepAll([]htlc.Input{htlc.Disconnected{}})
			require.NoError(t, err)
			if _, err := c.Apply(fact); err != nil {
				require.ErrorIs(t, err, htlc.ErrCorrupt)
			}
		}
		c, err := htlc.Decode(snapshot, format, signer)
		if err != nil {
			require.ErrorIs(t, err, htlc.ErrCorrupt)
			return
		}
		again, err := htlc.Decode(c.Encode(), format, signer)
		require.NoError(t, err)
		require.Equal(t, c.Encode(), again.Encode())
		if c, err = c.Apply(fact); err != nil {
			return
		}
		c.Pending()
		c.HTLCs()
		_, _, _ = c.StepAll([]htlc.Input{htlc.Connected{}, htlc.Recv{Msg: &lnwire.ChannelReestablish{
			NextLocalCommitHeight: 1,
		}}})
	})
}
