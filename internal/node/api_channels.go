package node

import (
	"bytes"
	"context"
	"fmt"
	"iter"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/enforce"
)

// Weights of a commitment with anchors and its witness, as lnd counts them.
const (
	commitWeight     = 1116
	commitHTLCWeight = 172 // and that of any other output
	usualOutputs     = 4   // in commitWeight: to_local, to_remote and two anchors
)

// ListChannels shows the channels that can carry payments, or could if their peer came.
func (n *Node) ListChannels(context.Context) ([]Channel, error) {
	var all []Channel
	for _, d := range n.sw.channels() {
		if s := d.channel().State(); s == htlc.Open || s == htlc.ShuttingDown {
			all = append(all, n.describe(d))
		}
	}
	return all, nil
}

func (n *Node) describe(d *driver) Channel {
	c := d.channel()
	p := c.Params()
	local, _ := c.Numbers()
	fee, weight := n.commitment(c)
	v := Channel{
		ChannelPoint: p.Outpoint, ChannelID: d.id, SCID: c.SCID(), Peer: PubKey(p.Peer),
		Active: c.Connected() && c.State() == htlc.Open, Private: !p.Announce, Initiator: p.Opener == htlc.Local,
		Capacity: p.Capacity, CommitFee: fee, FeePerKW: int64(c.FeeRate()), CommitWeight: weight, NumUpdates: local,
		Local: side(p, htlc.Local), Remote: side(p, htlc.Remote), Push: p.Pushed.ToSatoshis(),
		ShutdownRequested: c.State() == htlc.ShuttingDown, Memo: d.memo,
		CloseAddress: n.address(p.Terms[htlc.Local].CloseScript),
	}
	v.Monitored, v.Uptime = n.age(d)
	v.LocalBalance, v.RemoteBalance = afterFee(c, htlc.Local), afterFee(c, htlc.Remote)
	v.TotalSent, v.TotalReceived = n.totals.of(c)
	for _, h := range c.HTLCs() {
		if h.Removed {
			continue
		}
		v.HTLCs = append(v.HTLCs, n.describeHTLC(h))
		if h.Offerer == htlc.Local {
			v.Local.UnsettledSum += h.Amount
		} else {
			v.Remote.UnsettledSum += h.Amount
		}
	}
	if node, ok := n.graph.Node(p.Peer); ok && node.Announcement != nil {
		v.PeerAlias = printable([]byte(node.Announcement.Alias.String()))
	}
	return v
}

func (n *Node) describeHTLC(h htlc.Item) HTLC {
	v := HTLC{
		Incoming: h.Offerer == htlc.Remote, Amount: h.Amount, Hash: h.Hash, Expiry: h.Expiry, Index: h.ID,
		LockedIn: h.LockedIn,
	}
	if h.Offerer == htlc.Local && !h.Ref.Own() {
		v.ForwardingIndex = h.Ref.ID
		if in := n.sw.channelByID(h.Ref.Chan); in != nil {
			v.ForwardingChannel = in.channel().SCID()
		}
	}
	return v
}

// afterFee is a side's balance as its output shows it: less the fee, if that side pays it.
func afterFee(c *htlc.Channel, s htlc.Side) lnwire.MilliSatoshi {
	b := c.Balance(s)
	if c.Params().Opener != s {
		return b
	}
	fee := lnwire.NewMSatFromSatoshis(c.CommitFee())
	if b < fee {
		return 0
	}
	return b - fee
}

// commitment is what our newest commitment leaves to miners, which is all that is in no
// output (dust, fractions of a satoshi and an anchor that nobody has included), and its weight.
func (n *Node) commitment(c *htlc.Channel) (fee btcutil.Amount, weight int64) {
	p := c.Params()
	dust := p.Terms[htlc.Local].DustLimit
	com, _, err := c.LocalCommitment()
	if err != nil { // a stale channel has none to show
		return max(c.CommitFee()-2*bolt3.AnchorValue, 0), commitWeight
	}
	left, outputs := p.Capacity, 0
	for _, h := range com.HTLCs {
		if !n.format.Trimmed(h, htlc.Local, dust, com.FeeRate) {
			left -= h.Amount.ToSatoshis()
			outputs++
		}
	}
	anchors := [2]bool{outputs > 0, outputs > 0}
	for _, s := range []htlc.Side{htlc.Local, htlc.Remote} {
		if has := afterFee(c, s).ToSatoshis(); has >= dust {
			left -= has
			outputs++
			anchors[s] = true
		}
	}
	for _, there := range anchors {
		if there {
			left -= bolt3.AnchorValue
			outputs++
		}
	}
	return left, commitWeight + commitHTLCWeight*int64(outputs-usualOutputs)
}

