package node

import (
	"context"
	"errors"
	"log/slog"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/ethereum"
)

// sickChain is a chain whose health a test sets.
type sickChain struct {
	ethereum.Reader
	health   error
	outvoted error
}

func (s *sickChain) ChainID() uint64      { return 1 }
func (s *sickChain) Head() ethereum.Head  { return ethereum.Head{Number: 9, Time: 1_800_000_000} }
func (s *sickChain) Final() ethereum.Head { return ethereum.Head{Number: 7} }
func (s *sickChain) Health() error        { return s.health }
func (s *sickChain) Outvoted() error      { return s.outvoted }
func (s *sickChain) Follow(context.Context, common.Address, uint64) <-chan ethereum.Update {
	return nil
}
func (s *sickChain) Call(context.Context, common.Address, []byte, common.Hash) ([]byte, error) {
	return nil, s.health
}
func (s *sickChain) Balance(context.Context, common.Address) (*big.Int, error) { return nil, s.health }
func (s *sickChain) Transaction(context.Context, common.Hash) (*types.Transaction, error) {
	return nil, s.health
}

// A chain that can't be relied on is told once, and that it is over.
func TestEVMChainThatCantBeReliedOnRaisesAnAlert(t *testing.T) {
	chain := &sickChain{}
	n := &Node{
		alerts: &alerts{log: slog.New(slog.DiscardHandler), now: time.Now},
		tokens: &tokens{chains: []*evmChain{{cfg: EVMConfig{Name: "dev", Reader: chain}}}},
	}
	now := func() []Alert { all, err := n.Alerts(t.Context()); require.NoError(t, err); return all }
	n.checkEVM()
	require.Empty(t, now())
	chain.health = errors.New("two endpoints disagree")
	n.checkEVM()
	n.checkEVM()
	require.Len(t, now(), 1)
	require.Equal(t, AlertChainStale, now()[0].Kind)
	require.Contains(t, now()[0].Text, "dev")
	require.Contains(t, now()[0].Text, "two endpoints disagree")
	require.EqualValues(t, 1, n.alerts.raised[AlertChainStale])
	require.Contains(t, (&token{chain: n.tokens.chains[0]}).times().stale, "two endpoints disagree", "nothing goes over it")
	chain.health = nil
	n.checkEVM()
	require.Empty(t, now())
}

// An endpoint that most of the others contradict is an alert, and stops nothing.
func TestOutvotedEndpointRaisesAnAlertAndStopsNothing(t *testing.T) {
	chain := &sickChain{outvoted: errors.New("endpoint 2 lies")}
	n := &Node{
		alerts: &alerts{log: slog.New(slog.DiscardHandler), now: time.Now},
		tokens: &tokens{chains: []*evmChain{{cfg: EVMConfig{Name: "dev", Reader: chain}}}},
	}
	now := func() []Alert { all, err := n.Alerts(t.Context()); require.NoError(t, err); return all }
	n.checkEVM()
	n.checkEVM()
	require.Len(t, now(), 1)
	require.Equal(t, AlertEndpoint, now()[0].Kind)
	require.Equal(t, "endpoint", now()[0].Kind.String())
	require.Contains(t, now()[0].Text, "endpoint 2 lies")
	require.Empty(t, (&token{chain: n.tokens.chains[0]}).times().stale)
	chain.outvoted = nil
	n.checkEVM()
	require.Empty(t, now())
}
