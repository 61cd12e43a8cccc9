package node

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
)

// bucketFailedForwards holds the last forwards that came to nothing: number -> FailedForward.
const bucketFailedForwards = "failed_forwards"

// maxFailedForwards is how many are kept, at about 150 bytes each; the oldest goes.
const maxFailedForwards = 10_000

// FailedForward is an HTLC that was not forwarded, or came back.
type FailedForward struct {
	Index       uint64
	Time        time.Time
	In, Out     lnwire.ShortChannelID // Out as its sender named it
	InID, OutID uint64                // of the HTLCs, per channel; OutID 0 if it never went out
	AmtIn       lnwire.MilliSatoshi   // 0: not known after a restart
	AmtOut      lnwire.MilliSatoshi
	Behind      bool            // a node behind us failed it; only its sender can read why
	Failure     lnwire.FailCode // what we told its sender, unless Behind
	Detail      FailureDetail
	Why         string // for a person
}

const failedForwardVersion = 1

// maxWhy is how much of an explanation is kept.
const maxWhy = 200

func (f *FailedForward) encode() []byte {
	w := newRecord(failedForwardVersion).time(f.Time).u64(f.In.ToUint64()).u64(f.Out.ToUint64()).u64(f.InID).u64(f.OutID)
	w.u64(uint64(f.AmtIn)).u64(uint64(f.AmtOut)).flag(f.Behind).u32(uint32(f.Failure)).u8(uint8(f.Detail))
	return w.bytes([]byte(f.Why[:min(len(f.Why), maxWhy)])).b
}

func decodeFailedForward(index uint64, b []byte) (FailedForward, error) {
	r := openRecord(b, failedForwardVersion)
	f := FailedForward{
		Index: index, Time: r.time(), In: lnwire.NewShortChanIDFromInt(r.u64()), Out: lnwire.NewShortChanIDFromInt(r.u64()),
		InID: r.u64(), OutID: r.u64(), AmtIn: lnwire.MilliSatoshi(r.u64()), AmtOut: lnwire.MilliSatoshi(r.u64()),
		Behind: r.flag(), Failure: lnwire.FailCode(r.u32()), Detail: FailureDetail(r.u8()), Why: string(r.bytes()),
	}
	if err := r.done(); err != nil {
		return f, fmt.Errorf("failed forward %d: %w", index, err)
	}
	return f, nil
}

// failedForwards numbers them. A record is written by the append that makes the incoming
// channel's failure durable; one that a crash has repeated may be there twice.
type failedForwards struct {
	db   reader
	now  func() time.Time
	most uint64

	mu   sync.Mutex
	next uint64
}

func newFailedForwards(db reader, now func() time.Time) (*failedForwards, error) {
	last, err := lastIndex(db, bucketFailedForwards)
	return &failedForwards{db: db, now: now, most: maxFailedForwards, next: last + 1}, err
}

// put is the row of a forward that failed now, and the end of one that it pushes out.
func (f *failedForwards) put(v FailedForward) []channeldb.KV {
	if f == nil || isTokenSCID(v.In) || isTokenSCID(v.Out) {
		return nil
	}
	v.Time = f.now()
	f.mu.Lock()
	defer f.mu.Unlock()
	rows := []channeldb.KV{{Bucket: bucketFailedForwards, Key: key64(f.next), Value: v.encode()}}
	if f.next > f.most {
		rows = append(rows, channeldb.KV{Bucket: bucketFailedForwards, Key: key64(f.next - f.most)})
	}
	f.next++
	return rows
}

// ListFailedForwards asks for failed forwards, the newest first.
type ListFailedForwards struct {
	Before uint64 // only those of a lesser index; 0: all
	Max    uint32 // 0: 100
	After  time.Time
}

// FailedForwards lists forwards that came to nothing.
func (n *Node) FailedForwards(ctx context.Context, req ListFailedForwards) ([]FailedForward, error) {
	most := int(req.Max)
	if most == 0 {
		most = 100
	}
	most = min(most, maxFailedForwards)
	var list []FailedForward
	var bad error
	err := n.db.Scan(bucketFailedForwards, key64(req.Before-1), true, func(k, raw []byte) bool { // 0 wraps to the greatest
		var v FailedForward
		if v, bad = decodeFailedForward(beUint64(k), raw); bad != nil || v.Time.Before(req.After) {
			return false
		}
		list = append(list, v)
		return len(list) < most && ctx.Err() == nil
	})
	if err = orElse(err, orElse(bad, ctx.Err())); err != nil {
		return nil, err
	}
	return list, nil
}
