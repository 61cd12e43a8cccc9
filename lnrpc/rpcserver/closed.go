package rpcserver

import (
	"context"

	"github.com/btcsuite/btcd/chaincfg/chainhash"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// ClosedChannels is of lnrpc.LightningServer.
func (l *lightning) ClosedChannels(ctx context.Context, in *lnrpc.ClosedChannelsRequest) (*lnrpc.ClosedChannelsResponse, error) {
	all, err := l.s.node().ClosedChannels(ctx)
	if err != nil {
		return nil, err
	}
	wanted := map[node.CloseKind]bool{
		node.ClosedCooperatively: in.Cooperative, node.ClosedByUs: in.LocalForce, node.ClosedByPeer: in.RemoteForce,
		node.ClosedByBreach: in.Breach, node.NeverFunded: in.FundingCanceled, node.Abandoned: in.Abandoned,
	}
	some := false
	for _, w := range wanted {
		some = some || w
	}
	out := &lnrpc.ClosedChannelsResponse{}
	for i := range all {
		if !some || wanted[all[i].Kind] {
			out.Channels = append(out.Channels, closedChannel(&all[i]))
		}
	}
	return out, nil
}

func closedChannel(c *node.ClosedChannel) *lnrpc.ChannelCloseSummary {
	out := &lnrpc.ChannelCloseSummary{
		ChannelPoint: c.ChannelPoint.String(), ChanId: c.SCID.ToUint64(), ChainHash: c.Chain.String(),
		RemotePubkey: hexKey(c.Peer), Capacity: int64(c.Capacity), CloseHeight: c.Height,
		SettledBalance: int64(c.Settled), CloseType: lnrpc.ChannelCloseSummary_ClosureType(c.Kind),
	}
	if c.Txid != (chainhash.Hash{}) {
		out.ClosingTxHash = c.Txid.String()
	}
	if c.OpenerKnown {
		out.OpenInitiator = lnrpc.Initiator_INITIATOR_REMOTE
		if c.Initiator {
			out.OpenInitiator = lnrpc.Initiator_INITIATOR_LOCAL
		}
	}
	switch c.Kind {
	case node.ClosedByUs:
		out.CloseInitiator = lnrpc.Initiator_INITIATOR_LOCAL
	case node.ClosedByPeer, node.ClosedByBreach:
		out.CloseInitiator = lnrpc.Initiator_INITIATOR_REMOTE
	}
	for i := range c.Resolutions {
		r := resolution(&c.Resolutions[i])
		out.Resolutions = append(out.Resolutions, r)
		if c.Kind == node.ClosedByUs && timeLocked(r) {
			out.TimeLockedBalance += int64(r.AmountSat)
		}
	}
	return out
}

// timeLocked tells whether lnd counts an output of our own commitment as one that had to wait.
func timeLocked(r *lnrpc.Resolution) bool {
	return r.ResolutionType == lnrpc.ResolutionType_COMMIT ||
		r.ResolutionType == lnrpc.ResolutionType_OUTGOING_HTLC && r.Outcome == lnrpc.ResolutionOutcome_FIRST_STAGE
}

func resolution(r *node.Resolution) *lnrpc.Resolution {
	return &lnrpc.Resolution{
		ResolutionType: resolutionType(r), Outcome: resolutionOutcome(r), Outpoint: rpcOutPoint(r.Outpoint),
		AmountSat: uint64(r.Amount), SweepTxid: txidString(r.Spend),
	}
}

func resolutionType(r *node.Resolution) lnrpc.ResolutionType {
	switch {
	case r.Path == bitcoin.Anchor, r.Path == bitcoin.OtherAnchor:
		return lnrpc.ResolutionType_ANCHOR
	case !r.HTLC:
		return lnrpc.ResolutionType_COMMIT
	case r.Incoming:
		return lnrpc.ResolutionType_INCOMING_HTLC
	}
	return lnrpc.ResolutionType_OUTGOING_HTLC
}

// resolutionOutcome is lnd's word for it. An HTLC is claimed by whoever has its preimage, and
// times out for the other side; those of a cheater are claimed by us without one.
func resolutionOutcome(r *node.Resolution) lnrpc.ResolutionOutcome {
	revoked := r.Path == bitcoin.RevokedHTLC || r.Path == bitcoin.RevokedStage
	taken := r.State == node.CoinTaken
	switch {
	case !taken && (!r.HTLC || revoked):
		return lnrpc.ResolutionOutcome_UNCLAIMED
	case r.State == node.CoinAbandoned:
		return lnrpc.ResolutionOutcome_ABANDONED
	case !r.HTLC, revoked:
		return lnrpc.ResolutionOutcome_CLAIMED
	case taken && (r.Path == bitcoin.StageTimeout || r.Path == bitcoin.StageSuccess):
		return lnrpc.ResolutionOutcome_FIRST_STAGE
	case taken == r.Incoming:
		return lnrpc.ResolutionOutcome_CLAIMED
	}
	return lnrpc.ResolutionOutcome_TIMEOUT
}
