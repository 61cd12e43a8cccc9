package enforce

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/internal/chain"
)

// The sweeper's buckets: swept by outpoint (txid, big endian index), sweepTx by txid.
const (
	sweptBucket   = "sweep"
	sweepTxBucket = "sweep_tx"
)

// errSweepRow says that a row of the sweeper's can't be read.
var errSweepRow = errors.New("enforce: stored sweep is corrupt")

// swept is what is durable of one output.
type swept struct {
	out      wire.OutPoint
	path     bitcoin.Path
	alone    bool                // a batch with it was refused: it goes alone from then on
	coins    bool                // coins of the wallet are set aside for it
	rate     chain.SatPerKWeight // the highest published, which the next is not below
	start    chain.SatPerKWeight // the estimate when it was first taken
	fee      btcutil.Amount      // its part of the newest transaction's
	attempts uint32
	first    adjudicator.Height // tip when it was first taken, 0: it wasn't
	gone     adjudicator.Height // tip when it was wanted no more, 0: it is wanted
	txid     chainhash.Hash     // of the newest
	ask      BumpRequest
	dest     []byte // where the money goes

	dirty bool // not written yet
}

// sweepTx is a transaction that was made. Of one that another replaced only the id is kept
// and the first output that it took: it may be in a block all the same.
type sweepTx struct {
	txid   chainhash.Hash
	tx     *wire.MsgTx     // nil: replaced
	claims []wire.OutPoint // what it takes, in the order of its inputs
	coins  []wire.OutPoint // of the wallet, which pay for it
	fee    btcutil.Amount
	rate   chain.SatPerKWeight
	cpfp   bool

	dead  bool               // the network refused it for another spend of its inputs
	sent  adjudicator.Height // tip when it was last taken
	dirty bool
}

const (
	sweptVersion  = 1
	sweptFixed    = 1 + 1 + 1 + 4 + 4 + 8 + 4 + 4 + 4 + 32 + 4 + 8
	flagAlone     = 1
	flagCoins     = 2
	maxDest       = 42
	sweepTxFixed  = 1 + 1 + 4 + 8 + 2 + 36
	flagCPFP      = 1
	outpointBytes = 32 + 4
)

func outpointKey(out wire.OutPoint) []byte {
	return binary.BigEndian.AppendUint32(append([]byte(nil), out.Hash[:]...), out.Index)
}

func outpointOf(b []byte) (out wire.OutPoint) {
	copy(out.Hash[:], b)
	out.Index = binary.BigEndian.Uint32(b[32:])
	return out
}

func (w *swept) encode() []byte {
	flags := byte(0)
	if w.alone {
		flags |= flagAlone
	}
	if w.coins {
		flags |= flagCoins
	}
	b := []byte{sweptVersion, byte(w.path), flags}
	be := binary.BigEndian
	b = be.AppendUint32(b, uint32(w.rate))
	b = be.AppendUint32(b, uint32(w.start))
	b = be.AppendUint64(b, uint64(w.fee))
	b = be.AppendUint32(b, w.attempts)
	b = be.AppendUint32(b, uint32(w.first))
	b = be.AppendUint32(b, uint32(w.gone))
	b = append(b, w.txid[:]...)
	b = be.AppendUint32(b, uint32(w.ask.Rate))
	b = be.AppendUint64(b, uint64(w.ask.Budget))
	return append(b, w.dest...)
}

func decodeSwept(key, b []byte) (*swept, error) {
	if len(key) != outpointBytes || len(b) < sweptFixed || len(b) > sweptFixed+maxDest || b[0] != sweptVersion {
		return nil, fmt.Errorf("%w: %d bytes under a key of %d", errSweepRow, len(b), len(key))
	}
	be := binary.BigEndian
	w := &swept{
		out: outpointOf(key), path: bitcoin.Path(b[1]), alone: b[2]&flagAlone != 0, coins: b[2]&flagCoins != 0,
		rate: chain.SatPerKWeight(be.Uint32(b[3:])), start: chain.SatPerKWeight(be.Uint32(b[7:])),
		fee: btcutil.Amount(be.Uint64(b[11:])), attempts: be.Uint32(b[19:]),
		first: adjudicator.Height(be.Uint32(b[23:])), gone: adjudicator.Height(be.Uint32(b[27:])),
	}
	copy(w.txid[:], b[31:])
	w.ask.Rate = chain.SatPerKWeight(be.Uint32(b[63:]))
	w.ask.Budget = btcutil.Amount(be.Uint64(b[67:]))
	w.dest = append([]byte(nil), b[sweptFixed:]...)
	if w.fee < 0 || w.fee > btcutil.MaxSatoshi || w.ask.Budget < 0 || w.ask.Budget > btcutil.MaxSatoshi {
		return nil, fmt.Errorf("%w: a fee of %d and a budget of %d", errSweepRow, w.fee, w.ask.Budget)
	}
	return w, nil
}

