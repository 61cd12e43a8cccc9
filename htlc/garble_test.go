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

// A peer that garbles, repeats and leaves out messages gets errors, never a panic, and
// never money: its victim's disk and ledger stay whole.
func TestGarbledTrafficHarmsNobody(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	blamed := map[htlc.Reaction]int{}
	for range 150 {
		w, err := htlctest.NewWorld(htlctest.Default())
		require.NoError(t, err)
		for n := 0; n < 60 && w.Nodes[0].Channel.State() != htlc.Halted; n++ {
			for i := range w.Nodes {
				switch r.IntN(6) {
				case 0, 1:
					w.Add(i, htlc.MilliSat(1+r.IntN(3_000_000)))
				case 2:
					if id, ok := pick(w.Nodes[i].Book.Arrived, r.IntN(9)); ok {
						w.Decide(i, id, r.IntN(3))
					}
				case 3:
					if r.IntN(20) == 0 {
						w.Feed(i, htlc.Shutdown{Script: []byte{0, byte(i)}})
					}
				}
				w.Feed(i)
			}
			inbox := w.Nodes[0].Inbox
			w.Nodes[0].Inbox = nil
			for _, raw := range inbox {
				msg, err := lnwire.ReadMessage(bytes.NewReader(garble(r, raw)), 0)
				if err != nil {
					continue
				}
				next, eff, err := w.Nodes[0].Channel.StepAll([]htlc.Input{htlc.Recv{Msg: msg}})
				if err != nil {
					p := htlctest.Blame(err)
					require.NotNil(t, p, "%v", err)
					blamed[p.Reaction]++
					if p.Reaction == htlc.FailChannel {
						w.Feed(0, htlc.Halt{Reason: err.Error()})
					} else {
						w.Cut()
						w.Link()
					}
					break
				}
				w.Take(0, next, eff)
			}
			if w.Nodes[0].Channel.State() != htlc.Halted {
				w.Deliver(1, 100)
			}
			if htlctest.Blame(w.Err) != nil {
				break // the victim passed on what it was given, and the other objects
			}
			require.NoError(t, w.Err)
			require.NoError(t, w.Nodes[0].Check())
		}
	}
	require.Positive(t, blamed[htlc.Warn])
	require.Positive(t, blamed[htlc.FailChannel])
}

// garble changes some messages.
func garble(r *rand.Rand, raw []byte) []byte {
	if r.IntN(12) > 0 {
		return raw
	}
	out := bytes.Clone(raw)
	for range 1 + r.IntN(3) {
		switch r.IntN(3) {
		case 0:
			out[r.IntN(len(out))] ^= 1 << r.IntN(8)
		case 1:
			out[1] = byte(r.IntN(140)) // another type
		default:
			at := min(34+r.IntN(16), len(out)-1) // ids and amounts
			out[at] = byte(r.Uint32())
		}
	}
	return out
}
