package metrics

import "github.com/prometheus/client_golang/prometheus"

// family is a metric with all its series.
type family struct {
	name, help string
	labels     []string
	counter    bool // it only grows while the process lives
}

// channelLabels are lndmon's: chan_id is the short_channel_id as a number, status active or
// inactive, initiator true or false, peer a key in hex.
var channelLabels = []string{"chan_id", "status", "initiator", "peer"}

// families are all there are. Amounts are in satoshis unless the name says otherwise.
func families() []family {
	return []family{
		{name: "lnd_info", help: "The node; the value means nothing.", labels: []string{"version", "alias", "pubkey"}},
		{name: "lnd_time_to_start_secs", help: "Seconds from the start of the process until the node was up."},
		{name: "lnd_chain_block_height", help: "Height of the best block."},
		{name: "lnd_chain_block_timestamp", help: "Time of the best block, Unix seconds."},
		{name: "lnd_chain_synced", help: "1 when the wallet is at the chain's end."},
		{name: "lnd_peer_count", help: "Peers connected."},

		{name: "lnd_channels_active_total", help: "Open channels whose peer is connected."},
		{name: "lnd_channels_inactive_total", help: "Open channels whose peer is not, or that are being closed."},
		{name: "lnd_channels_pending_total", help: "Channels that can't carry payments yet or any more.", labels: []string{"state"}},
		{name: "lnd_closed_channels_total", help: "Channels that are no more, by how they ended.", labels: []string{"close_type"}},
		{name: "lnd_channels_open_balance_sat", help: "Our balance in open channels."},
		{name: "lnd_channels_pending_balance_sat", help: "Our balance in channels being opened."},
		{name: "lnd_channels_waiting_close_balance_sat", help: "Our balance in channels whose closing transaction or commitment is in no block."},
		{name: "lnd_channels_pending_force_close_balance_sat", help: "What a confirmed commitment pays us: not in the wallet yet, in it, and anchors lost.",
			labels: []string{"status"}},

		{name: "lnd_wallet_balance_confirmed_sat", help: "Coins of the wallet in blocks."},
		{name: "lnd_wallet_balance_unconfirmed_sat", help: "Coins of the wallet in no block."},
		{name: "lnd_utxos_count_confirmed_total", help: "Number of coins in blocks."},
		{name: "lnd_utxos_count_unconfirmed_total", help: "Number of coins in no block."},
		{name: "lnd_utxos_sizes_min_sat", help: "Smallest coin."},
		{name: "lnd_utxos_sizes_max_sat", help: "Largest coin."},
		{name: "lnd_utxos_sizes_avg_sat", help: "Average coin."},

		{name: "lnd_graph_edges_count", help: "Public channels known."},
		{name: "lnd_graph_nodes_count", help: "Nodes with a public channel."},
		{name: "lnd_graph_outdegree_avg", help: "Channels of a node, on average."},
		{name: "lnd_graph_outdegree_max", help: "Channels of the node that has most."},
		{name: "lnd_graph_chan_capacity_sat", help: "Capacity of all public channels."},
		{name: "lnd_graph_chan_size_avg", help: "Average capacity."},
		{name: "lnd_graph_chan_size_min", help: "Smallest capacity."},
		{name: "lnd_graph_chan_size_max", help: "Largest capacity."},
		{name: "lnd_graph_chan_size_median", help: "Median capacity."},

		{name: "nwnd_up", help: "1 when the node runs, 0 while it waits for its wallet or its chain."},
		{name: "nwnd_graph_synced", help: "1 when a peer has told all gossip that it knew."},
		{name: "nwnd_channels_stopped", help: "Channels that stopped and that only their peers can close."},
		{name: "nwnd_channels_on_chain", help: "Channels that are settled on chain, or must be."},
		{name: "nwnd_sweeps_pending", help: "Outputs of such channels that are being taken."},
		{name: "nwnd_sweeps_amount_sat", help: "Their amounts."},
		{name: "nwnd_sweeps_fee_sat", help: "Their fees in the newest transactions."},
		{name: "nwnd_sweeps_budget_sat", help: "The most that is paid for them."},
		{name: "nwnd_alerts", help: "Alerts that stand now: something is wrong that an operator must know.", labels: []string{"kind"}},
		{name: "nwnd_alerts_total", help: "Alerts that were raised.", labels: []string{"kind"}, counter: true},
		{name: "nwnd_htlcs", help: "HTLCs in channels that are not resolved.", labels: []string{"direction"}},
		{name: "nwnd_htlcs_msat", help: "Their amounts, in millisatoshis.", labels: []string{"direction"}},
		{name: "nwnd_scrape_failed", help: "1 when a part of this scrape could not be read.", labels: []string{"part"}},

		{name: "nwnd_store_commits_total", help: "Transactions of the store.", counter: true},
		{name: "nwnd_store_syncs_total", help: "Times that the store's file was synced.", counter: true},
		{name: "nwnd_store_appends_total", help: "Appends that were made durable.", counter: true},
		{name: "nwnd_store_bytes_in_total", help: "Bytes of these appends.", counter: true},
		{name: "nwnd_store_bytes_written_total", help: "Bytes of pages written for them.", counter: true},
		{name: "nwnd_store_largest_group", help: "Most appends in one transaction."},
		{name: "nwnd_store_pending_appends", help: "Appends that wait for the committer."},
		{name: "nwnd_store_pending_bytes", help: "Their bytes."},
		{name: "nwnd_store_streams", help: "Streams of facts, one a channel."},
		{name: "nwnd_store_log_bytes", help: "Bytes of the log."},
		{name: "nwnd_store_live_bytes", help: "Of them, those still needed."},
	}
}

// channelFamilies have a series for each channel, and only if they were asked for.
func channelFamilies() []family {
	return []family{
		{name: "lnd_channels_bandwidth_incoming_sat", help: "The peer's balance.", labels: channelLabels},
		{name: "lnd_channels_bandwidth_outgoing_sat", help: "Our balance.", labels: channelLabels},
		{name: "lnd_channels_pending_htlc_count", help: "HTLCs in the channel.", labels: channelLabels},
		{name: "lnd_channels_unsettled_balance", help: "Their amounts.", labels: channelLabels},
		{name: "lnd_channels_updates_count", help: "Commitments that we signed.", labels: channelLabels},
		{name: "lnd_channels_sent_sat", help: "Sent since the channel was opened.", labels: channelLabels},
		{name: "lnd_channels_received_sat", help: "Received since the channel was opened.", labels: channelLabels},
		{name: "lnd_channels_csv_delay", help: "Blocks that our balance waits after a close of ours.", labels: channelLabels},
		{name: "lnd_channels_fee_per_kw", help: "Fee rate of the commitment, satoshis per 1000 weight.", labels: channelLabels},
		{name: "lnd_channels_commit_weight", help: "Weight of the commitment.", labels: channelLabels},
		{name: "lnd_channels_commit_fee", help: "Fee of the commitment.", labels: channelLabels},
	}
}

func (f family) desc() *prometheus.Desc {
	return prometheus.NewDesc(f.name, f.help, f.labels, nil)
}

func (f family) kind() prometheus.ValueType {
	if f.counter {
		return prometheus.CounterValue
	}
	return prometheus.GaugeValue
}
