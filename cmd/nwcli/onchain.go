package main

import (
	"context"
	"fmt"
	"math"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// onChainChannels asks for the channels on chain; nil if the daemon doesn't tell.
func (c *client) onChainChannels(ctx context.Context) (*nwnrpc.OnChainChannelsResponse, error) {
	l, err := c.node.OnChainChannels(ctx, &nwnrpc.OnChainChannelsRequest{})
	if status.Code(err) == codes.Unimplemented {
		return nil, nil
	}
	return l, err
}

// swept are the transactions that have coins of the wallet. What they took is counted there.
func (c *client) swept(ctx context.Context) (map[string]bool, error) {
	l, err := c.ListUnspent(ctx, &lnrpc.ListUnspentRequest{MaxConfs: math.MaxInt32})
	txs := make(map[string]bool)
	for _, u := range l.GetUtxos() {
		txs[u.Outpoint.GetTxidStr()] = true
	}
	return txs, err
}

// whyOnChain says in one line why a channel is on chain and how far it is.
func whyOnChain(ch *nwnrpc.OnChainChannel) string {
	var parts []string
	if ch.Reason != "" {
		parts = append(parts, "stopped: "+ch.Reason)
	}
	by := ch.Ending
	switch by {
	case "":
		by = "our commitment"
	case "unknown":
		by = "a transaction that isn't known"
	}
	switch {
	case ch.CloseHeight > 0:
		parts = append(parts, fmt.Sprintf("%s is in block %d: %s", by, ch.CloseHeight, ch.ClosingTxid))
	case ch.ClosingTxid != "":
		parts = append(parts, fmt.Sprintf("%s waits for a block: %s", by, ch.ClosingTxid))
	case ch.Stale:
		parts = append(parts, "our data is old, only the peer can close it")
	default:
		parts = append(parts, "nothing is published")
	}
	return strings.Join(parts, "; ")
}

var coinStates = map[nwnrpc.CoinState]string{
	nwnrpc.CoinState_COIN_WAITS: "waits", nwnrpc.CoinState_COIN_SWEEPING: "being taken", nwnrpc.CoinState_COIN_TAKEN: "taken",
	nwnrpc.CoinState_COIN_LOST: "lost", nwnrpc.CoinState_COIN_ABANDONED: "not worth its fee",
}

// next says what happens to a coin, and when it can be spent as far as that is known at a height.
func next(coin *nwnrpc.ChainCoin, height uint32) string {
	if coin.State == nwnrpc.CoinState_COIN_WAITS && !coin.NeedsPreimage {
		if when := fromBlock(coin.MaturityHeight, height); when != "" {
			return when
		}
	}
	if coin.Next != "" {
		return coin.Next
	}
	return coinStates[coin.State]
}

// fromBlock is how long it is to a block, empty if that is no time.
func fromBlock(at, height uint32) string {
	if at <= height+1 {
		return ""
	}
	return fmt.Sprintf("from block %d, in %d blocks, about %s", at, at-height, duration(at-height))
}

// duration is how long so many blocks take, roughly, at ten minutes each.
func duration(blocks uint32) string {
	switch minutes := uint64(blocks) * 10; {
	case minutes < 2*60:
		return fmt.Sprintf("%d minutes", minutes)
	case minutes < 2*24*60:
		return fmt.Sprintf("%d hours", (minutes+30)/60)
	default:
		return fmt.Sprintf("%d days", (minutes+12*60)/(24*60))
	}
}

// coinRows lists the outputs of a channel on chain.
func coinRows(t *table, ch *nwnrpc.OnChainChannel, height uint32) {
	t.row("")
	t.row("of " + ch.ChannelPoint + ":")
	t.row("OUTPUT", "SAT", "WHAT", "STATE", "NEXT", "BY TRANSACTION")
	for _, coin := range ch.Coins {
		what := coin.What
		if coin.Htlc {
			way := "out"
			if coin.Incoming {
				way = "in"
			}
			what = fmt.Sprintf("%s (%s, id %d, expires at %d)", what, way, coin.HtlcId, coin.ExpiryHeight)
		}
		t.row(coin.Outpoint, sats(coin.AmountSat), what, coinStates[coin.State], next(coin, height), orDash(coin.SpendingTxid))
	}
}

// onChain adds what is ours of a channel on chain, and tells what may come in if a preimage
// does. In brackets is what isn't added: what the wallet has of it already, and anchors.
func (f *fundsTable) onChain(ch *nwnrpc.OnChainChannel, height uint32, swept map[string]bool) (incoming int64) {
	where := "on chain, of channel " + short(ch.ChannelPoint)
	f.row(where, "why", "", whyOnChain(ch))
	for _, coin := range ch.Coins {
		bracketed := "(" + sats(coin.AmountSat) + ")"
		switch when := next(coin, height); {
		case coin.State >= nwnrpc.CoinState_COIN_LOST:
		case coin.SpendingTxid != "" && swept[coin.SpendingTxid]:
			f.row(where, coin.What, bracketed, "counted above: "+short(coin.SpendingTxid)+" brings it")
		case coin.State == nwnrpc.CoinState_COIN_TAKEN:
		case coin.Anchor:
			f.row(where, coin.What, bracketed, when)
		case coin.NeedsPreimage:
			f.row(where, coin.What, bracketed, when)
			incoming += coin.AmountSat
		default:
			f.line(where, coin.What, coin.AmountSat, when)
		}
	}
	if len(ch.Coins) == 0 {
		f.line(where, "ours", ch.LimboBalance, "after the delay, once it is in a block")
	}
	return incoming
}
