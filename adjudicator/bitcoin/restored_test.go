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

// restored is the channel of side i after it lost everything but a backup.
func (s *scene) restored(i int) *bitcoin.Channel {
	c, err := htlc.Restored(s.w.Nodes[i].Channel.Params(), bolt3.Format{}, s.keys[i].Signer)
	require.NoError(s.t, err)
	ch, err := bitcoin.ChannelOf(c, s.keys[i].Signer, nil)
	require.NoError(s.t, err)
	return ch
}

// Whichever commitment the peer publishes, from the first on, what is ours without a secret of
// that state is taken, and nothing is said of HTLCs.
func TestARestoredChannelFindsItsBalanceInAnyCommitment(t *testing.T) {
	found := 0
	scenes(t, 6, 60, func(s *scene) {
		for i := range s.sides {
			ch := s.restored(i)
			for n := range s.channel(1-i).Local.Number + 1 {
				tx := s.tx(1-i, n)
				spent := s.judged(ch, tx.MsgTx)
				require.Equal(t, adjudicator.RemoteNewer, spent.Ending, "%s: commitment %d", s.where, n)
				require.Empty(t, spent.Gone())
				c := newChain()
				c.add(tx.MsgTx, confirmed)
				want := map[bolt3.Kind]int{}
				for _, o := range tx.Outputs {
					want[o.Kind]++
				}
				for _, claim := range s.claims(spent, s.all) {
					switch claim.Path {
					case bitcoin.ToRemote:
						want[bolt3.ToRemote]--
						found++
					case bitcoin.Anchor:
						want[bolt3.RemoteAnchor]--
					default:
						t.Fatalf("%s: %v", s.where, claim.Path)
					}
					c.locks(t, claim, s.keys[i])
				}
				require.Zero(t, want[bolt3.ToRemote], s.where)
				require.Zero(t, want[bolt3.RemoteAnchor], s.where)
			}
		}
	})
	require.Greater(t, found, 20)
}

// A commitment of ours that got out before the data was lost is known too.
func TestARestoredChannelKnowsItsOwnOldCommitment(t *testing.T) {
	s := newScene(t, 3)
	s.add(0, 50_000)
	spent := s.judged(s.restored(0), s.tx(0, 1).MsgTx)
	require.Equal(t, adjudicator.LocalOther, spent.Ending)
}

// A spend that is no commitment was signed by us, so it is a close.
func TestARestoredChannelTakesWhatIsNoCommitmentForAClose(t *testing.T) {
	s := newScene(t, 3)
	ch := s.restored(0)
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(&wire.TxIn{PreviousOutPoint: ch.Params.Outpoint, Sequence: wire.MaxTxInSequenceNum})
	tx.AddTxOut(&wire.TxOut{Value: 1000, PkScript: append([]byte{0, 20}, make([]byte, 20)...)})
	require.Equal(t, adjudicator.Cooperative, s.judged(ch, tx).Ending)
	require.Equal(t, adjudicator.Unknown, s.judged(s.channel(0), tx).Ending)
}
