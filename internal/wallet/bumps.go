package wallet

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcwallet/walletdb"
)

// bumpsKey is the bucket, inside ours, of what BumpFee made: by the child's id, a bumpRecord.
var bumpsKey = []byte("bumps")

// bumpRecord is how a Bump is stored, big endian.
type bumpRecord struct {
	Hash     [32]byte
	Index    uint32
	Amount   int64
	Kind     AddressKind
	Rate     int64
	Fee      int64
	Budget   int64
	Attempts uint32
}

func putBump(tx walletdb.ReadWriteTx, b, old *Bump) error {
	own, err := tx.CreateTopLevelBucket(ownBucket)
	if err != nil {
		return fmt.Errorf("wallet: bump: %w", err)
	}
	bucket, err := own.CreateBucketIfNotExists(bumpsKey)
	if err != nil {
		return fmt.Errorf("wallet: bump: %w", err)
	}
	if old != nil {
		if err := bucket.Delete(old.Tx[:]); err != nil {
			return fmt.Errorf("wallet: bump: %w", err)
		}
	}
	var value bytes.Buffer
	err = binary.Write(&value, binary.BigEndian, bumpRecord{
		Hash: b.Coin.Hash, Index: b.Coin.Index, Amount: int64(b.Amount), Kind: b.Kind, Rate: int64(b.Rate),
		Fee: int64(b.Fee), Budget: int64(b.Budget), Attempts: b.Attempts,
	})
	if err == nil {
		err = bucket.Put(b.Tx[:], value.Bytes())
	}
	if err != nil {
		return fmt.Errorf("wallet: bump: %w", err)
	}
	return nil
}

// Bumps lists the children that BumpFee made, without those that were replaced.
func (w *Wallet) Bumps() ([]Bump, error) {
	var all []Bump
	err := walletdb.View(w.db, func(tx walletdb.ReadTx) error {
		own := tx.ReadBucket(ownBucket)
		if own == nil {
			return nil
		}
		bucket := own.NestedReadBucket(bumpsKey)
		if bucket == nil {
			return nil
		}
		return bucket.ForEach(func(key, value []byte) error {
			b, err := readBump(key, value)
			all = append(all, b)
			return err
		})
	})
	return all, err
}

func readBump(key, value []byte) (b Bump, err error) {
	var r bumpRecord
	if len(key) != len(b.Tx) || len(value) != binary.Size(r) {
		return b, fmt.Errorf("wallet: a fee bump is stored in %d and %d bytes, needs %d and %d",
			len(key), len(value), len(b.Tx), binary.Size(r))
	}
	if err := binary.Read(bytes.NewReader(value), binary.BigEndian, &r); err != nil {
		return b, fmt.Errorf("wallet: bump: %w", err)
	}
	b = Bump{
		Amount: btcutil.Amount(r.Amount), Kind: r.Kind, Rate: SatPerKWeight(r.Rate), Fee: btcutil.Amount(r.Fee),
		Budget: btcutil.Amount(r.Budget), Attempts: r.Attempts,
	}
	b.Coin.Hash, b.Coin.Index = r.Hash, r.Index
	copy(b.Tx[:], key)
	return b, nil
}
