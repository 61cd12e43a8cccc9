package node

import (
	"math"
	"testing"
	"time"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/router"
)

func (n *testNode) assetForwards(req AssetForwards) AssetForwardPage {
	n.net.t.Helper()
	page, err := n.AssetForwards(n.net.t.Context(), req)
	require.NoError(n.net.t, err)
	return page
}

// What was forwarded in an asset is told apart from bitcoin's, and still known after a restart.
func TestForwardInAnAssetIsRemembered(t *testing.T) {
	n, alice, middle, bob, ab, bc := hub(t)
	before := time.Now()
	p := n.payMiles(alice, bob, 7_000_000)
	require.Equal(t, PaymentSucceeded, p.Status)
	n.has(bob, bc, 7_000_000)
	second := n.payMiles(alice, bob, 1_000_000)
	require.Equal(t, PaymentSucceeded, second.Status)
	n.has(middle, ab, 8_000_000+p.Fee+second.Fee)
	require.Empty(t, middle.forwarded(ListForwards{}), "lnd's clients would take it for bitcoin")
	require.Empty(t, alice.assetForwards(AssetForwards{}).Forwards)

	scid := func(at wire.OutPoint) lnwire.ShortChannelID {
		d, err := middle.tokenAt(at)
		require.NoError(t, err)
		return d.channel().SCID()
	}
	page := middle.assetForwards(AssetForwards{Symbol: "miles", ListForwards: ListForwards{After: before, Aliases: true}})
	require.Len(t, page.Forwards, 2)
	f := page.Forwards[0]
	require.Equal(t, [2]string{"MILES", "MILES"}, [2]string{f.From.Symbol, f.To.Symbol})
	require.Equal(t, [2]lnwire.ShortChannelID{scid(ab), scid(bc)}, [2]lnwire.ShortChannelID{f.In, f.Out})
	require.Equal(t, [3]lnwire.MilliSatoshi{7_000_000 + p.Fee, 7_000_000, p.Fee}, [3]lnwire.MilliSatoshi{f.AmtIn, f.AmtOut, f.Fee()})
	require.Equal(t, [2]string{"alice", "bob"}, [2]string{f.AliasIn, f.AliasOut})

	one := middle.assetForwards(AssetForwards{ListForwards: ListForwards{Max: 1}})
	require.Len(t, one.Forwards, 1)
	rest := middle.assetForwards(AssetForwards{ListForwards: ListForwards{Offset: one.Next}})
	require.Len(t, rest.Forwards, 1)
	require.EqualValues(t, 1_000_000, rest.Forwards[0].AmtOut)
	require.Empty(t, middle.assetForwards(AssetForwards{ListForwards: ListForwards{Before: before.Add(-time.Hour)}}).Forwards)
	_, err := middle.AssetForwards(t.Context(), AssetForwards{Symbol: "NONE"})
	require.ErrorIs(t, err, ErrNotFound)

	middle.restart()
	<-middle.Started()
	require.Len(t, middle.assetForwards(AssetForwards{}).Forwards, 2)
	r, err := middle.AssetFeeReport(t.Context())
	require.NoError(t, err)
	require.Len(t, r.Earned, 1)
	sum := p.Fee + second.Fee
	require.Equal(t, Earned{Day: sum, Week: sum, Month: sum}, r.Earned[0].Earned)
	require.Equal(t, "MILES", r.Earned[0].Asset.Symbol)
	lnd, err := middle.FeeReport(t.Context())
	require.NoError(t, err)
	require.Zero(t, lnd)
}

// A forward between two assets earned nothing that one of them could be told by, and rows of before are still read.
func TestStoredForwardsTellTheirAssets(t *testing.T) {
	for _, f := range []Forward{
		{AmtIn: 7, AmtOut: 5}, {AmtIn: 7, AmtOut: 5, AssetIn: AssetID{1}, AssetOut: AssetID{1}}, {AmtIn: 7, AmtOut: 5, AssetIn: AssetID{1}},
	} {
		f.Time, f.In, f.OutID = time.Unix(5, 6), lnwire.ShortChannelID{BlockHeight: 3}, 9
		raw := f.encode()
		require.Equal(t, f.AssetIn != AssetID{}, raw[0] == forwardInAssets)
		got, err := decodeForward(raw)
		require.NoError(t, err)
		require.True(t, f.Time.Equal(got.Time))
		got.Time = f.Time
		require.Equal(t, f, got)
		want := lnwire.MilliSatoshi(2)
		if f.AssetIn != f.AssetOut {
			want = 0
		}
		require.Equal(t, want, got.Fee())
		for cut := range raw {
			_, err := decodeForward(raw[:cut])
			require.Error(t, err)
		}
	}
}

