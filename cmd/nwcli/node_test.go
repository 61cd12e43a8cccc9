package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/invoicesrpc"
	"github.com/nichework/nwnd/lnrpc/verrpc"
)

func (f *fake) DescribeGraph(context.Context, *lnrpc.ChannelGraphRequest) (*lnrpc.ChannelGraph, error) {
	g := &lnrpc.ChannelGraph{Nodes: []*lnrpc.LightningNode{
		{PubKey: key, Alias: "mallory"}, {PubKey: strings.Repeat("03", 33), Alias: "Mall"}, {PubKey: strings.Repeat("04", 33), Alias: "bob"},
	}}
	for i := range 60 {
		g.Edges = append(g.Edges, &lnrpc.ChannelEdge{ChannelId: uint64(i+1) << 40, Node1Pub: key, Node2Pub: strings.Repeat("03", 33), Capacity: int64(i)})
	}
	return g, nil
}

func (f *fake) GetVersion(context.Context, *verrpc.VersionRequest) (*verrpc.Version, error) {
	return &verrpc.Version{Version: "0.21.1-beta", GoVersion: "go1.26"}, nil
}

func (f *fake) DebugLevel(_ context.Context, in *lnrpc.DebugLevelRequest) (*lnrpc.DebugLevelResponse, error) {
	f.levels = in
	return &lnrpc.DebugLevelResponse{SubSystems: "[CHAN NODE]"}, nil
}

func (f *fake) BakeMacaroon(_ context.Context, in *lnrpc.BakeMacaroonRequest) (*lnrpc.BakeMacaroonResponse, error) {
	f.baked = in
	return &lnrpc.BakeMacaroonResponse{Macaroon: "0102"}, nil
}

func (f *fake) GetTransactions(_ context.Context, in *lnrpc.GetTransactionsRequest) (*lnrpc.TransactionDetails, error) {
	return &lnrpc.TransactionDetails{Transactions: []*lnrpc.Transaction{
		{TxHash: "aa", Amount: -5000, TotalFees: 141}, {TxHash: "bb", BlockHeight: 7, Label: "\x1b[2Jtea"}, {TxHash: "cc"},
	}}, nil
}

func (f *fake) GetState(context.Context, *lnrpc.GetStateRequest) (*lnrpc.GetStateResponse, error) {
	now := f.state
	if now == lnrpc.WalletState_UNLOCKED {
		f.state = lnrpc.WalletState_SERVER_ACTIVE
	}
	return &lnrpc.GetStateResponse{State: now}, nil
}

func (f *fake) ListInvoices(_ context.Context, in *lnrpc.ListInvoiceRequest) (*lnrpc.ListInvoiceResponse, error) {
	out := &lnrpc.ListInvoiceResponse{}
	for i := in.IndexOffset + 1; i <= 700 && uint64(len(out.Invoices)) < in.NumMaxInvoices; i++ {
		out.Invoices = append(out.Invoices, &lnrpc.Invoice{AddIndex: i, RHash: make([]byte, 32)})
		out.LastIndexOffset = i
	}
	return out, nil
}

func (f *fake) SubscribeSingleInvoice(_ *invoicesrpc.SubscribeSingleInvoiceRequest, to grpc.ServerStreamingServer[lnrpc.Invoice]) error {
	if f.missing != nil {
		return f.missing
	}
	for _, s := range []lnrpc.Invoice_InvoiceState{lnrpc.Invoice_OPEN, lnrpc.Invoice_ACCEPTED, lnrpc.Invoice_SETTLED} {
		if err := to.Send(&lnrpc.Invoice{State: s, Htlcs: []*lnrpc.InvoiceHTLC{{
			CustomRecords: map[uint64][]byte{messageRecord: []byte("hi\x1b[2J")}}}}); err != nil {
			return err
		}
	}
	return nil
}

func TestGraphIsSearchedByName(t *testing.T) {
	b := start(t)
	_, out, _ := b.run(t, "", "graph")
	require.Contains(t, out, "… and 10 more")
	require.Contains(t, out, "3 nodes, 60 channels")
	require.Less(t, strings.Index(out, "60x0x0"), strings.Index(out, "59x0x0"), "the largest first")
	_, out, _ = b.run(t, "", "graph", "--all")
	require.NotContains(t, out, "more")
	_, out, _ = b.run(t, "", "graph", "--nodes", "--max=1")
	require.Contains(t, out, "… and 2 more")
	require.Contains(t, out, "Mall")
	_, out, _ = b.run(t, "", "graph", "MALL")
	require.Contains(t, out, "mallory")
	require.Contains(t, out, "Mall ")
	require.NotContains(t, out, "bob")
	_, out, _ = b.run(t, "", "graph", "mallo")
	require.Contains(t, out, "channels  ")
	code, _, errs := b.run(t, "", "graph", "nobody")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "none of 3 nodes")
}

func TestTheDaemonsOwnCommands(t *testing.T) {
	b := start(t)
	_, out, _ := b.run(t, "", "version")
	require.Contains(t, out, "0.21.1-beta")
	_, out, _ = b.run(t, "", "debuglevel")
	require.Contains(t, out, "CHAN NODE")
	require.True(t, b.levels.Show)
	_, out, _ = b.run(t, "", "debuglevel", "info,NODE=debug")
	require.Contains(t, out, "info,NODE=debug")
	require.Equal(t, "info,NODE=debug", b.levels.LevelSpec)
	_, out, _ = b.run(t, "", "transactions", "--max=2")
	require.Equal(t, 3, strings.Count(out, "\n"), "the newest two")
	require.Contains(t, out, "-5,000")
	require.NotContains(t, out, "\x1b")
}

