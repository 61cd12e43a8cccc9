package node

import (
	"fmt"
	"sync"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
)

// bucketForwards holds what was forwarded: number -> Forward. Numbers go with time.
const bucketForwards = "forwards"

// Forward is an HTLC that was forwarded and settled. Amounts in an asset are thousandths of its unit.
type Forward struct {
	Time              time.Time // the preimage came
	In, Out           lnwire.ShortChannelID
	InID, OutID       uint64 // of the HTLCs, per channel (BOLT 2)
	AmtIn             lnwire.MilliSatoshi
	AmtOut            lnwire.MilliSatoshi
	AssetIn, AssetOut AssetID // zeros are bitcoin

	// The peers' names, when asked for.
	AliasIn, AliasOut string
}

// Fee is what it earned; none is told if it went from one asset into another.
func (f *Forward) Fee() lnwire.MilliSatoshi {
	if f.AmtIn < f.AmtOut || f.AssetIn != f.AssetOut {
		return 0
	}
	return f.AmtIn - f.AmtOut
}

// Versions of a stored forward: in bitcoin alone, and with the ids of both assets behind the rest.
const (
	forwardInBitcoin = 1
	forwardInAssets  = 2
)

func (f *Forward) encode() []byte {
	version := byte(forwardInBitcoin)
	if f.inAssets() {
		version = forwardInAssets
	}
	w := newRecord(version).time(f.Time).u64(f.In.ToUint64()).u64(f.Out.ToUint64()).u64(f.InID).u64(f.OutID)
	w.u64(uint64(f.AmtIn)).u64(uint64(f.AmtOut))
	if f.inAssets() {
		w.raw(f.AssetIn[:]).raw(f.AssetOut[:])
	}
	return w.b
}

func (f *Forward) inAssets() bool { return f.AssetIn != AssetID{} || f.AssetOut != AssetID{} }

func decodeForward(b []byte) (Forward, error) {
	version := byte(forwardInBitcoin)
	if len(b) > 0 && b[0] == forwardInAssets {
		version = forwardInAssets
	}
	r := openRecord(b, version)
	f := Forward{
		Time: r.time(), In: lnwire.NewShortChanIDFromInt(r.u64()), Out: lnwire.NewShortChanIDFromInt(r.u64()),
		InID: r.u64(), OutID: r.u64(), AmtIn: lnwire.MilliSatoshi(r.u64()), AmtOut: lnwire.MilliSatoshi(r.u64()),
	}
	if version == forwardInAssets {
		copy(f.AssetIn[:], r.take(len(f.AssetIn)))
		copy(f.AssetOut[:], r.take(len(f.AssetOut)))
	}
	return f, r.done()
}

// forwards numbers what is forwarded. A record is written by the append that makes the
// incoming channel's fulfil durable, so that there is one if, and only if, we were paid.
type forwards struct {
	db  reader
	now func() time.Time

	mu   sync.Mutex
	next uint64
	last time.Time // given out; time never goes back, whatever the clock does
}

func newForwards(db reader, now func() time.Time) (*forwards, error) {
	f := &forwards{db: db, now: now}
	last, err := lastIndex(db, bucketForwards)
	if err != nil {
		return nil, err
	}
	f.next = last + 1
	if last == 0 {
		return f, nil
	}
	raw, err := db.Get(bucketForwards, key64(last))
	if err != nil {
		return nil, err
	}
	v, err := decodeForward(raw)
	if err != nil {
		return nil, fmt.Errorf("forward %d: %w", last, err)
	}
	f.last = v.Time
	return f, nil
}

// put is the row of a forward that settled now.
func (f *forwards) put(v Forward) channeldb.KV {
	f.mu.Lock()
	defer f.mu.Unlock()
	if v.Time = f.now(); v.Time.Before(f.last) {
		v.Time = f.last
	}
	f.last = v.Time
	key := key64(f.next)
	f.next++
	return channeldb.KV{Bucket: bucketForwards, Key: key, Value: v.encode()}
}

// earned is the record to write with an incoming HTLC's fulfil; none if it has one already,
// which only a circuit of before the last start can have.
func (s *Switch) earned(in, out *driver, h *htlc.HTLC, c circuit) []channeldb.KV {
	history, rows := s.history, bitcoinSpace
	if in.token != nil || out.token != nil { // lnd's clients would take it for bitcoin
		history, rows = s.tokenHistory, tokenSpace
	}
	if history == nil {
		return nil
	}
	amount := c.amount
	if amount == 0 {
		for _, i := range in.channel().HTLCs() {
			if i.Offerer == htlc.Remote && i.ID == h.Ref.ID && i.LockedIn {
				amount = i.Amount
			}
		}
	}
	if amount == 0 {
		return nil // its fulfil is durable, or it was resolved on chain
	}
	return rows.rows([]channeldb.KV{history.put(Forward{
		In: in.channel().SCID(), Out: out.channel().SCID(), InID: h.Ref.ID, OutID: h.ID,
		AmtIn: amount, AmtOut: h.Amount, AssetIn: in.asset(), AssetOut: out.asset(),
	})})
}

// asset is what the channel holds; zeros are bitcoin.
func (d *driver) asset() AssetID {
	if d.token == nil {
		return AssetID{}
	}
	return d.token.ID
}

// since is the number of the first forward at or after a time; one beyond the last if there
// is none. Numbers of forwards that a crash undid are missing, so it looks for the next.
func (f *forwards) since(t time.Time) (uint64, error) {
	last, err := lastIndex(f.db, bucketForwards)
	if err != nil {
		return 0, err
	}
	low, high := uint64(1), last+1 // the answer is in [low, high]
	for low < high {
		mid := low + (high-low)/2
		at, v, err := f.from(mid)
		switch {
		case err != nil:
			return 0, err
		case at == 0 || !v.Time.Before(t):
			high = mid
		default:
			low = at + 1
		}
	}
	return low, nil
}

// from is the first forward numbered n or higher; number 0 if there is none.
func (f *forwards) from(n uint64) (at uint64, v Forward, err error) {
	var bad error
	err = f.db.Scan(bucketForwards, key64(n), false, func(k, raw []byte) bool {
		at = beUint64(k)
		v, bad = decodeForward(raw)
		return false
	})
	if err == nil && bad != nil {
		err = fmt.Errorf("forward %d: %w", at, bad)
	}
	return at, v, err
}

// each visits the forwards of a time, both ends included, oldest first, until visit says
// stop. Rows are read some at a time, since a scan holds the store.
func (f *forwards) each(after, before time.Time, visit func(*Forward) (more bool, err error)) error {
	n, err := f.since(after)
	if err != nil {
		return err
	}
	for {
		var chunk []Forward
		var bad error
		read := 0
		err := f.db.Scan(bucketForwards, key64(n), false, func(k, raw []byte) bool {
			var v Forward
			if v, bad = decodeForward(raw); bad != nil {
				bad = fmt.Errorf("forward %d: %w", beUint64(k), bad)
				return false
			}
			read++
			n = beUint64(k) + 1
			chunk = append(chunk, v)
			return read < pageChunk
		})
		if err != nil || bad != nil {
			return orElse(err, bad)
		}
		for i := range chunk {
			if !before.IsZero() && chunk[i].Time.After(before) {
				return nil
			}
			if more, err := visit(&chunk[i]); err != nil || !more {
				return err
			}
		}
		if read < pageChunk {
			return nil
		}
	}
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
