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

// judged is a transaction seen by one side.
func (s *scene) judged(ch *bitcoin.Channel, tx *wire.MsgTx) *bitcoin.Spent {
	spent, err := bitcoin.Classify(ch, tx)
	require.NoError(s.t, err, s.where)
	return spent
}

func (s *scene) claims(spent *bitcoin.Spent, known bitcoin.Preimages) []*bitcoin.Claim {
	claims, err := spent.Claims(confirmed, known)
	require.NoError(s.t, err, s.where)
	return claims
}

// rivals checks that a deadline is the other side's first block. Balances that both know
// how to take are those of a revoked commitment.
func (s *scene) rivals(a, b []*bitcoin.Claim) {
	for _, mine := range a {
		for _, theirs := range b {
			if mine.Out == theirs.Out && theirs.Path != bitcoin.Anchor && theirs.Path != bitcoin.OtherAnchor {
				require.Equal(s.t, theirs.Matures(), mine.Deadline, "%s: %v and %v", s.where, mine.Path, theirs.Path)
			}
		}
	}
}

func sum(claims []*bitcoin.Claim) (total htlc.Sat) {
	for _, c := range claims {
		total += c.Value
	}
	return total
}

func paid(tx *wire.MsgTx) (total htlc.Sat) {
	for _, out := range tx.TxOut {
		total += htlc.Sat(out.Value)
	}
	return total
}

// Whoever publishes its newest commitment: each output that isn't an HTLC is one side's, an
// HTLC both may take, and with what has no output it is all of the ledger.
func TestEveryOutputIsOursOrTheirs(t *testing.T) {
	endings := make(map[adjudicator.Ending]int)
	scenes(t, 40, 60, func(s *scene) {
		for i := range s.sides {
			mine, theirs := s.channel(i), s.channel(1-i)
			tx := s.tx(i, mine.Local.Number).MsgTx
			a, b := s.judged(mine, tx), s.judged(theirs, tx)
			require.Equal(t, adjudicator.Local, a.Ending, s.where)
			require.Contains(t, []adjudicator.Ending{adjudicator.Remote, adjudicator.RemoteNext}, b.Ending, s.where)
			require.Equal(t, mine.Local.Number, b.Number)
			endings[b.Ending]++

			owners := make(map[uint32][]bitcoin.Path)
			s.rivals(s.claims(a, s.all), s.claims(b, s.all))
			s.rivals(s.claims(b, s.all), s.claims(a, s.all))
			for _, c := range append(s.claims(a, s.all), s.claims(b, s.all)...) {
				require.Equal(t, tx.TxOut[c.Out.Index].Value, int64(c.Value))
				owners[c.Out.Index] = append(owners[c.Out.Index], c.Path)
			}
			outputs := 0
			for j, o := range s.tx(i, mine.Local.Number).Outputs {
				want := 1
				if o.Kind == bolt3.HTLC {
					outputs++
					want = 2
				}
				require.Len(t, owners[uint32(j)], want, "%s: output %d of kind %d", s.where, j, o.Kind)
			}
			trimmed := 0
			for _, g := range a.Gone() {
				if g.Trimmed {
					trimmed++
					require.Less(t, g.HTLC.Amount.ToSatoshis(), mine.Params.Terms[0].DustLimit)
				}
			}
			require.Equal(t, len(mine.Local.HTLCs), outputs+trimmed, s.where)
			for _, g := range b.Gone() {
				if g.Trimmed {
					trimmed--
				}
				for _, o := range b.Outputs {
					require.False(t, o.Kind == bolt3.HTLC && o.HTLC.Offerer == g.HTLC.Offerer && o.HTLC.ID == g.HTLC.ID)
				}
			}
			require.Zero(t, trimmed, "both sides see the same dust")
			require.Zero(t, a.Others+b.Others)
		}
	})
	require.Greater(t, endings[adjudicator.Remote], 10)
	require.Greater(t, endings[adjudicator.RemoteNext], 10)
}

// Every claim on a commitment that may be published is valid at its first block, and no
// earlier; so is what follows an HTLC transaction of ours.
func TestNoClaimBeforeItsLock(t *testing.T) {
	paths := make(map[bitcoin.Path]int)
	scenes(t, 12, 80, func(s *scene) {
		for i := range s.sides {
			for who, ch := range [2]*bitcoin.Channel{s.channel(i), s.channel(1 - i)} {
				k := s.keys[i]
				if who == 1 {
					k = s.keys[1-i]
				}
				tx := s.tx(i, s.channel(i).Local.Number).MsgTx
				spent := s.judged(ch, tx)
				c := newChain()
				c.add(tx, confirmed)
				for _, claim := range s.claims(spent, s.all) {
					paths[claim.Path]++
					got := c.locks(t, claim, k)
					if claim.Path != bitcoin.StageSuccess && claim.Path != bitcoin.StageTimeout {
						require.Empty(t, spent.Follow(got.Tx, 700).Claims)
						continue
					}
					c.add(got.Tx, 700)
					f := spent.Follow(got.Tx, 700)
					require.Equal(t, []wire.OutPoint{claim.Out}, f.Taken)
					require.Len(t, f.Claims, 1)
					require.Equal(t, claim.Value, f.Claims[0].Value, "it pays no fee")
					require.Equal(t, claim.HTLC, f.Claims[0].HTLC)
					paths[f.Claims[0].Path]++
					c.locks(t, f.Claims[0], k)
				}
			}
		}
	})
	for _, p := range []bitcoin.Path{bitcoin.ToLocal, bitcoin.ToRemote, bitcoin.Anchor,
		bitcoin.StageTimeout, bitcoin.StageSuccess, bitcoin.StageOutput,
		bitcoin.TimeoutHTLC, bitcoin.PreimageHTLC} {
		require.Positive(t, paths[p], p)
	}
}

