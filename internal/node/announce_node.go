package node

import (
	"bytes"
	"image/color"
	"net"
	"slices"

	"github.com/lightningnetwork/lnd/lnwire"
)

// publishNode tells the network who this node is. It is only heard once a channel of ours
// is announced (BOLT 7, "The node_announcement Message").
func (n *Node) publishNode() {
	msg, err := n.nodeAnnouncement()
	if err == nil {
		err = n.gossip.publish(n.ctx, msg)
	}
	if err != nil && n.ctx.Err() == nil {
		n.log.Warn("node can't be announced", "err", err)
		return
	}
	n.selfMu.Lock()
	n.selfMsg = msg
	n.selfMu.Unlock()
}

func (n *Node) nodeAnnouncement() (*lnwire.NodeAnnouncement1, error) {
	alias, err := lnwire.NewNodeAlias(n.cfg.Alias)
	if err != nil {
		return nil, err
	}
	msg := &lnwire.NodeAnnouncement1{
		Features: n.features(), Timestamp: uint32(n.now().Unix()), NodeID: n.self, Alias: alias,
		RGBColor:  color.RGBA{R: n.cfg.Color[0], G: n.cfg.Color[1], B: n.cfg.Color[2]},
		Addresses: n.addresses(),
	}
	n.selfMu.Lock()
	if last := n.selfMsg; last != nil && msg.Timestamp <= last.Timestamp {
		msg.Timestamp = last.Timestamp + 1
	}
	n.selfMu.Unlock()
	data, err := msg.DataToSign()
	if err != nil {
		return nil, err
	}
	msg.Signature, err = signGossip(n.cfg.Identity, data)
	return msg, err
}

// SetAddresses changes what others are told of where we are, now if they know us at all.
func (n *Node) SetAddresses(addrs []net.Addr) {
	n.selfMu.Lock()
	n.addrs = slices.Clone(addrs)
	known := n.selfMsg != nil
	n.selfMu.Unlock()
	if known {
		n.publishNode()
	}
}

func (n *Node) addresses() []net.Addr {
	n.selfMu.Lock()
	defer n.selfMu.Unlock()
	return n.addrs
}

// announcedNode is our node_announcement, nil before the first.
func (n *Node) announcedNode() *lnwire.NodeAnnouncement1 {
	n.selfMu.Lock()
	defer n.selfMu.Unlock()
	return n.selfMsg
}

// defaultAlias is the beginning of the node's key, as lnd has it.
func defaultAlias(key []byte) string {
	var b bytes.Buffer
	const hexDigits = "0123456789abcdef"
	for _, c := range key[:min(10, len(key))] {
		b.WriteByte(hexDigits[c>>4])
		b.WriteByte(hexDigits[c&15])
	}
	return b.String()
}
