package ethereum_test

import (
	"context"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/ethereum"
)

// refuser is code that refuses, with a word of it.
var refuser = common.FromHex("60075f5260205ffd") // mstore(0, 7); revert(0, 32)

// answersWithOtherCode is what a token's trial asks of a chain.
func answersWithOtherCode(t *testing.T, c *ethereum.Chain) {
	who := common.Address{0xca, 0x11}
	seven := common.FromHex("60075f5260205ff3") // mstore(0, 7); return(0, 32)
	out, err := c.CallWith(context.Background(), who, nil, map[common.Address][]byte{who: seven})
	require.NoError(t, err)
	require.EqualValues(t, 7, common.BytesToHash(out).Big().Int64())
	_, err = c.CallWith(context.Background(), who, nil, map[common.Address][]byte{who: refuser})
	var revert *ethereum.Revert
	require.ErrorAs(t, err, &revert)
	out, err = c.Call(context.Background(), who, nil, c.Head().Hash)
	require.NoError(t, err)
	require.Empty(t, out, "nothing of it is left")
}

// An endpoint that knows no state overrides doesn't answer as if there were none, and isn't taken for a broken one.
func TestAnEndpointWithoutOverridesIsTold(t *testing.T) {
	s := newScene(t, 2)
	s.start()
	s.synced()
	who := common.Address{1}
	_, err := s.c.CallWith(context.Background(), who, nil, map[common.Address][]byte{who: refuser})
	require.ErrorIs(t, err, ethereum.ErrNoOverrides)
	require.NoError(t, s.c.Health())
}
