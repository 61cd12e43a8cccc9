package ethereum_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/geth"
)

// echo is a contract that logs what it is called with, and refuses without a reason what begins with 0xff:
//
//	if calldata[0] == 0xff: revert(0, 0)
//	calldatacopy(0, 0, calldatasize); log0(0, calldatasize)
var echo = common.FromHex("5f3560f81c60ff14601357365f5f37365fa0005b5f5ffd")

// realNode is a node that somebody else wrote.
type realNode struct {
	urls  []string
	mine  func()
	reorg func(depth int)
	head  func() common.Hash
}

func TestGethIsFollowedAndPaid(t *testing.T) {
	dir, err := os.MkdirTemp("", "geth") // t.TempDir's paths are too long for a socket
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	alloc := geth.Coins(10, nodeKeys(t).Addresses()...)
	alloc[contract] = types.Account{Code: echo, Balance: new(big.Int)}
	n, err := geth.Start(geth.Config{Alloc: alloc, IPC: filepath.Join(dir, "ipc")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, n.Close()) })
	story(t, realNode{
		urls:  []string{n.URL(), n.WebSocket(), n.IPC()},
		mine:  func() { require.NoError(t, n.Mine(1)) },
		reorg: func(depth int) { require.NoError(t, n.Reorg(depth)) },
		head:  func() common.Hash { return n.Head().Hash() },
	})
}

func TestAnvilIsFollowedAndPaid(t *testing.T) {
	url := startAnvil(t)
	ask, err := rpc.Dial(url)
	require.NoError(t, err)
	t.Cleanup(ask.Close)
	do := func(method string, args ...any) {
		t.Helper()
		require.NoError(t, ask.Call(nil, method, args...))
	}
	for _, a := range nodeKeys(t).Addresses() {
		do("anvil_setBalance", a, hexutil.EncodeBig(big.NewInt(1e18)))
	}
	do("anvil_setCode", contract, hexutil.Encode(echo))
	story(t, realNode{
		urls:  []string{url, "ws" + strings.TrimPrefix(url, "http")},
		mine:  func() { do("evm_mine") },
		reorg: func(depth int) { do("anvil_reorg", depth, []any{}) },
		head: func() common.Hash {
			var b struct{ Hash common.Hash }
			require.NoError(t, ask.Call(&b, "eth_getBlockByNumber", "latest", false))
			return b.Hash
		},
	})
}

// startAnvil runs the anvil that the contracts' tests bring along.
func startAnvil(t *testing.T) (url string) {
	bins, err := filepath.Glob("../../adjudicator/evm/contracts/node_modules/@foundry-rs/anvil-*/bin/anvil")
	require.NoError(t, err)
	if len(bins) == 0 {
		t.Skip("anvil is not installed: npm ci in adjudicator/evm/contracts")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, bins[0], "--port", "0", "--no-mining", "--chain-id", "1337")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	if err := cmd.Start(); err != nil {
		cancel()
		t.Skipf("anvil does not run on this machine: %v", err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, at, ok := strings.Cut(lines.Text(), "Listening on "); ok {
			go func() {
				for lines.Scan() { // a full pipe would stop it
				}
			}()
			return "http://" + strings.TrimSpace(at)
		}
	}
	t.Skip("anvil does not run on this machine: it says not where it listens")
	return ""
}

func nodeKeys(t *testing.T) keys {
	var all keys
	for _, b := range []byte{1, 2} {
		key, err := crypto.ToECDSA(common.LeftPadBytes([]byte{b}, 32))
		require.NoError(t, err)
		all = append(all, key)
	}
	return all
}

// story is what a channel asks of a chain.
func story(t *testing.T, n realNode) {
	s := &scene{T: t}
	profile := evm.Dev
	s.cfg = ethereum.Config{
		Name: "real", ChainID: 1337, Profile: profile, Endpoints: n.urls, Poll: 20 * time.Millisecond,
		Signer: nodeKeys(t), DB: dbtest.New(t).Open(),
	}
	s.start()
	h := s.listen(0)
	logged := func(logs []types.Log) (data []string) {
		for _, l := range logs {
			data = append(data, hex.EncodeToString(l.Data))
		}
		return data
	}
	synced := func() {
		t.Helper()
		s.until("the head", func() bool { return s.c.Head().Hash == n.head() })
	}
	n.mine()
	synced()

	// What is wanted is mined, and told.
	s.until("that it is taken", func() bool {
		require.NoError(t, s.c.Want("channel", []ethereum.Call{call(1), call(0xff)}))
		return sentAll(s.c, "call 01")
	})
	n.mine()
	h.until("the log", func(u ethereum.Update) bool { return len(u.Pending) == 1 })
	require.Equal(t, []string{"01"}, logged(h.last.Pending))

	// It is undone, and comes again.
	n.reorg(1)
	n.mine()
	for len(h.last.Pending)+len(h.settled) == 0 || h.last.Head.Hash != n.head() {
		synced()
		h.until("the head", func(u ethereum.Update) bool { return u.Head.Hash == n.head() })
		if len(h.last.Pending) == 0 {
			n.mine()
		}
	}
	require.NoError(t, s.c.Want("channel", nil))
	for range 3 {
		n.mine()
	}
	h.until("the log, for good", func(u ethereum.Update) bool { return len(h.settled) > 0 })
	require.Equal(t, []string{"01"}, logged(h.settled))

	// A call that somebody waits for.
	r := doAndMine(t, s, n, call(7))
	require.Equal(t, uint64(1), r.Status)
	tx, err := s.c.Transaction(context.Background(), r.TxHash)
	require.NoError(t, err)
	require.Equal(t, []byte{7}, tx.Data())
	_, err = s.c.Do(context.Background(), call(0xff), 1)
	var revert *ethereum.Revert
	require.ErrorAs(t, err, &revert)
	_, err = s.c.Call(context.Background(), contract, []byte{0xff}, s.c.Head().Hash)
	require.ErrorAs(t, err, &revert)
	_, err = s.c.Call(context.Background(), contract, []byte{1}, s.c.Head().Hash)
	require.NoError(t, err)
	answersWithOtherCode(t, s.c)
	wei, err := s.c.Balance(context.Background(), s.c.Account())
	require.NoError(t, err)
	require.Positive(t, wei.Sign())
	require.NoError(t, s.c.Health())
}

// doAndMine makes blocks until a Do is through.
func doAndMine(t *testing.T, s *scene, n realNode, c ethereum.Call) *types.Receipt {
	done := make(chan *types.Receipt, 1)
	go func() {
		r, err := s.c.Do(context.Background(), c, 1)
		if err != nil {
			t.Error(err)
		}
		done <- r
	}()
	s.until("that it is taken", func() bool { return sentAll(s.c, c.What) })
	n.mine()
	give := time.After(patience)
	select {
	case r := <-done:
		return r
	case <-give:
		t.Fatalf("it never came about: %+v", s.c.Status())
	}
	return nil
}

// sentAll tells whether a call was taken by the network at the newest head.
func sentAll(c *ethereum.Chain, what string) bool {
	for _, st := range c.Status() {
		if st.What == what && st.State == ethereum.SendSent && st.At == c.Head().Hash {
			return true
		}
	}
	return false
}
