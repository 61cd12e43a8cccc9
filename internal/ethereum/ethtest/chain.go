package ethtest

import (
	"encoding/binary"
	"math/big"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/trie"
)

// Options of a chain. The zero value is chain 1337 with EIP-1559 fees, a block each second.
type Options struct {
	ChainID   uint64
	Time      uint64   // of the first block; default 1,800,000,000
	BlockTime uint64   // seconds between blocks
	BaseFee   *big.Int // default 1 gwei
	Legacy    bool     // no EIP-1559
	SafeDepth uint64   // the tag "safe" is so many blocks below the head; default 1
	// FinalDepth is the same for "finalized"; default 2.
	FinalDepth uint64
	GasLimit   uint64 // of a block; default 30,000,000
}

// Chain is a chain in memory. Its methods may be called from any goroutine.
type Chain struct {
	t    testing.TB
	opt  Options
	mu   sync.Mutex
	all  []*block // by number
	salt uint64   // makes each block's hash differ
	warp uint64   // seconds that the next block is late
	emit []types.Log
	pool pool
	seen map[common.Hash]*block // every block that ever was
	subs map[chan *types.Header]bool
}

type block struct {
	header   *types.Header
	hash     common.Hash
	txs      []*types.Transaction
	receipts []*types.Receipt
	after    *state
}

// New makes a chain with its first block, number 0.
func New(t testing.TB, opt Options) *Chain {
	set := func(v *uint64, to uint64) {
		if *v == 0 {
			*v = to
		}
	}
	set(&opt.ChainID, 1337)
	set(&opt.Time, 1_800_000_000)
	set(&opt.BlockTime, 1)
	set(&opt.SafeDepth, 1)
	set(&opt.FinalDepth, 2)
	set(&opt.GasLimit, 30_000_000)
	if opt.BaseFee == nil {
		opt.BaseFee = Gwei(1)
	}
	c := &Chain{
		t: t, opt: opt, seen: make(map[common.Hash]*block), subs: make(map[chan *types.Header]bool),
		pool: pool{all: make(map[common.Address]map[uint64]*types.Transaction), signer: types.LatestSignerForChainID(new(big.Int).SetUint64(opt.ChainID))},
	}
	first := &state{coins: map[common.Address]*big.Int{}, nonces: map[common.Address]uint64{}, contracts: map[common.Address]Contract{}}
	c.push(first, nil, nil)
	return c
}

// Fork is a chain with the same blocks so far. From here on the two go their own ways, though not their contracts'
// calls before.
func (c *Chain) Fork() *Chain {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := New(c.t, c.opt)
	f.all = append([]*block(nil), c.all...)
	f.salt = c.salt + 1<<32
	for h, b := range c.seen {
		f.seen[h] = b
	}
	return f
}

// Deploy puts a contract at an address, from the newest block on.
func (c *Chain) Deploy(at common.Address, contract Contract) {
	c.change(func(s *state) { s.contracts[at] = contract })
}

// Fund gives an account coins, from the newest block on.
func (c *Chain) Fund(who common.Address, wei *big.Int) {
	c.change(func(s *state) { s.add(who, wei) })
}

func (c *Chain) change(f func(*state)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.newest().after.clone()
	f(s)
	c.newest().after = s
}

// SetBaseFee is the base fee from the next block on.
func (c *Chain) SetBaseFee(wei *big.Int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.opt.BaseFee = new(big.Int).Set(wei)
}

// SetFinal moves the tags: "safe" and "finalized" are so many blocks below the head.
func (c *Chain) SetFinal(safe, final uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.opt.SafeDepth, c.opt.FinalDepth = safe, final
}

// Warp makes the next block so many seconds later.
func (c *Chain) Warp(seconds uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.warp += seconds
}

// Mine makes n blocks; what waits in the pool and pays enough goes into them.
func (c *Chain) Mine(n int) {
	for range n {
		c.mu.Lock()
		c.mine()
		c.mu.Unlock()
	}
}

// MineEmpty makes n blocks without transactions, as under censorship.
func (c *Chain) MineEmpty(n int) {
	for range n {
		c.mu.Lock()
		c.push(c.newest().after, nil, nil)
		c.mu.Unlock()
	}
}

