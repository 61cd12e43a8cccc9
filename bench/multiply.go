package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/nichework/nwnd/channeldb"
)

// past names the buckets that hold what a node has done, and how their rows are keyed
// (docs/spec/storage.md).
type past struct {
	byHash  string   // payment_hash -> index
	byIndex []string // index -> record
	byPart  []string // index * 65,536 and the part's number -> record
}

const partsPer = 1 << 16

// histories are of the payer and of the payee.
var histories = []past{
	{byHash: "payment_hash", byIndex: []string{"payments", "payment_end"}, byPart: []string{"payment_attempts", "attempt_end"}},
	{byHash: "invoice_hash", byIndex: []string{"invoices", "invoice_state"}},
}

// record is a row that stands for one of each payment.
type record struct {
	bucket string
	step   uint64 // from one payment's key to the next's
	key    uint64
	value  []byte
}

// multiply makes count payments out of the one with that hash, each with a hash and a preimage of
// its own, in the store of a node that doesn't run.
func multiply(path string, p past, hash, preimage []byte, count int) error {
	db, err := channeldb.Open(path, channeldb.Options{})
	if err != nil {
		return err
	}
	w := writer{db: db}
	index, records, err := p.records(db, hash)
	if err != nil {
		w.err = err
		return w.close()
	}
	hashes := make([][sha256.Size]byte, count)
	for i := uint64(1); i < uint64(count); i++ {
		secret := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("bench"), index+i))
		hashes[i] = sha256.Sum256(secret[:])
		for _, r := range records {
			value := bytes.ReplaceAll(bytes.ReplaceAll(r.value, hash, hashes[i][:]), preimage, secret[:])
			w.put(r.bucket, binary.BigEndian.AppendUint64(nil, r.key+i*r.step), value)
		}
	}
	order := make([]int, 0, count) // in order of the key the rows take a fraction of the writes
	for i := 1; i < count; i++ {
		order = append(order, i)
	}
	slices.SortFunc(order, func(a, b int) int { return bytes.Compare(hashes[a][:], hashes[b][:]) })
	for _, i := range order {
		w.put(p.byHash, hashes[i][:], binary.BigEndian.AppendUint64(nil, index+uint64(i)))
	}
	return w.close()
}

// records finds all rows of one payment, which must be the last.
func (p past) records(db *channeldb.DB, hash []byte) (index uint64, all []record, err error) {
	raw, err := db.Get(p.byHash, hash)
	if err != nil || len(raw) != 8 {
		return 0, nil, cmp.Or(err, fmt.Errorf("bucket %s has no hash %x", p.byHash, hash))
	}
	index = binary.BigEndian.Uint64(raw)
	for _, bucket := range p.byIndex {
		found, err := rows(db, bucket, index, 1)
		if err != nil {
			return 0, nil, err
		}
		all = append(all, found...)
	}
	for _, bucket := range p.byPart {
		found, err := rows(db, bucket, index*partsPer, partsPer)
		if err != nil {
			return 0, nil, err
		}
		all = append(all, found...)
	}
	return index, all, nil
}

// rows are those of a bucket with keys from first on that belong to one payment.
func rows(db *channeldb.DB, bucket string, first, step uint64) (all []record, err error) {
	beyond := false
	err = db.Scan(bucket, binary.BigEndian.AppendUint64(nil, first), false, func(k, v []byte) bool {
		key := binary.BigEndian.Uint64(k)
		if beyond = key >= first+step; !beyond {
			all = append(all, record{bucket, step, key, bytes.Clone(v)})
		}
		return !beyond
	})
	if err == nil && (beyond || len(all) == 0) {
		err = fmt.Errorf("bucket %s has %d rows at %d, and more behind them: %v", bucket, len(all), first, beyond)
	}
	return all, err
}