// What is asked for forwarding an asset is changed for its channels alone, told to the network, asked of payers, and
// the same after a restart.
func TestPolicyOfChannelsInAnAsset(t *testing.T) {
	n, alice, middle, bob, ab, bc := hub(t)
	d, err := middle.tokenAt(bc)
	require.NoError(t, err)
	old := middle.policies.Policy(d)
	base, ppm, delta, least := lnwire.MilliSatoshi(50_000), uint32(20_000), old.CLTVDelta+3, lnwire.MilliSatoshi(2_000)
	changed, failed, err := middle.UpdateAssetPolicy(t.Context(), UpdateAssetPolicy{Symbol: "miles", UpdatePolicy: UpdatePolicy{
		BaseFee: &base, FeePPM: &ppm, TimeLockDelta: &delta, MinHTLC: &least,
	}})
	require.NoError(t, err)
	require.Empty(t, failed)
	require.Equal(t, 2, changed)
	want := ChannelPolicy{BaseFee: base, FeePPM: ppm, CLTVDelta: delta, MinHTLC: least, MaxHTLC: old.MaxHTLC}
	n.eventually("alice knows", func() bool {
		edge, ok := alice.graph.Channel(router.ChanID{Chain: d.token.hash(), SCID: d.channel().SCID()})
		p := edge.PolicyOf(middle.self)
		return ok && p != nil && p.FeeRate == ppm && p.CLTVDelta == delta
	})
	p := n.payMiles(alice, bob, 7_000_000)
	require.Equal(t, PaymentSucceeded, p.Status)
	require.Equal(t, want.Fee(7_000_000), p.Fee)

	middle.restart()
	var r AssetFeeReport
	n.eventually("the peers have told their policies again", func() bool {
		r, err = middle.AssetFeeReport(t.Context())
		require.NoError(t, err)
		return len(r.Channels) == 2 && r.Channels[0].Theirs != nil && r.Channels[1].Theirs != nil
	})
	for _, c := range r.Channels {
		want.MaxHTLC = c.Ours.MaxHTLC
		require.Equal(t, want, c.Ours)
		require.EqualValues(t, tokenFeePPM, c.Theirs.FeePPM)
	}

	// One channel, and what can't be.
	changed, _, err = middle.UpdateAssetPolicy(t.Context(), UpdateAssetPolicy{UpdatePolicy: UpdatePolicy{ChannelPoint: &ab, FeePPM: new(uint32)}})
	require.NoError(t, err)
	require.Equal(t, 1, changed)
	soon, tooMuch, most := old.CLTVDelta-1, lnwire.MilliSatoshi(1<<50), lnwire.MilliSatoshi(math.MaxUint32+1)
	for _, u := range []UpdatePolicy{{TimeLockDelta: &soon}, {MaxHTLC: &tooMuch}, {MinHTLC: &tooMuch}, {BaseFee: &most}} {
		changed, failed, err := middle.UpdateAssetPolicy(t.Context(), UpdateAssetPolicy{Symbol: "MILES", UpdatePolicy: u})
		require.NoError(t, err)
		require.Zero(t, changed)
		require.Len(t, failed, 2)
		require.ErrorIs(t, failed[0].Err, ErrInvalid)
		require.NotContains(t, failed[0].Reason, "mSAT")
	}
	for _, u := range []UpdateAssetPolicy{{}, {Symbol: "NONE"}, {UpdatePolicy: UpdatePolicy{ChannelPoint: &wire.OutPoint{}}}} {
		_, _, err := middle.UpdateAssetPolicy(t.Context(), u)
		require.ErrorIs(t, err, ErrNotFound)
	}
}
