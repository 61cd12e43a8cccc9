package node

import (
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/peer"
)

// peerHandler takes what peers do to where it belongs. Its calls come one at a time for
// one peer, in order, and hold up that peer alone.
type peerHandler struct{ n *Node }

// PeerUp tells every channel with this peer that it is there.
func (h peerHandler) PeerUp(p *peer.Peer) {
	n := h.n
	n.events.peers.up(p.ID(), n.now())
	n.gossip.up(n.ctx, &n.wg, p)
	for _, d := range n.channelsWith(p.ID()) {
		d.inbox.receive(job{in: htlc.Connected{}, peer: p})
		n.greet(d, p)
	}
}

// PeerDown tells them that it is gone.
func (h peerHandler) PeerDown(p *peer.Peer, reason error) {
	n := h.n
	n.log.Info("peer disconnected", "peer", p.ID(), "reason", reason)
	n.gossip.down(p)
	n.openings.peerDown(p)
	with := n.channelsWith(p.ID())
	n.events.peers.down(p.ID(), n.now(), len(with) > 0)
	for _, d := range with {
		d.inbox.receive(job{in: htlc.Disconnected{Reason: fmt.Sprint(reason)}})
	}
}

// PeerMessage hands a message to its channel, to opening or to gossip.
func (h peerHandler) PeerMessage(p *peer.Peer, msg lnwire.Message) {
	n := h.n
	if isGossip(msg) {
		n.gossip.receive(n.ctx, p, msg)
		return
	}
	switch m := msg.(type) {
	case *lnwire.OpenChannel, *lnwire.AcceptChannel, *lnwire.FundingCreated, *lnwire.FundingSigned:
		n.openings.receive(p, m)
		return
	case *lnwire.AnnounceSignatures1:
		n.announceSignatures(p, m)
		return
	case *lnwire.Warning:
		n.log.Warn("peer warns", "peer", p.ID(), "channel", m.ChanID, "text", printable(m.Data))
		n.complained(p, m.ChanID, printable(m.Data))
		return
	case *lnwire.Error:
		n.peerError(p, m)
		return
	case *lnwire.Custom:
		if n.receivePrice(p, m) {
			return
		}
		if id, ok := htlc.CustomChannel(m); ok {
			if d := n.channelWith(p.ID(), id); d != nil && d.token != nil && d.channel().State() != htlc.Closed {
				d.inbox.receive(job{in: htlc.Recv{Msg: m}})
			}
			return
		}
	}
	id, ok := channelOf(msg)
	if !ok {
		n.log.Debug("message not understood", "peer", p.ID(), "type", msg.MsgType())
		if msg.MsgType()%2 == 0 { // BOLT 1: it's ok to be odd
			p.Disconnect(fmt.Errorf("node: %v is not supported", msg.MsgType()))
		}
		return
	}
	d := n.channelWith(p.ID(), id)
	if d == nil || d.channel().State() == htlc.Closed {
		n.unknownChannel(p, id, msg)
		return
	}
	d.inbox.receive(job{in: htlc.Recv{Msg: msg}})
}

// unknownChannel answers for a channel that isn't there: one that was closed and
// forgotten, or never was.
func (n *Node) unknownChannel(p *peer.Peer, id lnwire.ChannelID, msg lnwire.Message) {
	n.log.Info("message for an unknown channel", "peer", p.ID(), "channel", id, "type", msg.MsgType())
	if _, ok := msg.(*lnwire.ChannelReestablish); ok {
		_ = p.Send(&lnwire.Error{ChanID: id, Data: lnwire.ErrorData("unknown channel " + id.String())})
	}
}

// peerError passes an error on to the channels it is about; all zero is about all.
func (n *Node) peerError(p *peer.Peer, m *lnwire.Error) {
	n.log.Error("peer sent an error", "peer", p.ID(), "channel", m.ChanID, "text", printable(m.Data))
	n.complained(p, m.ChanID, printable(m.Data))
	if n.openings.peerError(p, m) {
		return
	}
	if m.ChanID != (lnwire.ChannelID{}) {
		if d := n.channelWith(p.ID(), m.ChanID); d != nil {
			d.inbox.receive(job{in: htlc.Recv{Msg: m}})
		}
		return
	}
	for _, d := range n.channelsWith(p.ID()) {
		d.inbox.receive(job{in: htlc.Recv{Msg: m}})
	}
}

// channelOf is the channel that a BOLT 2 message is about.
func channelOf(msg lnwire.Message) (lnwire.ChannelID, bool) {
	switch m := msg.(type) {
	case lnwire.LinkUpdater:
		return m.TargetChanID(), true
	case *lnwire.ChannelReady:
		return m.ChanID, true
	case *lnwire.ChannelReestablish:
		return m.ChanID, true
	case *lnwire.Shutdown:
		return m.ChannelID, true
	case *lnwire.ClosingSigned:
		return m.ChannelID, true
	}
	return lnwire.ChannelID{}, false
}

func (n *Node) channelsWith(id peer.ID) []*driver {
	var with []*driver
	for _, d := range n.sw.live() {
		if d.channel().Params().Peer == [33]byte(id) {
			with = append(with, d)
		}
	}
	return with
}

// channelWith finds a channel by id, if it is this peer's: no peer may speak for another's.
func (n *Node) channelWith(id peer.ID, ch lnwire.ChannelID) *driver {
	d := n.sw.channelByID(ch)
	if d == nil || d.channel().Params().Peer != [33]byte(id) {
		return nil
	}
	return d
}

// greet sends what belongs to a channel beside BOLT 2: our announcement_signatures and
// our channel_update.
func (n *Node) greet(d *driver, p *peer.Peer) {
	n.announcer.reconnected(d.id)
	msg, err := n.announcer.greeting(n.ctx, d)
	if err != nil {
		n.log.Error("channel can't be announced", "channel", d.id, "err", err)
	}
	if msg != nil {
		_ = p.Send(msg)
	}
	if update := n.policies.Update(d); update != nil {
		p.SendGossip(update)
	}
}

func (n *Node) announceSignatures(p *peer.Peer, m *lnwire.AnnounceSignatures1) {
	d := n.channelWith(p.ID(), m.ChannelID)
	if d == nil {
		n.log.Info("announcement_signatures refused", "peer", p.ID(), "err", errNotOurs)
		return
	}
	answer, err := n.announcer.receive(n.ctx, d, m)
	if err != nil {
		n.log.Warn("announcement_signatures refused", "peer", p.ID(), "channel", d.id, "err", err)
		return
	}
	if answer != nil {
		_ = p.Send(answer)
	}
	if d.channel().State() == htlc.Open { // else it is told when it opens
		n.publishUpdate(d)
	}
}

// printable keeps what a peer says from playing tricks on a log or a terminal.
func printable(data []byte) string {
	const most = 256
	if len(data) > most {
		data = data[:most]
	}
	out := make([]byte, len(data))
	for i, c := range data {
		if c < 0x20 || c > 0x7e {
			c = '?'
		}
		out[i] = c
	}
	return string(out)
}
