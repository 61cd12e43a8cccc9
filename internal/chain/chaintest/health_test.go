package chaintest_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/chain/chaintest"
)

func TestHealthIsTheTimeSinceAnAnswerAndSinceABlock(t *testing.T) {
	var clock atomic.Int64 // seconds
	f := chaintest.NewWith(t, chain.Config{Now: func() time.Time { return time.Unix(clock.Load(), 0) }})
	is := func(silent, still time.Duration) {
		t.Helper()
		require.Equal(t, chain.Health{Silent: silent * time.Second, Still: still * time.Second}, f.Health())
	}
	is(0, 0)
	clock.Add(10)
	is(10, 10)
	require.NoError(t, f.Sync(t.Context()))
	is(0, 10)
	f.SetAway(true)
	clock.Add(5)
	require.Error(t, f.Sync(t.Context()))
	is(5, 15)
	f.MineN(1)
	is(5, 15)
	f.SetAway(false)
	is(0, 0)
	clock.Add(3)
	f.Reorg(1)
	is(0, 0)
	clock.Add(-3)
	is(0, 0)
}
