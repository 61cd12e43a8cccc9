package node

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/router"
)

// What payments taught is known after a restart.
func TestHistorySurvivesARestart(t *testing.T) {
	n, alice, bob, carol := line(t)
	require.Equal(t, PaymentSucceeded, alice.pay(carol.invoice(10_000*sat).PaymentRequest).Status)
	n.settled(alice, bob, carol)
	chance := func() float64 {
		return alice.routes.history.Probability(bob.self, carol.self, 10_000*sat, 1_000_000*sat, time.Now())
	}
	require.Greater(t, chance(), 0.98)
	require.NoError(t, alice.stop())
	alice.start()
	n.eventually("alice is up", func() bool { return len(alice.sw.channels()) == 1 })
	require.Greater(t, chance(), 0.98)
}

func TestHistoryRowsThatMakeNoSenseAreDeleted(t *testing.T) {
	db := dbtest.New(t).Open()
	require.NoError(t, db.Append(channeldb.Batch{Puts: []channeldb.KV{
		put(bucketHistory, []byte("a long key"), []byte{1}),
		put(bucketHistory, []byte{0, 0, 0, 7}, []byte{1}),
	}}))
	s := &historyStore{log: slog.New(slog.DiscardHandler), db: db, h: router.NewHistory(router.NewGraph(), 0), now: time.Now}
	require.NoError(t, s.load())
	s.close()
	count, err := db.Count(bucketHistory)
	require.NoError(t, err)
	require.Zero(t, count)
}
