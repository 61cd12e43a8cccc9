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

// Each side can publish its newest commitment at any time, and the other knows it.
func TestOurCommitmentCanBePublishedAtAnyTime(t *testing.T) {
	scenes(t, 10, 40, func(s *scene) {
		for range 5 {
			s.run(8)
			for i := range s.sides {
				ch := s.channel(i)
				tx, err := bitcoin.Publish(ch, s.keys[i].Signer)
				require.NoError(t, err, s.where)
				c := newChain()
				pk, err := bolt3.FundingScript(ch.Params)
				require.NoError(t, err)
				c.outs[ch.Params.Outpoint] = &wire.TxOut{Value: int64(ch.Params.Capacity), PkScript: pk}
				require.NoError(t, c.execute(tx), s.where)
				require.True(t, c.minable(tx, confirmed))
				require.Equal(t, adjudicator.Local, s.judged(ch, tx).Ending)
				require.NotEqual(t, adjudicator.Unknown, s.judged(s.channel(1-i), tx).Ending)
			}
		}
	})
}

func TestStaleDataPublishesNothing(t *testing.T) {
	s := newScene(t, 16)
	ch := s.channel(0)
	sigs := ch.LocalSigs
	ch.LocalSigs = nil
	_, err := bitcoin.Publish(ch, s.keys[0].Signer)
	require.ErrorIs(t, err, bitcoin.ErrChannel)
	ch.LocalSigs = append(sigs[:0:0], sigs...)
	ch.LocalSigs[0].RawBytes()[40] ^= 1
	_, err = bitcoin.Publish(ch, s.keys[0].Signer)
	require.ErrorIs(t, err, bitcoin.ErrChannel)
	ch.Local = nil
	_, err = bitcoin.Publish(ch, s.keys[0].Signer)
	require.ErrorIs(t, err, htlc.ErrStale)
}

// A commitment that pays too little is raised by our anchor: both together pay the rate, as
// long as that is less than what is at stake.
func TestTheAnchorRaisesItsCommitment(t *testing.T) {
	s := newScene(t, 17)
	s.add(0, 70_000)
	ch := s.channel(0)
	tx, err := bitcoin.Publish(ch, s.keys[0].Signer)
	require.NoError(t, err)
	const tip = 450
	c := newChain()
	c.add(tx, tip+1) // the same block
	claims, err := s.judged(ch, tx).Claims(tip+1, none)
	require.NoError(t, err)
	anchor := only(t, claims, bitcoin.Anchor)
	parent := bitcoin.Parent{Weight: bitcoin.Weight(tx), Fee: ch.Params.Capacity - paid(tx), Saves: 70_000}
	for _, rate := range []htlc.FeeRate{300, 1500, 5000, 20_000} {
		o := &bitcoin.Order{
			Claims: []*bitcoin.Claim{anchor}, Fees: []bitcoin.FeeInput{c.coin(5, 200_000)},
			Rate: rate, Dest: dest, Tip: tip, Parent: &parent,
		}
		got, err := bitcoin.Build(o, s.keys[0])
		require.NoError(t, err)
		c.signCoins(t, got)
		require.NoError(t, c.execute(got.Tx))
		require.True(t, c.minable(got.Tx, tip+1))
		require.Equal(t, got.Weight, bitcoin.Weight(got.Tx)+shorter(got.Tx))
		both := int64(rate) * (got.Weight + parent.Weight) / 1000
		require.GreaterOrEqual(t, int64(got.Fee+parent.Fee), both)
		if rate > 2000 {
			require.LessOrEqual(t, int64(got.Fee+parent.Fee), both+1)
		}
		cheap := parent
		cheap.Saves = got.Fee - anchor.Value
		o.Parent = &cheap
		_, err = bitcoin.Build(o, s.keys[0])
		require.ErrorIs(t, err, bitcoin.ErrUneconomic)
	}
}
