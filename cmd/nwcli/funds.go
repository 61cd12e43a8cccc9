package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// funds shows where every satoshi is.
func (a *app) funds() *cobra.Command {
	return &cobra.Command{
		Use:     "funds",
		Short:   "Show where every satoshi and every token is",
		Example: "  nwcli funds",
		Long: "Show where every satoshi is and when it can be spent: coins, and in each channel what is ours, what\n" +
			"must stay there as a reserve, what is on its way out (and comes back if it fails) or in, and what the\n" +
			"channel's opener set aside for its commitment's fee. Of a channel on chain: why it is, each output that is\n" +
			"ours, before the fee of taking it, and what happens to it next. The same for each asset, and whether there is\n" +
			"gas enough to close every channel.",
		Args: cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			w, err := c.WalletBalance(ctx, &lnrpc.WalletBalanceRequest{})
			if err != nil {
				return err
			}
			open, err := c.ListChannels(ctx, &lnrpc.ListChannelsRequest{PeerAliasLookup: true})
			if err != nil {
				return err
			}
			pending, err := c.PendingChannels(ctx, &lnrpc.PendingChannelsRequest{})
			if err != nil {
				return err
			}
			on, err := c.onChainChannels(ctx)
			if err != nil {
				return err
			}
			others, err := c.assetFunds(ctx)
			if err != nil {
				return err
			}
			if a.json {
				all := []any{"wallet", w, "channels", open, "pending", pending}
				if on != nil {
					all = append(all, "on_chain", on)
				}
				return a.showAll(append(all, others.json()...)...)
			}
			swept, err := c.swept(ctx)
			if err != nil {
				return err
			}
			return a.show(nil, func(t *table) {
				others.alerts(t)
				funds(t, w, open, pending, on, swept)
				others.rows(t)
			})
		}),
	}
}

func funds(t *table, w *lnrpc.WalletBalanceResponse, open *lnrpc.ListChannelsResponse, pending *lnrpc.PendingChannelsResponse,
	on *nwnrpc.OnChainChannelsResponse, swept map[string]bool) {

	f := &fundsTable{table: t}
	t.row("WHERE", "WHAT", "SAT", "CAN BE SPENT")
	f.line("on chain", "confirmed", w.ConfirmedBalance, "now")
	f.line("on chain", "unconfirmed", w.UnconfirmedBalance, "once it confirms")
	f.line("on chain", "locked", w.LockedBalance, "when it is no longer kept for a transaction")
	var incoming int64
	for _, ch := range open.Channels {
		incoming += f.channel(ch)
	}
	for _, p := range pending.PendingOpenChannels {
		f.line("channel being opened "+short(p.Channel.GetChannelPoint()), "ours", p.Channel.GetLocalBalance(),
			"over Lightning, once the channel is open")
	}
	told := make(map[string]bool)
	for _, ch := range on.GetChannels() {
		told[ch.ChannelPoint] = true
	}
	for _, p := range pending.WaitingCloseChannels {
		if !told[p.Channel.GetChannelPoint()] {
			f.line("channel being closed "+short(p.Channel.GetChannelPoint()), "ours", p.LimboBalance,
				"once the closing transaction confirms")
		}
	}
	for _, p := range pending.PendingForceClosingChannels {
		if !told[p.Channel.GetChannelPoint()] {
			f.forced(p)
		}
	}
	for _, ch := range on.GetChannels() {
		incoming += f.onChain(ch, on.BlockHeight, swept)
	}
	t.row("together", "", sats(f.total))
	if incoming != 0 {
		t.row("and if it arrives", "on its way in", sats(incoming))
	}
}

// fundsTable adds up what it lists.
type fundsTable struct {
	*table
	total int64
}

func (f *fundsTable) line(where, what string, n int64, when string) {
	if n != 0 {
		f.row(where, what, sats(n), when)
		f.total += n
	}
}

// channel lists what is ours in an open channel, and tells what is on its way in.
func (f *fundsTable) channel(ch *lnrpc.Channel) (incoming int64) {
	var in, out int64
	for _, h := range ch.PendingHtlcs {
		if h.Incoming {
			in += h.Amount
		} else {
			out += h.Amount
		}
	}
	where := "channel " + scid(ch.ChanId)
	reserve := min(ch.LocalBalance, ch.LocalChanReserveSat)
	when := "over Lightning, now; on chain by closing"
	if !ch.Active {
		when = "when its peer is back; on chain by closing"
	}
	f.line(where, "ours", ch.LocalBalance-reserve, when)
	f.line(where, "reserve", reserve, "on chain, by closing")
	f.line(where, "on its way out", out, "never, if it arrives; as ours, if it fails")
	if ch.Initiator {
		f.line(where, "set aside for fees", ch.Capacity-ch.LocalBalance-ch.RemoteBalance-in-out, "on chain, by closing, but for the fee")
	}
	return in
}

// forced lists what a commitment on chain pays us, as far as lnd's API tells.
func (f *fundsTable) forced(p *lnrpc.PendingChannelsResponse_ForceClosedChannel) {
	htlcs := int64(0)
	where := "channel on chain " + short(p.Channel.GetChannelPoint())
	for _, h := range p.PendingHtlcs {
		f.line(where, "HTLC", h.Amount, blocks(h.BlocksTilMaturity))
		htlcs += h.Amount
	}
	f.line(where, "ours", p.LimboBalance-htlcs, blocks(p.BlocksTilMaturity))
}

// blocks says when an output can be spent.
func blocks(left int32) string {
	if left <= 0 {
		return "once it is swept"
	}
	return fmt.Sprintf("in %d blocks", left)
}

func (a *app) unspent() *cobra.Command {
	var least int32
	c := &cobra.Command{
		Use:     "unspent",
		Short:   "List the coins on chain",
		Example: "  nwcli unspent --min-confs=1",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			l, err := c.ListUnspent(ctx, &lnrpc.ListUnspentRequest{MinConfs: least})
			if err != nil {
				return err
			}
			return a.show(l, func(t *table) {
				t.row("OUTPUT", "SAT", "CONFIRMATIONS", "ADDRESS")
				for _, u := range l.Utxos {
					t.row(fmt.Sprintf("%s:%d", u.Outpoint.GetTxidStr(), u.Outpoint.GetOutputIndex()), sats(u.AmountSat),
						u.Confirmations, u.Address)
				}
			})
		}),
	}
	c.Flags().Int32Var(&least, "min-confs", 0, "only coins with so many confirmations")
	return c
}
