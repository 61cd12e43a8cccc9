package htlc_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// TestWhatTheChainSaysInAnyOrder: random words of the chain and the switch about a channel that
// stopped anywhere. The disk always has what memory has, and no HTLC fails whose preimage is
// known.
func TestWhatTheChainSaysInAnyOrder(t *testing.T) {
	for range 60 {
		seed := rand.Uint64()
		if !t.Run("", func(t *testing.T) { chainSays(t, rand.New(rand.NewPCG(seed, 1))) }) {
			t.Fatalf("seed %d", seed)
		}
	}
}

func chainSays(t *testing.T, r *rand.Rand) {
	w := newWorld(t, nil)
	script := make([]byte, 2*(10+r.IntN(120)))
	for i := range script {
		script[i] = byte(r.Uint32())
	}
	for i := 0; i < len(script); i += 2 {
		act(w, script[i], int(script[i+1]))
	}
	require.NoError(t, w.Err)
	c := w.Nodes[0].Channel
	if c.State() == htlc.Closing {
		return
	}
	c, _ = onDisk(t, c, htlc.Halt{Reason: "test"})
	known := make(map[uint64]bool)
	for range 40 {
		items := c.HTLCs()
		if len(items) == 0 {
			return
		}
		h := items[r.IntN(len(items))]
		in := saying(r, w, h)
		if in == nil {
			continue
		}
		var eff htlc.Effects
		c, eff = onDisk(t, c, in)
		for _, res := range append(eff.Results, c.Pending()...) {
			switch res := res.(type) {
			case htlc.Fulfilled:
				known[res.HTLC.ID] = true
			case htlc.Failed:
				require.False(t, known[res.HTLC.ID], "HTLC %d failed", res.HTLC.ID)
			}
		}
	}
}

// saying is a random input about an HTLC of a stopped channel.
func saying(r *rand.Rand, w *htlctest.World, h htlc.Item) htlc.Input {
	p := w.Preimage(h.HTLC)
	if h.Offerer == htlc.Remote {
		switch {
		case h.LockedIn && r.IntN(2) == 0:
			return htlc.Fail{ID: h.ID, Reason: []byte("no")}
		case h.LockedIn || strings.Contains(h.State, "REMOVE"):
			return htlc.Fulfill{ID: h.ID, Preimage: p}
		}
		return nil
	}
	switch r.IntN(4) {
	case 0:
		return htlc.Learned{ID: h.ID, Preimage: p}
	case 1:
		return htlc.Recv{Msg: &lnwire.UpdateFulfillHTLC{ID: h.ID, PaymentPreimage: p}}
	case 2:
		return htlc.TimedOut{ID: h.ID}
	}
	if h.Fulfilled || h.TimedOut || h.Removed {
		return htlc.Forget{ID: h.ID}
	}
	return nil
}
