package node

import (
	"time"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
)

const (
	// disableAfter is how long a peer may be away before its channel is announced as disabled
	// (lnd: chan-disable-timeout).
	disableAfter = 20 * time.Minute
	// refreshAfter is when our own announcements are told anew: others may forget a channel
	// that was not heard of for two weeks (BOLT 7, "Pruning on Stale Entries").
	refreshAfter = 7 * 24 * time.Hour
	// upkeepEvery is how often both are looked after.
	upkeepEvery = time.Minute
)

// upkeep keeps what the network knows of this node's channels true. One goroutine runs it.
type upkeep struct {
	n    *Node
	last time.Time
	away map[lnwire.ChannelID]time.Time // since when
}

// tick does what is due at now.
func (u *upkeep) tick(now time.Time) {
	if now.Sub(u.last) < upkeepEvery && !now.Before(u.last) {
		return
	}
	u.last = now
	away := make(map[lnwire.ChannelID]time.Time)
	for _, d := range u.n.sw.live() {
		c := d.channel()
		if c.State() != htlc.Open {
			continue
		}
		if !c.Connected() {
			since, ok := u.away[d.id]
			if !ok {
				since = now
			}
			away[d.id] = since
		}
		u.channel(d, c.Connected(), away[d.id], now)
	}
	u.away = away
	if m := u.n.announcedNode(); m != nil && old(m.Timestamp, now) {
		u.n.publishNode()
	}
}

// channel tells the network what changed about one channel, or that nothing did.
func (u *upkeep) channel(d *driver, here bool, since, now time.Time) {
	u.n.updating.Lock()
	defer u.n.updating.Unlock()
	last := u.n.policies.Update(d)
	if last == nil || d.channel().State() != htlc.Open { // who ended it says so, before or after us
		return
	}
	disabled, public := last.ChannelFlags.IsDisabled(), u.n.announcer.finished(d.id) != nil
	switch {
	case public && !here && !disabled && now.Sub(since) >= disableAfter:
		disabled = true
	case here && disabled:
		disabled = false
	case !old(last.Timestamp, now):
		return
	}
	update, err := u.n.policies.refresh(d, disabled)
	if err == nil {
		err = u.n.gossip.publishChannelUpdate(u.n.ctx, d, update, public)
	}
	if err != nil && u.n.ctx.Err() == nil {
		d.log.Warn("channel_update can't be published", "err", err)
		return
	}
	d.log.Info("channel is announced anew", "disabled", disabled)
}

func old(stamp uint32, now time.Time) bool {
	return now.Sub(time.Unix(int64(stamp), 0)) >= refreshAfter
}
