package router

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// Relays don't keep the order, so what waits for a channel is a peer's newest update of it,
// not its last.
func TestTheNewestOfWhatWaitsIsKept(t *testing.T) {
	w := newWaiting(100, 1<<20)
	key := waitChan(ChanID{SCID: lnwire.NewShortChanIDFromInt(1)})
	for _, ts := range []uint32{10, 30, 20} {
		require.True(t, w.add(key, waiter{msg: &lnwire.ChannelUpdate1{Timestamp: ts}, size: 1}))
	}
	all := w.take(key)
	require.Len(t, all, 1)
	require.EqualValues(t, 30, stamp(all[0].msg))
}
