package ethereum

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rlp"

	"github.com/nichework/nwnd/channeldb"
)

// sentBucket holds what was signed, by chain id (8), account (20) and nonce (8), until it is final.
const sentBucket = "evm_sent"

const sentVersion = 1

var errSentRow = errors.New("ethereum: stored transaction is corrupt")

// sent is a nonce of an account and what it is used for.
type sent struct {
	account common.Address
	nonce   uint64
	job
	filler bool               // it is used for nothing
	told   bool               // whoever did it knows how it ended
	first  uint64             // time of the head when the call was first sent
	start  price              // what it cost then
	tip    price              // of tx
	feeCap price              // of tx
	tries  []try              // all that were sent with this nonce, the newest last
	tx     *types.Transaction // the newest

	// Not stored: found again.
	block   Head // where it is, zero: nowhere
	receipt *types.Receipt
	failed  bool
	spent   bool   // the nonce is used up at the head
	lost    bool   // for good, by a transaction that isn't ours
	since   uint64 // number of the head when tx was made
	at      Head   // sent at this head
	pushed  bool   // the network asks for more
	note    string
	dirty   bool
}

// try is a transaction that was sent, and the job that it is for: a nonce may change hands.
type try struct {
	Hash, ID common.Hash // an ID of zeros: for nothing
}

// stored is the row's form on disk, in RLP.
type stored struct {
	Owner, What   string
	ID            common.Hash
	Worth         *big.Int
	HasWorth, Own bool
	Gas, Deadline uint64
	Filler, Told  bool
	First, Start  uint64
	Tip, FeeCap   uint64
	Tries         []try
	Tx            []byte
}

func (t *sent) key(chain uint64) []byte {
	k := binary.BigEndian.AppendUint64(nil, chain)
	k = append(k, t.account[:]...)
	return binary.BigEndian.AppendUint64(k, t.nonce)
}

func (t *sent) encode() ([]byte, error) {
	raw, err := t.tx.MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("ethereum: transaction %v: %w", t.tx.Hash(), err)
	}
	row := stored{
		Owner: t.owner, What: t.What, ID: t.id, Worth: new(big.Int), Own: t.Own,
		Gas: t.Gas, Deadline: t.Deadline, Filler: t.filler, Told: t.told, First: t.first, Start: uint64(t.start),
		Tip: uint64(t.tip), FeeCap: uint64(t.feeCap), Tries: t.tries, Tx: raw,
	}
	if t.Worth != nil {
		row.Worth, row.HasWorth = t.Worth, true
	}
	b, err := rlp.EncodeToBytes(&row)
	return append([]byte{sentVersion}, b...), err
}

func decodeSent(key, b []byte) (*sent, error) {
	if len(key) != 36 || len(b) < 2 || b[0] != sentVersion {
		return nil, fmt.Errorf("%w: %d bytes under a key of %d", errSentRow, len(b), len(key))
	}
	var row stored
	if err := rlp.DecodeBytes(b[1:], &row); err != nil {
		return nil, fmt.Errorf("%w: %w", errSentRow, err)
	}
	tx := new(types.Transaction)
	if err := tx.UnmarshalBinary(row.Tx); err != nil {
		return nil, fmt.Errorf("%w: %w", errSentRow, err)
	}
	t := &sent{
		account: common.Address(key[8:28]), nonce: binary.BigEndian.Uint64(key[28:]), tx: tx,
		job:    job{Call: Call{Gas: row.Gas, Deadline: row.Deadline, What: row.What, Own: row.Own}, owner: row.Owner, id: row.ID},
		filler: row.Filler, told: row.Told, first: row.First, start: price(row.Start), tip: price(row.Tip), feeCap: price(row.FeeCap),
		tries: row.Tries,
	}
	if row.HasWorth {
		t.Worth = row.Worth
	}
	if tx.Nonce() != t.nonce || tx.To() == nil || len(t.tries) == 0 || t.tries[len(t.tries)-1].Hash != tx.Hash() {
		return nil, fmt.Errorf("%w: nonce %d with transaction %v", errSentRow, t.nonce, tx.Hash())
	}
	if !t.filler {
		t.To, t.Data, t.Value = *tx.To(), tx.Data(), tx.Value()
	}
	return t, nil
}

func (s *sender) load() error {
	prefix := binary.BigEndian.AppendUint64(nil, s.c.cfg.ChainID)
	var bad error
	err := s.c.cfg.DB.Scan(sentBucket, prefix, false, func(key, value []byte) bool {
		if !bytes.HasPrefix(key, prefix) {
			return false
		}
		var t *sent
		if t, bad = decodeSent(key, value); bad == nil && slices.Contains(s.accounts, t.account) {
			s.rows = append(s.rows, t)
		}
		return bad == nil
	})
	return errors.Join(err, bad)
}

// appendBytes is about how much goes into one append, far below what channeldb takes.
const appendBytes = 4 << 20

// save writes what changed and deletes what is done with.
func (s *sender) save(gone []*sent) error {
	var puts []channeldb.KV
	size := 0
	flush := func() error {
		if len(puts) == 0 {
			return nil
		}
		if err := s.c.cfg.DB.Append(channeldb.Batch{Puts: puts}); err != nil {
			return fmt.Errorf("ethereum: nothing more is sent: %w", err)
		}
		puts, size = nil, 0
		return nil
	}
	for _, t := range gone {
		puts = append(puts, channeldb.KV{Bucket: sentBucket, Key: t.key(s.c.cfg.ChainID)})
	}
	for _, t := range s.rows {
		if !t.dirty {
			continue
		}
		b, err := t.encode()
		if err != nil {
			return err
		}
		puts = append(puts, channeldb.KV{Bucket: sentBucket, Key: t.key(s.c.cfg.ChainID), Value: b})
		t.dirty = false
		if size += len(b); size > appendBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// of are an account's rows, by nonce.
func (s *sender) of(account common.Address) []*sent {
	var all []*sent
	for _, t := range s.rows {
		if t.account == account {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b *sent) int { return cmp.Compare(a.nonce, b.nonce) })
	return all
}
