package node

import (
	"fmt"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/enforce"
	"github.com/nichework/nwnd/internal/enforce/records"
)

// onChain is one channel as the court needs it.
type onChain struct {
	n *Node
	d *driver
}

var _ enforce.Channel = onChain{}

func (o onChain) ID() lnwire.ChannelID { return o.d.id }
func (o onChain) View() *htlc.Channel  { return o.d.channel() }
func (o onChain) Hint() int32          { return o.n.heightHint(o.d) }

// Signer is that of the channel's keys.
func (o onChain) Signer() (enforce.Signer, error) {
	s, err := o.n.signer(o.d.channel().Params())
	if err != nil {
		return nil, err
	}
	both, ok := s.(enforce.Signer)
	if !ok {
		return nil, fmt.Errorf("node: the signer of channel %v can't sign claims on chain", o.d.id)
	}
	return both, nil
}

// Records are read from the store.
func (o onChain) Records(number uint64) ([]bitcoin.Record, error) {
	return records.Of(o.n.db, o.d.channel(), number)
}

// Upstream is the expiry of the incoming HTLC, if it came by a channel that is still there.
func (o onChain) Upstream(id uint64) (expiry uint32, ok bool) {
	for _, h := range o.d.channel().HTLCs() {
		if h.Offerer != htlc.Local || h.ID != id || h.Ref.Own() {
			continue
		}
		in := o.n.sw.channelByID(h.Ref.Chan)
		if in == nil {
			return 0, false
		}
		for _, u := range in.channel().HTLCs() {
			if u.Offerer == htlc.Remote && u.ID == h.Ref.ID {
				return u.Expiry, !u.Removed
			}
		}
	}
	return 0, false
}

func (o onChain) Halt(reason string) { o.d.post(job{in: htlc.Halt{Reason: reason}, after: o.poke}) }

// poke is of use when the channel had stopped already.
func (o onChain) poke() { o.n.court.Poke(o.d.id) }

func (o onChain) Learned(id uint64, p htlc.Preimage) {
	o.d.post(job{in: htlc.Learned{ID: id, Preimage: p}})
}

func (o onChain) TimedOut(id uint64) { o.d.post(job{in: htlc.TimedOut{ID: id}}) }

// Ended makes the end durable; the channel is shown as closed from then on.
func (o onChain) Ended(e enforce.End) {
	seen := &closing{tx: e.Tx, height: e.Height, end: e}
	o.d.closing.Store(seen)
	o.d.post(job{after: func() { // what is told of it is as of then
		v := o.n.summary(o.d, seen)
		in := htlc.FundingSpent{TxID: e.Tx.TxHash(), Cooperative: e.Ending == adjudicator.Cooperative}
		o.d.post(job{in: in, puts: []channeldb.KV{closedPut(&v)}})
	}})
}

// Bury forgets the channel, unless what became of an HTLC still has to be used elsewhere.
func (o onChain) Bury() {
	o.d.post(job{after: func() {
		for _, h := range o.d.channel().HTLCs() {
			if h.Offerer == htlc.Local && !h.Forgotten {
				o.d.log.Warn("the channel is settled, but an outgoing HTLC's outcome isn't used; it is kept",
					"htlc", h.ID)
				return
			}
		}
		o.n.drop(o.d)
	}})
}

var alarmKinds = map[enforce.Alarm]AlertKind{
	enforce.AlarmDeadline: AlertDeadline, enforce.AlarmBreach: AlertBreach,
	enforce.AlarmUnknown: AlertUnknown, enforce.AlarmStale: AlertStaleData,
}

// Changed wakes those who follow the channel's end.
func (o onChain) Changed() { o.d.changes.notify() }

func (o onChain) Raise(a enforce.Alarm, text string) {
	o.n.alerts.raise(alarmKinds[a], o.d.channel().Params().Outpoint, text)
}

func (o onChain) Clear(a enforce.Alarm) {
	o.n.alerts.clear(alarmKinds[a], o.d.channel().Params().Outpoint)
}

// forceClose describes a channel that is on chain or must get there.
func (n *Node) forceClose(d *driver) ForceClose {
	c := d.channel()
	v := ForceClose{
		PendingChannel: pendingOf(d), Commitments: commitments(c), Reason: c.Halted(), Stale: c.Stale(),
	}
	r := n.court.Report(d.id)
	if r == nil {
		v.Limbo = v.LocalBalance
		return v
	}
	v.Ending, v.Height, v.Matures = r.Ending, uint32(r.Height), uint32(r.Matures)
	v.Limbo, v.Recovered = r.Limbo, r.Recovered
	if r.Tx != nil {
		v.Tx, v.Txid = r.Tx, r.Tx.TxHash()
	}
	if r.Height == 0 {
		v.Limbo = v.LocalBalance
	}
	for i := range r.Coins {
		v.Coins = append(v.Coins, chainCoin(&r.Coins[i]))
	}
	return v
}

var coinStates = map[enforce.CoinState]CoinState{
	enforce.CoinWaits: CoinWaits, enforce.CoinSweeping: CoinSweeping, enforce.CoinTaken: CoinTaken,
	enforce.CoinLost: CoinLost, enforce.CoinWorthless: CoinAbandoned,
}

func chainCoin(c *enforce.Coin) ChainCoin {
	v := ChainCoin{
		Outpoint: c.Out, Amount: c.Amount, What: c.Path.String(), Next: c.Next, State: coinStates[c.State],
		HTLC: c.HasHTLC, Path: c.Path, Unknown: c.Unknown, Stage: 1, Matures: uint32(c.Matures), Deadline: uint32(c.Deadline),
		Spend: c.Spend, SpentAt: uint32(c.SpentAt),
	}
	if c.Path == bitcoin.StageOutput || c.Path == bitcoin.RevokedStage {
		v.Stage = 2
	}
	if c.HasHTLC {
		v.Incoming, v.HTLCID, v.Expiry = c.HTLC.Offerer == htlc.Remote, c.HTLC.ID, c.HTLC.Expiry
	}
	return v
}

// published is what spends the channel's funding output, or is to, and the height of its
// block: zero for none.
func (n *Node) published(d *driver) (txid chainhash.Hash, height uint32) {
	r := n.court.Report(d.id)
	if r == nil || r.Tx == nil {
		return txid, 0
	}
	return r.Tx.TxHash(), uint32(r.Height)
}
