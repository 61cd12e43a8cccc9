package node

import (
	"fmt"
	"math"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/router"
)

// believedCapacity stands for one that nobody looked up: the largest of a channel without
// option_support_large_channel (BOLT 2). What its ends forward at most is in their updates.
const believedCapacity = lnwire.MilliSatoshi(1<<24-1) * 1000

// fastBlocks is the time in which a block comes where they come fast, as on test networks.
const fastBlocks = 150 * time.Second

// reachable is a height that the chain may have by now, though our view of it may lag, as a light
// client's does at its first start.
func (n *Node) reachable() uint32 {
	tip := n.chain.Best()
	late := max(0, n.now().Sub(tip.Time)/fastBlocks)
	return uint32(min(int64(max(0, tip.Height))+int64(late), math.MaxUint32))
}

// believe takes an announced channel whose signatures are right, as soon as its block can be there.
func (g *gossiper) believe(check *router.FundingCheck) error {
	if height := g.trusts(); check.SCID.BlockHeight > height {
		g.gate.Postpone(check)
		return fmt.Errorf("%w: height %d, there can be %d", chain.ErrUnknownBlock, check.SCID.BlockHeight, height)
	}
	return g.gate.Confirm(check, believedCapacity, g.now())
}
