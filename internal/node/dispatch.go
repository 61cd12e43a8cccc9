package node

import (
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/peer"
	"github.com/nichework/nwnd/router"
)

// dispatch carries out what a durable batch of one channel asks of the rest of the node.
// It runs on the channel's goroutine.
func (n *Node) dispatch(d *driver, eff htlc.Effects) {
	for _, raw := range eff.Broadcast {
		if d.token != nil {
			break // its court posts the close that both signed
		}
		tx, err := readTx(raw)
		if err != nil {
			d.log.Error("channel made a transaction that can't be read", "err", err)
			continue
		}
		n.broadcast(d, tx)
	}
	for _, r := range eff.Results {
		n.count(d, r)
		if d.token != nil {
			n.movedMoney(d, r)
		}
		if s, ok := r.(htlc.StateChanged); ok {
			n.stateChanged(d, s)
		}
	}
	n.sw.Handle(d, eff.Results)
	n.observe(d)
	if s := d.channel().State(); s >= htlc.Halted || d.token != nil && s == htlc.Closing {
		n.poke(d)
	}
}

// stateChanged follows a channel's lifecycle.
func (n *Node) stateChanged(d *driver, s htlc.StateChanged) {
	d.log.Info("channel is "+s.To.String(), "was", s.From.String(), "why", s.Why)
	switch s.To {
	case htlc.Open:
		n.opened(d)
	case htlc.ShuttingDown, htlc.Negotiating, htlc.Closing, htlc.Halted:
		n.ending(d)
		if d.token == nil && unfunded(d.channel()) {
			n.giveUpFunding(d)
		}
	case htlc.Closed:
		n.closed(d)
	}
	d.changes.notify()
	n.backups.changed()
}

// opened makes a channel usable: known by its position, in our own graph, its update told
// to the peer.
func (n *Node) opened(d *driver) {
	c := d.channel()
	n.sw.index(c.SCID(), d)
	id := router.ChanID{Chain: d.chain(n.chainHash()), SCID: c.SCID()}
	err := n.gossip.gate.AddPrivate(id, n.self, c.Params().Peer, lnwire.NewMSatFromSatoshis(c.Params().Capacity), n.now())
	if err != nil {
		d.log.Debug("channel is in the graph already", "err", err)
	}
	n.announce(d)
	n.events.opened(n, d)
}

// moved makes a channel usable at its new position after a reorganisation. The old one still
// finds it, for onions on their way.
func (n *Node) moved(d *driver, from lnwire.ShortChannelID) {
	d.log.Warn("channel has another short_channel_id after a reorganisation", "was", from, "is", d.channel().SCID())
	n.announcer.restart(d.id)
	n.graph.RemoveChannel(router.ChanID{Chain: d.chain(n.chainHash()), SCID: from})
	if d.channel().State() == htlc.Open {
		n.opened(d)
	}
}

// ending tells the network that a channel takes no more HTLCs.
func (n *Node) ending(d *driver) {
	if n.policies.Update(d) != nil {
		n.publishUpdate(d)
	}
}

// closed tells that a channel's end is final. Its data stays until no reorganisation can undo
// that. It runs on the channel's goroutine.
func (n *Node) closed(d *driver) {
	if seen := d.closing.Load(); seen != nil && d.token == nil {
		n.events.ended(n.summary(d, seen))
	}
	n.leave(d)
	d.log.Info("channel is closed", "spend", chainhash.Hash(d.channel().Spent().TxID))
}

// leave takes a channel that is no more out of all that others see.
func (n *Node) leave(d *driver) {
	c := d.channel()
	n.graph.RemoveChannel(router.ChanID{Chain: d.chain(n.chainHash()), SCID: c.SCID()})
	n.announcer.forget(d.id)
	id := peer.ID(c.Params().Peer)
	if len(n.channelsWith(id)) == 0 {
		n.peers.SetKnown(id, false)
	}
}

// drop forgets a channel and ends its goroutines. It runs on the channel's goroutine, since
// a fact written behind the end of its log would keep the node from starting again.
func (n *Node) drop(d *driver) {
	d.gone = true
	if err := n.forgetChannel(d); err != nil {
		n.fail(err)
		return
	}
	n.sw.remove(d)
	n.leave(d)
	n.policies.forget(d)
	n.totals.forget(d.id)
	n.giveUpFunding(d)
	if b := d.bench.Load(); b != nil {
		b.court.Forget(d.id)
	} else {
		n.court.Forget(d.id)
	}
	d.log.Info("channel is forgotten")
	d.stop()
}

// count adds what settled to a channel's totals.
func (n *Node) count(d *driver, r htlc.Result) {
	switch r := r.(type) {
	case htlc.Fulfilled:
		n.totals.add(d.id, r.HTLC.Amount)
	}
}

func (n *Node) fundingScript(p *htlc.Params) ([]byte, error) { return bolt3.FundingScript(p) }

// heightHint is a height below which the funding transaction can't be.
func (n *Node) heightHint(d *driver) int32 {
	if scid := d.channel().SCID(); scid != (lnwire.ShortChannelID{}) {
		return int32(scid.BlockHeight)
	}
	return int32(d.hint)
}

// announce tells the peer our half of the announcement, or the network all of it, once a
// channel is both deep enough and open. It runs on the channel's goroutine.
func (n *Node) announce(d *driver) {
	if d.channel().State() != htlc.Open {
		return
	}
	msg, err := n.announcer.greeting(n.ctx, d)
	if err != nil {
		d.log.Error("channel can't be announced", "err", err)
		return
	}
	if msg != nil {
		d.speak([]lnwire.Message{msg})
	}
	n.publishUpdate(d)
}

// ownGossip is what a peer is told on connecting: this node's announced channels, those in tokens only if
// the peer has such.
func (n *Node) ownGossip(to *peer.Peer) []lnwire.Message {
	var all []lnwire.Message
	for _, d := range n.sw.live() {
		ann := n.announcer.finished(d.id)
		if ann == nil || d.token != nil && !speaksTokens(to) {
			continue
		}
		all = append(all, ann)
		if u := n.policies.Update(d); u != nil {
			all = append(all, u)
		}
	}
	if m := n.announcedNode(); m != nil && len(all) > 0 {
		all = append(all, m)
	}
	return all
}
