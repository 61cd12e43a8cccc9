package contract

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	gethabi "github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// patience is how long one question to the chain may take: all channels wait for it.
const patience = 10 * time.Second

func (c *Court) asking() (context.Context, context.CancelFunc) {
	return context.WithTimeout(c.ctx, patience)
}

// posted reads the locks of the posted state off the transaction that posted it: in the contract's
// calldata, or in that of another contract that passed it on. The contract's locksHash says which it is.
func (r *resolver) posted(hash common.Hash) ([]evm.Lock, error) {
	ctx, stop := r.court.asking()
	defer stop()
	reader := r.court.cfg.Reader
	tx, err := reader.Transaction(ctx, hash)
	if err != nil {
		return nil, err
	}
	answer, err := reader.Call(ctx, r.court.cfg.Contract, abi.PackChannel(r.id), r.court.head.Hash)
	if err != nil {
		return nil, err
	}
	channel, err := abi.UnpackChannel(answer)
	if err != nil {
		return nil, err
	}
	return locksIn(tx.Data(), channel.LocksHash)
}

// locksIn finds the locks with a hash in the data of a transaction that called close, itself or by way
// of another contract.
func locksIn(data []byte, hash [32]byte) ([]evm.Lock, error) {
	method := closeMethod()
	for {
		i := bytes.Index(data, method.ID)
		if i < 0 {
			return nil, fmt.Errorf("contract: no close with locks of hash %x in the transaction", hash)
		}
		data = data[i+len(method.ID):]
		values, err := method.Inputs.Unpack(data)
		if err != nil || len(values) != 5 {
			continue
		}
		packed, ok := values[2].([]byte)
		if !ok || crypto.Keccak256Hash(packed) != hash {
			continue
		}
		locks, err := evm.UnpackLocks(packed)
		if locks == nil {
			locks = []evm.Lock{} // known to be none
		}
		return locks, err
	}
}

// closeMethod is the contract's close.
var closeMethod = sync.OnceValue(func() gethabi.Method {
	all := abi.GetABI()
	return all.Methods["close"]
})
