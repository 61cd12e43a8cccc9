package evm

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// ErrLog says that a log entry is none of the adjudicator's events.
var ErrLog = errors.New("evm: not an event of the adjudicator")

// UnpackEvent reads an entry of the adjudicator's log. Its address and place are the caller's to look at.
func UnpackEvent(log *types.Log) (Event, error) {
	if len(log.Topics) == 0 {
		return nil, fmt.Errorf("%w: it has no topic", ErrLog)
	}
	definition := abi.GetABI()
	event, err := definition.EventByID(log.Topics[0])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLog, err)
	}
	unpack, ours := unpackers[event.Name]
	if !ours || len(log.Data) == 0 {
		return nil, fmt.Errorf("%w: %s with %d bytes", ErrLog, event.Name, len(log.Data))
	}
	e, err := unpack(log)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrLog, event.Name, err)
	}
	return e, nil
}

// unpackers read the log entries of an event by its name.
var unpackers = map[string]func(*types.Log) (Event, error){
	"Deposited": func(log *types.Log) (Event, error) {
		v, err := abi.UnpackDepositedEvent(log)
		if err != nil {
			return nil, err
		}
		return Deposited{ID: v.Id, Side: v.Side, Amount: amountOf(v.Amount)}, nil
	},
	"Withdrawn": func(log *types.Log) (Event, error) {
		v, err := abi.UnpackWithdrawnEvent(log)
		if err != nil {
			return nil, err
		}
		return Withdrawn{ID: v.Id, TotalA: amountOf(v.TotalA), TotalB: amountOf(v.TotalB)}, nil
	},
	"Closing": func(log *types.Log) (Event, error) {
		v, err := abi.UnpackClosingEvent(log)
		if err != nil {
			return nil, err
		}
		return Closing{
			ID: v.Id, Holder: v.Holder, N: v.N, Rev: v.Rev, Deadline: v.Deadline,
			ToA: amountOf(v.ToA), ToB: amountOf(v.ToB),
		}, nil
	},
	"Resolved": func(log *types.Log) (Event, error) {
		v, err := abi.UnpackResolvedEvent(log)
		if err != nil {
			return nil, err
		}
		claims, err := UnpackClaims(v.Claims)
		if err != nil {
			return nil, err
		}
		refunds, err := unpackIndices(v.Refunds)
		if err != nil {
			return nil, err
		}
		return Resolved{ID: v.Id, Claims: claims, Refunds: refunds}, nil
	},
	"Settled": func(log *types.Log) (Event, error) {
		v, err := abi.UnpackSettledEvent(log)
		if err != nil {
			return nil, err
		}
		return Settled{ID: v.Id, PaidA: amountOf(v.PaidA), PaidB: amountOf(v.PaidB), Ended: v.Ended}, nil
	},
	"Punished": func(log *types.Log) (Event, error) {
		v, err := abi.UnpackPunishedEvent(log)
		if err != nil {
			return nil, err
		}
		return Punished{ID: v.Id, Tower: v.Tower, Bounty: amountOf(v.Bounty), Paid: amountOf(v.Paid)}, nil
	},
	"Cooperated": func(log *types.Log) (Event, error) {
		v, err := abi.UnpackCooperatedEvent(log)
		if err != nil {
			return nil, err
		}
		return Cooperated{ID: v.Id, PaidA: amountOf(v.PaidA), PaidB: amountOf(v.PaidB)}, nil
	},
	"Owed": func(log *types.Log) (Event, error) {
		v, err := abi.UnpackOwedEvent(log)
		if err != nil {
			return nil, err
		}
		return Owed{Token: v.Token, Who: v.Who, Amount: amountOf(v.Amount)}, nil
	},
	"OwedClaimed": func(log *types.Log) (Event, error) {
		v, err := abi.UnpackOwedClaimedEvent(log)
		if err != nil {
			return nil, err
		}
		return OwedClaimed{Token: v.Token, Who: v.Who, To: v.To, Amount: amountOf(v.Amount)}, nil
	},
}

func unpackIndices(packed []byte) (indices []uint16, err error) {
	if len(packed)%2 != 0 {
		return nil, fmt.Errorf("refunds have %d bytes, want an even number", len(packed))
	}
	for ; len(packed) > 0; packed = packed[2:] {
		indices = append(indices, binary.BigEndian.Uint16(packed))
	}
	return indices, nil
}

func packIndices(indices []uint16) (packed []byte) {
	for _, i := range indices {
		packed = binary.BigEndian.AppendUint16(packed, i)
	}
	return packed
}

// PackEvent is the log entry that the contract at an address leaves for an event, without its place.
func PackEvent(at common.Address, e Event) types.Log {
	name, indexed, data := e.entry()
	event := abi.GetABI().Events[name]
	log := types.Log{Address: at, Topics: []common.Hash{event.ID}}
	for _, value := range indexed {
		switch v := value.(type) {
		case [32]byte:
			log.Topics = append(log.Topics, v)
		case common.Address:
			log.Topics = append(log.Topics, common.BytesToHash(v[:]))
		}
	}
	packed, err := event.Inputs.NonIndexed().Pack(data...)
	if err != nil {
		panic(fmt.Sprintf("evm: event %s is not as the ABI has it: %v", name, err)) // a test packs each
	}
	log.Data = packed
	return log
}
