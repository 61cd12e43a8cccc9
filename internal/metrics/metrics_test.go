package metrics

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/internal/node"
)

var rewrite = flag.Bool("rewrite", false, "write the list of names anew")

// fake is a node of which every answer is known.
type fake struct {
	channels int
	graph    func(context.Context) error // what NetworkInfo waits for or fails with
	asked    int                         // for the graph
}

func (f *fake) Info(context.Context) (node.Info, error) {
	_, pub := btcec.PrivKeyFromBytes([]byte{1})
	return node.Info{IdentityKey: pub, Alias: "ali\"ce", Peers: 3, Active: 2, Inactive: 1, Height: 100,
		BlockTime: time.Unix(1_700_000_000, 0), SyncedToChain: true}, nil
}

func (f *fake) WalletBalance(_ context.Context, minConfs int32) (node.WalletBalance, error) {
	if minConfs != 1 {
		return node.WalletBalance{}, fmt.Errorf("asked for %d confirmations", minConfs)
	}
	return node.WalletBalance{Confirmed: 5000, Unconfirmed: 70}, nil
}

func (f *fake) Unspent(_ context.Context, from, _ int32) ([]node.Coin, error) {
	if from != 0 {
		return nil, fmt.Errorf("asked from %d", from)
	}
	return []node.Coin{{Amount: 4000, Confirmations: 2}, {Amount: 1000, Confirmations: 1}, {Amount: 70}}, nil
}

func (f *fake) ListChannels(context.Context) (all []node.Channel, err error) {
	for i := range f.channels {
		all = append(all, node.Channel{SCID: lnwire.NewShortChanIDFromInt(uint64(f.channels - i)), Active: true,
			LocalBalance: 9_999, HTLCs: []node.HTLC{{Amount: 5}, {Amount: 7, Incoming: true}, {Amount: 8, Incoming: true}}})
	}
	return append(all, node.Channel{}, node.Channel{}), nil
}

func (f *fake) PendingChannels(context.Context) (node.PendingChannels, error) {
	return node.PendingChannels{
		Opening: make([]node.PendingOpen, 4), Closing: []node.PendingClose{{PendingChannel: node.PendingChannel{LocalBalance: 11}}},
		Forced: []node.ForceClose{
			{PendingChannel: node.PendingChannel{LocalBalance: 20}}, {Txid: chainhash.Hash{1}}, {Tx: wire.NewMsgTx(2)},
			{Height: 7, Limbo: 300, Recovered: 40, PendingChannel: node.PendingChannel{LocalBalance: 5000}, Coins: []node.ChainCoin{
				{Path: bitcoin.Anchor, State: node.CoinLost}, {Path: bitcoin.ToLocal, State: node.CoinLost},
			}},
			{Height: 8, Limbo: 9, Coins: []node.ChainCoin{{Path: bitcoin.Anchor, State: node.CoinTaken}}},
		},
	}, nil
}

func (f *fake) Sweeps(context.Context) ([]node.Sweep, error) {
	return []node.Sweep{{Amount: 100, Fee: 10, Budget: 50}, {Amount: 7, Fee: 1, Budget: 3}}, nil
}

func (f *fake) AlertCounts(context.Context) ([]node.AlertCount, error) {
	return []node.AlertCount{{Kind: node.AlertBreach, Raised: 3, Now: 2}, {Kind: node.AlertChainStale, Raised: 1}}, nil
}

func (f *fake) ClosedChannels(context.Context) ([]node.ClosedChannel, error) {
	return []node.ClosedChannel{{Kind: node.ClosedByPeer}, {Kind: node.ClosedCooperatively}, {Kind: node.ClosedByPeer}}, nil
}

func (f *fake) ChannelBalance(context.Context) (node.ChannelBalance, error) {
	return node.ChannelBalance{Local: 123_999, PendingLocal: 1000}, nil
}

func (f *fake) NetworkInfo(ctx context.Context) (node.NetworkInfo, error) {
	f.asked++
	if f.graph != nil {
		if err := f.graph(ctx); err != nil {
			return node.NetworkInfo{}, err
		}
	}
	return node.NetworkInfo{Nodes: 4, Channels: 6, MaxChannels: 3, Capacity: 600, Smallest: 50, Median: 90, Largest: 200}, nil
}

func collector(perChannel bool) *Collector {
	return New(Config{Log: slog.New(slog.DiscardHandler), Version: "v1", PerChannel: perChannel, Started: time.Now()})
}