// address is the address that a script pays, "" if it is none's.
func (n *Node) address(script []byte) string {
	if len(script) == 0 {
		return ""
	}
	return txOutput(&wire.TxOut{PkScript: script}, n.cfg.Network).Address
}

func side(p *htlc.Params, s htlc.Side) ChannelSide {
	t := p.Terms[s]
	return ChannelSide{
		CSVDelay: t.ToSelfDelay, Reserve: t.Reserve, DustLimit: t.DustLimit, MaxInFlight: t.MaxInFlight,
		MinHTLC: t.HTLCMinimum, MaxHTLCs: t.MaxAccepted,
	}
}

// PendingChannels shows those that can't carry payments yet, or any more.
func (n *Node) PendingChannels(context.Context) (PendingChannels, error) {
	var all PendingChannels
	for _, d := range n.sw.channels() {
		switch c := d.channel(); c.State() {
		case htlc.Funding:
			all.Opening = append(all.Opening, n.pendingOpen(d))
		case htlc.Negotiating, htlc.Closing:
			all.Closing = append(all.Closing, n.pendingClose(d))
		case htlc.Halted:
			all.Forced = append(all.Forced, n.forceClose(d))
		}
	}
	for _, d := range n.sw.closed() {
		if r := n.court.Report(d.id); r != nil && r.State < enforce.Settled && r.Ending != adjudicator.Cooperative {
			all.Forced = append(all.Forced, n.forceClose(d)) // a reorganisation has undone its end
		}
	}
	return all, nil
}

func (n *Node) pendingOpen(d *driver) PendingOpen {
	c := d.channel()
	v := PendingOpen{
		PendingChannel: pendingOf(d), FeePerKW: int64(c.FeeRate()), ConfirmationsRequired: max(c.Params().MinDepth, 1),
		ConfirmationHeight: uint32(max(d.funded.Load(), 0)), FundingExpiryBlocks: int32(d.hint+fundingPatience) - int32(n.height()),
	}
	v.CommitFee, v.CommitWeight = n.commitment(c)
	v.ConfirmationsLeft = missing(v.ConfirmationHeight, v.ConfirmationsRequired, n.height())
	return v
}

// missing is how many blocks a transaction lacks until it is so deep; at is its block's
// height, 0 if it is in none.
func missing(at, depth, now uint32) uint32 {
	if at == 0 {
		return depth
	}
	if deep := at + depth - 1; deep > now {
		return deep - now
	}
	return 0
}

func (n *Node) pendingClose(d *driver) PendingClose {
	c := d.channel()
	v := PendingClose{PendingChannel: pendingOf(d), Commitments: commitments(c)}
	v.LimboBalance = v.LocalBalance
	if tx, err := closingTx(c); err == nil && tx != nil {
		v.Tx, v.Txid = tx, tx.TxHash()
	}
	if r := n.court.Report(d.id); r != nil && r.Height > 0 {
		v.Tx, v.Txid, v.Height = r.Tx, r.Tx.TxHash(), uint32(r.Height)
	}
	v.BlocksTillDone = missing(v.Height, closeDepth, n.height())
	return v
}

// commitments are what a side could publish instead of a close; as far as they are known.
func commitments(c *htlc.Channel) Commitments {
	var v Commitments
	p := c.Params()
	if com, _, err := c.LocalCommitment(); err == nil {
		v.Local, v.LocalFee = commitmentID(p, com)
	}
	remote, err := c.RemoteCommitments()
	if err != nil || len(remote) == 0 { // of a restored channel none is known
		return v
	}
	v.Remote, v.RemoteFee = commitmentID(p, remote[0])
	if len(remote) > 1 {
		v.RemotePending, v.RemotePendingFee = commitmentID(p, remote[1])
	}
	return v
}

