package evm

import (
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm/binding"
)

var probe = binding.NewTokenProbe()

// ProbeCode stands at the adjudicator's and at an account's address while a token is tried (PackProbe). It is never on
// a chain.
func ProbeCode() []byte { return common.FromHex(binding.TokenProbeMetaData.Bin) }

// PackProbe moves base units of a token between an account and the adjudicator, which is called: as a deposit, and
// as a payout of what arrived; the payout is first if the adjudicator has them.
func PackProbe(token, account common.Address, amount *big.Int, held bool) []byte {
	return probe.PackRun(token, account, amount, held)
}

// Moved is what moving tokens did, in base units.
type Moved struct {
	Done    bool     // the token didn't refuse
	Taken   *big.Int // by which the payer's balance fell
	Arrived *big.Int // by which the receiver's rose
}

// UnpackProbe reads what a probe answers.
func UnpackProbe(answer []byte) (deposit, payout Moved, err error) {
	v, err := probe.UnpackRun(answer)
	if err != nil {
		return Moved{}, Moved{}, fmt.Errorf("%w: a probe's: %w", ErrAnswer, err)
	}
	return Moved(v.Deposit), Moved(v.Payout), nil
}

// Rebasing is a family of tokens whose balances change by themselves, and a call that only its tokens answer, with
// one word.
type Rebasing struct {
	Family string
	Call   []byte
}

// RebasingFamilies are those that are widely held. The functions are those of their published interfaces.
func RebasingFamilies() []Rebasing {
	nobody := make([]byte, 32)
	return []Rebasing{
		{"stETH, USDM and other tokens of shares", calldata("sharesOf(address)", nobody)},
		{"Aave's aTokens, Ampleforth", calldata("scaledBalanceOf(address)", nobody)},
		{"Aave's aTokens, Ampleforth", calldata("scaledTotalSupply()")},
		{"OUSD, OETH", calldata("rebasingCreditsPerToken()")},
		{"sOHM", calldata("gonsForBalance(uint256)", nobody)},
		{"Compound III", calldata("baseTrackingSupplySpeed()")},
	}
}

// PackNonsense calls a function that no token has: who answers it answers anything.
var PackNonsense = selector("nwndAsksWhatNobodyAnswers()")
