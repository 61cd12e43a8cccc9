package wallet

import "errors"

// Errors of this package.
var (
	ErrExists              = errors.New("wallet: there is a wallet already")
	ErrNotFound            = errors.New("wallet: there is no wallet yet")
	ErrWrongPassword       = errors.New("wallet: wrong password")
	ErrShortPassword       = errors.New("wallet: password too short")
	ErrNewer               = errors.New("wallet: a newer program has upgraded this wallet: use that one or a later one")
	ErrInUse               = errors.New("wallet: another process has the wallet open")
	ErrMnemonic            = errors.New("wallet: these words are no seed")
	ErrWrongSeedPassphrase = errors.New("wallet: wrong seed passphrase")
	ErrOffline             = errors.New("wallet: no connection to the chain")
	ErrInsufficientFunds   = errors.New("wallet: not enough coins")
	ErrReserve             = errors.New("wallet: reserved wallet balance invalidated: too little would be left to raise the fees of force closes")
	ErrDust                = errors.New("wallet: an output is too small to be relayed")
	ErrFeeRate             = errors.New("wallet: fee rate below what is relayed")
	ErrRejected            = errors.New("wallet: transaction rejected")
	ErrConflict            = errors.New("wallet: conflicts with a transaction that waits for a block")
	ErrMissingInputs       = errors.New("wallet: an input is unknown or spent")
	ErrFeeTooLow           = errors.New("wallet: fee below what the backend takes at present")
	ErrReleased            = errors.New("wallet: funding was released")
	ErrNoTransaction       = errors.New("wallet: no such transaction")
	ErrNothingToBump       = errors.New("wallet: fee can't be bumped")
	ErrBudget              = errors.New("wallet: fee is over the budget")
	ErrNoCoin              = errors.New("wallet: no such coin")
	ErrLeased              = errors.New("wallet: coin is leased")
	ErrLabelled            = errors.New("wallet: transaction has a label already")
	ErrAddressKind         = errors.New("wallet: unknown kind of address")
)
