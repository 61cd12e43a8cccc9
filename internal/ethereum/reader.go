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
	return slices.DeleteFunc(slices.Clone(c.fit), (*endpoint).lies)
}

// first asks one endpoint after the other until one has an answer: one that is followed may serve heads and refuse the rest.
func (c *Chain) first(ask func(e *endpoint) error) error {
	var errs []error
	for _, e := range c.fitNow() {
		err := ask(e)
		if err == nil {
			return nil
		}
		errs = append(errs, fmt.Errorf("%s: %w", e.name, err))
	}
	return noneSaid(errs)
}

// reply is an endpoint's answer to a call.
type reply struct {
	from   *endpoint
	out    []byte
	revert *Revert // the contract refused
}

func (r reply) same(other reply) bool {
	if r.revert != nil && other.revert != nil {
		return bytes.Equal(r.revert.Data, other.revert.Data)
	}
	return r.revert == nil && other.revert == nil && bytes.Equal(r.out, other.out)
}

// Call implements Reader; no hash at all is the newest block's. Two endpoints are asked when there are two that have the
// block; if they answer differently, all are, and the majority's answer counts. ErrDisagree if there is none, or if one
// of them has another block at its height.
func (c *Chain) Call(ctx context.Context, to common.Address, data []byte, at common.Hash) ([]byte, error) {
	if at == (common.Hash{}) {
		at = c.Head().Hash
	}
	var replies []reply
	errs := []error{ErrNoEndpoint}
	for _, e := range c.fitNow() {
		r, err := c.callOne(ctx, e, to, data, at)
		switch {
		case err == nil:
			replies = append(replies, r)
		case answered(err) && c.denies(ctx, e, at):
			return nil, fmt.Errorf("%w: %s has another block than %v", ErrDisagree, e.name, at)
		default:
			errs = append(errs, fmt.Errorf("%s: %w", e.name, err))
		}
		if len(replies) == 2 {
			break
		}
	}
	if len(replies) == 0 {
		return nil, errors.Join(errs...)
	}
	r := replies[0]
	if len(replies) == 2 && !r.same(replies[1]) {
		var settled bool
		if r, settled = c.settleCall(ctx, to, data, at); !settled {
			a, b := replies[0].from, replies[1].from
			c.disagree(fmt.Sprintf("%s and %s answer a call of %v differently", a.name, b.name, to), a, b)
			return nil, fmt.Errorf("%w: about a call of %v in block %v", ErrDisagree, to, at)
		}
	}
	if r.revert != nil {
		return nil, r.revert
	}
	return r.out, nil
}

// denies tells whether an endpoint has another block at the height of one that is known here.
func (c *Chain) denies(ctx context.Context, e *endpoint, block common.Hash) bool {
	v, _ := c.now()
	for _, h := range slices.Backward(v.trail) {
		if h.Hash == block {
			theirs, err := e.header(ctx, h.Number)
			return err == nil && theirs.Hash != block
		}
	}
	return false
}

// Balance implements Reader.
func (c *Chain) Balance(ctx context.Context, who common.Address) (*big.Int, error) {
	var wei hexutil.Big
	err := c.first(func(e *endpoint) error { return e.call(ctx, &wei, "eth_getBalance", who, "latest") })
	return wei.ToInt(), err
}

// wireTx is a transaction and where it is.
type wireTx struct {
	tx    *types.Transaction // of a kind that only its chain knows: what it is sent to, and its data
	hash  common.Hash
	block *common.Hash // nil: in none
}

// Transaction implements Reader. ErrUnknown if it is in no block. Of a kind that only its chain knows, as rollups have for what comes
// in by the chain below, it has the receiver and the data.
func (c *Chain) Transaction(ctx context.Context, hash common.Hash) (*types.Transaction, error) {
	var found *types.Transaction
	err := c.first(func(e *endpoint) error {
		var w *wireTx
		if err := e.call(ctx, &w, "eth_getTransactionByHash", hash); err != nil {
			return err
		}
		if w == nil || w.tx == nil || w.block == nil || w.hash != hash {
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