func (t *sweepTx) encode() ([]byte, error) {
	flags := byte(0)
	if t.cpfp {
		flags |= flagCPFP
	}
	if len(t.claims) == 0 || len(t.claims) > math.MaxUint16 {
		return nil, fmt.Errorf("%w: %v takes %d outputs", errSweepRow, t.txid, len(t.claims))
	}
	b := []byte{sweptVersion, flags}
	b = binary.BigEndian.AppendUint32(b, uint32(t.rate))
	b = binary.BigEndian.AppendUint64(b, uint64(t.fee))
	b = binary.BigEndian.AppendUint16(b, uint16(len(t.claims)))
	b = append(b, outpointKey(t.claims[0])...)
	if t.tx == nil {
		return b, nil
	}
	raw := bytes.NewBuffer(b)
	if err := t.tx.Serialize(raw); err != nil {
		return nil, fmt.Errorf("enforce: transaction %v: %w", t.txid, err)
	}
	return raw.Bytes(), nil
}

func decodeSweepTx(key, b []byte) (*sweepTx, error) {
	if len(key) != chainhash.HashSize || len(b) < sweepTxFixed || b[0] != sweptVersion {
		return nil, fmt.Errorf("%w: transaction of %d bytes under a key of %d", errSweepRow, len(b), len(key))
	}
	t := &sweepTx{
		txid: chainhash.Hash(key), cpfp: b[1]&flagCPFP != 0,
		rate: chain.SatPerKWeight(binary.BigEndian.Uint32(b[2:])), fee: btcutil.Amount(binary.BigEndian.Uint64(b[6:])),
		claims: []wire.OutPoint{outpointOf(b[16:])},
	}
	if len(b) == sweepTxFixed {
		return t, nil
	}
	t.tx = new(wire.MsgTx)
	if err := t.tx.Deserialize(bytes.NewReader(b[sweepTxFixed:])); err != nil {
		return nil, fmt.Errorf("%w: transaction %v: %w", errSweepRow, t.txid, err)
	}
	n := int(binary.BigEndian.Uint16(b[14:]))
	if n == 0 || n > len(t.tx.TxIn) || t.tx.TxHash() != t.txid {
		return nil, fmt.Errorf("%w: transaction %v with %d inputs, %d of them claims", errSweepRow, t.txid, len(t.tx.TxIn), n)
	}
	t.claims = nil
	for i, in := range t.tx.TxIn {
		if i < n {
			t.claims = append(t.claims, in.PreviousOutPoint)
		} else {
			t.coins = append(t.coins, in.PreviousOutPoint)
		}
	}
	return t, nil
}

// load reads all rows.
func (s *Sweeper) load() error {
	var bad error
	err := s.cfg.DB.Scan(sweptBucket, nil, false, func(key, value []byte) bool {
		var row *swept
		if row, bad = decodeSwept(key, value); bad == nil {
			s.rows[row.out] = row
		}
		return bad == nil
	})
	if err != nil || bad != nil {
		return errors.Join(err, bad)
	}
	err = s.cfg.DB.Scan(sweepTxBucket, nil, false, func(key, value []byte) bool {
		var t *sweepTx
		if t, bad = decodeSweepTx(key, value); bad == nil {
			s.txs[t.txid] = t
		}
		return bad == nil
	})
	return errors.Join(err, bad)
}

// appendBytes is about how much goes into one append, far below what channeldb takes.
const appendBytes = 4 << 20

// save writes what changed, in a fixed order, after what is gone.
func (s *Sweeper) save(gone []channeldb.KV) error {
	puts, size := gone, 0
	put := func(bucket string, key, value []byte) {
		puts = append(puts, channeldb.KV{Bucket: bucket, Key: key, Value: value})
		size += len(value)
	}
	flush := func() error {
		if len(puts) == 0 {
			return nil
		}
		err := s.cfg.DB.Append(channeldb.Batch{Puts: puts})
		puts, size = nil, 0
		return err
	}
	for _, t := range inOrder(s.txs, func(t *sweepTx) bool { return t.dirty }, func(t *sweepTx) []byte { return t.txid[:] }) {
		b, err := t.encode()
		if err != nil {
			return err
		}
		t.dirty = false
		put(sweepTxBucket, bytes.Clone(t.txid[:]), b)
		if size > appendBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	for _, row := range inOrder(s.rows, func(w *swept) bool { return w.dirty }, func(w *swept) []byte { return outpointKey(w.out) }) {
		row.dirty = false
		put(sweptBucket, outpointKey(row.out), row.encode())
	}
	return flush()
}

// inOrder picks some of a map's values, sorted by a key of theirs.
func inOrder[K comparable, V any](all map[K]V, pick func(V) bool, key func(V) []byte) []V {
	var some []V
	for _, v := range all {
		if pick(v) {
			some = append(some, v)
		}
	}
	slices.SortFunc(some, func(a, b V) int { return bytes.Compare(key(a), key(b)) })
	return some
}
