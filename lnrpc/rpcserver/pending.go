package rpcserver

import (
	"context"
	"encoding/hex"

	"github.com/btcsuite/btcd/chaincfg/chainhash"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// PendingChannels is of lnrpc.LightningServer.
func (l *lightning) PendingChannels(ctx context.Context, in *lnrpc.PendingChannelsRequest) (*lnrpc.PendingChannelsResponse, error) {
	p, err := l.s.node().PendingChannels(ctx)
	if err != nil {
		return nil, err
	}
	out := &lnrpc.PendingChannelsResponse{}
	for _, c := range p.Opening {
		out.PendingOpenChannels = append(out.PendingOpenChannels, &lnrpc.PendingChannelsResponse_PendingOpenChannel{
			Channel: pending(c.PendingChannel, ""), CommitFee: int64(c.CommitFee),
			CommitWeight: c.CommitWeight, FeePerKw: c.FeePerKW, FundingExpiryBlocks: c.FundingExpiryBlocks,
			ConfirmationsUntilActive: c.ConfirmationsLeft, ConfirmationHeight: c.ConfirmationHeight,
		})
	}
	for i := range p.Closing {
		w, err := waitingClose(&p.Closing[i], in.IncludeRawTx)
		if err != nil {
			return nil, err
		}
		out.TotalLimboBalance += w.LimboBalance
		out.WaitingCloseChannels = append(out.WaitingCloseChannels, w)
	}
	if len(p.Forced) == 0 {
		return out, nil
	}
	info, err := l.s.node().Info(ctx)
	if err != nil {
		return nil, err
	}
	for i := range p.Forced {
		if err := forced(out, &p.Forced[i], info.Height, in.IncludeRawTx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func waitingClose(c *node.PendingClose, raw bool) (*lnrpc.PendingChannelsResponse_WaitingCloseChannel, error) {
	w := &lnrpc.PendingChannelsResponse_WaitingCloseChannel{
		Channel: pending(c.PendingChannel, "ChanStatusCoopBroadcasted"), LimboBalance: int64(c.LimboBalance),
		Commitments: commitments(&c.Commitments), BlocksTilCloseConfirmed: c.BlocksTillDone, CloseHeight: c.Height,
		ClosingTxid: txidString(c.Txid),
	}
	if raw && c.Tx != nil {
		b, err := serialized(c.Tx)
		if err != nil {
			return nil, err
		}
		w.ClosingTxHex = hex.EncodeToString(b)
	}
	return w, nil
}

func commitments(c *node.Commitments) *lnrpc.PendingChannelsResponse_Commitments {
	return &lnrpc.PendingChannelsResponse_Commitments{
		LocalTxid: txidString(c.Local), LocalCommitFeeSat: uint64(c.LocalFee),
		RemoteTxid: txidString(c.Remote), RemoteCommitFeeSat: uint64(c.RemoteFee),
		RemotePendingTxid: txidString(c.RemotePending), RemotePendingCommitFeeSat: uint64(c.RemotePendingFee),
	}
}

// txidString is empty for no transaction.
func txidString(id chainhash.Hash) string {
	if id == (chainhash.Hash{}) {
		return ""
	}
	return id.String()
}

func pending(c node.PendingChannel, status string) *lnrpc.PendingChannelsResponse_PendingChannel {
	out := &lnrpc.PendingChannelsResponse_PendingChannel{
		RemoteNodePub:         hexKey(c.Peer),
		ChannelPoint:          c.ChannelPoint.String(),
		Capacity:              int64(c.Capacity),
		LocalBalance:          int64(c.LocalBalance),
		RemoteBalance:         int64(c.RemoteBalance),
		LocalChanReserveSat:   int64(c.LocalReserve),
		RemoteChanReserveSat:  int64(c.RemoteReserve),
		Initiator:             lnrpc.Initiator_INITIATOR_REMOTE,
		CommitmentType:        lnrpc.CommitmentType_ANCHORS,
		NumForwardingPackages: int64(c.Forwarding),
		ChanStatusFlags:       status,
		Private:               c.Private,
		Memo:                  c.Memo,
	}
	if c.Initiator {
		out.Initiator = lnrpc.Initiator_INITIATOR_LOCAL
	}
	return out
}
