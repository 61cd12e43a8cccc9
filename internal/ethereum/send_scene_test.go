package ethereum_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"encoding/hex"
	"errors"
	"math/big"
	"slices"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/ethereum/ethtest"
)

// book is a contract that remembers its calls. It refuses those that begin with 0xff, and those that begin with
// 0xee in blocks of odd numbers.
type book struct{ calls []string }

func (b *book) Exec(env ethtest.Env, m ethtest.Message) (ethtest.Result, error) {
	switch {
	case len(m.Data) > 0 && m.Data[0] == 0xff, len(m.Data) > 0 && m.Data[0] == 0xee && env.Number%2 == 1:
		return ethtest.Result{Gas: 1000}, ethtest.Revert{Data: []byte{0xde, 0xad, 0xbe, 0xef}}
	}
	b.calls = append(b.calls, hex.EncodeToString(m.Data))
	return ethtest.Result{Gas: 30_000, Logs: []types.Log{{Topics: []common.Hash{{1}}, Data: m.Data}}}, nil
}

func (b *book) Clone() ethtest.Contract { return &book{slices.Clone(b.calls)} }

// keys sign for accounts.
type keys []*ecdsa.PrivateKey

func (k keys) Addresses() []common.Address {
	var all []common.Address
	for _, key := range k {
		all = append(all, crypto.PubkeyToAddress(key.PublicKey))
	}
	return all
}

func (k keys) SignTx(from common.Address, tx *types.Transaction, chainID *big.Int) (*types.Transaction, error) {
	return types.SignTx(tx, types.LatestSignerForChainID(chainID), k[slices.Index(k.Addresses(), from)])
}

// shop is a scene whose Chain sends.
type shop struct {
	*scene
	keys  keys
	disk  *dbtest.Disk
	db    *channeldb.DB
	spied sync.Mutex
	paid  map[common.Address]map[uint64]*types.Transaction // the newest of each nonce
	sent  int
}

func newShop(t *testing.T, accounts int, opt ethtest.Options) *shop {
	opt.ChainID = chainID
	s := &shop{scene: newSceneOf(t, 2, opt), disk: dbtest.New(t), paid: make(map[common.Address]map[uint64]*types.Transaction)}
	for i := range accounts {
		key, err := crypto.ToECDSA(bytes.Repeat([]byte{byte(i + 1)}, 32))
		require.NoError(t, err)
		s.keys = append(s.keys, key)
		s.chain.Fund(s.keys.Addresses()[i], ethtest.Ether(10))
	}
	s.chain.Deploy(contract, &book{})
	s.chain.Mine(3)
	s.cfg.Signer = s.keys
	s.cfg.Reason = func(data []byte) string {
		if bytes.Equal(data, []byte{0xde, 0xad, 0xbe, 0xef}) {
			return "DeadBeef"
		}
		return ""
	}
	for _, e := range s.ends {
		e.Set(func(f *ethtest.Faults) { f.OnTx = s.watch })
	}
	return s
}

// watch checks of everything that is sent that it is durable, and pays no less than what was sent with its nonce before.
func (s *shop) watch(tx *types.Transaction) {
	from, err := types.Sender(types.LatestSignerForChainID(big.NewInt(chainID)), tx)
	if err != nil {
		s.Errorf("unsigned: %v", err)
		return
	}
	s.spied.Lock()
	defer s.spied.Unlock()
	if s.paid[from] == nil {
		s.paid[from] = make(map[uint64]*types.Transaction)
	}
	old := s.paid[from][tx.Nonce()]
	if old != nil && old.Hash() == tx.Hash() {
		return
	}
	raw, _ := tx.MarshalBinary()
	durable, replaced := false, false
	err = s.db.Scan("evm_sent", nil, false, func(_, row []byte) bool {
		durable = durable || bytes.Contains(row, raw)
		replaced = replaced || bytes.Contains(row, tx.Hash().Bytes())
		return true
	})
	switch {
	case durable:
	case replaced, errors.Is(err, channeldb.ErrClosed), errors.Is(err, channeldb.ErrStopped):
		return // what a process that has ended said last is heard late
	default:
		s.Errorf("a transaction was sent before it was durable (%v)", err)
	}
	if old != nil && (!moreByATenth(old.GasTipCap(), tx.GasTipCap()) || !moreByATenth(old.GasFeeCap(), tx.GasFeeCap())) {
		s.Errorf("a replacement pays %v and %v, before it %v and %v", tx.GasTipCap(), tx.GasFeeCap(), old.GasTipCap(), old.GasFeeCap())
	}
	s.paid[from][tx.Nonce()] = tx
	s.sent++
}

func moreByATenth(old, now *big.Int) bool {
	return new(big.Int).Mul(now, big.NewInt(10)).Cmp(new(big.Int).Mul(old, big.NewInt(11))) >= 0
}

func (s *shop) open() {
	db := s.disk.Open()
	s.spied.Lock()
	s.db = db
	s.spied.Unlock()
	s.cfg.DB = db
	s.start()
	s.synced()
}

// restart is the end of the process and another one.
func (s *shop) restart() {
	s.stop()
	s.open()
}

func (s *shop) want(owner string, calls ...ethereum.Call) { require.NoError(s, s.c.Want(owner, calls)) }

func call(data ...byte) ethereum.Call {
	return ethereum.Call{To: contract, Data: data, What: "call " + hex.EncodeToString(data)}
}

// waiting waits until so many transactions are in the pool.
func (s *shop) waiting(n int) {
	s.Helper()
	s.until("transactions in the pool", func() bool { return len(s.chain.Pool()) == n })
}

// calls are what the contract was called with in the newest block's state.
func (s *shop) calls() []string {
	var logs []string
	for n := uint64(0); n <= s.chain.Head().Number.Uint64(); n++ {
		for _, l := range s.chain.Logs(n) {
			logs = append(logs, hex.EncodeToString(l.Data))
		}
	}
	return logs
}

// state is a call's in Status.
func (s *shop) state(what string) ethereum.SendState {
	for _, st := range s.c.Status() {
		if st.What == what {
			return st.State
		}
	}
	return ""
}

// block mines what waits and lets the sender see it.
func (s *shop) block() {
	s.Helper()
	s.chain.Mine(1)
	s.synced()
}

// empty mines a block without transactions.
func (s *shop) empty() {
	s.Helper()
	s.chain.MineEmpty(1)
	s.synced()
}

// do runs a Do in the background.
func (s *shop) do(c ethereum.Call, depth uint64) (<-chan *types.Receipt, <-chan error, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	s.Cleanup(cancel)
	receipts, errs := make(chan *types.Receipt, 1), make(chan error, 1)
	chain := s.c
	go func() {
		r, err := chain.Do(ctx, c, depth)
		receipts <- r
		errs <- err
	}()
	return receipts, errs, cancel
}