func stats() channeldb.Stats {
	return channeldb.Stats{Commits: 3, Syncs: 6, Appends: 12, LargestGroup: 5, PendingAppends: 1}
}

// scrape answers with the status and what was said, parsed.
func scrape(t *testing.T, h http.Handler) (int, map[string]*dto.MetricFamily) {
	t.Helper()
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if answer.Code != http.StatusOK {
		return answer.Code, nil
	}
	var parser expfmt.TextParser
	all, err := parser.TextToMetricFamilies(answer.Body)
	require.NoError(t, err)
	return answer.Code, all
}

// value is that of the series of a family whose labels include those given, name=value.
func value(t *testing.T, all map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	t.Helper()
	require.Contains(t, all, name)
	for _, m := range all[name].Metric {
		has := make(map[string]bool)
		for _, l := range m.Label {
			has[l.GetName()+"="+l.GetValue()] = true
		}
		if !slices.ContainsFunc(labels, func(l string) bool { return !has[l] }) {
			return m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	t.Fatalf("%s has no series with %v", name, labels)
	return 0
}

func TestAScrapeShowsTheNode(t *testing.T) {
	c := collector(false)
	h := Handler(c)
	_, before := scrape(t, h)
	require.Zero(t, value(t, before, "nwnd_up"))
	require.NotContains(t, before, "lnd_peer_count")

	c.Attach(&fake{channels: 2}, stats)
	code, all := scrape(t, h)
	require.Equal(t, http.StatusOK, code)
	for name, want := range map[string]float64{
		"nwnd_up": 1, "lnd_peer_count": 3, "lnd_channels_active_total": 2, "lnd_channels_inactive_total": 1,
		"lnd_chain_block_height": 100, "lnd_chain_block_timestamp": 1.7e9, "lnd_chain_synced": 1, "nwnd_graph_synced": 0,
		"lnd_wallet_balance_confirmed_sat": 5000, "lnd_wallet_balance_unconfirmed_sat": 70,
		"lnd_utxos_count_confirmed_total": 2, "lnd_utxos_count_unconfirmed_total": 1,
		"lnd_utxos_sizes_min_sat": 70, "lnd_utxos_sizes_max_sat": 4000, "lnd_utxos_sizes_avg_sat": 1690,
		"lnd_channels_open_balance_sat": 123, "lnd_channels_pending_balance_sat": 1,
		"lnd_channels_waiting_close_balance_sat": 31, "nwnd_channels_stopped": 1, "nwnd_channels_on_chain": 5,
		"nwnd_sweeps_pending": 2, "nwnd_sweeps_amount_sat": 107, "nwnd_sweeps_fee_sat": 11, "nwnd_sweeps_budget_sat": 53,
		"lnd_graph_edges_count": 6, "lnd_graph_nodes_count": 4, "lnd_graph_outdegree_avg": 3, "lnd_graph_chan_size_avg": 100,
		"nwnd_store_commits_total": 3, "nwnd_store_syncs_total": 6, "nwnd_store_largest_group": 5,
	} {
		require.Equal(t, want, value(t, all, name), name)
	}
	require.EqualValues(t, 2, value(t, all, "nwnd_htlcs", "direction=out"))
	require.EqualValues(t, 30, value(t, all, "nwnd_htlcs_msat", "direction=in"))
	require.EqualValues(t, 4, value(t, all, "lnd_channels_pending_total", "state=pending_open"))
	require.EqualValues(t, 4, value(t, all, "lnd_channels_pending_total", "state=waiting_close"))
	require.EqualValues(t, 2, value(t, all, "lnd_channels_pending_total", "state=pending_force_close"))
	for status, sum := range map[string]int{"Limbo": 309, "Recovered": 40, "Lost": 330} {
		require.EqualValues(t, sum, value(t, all, "lnd_channels_pending_force_close_balance_sat", "status="+status))
	}
	require.EqualValues(t, 2, value(t, all, "nwnd_alerts", "kind=breach"))
	require.EqualValues(t, 3, value(t, all, "nwnd_alerts_total", "kind=breach"))
	require.Zero(t, value(t, all, "nwnd_alerts", "kind=chain_stale"))
	require.EqualValues(t, 2, value(t, all, "lnd_closed_channels_total", "close_type=remote_force"))
	require.EqualValues(t, 0, value(t, all, "lnd_closed_channels_total", "close_type=breach"))
	require.Zero(t, value(t, all, "lnd_info", "version=v1", `alias=ali"ce`))
	require.Zero(t, value(t, all, "nwnd_scrape_failed", "part=graph"))
	require.NotContains(t, all, "lnd_channels_bandwidth_outgoing_sat")
}

// The names and labels are an interface: dashboards are built on them.
func TestNamesAreThoseOfTheList(t *testing.T) {
	c := collector(true)
	c.Attach(&fake{channels: 1}, stats)
	_, all := scrape(t, Handler(c))
	var got strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !strings.HasPrefix(name, "lnd_") && !strings.HasPrefix(name, "nwnd_") {
			continue // the runtime's
		}
		got.WriteString(name)
		for _, l := range all[name].Metric[0].Label {
			got.WriteString(" " + l.GetName())
		}
		got.WriteString("\n")
	}
	const path = "testdata/names.txt"
	if *rewrite {
		require.NoError(t, os.WriteFile(path, []byte(got.String()), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String(), "run go test ./internal/metrics -rewrite")
	require.Len(t, strings.Split(strings.TrimSpace(got.String()), "\n"), len(families())+len(channelFamilies()),
		"every family is filled")
}

func TestOnlySoManyChannelsHaveSeries(t *testing.T) {
	c := collector(true)
	c.Attach(&fake{channels: maxChannels + 5}, stats)
	_, all := scrape(t, Handler(c))
	require.Len(t, all["lnd_channels_commit_fee"].Metric, maxChannels)
	require.EqualValues(t, 9, value(t, all, "lnd_channels_bandwidth_outgoing_sat", "chan_id=1", "status=active"))
	require.EqualValues(t, maxChannels+5, value(t, all, "nwnd_htlcs", "direction=out"), "the sums are of all")
}

func TestAPartThatFailsIsSaidToBeMissing(t *testing.T) {
	c := collector(false)
	c.Attach(&fake{graph: func(context.Context) error { return errors.New("no graph") }}, stats)
	_, all := scrape(t, Handler(c))
	require.EqualValues(t, 1, value(t, all, "nwnd_scrape_failed", "part=graph"))
	require.Zero(t, value(t, all, "nwnd_scrape_failed", "part=info"))
	require.NotContains(t, all, "lnd_graph_edges_count")
	require.Contains(t, all, "lnd_peer_count")
}

func TestWhatIsSlowToReadIsReadOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := collector(false), &fake{}
		c.Attach(f, stats)
		h := Handler(c)
		for _, want := range []int{1, 1, 2} {
			_, all := scrape(t, h)
			require.EqualValues(t, 6, value(t, all, "lnd_graph_edges_count"))
			require.Equal(t, want, f.asked)
			<-time.After(graphAge / 2)
		}
	})
}

