package ethereum

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
)

// estimate gives the gas that a call needs, or says that the contract refuses it. Of an urgent one it counts only if all say so who
// have the head: to be wrong costs gas, to believe who lies or is broken costs what the call is worth.
func (r *sending) estimate(ctx context.Context, args map[string]any, urgent bool) (uint64, error) {
	var refused *Revert
	var errs []error
	for _, e := range r.c.fitNow() {
		if refused != nil && e.report().head.Number < r.head.Number {
			continue
		}
		var gas hexutil.Uint64
		err := r.c.revertOf(e.call(ctx, &gas, "eth_estimateGas", args))
		revert := new(Revert)
		switch {
		case err == nil:
			return uint64(gas), nil
		case !errors.As(err, &revert):
			errs = append(errs, fmt.Errorf("%s: %w", e.name, err))
		case !urgent:
			return 0, revert
		case refused == nil:
			refused = revert
		}
	}
	if refused != nil {
		return 0, refused
	}
	return 0, noneSaid(errs)
}

// noneSaid is why no endpoint had an answer.
func noneSaid(errs []error) error {
	if slices.ContainsFunc(errs, answered) {
		return fmt.Errorf("ethereum: %w", errors.Join(errs...))
	}
	return errors.Join(append([]error{ErrNoEndpoint}, errs...)...)
}

// receiptOf asks one endpoint after the other for a transaction's receipt, nil if none has it: one of them may have yet to
// index its block.
func (r *sending) receiptOf(ctx context.Context, tx common.Hash) (*types.Receipt, error) {
	var errs []error
	ends := r.c.fitNow()
	if len(ends) == 0 {
		return nil, ErrNoEndpoint
	}
	for _, e := range ends {
		var receipt *types.Receipt
		if err := e.call(ctx, &receipt, "eth_getTransactionReceipt", tx); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", e.name, err))
			continue
		}
		if receipt == nil || receipt.TxHash != tx || receipt.BlockNumber == nil || !receipt.BlockNumber.IsUint64() {
			continue
		}
		if block := blockOf(receipt); block.Number <= r.head.Number && r.has(block) {
			return receipt, nil
		}
	}
	return nil, errors.Join(errs...)
}

// blockOf is where a receipt says that its transaction is.
func blockOf(receipt *types.Receipt) Head {
	return Head{Number: receipt.BlockNumber.Uint64(), Hash: receipt.BlockHash}
}

// plausible leaves out nonces that are far below what is known to be used up, unless two endpoints tell the same: one that
// has lost its state says 0, and who believes it takes what waits for a false nonce, and pays once more with another one.
func (r *sending) plausible(a common.Address, nonces []uint64) ([]uint64, error) {
	if len(nonces) > 1 && slices.Min(nonces) == slices.Max(nonces) {
		r.used[a] = nonces[0]
		return nonces, nil
	}
	var good []uint64
	for _, n := range nonces {
		if n+maxGap >= r.used[a] {
			good = append(good, n)
		}
	}
	if len(good) == 0 {
		return nil, fmt.Errorf("ethereum: %v is said to have sent %d transactions, and sent %d before", a, slices.Min(nonces), r.used[a])
	}
	return good, nil
}
