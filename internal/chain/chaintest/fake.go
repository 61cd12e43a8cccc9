// Package chaintest is a bitcoin chain in memory that a test writes block by block. What follows
// it is the product's own follower.
package chaintest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/btcsuite/btcd/blockchain"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/chain"
)

// Fake is a chain.Chain (its Follower) and the hand that writes it. Every change is followed
// before the call that makes it returns; events arrive soon after. Blocks are ten minutes apart.
type Fake struct {
	*chain.Follower
	source *source
}

// New makes a chain of the genesis and 100 empty blocks, so that heights aren't near 0.
func New(t testing.TB) *Fake { return NewWith(t, chain.Config{}) }

// NewWith is New with options of the follower; its Poll is ignored.
func NewWith(t testing.TB, cfg chain.Config) *Fake {
	t.Helper()
	cfg.Poll = -1
	s := newSource()
	for range 100 {
		s.mine(nil)
	}
	return start(t, s, cfg)
}

func start(t testing.TB, s *source, cfg chain.Config) *Fake {
	t.Helper()
	follower, err := chain.Start(context.WithoutCancel(t.Context()), s, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(follower.Close)
	return &Fake{follower, s}
}

// Mine adds a block with what was published and then the given transactions, and returns its
// height. No transaction is checked: put into a block what you like.
func (f *Fake) Mine(txs ...*wire.MsgTx) int32 {
	f.source.mine(txs)
	f.follow()
	return f.Best().Height
}

// MineN adds n blocks, the first with what was published, and returns the height.
func (f *Fake) MineN(n int) int32 {
	for range n {
		f.source.mine(nil)
	}
	f.follow()
	return f.Best().Height
}

// Reorg replaces the last blocks by as many empty ones and one more. Their transactions are gone;
// put those that are to return into a block again.
func (f *Fake) Reorg(depth int) {
	f.source.reorg(depth)
	f.follow()
}

// Relay has the network know a transaction of others, as if it had been published.
func (f *Fake) Relay(tx *wire.MsgTx) {
	f.source.mu.Lock()
	f.source.relay(tx)
	f.source.mu.Unlock()
	f.follow()
}

// Publish implements chain.Chain. What waits for a block and spends the same is replaced, whatever it
// pays.
func (f *Fake) Publish(ctx context.Context, tx *wire.MsgTx) error {
	err := f.Follower.Publish(ctx, tx)
	if err == nil {
		f.follow()
	}
	return err
}

// Evict has the network forget what waits for a block.
func (f *Fake) Evict() {
	f.source.mu.Lock()
	f.source.pool = nil
	f.source.mu.Unlock()
	f.follow()
}

// Spend mines a transaction that spends an output, to no one, and returns it.
func (f *Fake) Spend(at wire.OutPoint) *wire.MsgTx {
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&at, nil, nil))
	tx.AddTxOut(wire.NewTxOut(0, []byte{0x6a}))
	f.Mine(tx)
	return tx
}

// Published gives what waits for a block.
func (f *Fake) Published() []*wire.MsgTx {
	f.source.mu.Lock()
	defer f.source.mu.Unlock()
	return append([]*wire.MsgTx(nil), f.source.pool...)
}

// SetPublishError has Publish fail with err; nil ends that.
func (f *Fake) SetPublishError(err error) {
	f.source.mu.Lock()
	defer f.source.mu.Unlock()
	f.source.refuse = err
}

// SetAway has every question go unanswered, as when the daemon is down, or ends that.
func (f *Fake) SetAway(away bool) {
	f.source.mu.Lock()
	f.source.away = away
	f.source.mu.Unlock()
	if !away {
		f.follow()
	}
}

// SetFee sets what the source says of fees; 0 is "no idea".
func (f *Fake) SetFee(rate chain.SatPerKWeight) {
	f.source.mu.Lock()
	defer f.source.mu.Unlock()
	f.source.fee = rate
}

