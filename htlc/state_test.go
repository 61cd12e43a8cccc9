package htlc

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// An update as BOLT 2 tells it, without states: which commitments cover it, and which of
// them are acknowledged by a revocation of what was before.
type told struct {
	by                          Side
	other, acked, own, ownAcked bool
}

// hear applies an event: each side's commitment_signed covers its own updates, and those
// of the other that it acknowledged.
func (u *told) hear(ev event) {
	theirs, ourAck, ours, theirAck := sendCommit, recvRevoke, recvCommit, sendRevoke
	if u.by == Remote {
		theirs, ourAck, ours, theirAck = recvCommit, sendRevoke, sendCommit, recvRevoke
	}
	switch ev {
	case theirs:
		u.other = true
	case ourAck:
		u.acked = u.other
	case ours:
		u.own = u.own || u.acked
	case theirAck:
		u.ownAcked = u.own
	}
}

func TestStatesFollowBOLT2(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for _, offerer := range []Side{Local, Remote} {
		for range 2000 {
			add, remove := told{by: offerer}, told{by: offerer.Other()}
			s, removing := proposed(offerer), false
			for range 40 {
				if s == committed(offerer) && !removing && r.IntN(2) == 0 {
					s, removing = map[Side]state{Local: rcvdRemoveHTLC, Remote: sentRemoveHTLC}[offerer], true
				}
				ev := event(1 + r.IntN(int(numEvents)-1))
				add.hear(ev)
				if removing {
					remove.hear(ev)
				}
				s = step(ev, s)

				inOther := add.other && !(removing && remove.own)
				inOwn := add.own && !(removing && remove.other)
				gone := removing && remove.ownAcked
				require.Equal(t, gone, s.dead(), "%v", s)
				require.Equal(t, inOther && !gone, latest[offerer.Other()][s] == inside, "%v", s)
				require.Equal(t, inOwn && !gone, latest[offerer][s] == inside, "%v", s)
				require.Equal(t, add.ownAcked && !removing, s == committed(offerer), "%v", s)
			}
		}
	}
}

func TestViewsAgreeWithTheEventsThatMakeThem(t *testing.T) {
	for s := noState + 1; s < numStates; s++ {
		require.Equal(t, latest[Remote][step(sendCommit, s)], coming[Remote][s], "%v", s)
		require.Equal(t, latest[Local][step(recvCommit, s)], coming[Local][s], "%v", s)
		if n := next[sendCommit][s]; n != noState {
			require.NotEqual(t, latest[Remote][s], latest[Remote][n], "%v: the signature changes it", s)
			require.Equal(t, latest[Remote][s], previous[n], "%v: the commitment before it", s)
		}
		if n := next[recvCommit][s]; n != noState {
			require.NotEqual(t, latest[Local][s], latest[Local][n], "%v", s)
		}
		require.NotEmpty(t, s.String())
		require.NotEqual(t, "unknown", s.String())
	}
	require.Equal(t, "unknown", numStates.String())
}

func TestEveryLifeEndsWhereverItStarts(t *testing.T) {
	for _, start := range []state{sentAddHTLC, rcvdRemoveHTLC, rcvdAddHTLC, sentRemoveHTLC} {
		s, path := start, 0
		for ; path < 12; path++ {
			var moves []state
			for ev := sendCommit; ev < numEvents; ev++ {
				if n := next[ev][s]; n != noState {
					moves = append(moves, n)
				}
			}
			if len(moves) == 0 {
				break
			}
			require.Len(t, moves, 1, "%v has one way on", s)
			s = moves[0]
		}
		require.Equal(t, 4, path, "%v", start)
	}
}

func TestFeeListStaysShort(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, opener := range []Side{Local, Remote} {
		f := fees{{253, committed(opener)}}
		for k := range 2000 {
			if r.IntN(3) == 0 {
				f = f.push(feeUpdate{FeeRate(k), proposed(opener)})
			} else {
				f = f.advance(event(1 + r.IntN(int(numEvents)-1)))
			}
			require.LessOrEqual(t, len(f), 5)
			require.Equal(t, committed(opener), f[0].state)
		}
	}
}
