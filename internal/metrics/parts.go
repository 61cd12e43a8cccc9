package metrics

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/internal/node"
)

func (s *sink) store(v channeldb.Stats) {
	s.put("nwnd_store_commits_total", float64(v.Commits))
	s.put("nwnd_store_syncs_total", float64(v.Syncs))
	s.put("nwnd_store_appends_total", float64(v.Appends))
	s.put("nwnd_store_bytes_in_total", float64(v.BytesIn))
	s.put("nwnd_store_bytes_written_total", float64(v.BytesWritten))
	s.put("nwnd_store_largest_group", float64(v.LargestGroup))
	s.put("nwnd_store_pending_appends", float64(v.PendingAppends))
	s.put("nwnd_store_pending_bytes", float64(v.PendingBytes))
	s.put("nwnd_store_streams", float64(v.Streams))
	s.put("nwnd_store_log_bytes", float64(v.LogBytes))
	s.put("nwnd_store_live_bytes", float64(v.LiveBytes))
}

func (s *sink) info(ctx context.Context, n Node) error {
	v, err := n.Info(ctx)
	if err != nil {
		return err
	}
	key := node.PubKey(v.IdentityKey.SerializeCompressed())
	s.put("lnd_info", 0, s.c.cfg.Version, v.Alias, keyHex(key))
	s.put("lnd_chain_block_height", float64(v.Height))
	s.put("lnd_chain_block_timestamp", float64(v.BlockTime.Unix()))
	s.put("lnd_chain_synced", number(v.SyncedToChain))
	s.put("nwnd_graph_synced", number(v.SyncedToGraph))
	s.put("lnd_peer_count", float64(v.Peers))
	s.put("lnd_channels_active_total", float64(v.Active))
	s.put("lnd_channels_inactive_total", float64(v.Inactive))
	return nil
}

func (s *sink) channels(ctx context.Context, n Node) error {
	all, err := n.ListChannels(ctx)
	if err != nil {
		return err
	}
	balance, err := n.ChannelBalance(ctx)
	if err != nil {
		return err
	}
	s.put("lnd_channels_open_balance_sat", float64(balance.Local.ToSatoshis()))
	s.put("lnd_channels_pending_balance_sat", float64(balance.PendingLocal.ToSatoshis()))
	var count [2]int
	var sum [2]lnwire.MilliSatoshi
	for i := range all {
		for _, h := range all[i].HTLCs {
			to := 0
			if h.Incoming {
				to = 1
			}
			count[to]++
			sum[to] += h.Amount
		}
	}
	for i, direction := range []string{"out", "in"} {
		s.put("nwnd_htlcs", float64(count[i]), direction)
		s.put("nwnd_htlcs_msat", float64(sum[i]), direction)
	}
	if !s.c.cfg.PerChannel {
		return nil
	}
	slices.SortFunc(all, func(a, b node.Channel) int { return cmp.Compare(a.SCID.ToUint64(), b.SCID.ToUint64()) })
	all = slices.DeleteFunc(all, func(c node.Channel) bool { return c.SCID == (lnwire.ShortChannelID{}) })
	for i := range all[:min(len(all), maxChannels)] {
		s.channel(&all[i])
	}
	return nil
}

func (s *sink) channel(c *node.Channel) {
	status := "inactive"
	if c.Active {
		status = "active"
	}
	labels := []string{strconv.FormatUint(c.SCID.ToUint64(), 10), status, strconv.FormatBool(c.Initiator), keyHex(c.Peer)}
	put := func(name string, v float64) { s.put(name, v, labels...) }
	put("lnd_channels_bandwidth_incoming_sat", float64(c.RemoteBalance.ToSatoshis()))
	put("lnd_channels_bandwidth_outgoing_sat", float64(c.LocalBalance.ToSatoshis()))
	put("lnd_channels_pending_htlc_count", float64(len(c.HTLCs)))
	put("lnd_channels_unsettled_balance", float64((c.Local.UnsettledSum + c.Remote.UnsettledSum).ToSatoshis()))
	put("lnd_channels_updates_count", float64(c.NumUpdates))
	put("lnd_channels_sent_sat", float64(c.TotalSent.ToSatoshis()))
	put("lnd_channels_received_sat", float64(c.TotalReceived.ToSatoshis()))
	put("lnd_channels_csv_delay", float64(c.Local.CSVDelay))
	put("lnd_channels_fee_per_kw", float64(c.FeePerKW))
	put("lnd_channels_commit_weight", float64(c.CommitWeight))
	put("lnd_channels_commit_fee", float64(c.CommitFee))
}

