package ethereum

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// ErrNoOverrides says that the endpoints don't let other code stand at an address for the time of a call.
var ErrNoOverrides = errors.New("ethereum: no endpoint takes state overrides in eth_call")

// The witness tells an endpoint that has overrides from one that passes over what it doesn't know: the code answers 42,
// and nothing is at the address.
var (
	witness       = common.HexToAddress("0x000000000000000000000000006e776e642e7769")
	witnessCode   = []byte{0x60, 42, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3} // mstore(0, 42); return(0, 32)
	witnessAnswer = common.BigToHash(big.NewInt(42)).Bytes()
)

// override is what stands at an address instead of what is there.
type override struct {
	Code hexutil.Bytes `json:"code"`
}

// CallWith implements Reader.
func (c *Chain) CallWith(ctx context.Context, to common.Address, data []byte, code map[common.Address][]byte) ([]byte, error) {
	at := c.Head().Hash
	var without []string
	var failed []error
	for _, e := range c.fitNow() {
		able, err := e.overrides(ctx, at)
		if err == nil && !able {
			without = append(without, e.name)
			continue
		}
		var out []byte
		if err == nil {
			if out, err = e.callWith(ctx, to, data, code, at); err == nil {
				return out, nil
			}
			if answered(err) {
				return nil, fmt.Errorf("ethereum: %s: %w", e.name, c.revertOf(err))
			}
		}
		failed = append(failed, fmt.Errorf("%s: %w", e.name, err))
	}
	switch {
	case len(without) > 0:
		return nil, errors.Join(append(failed, fmt.Errorf("%w: %s", ErrNoOverrides, strings.Join(without, ", ")))...)
	case len(failed) > 0:
		return nil, errors.Join(failed...)
	}
	return nil, ErrNoEndpoint
}

// overrides tells whether an endpoint puts code where it is told to.
func (e *endpoint) overrides(ctx context.Context, at common.Hash) (bool, error) {
	out, err := e.callWith(ctx, witness, nil, map[common.Address][]byte{witness: witnessCode}, at)
	if answered(err) {
		return false, nil
	}
	return bytes.Equal(out, witnessAnswer), err
}

func (e *endpoint) callWith(ctx context.Context, to common.Address, data []byte, code map[common.Address][]byte, at common.Hash) ([]byte, error) {
	args := map[string]any{"to": to, "input": hexutil.Bytes(data)}
	set := make(map[common.Address]override, len(code))
	for a, b := range code {
		set[a] = override{b}
	}
	var out hexutil.Bytes
	err := e.call(ctx, &out, "eth_call", args, rpc.BlockNumberOrHashWithHash(at, false), set)
	return out, err
}
