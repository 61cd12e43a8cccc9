// Package records keeps the HTLCs of the commitments that a channel's peer has had, in the store:
// without them the HTLC outputs of a revoked one could not be taken (BOLT 5, "Revoked Transaction
// Close Handling"). What is stored of an HTLC is stored once for its life, about 65 bytes in all; a
// state without HTLCs is not stored at all.
package records

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
)

// Bucket holds a row for each HTLC that a commitment of a peer's ever had an output for: key index
// u32 of the channel, offerer u8, HTLC's id u64 -> bitcoin.Record. It is written by the append that
// makes our signature on the first commitment with that HTLC durable, and written again by that of
// the first without it. The key index stands for the channel, since its id would be half of the
// row, and no other channel ever has it. Its keys rise (channeldb.Options.Rising).
const Bucket = "htlc_record"

// Reader reads rows.
type Reader interface {
	Get(bucket string, key []byte) ([]byte, error)
	ScanPrefix(bucket string, prefix []byte, fn func(k, v []byte) (more bool)) error
}

// Log says which rows a channel's signatures need. Its zero value goes on behind what is stored.
type Log struct {
	history *bitcoin.History // nil until the first signature
}

// Signed are the rows that must be durable before our signature on a commitment of the peer's
// leaves, as Effects.Signed tells of it. before is the channel without that signature. After an
// error the channel must not sign again.
func (l *Log) Signed(db Reader, before *htlc.Channel, com *htlc.Commitment) ([]channeldb.KV, error) {
	var puts []channeldb.KV
	if l.history == nil {
		next, open, missing, err := newest(db, before)
		if err != nil {
			return nil, err
		}
		if l.history, err = bitcoin.NewHistory(next, open); err != nil {
			return nil, err
		}
		if puts, err = rows(before, missing, nil); err != nil {
			return nil, err
		}
	}
	changed, err := l.history.Signed(before.Params(), com)
	if err != nil || len(changed) == 0 {
		return puts, err
	}
	return rows(before, changed, puts)
}

// newest gives the open records of the newest commitment that we signed for the peer, and the number
// of the next. Those in missing are not stored, because an earlier version signed it.
func newest(db Reader, c *htlc.Channel) (next uint64, open, missing []bitcoin.Record, err error) {
	remote, err := c.RemoteCommitments()
	if err != nil || len(remote) == 0 {
		return 0, nil, nil, err
	}
	last := remote[len(remote)-1]
	open = bitcoin.OpenRecords(c.Params(), last)
	for i := range open {
		raw, err := db.Get(Bucket, key(c, &open[i]))
		switch {
		case err != nil:
			return 0, nil, nil, err
		case raw == nil:
			missing = append(missing, open[i])
		default:
			if open[i], err = bitcoin.DecodeRecord(raw); err != nil {
				return 0, nil, nil, fmt.Errorf("records: channel %v: %w", c.ID(), err)
			}
		}
	}
	return last.Number + 1, open, missing, nil
}

// Of gives the records of the peer's nth commitment, and maybe some of others.
func Of(db Reader, c *htlc.Channel, n uint64) ([]bitcoin.Record, error) {
	_, all, _, err := newest(db, c)
	if err != nil {
		return nil, err
	}
	var bad error
	err = db.ScanPrefix(Bucket, channel(c), func(_, v []byte) bool {
		var r bitcoin.Record
		if r, bad = bitcoin.DecodeRecord(v); bad != nil {
			return false
		}
		if !r.Open && r.From <= n && n <= r.To {
			all = append(all, r)
		}
		return true
	})
	if err == nil {
		err = bad
	}
	if err != nil {
		return nil, fmt.Errorf("records: channel %v: %w", c.ID(), err)
	}
	return all, nil
}

// Drop is what goes when a channel is forgotten.
func Drop(c *htlc.Channel) channeldb.Prefix {
	return channeldb.Prefix{Bucket: Bucket, Prefix: channel(c)}
}

// rowLen is what most rows take, in bytes.
const rowLen = 35

// channel is how the keys of a channel's rows begin.
func channel(c *htlc.Channel) []byte {
	return binary.BigEndian.AppendUint32(make([]byte, 0, 4+1+8+rowLen), c.Params().KeyIndex)
}

func key(c *htlc.Channel, r *bitcoin.Record) []byte {
	return binary.BigEndian.AppendUint64(append(channel(c), byte(r.Offerer)), r.ID)
}

// rows adds the rows of records to puts.
func rows(c *htlc.Channel, all []bitcoin.Record, puts []channeldb.KV) ([]channeldb.KV, error) {
	puts = slices.Grow(puts, len(all))
	for i := range all {
		k := key(c, &all[i])
		row, err := all[i].Append(k)
		if err != nil {
			return nil, fmt.Errorf("records: channel %v: %w", c.ID(), err)
		}
		puts = append(puts, channeldb.KV{Bucket: Bucket, Key: row[:len(k):len(k)], Value: row[len(k):]})
	}
	return puts, nil
}
