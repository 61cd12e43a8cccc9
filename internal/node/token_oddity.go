package node

import (
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/channeldb"
)

// bucketUnusual: asset id -> what is unusual about its token. Others have no row.
const bucketUnusual = "assets/unusual"

// oddity is what is known of a token that isn't as others are.
type oddity struct {
	allowed bool   // the operator takes it as it is
	seen    string // of a deposit, for people; "": nothing
}

const oddityVersion = 1

func (o oddity) encode() []byte {
	return newRecord(oddityVersion).flag(o.allowed).bytes([]byte(o.seen)).b
}

func decodeOddity(b []byte) (o oddity, err error) {
	r := openRecord(b, oddityVersion)
	o.allowed, o.seen = r.flag(), string(r.bytes())
	if err := r.done(); err != nil {
		return oddity{}, fmt.Errorf("unusual asset: %w", err)
	}
	return o, nil
}

func (o oddity) row(id AssetID) channeldb.KV { return put(bucketUnusual, id[:], o.encode()) }

// loadOddities reads what is unusual about assets.
func loadOddities(db reader) (map[AssetID]oddity, error) {
	all := make(map[AssetID]oddity)
	var bad error
	err := db.Scan(bucketUnusual, nil, false, func(k, v []byte) bool {
		o, err := decodeOddity(v)
		if len(k) != len(AssetID{}) {
			err = errors.Join(err, fmt.Errorf("unusual asset: key of %d bytes", len(k)))
		}
		if bad = err; bad == nil {
			all[AssetID(k)] = o
		}
		return bad == nil && len(all) < maxAssets
	})
	return all, errors.Join(err, bad)
}

func (t *token) oddity() oddity {
	if o := t.odd.Load(); o != nil {
		return *o
	}
	return oddity{}
}

// barred is why nothing more is deposited in an asset and no channel opened, nil if nothing is wrong with it.
func (t *token) barred() error {
	if o := t.oddity(); o.seen != "" && !o.allowed {
		return t.refusal(o.seen)
	}
	return nil
}

// markUnusual keeps what was seen of an asset, once. Nothing more is deposited in it from then on, unless that
// is allowed.
func (n *Node) markUnusual(t *token, seen string) error {
	fresh, err := n.keepOddity(t, func(o *oddity) bool {
		fresh := o.seen == ""
		if fresh {
			o.seen = seen
		}
		return fresh
	})
	if !fresh || err != nil {
		return err
	}
	n.log.Warn("the token isn't as others are", "asset", t.Symbol, "seen", seen, "allowed", t.oddity().allowed)
	n.tellOddity(t)
	return nil
}

// allowUnusual takes a token as it is from now on: of a deposit counts what arrives.
func (n *Node) allowUnusual(t *token) error {
	_, err := n.keepOddity(t, func(o *oddity) bool {
		fresh := !o.allowed
		o.allowed = true
		return fresh
	})
	n.tellOddity(t)
	return err
}

// keepOddity makes a change of what is known of an asset durable.
func (n *Node) keepOddity(t *token, change func(*oddity) bool) (changed bool, err error) {
	s := n.tokens
	s.mu.Lock()
	defer s.mu.Unlock()
	o := t.oddity()
	if s.byID[t.ID] != t || !change(&o) { // it is forgotten
		return false, nil
	}
	if err := n.db.Append(channeldb.Batch{Puts: []channeldb.KV{o.row(t.ID)}}); err != nil {
		return false, err
	}
	t.odd.Store(&o)
	return true, nil
}

// tellOddity raises an asset's alert, or clears it, and wakes who waits for deposits in it.
func (n *Node) tellOddity(t *token) {
	if err := t.barred(); err != nil {
		n.alerts.raise(AlertToken, t.about(), "asset "+t.Symbol+": "+t.oddity().seen+
			". Nothing more is deposited in it and no channel opened. If it is to be used nevertheless, where of a deposit counts "+
			"what arrives: nwcli assets add "+t.Chain+" "+t.Token.Hex()+" "+t.Adjudicator.Hex()+" --allow-unusual")
	} else {
		n.alerts.clear(AlertToken, t.about())
	}
	for _, d := range n.sw.tokens() {
		if d.token == t {
			d.changes.notify()
		}
	}
}

// undepositable is why a deposit of ours that a channel waits for isn't made.
func (d *driver) undepositable() error {
	if d.token == nil {
		return nil
	}
	if d.moves.gaveUp() {
		return fmt.Errorf("%w: %s takes too much of what is deposited in channel %v; close the channel", ErrUnusual, d.token.Symbol, d.id)
	}
	return d.token.barred()
}

// about stands for the asset where an alert names a channel.
func (t *token) about() wire.OutPoint { return located(t.ID) }
