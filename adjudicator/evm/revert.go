package evm

import "fmt"

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
