package contract

import (
	"bytes"
	"context"
	"fmt"
	"time"

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
	answer, err := reader.Call(ctx, r.court.cfg.Contract, evm.PackChannel(r.id), r.court.head.Hash)
	if err != nil {
		return nil, err
	}
	channel, err := evm.UnpackChannel(answer)
	if err != nil {
		return nil, err
	}
	return locksIn(tx.Data(), channel.LocksHash)
}

// locksIn finds the locks with a hash in the data of a transaction that called close, itself or by way
// of another contract.
func locksIn(data []byte, hash [32]byte) ([]evm.Lock, error) {
	for {
		i := bytes.Index(data, closeSelector)
		if i < 0 {
			return nil, fmt.Errorf("contract: no close with locks of hash %x in the transaction", hash)
		}
		if c, err := evm.UnpackClose(data[i:]); err == nil && crypto.Keccak256Hash(c.Locks) == hash {
			locks, err := evm.UnpackLocks(c.Locks)
			if locks == nil {
				locks = []evm.Lock{} // known to be none
			}
			return locks, err
		}
		data = data[i+len(closeSelector):]
	}
}

// closeSelector begins the data of a call of close.
var closeSelector = evm.PackClose(evm.Params{}, evm.Commitment{}, nil, evm.Sig{}, evm.Sig{})[:4]
