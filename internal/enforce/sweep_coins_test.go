package enforce_test

import (
	"errors"
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/enforce"
)

// staged wants the HTLCs of the acceptor's own commitment, all of one deadline.
func staged(t *testing.T, count int, sat htlc.Sat) *bench {
	b := newBench(t)
	for range count {
		b.add(0, sat)
	}
	tx := b.commitment(1)
	b.confirm(tx)
	_, claims := b.claims(1, tx, b.height)
	for _, c := range claims {
		if c.Path == bitcoin.StageSuccess {
			b.wants = append(b.wants, b.want(1, c, b.height+100))
		}
	}
	require.Len(t, b.wants, count)
	b.confirm()
	return b
}

// The wallet can't pay for all HTLCs of a batch: it pays for as many as it can.
func TestAWalletThatCantPayForAllPaysForSome(t *testing.T) {
	b := staged(t, 8, 50_000)
	b.coin(4000)
	b.round()
	taken := 0
	for _, w := range b.wants {
		if b.spender(w.Claim.Out) != nil {
			taken++
			continue
		}
		require.Equal(t, enforce.SweepStuck, b.sweep(w.Claim.Out).State)
	}
	require.Equal(t, 4, taken)
	b.coin(100_000)
	b.block()
	for _, w := range b.wants {
		require.NotNil(t, b.spender(w.Claim.Out))
	}
	require.Zero(t, b.refusals)
}

// HTLC transactions share the wallet's coins and leave the peer's outputs as they were signed.
func TestHTLCTransactionsAreBatched(t *testing.T) {
	b := staged(t, 8, 50_000)
	b.coin(40_000)
	b.round()
	require.Len(t, b.pool, 1)
	for _, p := range b.pool {
		require.Len(t, p.tx.TxIn, 9)
		require.Len(t, p.tx.TxOut, 9)
		require.GreaterOrEqual(t, p.fee*1000/bitcoin.Weight(p.tx), int64(1000))
	}
}

// What an HTLC transaction makes must be swept too: that cost is part of its own.
func TestTheSecondStageIsPartOfTheCost(t *testing.T) {
	b := staged(t, 1, 3000)
	b.coin(40_000)
	b.fee = func(uint32) chain.SatPerKWeight { return 4000 }
	b.round()
	s := b.sweep(b.wants[0].Claim.Out)
	later := btcutil.Amount(4 * b.wants[0].Claim.StageWeight())
	require.Greater(t, later, btcutil.Amount(1200))
	require.LessOrEqual(t, s.Budget, 3000-330-later)
	require.LessOrEqual(t, s.Fee, s.Budget)
}

// A commitment that pays enough by itself needs no child, until fees rise.
func TestACommitmentThatPaysEnoughNeedsNoChild(t *testing.T) {
	b := newBench(t)
	b.add(0, 400_000)
	b.coin(400_000)
	tx := b.commitment(0)
	w := b.anchor(0, tx, 600)
	b.wants = []enforce.Want{w}
	require.NoError(t, b.accept(tx))
	rate := chain.SatPerKWeight(int64(w.Parent.Fee) * 1000 / w.Parent.Weight)
	b.fee = func(uint32) chain.SatPerKWeight { return rate }
	b.round()
	require.Nil(t, b.spender(w.Claim.Out))
	require.Contains(t, b.sweep(w.Claim.Out).Note, "enough")
	require.Empty(t, b.held)
	rate *= 2
	b.block()
	require.NotNil(t, b.spender(w.Claim.Out))
}

// onlySigner is a signer of one channel's outputs.
type onlySigner struct {
	bitcoin.Signer
	outs map[wire.OutPoint]bool
}

func (s onlySigner) SignClaims(ds []bitcoin.Digest) ([]lnwire.Sig, error) {
	for _, d := range ds {
		if !s.outs[d.Out] {
			return nil, errors.New("another channel's")
		}
	}
	return s.Signer.SignClaims(ds)
}

// Balances of several channels, which nobody else can take, share a transaction, each signed by its
// own channel's keys. HTLCs of different channels don't.
func TestBalancesOfSeveralChannelsGoTogether(t *testing.T) {
	b := newBench(t)
	var balances, htlcs []wire.OutPoint
	for i := range 3 {
		p := newPair(t)
		p.add(0, htlc.Sat(50_000+i))
		tx := p.commitment(0)
		b.put(tx)
		_, claims := p.claims(1, tx, b.height)
		mine := onlySigner{p.signers[1], make(map[wire.OutPoint]bool)}
		for _, c := range claims {
			mine.outs[c.Out] = true
			w := p.want(1, c, 0)
			w.Signer, w.Channel = mine, lnwire.ChannelID{byte(i)}
			switch c.Path {
			case bitcoin.ToRemote:
				balances = append(balances, c.Out)
			case bitcoin.PreimageHTLC:
				htlcs = append(htlcs, c.Out)
				w.Deadline = 800
			default:
				continue
			}
			b.wants = append(b.wants, w)
		}
	}
	b.confirm()
	b.round()
	require.Len(t, balances, 3)
	for _, out := range balances {
		require.Len(t, b.spender(out).tx.TxIn, 3)
	}
	require.Len(t, htlcs, 3)
	for _, out := range htlcs {
		require.Len(t, b.spender(out).tx.TxIn, 1)
	}
}
