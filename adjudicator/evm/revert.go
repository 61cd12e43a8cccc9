package evm

import (
	"fmt"
	"math/big"
)

// Revert is why the contract refused a call: an error of IAdjudicator by name. It is comparable.
type Revert struct {
	Name string
	Arg  uint64 // the phase of WrongPhase, the index of WrongPreimage
}

func (r Revert) Error() string {
	switch r.Name {
	case "WrongPhase":
		return fmt.Sprintf("evm: the contract refuses: WrongPhase(%v)", Phase(r.Arg))
	case "WrongPreimage":
		return fmt.Sprintf("evm: the contract refuses: WrongPreimage(%d)", r.Arg)
	}
	return "evm: the contract refuses: " + r.Name
}

// What the contract may answer; IAdjudicator.sol says when.
var (
	ErrNothingArrived     = Revert{Name: "NothingArrived"}
	ErrUnexpectedValue    = Revert{Name: "UnexpectedValue"}
	ErrWrongSide          = Revert{Name: "WrongSide"}
	ErrTooMuch            = Revert{Name: "TooMuch"}
	ErrWrongSignature     = Revert{Name: "WrongSignature"}
	ErrWrongLocks         = Revert{Name: "WrongLocks"}
	ErrLocksDiffer        = Revert{Name: "LocksDiffer"}
	ErrNotConserved       = Revert{Name: "NotConserved"}
	ErrDepositsMissing    = Revert{Name: "DepositsMissing"}
	ErrWithdrawalsMissing = Revert{Name: "WithdrawalsMissing"}
	ErrLower              = Revert{Name: "Lower"}
	ErrWrongClaims        = Revert{Name: "WrongClaims"}
	ErrTooEarly           = Revert{Name: "TooEarly"}
	ErrUndecided          = Revert{Name: "Undecided"}
	ErrWrongSecret        = Revert{Name: "WrongSecret"}
	ErrNothingOwed        = Revert{Name: "NothingOwed"}
	ErrReentered          = Revert{Name: "Reentered"}
	ErrGasTooLow          = Revert{Name: "GasTooLow"}
	ErrTransferFailed     = Revert{Name: "TransferFailed"}
)

// ErrWrongPhase is the answer to a call that the channel's phase doesn't allow.
func ErrWrongPhase(p Phase) Revert { return Revert{Name: "WrongPhase", Arg: uint64(p)} }

// ErrWrongPreimage is the answer to a claim whose preimage doesn't fit its lock.
func ErrWrongPreimage(index uint64) Revert { return Revert{Name: "WrongPreimage", Arg: index} }

// UnpackRevert reads the data of a call that reverted.
func UnpackRevert(data []byte) (Revert, error) {
	if len(data) < 4 {
		return Revert{}, fmt.Errorf("%w: a revert of %d bytes, want an error's selector", ErrView, len(data))
	}
	definition := abi.GetABI()
	reason, err := definition.ErrorByID([4]byte(data))
	if err != nil {
		return Revert{}, fmt.Errorf("%w: %w", ErrView, err)
	}
	values, err := reason.Inputs.Unpack(data[4:])
	if err != nil {
		return Revert{}, fmt.Errorf("%w: %s: %w", ErrView, reason.Name, err)
	}
	r := Revert{Name: reason.Name}
	if len(values) == 0 {
		return r, nil
	}
	switch v := values[0].(type) {
	case uint8:
		r.Arg = uint64(v)
	case *big.Int:
		if !v.IsUint64() {
			return Revert{}, fmt.Errorf("%w: %s(%v)", ErrView, reason.Name, v)
		}
		r.Arg = v.Uint64()
	}
	return r, nil
}
