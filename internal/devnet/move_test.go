package devnet

import (
	"bytes"
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/btcd/btcdtest"
)

// chains brings up both chains, and the control of them.
func chains(t *testing.T) *Net {
	t.Helper()
	net, err := Start(t.Context(), t.TempDir(), Programs{Btcd: btcdtest.Binary(t)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, net.Stop(context.WithoutCancel(t.Context()))) })
	require.NoError(t, net.AddEVM(t.Context()))
	c, err := serveControl(net)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return net
}

// devnet runs `nwnd devnet` with arguments that a shell would give it.
func devnet(t *testing.T, line string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(t.Context(), strings.Fields(line), &out, &errs)
	return code, out.String(), errs.String()
}

func TestMineAndWarpMoveBothChains(t *testing.T) {
	net := chains(t)
	height := func() int32 {
		h, _, err := net.Chain.Best()
		require.NoError(t, err)
		return h
	}
	bitcoin, evm := height(), net.EVM.Head()
	code, out, errs := devnet(t, "mine -dir "+net.Dir+" 5")
	require.Zero(t, code, errs)
	require.Contains(t, out, "devnet at block")
	require.Equal(t, bitcoin+5, height())
	require.Equal(t, evm.Number.Uint64()+5, net.EVM.Head().Number.Uint64())

	bitcoin, evm = height(), net.EVM.Head()
	code, _, errs = devnet(t, "warp -dir "+net.Dir+" 1h5m")
	require.Zero(t, code, errs)
	require.Equal(t, bitcoin+7, height(), "a block for each 10 minutes, begun ones counted")
	require.GreaterOrEqual(t, net.EVM.Head().Time, evm.Time+65*60)
}

func TestWhoHasNoTokenMovesNothing(t *testing.T) {
	net := chains(t)
	where, err := findControl(net.Dir)
	require.NoError(t, err)
	before := net.EVM.Head().Hash()
	for _, header := range []string{"", "Bearer ", "Bearer 00", where.Token} {
		r, err := http.NewRequest(http.MethodPost, where.URL, strings.NewReader(`{"blocks":1}`))
		require.NoError(t, err)
		r.Header.Set("Authorization", header)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		answer.Body.Close()
		require.Equal(t, http.StatusUnauthorized, answer.StatusCode)
	}
	require.Equal(t, before, net.EVM.Head().Hash())
}

func TestAMoveIsBounded(t *testing.T) {
	for _, bad := range []move{{}, {Blocks: 1, Seconds: 1}, {Blocks: -1}, {Blocks: maxBlocks + 1}, {Seconds: -1}, {Seconds: int64(maxWarp/time.Second) + 1}} {
		require.Error(t, bad.check(), bad)
	}
	require.NoError(t, move{Blocks: maxBlocks}.check())
	require.NoError(t, move{Seconds: int64(maxWarp / time.Second)}.check())
}

func TestAMoveThatCantBeReadIsExplained(t *testing.T) {
	for line, want := range map[string]string{
		"mine six":   `"six" is no number of blocks`,
		"mine 1 2":   "2 arguments after mine",
		"mine 0":     `"0" is no number of blocks`,
		"mine -1":    "usage:",
		"mine 99999": "99999 blocks to mine, want 1 to 2016",
		"warp":       "0 arguments after warp",
		"warp 12":    `"12" is no duration`,
		"warp 1000h": "3600000 seconds to warp",
	} {
		code, _, errs := devnet(t, line)
		require.Equal(t, 2, code, line)
		require.Contains(t, errs, want, line)
		require.Contains(t, errs, "usage:", line)
	}
}

func TestWithoutADevnetThereIsNothingToMove(t *testing.T) {
	code, _, errs := devnet(t, "mine -dir "+filepath.Join(t.TempDir(), "none"))
	require.Equal(t, 1, code)
	require.Contains(t, errs, "none runs in")
	t.Setenv("TMPDIR", t.TempDir())
	code, _, errs = devnet(t, "mine")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "name one's directory with -dir")
}
