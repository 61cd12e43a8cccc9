package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// assetFees asks what is asked for forwarding in assets; nil if the daemon has none.
func (c *client) assetFees(ctx context.Context) (*nwnrpc.AssetFeeReportResponse, error) {
	r, err := c.forwards.AssetFeeReport(ctx, &nwnrpc.AssetFeeReportRequest{})
	if noAssets(err) {
		return nil, nil
	}
	return r, err
}

// assetFeeRows lists what we and our peers ask on channels in assets, and what forwarding in each earned.
func assetFeeRows(t *table, r *nwnrpc.AssetFeeReportResponse) {
	if len(r.GetAssetChannelFees()) > 0 {
		t.row("")
		t.row("ID", "PEER", "BASE FEE", "FEE PPM", "DELTA", "MIN", "MAX", "THE PEER ASKS")
	}
	for _, f := range r.GetAssetChannelFees() {
		peer := f.PeerAlias
		if peer == "" {
			peer = short(f.RemotePubkey)
		}
		p := f.GetOurs()
		t.row(scid(f.ChanId), peer, milliText(p.GetBaseFeeMilli(), f.Asset), p.GetFeeRatePpm(), spanText(p.GetTimeLockDelta()),
			milliText(p.GetMinHtlcMilli(), f.Asset), milliText(p.GetMaxHtlcMilli(), f.Asset), asksInAsset(f.Theirs, f.Asset))
	}
	for i, e := range r.GetAssetFeesEarned() {
		if i == 0 {
			t.row("")
		}
		t.row("earned", fmt.Sprintf("%s in a day, %s in a week, %s in a month", milliText(e.DayMilli, e.Asset),
			milliText(e.WeekMilli, e.Asset), milliText(e.MonthMilli, e.Asset)))
	}
}

func asksInAsset(p *nwnrpc.AssetPolicy, asset *nwnrpc.Asset) string {
	switch {
	case p == nil:
		return "unknown"
	case p.Disabled:
		return "disabled"
	}
	return fmt.Sprintf("%s + %d ppm, %s", milliText(p.BaseFeeMilli, asset), p.FeeRatePpm, spanText(p.TimeLockDelta))
}

// spanText is a time for people: 2h40m.
func spanText(n uint32) string {
	s := (time.Duration(n) * time.Second).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// tokenPolicySet changes what we ask on channels in an asset; done is false if none is meant.
func (a *app) tokenPolicySet(ctx context.Context, c *client, ask *asked, args []string) (done bool, err error) {
	req := &nwnrpc.UpdateAssetPolicyRequest{}
	var asset *nwnrpc.Asset
	if ask.asset != "" {
		if asset, err = c.asset(ctx, ask.asset); err != nil {
			return true, err
		}
		req.Scope = &nwnrpc.UpdateAssetPolicyRequest_Symbol{Symbol: asset.Symbol}
	} else if len(args) == 1 {
		ch, err := c.tokenChannelNamed(ctx, args[0])
		if ch == nil || err != nil {
			return false, err
		}
		asset = ch.Asset
		req.Scope = &nwnrpc.UpdateAssetPolicyRequest_Channel{Channel: ch.ChannelId}
	} else {
		return false, nil
	}
	if err := ask.inAsset(req, asset); err != nil {
		return true, err
	}
	r, err := c.forwards.UpdateAssetPolicy(ctx, req)
	if err != nil {
		return true, err
	}
	if len(r.Failed) > 0 {
		f := r.Failed[0]
		return true, fmt.Errorf("channel %s kept its policy: %s", f.ChannelId, strings.TrimPrefix(strings.TrimPrefix(f.Reason, "node: "), "invalid request: "))
	}
	return true, a.show(r, func(t *table) { t.row(fmt.Sprintf("changed; channels: %d", r.NumUpdated)) })
}

// inAsset puts what was named into the request.
func (k *asked) inAsset(req *nwnrpc.UpdateAssetPolicyRequest, asset *nwnrpc.Asset) error {
	for _, v := range []struct {
		flag, text string
		to         **uint64
	}{{"base-fee", k.base, &req.BaseFeeMilli}, {"min-htlc", k.low, &req.MinHtlcMilli}, {"max-htlc", k.high, &req.MaxHtlcMilli}} {
		if !k.named(v.flag) {
			continue
		}
		n, err := parseMilli(v.text, asset, unitPlaces(asset)+milliPlaces)
		if err != nil {
			return err
		}
		*v.to = &n
	}
	if k.named("fee-ppm") {
		req.FeeRatePpm = &k.ppm
	}
	if !k.named("time-lock-delta") {
		return nil
	}
	d, err := time.ParseDuration(k.delta)
	if err != nil || d <= 0 || d.Seconds() > math.MaxUint32 {
		return usage("time-lock-delta %q is no time: 48h and 90m are", k.delta)
	}
	n := uint32(math.Ceil(d.Seconds()))
	req.TimeLockDelta = &n
	return nil
}
