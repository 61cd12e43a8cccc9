package node

import (
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
)

// fundingPatience is how many blocks the one who accepted a channel waits for its funding
// transaction (BOLT 2, "Channel Establishment": 2016).
const fundingPatience = 2016

// feeTolerance is by how many percent a commitment's fee rate may be off before the opener
// proposes another.
const feeTolerance = 20

// followBlocks does what every block calls for.
func (n *Node) followBlocks() {
	first := true
	for tip := range n.chain.Blocks(n.ctx) {
		height := uint32(max(tip.Height, 0))
		n.checkChain()
		n.payer.block()
		if !first { // what expired while we were away has a block's time to be settled with its peer
			n.checkExpiries(height)
		}
		first = false
		n.sw.decide(n.sw.waiting.late(n.sw.times))
		n.invoices.block(n.ctx)
		n.pursueFundings(height)
		n.rebroadcastCloses()
		n.updateFees()
		n.gossip.block(n.ctx)
		n.expireReplays(height)
		n.writeTotals()
		n.backups.changed() // a position or an address may be new
	}
	n.writeTotals()
}

// expireReplays drops all marks that a block made needless, some at a time.
func (n *Node) expireReplays(height uint32) {
	time := n.tokens.leastClock()
	for rows := n.sw.replays.expire(height, time); len(rows) > 0; rows = n.sw.replays.expire(height, time) {
		if err := n.db.Append(channeldb.Batch{Puts: rows}); err != nil {
			n.fail(err)
			return
		}
	}
}

// unfunded reports whether a channel's funding output was never found on chain. It may be
// halted or closing all the same, since its peer can say so at any time.
func unfunded(c *htlc.Channel) bool {
	return c.SCID() == (lnwire.ShortChannelID{}) && c.State() != htlc.Closed
}

// pursueFundings publishes our funding transactions again until they confirm, and forgets
// channels whose opener never published his.
func (n *Node) pursueFundings(height uint32) {
	for _, d := range n.sw.channels() {
		c := d.channel()
		if !unfunded(c) {
			continue
		}
		switch p := c.Params(); {
		case p.Opener == htlc.Local && len(p.FundingTx) > 0 && c.State() == htlc.Funding:
			tx, err := readTx(p.FundingTx)
			if err == nil {
				err = n.wallet.Publish(n.ctx, tx, "channel funding")
			}
			if err != nil && n.ctx.Err() == nil {
				d.log.Warn("funding transaction was not taken; it is tried again at every block", "err", err)
			}
		case p.Opener == htlc.Remote && !c.Restored() && height > d.hint+fundingPatience:
			waited := height - d.hint
			d.post(job{after: func() { // on the driver's goroutine: nothing may be written behind its end
				if unfunded(d.channel()) && d.channel().Params().Opener == htlc.Remote {
					d.log.Info("channel was never funded; forgetting it", "waited_blocks", waited)
					n.drop(d)
				}
			}})
		}
	}
}

// reserveFunding keeps the coins of a funding transaction of ours for it until it confirms: the wallet
// doesn't know it before it was published, and no more when the network refused it since, as a too
// cheap one while there is much to do. It is published at every block all the same. It is false for
// a channel that needs no coins (anymore).
func (n *Node) reserveFunding(d *driver) bool {
	d.coins.Lock() // against giveUpFunding, which comes after the channel's new state
	defer d.coins.Unlock()
	c := d.channel()
	p := c.Params()
	if !unfunded(c) || p.Opener != htlc.Local || len(p.FundingTx) == 0 || c.State() != htlc.Funding {
		return false
	}
	tx, err := readTx(p.FundingTx)
	if err != nil {
		d.log.Error("the coins of the funding transaction can't be reserved", "err", err)
		return true
	}
	d.release = n.wallet.Reserve(tx) // once it has confirmed, the wallet has them as spent
	return true
}

// giveUpFunding frees the coins of a funding transaction that is published no more.
func (n *Node) giveUpFunding(d *driver) {
	d.coins.Lock()
	defer d.coins.Unlock()
	if d.release != nil {
		d.release()
		d.release = nil
	}
}

// updateFees proposes a new commitment fee rate where ours is off (BOLT 2, update_fee).
func (n *Node) updateFees() {
	var rate htlc.FeeRate
	for _, d := range n.sw.channels() {
		c := d.channel()
		if c.Params().Opener != htlc.Local || c.State() != htlc.Open || !c.Connected() {
			continue
		}
		if rate == 0 {
			var err error
			if rate, err = n.openings.commitFee(n.ctx); err != nil {
				return
			}
		}
		if off(c.FeeRate(), rate) {
			d.post(job{in: htlc.SetFee{Rate: rate}})
		}
	}
}

func off(have, want htlc.FeeRate) bool {
	diff := max(have, want) - min(have, want)
	return diff*100 > have*feeTolerance
}
