package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/lnrpc"
)

func (f *fake) WalletBalance(context.Context, *lnrpc.WalletBalanceRequest) (*lnrpc.WalletBalanceResponse, error) {
	return &lnrpc.WalletBalanceResponse{ConfirmedBalance: 50_000, UnconfirmedBalance: 1_000, LockedBalance: 200}, nil
}

func (f *fake) PendingChannels(context.Context, *lnrpc.PendingChannelsRequest) (*lnrpc.PendingChannelsResponse, error) {
	if f.pending != nil {
		return f.pending, nil
	}
	return &lnrpc.PendingChannelsResponse{
		PendingOpenChannels: []*lnrpc.PendingChannelsResponse_PendingOpenChannel{{
			Channel: &lnrpc.PendingChannelsResponse_PendingChannel{ChannelPoint: strings.Repeat("0b", 32) + ":0", LocalBalance: 30_000}}},
		WaitingCloseChannels: []*lnrpc.PendingChannelsResponse_WaitingCloseChannel{{LimboBalance: 4_000,
			Channel: &lnrpc.PendingChannelsResponse_PendingChannel{ChannelPoint: strings.Repeat("0c", 32) + ":0"}}},
	}, nil
}

func (f *fake) ListUnspent(_ context.Context, in *lnrpc.ListUnspentRequest) (*lnrpc.ListUnspentResponse, error) {
	if in.MinConfs == 0 {
		txid := strings.Repeat("cc", 32)
		return &lnrpc.ListUnspentResponse{Utxos: []*lnrpc.Utxo{
			{AmountSat: 5, Outpoint: &lnrpc.OutPoint{TxidStr: txid}},
			{AmountSat: 7, Outpoint: &lnrpc.OutPoint{TxidStr: txid, OutputIndex: 2}},
			{AmountSat: 9, Outpoint: &lnrpc.OutPoint{TxidStr: "dd", OutputIndex: 3}},
		}}, nil
	}
	return &lnrpc.ListUnspentResponse{Utxos: []*lnrpc.Utxo{{AmountSat: 50_000, Confirmations: int64(in.MinConfs), Address: "bcrt1q",
		Outpoint: &lnrpc.OutPoint{TxidStr: "cc", OutputIndex: 3}}}}, nil
}

func (f *fake) ForwardingHistory(_ context.Context, in *lnrpc.ForwardingHistoryRequest) (*lnrpc.ForwardingHistoryResponse, error) {
	f.history = in
	return &lnrpc.ForwardingHistoryResponse{LastOffsetIndex: 2, ForwardingEvents: []*lnrpc.ForwardingEvent{
		{ChanIdIn: 1 << 40, ChanIdOut: 2 << 40, AmtInMsat: 2_001_000, AmtOutMsat: 2_000_000, FeeMsat: 1_000, PeerAliasIn: "eve\x1b[2J"},
		{ChanIdIn: 1 << 40, ChanIdOut: 2 << 40, FeeMsat: 500},
	}}, nil
}

func (f *fake) ClosedChannels(context.Context, *lnrpc.ClosedChannelsRequest) (*lnrpc.ClosedChannelsResponse, error) {
	return &lnrpc.ClosedChannelsResponse{Channels: []*lnrpc.ChannelCloseSummary{{RemotePubkey: key, Capacity: 100_000,
		SettledBalance: 60_000, CloseHeight: 120, ClosingTxHash: "dd"}}}, nil
}

func (f *fake) SignMessage(_ context.Context, in *lnrpc.SignMessageRequest) (*lnrpc.SignMessageResponse, error) {
	return &lnrpc.SignMessageResponse{Signature: "signed:" + string(in.Msg)}, nil
}

func (f *fake) VerifyMessage(_ context.Context, in *lnrpc.VerifyMessageRequest) (*lnrpc.VerifyMessageResponse, error) {
	return map[string]*lnrpc.VerifyMessageResponse{
		"good": {Valid: true, Pubkey: key}, "stranger": {Pubkey: key}, "bad": {},
	}[in.Signature], nil
}

func TestFundsAddUp(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "", "funds")
	require.Zero(t, code, errs)
	// 51,200 on chain, 600,000 in a channel, 30,000 in one being opened, 4,000 in one being closed
	for _, want := range []string{"685,200", "600,000", "locked", "once the closing transaction confirms"} {
		require.Contains(t, out, want)
	}
	code, out, errs = b.run(t, "", "funds", "--json")
	require.Zero(t, code, errs)
	var all map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(out), &all))
	require.Len(t, all, 3)
}

func TestUnspent(t *testing.T) {
	code, out, errs := start(t).run(t, "", "unspent", "--min-confs=7")
	require.Zero(t, code, errs)
	require.Regexp(t, `cc:3 +50,000 +7 +bcrt1q`, out)
}

func TestForwards(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "", "forwards", "--max=2", "--since=24h", "--offset=1")
	require.Zero(t, code, errs)
	require.Contains(t, out, "1.5 sat")
	require.Contains(t, errs, "--offset 2")
	require.NotContains(t, out, "\x1b", "a peer's name moves no cursor")
	require.EqualValues(t, 1, b.history.IndexOffset)
	require.NotZero(t, b.history.StartTime)
}

func TestClosedChannels(t *testing.T) {
	code, out, errs := start(t).run(t, "", "closedchannels")
	require.Zero(t, code, errs)
	for _, want := range []string{"cooperative close", "60,000", "120", "dd"} {
		require.Contains(t, out, want)
	}
}

func TestMessages(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "", "signmessage", "hello")
	require.Zero(t, code, errs)
	require.Equal(t, "signed:hello\n", out)
	for sig, want := range map[string]string{"good": "signed by", "stranger": "no node of the network", "bad": "not valid\n"} {
		code, out, errs := b.run(t, "", "verifymessage", "hello", sig)
		require.Zero(t, code, errs)
		require.Contains(t, out, want)
	}
}
