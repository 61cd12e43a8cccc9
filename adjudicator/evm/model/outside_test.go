package model_test

import (
	"bytes"
	"maps"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/model"
)

// Tokens and receivers of coins are written once, and act in the model and in the EVM alike: what is
// under test is what the contract makes of them. How they behave is a mood, chosen before each call.

// answer is what a token or a receiver returns.
type answer struct {
	name     string
	returned []byte
	fails    bool
	gas      uint64 // that it needs
}

var (
	yes     = common.LeftPadBytes([]byte{1}, 32)
	answers = []answer{
		{name: "true", returned: yes},
		{name: "nothing"},
		{name: "false", returned: make([]byte, 32)},
		{name: "three bytes", returned: []byte{0, 0, 1}},
		{name: "true and more", returned: append(bytes.Clone(yes), 1, 2, 3)},
		{name: "two", returned: common.LeftPadBytes([]byte{2}, 32)},
		{name: "a megabyte", returned: make([]byte, 1<<20)},
		{name: "a megabyte that begins with true", returned: append(bytes.Clone(yes), make([]byte, 1<<20)...)},
		{name: "revert", returned: []byte("refused"), fails: true},
		{name: "revert with a megabyte", returned: make([]byte, 1<<20), fails: true},
		{name: "gas", fails: true, gas: 1 << 40},
		{name: "true, just in time", returned: yes, gas: 245_000},
	}
	coinAnswers = []answer{
		{name: "accept"},
		{name: "refuse", fails: true},
		{name: "gas", fails: true, gas: 1 << 40},
		{name: "a megabyte", returned: make([]byte, 1<<20)},
		{name: "accept, just in time", gas: 29_500},
	}
)

// How a token tells balances.
const (
	balanceTrue = iota
	balanceFails
	balanceShort
	balanceFalls // to nothing, after the transfer
	balanceSoars
	balances // how many there are
)

// mood is what a hostile token or receiver is up to during one call.
type mood struct {
	answer  answer
	still   bool // moves nothing
	fee     bool // keeps a tenth
	balance int
	strike  *call // made on the way
}

// half is what one of the two worlds knows of a mood in the course of a call.
type half struct {
	asked  int // for the balance
	struck []error
}

func (h *half) begin() { *h = half{} }

// hit makes the mood's call once.
func (h *half) hit(m *mood, do func(*call) error) {
	if m.strike != nil && len(h.struck) == 0 && m.answer.gas < gasLimit {
		h.struck = append(h.struck, nil)
		h.struck[0] = do(m.strike)
	}
}

// books are a token's balances.
type books interface {
	get(who common.Address) evm.Amount
	set(who common.Address, amount evm.Amount)
}

// move is what a token does when it is asked to transfer.
func (m *mood) move(b books, from, to common.Address, amount evm.Amount) (returned []byte, ok bool) {
	if m.answer.fails {
		return m.answer.returned, false
	}
	if m.still {
		return m.answer.returned, true
	}
	has := b.get(from)
	if has.Lt(&amount) {
		return nil, false
	}
	b.set(from, *new(evm.Amount).Sub(&has, &amount))
	if m.fee {
		amount.Sub(&amount, new(evm.Amount).Div(&amount, uint256.NewInt(10)))
	}
	has = b.get(to)
	b.set(to, *has.Add(&has, &amount))
	return m.answer.returned, true
}

// tell is what a token says of a balance.
func (m *mood) tell(h *half, b books, who common.Address) (balance evm.Amount, returned []byte, ok bool) {
	balance = b.get(who)
	h.asked++
	switch {
	case m.balance == balanceFails:
		return balance, nil, false
	case m.balance == balanceShort:
		return balance, make([]byte, 31), true
	case m.balance == balanceFalls && h.asked > 1:
		balance.Clear()
	case m.balance == balanceSoars && h.asked > 1:
		balance.Lsh(uint256.NewInt(1), 119)
	}
	word := balance.Bytes32()
	return balance, word[:], true
}

// modelToken is a token in the model.
type modelToken struct {
	at    common.Address
	mood  *mood
	half  *half
	books memory
}

type memory map[common.Address]evm.Amount

func (b memory) get(who common.Address) evm.Amount         { return b[who] }
func (b memory) set(who common.Address, amount evm.Amount) { b[who] = amount }

func (t modelToken) Clone() model.Token {
	t.books = maps.Clone(t.books)
	return t
}

func (t modelToken) BalanceOf(_ *model.World, who common.Address) (evm.Amount, bool) {
	balance, returned, ok := t.mood.tell(t.half, t.books, who)
	return balance, ok && len(returned) >= 32
}

func (t modelToken) Transfer(w *model.World, from, to common.Address, amount evm.Amount) ([]byte, bool) {
	t.half.hit(t.mood, func(c *call) error { return c.inModel(w, t.at) })
	return t.mood.move(t.books, from, to, amount)
}

func (t modelToken) TransferFrom(w *model.World, _, from, to common.Address, amount evm.Amount) ([]byte, bool) {
	return t.Transfer(w, from, to, amount)
}

// modelReceiver is a receiver of coins in the model.
type modelReceiver struct {
	at   common.Address
	mood *mood
	half *half
}

func (r modelReceiver) Receive(w *model.World, _ evm.Amount) bool {
	r.half.hit(r.mood, func(c *call) error { return c.inModel(w, r.at) })
	return !r.mood.answer.fails
}

// refuser is a contract that takes no coins, in the model.
type refuser struct{}

func (refuser) Receive(*model.World, evm.Amount) bool { return false }

// native is a token or a receiver in the EVM.
type native struct {
	m     *machine
	at    common.Address
	token bool
	mood  *mood
	half  *half
}

func (n native) Name() string { return "native" }

// The calls that a token answers.
var (
	balanceOf    = [4]byte{0x70, 0xa0, 0x82, 0x31}
	transferFrom = [4]byte{0x23, 0xb8, 0x72, 0xdd}
)

func (n native) RequiredGas(input []byte) uint64 {
	if n.token && (len(input) < 4 || [4]byte(input) == balanceOf) {
		return 0
	}
	return n.mood.answer.gas
}

func (n native) get(who common.Address) (balance evm.Amount) {
	word := n.m.state.GetState(n.at, common.BytesToHash(who[:]))
	balance.SetBytes(word[:])
	return balance
}

func (n native) set(who common.Address, amount evm.Amount) {
	n.m.state.SetState(n.at, common.BytesToHash(who[:]), amount.Bytes32())
}

func (n native) Run(input []byte) ([]byte, error) {
	if n.token && len(input) < 4 {
		return reply(nil, false) // tokens take no coins
	}
	if n.token && [4]byte(input) == balanceOf {
		_, returned, ok := n.mood.tell(n.half, n, common.BytesToAddress(input[4:36]))
		return reply(returned, ok)
	}
	n.half.hit(n.mood, func(c *call) error {
		ret, _, err := n.m.vm.Call(n.at, n.m.contract, c.data, vm.NewGasBudget(gasLimit, 0), new(uint256.Int))
		return reason(ret, err)
	})
	if !n.token {
		return reply(n.mood.answer.returned, !n.mood.answer.fails)
	}
	from, args := n.m.contract, input[4:]
	if [4]byte(input) == transferFrom {
		from, args = common.BytesToAddress(args[:32]), args[32:]
	}
	var amount evm.Amount
	amount.SetBytes(args[32:64])
	return reply(n.mood.move(n, from, common.BytesToAddress(args[:32]), amount))
}

func reply(returned []byte, ok bool) ([]byte, error) {
	if !ok {
		return returned, vm.ErrExecutionReverted
	}
	return returned, nil
}
