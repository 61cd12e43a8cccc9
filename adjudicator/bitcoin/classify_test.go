package bitcoin_test

import (
	"bytes"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/wire"
	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/stretchr/testify/require"
)

// The peer's commitment that we signed and it did not yet acknowledge is not the one before,
// and neither is revoked.
func TestBothOfThePeersCommitmentsAreKnown(t *testing.T) {
	s := newScene(t, 2)
	s.add(0, 50_000)
	s.w.Add(0, 60_000_000)
	s.w.Feed(0) // signed, and not delivered
	s.look()
	ch := s.channel(0)
	require.Len(t, ch.Remote, 2)
	for i, want := range []adjudicator.Ending{adjudicator.Remote, adjudicator.RemoteNext} {
		tx, err := bolt3.Build(ch.Params, ch.Remote[i])
		require.NoError(t, err)
		spent := s.judged(ch, tx.MsgTx)
		require.Equal(t, want, spent.Ending)
		var missing []htlc.MilliSat
		for _, g := range spent.Gone() {
			require.False(t, g.Trimmed)
			missing = append(missing, g.HTLC.Amount)
		}
		if i == 0 {
			require.Equal(t, []htlc.MilliSat{60_000_000}, missing, "the second HTLC is in the next only")
		} else {
			require.Empty(t, missing)
		}
	}
}

// A node with old data gets its balance from a commitment that it knows nothing of, and says
// of no HTLC that it is gone.
func TestOurBalanceIsFoundInACommitmentNewerThanOurData(t *testing.T) {
	found := 0
	scenes(t, 10, 40, func(s *scene) {
		old := [2]*bitcoin.Channel{s.channel(0), s.channel(1)}
		s.run(80)
		for i, ch := range old {
			n := s.channel(1 - i).Local.Number
			if n <= ch.Remote[len(ch.Remote)-1].Number {
				continue
			}
			tx := s.tx(1-i, n)
			spent := s.judged(ch, tx.MsgTx)
			claims := s.claims(spent, s.all)
			balance := false
			for _, o := range tx.Outputs {
				balance = balance || o.Kind == bolt3.ToRemote
			}
			if !balance {
				require.Equal(t, adjudicator.Unknown, spent.Ending)
				continue
			}
			found++
			require.Equal(t, adjudicator.RemoteNewer, spent.Ending, s.where)
			require.Equal(t, n, spent.Number)
			require.Empty(t, spent.Gone())
			c := newChain()
			c.add(tx.MsgTx, confirmed)
			for _, claim := range claims {
				require.Contains(t, []bitcoin.Path{bitcoin.ToRemote, bitcoin.Anchor}, claim.Path)
				c.locks(t, claim, s.keys[i])
			}
		}
	})
	require.Greater(t, found, 10)
}

// Newer by one is newer.
func TestTheNextCommitmentIsNewerThanOurData(t *testing.T) {
	s := newScene(t, 2)
	s.add(0, 50_000)
	old := s.channel(0)
	s.add(0, 60_000)
	n := old.Remote[0].Number + 1
	require.Len(t, old.Remote, 1)
	spent := s.judged(old, s.tx(1, n).MsgTx)
	require.Equal(t, adjudicator.RemoteNewer, spent.Ending)
	require.Equal(t, n, spent.Number)
}

// An old commitment of ours is not taken for the peer's of the same number; what the
// peer leaves of it is ours after the delay.
func TestAnOldCommitmentOfOursIsNotThePeers(t *testing.T) {
	seen := 0
	scenes(t, 6, 80, func(s *scene) {
		for i := range s.sides {
			ch := s.channel(i)
			for n := range ch.Local.Number {
				tx := s.tx(i, n)
				spent := s.judged(ch, tx.MsgTx)
				require.Equal(t, adjudicator.LocalOther, spent.Ending, s.where)
				require.Equal(t, n, spent.Number)
				require.Empty(t, spent.Gone())
				c := newChain()
				c.add(tx.MsgTx, confirmed)
				for _, claim := range s.claims(spent, s.all) {
					seen++
					require.Contains(t, []bitcoin.Path{bitcoin.ToLocal, bitcoin.Anchor}, claim.Path)
					c.locks(t, claim, s.keys[i])
				}
			}
		}
	})
	require.Greater(t, seen, 20)
}

func TestACooperativeCloseIsKnownByItsTransactionOrItsScripts(t *testing.T) {
	s := newScene(t, 3)
	ch := s.channel(0)
	ours, theirs := append([]byte{0, 20}, bytes.Repeat([]byte{1}, 20)...), append([]byte{0, 20}, bytes.Repeat([]byte{2}, 20)...)
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(&wire.TxIn{PreviousOutPoint: ch.Params.Outpoint, Sequence: wire.MaxTxInSequenceNum})
	tx.AddTxOut(&wire.TxOut{Value: 1000, PkScript: ours})
	tx.AddTxOut(&wire.TxOut{Value: 2000, PkScript: theirs})
	ending := func() adjudicator.Ending {
		spent := s.judged(ch, tx)
		require.Empty(t, s.claims(spent, s.all))
		require.Empty(t, spent.Gone())
		return spent.Ending
	}
	require.Equal(t, adjudicator.Unknown, ending(), "nothing is agreed")
	ch.Closing = [2][]byte{ours, theirs}
	require.Equal(t, adjudicator.Cooperative, ending())
	tx.TxOut = tx.TxOut[1:]
	require.Equal(t, adjudicator.Cooperative, ending(), "one output was dust")
	tx.TxOut = append(tx.TxOut, tx.TxOut[0])
	require.Equal(t, adjudicator.Unknown, ending(), "one script twice")
	var b bytes.Buffer
	require.NoError(t, tx.Serialize(&b))
	ch.CloseTx = b.Bytes()
	require.Equal(t, adjudicator.Cooperative, ending(), "whatever both signed")
	tx.TxOut = nil
	require.Equal(t, adjudicator.Unknown, ending())
}