func (s *sink) closed(ctx context.Context, n Node) error {
	all, err := n.ClosedChannels(ctx)
	if err != nil {
		return err
	}
	count := make(map[node.CloseKind]int)
	for i := range all {
		count[all[i].Kind]++
	}
	for kind, name := range map[node.CloseKind]string{
		node.ClosedCooperatively: "cooperative", node.ClosedByUs: "local_force", node.ClosedByPeer: "remote_force",
		node.ClosedByBreach: "breach", node.NeverFunded: "funding_cancelled", node.Abandoned: "abandoned",
	} {
		s.put("lnd_closed_channels_total", float64(count[kind]), name)
	}
	return nil
}

func (s *sink) alerts(ctx context.Context, n Node) error {
	all, err := n.AlertCounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		s.put("nwnd_alerts", float64(a.Now), a.Kind.String())
		s.put("nwnd_alerts_total", float64(a.Raised), a.Kind.String())
	}
	return nil
}

func (s *sink) wallet(ctx context.Context, n Node) error {
	balance, err := n.WalletBalance(ctx, 1)
	if err != nil {
		return err
	}
	coins, err := n.Unspent(ctx, 0, math.MaxInt32)
	if err != nil {
		return err
	}
	s.put("lnd_wallet_balance_confirmed_sat", float64(balance.Confirmed))
	s.put("lnd_wallet_balance_unconfirmed_sat", float64(balance.Unconfirmed))
	var fresh int
	var sum, least, most btcutil.Amount
	for i, c := range coins {
		if c.Confirmations == 0 {
			fresh++
		}
		if i == 0 || c.Amount < least {
			least = c.Amount
		}
		sum, most = sum+c.Amount, max(most, c.Amount)
	}
	s.put("lnd_utxos_count_confirmed_total", float64(len(coins)-fresh))
	s.put("lnd_utxos_count_unconfirmed_total", float64(fresh))
	s.put("lnd_utxos_sizes_min_sat", float64(least))
	s.put("lnd_utxos_sizes_max_sat", float64(most))
	s.put("lnd_utxos_sizes_avg_sat", ratio(float64(sum), len(coins)))
	return nil
}

func (s *sink) graph(ctx context.Context, n Node) error {
	v, err := n.NetworkInfo(ctx)
	if err != nil {
		return err
	}
	s.put("lnd_graph_edges_count", float64(v.Channels))
	s.put("lnd_graph_nodes_count", float64(v.Nodes))
	s.put("lnd_graph_outdegree_avg", ratio(2*float64(v.Channels), v.Nodes))
	s.put("lnd_graph_outdegree_max", float64(v.MaxChannels))
	s.put("lnd_graph_chan_capacity_sat", float64(v.Capacity))
	s.put("lnd_graph_chan_size_avg", ratio(float64(v.Capacity), v.Channels))
	s.put("lnd_graph_chan_size_min", float64(v.Smallest))
	s.put("lnd_graph_chan_size_max", float64(v.Largest))
	s.put("lnd_graph_chan_size_median", float64(v.Median))
	return nil
}

// ratio is 0 for nothing of nothing.
func ratio(sum float64, count int) float64 {
	if count == 0 {
		return 0
	}
	return sum / float64(count)
}
