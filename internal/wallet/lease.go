package wallet

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btcwallet/wtxmgr"
)

// Lease is a coin that is set aside for whoever knows the lease's id, until it expires. It
// outlives a restart.
type Lease struct {
	ID      [32]byte
	Coin    wire.OutPoint
	Amount  btcutil.Amount
	Script  []byte
	Expires time.Time
}

// maxLeases bounds the coins that are leased at once.
const maxLeases = 1000

// Lease sets a coin aside, or prolongs a lease of the same id, and tells when it ends.
func (w *Wallet) Lease(id [32]byte, coin wire.OutPoint, length time.Duration) (time.Time, error) {
	w.coins.Lock()
	defer w.coins.Unlock()
	leases, err := w.Leases()
	if err != nil {
		return time.Time{}, err
	}
	if !slices.ContainsFunc(leases, func(l Lease) bool { return l.Coin == coin }) {
		coins, err := w.all()
		if err != nil {
			return time.Time{}, err
		}
		if !slices.ContainsFunc(coins, func(c Coin) bool { return c.Outpoint == coin && !c.Locked }) {
			return time.Time{}, fmt.Errorf("%w: %v is spent, set aside or not the wallet's", ErrNoCoin, coin)
		}
		if len(leases) >= maxLeases {
			return time.Time{}, fmt.Errorf("%w: %d coins are leased, no more may be", ErrLeased, len(leases))
		}
	}
	ends, err := w.w.LeaseOutput(wtxmgr.LockID(id), coin, length)
	return ends, leaseError(err, coin)
}

// Release ends a lease early.
func (w *Wallet) Release(id [32]byte, coin wire.OutPoint) error {
	w.coins.Lock()
	defer w.coins.Unlock()
	leases, err := w.Leases()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(leases, func(l Lease) bool { return l.Coin == coin }) {
		return fmt.Errorf("%w: %v is not leased", ErrNoCoin, coin)
	}
	return leaseError(w.w.ReleaseOutput(wtxmgr.LockID(id), coin), coin)
}

func leaseError(err error, coin wire.OutPoint) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, wtxmgr.ErrUnknownOutput):
		return fmt.Errorf("%w: %v", ErrNoCoin, coin)
	case errors.Is(err, wtxmgr.ErrOutputAlreadyLocked), errors.Is(err, wtxmgr.ErrOutputUnlockNotAllowed):
		return fmt.Errorf("%w: %v, under another id", ErrLeased, coin)
	}
	return fmt.Errorf("wallet: lease: %w", err)
}

// Leases lists those that haven't expired.
func (w *Wallet) Leases() ([]Lease, error) {
	found, err := w.w.ListLeasedOutputs()
	if err != nil {
		return nil, fmt.Errorf("wallet: leases: %w", err)
	}
	var all []Lease
	for _, l := range found {
		if time.Now().After(l.Expiration) {
			continue
		}
		all = append(all, Lease{
			ID: l.LockID, Coin: l.Outpoint, Amount: btcutil.Amount(l.Value), Script: l.PkScript, Expires: l.Expiration,
		})
	}
	return all, nil
}