// A node that doesn't answer costs one scrape at a time, and no more than its time.
func TestAScrapeIsBoundedInTimeAndNumber(t *testing.T) {
	t.Run("the node heeds its context", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := collector(false)
			c.Attach(&fake{graph: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}, stats)
			begin := time.Now()
			code, all := scrape(t, Handler(c))
			require.Equal(t, http.StatusOK, code)
			require.Equal(t, readTimeout, time.Since(begin))
			require.EqualValues(t, 1, value(t, all, "nwnd_scrape_failed", "part=graph"))
			require.Contains(t, all, "lnd_peer_count")
		})
	})
	t.Run("the node doesn't", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, release := collector(false), make(chan struct{})
			c.Attach(&fake{graph: func(context.Context) error { <-release; return nil }}, stats)
			h, begin := Handler(c), time.Now()
			code, _ := scrape(t, h)
			require.Equal(t, http.StatusServiceUnavailable, code)
			require.Equal(t, scrapeTimeout, time.Since(begin))
			code, _ = scrape(t, h)
			require.Equal(t, http.StatusServiceUnavailable, code)
			require.Equal(t, scrapeTimeout, time.Since(begin), "refused at once: the first still runs")
			close(release)
			synctest.Wait()
			code, _ = scrape(t, h)
			require.Equal(t, http.StatusOK, code)
		})
	})
}

func TestServeEndsWithItsContext(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	c := collector(false)
	go func() { done <- Serve(ctx, l, Handler(c), slog.New(slog.DiscardHandler)) }()
	answer, err := http.Get("http://" + l.Addr().String() + "/metrics")
	require.NoError(t, err)
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Contains(t, string(text), "nwnd_up 0")
	require.Contains(t, string(text), "go_goroutines")
	answer, err = http.Get("http://" + l.Addr().String() + "/")
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusNotFound, answer.StatusCode)
	stop()
	require.NoError(t, <-done)
}
