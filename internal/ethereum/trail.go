package ethereum

import (
	"slices"

	"github.com/ethereum/go-ethereum/core/types"
)

// maxTrail is how many blocks are kept: four days of a chain with a block a second that doesn't get final.
const maxTrail = 1 << 18

// keptFinal is how many final blocks are kept, to see one of them undone.
const keptFinal = 128

// keptBlooms is how many of the newest blocks keep their bloom filter.
const keptBlooms = 4096

// trail is the newest blocks of the chain, each the child of the one before.
type trail []header

func (t trail) top() header { return t[len(t)-1] }

// at is the block of a number, if it is kept.
func (t trail) at(n uint64) (header, bool) {
	if len(t) == 0 || n < t[0].Number || n > t.top().Number {
		return header{}, false
	}
	return t[n-t[0].Number], true
}

// excludes tells whether a block's bloom filter rules a log out. Chains that keep no filters have zeros in all blocks.
func (t trail) excludes(l *types.Log) bool {
	h, ok := t.at(l.BlockNumber)
	if !ok || h.bloom == nil || admits(h.bloom, l.Address, l.Topics...) {
		return false
	}
	return slices.ContainsFunc(t, func(h header) bool { return h.bloom != nil && *h.bloom != (types.Bloom{}) })
}

// graft puts newer blocks onto the trail in place of what isn't their ancestor. They are given from the highest
// down, the last one the child of a block of the trail, or of none if it begins anew.
func (t trail) graft(fresh []header) trail {
	low := fresh[len(fresh)-1]
	keep := 0
	if low.Number > 0 {
		if h, ok := t.at(low.Number - 1); ok && h.Hash == low.parent {
			keep = int(low.Number - t[0].Number)
		}
	}
	all := make(trail, 0, keep+len(fresh)) // who reads the old one goes on with it
	all = append(all, t[:keep]...)
	for i := len(fresh) - 1; i >= 0; i-- {
		all = append(all, fresh[i])
	}
	return all
}

// prune drops what isn't needed any more below a final block.
func (t trail) prune(final uint64) trail {
	drop := max(0, len(t)-maxTrail)
	if final > t[0].Number+keptFinal {
		drop = max(drop, int(min(final-keptFinal, t.top().Number)-t[0].Number))
	}
	t = t[drop:]
	for i := len(t) - keptBlooms - 1; i >= 0 && t[i].bloom != nil; i-- {
		t[i].bloom = nil
	}
	return t
}
