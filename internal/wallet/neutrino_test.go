package wallet

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btcwallet/chain"
	"github.com/btcsuite/btcwallet/wtxmgr"
	"github.com/lightninglabs/neutrino/headerfs"
	"github.com/lightninglabs/neutrino/pushtx"
	"github.com/stretchr/testify/require"
)

// scripted is a light client's chain service without peers.
type scripted struct {
	chain.NeutrinoChainService
	height atomic.Int32
	sent   error // what publishing answers
}

func (s *scripted) BestBlock() (*headerfs.BlockStamp, error) {
	return &headerfs.BlockStamp{Height: s.height.Load()}, nil
}
func (s *scripted) IsCurrent() bool                   { return true }
func (s *scripted) SendTransaction(*wire.MsgTx) error { return s.sent }
func (s *scripted) GetBlockHash(int64) (*chainhash.Hash, error) {
	return &chainhash.Hash{1}, nil
}

func newScripted(s *scripted, peers int32) *lightClient {
	inner := chain.NewNeutrinoClient(&chaincfg.SimNetParams, nil)
	inner.CS = s
	c := &lightClient{
		NeutrinoClient: inner, peers: func() int32 { return peers }, out: make(chan any), quit: make(chan struct{}),
	}
	c.touch()
	return c
}

func TestStalledLightClientBeginsAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{}
		s.height.Store(5)
		c := newScripted(s, 1)
		c.note(chain.BlockConnected{Block: blockAt(5)})
		tick := time.NewTicker(stallCheck)
		go c.pass(tick)

		time.AfterFunc(2*stallAfter, func() { s.height.Store(6) }) // a block that nobody tells of
		began := time.Now()
		require.Equal(t, chain.ClientConnected{}, <-c.Notifications())
		require.GreaterOrEqual(t, time.Since(began), 2*stallAfter, "all was told before")
		require.NoError(t, c.asked())
		asked := time.Now()
		require.Equal(t, chain.ClientConnected{}, <-c.Notifications(), "and again, if that didn't help")
		require.GreaterOrEqual(t, time.Since(asked), stallAfter)
		close(c.quit)
		_, open := <-c.Notifications()
		require.False(t, open)
	})
}

func TestLightClientWithoutPeersDoesNotBeginAnew(t *testing.T) {
	s := &scripted{}
	s.height.Store(6)
	c := newScripted(s, 0)
	require.False(t, c.stalled(time.Now().Add(time.Hour)))
	require.True(t, c.Disconnected())
	_, err := c.SendRawTransaction(wire.NewMsgTx(2), false)
	require.ErrorIs(t, err, ErrOffline)
}

func TestStoppedLightClientAnswersNothing(t *testing.T) {
	c := newScripted(&scripted{}, 1)
	_, err := c.GetBlockHash(1)
	require.NoError(t, err)
	c.Stop()
	c.Stop()
	_, err = c.GetBlockHash(1)
	require.ErrorIs(t, err, errStopped)
	_, err = c.FilterBlocks(&chain.FilterBlocksRequest{})
	require.ErrorIs(t, err, errStopped)
	_, err = c.BlockStamp()
	require.ErrorIs(t, err, errStopped)
	require.True(t, c.Disconnected())
}

func TestWhatPeersSayOfATransaction(t *testing.T) {
	s := &scripted{}
	c := newScripted(s, 1)
	for _, tc := range []struct {
		says     error
		rejected bool
	}{
		{nil, false},
		{&pushtx.BroadcastError{Code: pushtx.Mempool}, false},
		{&pushtx.BroadcastError{Code: pushtx.Confirmed}, false}, // the wallet waits for the block itself
		{&pushtx.BroadcastError{Code: pushtx.Invalid, Reason: "bad"}, true},
		{&pushtx.BroadcastError{Code: pushtx.InsufficientFee, Reason: "cheap"}, true},
	} {
		s.sent = tc.says
		_, err := c.SendRawTransaction(wire.NewMsgTx(2), false)
		require.Equal(t, tc.rejected, err != nil && isRejection(err), "%v", tc.says)
		require.Equal(t, tc.rejected, err != nil)
	}
	s.sent = errors.New("it is stopping")
	_, err := c.SendRawTransaction(wire.NewMsgTx(2), false)
	require.Error(t, err)
	require.False(t, isRejection(err), "no answer is no refusal")
}

func TestRecoveryIsAskedForInParts(t *testing.T) {
	const found = 250
	var asked []int
	c := &partly{answer: func(req *chain.FilterBlocksRequest) *chain.FilterBlocksResponse {
		asked = append(asked, len(req.Blocks))
		for i, b := range req.Blocks {
			if b.Height == found {
				return &chain.FilterBlocksResponse{BatchIndex: uint32(i), BlockMeta: b}
			}
		}
		return nil
	}}
	var at int32
	quit := make(chan struct{})
	f := &feed{Interface: c, quit: quit, scanned: func(height int32) { at = height }}
	req := &chain.FilterBlocksRequest{}
	for h := range int32(1000) {
		req.Blocks = append(req.Blocks, metaAt(h))
	}
	got, err := f.FilterBlocks(req)
	require.NoError(t, err)
	require.EqualValues(t, found, got.BatchIndex)
	require.EqualValues(t, found, at)
	require.Equal(t, []int{100, 100, 100}, asked)

	req.Blocks = req.Blocks[found+1:]
	got, err = f.FilterBlocks(req)
	require.NoError(t, err)
	require.Nil(t, got)
	require.EqualValues(t, 999, at)
	close(quit)
	_, err = f.FilterBlocks(req)
	require.ErrorIs(t, err, errClosed)
}

func TestShareOfARecovery(t *testing.T) {
	for _, tc := range []struct {
		first, at, target int32
		finished          bool
		want              float64
	}{
		{100, 0, 200, false, 0},
		{100, 149, 199, false, 0.5},
		{100, 199, 199, false, 0.99}, // the rest is btcwallet's rescan
		{100, 199, 199, true, 1},
		{100, 50, 50, false, 0},
	} {
		require.InDelta(t, tc.want, share(tc.first, tc.at, tc.target, tc.finished), 1e-9)
	}
}

// partly answers requests of a recovery.
type partly struct {
	chain.Interface
	answer func(*chain.FilterBlocksRequest) *chain.FilterBlocksResponse
}

func (p *partly) FilterBlocks(req *chain.FilterBlocksRequest) (*chain.FilterBlocksResponse, error) {
	return p.answer(req), nil
}

func blockAt(height int32) wtxmgr.Block { return wtxmgr.Block{Height: height} }

func metaAt(height int32) wtxmgr.BlockMeta { return wtxmgr.BlockMeta{Block: blockAt(height)} }