func commitmentID(p *htlc.Params, com *htlc.Commitment) (id chainhash.Hash, fee btcutil.Amount) {
	tx, err := bolt3.Build(p, com)
	if err != nil {
		return id, 0
	}
	fee = p.Capacity
	for _, out := range tx.MsgTx.TxOut {
		fee -= btcutil.Amount(out.Value)
	}
	return tx.MsgTx.TxHash(), fee
}

func pendingOf(d *driver) PendingChannel {
	c := d.channel()
	p := c.Params()
	return PendingChannel{
		ChannelPoint: p.Outpoint, Peer: PubKey(p.Peer), Capacity: p.Capacity,
		LocalBalance: afterFee(c, htlc.Local).ToSatoshis(), RemoteBalance: afterFee(c, htlc.Remote).ToSatoshis(),
		LocalReserve: p.Terms[htlc.Local].Reserve, RemoteReserve: p.Terms[htlc.Remote].Reserve,
		Initiator: p.Opener == htlc.Local, Private: !p.Announce, Memo: d.memo,
	}
}

func closingTx(c *htlc.Channel) (*wire.MsgTx, error) {
	raw := c.CloseTx()
	if raw == nil {
		return nil, nil
	}
	return readTx(raw)
}

func readTx(raw []byte) (*wire.MsgTx, error) {
	tx := wire.NewMsgTx(2)
	return tx, tx.Deserialize(bytes.NewReader(raw))
}

// ChannelBalance sums the channels' balances.
func (n *Node) ChannelBalance(context.Context) (ChannelBalance, error) {
	var b ChannelBalance
	for _, d := range n.sw.channels() {
		c := d.channel()
		switch c.State() {
		case htlc.Funding:
			b.PendingLocal += afterFee(c, htlc.Local)
			b.PendingRemote += afterFee(c, htlc.Remote)
		case htlc.Open, htlc.ShuttingDown:
			v := n.describe(d)
			b.Local += v.LocalBalance
			b.Remote += v.RemoteBalance
			b.UnsettledLocal += v.Remote.UnsettledSum
			b.UnsettledRemote += v.Local.UnsettledSum
		}
	}
	return b, nil
}

// CloseChannel closes a channel and streams how far it is.
func (n *Node) CloseChannel(ctx context.Context, req CloseChannel) iter.Seq2[CloseUpdate, error] {
	return func(yield func(CloseUpdate, error) bool) {
		d, err := n.beginClose(ctx, req)
		if err != nil {
			yield(CloseUpdate{}, err)
			return
		}
		if d.channel().State() >= htlc.Halted {
			n.followForced(ctx, d, yield)
			return
		}
		n.followClose(ctx, d, yield)
	}
}

func (n *Node) beginClose(ctx context.Context, req CloseChannel) (*driver, error) {
	d := n.channelAt(req.ChannelPoint)
	if d == nil {
		return nil, fmt.Errorf("%w: no channel with funding output %v", ErrNotFound, req.ChannelPoint)
	}
	c := d.channel()
	switch {
	case req.Force:
		return n.beginForced(ctx, d)
	case c.Stale():
		return nil, fmt.Errorf("%w: %s", ErrNotEnforceable, c.Halted())
	case c.State() == htlc.Halted:
		return d, nil
	case c.State() == htlc.Funding:
		return nil, fmt.Errorf("%w: channel %v is still being opened", ErrInvalid, req.ChannelPoint)
	case !c.Connected() && c.State() != htlc.Closing:
		return nil, fmt.Errorf("%w: a cooperative close needs it; force close if it doesn't come back", ErrPeerOffline)
	}
	if inFlight, _ := c.InFlight(); inFlight > 0 && !req.NoWait {
		return nil, fmt.Errorf("%w: channel has %d HTLCs in flight; allow waiting for them (no_wait)", ErrInvalid, inFlight)
	}
	if c.State() == htlc.Closing || c.State() == htlc.Negotiating {
		return d, nil
	}
	var script []byte // none while it is closing already: where to was said then
	if c.State() == htlc.Open {
		var err error
		if script, err = n.closeScript(ctx, c, req.Address); err != nil {
			return nil, err
		}
	} else if req.Address != "" {
		return nil, fmt.Errorf("%w: the channel is being closed to another address already", ErrInvalid)
	}
	rate, err := n.feeRate(ctx, req.Fee)
	if err != nil {
		return nil, err
	}
	if err := checkMaxFee(c, req.MaxFee.SatPerVByte*kwPerVByte, uint64(rate)); err != nil {
		return nil, err
	}
	d.post(job{in: htlc.Shutdown{Script: script, FeeRate: htlc.FeeRate(rate)}})
	return d, nil
}

