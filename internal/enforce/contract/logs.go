package contract

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/core/types"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
)

var abi = binding.NewAdjudicator()

// errLog says that a log is none of the adjudicator's.
var errLog = errors.New("contract: not a log of the adjudicator")

// readEvent decodes a log of the adjudicator.
func readEvent(l *types.Log) (evm.Event, error) {
	if len(l.Topics) == 0 {
		return nil, fmt.Errorf("%w: it has no topic", errLog)
	}
	for _, read := range readers {
		if e, err := read(l); err == nil {
			return e, nil
		}
	}
	return nil, fmt.Errorf("%w: topic %v with %d bytes", errLog, l.Topics[0], len(l.Data))
}

var readers = [...]func(*types.Log) (evm.Event, error){
	func(l *types.Log) (evm.Event, error) {
		e, err := abi.UnpackDepositedEvent(l)
		if err != nil {
			return nil, err
		}
		return evm.Deposited{ID: e.Id, Side: e.Side, Amount: amount(e.Amount)}, nil
	},
	func(l *types.Log) (evm.Event, error) {
		e, err := abi.UnpackWithdrawnEvent(l)
		if err != nil {
			return nil, err
		}
		return evm.Withdrawn{ID: e.Id, TotalA: amount(e.TotalA), TotalB: amount(e.TotalB)}, nil
	},
	func(l *types.Log) (evm.Event, error) {
		e, err := abi.UnpackClosingEvent(l)
		if err != nil {
			return nil, err
		}
		return evm.Closing{
			ID: e.Id, Holder: e.Holder, N: e.N, Rev: e.Rev, Deadline: e.Deadline, ToA: amount(e.ToA), ToB: amount(e.ToB),
		}, nil
	},
	readResolved,
	func(l *types.Log) (evm.Event, error) {
		e, err := abi.UnpackSettledEvent(l)
		if err != nil {
			return nil, err
		}
		return evm.Settled{ID: e.Id, PaidA: amount(e.PaidA), PaidB: amount(e.PaidB), Ended: e.Ended}, nil
	},
	func(l *types.Log) (evm.Event, error) {
		e, err := abi.UnpackPunishedEvent(l)
		if err != nil {
			return nil, err
		}
		return evm.Punished{ID: e.Id, Tower: e.Tower, Bounty: amount(e.Bounty), Paid: amount(e.Paid)}, nil
	},
	func(l *types.Log) (evm.Event, error) {
		e, err := abi.UnpackCooperatedEvent(l)
		if err != nil {
			return nil, err
		}
		return evm.Cooperated{ID: e.Id, PaidA: amount(e.PaidA), PaidB: amount(e.PaidB)}, nil
	},
	func(l *types.Log) (evm.Event, error) {
		e, err := abi.UnpackOwedEvent(l)
		if err != nil {
			return nil, err
		}
		return evm.Owed{Token: e.Token, Who: e.Who, Amount: amount(e.Amount)}, nil
	},
	func(l *types.Log) (evm.Event, error) {
		e, err := abi.UnpackOwedClaimedEvent(l)
		if err != nil {
			return nil, err
		}
		return evm.OwedClaimed{Token: e.Token, Who: e.Who, To: e.To, Amount: amount(e.Amount)}, nil
	},
}

func readResolved(l *types.Log) (evm.Event, error) {
	e, err := abi.UnpackResolvedEvent(l)
	if err != nil {
		return nil, err
	}
	claims, err := evm.UnpackClaims(e.Claims)
	if err != nil {
		return nil, err
	}
	if len(e.Refunds)%2 != 0 {
		return nil, fmt.Errorf("%w: refunds of %d bytes", errLog, len(e.Refunds))
	}
	r := evm.Resolved{ID: e.Id, Claims: claims}
	for b := e.Refunds; len(b) > 0; b = b[2:] {
		r.Refunds = append(r.Refunds, binary.BigEndian.Uint16(b))
	}
	return r, nil
}

func amount(n *big.Int) (a evm.Amount) {
	a.SetFromBig(n)
	return a
}
