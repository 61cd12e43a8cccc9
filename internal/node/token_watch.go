package node

import (
	"math/big"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/enforce/contract"
)

// inContract is one channel as its contract's court needs it.
type inContract struct {
	n     *Node
	d     *driver
	terms evm.Params
}

var _ contract.Channel = inContract{}

// watchToken starts following a token channel; it ends with the node or the channel.
func (n *Node) watchToken(d *driver) error {
	b, err := n.bench(d.token)
	if err != nil {
		return err
	}
	p, err := d.token.Asset.Format().Channel(d.channel().Params())
	if err != nil {
		return err
	}
	d.bench.Store(b)
	raw, err := n.db.Get(bucketDeposits, d.id[:])
	if err != nil {
		return err
	}
	d.coins.Lock()
	d.target = max(d.target, beUint64(raw)) // others know the channel already
	d.coins.Unlock()
	b.court.Watch(inContract{n, d, evm.Params{
		A: p.A, B: p.B, PayA: p.PayA, PayB: p.PayB, Token: p.Token, Delay: p.Delay, Nonce: p.Nonce,
	}})
	return nil
}

func (o inContract) ID() lnwire.ChannelID         { return o.d.id }
func (o inContract) View() *htlc.Channel          { return o.d.channel() }
func (o inContract) Asset() evm.Asset             { return o.d.token.Asset.Asset }
func (o inContract) Terms() evm.Params            { return o.terms }
func (o inContract) Since() uint64                { return uint64(o.d.hint) }
func (o inContract) Signer() (htlc.Signer, error) { return o.n.signer(o.d.channel().Params()) }

// Halt has the channel stop, and looked at again when it has: it may have stopped before.
func (o inContract) Halt(reason string) {
	o.d.post(job{in: htlc.Halt{Reason: reason}, after: func() { o.n.poke(o.d) }})
}

func (o inContract) Learned(id uint64, p htlc.Preimage) {
	o.d.post(job{in: htlc.Learned{ID: id, Preimage: p}})
}

func (o inContract) TimedOut(id uint64) { o.d.post(job{in: htlc.TimedOut{ID: id}}) }

// Funded lets a new channel open when all of its first deposit is final, and both sides account for what
// was deposited since.
func (o inContract) Funded(f contract.Funds) {
	o.d.onChain.Store(&f)
	c := o.d.channel()
	if p := c.Params(); c.SCID() == (lnwire.ShortChannelID{}) && f.Deposits[0].ToBig().Cmp(o.d.token.base(uint64(p.Capacity))) >= 0 {
		scid := tokenSCID(o.d.token.ID, o.d.id)
		if other := o.n.sw.channelBySCID(scid); other != nil && other != o.d {
			o.Halt("its short_channel_id " + scid.String() + " is another channel's")
			return
		}
		o.d.post(job{in: htlc.FundingConfirmed{SCID: scid}, after: func() {
			o.n.announcer.deep(o.d.id)
			o.n.announce(o.d)
		}})
	} else if c.SCID() != (lnwire.ShortChannelID{}) {
		o.d.post(job{after: func() {
			o.n.announcer.deep(o.d.id)
			o.n.announce(o.d)
		}})
	}
	o.n.depositsFinal(o.d, f)
}

// Ended makes the end durable; the channel is shown as closed from then on.
func (o inContract) Ended(e contract.End) {
	o.d.ended.Store(&e)
	o.d.post(job{after: func() {
		v := o.n.summary(o.d, nil)
		v.Kind, v.Height = ClosedByPeer, uint32(e.Block)
		switch e.Ending {
		case adjudicator.Cooperative:
			v.Kind = ClosedCooperatively
		case adjudicator.Local, adjudicator.LocalOther:
			v.Kind = ClosedByUs
		case adjudicator.Revoked:
			v.Kind = ClosedByBreach
		}
		copy(v.Txid[:], e.Tx[:])
		v.Settled = o.d.token.wholeUnits(e.Recovered.ToBig())
		in := htlc.FundingSpent{TxID: v.Txid, Cooperative: e.Ending == adjudicator.Cooperative}
		o.d.post(job{in: in, puts: tokenSpace.rows([]channeldb.KV{closedPut(&v)})})
	}})
}

// Bury forgets the channel, unless what became of an HTLC still has to be used elsewhere.
func (o inContract) Bury() { onChain{o.n, o.d}.Bury() }

// Changed wakes those who follow the channel's end.
func (o inContract) Changed() { o.d.changes.notify() }

var contractAlarms = map[contract.Alarm]AlertKind{
	contract.AlarmDeadline: AlertDeadline, contract.AlarmBreach: AlertBreach, contract.AlarmUnknown: AlertUnknown,
	contract.AlarmStale: AlertStaleData, contract.AlarmOwed: AlertOwed,
}

func (o inContract) Raise(a contract.Alarm, text string) {
	o.n.alerts.raise(contractAlarms[a], o.d.channel().Params().Outpoint, text)
}

func (o inContract) Clear(a contract.Alarm) {
	o.n.alerts.clear(contractAlarms[a], o.d.channel().Params().Outpoint)
}

// wholeUnits is an amount of base units in units, rounded down.
func (t *token) wholeUnits(base *big.Int) htlc.Sat {
	v := new(big.Int).Div(base, t.scale())
	if !v.IsInt64() {
		return htlc.MaxCapacity
	}
	return htlc.Sat(v.Int64())
}

// located is what stands for a token channel's funding output: its id on chain, output 0.
func located(id [32]byte) wire.OutPoint { return wire.OutPoint{Hash: id} }
