package model

import (
	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// ClaimOwed pays what could not be pushed to its receiver, to whom that receiver says.
func (w *World) ClaimOwed(sender, token, who, to common.Address, sig evm.Sig) ([]evm.Event, error) {
	return w.transact(func() error {
		if sender != who {
			if !signed(w.OwedDigest(token, who, to, w.nonces[who]), sig, who) {
				return evm.ErrWrongSignature
			}
			w.nonces[who]++
		}
		amount := w.owed[debt{token, who}]
		if amount.IsZero() {
			return evm.ErrNothingOwed
		}
		delete(w.owed, debt{token, who})
		w.emit(evm.OwedClaimed{Token: token, Who: who, To: to, Amount: amount})
		if !w.transfer(token, to, amount) {
			return evm.ErrTransferFailed
		}
		return nil
	})
}
