package router

import (
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
)

// SpentDepth is how many blocks after its output's spend a channel is forgotten (BOLT 7 asks for
// 72, so that a splice can be announced).
const SpentDepth = 72

// Spend marks the channels of an asset whose funding outputs a block spends, and returns how many
// it found. They are not routed over from now on, and forgotten by Bury.
func (g *Graph) Spend(chain chainhash.Hash, outs []wire.OutPoint, height uint32) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	no, ok := g.chainNo[chain]
	if !ok {
		return 0
	}
	found := 0
	for _, o := range outs {
		if at, ok := g.byFunding[o]; ok && g.chans[at].chain == no && g.chans[at].spent == 0 {
			g.setSpent(at, height)
			g.touched(at)
			found++
		}
	}
	return found
}

// Unspend takes back what blocks at height and above spent, after a reorganisation.
func (g *Graph) Unspend(chain chainhash.Hash, height uint32) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	found := 0
	for at := range g.spent {
		if c := &g.chans[at]; g.chains[c.chain] == chain && c.spent >= height {
			g.setSpent(at, 0)
			g.touched(at)
			found++
		}
	}
	return found
}

// Bury forgets the channels that were spent SpentDepth blocks before tip, at most limit.
func (g *Graph) Bury(chain chainhash.Hash, tip uint32, limit int) []ChanID {
	g.mu.Lock()
	defer g.mu.Unlock()
	var gone []ChanID
	for at := range g.spent {
		c := &g.chans[at]
		if g.chains[c.chain] == chain && uint64(c.spent)+SpentDepth <= uint64(tip) && len(gone) < limit {
			gone = append(gone, g.view(at).ID)
			g.remove(at)
		}
	}
	return gone
}

// setSpent marks a channel as spent at a height, or not with 0. The caller holds mu.
func (g *Graph) setSpent(at, height uint32) {
	c := &g.chans[at]
	if c.spent == height {
		return
	}
	if c.spent = height; height != 0 {
		g.spent[at] = struct{}{}
	} else {
		delete(g.spent, at)
	}
	for d, known := range c.known {
		if known {
			g.setPolicy(at, Direction(d), c.policy[d])
		}
	}
}
