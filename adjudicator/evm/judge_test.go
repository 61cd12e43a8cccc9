package evm_test

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/eip712"
)

func secretOf(who string, n uint64) [32]byte {
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte(who), n))
}

func pointOf(who string, n uint64) *btcec.PublicKey {
	s := secretOf(who, n)
	_, pub := btcec.PrivKeyFromBytes(s[:])
	return pub
}

func revOf(who string, n uint64) common.Address { return eip712.Address(pointOf(who, n)) }

// known is a channel that the peer opened: we are B. Our commitment is 7; the peer acknowledged 4, and we
// signed 5.
func known() *evm.Known {
	peer := func(n uint64) *htlc.Commitment {
		return &htlc.Commitment{Holder: htlc.Remote, Number: n, Point: pointOf("peer", n)}
	}
	return &evm.Known{
		Params: &htlc.Params{Opener: htlc.Remote},
		Local:  &htlc.Commitment{Holder: htlc.Local, Number: 7, Point: pointOf("we", 7)},
		Remote: []*htlc.Commitment{peer(4), peer(5)},
		Point:  func(n uint64) *btcec.PublicKey { return pointOf("we", n) },
		Secret: func(n uint64) ([32]byte, error) { return secretOf("peer", n), nil },
		Preimage: func([32]byte) (p htlc.Preimage, ok bool) {
			return p, false
		},
	}
}

// A state is known by its holder, its number and the holder's point.
func TestPostedStatesAreToldApart(t *testing.T) {
	for _, c := range []struct {
		holder uint8
		n      uint64
		rev    common.Address
		want   adjudicator.Ending
	}{
		{evm.SideB, 7, revOf("we", 7), adjudicator.Local},
		{evm.SideB, 6, revOf("we", 6), adjudicator.LocalOther},
		{evm.SideB, 8, revOf("we", 8), adjudicator.LocalOther},
		{evm.SideB, 7, revOf("we", 6), adjudicator.Unknown},
		{evm.SideA, 4, revOf("peer", 4), adjudicator.Remote},
		{evm.SideA, 5, revOf("peer", 5), adjudicator.RemoteNext},
		{evm.SideA, 6, revOf("peer", 6), adjudicator.RemoteNewer},
		{evm.SideA, 3, revOf("peer", 3), adjudicator.Revoked},
		{evm.SideA, 0, revOf("peer", 0), adjudicator.Revoked},
		{evm.SideA, 3, revOf("peer", 2), adjudicator.Unknown}, // its secret would not open it
		{evm.SideA, 4, revOf("peer", 3), adjudicator.Unknown},
	} {
		s := evm.State{Phase: evm.PhaseClosing, Holder: c.holder, N: c.n, Rev: c.rev, Deadline: 100}
		judged, err := evm.Judge(known(), s, nil)
		require.NoError(t, err)
		ending, n := judged.Ended()
		require.Equal(t, c.want, ending, "state %d of side %d", c.n, c.holder)
		require.Equal(t, c.n, n)
		punishes := ending == adjudicator.Revoked
		acts, err := judged.Acts(50, 1e7)
		require.NoError(t, err)
		require.Equal(t, punishes, len(acts) == 1 && acts[0].Kind == evm.Punish && acts[0].Deadline == 100)
		if punishes {
			require.Equal(t, secretOf("peer", c.n), judged.Secret)
		}
	}
}

// Before anything is posted, and for a channel that both closed, no state is.
func TestWithoutAPostedStateThereIsNoEnding(t *testing.T) {
	judged, err := evm.Judge(known(), evm.State{Phase: evm.PhaseOpen}, nil)
	require.NoError(t, err)
	ending, _ := judged.Ended()
	require.Equal(t, adjudicator.Unknown, ending)
	judged, err = evm.Judge(known(), evm.State{Phase: evm.PhaseEnded, How: evm.ByCoop}, nil)
	require.NoError(t, err)
	ending, _ = judged.Ended()
	require.Equal(t, adjudicator.Cooperative, ending)
	require.True(t, judged.Done(0))
}

// A channel that was restored from a backup knows no states of the peer: all are newer.
func TestOfARestoredChannelEveryStateIsNewer(t *testing.T) {
	k := known()
	k.Local, k.Remote = nil, nil
	k.Secret = func(uint64) ([32]byte, error) { return [32]byte{}, htlc.ErrStale }
	s := evm.State{Phase: evm.PhaseClosing, Holder: evm.SideA, N: 3, Rev: revOf("peer", 3)}
	judged, err := evm.Judge(k, s, nil)
	require.NoError(t, err)
	ending, _ := judged.Ended()
	require.Equal(t, adjudicator.RemoteNewer, ending)
	require.True(t, judged.NeedsLocks())
	require.Nil(t, judged.Gone())
	judged, err = evm.Judge(k, s, []evm.Lock{})
	require.NoError(t, err)
	require.False(t, judged.NeedsLocks(), "there are none")
}