// follow has the follower see what the source has. A source that is away is for later.
func (f *Fake) follow() {
	for range 3 {
		_ = f.Sync(context.Background())
	}
}

// source is a chain.Source in memory.
type source struct {
	mu     sync.Mutex
	chain  []*wire.MsgBlock
	all    map[chainhash.Hash]*wire.MsgBlock
	pool   []*wire.MsgTx
	refuse error
	away   bool
	fee    chain.SatPerKWeight
	nonce  uint32 // makes blocks of the same height differ

	asked    int // for blocks
	filtered int // asked for filters
	onFilter func()

	strict bool
}

func newSource() *source {
	s := &source{all: make(map[chainhash.Hash]*wire.MsgBlock)}
	s.append(nil)
	return s
}

// append adds a block. The caller holds the lock, or is alone.
func (s *source) append(txs []*wire.MsgTx) {
	s.nonce++
	coinbase := wire.NewMsgTx(1)
	coinbase.AddTxIn(wire.NewTxIn(&wire.OutPoint{Index: wire.MaxPrevOutIndex},
		fmt.Appendf(nil, "block %d", s.nonce), nil))
	coinbase.AddTxOut(wire.NewTxOut(50*btcutil.SatoshiPerBitcoin, []byte{0x51}))
	header := wire.BlockHeader{Nonce: s.nonce, Timestamp: time.Unix(1_700_000_000, 0)}
	if n := len(s.chain); n > 0 {
		header.PrevBlock = s.chain[n-1].BlockHash()
		header.Timestamp = s.chain[n-1].Header.Timestamp.Add(10 * time.Minute)
	}
	block := wire.NewMsgBlock(&header)
	list := []*btcutil.Tx{btcutil.NewTx(coinbase)}
	for _, tx := range txs {
		list = append(list, btcutil.NewTx(tx))
	}
	for _, tx := range list {
		block.Transactions = append(block.Transactions, tx.MsgTx())
	}
	block.Header.MerkleRoot = blockchain.CalcMerkleRoot(list, false)
	s.chain = append(s.chain, block)
	s.all[block.BlockHash()] = block
}

func (s *source) mine(txs []*wire.MsgTx) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, tx := range txs {
		s.pool = conflicting(s.pool, tx)
	}
	all := append(append([]*wire.MsgTx(nil), s.pool...), txs...)
	s.pool = nil
	s.append(all)
}

func (s *source) reorg(depth int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chain = s.chain[:max(1, len(s.chain)-depth)]
	for range depth + 1 {
		s.append(nil)
	}
	s.refill(s.pool)
}

// answer takes the lock for a question, unless there is no answer.
func (s *source) answer(ctx context.Context) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	if s.away {
		s.mu.Unlock()
		return nil, fmt.Errorf("%w: away", chain.ErrUnavailable)
	}
	return s.mu.Unlock, nil
}

func (s *source) Tip(ctx context.Context) (chainhash.Hash, int32, error) {
	unlock, err := s.answer(ctx)
	if err != nil {
		return chainhash.Hash{}, 0, err
	}
	defer unlock()
	last := len(s.chain) - 1
	return s.chain[last].BlockHash(), int32(last), nil
}

func (s *source) HashAt(ctx context.Context, height int32) (chainhash.Hash, error) {
	unlock, err := s.answer(ctx)
	if err != nil {
		return chainhash.Hash{}, err
	}
	defer unlock()
	if height < 0 || int(height) >= len(s.chain) {
		return chainhash.Hash{}, fmt.Errorf("%w: height %d", chain.ErrUnknownBlock, height)
	}
	return s.chain[height].BlockHash(), nil
}

