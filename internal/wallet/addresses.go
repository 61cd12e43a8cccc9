package wallet

import (
	"fmt"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcwallet/waddrmgr"
	"github.com/btcsuite/btcwallet/walletdb"
)

// Address is one that was derived.
type Address struct {
	Address  string
	Kind     AddressKind
	Internal bool // for change
	Balance  btcutil.Amount
	Path     string
	Key      []byte // public
}

// Addresses lists all of the default accounts, with what is unspent on each, in the order of
// derivation.
func (w *Wallet) Addresses() ([]Address, error) {
	coins, err := w.all()
	if err != nil {
		return nil, err
	}
	holds := make(map[string]btcutil.Amount, len(coins))
	for _, c := range coins {
		holds[c.Address.EncodeAddress()] += c.Amount
	}
	var all []Address
	for _, kind := range []AddressKind{P2WKH, P2TR} {
		scope, err := kind.scope()
		if err != nil {
			return nil, err
		}
		manager, err := w.w.Manager.FetchScopedKeyManager(scope)
		if err != nil {
			return nil, fmt.Errorf("wallet: addresses: %w", err)
		}
		err = walletdb.View(w.db, func(tx walletdb.ReadTx) error {
			return manager.ForEachAccountAddress(tx.ReadBucket(addrBucket), waddrmgr.DefaultAccountNum,
				func(m waddrmgr.ManagedAddress) error {
					all = append(all, address(m, kind, holds))
					return nil
				})
		})
		if err != nil {
			return nil, fmt.Errorf("wallet: addresses: %w", err)
		}
	}
	return all, nil
}

func address(m waddrmgr.ManagedAddress, kind AddressKind, holds map[string]btcutil.Amount) Address {
	a := Address{Address: m.Address().EncodeAddress(), Kind: kind, Internal: m.Internal()}
	a.Balance = holds[a.Address]
	key, ok := m.(waddrmgr.ManagedPubKeyAddress)
	if !ok {
		return a
	}
	a.Key = key.PubKey().SerializeCompressed()
	if scope, p, known := key.DerivationInfo(); known {
		a.Path = fmt.Sprintf("m/%d'/%d'/%d'/%d/%d", scope.Purpose, scope.Coin, p.InternalAccount, p.Branch, p.Index)
	}
	return a
}
