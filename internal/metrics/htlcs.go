package metrics

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/nichework/nwnd/internal/node"
)

// Limits of what is followed.
const (
	maxPending  = 10_000          // HTLCs whose time is being measured; of more only the outcome is told
	followAgain = 5 * time.Second // pause after having been too slow
)

// htlcLabels are lndmon's but for the channels, of which there is no bound: outcome is settled
// or failed, type send, receive or forward.
var htlcLabels = []string{"outcome", "type"}

// HTLCs counts how HTLCs end, and measures how long that takes.
type HTLCs struct {
	log      *slog.Logger
	resolved *prometheus.CounterVec
	took     *prometheus.HistogramVec

	since map[htlcKey]time.Time // of one goroutine
}

// htlcKey names an HTLC by its sides.
type htlcKey struct {
	in, out     lnwire.ShortChannelID
	inID, outID uint64
}

// NewHTLCs makes an empty count.
func NewHTLCs(log *slog.Logger) *HTLCs {
	return &HTLCs{
		log: log, since: make(map[htlcKey]time.Time),
		resolved: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lnd_htlcs_resolved_htlcs", Help: "HTLCs that ended, since the node was up.",
		}, htlcLabels),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "lnd_htlcs_resolution_time", Help: "Seconds from offering an HTLC until it was settled or failed.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60, 600, 3600, 86400},
		}, htlcLabels),
	}
}

// Describe is of prometheus.Collector.
func (h *HTLCs) Describe(out chan<- *prometheus.Desc) {
	h.resolved.Describe(out)
	h.took.Describe(out)
}

// Collect is of prometheus.Collector.
func (h *HTLCs) Collect(out chan<- prometheus.Metric) {
	h.resolved.Collect(out)
	h.took.Collect(out)
}

// Follow counts what events tell until ctx ends. The node drops a follower that is too slow;
// then what happened meanwhile is not counted.
func (h *HTLCs) Follow(ctx context.Context, events func(context.Context) iter.Seq2[node.HTLCEvent, error]) {
	for {
		for v, err := range events(ctx) {
			if err != nil && ctx.Err() == nil {
				h.log.Warn("HTLCs are not counted for a while", "err", err)
			}
			if err == nil {
				h.note(&v)
			}
		}
		clear(h.since)
		again := time.NewTimer(followAgain)
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
			return
		}
	}
}

func (h *HTLCs) note(v *node.HTLCEvent) {
	key := htlcKey{v.In, v.Out, v.InID, v.OutID}
	outcome := "failed"
	switch v.Kind {
	case node.HTLCForwarded:
		if _, known := h.since[key]; !known && len(h.since) < maxPending {
			h.since[key] = v.Time
		}
		return
	case node.HTLCSettled:
		outcome = "settled"
	case node.HTLCForwardFailed, node.HTLCLinkFailed:
	default:
		return
	}
	kind, ok := map[node.HTLCRole]string{
		node.HTLCSend: "send", node.HTLCReceive: "receive", node.HTLCForward: "forward",
	}[v.Role]
	if !ok {
		return
	}
	h.resolved.WithLabelValues(outcome, kind).Inc()
	if begin, ok := h.since[key]; ok {
		delete(h.since, key)
		h.took.WithLabelValues(outcome, kind).Observe(v.Time.Sub(begin).Seconds())
	}
}
