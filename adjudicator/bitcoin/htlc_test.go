package bitcoin_test

import (
	"testing"

	"github.com/btcsuite/btcd/wire"
	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/stretchr/testify/require"
)

// only is the one claim of a path.
func only(t *testing.T, claims []*bitcoin.Claim, paths ...bitcoin.Path) *bitcoin.Claim {
	var found *bitcoin.Claim
	for _, c := range claims {
		for _, p := range paths {
			if c.Path == p {
				require.Nil(t, found, "two claims of path %v", p)
				found = c
			}
		}
	}
	require.NotNil(t, found)
	return found
}

// Whoever publishes: who knows the preimage may be in every block up to the expiry, and who
// offered the HTLC in none of them. The preimage is then in the open for the other.
func TestAPreimageBeatsTheTimeout(t *testing.T) {
	for publisher := range 2 {
		s := newScene(t, 8)
		s.add(0, 150_000) // the opener offers
		tx := s.tx(publisher, s.channel(publisher).Local.Number).MsgTx
		c := newChain()
		c.add(tx, confirmed)
		offerer, receiver := s.judged(s.channel(0), tx), s.judged(s.channel(1), tx)
		timeout := only(t, s.claims(offerer, none), bitcoin.StageTimeout, bitcoin.TimeoutHTLC)
		preimage := only(t, s.claims(receiver, s.all), bitcoin.StageSuccess, bitcoin.PreimageHTLC)
		require.Equal(t, timeout.Out, preimage.Out)
		expiry := adjudicator.Height(timeout.HTLC.Expiry)

		require.EqualValues(t, confirmed+1, preimage.Matures())
		require.Equal(t, timeout.Matures(), preimage.Deadline, "the deadline is the other's first block")
		require.Equal(t, expiry+1, preimage.Deadline)
		require.Equal(t, preimage.Matures(), timeout.Deadline)
		c.locks(t, timeout, s.keys[0])
		taken := c.locks(t, preimage, s.keys[1])

		f := offerer.Follow(taken.Tx, 0)
		require.Equal(t, []wire.OutPoint{timeout.Out}, f.Taken)
		require.Len(t, f.Preimages, 1)
		require.Equal(t, *preimage.Preimage, f.Preimages[0].Preimage)
		require.Equal(t, timeout.HTLC, f.Preimages[0].HTLC)

		// Without the preimage the receiver's claim stays, and waits.
		waits := only(t, s.claims(receiver, none), bitcoin.StageSuccess, bitcoin.PreimageHTLC)
		require.False(t, waits.Ready(expiry))
		plan := bitcoin.Plan([]*bitcoin.Claim{waits}, expiry, 253, dest)
		require.Equal(t, []*bitcoin.Claim{waits}, plan.Waiting)
	}
}

// Once the commitment is late, both race from its first block on.
func TestAnExpiredHTLCIsARace(t *testing.T) {
	s := newScene(t, 8)
	s.add(0, 150_000)
	tx := s.tx(1, s.channel(1).Local.Number).MsgTx
	const late = 900
	mine, err := s.judged(s.channel(1), tx).Claims(late, s.all)
	require.NoError(t, err)
	theirs, err := s.judged(s.channel(0), tx).Claims(late, s.all)
	require.NoError(t, err)
	preimage, timeout := only(t, mine, bitcoin.StageSuccess), only(t, theirs, bitcoin.TimeoutHTLC)
	require.Equal(t, preimage.Matures(), preimage.Deadline)
	require.Equal(t, timeout.Matures(), timeout.Deadline)
	require.EqualValues(t, late+1, timeout.Matures())
}

// Dust is in no output; it is listed for who must fail it upstream.
func TestDustIsListed(t *testing.T) {
	s := newScene(t, 9)
	s.add(0, 500) // above the opener's limit of 354, below the other's of 600
	s.add(0, 5000)
	for publisher, want := range map[int]int{0: 0, 1: 1} {
		tx := s.tx(publisher, s.channel(publisher).Local.Number).MsgTx
		gone := s.judged(s.channel(0), tx).Gone()
		require.Len(t, gone, want)
		if want > 0 {
			require.True(t, gone[0].Trimmed)
			require.Equal(t, htlc.MilliSat(500_000), gone[0].HTLC.Amount)
		}
	}
}

