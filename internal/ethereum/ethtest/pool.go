package ethtest

import (
	"errors"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// pool holds what waits for a block, by account and nonce.
type pool struct {
	all    map[common.Address]map[uint64]*types.Transaction
	signer types.Signer
}

var (
	errKnown       = errors.New("already known")
	errNonce       = errors.New("nonce too low")
	errReplacement = errors.New("replacement transaction underpriced")
)

// add takes a transaction as go-ethereum's pool does: one that replaces another pays a tenth more in both fees.
func (p *pool) add(tx *types.Transaction, s *state) error {
	from, err := types.Sender(p.signer, tx)
	if err != nil {
		return err
	}
	if tx.Nonce() < s.nonces[from] {
		return errNonce
	}
	if s.balance(from).Cmp(tx.Cost()) < 0 {
		return errFunds
	}
	if tx.Gas() < intrinsic(tx.Data()) {
		return errors.New("intrinsic gas too low")
	}
	if old := p.all[from][tx.Nonce()]; old != nil {
		if old.Hash() == tx.Hash() {
			return errKnown
		}
		if !tenthMore(old.GasFeeCap(), tx.GasFeeCap()) || !tenthMore(old.GasTipCap(), tx.GasTipCap()) {
			return errReplacement
		}
	}
	p.put(from, tx)
	return nil
}

func (p *pool) put(from common.Address, tx *types.Transaction) {
	if p.all[from] == nil {
		p.all[from] = make(map[uint64]*types.Transaction)
	}
	p.all[from][tx.Nonce()] = tx
}

// back takes a transaction of a block that was lost.
func (p *pool) back(tx *types.Transaction) {
	if from, err := types.Sender(p.signer, tx); err == nil && p.all[from][tx.Nonce()] == nil {
		p.put(from, tx)
	}
}

func tenthMore(old, now *big.Int) bool {
	least := new(big.Int).Mul(old, big.NewInt(110))
	return new(big.Int).Mul(now, big.NewInt(100)).Cmp(least) >= 0
}

// Pool is what waits for a block.
func (c *Chain) Pool() []*types.Transaction {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []*types.Transaction
	for _, txs := range c.pool.all {
		for _, tx := range txs {
			all = append(all, tx)
		}
	}
	slices.SortFunc(all, func(a, b *types.Transaction) int {
		if a.Nonce() != b.Nonce() {
			return int(a.Nonce()) - int(b.Nonce())
		}
		return a.Hash().Cmp(b.Hash())
	})
	return all
}

// Send puts a transaction into the pool, as an endpoint would.
func (c *Chain) Send(tx *types.Transaction) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pool.add(tx, c.newest().after)
}

// Forget drops everything that waits for a block.
func (c *Chain) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.pool.all)
}

// emitted marks receipts of logs that no transaction made.
const emitted = 0x7f

// mine makes a block of what waits and pays the base fee, those with the highest tips first.
func (c *Chain) mine() {
	h, s := c.next(), c.newest().after.clone()
	var txs []*types.Transaction
	var receipts []*types.Receipt
	var gas uint64
	for {
		from, tx := c.best(s, h, gas)
		if tx == nil {
			break
		}
		delete(c.pool.all[from], tx.Nonce())
		r := c.execute(s, h, from, tx)
		gas += r.GasUsed
		txs, receipts = append(txs, tx), append(receipts, r)
	}
	for i := range c.emit {
		l := c.emit[i]
		tx := types.NewTx(&types.LegacyTx{Nonce: c.salt<<16 | uint64(i), Data: l.Data})
		txs = append(txs, tx)
		receipts = append(receipts, &types.Receipt{Type: emitted, Status: 1, Logs: []*types.Log{&l}})
	}
	c.emit = nil
	c.push(s, txs, receipts)
	for from, waiting := range c.pool.all { // what can never be in a block any more
		for nonce := range waiting {
			if nonce < s.nonces[from] {
				delete(waiting, nonce)
			}
		}
	}
}

func (c *Chain) best(s *state, h *types.Header, gas uint64) (common.Address, *types.Transaction) {
	var from common.Address
	var best *types.Transaction
	for who, waiting := range c.pool.all {
		tx := waiting[s.nonces[who]]
		if tx == nil || gas+tx.Gas() > h.GasLimit || s.balance(who).Cmp(tx.Cost()) < 0 {
			continue
		}
		if h.BaseFee != nil && tx.GasFeeCap().Cmp(h.BaseFee) < 0 {
			continue
		}
		if best == nil || tx.GasTipCap().Cmp(best.GasTipCap()) > 0 ||
			tx.GasTipCap().Cmp(best.GasTipCap()) == 0 && tx.Hash().Cmp(best.Hash()) < 0 {
			from, best = who, tx
		}
	}
	return from, best
}

func (c *Chain) env(h *types.Header) Env {
	return Env{ChainID: c.opt.ChainID, Number: h.Number.Uint64(), Time: h.Time, BaseFee: h.BaseFee}
}

func (c *Chain) execute(s *state, h *types.Header, from common.Address, tx *types.Transaction) *types.Receipt {
	price := tx.GasPrice()
	if h.BaseFee != nil {
		price = new(big.Int).Add(h.BaseFee, tx.GasTipCap())
		if price.Cmp(tx.GasFeeCap()) > 0 {
			price = tx.GasFeeCap()
		}
	}
	s.nonces[from]++
	m := Message{From: from, Value: tx.Value(), Data: tx.Data(), Gas: tx.Gas()}
	if tx.To() != nil {
		m.To = *tx.To()
	}
	s.sub(from, new(big.Int).Mul(price, new(big.Int).SetUint64(tx.Gas())))
	res, used, err := s.run(c.env(h), m)
	s.add(from, new(big.Int).Mul(price, new(big.Int).SetUint64(tx.Gas()-used)))
	r := &types.Receipt{Type: tx.Type(), Status: 1, GasUsed: used, EffectiveGasPrice: price, Logs: []*types.Log{}}
	if err != nil {
		r.Status = 0
	}
	for i := range res.Logs {
		r.Logs = append(r.Logs, &res.Logs[i])
	}
	return r
}
