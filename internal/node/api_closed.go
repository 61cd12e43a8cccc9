package node

import (
	"context"
	"slices"
)

// ClosedChannels lists the channels that are no more, the last one closed last.
func (n *Node) ClosedChannels(context.Context) ([]ClosedChannel, error) {
	all, err := closedChannels(n.db)
	for i := range all {
		all[i].Chain = n.chainHash()
	}
	slices.SortStableFunc(all, func(a, b ClosedChannel) int { return a.When.Compare(b.When) })
	return all, err
}
