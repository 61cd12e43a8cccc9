package node

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/router"
)

// FeeReport lists what this node asks on each channel, and what forwarding earned.
func (n *Node) FeeReport(context.Context) (FeeReport, error) {
	var r FeeReport
	for _, d := range n.sw.channels() {
		c := d.channel()
		if c.State() != htlc.Open {
			continue
		}
		p := n.policies.Policy(d)
		r.Channels = append(r.Channels, ChannelFee{
			SCID: c.SCID(), ChannelPoint: c.Params().Outpoint, BaseFee: p.BaseFee, FeePPM: p.FeePPM,
		})
	}
	earned, err := n.sw.history.earned(n.now())
	r.Earned = earned[AssetID{}]
	return r, err
}

// UpdatePolicy changes what is named, on one channel or on all, and tells the network.
func (n *Node) UpdatePolicy(_ context.Context, req UpdatePolicy) ([]FailedPolicyUpdate, error) {
	if req.TimeLockDelta != nil && *req.TimeLockDelta < minFinalDelta {
		return nil, fmt.Errorf("%w: time lock delta of %d is under %d", ErrInvalid, *req.TimeLockDelta, minFinalDelta)
	}
	all := n.sw.channels()
	if req.ChannelPoint != nil {
		d := n.channelAt(*req.ChannelPoint)
		if d == nil {
			return nil, fmt.Errorf("%w: no channel with funding output %v", ErrNotFound, *req.ChannelPoint)
		}
		all = []*driver{d}
	}
	var failed []FailedPolicyUpdate
	for _, d := range all {
		if err := n.updatePolicy(d, req); err != nil {
			failed = append(failed, FailedPolicyUpdate{ChannelPoint: d.channel().Params().Outpoint, Reason: err.Error(), Err: err})
		}
	}
	return failed, nil
}

func (n *Node) updatePolicy(d *driver, req UpdatePolicy) error {
	p := n.policies.Policy(d)
	change(&p.BaseFee, req.BaseFee)
	change(&p.FeePPM, req.FeePPM)
	change(&p.CLTVDelta, req.TimeLockDelta)
	change(&p.MinHTLC, req.MinHTLC)
	change(&p.MaxHTLC, req.MaxHTLC)
	if err := p.check(d); err != nil {
		return err
	}
	if err := n.db.Append(channeldb.Batch{Puts: []channeldb.KV{put(bucketPolicy, d.id[:], p.encode())}}); err != nil {
		return err
	}
	n.policies.set(d, p)
	if d.channel().SCID() != (lnwire.ShortChannelID{}) {
		n.publishUpdate(d)
	}
	return nil
}

// check refuses what a channel_update can't say, or what the network wouldn't take.
func (p ChannelPolicy) check(d *driver) error {
	capacity := lnwire.NewMSatFromSatoshis(d.channel().Params().Capacity)
	switch {
	case p.BaseFee > math.MaxUint32:
		return fmt.Errorf("%w: base fee of %v is over %v", ErrInvalid, d.text(p.BaseFee), d.text(math.MaxUint32))
	case p.MaxHTLC > capacity:
		return fmt.Errorf("%w: largest HTLC of %v is over the capacity of %v", ErrInvalid, d.text(p.MaxHTLC), d.text(capacity))
	case p.MinHTLC > p.MaxHTLC:
		return fmt.Errorf("%w: smallest HTLC of %v is over the largest of %v", ErrInvalid, d.text(p.MinHTLC), d.text(p.MaxHTLC))
	}
	return nil
}

// text is an amount of the channel for people.
func (d *driver) text(amount lnwire.MilliSatoshi) string {
	if d.token == nil {
		return amount.String()
	}
	return fmt.Sprintf("%d thousandths of a unit of %s", uint64(amount), d.token.Symbol)
}

func change[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// publishUpdate signs a new channel_update and tells the network, or only the peer while
// the channel isn't announced. One at a time: an older one that comes behind a newer one
// could take its place where the channel isn't known yet.
func (n *Node) publishUpdate(d *driver) {
	n.updating.Lock()
	defer n.updating.Unlock()
	update, err := n.policies.refresh(d, d.channel().State() != htlc.Open)
	if err == nil {
		err = n.gossip.publishChannelUpdate(n.ctx, d, update, n.announcer.finished(d.id) != nil)
	}
	if err != nil && n.ctx.Err() == nil && !errors.Is(err, router.ErrWaiting) {
		d.log.Error("channel_update can't be published", "err", err)
	}
}
