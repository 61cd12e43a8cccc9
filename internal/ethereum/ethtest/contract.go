package ethtest

import (
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Contract is what stands at an address.
type Contract interface {
	// Exec runs a transaction or, on a clone whose state is thrown away, an eth_call. An error is a revert,
	// and leaves the contract as it was; Revert carries data with it.
	Exec(env Env, m Message) (Result, error)

	// Clone is a copy that shares nothing that changes: each block keeps one, for reorganisations.
	Clone() Contract
}

// Env is the block that a message runs in.
type Env struct {
	ChainID      uint64
	Number, Time uint64
	BaseFee      *big.Int
}

// Message is a transaction's or an eth_call's. Value has been moved to the contract's balance.
type Message struct {
	From, To common.Address
	Value    *big.Int
	Data     []byte
	Gas      uint64 // that is left after the intrinsic gas
}

// Result is what a message did.
type Result struct {
	Return []byte
	Gas    uint64 // beyond the intrinsic gas
	Logs   []types.Log
	Pay    []Payment // coins that leave the contract
}

// Payment moves coins out of a contract.
type Payment struct {
	To  common.Address
	Wei *big.Int
}

// Revert is an error with the data that a contract gave: a custom error, say.
type Revert struct{ Data []byte }

func (r Revert) Error() string { return "execution reverted" }

// ErrorCode implements rpc.Error as go-ethereum's node does.
func (Revert) ErrorCode() int { return 3 }

// ErrorData implements rpc.DataError.
func (r Revert) ErrorData() any { return fmt.Sprintf("%#x", r.Data) }

// Func is a contract without state.
type Func func(env Env, m Message) (Result, error)

// Exec implements Contract.
func (f Func) Exec(env Env, m Message) (Result, error) { return f(env, m) }

// Clone implements Contract.
func (f Func) Clone() Contract { return f }

// Ether is so many coins in wei.
func Ether(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), big.NewInt(1e18)) }

// Gwei is so many 1e9 wei.
func Gwei(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), big.NewInt(1e9)) }
