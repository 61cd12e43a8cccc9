package model_test

import (
	"encoding/hex"
	"errors"
	"math/big"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/params"
	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
)

// gasLimit is a block's: what a call has when nobody starves it.
const gasLimit = 30_000_000

// machine is go-ethereum's EVM with the compiled contract on it.
type machine struct {
	state    *state.StateDB
	vm       *vm.EVM
	contract common.Address
	natives  vm.PrecompiledContracts
	calls    int
}

// outcome is what a call came to.
type outcome struct {
	returned []byte
	err      error // nil, evm.Revert, or what else went wrong
	logs     []*types.Log
	gas      uint64 // used, without what a transaction costs of itself
}

// compiled is the contract's creation code, or that of a mutant of it, in hex in the file that
// NWND_ADJUDICATOR names.
var compiled = sync.OnceValues(func() ([]byte, error) {
	text := []byte(binding.AdjudicatorMetaData.Bin)
	if file := os.Getenv("NWND_ADJUDICATOR"); file != "" {
		var err error
		if text, err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	return hex.DecodeString(strings.TrimPrefix(strings.TrimSpace(string(text)), "0x"))
})

// chainConfig has every fork up to Cancun, and a chain id.
func chainConfig(chainID uint64) *params.ChainConfig {
	c := *params.MergedTestChainConfig
	c.ChainID = new(big.Int).SetUint64(chainID)
	c.PragueTime, c.OsakaTime = nil, nil
	return &c
}

// newMachine deploys the contract on a chain.
func newMachine(t testing.TB, chainID, now uint64) *machine {
	t.Helper()
	db, err := state.New(types.EmptyRootHash, state.NewDatabaseForTesting())
	if err != nil {
		t.Fatal(err)
	}
	m := &machine{state: db, natives: vm.PrecompiledContracts{}}
	m.on(chainID, now)
	m.begin(common.Address{1}, nil)
	code, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	_, m.contract, _, err = m.vm.Create(common.Address{1}, code, vm.NewGasBudget(gasLimit, 0), new(uint256.Int))
	if err != nil {
		t.Fatalf("the contract can't be deployed: %v", err)
	}
	db.Finalise(m.vm.GetRules())
	return m
}

// on moves the machine's state to a chain of another id.
func (m *machine) on(chainID, now uint64) {
	block := vm.BlockContext{
		CanTransfer: core.CanTransfer, Transfer: core.Transfer,
		GetHash:     func(uint64) common.Hash { return common.Hash{} },
		BlockNumber: big.NewInt(1), Time: now, Difficulty: new(big.Int), GasLimit: gasLimit,
		BaseFee: new(big.Int), BlobBaseFee: big.NewInt(1), Random: &common.Hash{},
	}
	m.vm = vm.NewEVM(block, m.state, chainConfig(chainID), vm.Config{})
	m.setNatives()
}

// native adds a contract that is written in Go.
func (m *machine) native(at common.Address, c vm.PrecompiledContract) {
	m.natives[at] = c
	m.state.SetCode(at, []byte{byte(vm.INVALID)}, tracing.CodeChangeUnspecified) // a contract to those who ask
	m.setNatives()
}

func (m *machine) setNatives() {
	all := vm.ActivePrecompiledContracts(m.vm.GetRules())
	for at, c := range m.natives {
		all[at] = c
	}
	m.vm.SetPrecompiles(all)
}

// begin is the start of a transaction: transient storage and the access list are empty.
func (m *machine) begin(sender common.Address, to *common.Address) {
	rules := m.vm.GetRules()
	m.vm.SetTxContext(vm.TxContext{Origin: sender, GasPrice: new(uint256.Int)})
	m.calls++
	m.state.SetTxContext(common.BigToHash(big.NewInt(int64(m.calls))), m.calls, 0)
	m.state.Prepare(rules, sender, common.Address{}, to, vm.ActivePrecompiles(rules), nil)
}

// call is a transaction to the contract. Unless keep, it is undone.
func (m *machine) call(sender common.Address, value evm.Amount, data []byte, gas uint64, keep bool) (o outcome) {
	m.begin(sender, &m.contract)
	before := m.state.Snapshot()
	ret, left, err := m.vm.Call(sender, m.contract, data, vm.NewGasBudget(gas, 0), &value)
	o = outcome{returned: ret, err: reason(ret, err), gas: gas - left.ExecutionGas}
	if err == nil {
		o.logs = m.state.GetLogs(common.BigToHash(big.NewInt(int64(m.calls))), 1, common.Hash{}, 0)
	}
	if !keep {
		o.logs = append([]*types.Log(nil), o.logs...)
		m.state.RevertToSnapshot(before)
		return o
	}
	m.state.Finalise(m.vm.GetRules())
	return o
}

// errNoReason is how the contract answers what is no call of it.
var errNoReason = errors.New("reverted without a reason")

// reason is the contract's error, if it gave one.
func reason(returned []byte, err error) error {
	if !errors.Is(err, vm.ErrExecutionReverted) {
		return err
	}
	if len(returned) == 0 {
		return errNoReason
	}
	r, unreadable := evm.UnpackRevert(returned)
	if unreadable != nil {
		return errors.Join(err, unreadable)
	}
	return r
}

// view asks the contract.
func (m *machine) view(t testing.TB, data []byte) []byte {
	t.Helper()
	ret, _, err := m.vm.StaticCall(common.Address{1}, m.contract, data, vm.NewGasBudget(gasLimit, 0))
	if err != nil {
		t.Fatalf("view %x: %v", data[:4], err)
	}
	return ret
}
