package metrics

import (
	"context"
	"iter"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/node"
)

func gathered(t *testing.T, h *HTLCs) map[string]*dto.MetricFamily {
	t.Helper()
	registry := prometheus.NewRegistry()
	require.NoError(t, registry.Register(h))
	list, err := registry.Gather()
	require.NoError(t, err)
	all := make(map[string]*dto.MetricFamily)
	for _, f := range list {
		all[f.GetName()] = f
	}
	return all
}

func event(kind node.HTLCEventKind, role node.HTLCRole, id uint64, at time.Time) node.HTLCEvent {
	return node.HTLCEvent{Kind: kind, Role: role, Time: at, In: lnwire.NewShortChanIDFromInt(1), InID: id,
		Out: lnwire.NewShortChanIDFromInt(2), OutID: id}
}

func TestHTLCsAreCountedAndMeasured(t *testing.T) {
	h, begin := NewHTLCs(slog.New(slog.DiscardHandler)), time.Unix(1_700_000_000, 0)
	for _, e := range []node.HTLCEvent{
		event(node.HTLCSubscribed, 0, 0, begin),
		event(node.HTLCForwarded, node.HTLCForward, 1, begin),
		event(node.HTLCForwarded, node.HTLCForward, 1, begin.Add(time.Hour)), // again, after a restart of a channel
		event(node.HTLCForwarded, node.HTLCForward, 2, begin),
		event(node.HTLCSettled, node.HTLCForward, 1, begin.Add(20*time.Millisecond)),
		event(node.HTLCFinal, node.HTLCForward, 1, begin.Add(time.Second)),
		event(node.HTLCForwardFailed, node.HTLCForward, 2, begin.Add(2*time.Second)),
		event(node.HTLCLinkFailed, node.HTLCReceive, 3, begin),
		event(node.HTLCSettled, node.HTLCReceive, 4, begin),
	} {
		h.note(&e)
	}
	all := gathered(t, h)
	for labels, want := range map[[2]string]float64{
		{"settled", "forward"}: 1, {"failed", "forward"}: 1, {"failed", "receive"}: 1, {"settled", "receive"}: 1,
	} {
		require.Equal(t, want, value(t, all, "lnd_htlcs_resolved_htlcs", "outcome="+labels[0], "type="+labels[1]))
	}
	require.Len(t, all["lnd_htlcs_resolution_time"].Metric, 2, "what ends here isn't measured")
	sum := 0.0
	for _, m := range all["lnd_htlcs_resolution_time"].Metric {
		require.EqualValues(t, 1, m.GetHistogram().GetSampleCount())
		sum += m.GetHistogram().GetSampleSum()
	}
	require.InDelta(t, 2.02, sum, 1e-9)
	require.Empty(t, h.since)
}

func TestOnlySoManyHTLCsAreMeasuredAtOnce(t *testing.T) {
	h, begin := NewHTLCs(slog.New(slog.DiscardHandler)), time.Unix(1_700_000_000, 0)
	for i := range uint64(maxPending + 5) {
		e := event(node.HTLCForwarded, node.HTLCForward, i, begin)
		h.note(&e)
	}
	require.Len(t, h.since, maxPending)
	last := event(node.HTLCSettled, node.HTLCForward, maxPending+1, begin)
	h.note(&last)
	require.EqualValues(t, 1, value(t, gathered(t, h), "lnd_htlcs_resolved_htlcs", "outcome=settled"), "counted, not measured")
}

func TestAFollowerThatWasTooSlowFollowsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, begin := NewHTLCs(slog.New(slog.DiscardHandler)), time.Now()
		ctx, stop := context.WithCancel(t.Context())
		joined := 0
		h.Follow(ctx, func(ctx context.Context) iter.Seq2[node.HTLCEvent, error] {
			return func(yield func(node.HTLCEvent, error) bool) {
				joined++
				if !yield(event(node.HTLCForwarded, node.HTLCSend, 1, time.Now()), nil) {
					return
				}
				if joined == 3 {
					stop()
				}
				yield(node.HTLCEvent{}, node.ErrBusy)
			}
		})
		require.Equal(t, 3, joined)
		require.Equal(t, 2*followAgain, time.Since(begin))
		require.Empty(t, h.since, "what may have ended unheard is forgotten")
	})
}