func (s *source) Block(ctx context.Context, hash chainhash.Hash) (*wire.MsgBlock, error) {
	unlock, err := s.answer(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	s.asked++
	block, ok := s.all[hash]
	if !ok {
		return nil, fmt.Errorf("%w: %v", chain.ErrUnknownBlock, hash)
	}
	return block, nil
}

func (s *source) TxIDs(ctx context.Context, hash chainhash.Hash) ([]chainhash.Hash, error) {
	block, err := s.Block(ctx, hash)
	if err != nil {
		return nil, err
	}
	return block.TxHashes()
}

func (s *source) Unspent(ctx context.Context, at wire.OutPoint, _ chainhash.Hash) (*wire.TxOut, error) {
	unlock, err := s.answer(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	var out *wire.TxOut
	for _, block := range s.chain {
		for _, tx := range block.Transactions {
			for _, in := range tx.TxIn {
				if in.PreviousOutPoint == at {
					return nil, nil
				}
			}
			if int(at.Index) < len(tx.TxOut) && tx.TxHash() == at.Hash {
				out = tx.TxOut[at.Index]
			}
		}
	}
	return out, nil
}

func (s *source) Publish(ctx context.Context, tx *wire.MsgTx) error {
	unlock, err := s.answer(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if s.refuse != nil {
		return s.refuse
	}
	id := tx.TxHash()
	for _, block := range s.chain {
		for _, known := range block.Transactions {
			if known.TxHash() == id {
				return nil
			}
		}
	}
	if s.strict && !slices.ContainsFunc(s.pool, func(known *wire.MsgTx) bool { return known.TxHash() == id }) {
		if err := s.admit(tx); err != nil {
			return err
		}
	}
	s.relay(tx)
	return nil
}

// relay puts a transaction among those that wait, in the place of those that spend the same. The
// caller holds the lock.
func (s *source) relay(tx *wire.MsgTx) {
	id := tx.TxHash()
	if slices.ContainsFunc(s.pool, func(known *wire.MsgTx) bool { return known.TxHash() == id }) {
		return
	}
	s.pool = append(conflicting(s.pool, tx), tx)
}

// conflicting gives a pool without what spends the same as a transaction, and what spends that.
func conflicting(pool []*wire.MsgTx, tx *wire.MsgTx) []*wire.MsgTx {
	spent := make(map[wire.OutPoint]bool)
	for _, in := range tx.TxIn {
		spent[in.PreviousOutPoint] = true
	}
	gone := make(map[chainhash.Hash]bool)
	var kept []*wire.MsgTx
	for _, known := range pool {
		if known.TxHash() == tx.TxHash() {
			continue
		}
		if slices.ContainsFunc(known.TxIn, func(in *wire.TxIn) bool {
			return spent[in.PreviousOutPoint] || gone[in.PreviousOutPoint.Hash]
		}) {
			gone[known.TxHash()] = true
		} else {
			kept = append(kept, known)
		}
	}
	return kept
}

// Spenders implements chain.Mempool.
func (s *source) Spenders(ctx context.Context, outs []wire.OutPoint) (map[wire.OutPoint]chainhash.Hash, error) {
	unlock, err := s.answer(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	spenders := make(map[wire.OutPoint]chainhash.Hash)
	if len(s.pool) == 0 {
		return spenders, nil
	}
	asked := make(map[wire.OutPoint]bool, len(outs))
	for _, out := range outs {
		asked[out] = true
	}
	for _, tx := range s.pool {
		txid := tx.TxHash()
		for _, in := range tx.TxIn {
			if asked[in.PreviousOutPoint] {
				spenders[in.PreviousOutPoint] = txid
			}
		}
	}
	return spenders, nil
}

// Waiting implements chain.Mempool.
func (s *source) Waiting(ctx context.Context, txid chainhash.Hash) (*wire.MsgTx, error) {
	unlock, err := s.answer(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	for _, tx := range s.pool {
		if tx.TxHash() == txid {
			return tx, nil
		}
	}
	return nil, fmt.Errorf("%w: %v", chain.ErrNoSuchTx, txid)
}

func (s *source) EstimateFee(ctx context.Context, _ uint32) (chain.SatPerKWeight, error) {
	unlock, err := s.answer(ctx)
	if err != nil {
		return 0, err
	}
	defer unlock()
	return s.fee, nil
}
