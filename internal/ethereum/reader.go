package ethereum

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

// Revert says that a contract refused a call.
type Revert struct {
	Data   []byte // as the contract gave it: a custom error's selector and arguments
	Reason string // the same for people
}

func (r *Revert) Error() string { return "ethereum: the contract refused: " + r.Reason }

// ErrUnknown says that a transaction is in no block.
var ErrUnknown = errors.New("ethereum: the transaction is in no block")

// codeRevert is the JSON-RPC error of a call that reverted.
const codeRevert = 3

// revertOf makes a Revert of an endpoint's answer that is one.
func (c *Chain) revertOf(err error) error {
	var a *answerError
	if !errors.As(err, &a) || a.code != codeRevert && !strings.Contains(a.text, "revert") {
		return err
	}
	r := &Revert{Reason: a.text}
	if text, ok := a.data.(string); ok {
		r.Data, _ = hex.DecodeString(strings.TrimPrefix(text, "0x"))
	}
	if reason, err := abi.UnpackRevert(r.Data); err == nil {
		r.Reason = printable(reason)
	} else if c.cfg.Reason != nil && len(r.Data) >= 4 {
		if known := c.cfg.Reason(r.Data); known != "" {
			r.Reason = known
		}
	}
	return r
}

// fitNow are the endpoints that may be asked, the primary first.
func (c *Chain) fitNow() []*endpoint {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.fit)
}

// first asks one endpoint after the other until one answers.
func (c *Chain) first(ask func(e *endpoint) error) error {
	errs := []error{ErrNoEndpoint}
	for _, e := range c.fitNow() {
		err := ask(e)
		if err == nil {
			return nil
		}
		if answered(err) {
			return fmt.Errorf("ethereum: %s: %w", e.name, err)
		}
		errs = append(errs, fmt.Errorf("%s: %w", e.name, err))
	}
	return errors.Join(errs...)
}

// Call implements Reader. Two endpoints are asked when there are two that have the block.
func (c *Chain) Call(ctx context.Context, to common.Address, data []byte, at common.Hash) ([]byte, error) {
	args := map[string]any{"to": to, "input": hexutil.Bytes(data)}
	if at == (common.Hash{}) {
		at = c.Head().Hash
	}
	var got [][]byte
	var who []string
	var errs []error
	for _, e := range c.fitNow() {
		var out hexutil.Bytes
		err := e.call(ctx, &out, "eth_call", args, rpc.BlockNumberOrHashWithHash(at, false))
		revert := new(Revert)
		if errors.As(c.revertOf(err), &revert) {
			out, err = append([]byte("reverted: "), revert.Data...), nil
			errs = append([]error{revert}, errs...)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", e.name, err))
			continue
		}
		got, who = append(got, out), append(who, e.name)
		if len(got) == 2 {
			break
		}
	}
	revert := new(Revert)
	switch {
	case len(got) == 0:
		return nil, errors.Join(append([]error{ErrNoEndpoint}, errs...)...)
	case len(got) == 2 && !bytes.Equal(got[0], got[1]):
		c.disagree(fmt.Sprintf("%s and %s answer a call of %v differently", who[0], who[1], to))
		return nil, fmt.Errorf("%w: about a call of %v in block %v", ErrDisagree, to, at)
	case len(errs) > 0 && errors.As(errs[0], &revert):
		return nil, revert
	}
	return got[0], nil
}

// Balance implements Reader.
func (c *Chain) Balance(ctx context.Context, who common.Address) (*big.Int, error) {
	var wei hexutil.Big
	err := c.first(func(e *endpoint) error { return e.call(ctx, &wei, "eth_getBalance", who, "latest") })
	return wei.ToInt(), err
}

// wireTx is a transaction and where it is.
type wireTx struct {
	tx    *types.Transaction
	block *common.Hash // nil: in none
}

// Transaction implements Reader. ErrUnknown if it is in no block.
func (c *Chain) Transaction(ctx context.Context, hash common.Hash) (*types.Transaction, error) {
	var found *types.Transaction
	err := c.first(func(e *endpoint) error {
		var w *wireTx
		if err := e.call(ctx, &w, "eth_getTransactionByHash", hash); err != nil {
			return err
		}
		if w == nil || w.tx == nil || w.block == nil || w.tx.Hash() != hash {
			return nil
		}
		found = w.tx
		return nil
	})
	if err == nil && found == nil {
		err = fmt.Errorf("%w: %v", ErrUnknown, hash)
	}
	return found, err
}
