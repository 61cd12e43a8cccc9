package node

import (
	"context"
	"math"

	"github.com/btcsuite/btcd/btcutil"

	"github.com/nichework/nwnd/htlc"
)

// What stays in the wallet to raise the fees of commitments that must confirm, as lnd has it: so much
// for each channel, up to that for all of them, since they hardly close all at once.
const (
	anchorReserve    = btcutil.Amount(10_000)
	maxAnchorReserve = 10 * anchorReserve
)

// reserved is what must stay in the wallet now. Every channel counts that isn't finally closed, and
// every one that is being opened, by us or by a peer: once it is signed it is too late to refuse. Those
// that aren't announced count too, unlike lnd's: what is in them is no safer.
func (n *Node) reserved() btcutil.Amount { return reserveOf(n.openings.count() + n.sw.unclosed()) }

func reserveOf(channels int) btcutil.Amount {
	return anchorReserve * btcutil.Amount(min(channels, int(maxAnchorReserve/anchorReserve)))
}

// RequiredReserve is what must stay in the wallet to raise the fees of force closes if so many
// channels more were opened.
func (n *Node) RequiredReserve(_ context.Context, more uint32) (btcutil.Amount, error) {
	return reserveOf(n.openings.count() + n.sw.unclosed() + int(min(more, math.MaxInt32))), nil
}

// count is how many channels are being opened. One that is just becoming a channel counts
// here and there.
func (s *openings) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.m)
}

func (s *Switch) unclosed() (count int) {
	for _, d := range s.channels() {
		if d.channel().State() != htlc.Closed {
			count++
		}
	}
	return count
}
