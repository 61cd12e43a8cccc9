package node

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/ethereum"
)

// chainReadLate is a chain whose first block comes when it was asked for its head often enough.
type chainReadLate struct {
	ethereum.Reader
	asked atomic.Int32
	after chan uint64
}

func (c *chainReadLate) Head() ethereum.Head {
	if c.asked.Add(1) < 3 {
		return ethereum.Head{}
	}
	return ethereum.Head{Number: 23_000_000}
}

func (c *chainReadLate) Follow(_ context.Context, _ common.Address, after uint64) <-chan ethereum.Update {
	c.after <- after
	none := make(chan ethereum.Update)
	close(none)
	return none
}

// At a start no chain was read yet. To follow it from block 0 would ask the endpoints for all that ever happened.
func TestContractIsNotFollowedFromTheFirstBlockOfAChain(t *testing.T) {
	chain := &chainReadLate{after: make(chan uint64, 1)}
	b := &bench{chain: &evmChain{cfg: EVMConfig{Reader: chain}}}
	(&Node{ctx: t.Context(), sw: new(Switch)}).followContract(b)
	require.EqualValues(t, 23_000_000, <-chain.after)

	ended, end := context.WithCancel(t.Context())
	end()
	(&Node{ctx: ended}).followContract(&bench{chain: &evmChain{cfg: EVMConfig{Reader: new(chainReadLate)}}})
}
