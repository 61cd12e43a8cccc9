package neutrino

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcwallet/walletdb"

	"github.com/nichework/nwnd/internal/chain"
)

// hintBucket has a row for each watch: its key, and the heights from and to which was searched (4 bytes
// each) and the last block's hash.
var hintBucket = []byte("nwnd searched")

const hintSize = 4 + 4 + chainhash.HashSize

var _ chain.Hints = (*Service)(nil)

// LoadHints implements chain.Hints.
func (s *Service) LoadHints() (map[string]chain.Hint, error) {
	all := make(map[string]chain.Hint)
	err := walletdb.View(s.db, func(tx walletdb.ReadTx) error {
		bucket := tx.ReadBucket(hintBucket)
		if bucket == nil {
			return nil
		}
		return bucket.ForEach(func(key, row []byte) error {
			if len(row) != hintSize {
				return nil // no hint is as good
			}
			from, height := binary.BigEndian.Uint32(row), binary.BigEndian.Uint32(row[4:])
			if from <= math.MaxInt32 && height <= math.MaxInt32 {
				all[string(key)] = chain.Hint{From: int32(from), Height: int32(height), Hash: chainhash.Hash(row[8:])}
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("neutrino: hints: %w", err)
	}
	return all, nil
}

// SaveHints implements chain.Hints.
func (s *Service) SaveHints(all map[string]chain.Hint) error {
	err := walletdb.Update(s.db, func(tx walletdb.ReadWriteTx) error {
		if tx.ReadBucket(hintBucket) != nil {
			if err := tx.DeleteTopLevelBucket(hintBucket); err != nil {
				return err
			}
		}
		bucket, err := tx.CreateTopLevelBucket(hintBucket)
		if err != nil {
			return err
		}
		for key, h := range all {
			row := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(h.From)), uint32(h.Height))
			if err := bucket.Put([]byte(key), append(row, h.Hash[:]...)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("neutrino: hints: %w", err)
	}
	return nil
}