// Emit puts a log into the next block that is mined.
func (c *Chain) Emit(from common.Address, data []byte, topics ...common.Hash) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.emit = append(c.emit, types.Log{Address: from, Data: data, Topics: topics})
}

// Reorg takes the newest depth blocks away and puts length empty ones in their place. The
// transactions of the lost ones wait in the pool again; logs that were emitted are gone.
func (c *Chain) Reorg(depth, length int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if depth >= len(c.all) {
		c.t.Fatalf("ethtest: a reorganisation of %d of %d blocks", depth, len(c.all))
	}
	keep := len(c.all) - depth
	for _, b := range c.all[keep:] {
		for i, tx := range b.txs {
			if b.receipts[i].Type != emitted {
				c.pool.back(tx)
			}
		}
	}
	c.all = c.all[:keep:keep]
	for range length {
		c.push(c.newest().after, nil, nil)
	}
}

// Head is the newest block.
func (c *Chain) Head() *types.Header {
	c.mu.Lock()
	defer c.mu.Unlock()
	return types.CopyHeader(c.newest().header)
}

// Balance is an account's at the newest block.
func (c *Chain) Balance(who common.Address) *big.Int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.newest().after.balance(who)
}

// Nonce is an account's at the newest block.
func (c *Chain) Nonce(who common.Address) uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.newest().after.nonces[who]
}

// Receipt is of a transaction in a block, nil if it is in none.
func (c *Chain) Receipt(tx common.Hash) *types.Receipt {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, _, _ := c.find(tx)
	return r
}

// Logs are a block's.
func (c *Chain) Logs(number uint64) []types.Log {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []types.Log
	if number < uint64(len(c.all)) {
		for _, r := range c.all[number].receipts {
			for _, l := range r.Logs {
				all = append(all, *l)
			}
		}
	}
	return all
}

func (c *Chain) newest() *block { return c.all[len(c.all)-1] }

func (c *Chain) find(tx common.Hash) (*types.Receipt, *types.Transaction, *block) {
	for i := len(c.all) - 1; i >= 0; i-- {
		for j, t := range c.all[i].txs {
			if t.Hash() == tx {
				return c.all[i].receipts[j], t, c.all[i]
			}
		}
	}
	return nil, nil, nil
}

// next is the header of the block to come, without what it holds.
func (c *Chain) next() *types.Header {
	h := &types.Header{
		Number: new(big.Int), Time: c.opt.Time, Difficulty: new(big.Int), GasLimit: c.opt.GasLimit,
		UncleHash: types.EmptyUncleHash,
	}
	if len(c.all) > 0 {
		last := c.newest()
		h.ParentHash, h.Time = last.hash, last.header.Time+c.opt.BlockTime+c.warp
		h.Number.SetUint64(last.header.Number.Uint64() + 1)
	}
	if !c.opt.Legacy {
		h.BaseFee = new(big.Int).Set(c.opt.BaseFee)
	}
	return h
}

// push adds a block.
func (c *Chain) push(after *state, txs []*types.Transaction, receipts []*types.Receipt) {
	h := c.next()
	c.warp = 0
	c.salt++
	h.Extra = binary.BigEndian.AppendUint64(nil, c.salt)
	for i, r := range receipts {
		r.Bloom = types.CreateBloom(r)
		h.GasUsed += r.GasUsed
		r.CumulativeGasUsed, r.TransactionIndex, r.TxHash, r.BlockNumber = h.GasUsed, uint(i), txs[i].Hash(), h.Number
	}
	h.Bloom = types.MergeBloom(receipts)
	h.TxHash = types.DeriveSha(types.Transactions(txs), trie.NewStackTrie(nil))
	h.ReceiptHash = types.DeriveSha(types.Receipts(receipts), trie.NewStackTrie(nil))
	b := &block{header: h, hash: h.Hash(), txs: txs, receipts: receipts, after: after}
	index := uint(0)
	for i, r := range receipts {
		r.BlockHash = b.hash
		for _, l := range r.Logs {
			l.BlockHash, l.BlockNumber, l.BlockTimestamp, l.TxHash, l.TxIndex, l.Index = b.hash, h.Number.Uint64(), h.Time, r.TxHash, uint(i), index
			index++
		}
	}
	c.all = append(c.all, b)
	c.seen[b.hash] = b
	for sub := range c.subs {
		select {
		case sub <- h:
		default:
		}
	}
}
