package neutrino

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btclog"
	"github.com/btcsuite/btcwallet/walletdb"
	"github.com/lightninglabs/neutrino/pushtx"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/chain"
)

func TestQuestionsUnderWayAreBounded(t *testing.T) {
	s := &Service{asked: make(chan struct{}, 2)}
	release := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	slow := func() (int, error) { <-release; return 7, nil }
	gaveUp := make(chan error)
	for range 2 {
		go func() { _, err := ask(ctx, s, slow); gaveUp <- err }()
	}
	require.Eventually(t, func() bool { return len(s.asked) == 2 }, time.Minute, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-gaveUp, context.Canceled)
	require.ErrorIs(t, <-gaveUp, context.Canceled)

	// Both go on, so a third has to wait.
	third, stop := context.WithCancel(t.Context())
	go func() { _, err := ask(third, s, slow); gaveUp <- err }()
	require.Len(t, s.asked, 2)
	stop()
	require.ErrorIs(t, <-gaveUp, context.Canceled)
	close(release)
	got, err := ask(t.Context(), s, slow)
	require.NoError(t, err)
	require.Equal(t, 7, got)
}

func TestHintsAreKept(t *testing.T) {
	cfg := Config{Dir: t.TempDir(), Params: &chaincfg.SimNetParams, Connect: []string{"127.0.0.1:1"}}
	s, err := Open(cfg)
	require.NoError(t, err)
	none, err := s.LoadHints()
	require.NoError(t, err)
	require.Empty(t, none)
	require.NoError(t, s.SaveHints(map[string]chain.Hint{"gone": {Height: 1}}))
	all := map[string]chain.Hint{"a": {From: 3, Height: 5, Hash: chainhash.Hash{1}}, "b": {Height: 1 << 30}}
	require.NoError(t, s.SaveHints(all))
	require.NoError(t, s.Close())

	s, err = Open(cfg)
	require.NoError(t, err)
	defer s.Close()
	got, err := s.LoadHints()
	require.NoError(t, err)
	require.Equal(t, all, got)
	require.NoError(t, walletdb.Update(s.db, func(tx walletdb.ReadWriteTx) error {
		bucket := tx.ReadWriteBucket(hintBucket)
		return errors.Join(bucket.Put([]byte("short"), []byte{1}), bucket.Put([]byte("high"), bytes.Repeat([]byte{255}, hintSize)))
	}))
	got, err = s.LoadHints()
	require.NoError(t, err)
	require.Equal(t, all, got, "what can't be read is left out")
}

func TestRefusalsOfPeers(t *testing.T) {
	tx := wire.NewMsgTx(2)
	for _, tc := range []struct {
		code   pushtx.BroadcastErrorCode
		reason string
		want   error
	}{
		{pushtx.Mempool, "already have transaction", nil},
		{pushtx.Confirmed, "transaction already exists", nil},
		{pushtx.InsufficientFee, "insufficient priority", chain.ErrFeeTooLow},
		{pushtx.Invalid, "output already spent by", chain.ErrConflict},
		{pushtx.Invalid, "txn-mempool-conflict", chain.ErrConflict},
		{pushtx.Invalid, "bad-txns-inputs-missingorspent", chain.ErrMissingInputs},
		{pushtx.Invalid, "script failed", chain.ErrRejected},
		{pushtx.Unknown, "", chain.ErrRejected},
	} {
		err := refusal(tx, &pushtx.BroadcastError{Code: tc.code, Reason: "rejected by 1.2.3.4: " + tc.reason})
		if tc.want == nil {
			require.NoError(t, err, tc.reason)
			continue
		}
		require.ErrorIs(t, err, tc.want)
		require.ErrorIs(t, err, chain.ErrRejected)
	}
}

func TestLogOfTheLibraryIsBounded(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(1_700_000_000, 0)
	to := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelInfo}))
	l := newLogger(to, func() time.Time { return now })
	require.Equal(t, btclog.LevelWarn, l.Level())
	for range 10 * logBurst {
		l.Warnf("peer %d is odd", 1)
		l.Info("not enabled, and not counted")
	}
	require.Equal(t, logBurst, strings.Count(out.String(), "peer 1 is odd"))
	out.Reset()
	now = now.Add(time.Second)
	for range 10 {
		l.Error("again")
	}
	require.Equal(t, logPerSec, strings.Count(out.String(), "again"))
	require.Contains(t, out.String(), "dropped=900")
	require.NotContains(t, out.String(), "not enabled")
}

func TestProgressNamesTheStage(t *testing.T) {
	for _, tc := range []struct {
		p    Progress
		want []any
	}{
		{Progress{Filters: 5}, []any{"stage", "looking for peers", "height", int32(5)}},
		{Progress{Headers: 50, Filters: 10, Target: 200, Peers: 3},
			[]any{"stage", "headers", "height", int32(50), "of", int32(200), "percent", int64(25), "peers", 3}},
		{Progress{Headers: 200, Filters: 150, Target: 200, Peers: 3},
			[]any{"stage", "filters", "height", int32(150), "of", int32(200), "percent", int64(75), "peers", 3}},
	} {
		require.Equal(t, tc.want, tc.p.attrs())
	}
}
