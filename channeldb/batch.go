package channeldb

import "fmt"

// Limits of one request. A request beyond them is refused with ErrInvalid.
const (
	MaxStream = 64       // bytes of a stream's name
	MaxBucket = 64       // bytes of a bucket's name
	MaxKey    = 1024     // bytes of a key
	MaxAppend = 16 << 20 // bytes of all batches of one Append together

	maxBuckets = 256 // distinct buckets in a file
)

// Stream names one log: the 32 bytes of a channel id, "invoices", "payments". 1 to MaxStream bytes.
type Stream string

// KV is a row to write outside the logs: an index that a list is paged by. A nil Value deletes.
type KV struct {
	Bucket     string
	Key, Value []byte
}

// Prefix names all rows of a bucket whose keys begin so.
type Prefix struct {
	Bucket string
	Prefix []byte
}

// Batch is what one owner writes at once. Everything in it is optional except that Facts,
// Snapshot and Forget need a Stream. Its slices must not change before the append has completed.
type Batch struct {
	Stream Stream

	// Facts are appended in order to the stream's tail.
	Facts [][]byte

	// Snapshot, if not nil, replaces the stream's snapshot and its tail up to and including
	// this batch's Facts.
	Snapshot []byte

	// Puts are written in the same transaction, in order.
	Puts []KV

	// Drops delete rows in bounded steps across later commits. Rows written below such a prefix
	// before the drop is done may go too.
	Drops []Prefix

	// Forget ends the stream: it is empty at once, its rows go in bounded steps across later commits.
	Forget bool
}

// size is what a batch weighs against the limits, in bytes.
func (b *Batch) size() int {
	n := len(b.Stream) + len(b.Snapshot)
	for _, f := range b.Facts {
		n += len(f) + 4
	}
	for i := range b.Puts {
		n += len(b.Puts[i].Bucket) + len(b.Puts[i].Key) + len(b.Puts[i].Value)
	}
	for i := range b.Drops {
		n += len(b.Drops[i].Bucket) + len(b.Drops[i].Prefix)
	}
	return n
}

// check reports what is wrong with a batch before it is queued, so that a
// caller's mistake never reaches a transaction that others share.
func (b *Batch) check() error {
	logs := len(b.Facts) > 0 || b.Snapshot != nil || b.Forget
	switch {
	case len(b.Stream) > MaxStream:
		return fmt.Errorf("%w: stream name of %d bytes, at most %d", ErrInvalid, len(b.Stream), MaxStream)
	case logs && b.Stream == "":
		return fmt.Errorf("%w: facts without a stream", ErrInvalid)
	}
	for i := range b.Puts {
		if err := checkRow(b.Puts[i].Bucket, b.Puts[i].Key); err != nil {
			return err
		}
	}
	for i := range b.Drops {
		if err := checkRow(b.Drops[i].Bucket, b.Drops[i].Prefix); err != nil {
			return err
		}
	}
	return nil
}

func checkRow(bucket string, key []byte) error {
	switch {
	case bucket == "" || len(bucket) > MaxBucket:
		return fmt.Errorf("%w: bucket name of %d bytes, want 1 to %d", ErrInvalid, len(bucket), MaxBucket)
	case len(key) == 0 || len(key) > MaxKey:
		return fmt.Errorf("%w: key of %d bytes in %q, want 1 to %d", ErrInvalid, len(key), bucket, MaxKey)
	}
	return nil
}
