package htlc_test

import (
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// openConfig is one side's of an opening of a million satoshi.
func openConfig(seed string) htlc.OpenConfig {
	s := htlctest.NewSigner(seed)
	terms := htlctest.Default().Params.Terms[0]
	terms.Funding, terms.Revocation = s.Key("funding"), s.Key("revocation")
	terms.Payment, terms.Delayed, terms.HTLC = s.Key("payment"), s.Key("delayed"), s.Key("htlc")
	terms.CloseScript = []byte{0, 5}
	return htlc.OpenConfig{
		PendingID: [32]byte{1}, Format: htlctest.Format{}, Signer: s,
		FundingScript: htlctest.Format{}.FundingScript,
		Capacity:      1_000_000, Pushed: 100_000_000, FeeRate: 1000, Announce: true,
		Terms: terms, Upfront: true, MaxDust: 50_000_000,
		Reserve: 10_000, ToSelfDelay: 144, MinDepth: 3,
		MinCapacity: 20_000, MaxCapacity: 1 << 30, MaxToSelfDelay: 2016, MaxMinDepth: 144,
		MinFeeRate: 253, MaxFeeRate: 50_000,
	}
}

var outpoint = wire.OutPoint{Hash: chainhash.Hash{1, 2, 3}, Index: 258}

func TestOpeningMakesTwoChannelsThatAgree(t *testing.T) {
	opener, open, err := htlc.Propose(openConfig("a"))
	require.NoError(t, err)
	acceptor, accept, err := htlc.Answer(openConfig("b"), open)
	require.NoError(t, err)
	opener, output, err := opener.Accepted(accept)
	require.NoError(t, err)
	require.EqualValues(t, 1_000_000, output.Amount)
	require.NotEmpty(t, output.Script)
	opener, created, err := opener.Fund(outpoint, []byte("tx"))
	require.NoError(t, err)
	b, eff, err := acceptor.Created(created)
	require.NoError(t, err)
	require.Len(t, eff.Send, 1)
	require.Empty(t, eff.Broadcast)
	a, eff, err := opener.Signed(eff.Send[0].(*lnwire.FundingSigned))
	require.NoError(t, err)
	require.Equal(t, [][]byte{[]byte("tx")}, eff.Broadcast)

	require.Equal(t, lnwire.NewChanIDFromOutPoint(outpoint), a.ID())
	id := a.ID()
	require.Equal(t, []byte{1, 2}, id[30:], "the index changes the last two bytes")
	require.Equal(t, a.ID(), b.ID())
	require.EqualValues(t, 900_000_000, a.Balance(htlc.Local))
	require.EqualValues(t, 900_000_000, b.Balance(htlc.Remote))
	pa, pb := a.Params(), b.Params()
	require.EqualValues(t, 3, pa.MinDepth)
	require.True(t, pb.Announce)
	for _, side := range []htlc.Side{htlc.Local, htlc.Remote} {
		x, y := pa.Terms[side], pb.Terms[side.Other()]
		for _, k := range []*[2]interface{ SerializeCompressed() []byte }{
			{x.Funding, y.Funding}, {x.Revocation, y.Revocation}, {x.Payment, y.Payment},
			{x.Delayed, y.Delayed}, {x.HTLC, y.HTLC},
		} {
			require.Equal(t, k[0].SerializeCompressed(), k[1].SerializeCompressed())
		}
		x.Funding, x.Revocation, x.Payment, x.Delayed, x.HTLC = nil, nil, nil, nil, nil
		y.Funding, y.Revocation, y.Payment, y.Delayed, y.HTLC = nil, nil, nil, nil, nil
		require.Equal(t, x, y)
	}

	// A crash loses nothing; both confirm and pay.
	a, err = htlc.Decode(a.Encode(), htlctest.Format{}, htlctest.NewSigner("a"))
	require.NoError(t, err)
	require.Equal(t, []byte("tx"), a.Params().FundingTx)
	b, _ = step(t, b, htlc.Disconnected{}, htlc.Connected{})
	a, eff = step(t, a, htlc.Connected{}, htlc.FundingConfirmed{SCID: lnwire.NewShortChanIDFromInt(7)})
	b, toA := step(t, b, htlc.Recv{Msg: eff.Send[0]}, htlc.FundingConfirmed{SCID: lnwire.NewShortChanIDFromInt(7)})
	require.Len(t, sent[*lnwire.ChannelReady](toA), 1)
	_, hello := step(t, b, htlc.Disconnected{}, htlc.Connected{})
	a, eff = step(t, a, htlc.Recv{Msg: hello.Send[0]}, htlc.Recv{Msg: toA.Send[0]})
	require.Equal(t, htlc.Open, a.State())
	b, eff = step(t, b, htlc.Recv{Msg: sent[*lnwire.ChannelReady](eff)[0]})
	require.Equal(t, htlc.Open, results[htlc.StateChanged](eff)[0].To)
	require.EqualValues(t, 7, b.SCID().ToUint64())
	require.NoError(t, refused(t, a, offer(1e6)))
}

func TestOpenChannelIsRefused(t *testing.T) {
	key := openConfig("b").Terms.Funding
	for name, tc := range map[string]struct {
		edit func(m *lnwire.OpenChannel)
		want string
	}{
		"for another chain":                {func(m *lnwire.OpenChannel) { m.ChainHash[0]++ }, "chain"},
		"without a channel_type":           {func(m *lnwire.OpenChannel) { m.ChannelType = nil }, "channel_type is missing"},
		"of an older channel_type":         {func(m *lnwire.OpenChannel) { m.ChannelType = kind(12) }, "static-remote-key(12)}, needs"},
		"of a zero-conf type":              {func(m *lnwire.OpenChannel) { m.ChannelType = kind(12, 22, 50) }, "(50)"},
		"too small":                        {func(m *lnwire.OpenChannel) { m.FundingAmount, m.PushAmount = 19_999, 0 }, "19999"},
		"too large without wumbo":          {func(m *lnwire.OpenChannel) { m.FundingAmount = 1 << 24 }, "16777216"},
		"pushing more than there is":       {func(m *lnwire.OpenChannel) { m.PushAmount = 1_000_000_001 }, "pushes"},
		"at a fee rate too low":            {func(m *lnwire.OpenChannel) { m.FeePerKiloWeight = 252 }, "252"},
		"at a fee rate too high":           {func(m *lnwire.OpenChannel) { m.FeePerKiloWeight = 50_001 }, "50001"},
		"with a dust limit too low":        {func(m *lnwire.OpenChannel) { m.DustLimit = 353 }, "353"},
		"with a dust limit too high":       {func(m *lnwire.OpenChannel) { m.DustLimit = 1063 }, "1063"},
		"with a reserve below dust":        {func(m *lnwire.OpenChannel) { m.ChannelReserve = 353 }, "353"},
		"with a reserve below its dust":    {func(m *lnwire.OpenChannel) { m.ChannelReserve, m.DustLimit = 400, 500 }, "400"},
		"with a greedy reserve":            {func(m *lnwire.OpenChannel) { m.ChannelReserve = 210_000 }, "210000"},
		"with a useless HTLC minimum":      {func(m *lnwire.OpenChannel) { m.HtlcMinimum = 50_000_001 }, "50000001"},
		"with no room in flight":           {func(m *lnwire.OpenChannel) { m.MaxValueInFlight = 0 }, "in_flight"},
		"with too few HTLCs":               {func(m *lnwire.OpenChannel) { m.MaxAcceptedHTLCs = 4 }, "max_accepted_htlcs of 4"},
		"with too many HTLCs":              {func(m *lnwire.OpenChannel) { m.MaxAcceptedHTLCs = 484 }, "484"},
		"with too long a delay":            {func(m *lnwire.OpenChannel) { m.CsvDelay = 2017 }, "2017"},
		"without a key":                    {func(m *lnwire.OpenChannel) { m.HtlcPoint = nil }, "key 4"},
		"with our own key":                 {func(m *lnwire.OpenChannel) { m.FundingKey = key }, "ours"},
		"with a script that can't be paid": {func(m *lnwire.OpenChannel) { m.UpfrontShutdownScript = make([]byte, 200) }, "upfront"},
		"by an opener that can't pay":      {func(m *lnwire.OpenChannel) { m.PushAmount = 995_000_000 }, "fee and reserve"},
	} {
		t.Run(name, func(t *testing.T) {
			_, msg, err := htlc.Propose(openConfig("a"))
			require.NoError(t, err)
			tc.edit(msg)
			_, _, err = htlc.Answer(openConfig("b"), msg)
			require.ErrorContains(t, err, tc.want)
			require.NotNil(t, htlctest.Blame(err))
		})
	}
}

func kind(bits ...lnwire.FeatureBit) *lnwire.ChannelType {
	k := lnwire.ChannelType(*lnwire.NewRawFeatureVector(bits...))
	return &k
}

func TestAcceptChannelIsRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(m *lnwire.AcceptChannel)
		want string
	}{
		"for another opening":         {func(m *lnwire.AcceptChannel) { m.PendingChannelID[0]++ }, "not expected"},
		"of another type":             {func(m *lnwire.AcceptChannel) { m.ChannelType = kind(12, 20) }, "(20)"},
		"with an absurd depth":        {func(m *lnwire.AcceptChannel) { m.MinAcceptDepth = 145 }, "145"},
		"with dust above its reserve": {func(m *lnwire.AcceptChannel) { m.DustLimit = 1063 }, "1063"},
		"with too many HTLCs":         {func(m *lnwire.AcceptChannel) { m.MaxAcceptedHTLCs = 484 }, "484"},
		"without a first point":       {func(m *lnwire.AcceptChannel) { m.FirstCommitmentPoint = nil }, "key 5"},
	} {
		t.Run(name, func(t *testing.T) {
			opener, open, err := htlc.Propose(openConfig("a"))
			require.NoError(t, err)
			_, accept, err := htlc.Answer(openConfig("b"), open)
			require.NoError(t, err)
			tc.edit(accept)
			_, _, err = opener.Accepted(accept)
			require.ErrorContains(t, err, tc.want)
			require.NotNil(t, htlctest.Blame(err))
		})
	}
}