// HTLCs of one hash, amount and expiry are told apart by their outputs only, and each is
// taken once: in a commitment, in a revoked one, and in HTLC transactions.
func TestEqualHTLCsAreEachTaken(t *testing.T) {
	s := newScene(t, 10)
	s.add(0, 70_000)
	com := *s.channel(1).Local
	twin := *com.HTLCs[0]
	twin.ID++
	com.HTLCs = append(com.HTLCs, &twin)
	com.Balance[1] -= twin.Amount
	ch := s.channel(1)
	s.signed(1, ch, &com)
	tx, err := bolt3.Build(ch.Params, &com)
	require.NoError(t, err)
	c := newChain()
	c.add(tx.MsgTx, confirmed)
	seen := make(map[uint64]bool)
	for _, claim := range s.claims(s.judged(ch, tx.MsgTx), s.all) {
		if claim.Path == bitcoin.StageSuccess {
			seen[claim.HTLC.ID] = true
			c.locks(t, claim, s.keys[1])
		}
	}
	require.Len(t, seen, 2)
}

// In a revoked commitment a record is good for one output, and for the states that it covers.
func TestARecordStandsForOneOutputOfItsStates(t *testing.T) {
	s := newScene(t, 10)
	s.add(0, 70_000)
	s.add(0, 90_000)
	victim := s.channel(1)
	n := victim.Remote[0].Number - 1
	com := *s.sides[1].remote[n]
	require.Len(t, com.HTLCs, 1, "the state before the second was added")
	twin := *com.HTLCs[0]
	twin.ID = 77
	twin.Amount -= 5000
	com.HTLCs = append(com.HTLCs, &twin)
	com.Balance[1] -= twin.Amount
	tx, err := bolt3.Build(victim.Params, &com)
	require.NoError(t, err)
	all, err := s.stored(1)(n)
	require.NoError(t, err)
	first := all[0]
	for _, r := range all {
		if r.ID < first.ID {
			first = r
		}
	}
	second := first
	second.ID = 77
	late, past := second, second
	late.From = n + 1
	past.Open, past.From, past.To = false, 1, n-1
	for _, tc := range []struct {
		records []bitcoin.Record
		others  int
	}{
		{[]bitcoin.Record{first, second}, 0},
		{[]bitcoin.Record{first}, 1},
		{[]bitcoin.Record{first, late}, 1},
		{[]bitcoin.Record{first, past}, 1},
		{nil, 2},
	} {
		victim.Records = func(uint64) ([]bitcoin.Record, error) { return tc.records, nil }
		spent := s.judged(victim, tx.MsgTx)
		require.Equal(t, adjudicator.Revoked, spent.Ending)
		require.Equal(t, tc.others, spent.Others)
		c := newChain()
		c.add(tx.MsgTx, confirmed)
		ids := make(map[uint64]bool)
		for _, claim := range s.claims(spent, none) {
			if claim.Path == bitcoin.RevokedHTLC {
				ids[claim.HTLC.ID] = true
				c.locks(t, claim, s.keys[1])
			}
		}
		require.Len(t, ids, 2-tc.others)
	}
}

// Cases are told the same way on every chain.
func TestCoinsAreTheClaims(t *testing.T) {
	s := newScene(t, 11)
	s.add(0, 70_000)
	var c adjudicator.Coins = s.judged(s.channel(1), s.tx(1, s.channel(1).Local.Number).MsgTx)
	ending, n := c.Ended()
	require.Equal(t, adjudicator.Local, ending)
	require.Equal(t, s.channel(1).Local.Number, n)
	waits := 0
	for _, coin := range c.Coins(confirmed) {
		require.NotEmpty(t, coin.What)
		require.GreaterOrEqual(t, coin.Matures, adjudicator.Height(confirmed))
		if coin.Waits {
			waits++
			require.EqualValues(t, 70_000, coin.Value)
		}
	}
	require.Equal(t, 1, waits)
}
