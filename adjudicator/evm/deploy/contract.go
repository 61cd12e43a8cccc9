package deploy

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/nichework/nwnd/adjudicator/evm/binding"
	"github.com/nichework/nwnd/htlc/eip712"
)

// Contract is what binding.Proxy is called with to make a contract, and the address that it gets.
type Contract struct {
	Address common.Address
	Data    []byte // salt and init code
}

// Adjudicator is the contract that holds channels: one on each chain.
func Adjudicator() Contract {
	var salt [32]byte
	_, at := binding.Deployment(salt)
	return Contract{Address: at, Data: binding.DeploymentCalldata(salt)}
}

// Terms of points.
type Terms struct {
	Name        string
	Symbol      string
	Decimals    uint8          // at most 24
	Issuer      common.Address // issues them and keeps the membership list
	MembersOnly bool
}

// ErrTerms says why points can't be created.
var ErrTerms = errors.New("deploy: unusable terms of points")

// Names of tokens are read by people.
const (
	maxName   = 64
	maxSymbol = 11
)

// Points is the contract of an issuer's token. Equal terms and salt are the same token.
func Points(t Terms, salt [32]byte) (Contract, error) {
	switch {
	case t.Name == "" || len(t.Name) > maxName:
		return Contract{}, fmt.Errorf("%w: the name has %d bytes, want 1 to %d", ErrTerms, len(t.Name), maxName)
	case t.Symbol == "" || len(t.Symbol) > maxSymbol:
		return Contract{}, fmt.Errorf("%w: the symbol has %d bytes, want 1 to %d", ErrTerms, len(t.Symbol), maxSymbol)
	case t.Decimals > eip712.MaxDecimals:
		return Contract{}, fmt.Errorf("%w: %d decimals, at most %d", ErrTerms, t.Decimals, eip712.MaxDecimals)
	case t.Issuer == (common.Address{}):
		return Contract{}, fmt.Errorf("%w: nobody issues them", ErrTerms)
	}
	arguments := binding.NewLoyaltyPoints().PackConstructor(t.Name, t.Symbol, t.Decimals, t.Issuer, t.MembersOnly)
	code := slices.Concat(common.FromHex(binding.LoyaltyPointsMetaData.Bin), arguments)
	return Contract{
		Address: crypto.CreateAddress2(binding.Proxy, salt, crypto.Keccak256(code)),
		Data:    slices.Concat(salt[:], code),
	}, nil
}