// What only looks like a commitment of this channel is nothing that is known, and nothing is
// claimed of it.
func TestALookAlikeIsUnknown(t *testing.T) {
	s := newScene(t, 4).run(80)
	ch := s.channel(0)
	strange := append([]byte{0, 32}, bytes.Repeat([]byte{9}, 32)...)
	for name, n := range map[string]uint64{
		"revoked": 0, "newest": ch.Remote[0].Number, "ours": ch.Local.Number, "newer": 1 << 40,
	} {
		source := ch.Remote[0]
		for _, com := range s.sides[0].remote {
			if com.Number == n {
				source = com
			}
		}
		com := *source
		com.Number = n
		tx, err := bolt3.Build(ch.Params, &com)
		require.NoError(t, err)
		for _, out := range tx.MsgTx.TxOut {
			out.PkScript = strange
		}
		spent := s.judged(ch, tx.MsgTx)
		require.Equal(t, adjudicator.Unknown, spent.Ending, name)
		require.Empty(t, s.claims(spent, s.all), name)
	}
	foreign := wire.NewMsgTx(2)
	foreign.AddTxIn(&wire.TxIn{})
	_, err := bitcoin.Classify(ch, foreign)
	require.ErrorIs(t, err, bitcoin.ErrChannel)
}

// A commitment that differs from the one we know in a single satoshi is another one.
func TestTheNewestCommitmentsAreComparedWhole(t *testing.T) {
	s := newScene(t, 5).run(60)
	ch := s.channel(1)
	com := *ch.Remote[0]
	from := htlc.Local
	if com.Balance[htlc.Remote] > com.Balance[htlc.Local] {
		from = htlc.Remote
	}
	com.Balance[from] -= 1000
	com.Balance[from.Other()] += 1000
	tx, err := bolt3.Build(ch.Params, &com)
	require.NoError(t, err)
	require.Equal(t, adjudicator.Unknown, s.judged(ch, tx.MsgTx).Ending)
}

// With a record lost, the rest of a revoked commitment is taken all the same, what is left
// over is counted, and no HTLC is called gone.
func TestALostRecordIsNoticed(t *testing.T) {
	s := newScene(t, 6)
	s.add(0, 70_000)
	s.add(1, 80_000)
	s.add(1, 90_000)
	victim := s.channel(0)
	n := victim.Remote[0].Number - 1
	tx := s.tx(1, n).MsgTx
	spent := s.judged(victim, tx)
	require.Zero(t, spent.Others)
	all := s.claims(spent, none)
	victim.Records = func(n uint64) ([]bitcoin.Record, error) {
		rs, err := s.stored(0)(n)
		var kept []bitcoin.Record
		for _, r := range rs {
			if r.Offerer == htlc.Remote {
				kept = append(kept, r)
			}
		}
		return kept, err
	}
	spent = s.judged(victim, tx)
	require.Equal(t, adjudicator.Revoked, spent.Ending)
	require.Equal(t, 1, spent.Others)
	require.Len(t, s.claims(spent, none), len(all)-1)
	require.Empty(t, spent.Gone())
}

// Stale data has no commitment of ours to publish, and is judged by nevertheless.
func TestWhatIsMissingIsSaid(t *testing.T) {
	s := newScene(t, 7)
	s.add(0, 70_000)
	ch := s.channel(0)
	tx := s.tx(0, ch.Local.Number).MsgTx

	short := *ch
	short.LocalSigs = ch.LocalSigs[:1]
	_, err := bitcoin.Classify(&short, tx)
	require.ErrorIs(t, err, bitcoin.ErrChannel)
	require.ErrorContains(t, err, "has 1 signatures of the peer, needs 2")

	stale := *ch
	stale.Local, stale.LocalSigs = nil, nil
	require.Equal(t, adjudicator.LocalOther, s.judged(&stale, tx).Ending)

	blind := *ch
	blind.Remote = nil
	_, err = bitcoin.Classify(&blind, s.tx(1, 0).MsgTx)
	require.ErrorIs(t, err, bitcoin.ErrChannel)

	other := *ch
	other.Point = func(uint64) *btcec.PublicKey { return s.keys[1].Point(9) }
	other.Secret = func(uint64) ([32]byte, error) { return [32]byte{}, bitcoin.ErrChannel }
	_, err = bitcoin.Classify(&other, s.tx(1, 0).MsgTx)
	require.ErrorIs(t, err, bitcoin.ErrChannel)
	require.ErrorContains(t, err, "secret of the peer's commitment 0")

	wrong := func([32]byte) (htlc.Preimage, bool) { return htlc.Preimage{1}, true }
	theirs := s.channel(1)
	_, err = s.judged(theirs, tx).Claims(confirmed, wrong)
	require.ErrorIs(t, err, bitcoin.ErrPreimage)
}
