package contract

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/holiman/uint256"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
	"github.com/nichework/nwnd/internal/ethereum"
)

const (
	testChainID  = 31337
	blockTime    = 60
	blockGas     = 30_000_000
	txGas        = 1 << 24 // EIP-7825
	genesisTime  = 1_800_000_000
	finalDepth   = 3
	startBalance = 1_000_000_000_000_000_000
)

// testProfile is a chain whose times are short.
var testProfile = evm.Profile{
	Name: "test", Finality: evm.Finality{Depth: finalDepth}, Settles: finalDepth * blockTime,
	Outage: 600, Ahead: 15, Behind: 60, Inclusion: 120, Polling: 60, Reaction: 600,
}

// chain is an EVM chain in memory: the compiled adjudicator in go-ethereum's EVM, in blocks that a test
// makes and unmakes. It needs no lock: everything runs on the test's goroutine.
type chain struct {
	t        testing.TB
	contract common.Address
	blocks   []*block
	depth    uint64 // of finality
	forks    uint64 // makes blocks of the same height differ
	senders  []*sender
	readers  []*follower
	posts    []post // calls of strangers and cheaters, for the next block
	kept     []post // of blocks that were undone
	away     bool
	undone   error // says that what was final was undone
	price    int64 // wei for a unit of gas
	reverted map[string]int
	largest  uint64 // the most gas that a transaction used
}

type block struct {
	ethereum.Head
	state *state.StateDB
	logs  []types.Log
	txs   []*types.Transaction
	calls []post
	gas   uint64
}

// post is one call of a contract.
type post struct {
	from  common.Address
	to    common.Address
	data  []byte
	value *big.Int
	limit uint64
}

func newChain(t testing.TB) *chain {
	st, err := state.New(types.EmptyRootHash, state.NewDatabaseForTesting())
	require.NoError(t, err)
	c := &chain{
		t: t, contract: common.Address{0xad}, depth: finalDepth, price: 1, reverted: make(map[string]int),
	}
	genesis := &block{Head: ethereum.Head{Time: genesisTime, Hash: common.Hash{1}}, state: st}
	c.blocks = []*block{genesis}
	creator := common.Address{0xc0}
	st.SetBalance(creator, uint256.NewInt(startBalance), tracing.BalanceChangeUnspecified)
	b := c.child(genesis, blockTime)
	result, err := c.run(b, creator, nil, common.FromHex(binding.AdjudicatorMetaData.Bin), nil, txGas)
	require.NoError(t, err)
	require.NoError(t, result.Err)
	c.contract = crypto.CreateAddress(creator, 0)
	b.logs, c.largest = nil, 0
	c.blocks = append(c.blocks, b)
	return c
}

func (c *chain) tip() *block { return c.blocks[len(c.blocks)-1] }

func (c *chain) final() *block {
	return c.blocks[max(0, len(c.blocks)-1-int(c.depth))]
}

// child is an empty block behind another one.
func (c *chain) child(parent *block, seconds uint64) *block {
	b := &block{Head: ethereum.Head{Number: parent.Number + 1, Time: parent.Time + seconds}, state: parent.state.Copy()}
	b.Hash = crypto.Keccak256Hash(parent.Hash[:], binary.BigEndian.AppendUint64(nil, c.forks), binary.BigEndian.AppendUint64(nil, b.Time))
	return b
}

func rules() *params.ChainConfig {
	c := *params.AllDevChainProtocolChanges
	c.ChainID, c.AmsterdamTime, c.BogotaTime = big.NewInt(testChainID), nil, nil
	return &c
}

// run executes a transaction in a block.
func (c *chain) run(b *block, from common.Address, to *common.Address, data []byte, value *big.Int, limit uint64) (*core.ExecutionResult, error) {
	tx := types.NewTx(&types.LegacyTx{
		To: to, Data: data, Value: value, Gas: limit, Nonce: b.state.GetNonce(from), GasPrice: new(big.Int).SetBytes(from[:]),
	})
	b.state.SetTxContext(tx.Hash(), len(b.txs), 0)
	env := vm.NewEVM(vm.BlockContext{
		CanTransfer: core.CanTransfer, Transfer: core.Transfer,
		GetHash:     func(n uint64) common.Hash { return c.blocks[n].Hash },
		BlockNumber: new(big.Int).SetUint64(b.Number), Time: b.Time, GasLimit: blockGas,
		Difficulty: new(big.Int), BaseFee: new(big.Int), BlobBaseFee: big.NewInt(1), Random: &common.Hash{},
	}, b.state, rules(), vm.Config{})
	coins := new(uint256.Int)
	if value != nil {
		coins.SetFromBig(value)
	}
	result, err := core.ApplyMessage(env, &core.Message{
		To: to, From: from, Nonce: tx.Nonce(), Value: coins, GasLimit: limit, Data: data,
		GasPrice: new(uint256.Int), GasFeeCap: new(uint256.Int), GasTipCap: new(uint256.Int),
	}, core.NewGasPool(blockGas-b.gas))
	if err != nil {
		return nil, err
	}
	b.state.Finalise(rules().Rules(new(big.Int).SetUint64(b.Number), true, b.Time))
	b.gas += result.UsedGas
	b.txs = append(b.txs, tx)
	c.largest = max(c.largest, result.UsedGas)
	for _, l := range b.state.GetLogs(tx.Hash(), b.Number, b.Hash, b.Time) {
		l := *l
		l.BlockNumber, l.BlockHash, l.BlockTimestamp = b.Number, b.Hash, b.Time
		b.logs = append(b.logs, l)
	}
	return result, nil
}

