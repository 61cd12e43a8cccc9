package node

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/btcsuite/btcd/wire"
)

// maxAlerts bounds what is kept; one for each kind and channel, so it takes as many channels.
const maxAlerts = 1000

// alerts are those that stand now. Each is logged when it is raised and when it is over.
type alerts struct {
	log *slog.Logger
	now func() time.Time

	mu     sync.Mutex
	all    map[alertKey]Alert
	raised [AlertEndpoint + 1]uint64 // how often, by kind
}

type alertKey struct {
	kind    AlertKind
	channel wire.OutPoint
}

var alertNames = [...]string{"deadline", "breach", "chain_stale", "unknown_spend", "reserve", "stale_data", "gas", "owed", "token", "endpoint"}

// String is the kind's name in logs and metrics.
func (k AlertKind) String() string {
	if int(k) < len(alertNames) {
		return alertNames[k]
	}
	return "unknown"
}

// raise says that something is wrong, once as long as it stays so.
func (a *alerts) raise(kind AlertKind, channel wire.OutPoint, text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := alertKey{kind, channel}
	old, there := a.all[key]
	if there && old.Text == text {
		return
	}
	v := Alert{Kind: kind, Channel: channel, Since: a.now(), Text: text}
	if there {
		v.Since = old.Since
	} else {
		a.raised[kind]++
		if len(a.all) >= maxAlerts {
			a.log.Error("alert", "kind", kind, "channel", channel, "what", text)
			return
		}
	}
	if a.all == nil {
		a.all = make(map[alertKey]Alert)
	}
	a.all[key] = v
	a.log.Error("alert", "kind", kind, "channel", channel, "what", text)
}

// clear says that it is over.
func (a *alerts) clear(kind AlertKind, channel wire.OutPoint) {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := alertKey{kind, channel}
	if v, ok := a.all[key]; ok {
		delete(a.all, key)
		a.log.Info("alert is over", "kind", kind, "channel", channel, "what", v.Text, "since", v.Since)
	}
}

// AlertCount is how often there was an alert of a kind since the start, and how many there are now.
type AlertCount struct {
	Kind   AlertKind
	Raised uint64
	Now    int
}

// AlertCounts counts them, kind by kind.
func (n *Node) AlertCounts(context.Context) ([]AlertCount, error) {
	n.alerts.mu.Lock()
	defer n.alerts.mu.Unlock()
	all := make([]AlertCount, len(n.alerts.raised))
	for kind, raised := range n.alerts.raised {
		all[kind] = AlertCount{Kind: AlertKind(kind), Raised: raised}
	}
	for key := range n.alerts.all {
		all[key.kind].Now++
	}
	return all, nil
}

// Alerts lists what is wrong now, the oldest first.
func (n *Node) Alerts(context.Context) ([]Alert, error) {
	n.alerts.mu.Lock()
	defer n.alerts.mu.Unlock()
	all := make([]Alert, 0, len(n.alerts.all))
	for _, v := range n.alerts.all {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b Alert) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Channel.String(), b.Channel.String()))
	})
	return all, nil
}