// checkMaxFee holds a close to the most that its caller pays, in sat/kw, 0 for no limit. What
// is negotiated is up to twice the rate, so that is what there must be room for.
func checkMaxFee(c *htlc.Channel, most, rate uint64) error {
	switch {
	case most == 0 || c.Params().Opener != htlc.Local: // the opener pays
		return nil
	case rate > most:
		return fmt.Errorf("%w: max_fee_per_vbyte (%d sat/kw) is less than the required fee rate (%d sat/kw)", ErrInvalid, most, rate)
	case 2*rate > most:
		return fmt.Errorf("%w: max_fee_per_vbyte under twice the fee rate of %d sat/vbyte", ErrUnimplemented, rate/kwPerVByte)
	}
	return nil
}

// closeScript is where our balance goes: as agreed at opening, as asked for, or the wallet.
func (n *Node) closeScript(ctx context.Context, c *htlc.Channel, address string) ([]byte, error) {
	upfront := c.Params().Terms[htlc.Local].CloseScript
	if address != "" {
		script, err := n.script(address)
		if err == nil && n.format.CheckScript(script) != nil {
			err = fmt.Errorf("%w: no channel can be closed to address %s (BOLT 2, shutdown)", ErrInvalid, address)
		}
		if err == nil && len(upfront) > 0 && !bytes.Equal(script, upfront) {
			err = fmt.Errorf("%w: the channel was opened with another close address", ErrInvalid)
		}
		return script, err
	}
	if len(upfront) > 0 {
		return upfront, nil
	}
	addr, err := n.NewAddress(ctx, TaprootPubKey)
	if err != nil {
		return nil, err
	}
	return n.script(addr.String())
}

func (n *Node) followClose(ctx context.Context, d *driver, yield func(CloseUpdate, error) bool) {
	var told chainhash.Hash
	for {
		changed := d.changes.wait()
		c := d.channel()
		tx, err := closingTx(c)
		switch {
		case err != nil:
			yield(CloseUpdate{}, err)
			return
		case c.State() == htlc.Halted:
			n.followForced(ctx, d, yield)
			return
		case c.State() == htlc.Closed:
			yield(CloseUpdate{Txid: c.Spent().TxID, Closed: true}, nil)
			return
		case tx != nil && tx.TxHash() != told:
			told = tx.TxHash()
			if !yield(CloseUpdate{Txid: told}, nil) {
				return
			}
		}
		if err := n.await(ctx, changed); err != nil {
			yield(CloseUpdate{}, err)
			return
		}
	}
}

func (n *Node) channelAt(point wire.OutPoint) *driver {
	for _, d := range n.sw.channels() {
		if d.channel().Params().Outpoint == point {
			return d
		}
	}
	return nil
}

// rebroadcastCloses hands closing transactions to the network again until one confirms.
func (n *Node) rebroadcastCloses() {
	for _, d := range n.sw.channels() {
		if d.channel().State() != htlc.Closing {
			continue
		}
		if tx, err := closingTx(d.channel()); err == nil && tx != nil {
			n.broadcast(d, tx)
		}
	}
}

func (n *Node) broadcast(d *driver, tx *wire.MsgTx) {
	if err := n.chain.Publish(n.ctx, tx); err != nil && n.ctx.Err() == nil {
		d.log.Warn("transaction was not taken; it is tried again at every block", "txid", tx.TxHash(), "err", err)
	}
}