func TestBakedMacaroonsAreSecretFiles(t *testing.T) {
	b := start(t)
	file := filepath.Join(b.dir, "watch.macaroon")
	code, out, errs := b.run(t, "", "bakemacaroon", "info:read", "uri:/lnrpc.Lightning/GetInfo", "--save-to="+file)
	require.Zero(t, code, errs)
	require.Empty(t, out)
	require.Len(t, b.baked.Permissions, 2)
	require.Equal(t, "/lnrpc.Lightning/GetInfo", b.baked.Permissions[1].Action)
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "\x01\x02", string(got))
	fi, err := os.Stat(file)
	require.NoError(t, err)
	require.EqualValues(t, 0o600, fi.Mode().Perm())
	code, _, errs = b.run(t, "", "bakemacaroon", "info:read", "--save-to="+file)
	require.Equal(t, exitFailed, code, "it is not overwritten")
	require.Contains(t, errs, "exists")
	code, _, errs = b.run(t, "", "bakemacaroon", "info")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "info:read")
}

func TestStateInWords(t *testing.T) {
	b := start(t)
	for s, want := range map[lnrpc.WalletState]string{
		lnrpc.WalletState_NON_EXISTING: "nwcli create", lnrpc.WalletState_LOCKED: "nwcli unlock",
		lnrpc.WalletState_SERVER_ACTIVE: "up", lnrpc.WalletState_RPC_ACTIVE: "catching up",
	} {
		b.state = s
		_, out, _ := b.run(t, "", "state")
		require.Contains(t, out, want)
	}
	b.state = lnrpc.WalletState_LOCKED
	code, _, errs := b.run(t, "", "state", "--wait")
	require.Equal(t, exitNotReady, code, "it would be forever")
	require.Contains(t, errs, "nwcli unlock")
	b.state = lnrpc.WalletState_UNLOCKED
	code, out, errs := b.run(t, "", "state", "--wait")
	require.Zero(t, code)
	require.Equal(t, "up\n", out, errs)

	// A daemon that is off is waited for too, for a while.
	ctx, cancel := context.WithCancel(t.Context())
	tries := 0
	a := &app{}
	err := a.retry(ctx, func() error {
		if tries++; tries == 2 {
			cancel()
		}
		return off("nobody answers")
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 2, tries)
}

func TestInvoicesInPagesAndWaitedFor(t *testing.T) {
	b := start(t)
	_, out, _ := b.run(t, "", "invoices", "--all")
	require.Equal(t, 701, strings.Count(out, "\n"))
	_, out, _ = b.run(t, "", "invoices")
	require.Equal(t, 51, strings.Count(out, "\n"))
	code, out, errs := b.run(t, "", "lookupinvoice", "--wait", strings.Repeat("ab", 32))
	require.Zero(t, code, errs)
	require.Contains(t, out, "accepted")
	require.Contains(t, out, "hi[2J")
}

// A hold invoice of a new preimage shows it: nobody else knows it.
func TestAHoldInvoicesPreimageCanBeMadeHere(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "", "invoice", "5", "--hold=new")
	require.Zero(t, code, errs)
	require.Contains(t, out, "keep it")
	require.Len(t, b.held.Hash, 32)
	_, out, _ = b.run(t, "", "invoice", "5", "--hold=new", "--json")
	var got struct{ Preimage, Payment_hash string }
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	code, out, errs = b.run(t, "", "hold", "settle", got.Preimage)
	require.Zero(t, code, errs)
	require.Contains(t, out, got.Payment_hash)
}

func TestCompletion(t *testing.T) {
	b := start(t)
	for _, shell := range []string{"bash", "zsh", "fish"} {
		code, out, errs := b.run(t, "", "completion", shell)
		require.Zero(t, code, errs)
		require.Contains(t, out, "nwcli")
	}
	code, _, errs := b.run(t, "", "completion", "tcsh")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "bash, zsh and fish")

	for line, want := range map[string]string{
		"close ":           "105x1x1\tbob[2J, ours 600,000 sat\n",
		"policy set 1":     "105x1x1\t",
		"keysend 02":       key,
		"payments 0":       "0001\tfailed, 1 sat\n",
		"lookupinvoice 00": strings.Repeat("00", 32) + "\topen",
		"pa":               "payments\t",
	} {
		words := strings.Split(line, " ")
		_, out, _ := b.run(t, "", append([]string{"__complete", "--nwnddir=" + b.dir}, words...)...)
		require.Contains(t, out, want, line)
		require.LessOrEqual(t, strings.Count(out, "\n"), maxCompletions+1, "few are offered")
	}
	// What isn't known isn't offered, quietly.
	code, out, _ := b.run(t, "", "__complete", "--nwnddir="+b.dir, "disconnect", "")
	require.Zero(t, code)
	require.Equal(t, ":4\n", out)
	_, out, _ = b.run(t, "", "__complete", "--nwnddir="+b.dir, "close", "2")
	require.NotContains(t, out, "105x1x1")
}