func TestFundingMessagesOutOfPlaceAreNoPanic(t *testing.T) {
	opener, open, err := htlc.Propose(openConfig("a"))
	require.NoError(t, err)
	_, _, err = opener.Fund(outpoint, nil)
	require.Error(t, err, "not accepted yet")
	_, _, err = opener.Signed(&lnwire.FundingSigned{})
	require.NotNil(t, htlctest.Blame(err))
	acceptor, accept, err := htlc.Answer(openConfig("b"), open)
	require.NoError(t, err)
	next, _, err := opener.Accepted(accept)
	require.NoError(t, err)
	_, _, err = next.Accepted(accept)
	require.NotNil(t, htlctest.Blame(err), "twice")
	funded, created, err := next.Fund(outpoint, nil)
	require.NoError(t, err)

	for name, edit := range map[string]func(m *lnwire.FundingCreated){
		"another opening":               func(m *lnwire.FundingCreated) { m.PendingChannelID[0]++ },
		"an all-zero txid":              func(m *lnwire.FundingCreated) { m.FundingPoint.Hash = chainhash.Hash{} },
		"an index that doesn't fit":     func(m *lnwire.FundingCreated) { m.FundingPoint.Index = 1 << 16 },
		"a signature of something else": func(m *lnwire.FundingCreated) { m.CommitSig = lnwire.Sig{} },
		"another outpoint":              func(m *lnwire.FundingCreated) { m.FundingPoint.Index++ },
	} {
		m := *created
		edit(&m)
		_, eff, err := acceptor.Created(&m)
		require.NotNil(t, htlctest.Blame(err), name)
		require.Empty(t, eff, name)
	}
	_, eff, err := funded.Signed(&lnwire.FundingSigned{ChanID: lnwire.NewChanIDFromOutPoint(outpoint)})
	require.NotNil(t, htlctest.Blame(err), "a wrong signature")
	require.Empty(t, eff.Broadcast, "or the money would be lost")
}

func TestProposalsOfOurOwnAreChecked(t *testing.T) {
	for name, edit := range map[string]func(c *htlc.OpenConfig){
		"no capacity":        func(c *htlc.OpenConfig) { c.Capacity = 0 },
		"wumbo unasked":      func(c *htlc.OpenConfig) { c.Capacity = 1 << 24 },
		"more than all":      func(c *htlc.OpenConfig) { c.Pushed = 1_000_000_001 },
		"reserve below dust": func(c *htlc.OpenConfig) { c.Reserve = 353 },
		"beyond counting":    func(c *htlc.OpenConfig) { c.Capacity, c.Wumbo = 1<<62, true },
	} {
		cfg := openConfig("a")
		edit(&cfg)
		_, _, err := htlc.Propose(cfg)
		require.Error(t, err, name)
	}
	cfg := openConfig("a")
	cfg.Capacity, cfg.Wumbo, cfg.Type = 1<<25, true, []lnwire.FeatureBit{12, 22, 160}
	_, msg, err := htlc.Propose(cfg)
	require.NoError(t, err)
	require.Equal(t, kind(12, 22, 160), msg.ChannelType)
}
