package htlc

import (
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
)

// fold is the commitment of a holder, seen through a view: the settled balances and
// every HTLC's effect on them. An error means that the updates spend more than a side
// has.
func (c *Channel) fold(holder Side, v *view, number uint64, point *btcec.PublicKey) (
	*Commitment, error) {

	com := &Commitment{
		Holder:  holder,
		Number:  number,
		Point:   point,
		FeeRate: c.fees.rate(v),
		HTLCs:   make([]*HTLC, 0, len(c.htlcs[Local])+len(c.htlcs[Remote])),
	}
	var gain, loss [2]MilliSat
	for side, list := range c.htlcs {
		for i := range list {
			e := &list[i]
			switch v[e.state] {
			case inside:
				loss[side] += e.Amount
				com.HTLCs = append(com.HTLCs, e.HTLC)
			case removed:
				if e.fulfilled() {
					loss[side] += e.Amount
					gain[1-side] += e.Amount
				}
			}
		}
	}
	com.Deposited, com.Withdrawn = c.totalsOf(deposit, v), c.totalsOf(withdrawal, v)
	for side := range com.Balance {
		gain[side] += msat(com.Deposited[side] - c.gross[side][deposit])
		loss[side] += msat(com.Withdrawn[side] - c.gross[side][withdrawal])
		have := c.balance[side] + gain[side]
		if have < loss[side] {
			return nil, fmt.Errorf("htlc: %v commitment %d spends more than %v has: "+
				"has %d msat, spends %d", holder, number, Side(side), have, loss[side])
		}
		com.Balance[side] = have - loss[side]
	}
	return com, nil
}

// nextLocal is our commitment as the peer's next commitment_signed must sign it.
func (c *Channel) nextLocal() (*Commitment, error) {
	n := c.localNumber + 1
	return c.fold(Local, &coming[Local], n, c.signer.Point(n))
}

// nextRemote is the peer's commitment as our next commitment_signed signs it.
func (c *Channel) nextRemote() (*Commitment, error) {
	return c.fold(Remote, &coming[Remote], c.remoteNumber+1, c.remoteNext)
}

// unackedRemote is the peer's commitment that we signed and it did not acknowledge.
func (c *Channel) unackedRemote() (*Commitment, error) {
	return c.fold(Remote, &latest[Remote], c.remoteNumber+1, c.remoteNext)
}
