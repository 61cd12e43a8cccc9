package channeldb

import (
	"encoding/binary"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// The file is a bbolt database with these buckets:
//
//	meta       "format" -> u32, "program" -> text
//	log        seq -> row                       facts, in the order of all commits
//	carried    stream, seq -> row               tails of streams that would hold the log's head back
//	snapshots  stream, seq, part -> part        the last state of each stream, with the seq it stands for
//	drops      seq, n -> range of rows          what is still to be deleted in steps
//	kv:<name>  key -> value                     the rows of Puts
//
// Integers are big-endian, a stream in a key is its length in one byte and its name. The sequence
// number of bucket log is the next seq, that of a kv bucket its number of rows.
const format = 1

var (
	metaBucket     = []byte("meta")
	logBucket      = []byte("log")
	carriedBucket  = []byte("carried")
	snapshotBucket = []byte("snapshots")
	dropBucket     = []byte("drops")

	formatKey  = []byte("format")
	programKey = []byte("program")
)

const kvPrefix = "kv:"

// formats is the format that a program writes, and how older ones come to it.
type formats struct {
	ours  uint32
	steps map[uint32]func(*bolt.Tx) error // from the format that is the key to the next one
}

// current are the formats of this program. Format 1 is the first.
var current = formats{ours: format}

// initialise writes an empty store into a new file.
func initialise(tx *bolt.Tx, ours uint32, program string) error {
	for _, name := range [][]byte{metaBucket, logBucket, carriedBucket, snapshotBucket, dropBucket} {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	if err := tx.Bucket(logBucket).SetSequence(1); err != nil {
		return err
	}
	return writeFormat(tx, ours, program)
}

func writeFormat(tx *bolt.Tx, version uint32, program string) error {
	meta := tx.Bucket(metaBucket)
	if err := meta.Put(formatKey, binary.BigEndian.AppendUint32(nil, version)); err != nil {
		return err
	}
	return meta.Put(programKey, []byte(program))
}

// readFormat returns the file's format if this program can read it, maybe after an upgrade.
func readFormat(tx *bolt.Tx, ours uint32) (uint32, error) {
	meta := tx.Bucket(metaBucket)
	if meta == nil {
		return 0, fmt.Errorf("%w: not made by nwnd: it has no bucket %q", ErrCorrupt, metaBucket)
	}
	raw := meta.Get(formatKey)
	if len(raw) != 4 {
		return 0, fmt.Errorf("%w: format field of %d bytes, want 4", ErrCorrupt, len(raw))
	}
	version := binary.BigEndian.Uint32(raw)
	switch {
	case version == 0:
		return 0, fmt.Errorf("%w: format 0", ErrCorrupt)
	case version > ours:
		return 0, fmt.Errorf("%w: format %d, this program reads up to %d: it needs %s or later",
			ErrNewer, version, ours, meta.Get(programKey))
	}
	return version, nil
}

// upgrade brings an older file to our format in one transaction.
func (f formats) upgrade(tx *bolt.Tx, version uint32, program string) error {
	for ; version < f.ours; version++ {
		step := f.steps[version]
		if step == nil {
			return fmt.Errorf("channeldb: no upgrade from format %d", version)
		}
		if err := step(tx); err != nil {
			return fmt.Errorf("channeldb: upgrade from format %d: %w", version, err)
		}
	}
	return writeFormat(tx, f.ours, program)
}
