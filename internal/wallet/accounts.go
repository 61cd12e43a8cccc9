package wallet

import (
	"fmt"

	"github.com/btcsuite/btcwallet/waddrmgr"
)

// Account is all addresses of one kind.
type Account struct {
	Name               string
	Kind               AddressKind
	Key                string // extended public key (BIP 32)
	Path               string // of the account's key
	External, Internal uint32 // keys that were derived
}

// Accounts lists the default account of each kind, which are all there are.
func (w *Wallet) Accounts() ([]Account, error) {
	var all []Account
	for _, kind := range []AddressKind{P2WKH, P2TR} {
		scope, err := kind.scope()
		if err != nil {
			return nil, err
		}
		p, err := w.w.AccountProperties(scope, waddrmgr.DefaultAccountNum)
		if err != nil {
			return nil, fmt.Errorf("wallet: account: %w", err)
		}
		a := Account{
			Name: p.AccountName, Kind: kind, External: p.ExternalKeyCount, Internal: p.InternalKeyCount,
			Path: fmt.Sprintf("m/%d'/%d'/%d'", scope.Purpose, scope.Coin, waddrmgr.DefaultAccountNum),
		}
		if p.AccountPubKey != nil {
			a.Key = p.AccountPubKey.String()
		}
		all = append(all, a)
	}
	return all, nil
}
