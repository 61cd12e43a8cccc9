package node

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/channeldb"
)

func TestClosedChannelIsRemembered(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	events := make(chan ChannelEvent, 100)
	following := make(chan struct{})
	go func() {
		defer close(events)
		for e, err := range alice.ChannelEvents(ctx) {
			if err != nil {
				return
			}
			events <- e
		}
	}()
	go func() { // until it has joined
		for !alice.events.anyone() {
			select {
			case <-ctx.Done():
			case <-time.After(time.Millisecond):
			}
		}
		close(following)
	}()
	<-following
	opened := n.open(alice, bob, 1_000_000, 250_000)
	for u, err := range alice.CloseChannel(t.Context(), CloseChannel{ChannelPoint: opened.ChannelPoint}) {
		require.NoError(t, err)
		n.chain.MineN(closeDepth)
		if u.Closed {
			break
		}
	}
	for _, at := range []*testNode{alice, bob} {
		n.eventually("the channel is forgotten", func() bool {
			all, err := at.ClosedChannels(t.Context())
			return err == nil && len(all) == 1
		})
	}
	a, err := alice.ClosedChannels(t.Context())
	require.NoError(t, err)
	b, err := bob.ClosedChannels(t.Context())
	require.NoError(t, err)
	require.Equal(t, opened.ChannelPoint, a[0].ChannelPoint)
	require.Equal(t, a[0].Txid, b[0].Txid)
	require.NotZero(t, a[0].Height)
	require.Equal(t, a[0].Height, b[0].Height)
	require.True(t, a[0].Initiator)
	require.False(t, b[0].Initiator)
	require.Equal(t, PubKey(bob.self), a[0].Peer)
	require.EqualValues(t, 250_000, b[0].Settled)
	require.Less(t, a[0].Settled, a[0].Capacity-b[0].Settled, "alice paid the fee")
	require.Greater(t, a[0].Settled, a[0].Capacity/2)

	for _, want := range []ChannelEventKind{ChannelPending, ChannelOpened, ChannelActive, ChannelInactive, ChannelClosed} {
		select {
		case e := <-events:
			require.Equal(t, want, e.Kind)
			require.Equal(t, opened.ChannelPoint, e.ChannelPoint)
		case <-time.After(patience):
			t.Fatalf("no event %d", want)
		}
	}
	alice.restart()
	again, err := alice.ClosedChannels(t.Context())
	require.NoError(t, err)
	require.True(t, a[0].When.Equal(again[0].When))
	again[0].When = a[0].When
	require.Equal(t, a, again)
}

func TestClosedRecordOfAnOlderVersionIsRead(t *testing.T) {
	id := [32]byte{1}
	old := func() *recordWriter {
		return newRecord(1).raw(make([]byte, 32)).u32(3).raw(make([]byte, 33)).u64(500).u64(7)
	}
	want := ClosedChannel{ChannelID: id, ChannelPoint: wire.OutPoint{Index: 3}, Capacity: 500,
		SCID: lnwire.NewShortChanIDFromInt(7)}
	got, err := decodeClosed(id[:], old().raw(make([]byte, 31)).u8(9).flag(true).b)
	require.NoError(t, err)
	want.Txid[31] = 9
	require.Equal(t, want, got)
	got, err = decodeClosed(id[:], old().b)
	require.NoError(t, err)
	want.Kind, want.Txid = NeverFunded, chainhash.Hash{}
	require.Equal(t, want, got)

	v := ClosedChannel{ChannelID: id, OpenerKnown: true, Private: true, Height: 4, Settled: 5, Kind: Abandoned}
	got, err = decodeClosed(id[:], v.encode())
	require.NoError(t, err)
	require.Equal(t, v, got)

	second := append([]byte{2}, v.encode()[1:]...)
	got, err = decodeClosed(id[:], second[:len(second)-4]) // without the number of resolutions
	require.NoError(t, err)
	require.Equal(t, v, got)

	for _, bad := range [][]byte{nil, {0}, {1}, {2, 0}, {3}, {4}, append([]byte{4}, v.encode()[1:]...), append(v.encode(), 0)} {
		_, err := decodeClosed(id[:], bad)
		require.Error(t, err)
	}
	_, err = decodeClosed([]byte{1}, v.encode())
	require.Error(t, err)
}

func TestClosedChannelKeepsWhatBecameOfItsOutputs(t *testing.T) {
	id := [32]byte{1}
	taken := ChainCoin{
		Outpoint: wire.OutPoint{Hash: chainhash.Hash{2}, Index: 3}, Amount: 4, Path: bitcoin.StageOutput, State: CoinTaken,
		HTLC: true, Incoming: true, HTLCID: 5, Spend: chainhash.Hash{6}, What: "not kept", SpentAt: 7,
	}
	lost := ChainCoin{Amount: 330, Path: bitcoin.Anchor, State: CoinLost}
	v := ClosedChannel{
		ChannelID: id, OpenerKnown: true, Kind: ClosedByUs, Resolutions: []Resolution{taken.Resolution(), lost.Resolution()},
	}
	b := v.encode()
	got, err := decodeClosed(id[:], b)
	require.NoError(t, err)
	require.Equal(t, v, got)
	require.Equal(t, Resolution{
		Outpoint: taken.Outpoint, Amount: 4, Path: bitcoin.StageOutput, State: CoinTaken,
		HTLC: true, Incoming: true, HTLCID: 5, Spend: chainhash.Hash{6},
	}, got.Resolutions[0])

	count := len(b) - 2*resolutionSize - 4
	many := slices.Clone(b)
	copy(many[count:], []byte{0xff, 0xff, 0xff, 0xff}) // more than there can be: nothing is made for them
	for _, bad := range [][]byte{b[:len(b)-1], b[:len(b)-resolutionSize], append(slices.Clone(b), 0), many} {
		_, err := decodeClosed(id[:], bad)
		require.ErrorContains(t, err, "closed channel")
	}
}

// A damaged record is told, never passed over.
func TestDamagedClosedRecordIsAnError(t *testing.T) {
	a := newTestNet(t).node("alice")
	require.NoError(t, a.db.Append(channeldb.Batch{Puts: []channeldb.KV{put(bucketClosed, make([]byte, 32), []byte{2, 2})}}))
	_, err := a.ClosedChannels(t.Context())
	require.ErrorContains(t, err, "closed channel")
}

func TestSlowSubscriberIsCutOff(t *testing.T) {
	var s subscribers[int]
	s.tell(-1) // to nobody
	slow, leave, err := s.join()
	require.NoError(t, err)
	for i := range maxQueued + 5 {
		s.tell(i)
	}
	require.False(t, s.anyone())
	next := 0
	err = follow(t.Context(), context.Background(), slow, func(v int) bool {
		require.Equal(t, next, v)
		next++
		return true
	})
	require.ErrorIs(t, err, ErrBusy)
	require.Equal(t, maxQueued, next, "what was queued is still told")
	leave()

	for range maxSubscribers {
		_, _, err := s.join()
		require.NoError(t, err)
	}
	_, _, err = s.join()
	require.ErrorIs(t, err, ErrBusy)
	require.ErrorContains(t, err, fmt.Sprint(maxSubscribers))
}
