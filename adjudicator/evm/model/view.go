package model

import (
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
)

// View answers what the contract's views are asked, as eth_call does.
func (w *World) View(data []byte) ([]byte, error) {
	if len(data) < 4 {
		return nil, fmt.Errorf("%w: %d bytes", ErrCalldata, len(data))
	}
	definition := contract.GetABI()
	method, err := definition.MethodById(data[:4])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCalldata, err)
	}
	values, err := method.Inputs.Unpack(data[4:])
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrCalldata, method.Name, err)
	}
	var answer any
	switch method.Name {
	case "channel":
		answer = toBinding(w.Channel(values[0].([32]byte)))
	case "owed":
		owed := w.Owed(values[0].(common.Address), values[1].(common.Address))
		answer = owed.ToBig()
	case "owedNonce":
		answer = new(big.Int).SetUint64(w.OwedNonce(values[0].(common.Address)))
	case "domainSeparator":
		answer = w.DomainSeparator()
	default:
		return nil, fmt.Errorf("%w: %s is no view", ErrCalldata, method.Name)
	}
	return method.Outputs.Pack(answer)
}

func toBinding(c evm.Channel) binding.IAdjudicatorChannel {
	v := binding.IAdjudicatorChannel{
		Phase: uint8(c.Phase), DepA: c.DepA.ToBig(), DepB: c.DepB.ToBig(),
		WithdrawnA: c.WithdrawnA.ToBig(), WithdrawnB: c.WithdrawnB.ToBig(),
		Holder: c.Holder, Partly: c.Partly, Rev: c.Rev, Deadline: c.Deadline,
		ToHolder: c.ToHolder.ToBig(), Left: c.Left.ToBig(), Cap: c.Cap.ToBig(),
		Undecided: c.Undecided, LocksHash: c.LocksHash,
	}
	for i, word := range c.Decided {
		v.Decided[i] = word.ToBig()
	}
	return v
}
