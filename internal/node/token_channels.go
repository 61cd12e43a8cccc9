package node

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/btcsuite/btcd/wire"
	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/eip712"
	"github.com/nichework/nwnd/internal/enforce/contract"
)

// TokenChannels lists the channels in assets, also those that are settled on chain.
func (n *Node) TokenChannels(context.Context) ([]TokenChannel, error) {
	var all []TokenChannel
	for _, d := range n.sw.tokens() {
		all = append(all, n.tokenChannel(d))
	}
	return all, nil
}

var tokenStates = map[htlc.State]TokenChannelState{
	htlc.Funding: TokenOpening, htlc.Open: TokenOpen, htlc.ShuttingDown: TokenClosing, htlc.Negotiating: TokenClosing,
	htlc.Closing: TokenClosing, htlc.Halted: TokenForced, htlc.Closed: TokenClosed,
}

func (n *Node) tokenChannel(d *driver) TokenChannel {
	c := d.channel()
	p := c.Params()
	local, _ := c.Numbers()
	v := TokenChannel{
		Asset: n.asset(d.token.ID), State: tokenStates[c.State()], Params: d.terms(), Reason: c.Halted(),
		Channel: Channel{
			ChannelPoint: p.Outpoint, ChannelID: d.id, SCID: c.SCID(), Peer: PubKey(p.Peer),
			Active: c.Connected() && c.State() == htlc.Open, Private: !p.Announce, Initiator: p.Opener == htlc.Local,
			Capacity: p.Capacity, LocalBalance: c.Balance(htlc.Local), RemoteBalance: c.Balance(htlc.Remote), NumUpdates: local,
			Local: side(p, htlc.Local), Remote: side(p, htlc.Remote), Push: p.Pushed.ToSatoshis(), Memo: d.memo,
			ShutdownRequested: c.State() == htlc.ShuttingDown,
			CloseAddress:      common.BytesToAddress(p.Terms[htlc.Local].CloseScript[2:]).Hex(),
		},
	}
	v.Monitored, v.Uptime = n.age(d)
	v.TotalSent, v.TotalReceived = n.totals.of(c)
	for _, h := range c.HTLCs() {
		if !h.Removed {
			v.HTLCs = append(v.HTLCs, n.describeHTLC(h))
		}
	}
	if node, ok := n.graph.Node(p.Peer); ok && node.Announcement != nil {
		v.PeerAlias = printable([]byte(node.Announcement.Alias.String()))
	}
	v.onChain(d)
	return v
}

// onChain adds what the contract says.
func (v *TokenChannel) onChain(d *driver) {
	v.Next = "waits for its deposit to be final"
	if v.State != TokenOpening {
		v.Next = ""
	}
	r := d.bench.Load().report(d.id)
	if r == nil {
		return
	}
	mine := evm.Side(d.channel().Params(), htlc.Local)
	for i, side := range [2]uint8{mine, 1 - mine} {
		v.Deposited[i] = uint64(d.token.wholeUnits(r.Funds.Deposits[side].ToBig()))
		v.Withdrawn[i] = uint64(d.token.wholeUnits(r.Funds.Withdrawn[side].ToBig()))
	}
	v.Ending = r.Ending
	if r.Deadline != 0 {
		v.Deadline = time.Unix(int64(r.Deadline), 0)
	}
	if r.Next != "" {
		v.Next = r.Next
	}
	v.Limbo = lnwire.NewMSatFromSatoshis(d.token.wholeUnits(r.Limbo.ToBig()))
	v.Recovered = lnwire.NewMSatFromSatoshis(d.token.wholeUnits(r.Recovered.ToBig()))
	if v.State == TokenForced && r.Phase < evm.PhaseClosing {
		v.Limbo = v.LocalBalance
	}
	for _, l := range r.Locks {
		if l.State == contract.LockWaits || l.State == contract.LockTaking {
			v.UndecidedHTLC++
		}
	}
}

func (b *bench) report(id lnwire.ChannelID) *contract.Report {
	if b == nil {
		return nil
	}
	return b.court.Report(id)
}

// terms are what the contract knows the channel by.
func (d *driver) terms() evm.Params {
	p, _ := eip712.Format{Token: d.token.Token}.Channel(d.channel().Params()) // it was opened with them
	return evm.Params{A: p.A, B: p.B, PayA: p.PayA, PayB: p.PayB, Token: p.Token, Delay: p.Delay, Nonce: p.Nonce}
}

// tokenAt is the token channel of an id.
func (n *Node) tokenAt(at wire.OutPoint) (*driver, error) {
	d := n.sw.channelByID(lnwire.NewChanIDFromOutPoint(at))
	if d == nil || d.token == nil {
		return nil, fmt.Errorf("%w: no channel %v in an asset", ErrNotFound, at)
	}
	return d, nil
}

// CloseTokenChannel ends a channel, with its peer or without, and streams how far it is.
func (n *Node) CloseTokenChannel(ctx context.Context, req CloseTokenChannel) iter.Seq2[TokenCloseUpdate, error] {
	return func(yield func(TokenCloseUpdate, error) bool) {
		d, err := n.tokenAt(req.Channel)
		if err == nil {
			err = n.beginTokenClose(ctx, d, req.Force)
		}
		if err != nil {
			yield(TokenCloseUpdate{}, err)
			return
		}
		n.followTokenClose(ctx, d, yield)
	}
}

func (n *Node) beginTokenClose(ctx context.Context, d *driver, force bool) error {
	c := d.channel()
	switch {
	case force:
		_, err := n.beginForced(ctx, d)
		return err
	case c.Stale():
		return fmt.Errorf("%w: %s", ErrNotEnforceable, c.Halted())
	case c.State() >= htlc.Negotiating:
		return nil
	case c.State() == htlc.Funding:
		return fmt.Errorf("%w: channel %v is still being opened", ErrInvalid, d.id)
	case !c.Connected():
		return fmt.Errorf("%w: a cooperative close needs it; force close if it doesn't come back", ErrPeerOffline)
	case c.State() == htlc.Open:
		d.post(job{in: htlc.Shutdown{}})
	}
	return nil
}

// followTokenClose tells of the call that ends a channel, and when that is final.
func (n *Node) followTokenClose(ctx context.Context, d *driver, yield func(TokenCloseUpdate, error) bool) {
	var told common.Hash
	for {
		changed := d.changes.wait()
		if e := d.ended.Load(); e != nil {
			yield(TokenCloseUpdate{Tx: e.Tx, Closed: true}, nil)
			return
		}
		if r := d.bench.Load().report(d.id); r != nil {
			tx := r.CloseTx
			if r.EndTx != (common.Hash{}) {
				tx = r.EndTx
			}
			if tx != told && tx != (common.Hash{}) {
				told = tx
				if !yield(TokenCloseUpdate{Tx: tx}, nil) {
					return
				}
			}
		}
		if err := n.await(ctx, changed); err != nil {
			yield(TokenCloseUpdate{}, err)
			return
		}
	}
}
