package node

import (
	"fmt"
	"sync"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
)

// bucketTotals has what each channel sent, in millisatoshi. It is written at every block and
// when the node stops, so a crash may lose a block's worth: it is a figure for people.
const bucketTotals = "totals"

// totals count what each channel sent. What it received follows from that and its balance.
type totals struct {
	mu   sync.Mutex
	sent map[lnwire.ChannelID]lnwire.MilliSatoshi
	late map[lnwire.ChannelID]bool // not written yet
}

func newTotals() *totals {
	return &totals{sent: make(map[lnwire.ChannelID]lnwire.MilliSatoshi), late: make(map[lnwire.ChannelID]bool)}
}

// load reads what a channel sent before the node started.
func (t *totals) load(db reader, id lnwire.ChannelID) error {
	raw, err := db.Get(bucketTotals, id[:])
	if err != nil || raw == nil {
		return err
	}
	r := openRecord(raw, 1)
	sent := lnwire.MilliSatoshi(r.u64())
	if err := r.done(); err != nil {
		return fmt.Errorf("node: totals of channel %v: %w", id, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sent[id] = sent
	return nil
}

func (t *totals) add(id lnwire.ChannelID, sent lnwire.MilliSatoshi) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sent[id] += sent
	t.late[id] = true
}

func (t *totals) forget(id lnwire.ChannelID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.sent, id)
	delete(t.late, id)
}

// of is what a channel sent and received since it was opened. An HTLC of ours counts once its
// preimage is known, one of the peer's once it is in our balance.
func (t *totals) of(c *htlc.Channel) (sent, received lnwire.MilliSatoshi) {
	t.mu.Lock()
	sent = t.sent[c.ID()]
	t.mu.Unlock()
	has := int64(c.Balance(htlc.Local) + unanswered(c))
	p := c.Params()
	had := int64(p.Pushed)
	if p.Opener == htlc.Local {
		had = int64(lnwire.NewMSatFromSatoshis(p.Capacity)) - int64(p.Pushed)
	}
	gained := has - had
	if gained+int64(sent) < 0 {
		sent = lnwire.MilliSatoshi(-gained) // a crash forgot some of it
	}
	return sent, lnwire.MilliSatoshi(gained + int64(sent))
}

// unanswered is what our HTLCs take out of our balance that aren't paid for yet.
func unanswered(c *htlc.Channel) (sum lnwire.MilliSatoshi) {
	com, _, err := c.LocalCommitment()
	if err != nil {
		return 0 // a stale channel has no commitment to show
	}
	paid := make(map[uint64]bool)
	for _, h := range c.HTLCs() {
		if h.Offerer == htlc.Local && h.Fulfilled {
			paid[h.ID] = true
		}
	}
	for _, h := range com.HTLCs {
		if h.Offerer == htlc.Local && !paid[h.ID] {
			sum += h.Amount
		}
	}
	return sum
}

// rows are what isn't written yet.
func (t *totals) rows() (rows []channeldb.KV) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id := range t.late {
		rows = append(rows, put(bucketTotals, id[:], newRecord(1).u64(uint64(t.sent[id])).b))
	}
	clear(t.late)
	return rows
}

// maxTotals is how many rows of totals one append writes.
const maxTotals = 1000

// writeTotals writes what changed.
func (n *Node) writeTotals() {
	rows := n.totals.rows()
	for len(rows) > 0 {
		k := min(len(rows), maxTotals)
		if err := n.db.Append(channeldb.Batch{Puts: rows[:k]}); err != nil {
			n.fail(err)
			return
		}
		rows = rows[k:]
	}
}