// All that a revoked commitment pays is taken, to the satoshi, by transactions that may be
// in the next block, whichever generation it is of.
func TestEveryOutputOfARevokedCommitmentIsTaken(t *testing.T) {
	states, htlcs := 0, 0
	scenes(t, 12, 120, func(s *scene) {
		for i := range s.sides {
			victim, k := s.channel(1-i), s.keys[1-i]
			for n := range victim.Remote[0].Number {
				tx := s.tx(i, n).MsgTx
				spent := s.judged(victim, tx)
				require.Equal(t, adjudicator.Revoked, spent.Ending, s.where)
				require.Equal(t, n, spent.Number)
				claims := s.claims(spent, none)
				require.Equal(t, paid(tx), sum(claims), "%s: commitment %d", s.where, n)
				require.Zero(t, spent.Others)
				s.rivals(claims, s.claims(s.judged(s.cheater(i, n), tx), s.all))
				states++

				c := newChain()
				c.add(tx, confirmed)
				var taken htlc.Sat
				const tip = confirmed + 1 // to_remote waits a block
				plan := bitcoin.Plan(claims, tip, 1000, dest)
				for _, batch := range plan.Ready {
					got := c.build(t, &bitcoin.Order{Claims: batch, Rate: 1000, Dest: dest, Tip: tip}, k)
					taken += sum(got.Claims)
					for _, claim := range batch {
						if claim.Path == bitcoin.RevokedHTLC {
							htlcs++
							require.EqualValues(t, confirmed, claim.Matures(), "in the block of the cheat itself")
						}
					}
				}
				left := append(plan.Waiting, plan.Uneconomic...)
				require.Equal(t, paid(tx), taken+sum(left))
				for _, claim := range left { // anchors, and HTLCs below their fee
					require.Less(t, claim.Value, htlc.Sat(1000))
					c.locks(t, claim, k)
				}
			}
		}
	})
	require.Greater(t, states, 50)
	require.Greater(t, htlcs, 50)
}

// A cheater that is quicker moves HTLCs to its own HTLC transactions, as many in one as
// it likes: the outputs of those are taken before its delay is over.
func TestSecondStageOfACheaterIsTaken(t *testing.T) {
	taken := 0
	scenes(t, 12, 120, func(s *scene) {
		for i := range s.sides {
			victim := s.channel(1 - i)
			for n := range victim.Remote[0].Number {
				tx := s.tx(i, n).MsgTx
				c := newChain()
				c.add(tx, confirmed)
				theirs := s.judged(s.cheater(i, n), tx)
				require.Equal(t, adjudicator.Local, theirs.Ending)
				spent := s.judged(victim, tx)

				const tip = 600 // all HTLCs are expired
				for _, batch := range bitcoin.Plan(s.claims(theirs, s.all), tip, 253, dest).Ready {
					coin := []bitcoin.FeeInput{c.coin(1, 100_000)}
					cheat := c.build(t, &bitcoin.Order{Claims: batch, Fees: coin, Rate: 253, Dest: dest, Tip: tip}, s.keys[i])
					c.add(cheat.Tx, tip+1)
					f := spent.Follow(cheat.Tx, tip+1)
					require.Len(t, f.Taken, len(batch))
					own := theirs.Follow(cheat.Tx, tip+1).Claims
					require.Len(t, f.Claims, len(own), s.where)
					for j, claim := range f.Claims {
						taken++
						require.Equal(t, bitcoin.RevokedStage, claim.Path)
						require.Equal(t, own[j].Out, claim.Out)
						require.Equal(t, own[j].Matures(), claim.Deadline, "we have until the cheater's delay is over")
						require.Less(t, claim.Matures(), claim.Deadline)
					}
					for _, r := range f.Preimages {
						require.Equal(t, htlc.Local, r.HTLC.Offerer, "it pays us to know those of our HTLCs")
					}
					require.Equal(t, sum(own), sum(f.Claims))
					for _, batch := range bitcoin.Plan(f.Claims, tip+1, 253, dest).Ready {
						c.build(t, &bitcoin.Order{Claims: batch, Rate: 253, Dest: dest, Tip: tip + 1}, s.keys[1-i])
					}
				}
			}
		}
	})
	require.Greater(t, taken, 50)
}
