package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// tokenChannels asks for the channels in assets; nil if the daemon has none.
func (c *client) tokenChannels(ctx context.Context) (*nwnrpc.ListTokenChannelsResponse, error) {
	l, err := c.tokens.ListTokenChannels(ctx, &nwnrpc.ListTokenChannelsRequest{})
	if noAssets(err) {
		return nil, nil
	}
	slices.SortFunc(l.GetTokenChannels(), func(x, y *nwnrpc.TokenChannel) int {
		return cmp.Or(cmp.Compare(x.Asset.GetSymbol(), y.Asset.GetSymbol()), cmp.Compare(x.ChanId, y.ChanId), cmp.Compare(x.ChannelId, y.ChannelId))
	})
	return l, err
}

// findTokenChannel finds a channel in an asset by its id as the contract has it, its channel point or its
// short channel id.
func (c *client) findTokenChannel(ctx context.Context, name string) (*nwnrpc.TokenChannel, error) {
	ch, err := c.tokenChannelNamed(ctx, name)
	if err == nil && ch == nil {
		err = fmt.Errorf("no channel in an asset is %q; nwcli channels lists them", name)
	}
	return ch, err
}

// tokenChannelNamed is findTokenChannel, with nil for none.
func (c *client) tokenChannelNamed(ctx context.Context, name string) (*nwnrpc.TokenChannel, error) {
	l, err := c.tokenChannels(ctx)
	if err != nil {
		return nil, err
	}
	for _, ch := range l.GetTokenChannels() {
		isSCID := ch.ChanId != 0 && (scid(ch.ChanId) == name || strconv.FormatUint(ch.ChanId, 10) == name)
		if ch.ChannelId == strings.ToLower(name) || ch.ChannelPoint == name || isSCID {
			return ch, nil
		}
	}
	return nil, nil
}

var tokenStates = map[nwnrpc.TokenChannelState]string{
	nwnrpc.TokenChannelState_TOKEN_CHANNEL_OPENING: "opening", nwnrpc.TokenChannelState_TOKEN_CHANNEL_OPEN: "inactive",
	nwnrpc.TokenChannelState_TOKEN_CHANNEL_CLOSING: "closing", nwnrpc.TokenChannelState_TOKEN_CHANNEL_FORCED: "on chain",
	nwnrpc.TokenChannelState_TOKEN_CHANNEL_CLOSED: "closed",
}

func tokenState(ch *nwnrpc.TokenChannel) string {
	state := tokenStates[ch.State]
	if ch.State == nwnrpc.TokenChannelState_TOKEN_CHANNEL_OPEN && ch.Active {
		state = "active"
	}
	if ch.Private {
		state += ", private"
	}
	return state
}

// tokenChannelRows lists channels in assets, and of those on chain what happens to them.
func tokenChannelRows(t *table, all []*nwnrpc.TokenChannel) {
	t.row("ID", "PEER", "NAME", "STATE", "OURS", "THEIRS", "HTLCS", "CHANNEL")
	for _, ch := range all {
		t.row(scid(ch.ChanId), short(ch.RemotePubkey), ch.PeerAlias, tokenState(ch), milliText(ch.LocalMilli, ch.Asset),
			milliText(ch.RemoteMilli, ch.Asset), len(ch.Htlcs), ch.ChannelId)
	}
	for _, ch := range all {
		if why := whyTokenOnChain(ch); why != "" {
			t.row("")
			t.row("of " + ch.ChannelId + ": " + why)
		}
	}
}

// whyTokenOnChain says in one line why a channel is on chain and how far it is; empty if it isn't.
func whyTokenOnChain(ch *nwnrpc.TokenChannel) string {
	if ch.State != nwnrpc.TokenChannelState_TOKEN_CHANNEL_FORCED {
		return ch.Next
	}
	var parts []string
	for _, p := range []struct{ what, text string }{{"stopped: ", ch.Reason}, {"settles ", ch.Ending}} {
		if p.text != "" {
			parts = append(parts, p.what+p.text)
		}
	}
	if ch.UndecidedHtlcs > 0 {
		parts = append(parts, plural(int(ch.UndecidedHtlcs), "HTLC")+" not decided")
	}
	if ch.Deadline != 0 {
		parts = append(parts, "can be contested until "+ago(ch.Deadline))
	}
	if ch.Next != "" {
		parts = append(parts, ch.Next)
	}
	return strings.Join(parts, "; ")
}
