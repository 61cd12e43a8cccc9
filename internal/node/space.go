package node

import (
	"github.com/nichework/nwnd/channeldb"
)

// space keeps the rows of one kind of invoices and payments apart from another's: those in tokens
// are never seen where lnd's clients look, which would sum them as satoshis.
type space string

// The spaces.
const (
	bitcoinSpace space = ""
	tokenSpace   space = "token/"
)

// rows are puts with their buckets in the space.
func (s space) rows(puts []channeldb.KV) []channeldb.KV {
	if s == bitcoinSpace {
		return puts
	}
	all := make([]channeldb.KV, len(puts))
	for i, kv := range puts {
		kv.Bucket = string(s) + kv.Bucket
		all[i] = kv
	}
	return all
}

// reader reads a space.
func (s space) reader(db reader) reader {
	if s == bitcoinSpace {
		return db
	}
	return spaceReader{s, db}
}

// append writes batches of nothing but rows of the space.
func (s space) append(to func(...channeldb.Batch) error) func(...channeldb.Batch) error {
	return func(all ...channeldb.Batch) error {
		for i := range all {
			all[i].Puts = s.rows(all[i].Puts)
		}
		return to(all...)
	}
}

type spaceReader struct {
	space space
	db    reader
}

func (r spaceReader) Get(bucket string, key []byte) ([]byte, error) {
	return r.db.Get(string(r.space)+bucket, key)
}

func (r spaceReader) Scan(bucket string, from []byte, reverse bool, fn func(k, v []byte) bool) error {
	return r.db.Scan(string(r.space)+bucket, from, reverse, fn)
}

func (r spaceReader) LastKey(bucket string) ([]byte, error) {
	return r.db.LastKey(string(r.space) + bucket)
}
