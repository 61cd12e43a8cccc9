package rpcserver

import (
	"encoding/hex"

	"github.com/btcsuite/btcd/chaincfg/chainhash"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// forced adds a channel on chain to those that are pending: while its commitment is in no block to those
// that wait to close, then to those that are force closing. A cooperative close of a
// channel that had stopped has nothing to resolve and waits only.
func forced(out *lnrpc.PendingChannelsResponse, c *node.ForceClose, height uint32, raw bool) error {
	if c.Height != 0 && c.Ending != adjudicator.Cooperative {
		f := forceClosing(c, height)
		out.TotalLimboBalance += f.LimboBalance
		out.PendingForceClosingChannels = append(out.PendingForceClosingChannels, f)
		return nil
	}
	w := &lnrpc.PendingChannelsResponse_WaitingCloseChannel{
		Channel: pending(c.PendingChannel, chanStatus(c)), LimboBalance: limboBefore(c),
		Commitments: commitments(&c.Commitments), ClosingTxid: closingTxid(c), CloseHeight: c.Height,
	}
	if raw && c.Tx != nil && c.Tx.TxHash().String() == w.ClosingTxid {
		b, err := serialized(c.Tx)
		if err != nil {
			return err
		}
		w.ClosingTxHex = hex.EncodeToString(b)
	}
	out.TotalLimboBalance += w.LimboBalance
	out.WaitingCloseChannels = append(out.WaitingCloseChannels, w)
	return nil
}

// closingTxid names the spend of the funding output that was seen, else the one that we publish.
func closingTxid(c *node.ForceClose) string {
	if seen := txidString(c.Txid); seen != "" || c.Tx == nil {
		return seen
	}
	return c.Tx.TxHash().String()
}

// seen tells whether the transaction named is one that was seen, in a block or not. Else it is our
// commitment, which is to be.
func seen(c *node.ForceClose) bool {
	return c.Height != 0 || c.Ending != adjudicator.Unknown || c.Txid != (chainhash.Hash{}) && c.Txid != c.Local
}

// limboBefore is what waits for a block: our balance, as long as it isn't known of which
// commitment.
func limboBefore(c *node.ForceClose) int64 {
	if c.Limbo != 0 || c.Recovered != 0 {
		return int64(c.Limbo)
	}
	return int64(c.LocalBalance)
}

// chanStatus is the state of a channel that waits for its close, in lnd's flags and order.
func chanStatus(c *node.ForceClose) string {
	const broadcasted = "ChanStatusCommitBroadcasted"
	switch ours := c.Ending == adjudicator.Local || c.Ending == adjudicator.LocalOther; {
	case c.Ending == adjudicator.Cooperative:
		return "ChanStatusCoopBroadcasted"
	case c.Stale:
		return "ChanStatusBorked|ChanStatusLocalDataLoss"
	case ours, !seen(c) && c.Tx != nil:
		return broadcasted + "|ChanStatusLocalCloseInitiator"
	case seen(c):
		return broadcasted + "|ChanStatusRemoteCloseInitiator"
	}
	return "ChanStatusBorked"
}

func forceClosing(c *node.ForceClose, height uint32) *lnrpc.PendingChannelsResponse_ForceClosedChannel {
	out := &lnrpc.PendingChannelsResponse_ForceClosedChannel{
		Channel: pending(c.PendingChannel, ""), ClosingTxid: closingTxid(c), LimboBalance: int64(c.Limbo),
		RecoveredBalance: int64(c.Recovered), MaturityHeight: c.Matures, BlocksTilMaturity: blocksTo(c.Matures, height),
	}
	for i := range c.Coins {
		coin := &c.Coins[i]
		switch {
		case coin.Path == bitcoin.Anchor:
			out.Anchor = anchorState(coin.State)
		case coin.HTLC && coin.State <= node.CoinSweeping:
			out.PendingHtlcs = append(out.PendingHtlcs, pendingHTLC(coin, height))
		}
	}
	return out
}

// blocksTo counts down to a height, and below zero when that is past; 0 if there is none.
func blocksTo(at, height uint32) int32 {
	if at == 0 {
		return 0
	}
	return int32(at) - int32(height)
}

func anchorState(s node.CoinState) lnrpc.PendingChannelsResponse_ForceClosedChannel_AnchorState {
	switch s {
	case node.CoinTaken:
		return lnrpc.PendingChannelsResponse_ForceClosedChannel_RECOVERED
	case node.CoinLost, node.CoinAbandoned:
		return lnrpc.PendingChannelsResponse_ForceClosedChannel_LOST
	}
	return lnrpc.PendingChannelsResponse_ForceClosedChannel_LIMBO
}

// pendingHTLC shows an HTLC as lnd does: in the first stage what it waits for is its expiry.
func pendingHTLC(c *node.ChainCoin, height uint32) *lnrpc.PendingHTLC {
	matures := c.Matures
	if c.Stage < 2 && c.Expiry != 0 {
		matures = c.Expiry
	}
	return &lnrpc.PendingHTLC{
		Incoming: c.Incoming, Amount: int64(c.Amount), Outpoint: c.Outpoint.String(), MaturityHeight: matures,
		BlocksTilMaturity: blocksTo(matures, height), Stage: uint32(max(c.Stage, 1)),
	}
}