// post has a call in the next block, ahead of all others.
func (c *chain) post(data []byte) {
	c.posts = append(c.posts, post{from: common.Address{0xee}, to: c.contract, data: data, limit: 5_000_000})
}

// deposit has coins paid into a channel in the next block.
func (c *chain) deposit(p evm.Params, side uint8, amount evm.Amount) {
	c.posts = append(c.posts, post{
		from: common.Address{0xc0}, to: c.contract, data: evm.PackDeposit(p, side, amount), value: amount.ToBig(), limit: 1_000_000,
	})
}

// mine makes a block with everything that is wanted and worth its fee.
func (c *chain) mine(seconds uint64) {
	b := c.child(c.tip(), seconds)
	for _, p := range append(c.kept, c.posts...) {
		c.include(b, p, "")
	}
	c.posts, c.kept = nil, nil
	for _, s := range c.senders {
		if s.stuck {
			continue
		}
		for _, owner := range slices.Sorted(maps.Keys(s.wanted)) {
			s.wanted[owner] = slices.DeleteFunc(s.wanted[owner], func(call ethereum.Call) bool {
				return c.send(b, s, call)
			})
		}
	}
	c.blocks = append(c.blocks, b)
	c.tell()
}

// send includes a sender's call, if it pays; false if it has to wait.
func (c *chain) send(b *block, s *sender, call ethereum.Call) bool {
	limit := call.Gas
	if limit == 0 {
		limit = 5_000_000
	}
	trial := &block{Head: b.Head, state: c.tip().state.Copy()}
	result, err := c.run(trial, s.account, &call.To, call.Data, call.Value, limit)
	if err != nil {
		require.ErrorIs(c.t, err, core.ErrGasLimitReached)
		return false
	}
	fee := new(big.Int).Mul(new(big.Int).SetUint64(result.UsedGas), big.NewInt(c.price))
	if call.Worth != nil && fee.Cmp(call.Worth) > 0 {
		s.unpaid++
		return false
	}
	if result.Err != nil {
		return false // a call is tried at the head before it is sent
	}
	s.spent.Add(&s.spent, fee)
	return c.include(b, post{from: s.account, to: call.To, data: call.Data, value: call.Value, limit: limit}, call.What)
}

func (c *chain) include(b *block, p post, what string) bool {
	result, err := c.run(b, p.from, &p.to, p.data, p.value, p.limit)
	if err != nil {
		require.ErrorIs(c.t, err, core.ErrGasLimitReached, what)
		return false
	}
	b.calls = append(b.calls, p)
	c.note(result, what)
	return true
}

// note counts calls that the contract refused.
func (c *chain) note(result *core.ExecutionResult, what string) {
	if result.Err == nil {
		return
	}
	reason := result.Err.Error()
	if r, err := evm.UnpackRevert(result.ReturnData); err == nil {
		reason = r.Error()
	}
	c.reverted[fmt.Sprintf("%s: %s", what, reason)]++
}

// reorg undoes blocks, and makes as many others. If it keeps, the transactions come again in the first.
func (c *chain) reorg(depth int, keeps bool) {
	depth = min(depth, len(c.blocks)-2)
	cut := len(c.blocks) - depth
	if depth > int(c.depth) {
		c.undone = fmt.Errorf("%w: by the test", ethereum.ErrUndone)
		for _, f := range c.readers {
			f.after = min(f.after, uint64(cut)-1)
		}
	}
	for _, b := range c.blocks[cut:] {
		if keeps {
			c.kept = append(c.kept, b.calls...)
		}
	}
	c.blocks = c.blocks[:cut]
	c.forks++
	wanted := make([]map[string][]ethereum.Call, len(c.senders))
	for i, s := range c.senders { // they don't know yet
		wanted[i], s.wanted = s.wanted, make(map[string][]ethereum.Call)
	}
	away := c.away
	c.away = true
	for range depth {
		c.mine(blockTime)
	}
	c.away = away
	for i, s := range c.senders {
		s.wanted = wanted[i]
	}
	c.tell()
}

// balance is what an address has in coins at the tip.
func (c *chain) balance(who common.Address) *big.Int { return c.tip().state.GetBalance(who).ToBig() }
