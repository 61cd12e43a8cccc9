package chain

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestGuestsDontKeepTheNodesOwnSearchesWaiting(t *testing.T) {
	f := &Follower{scans: make(chan struct{}, parallelScans), guests: make(chan struct{}, parallelGuests)}
	runs, end := make(chan string, 100), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	for range 50 {
		f.goScan(Guest(ctx), func() { runs <- "guest"; <-end })
	}
	for range parallelGuests {
		require.Equal(t, "guest", <-runs)
	}
	f.goScan(ctx, func() { runs <- "own" })
	select {
	case who := <-runs:
		require.Equal(t, "own", who)
	case <-time.After(time.Minute):
		require.FailNow(t, "it waits")
	}
	cancel() // the rest never begin
	close(end)
	require.Eventually(t, func() bool { return len(f.guests) == 0 }, time.Minute, time.Millisecond)
}
