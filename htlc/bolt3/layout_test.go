package bolt3_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/btcsuite/btcd/txscript"
	"github.com/lightningnetwork/lnd/input"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/stretchr/testify/require"
)

// randomCommitment spends at most the capacity; amounts crowd round the dust limit, and
// hashes, amounts and expiries repeat, so that ties in the order of outputs are met.
func randomCommitment(r *rand.Rand, p *htlc.Params, n int) *htlc.Commitment {
	s := &htlc.Commitment{
		Holder: htlc.Side(r.IntN(2)), Number: r.Uint64N(1 << 48), Point: randomKey(r).PubKey(),
		FeeRate: htlc.FeeRate(253 + r.IntN(3000)),
	}
	left := htlc.MilliSat(p.Capacity) * 1000
	for i := range n {
		h := &htlc.HTLC{
			Offerer: htlc.Side(r.IntN(2)), ID: uint64(i),
			Amount: htlc.MilliSat(300_000 + 50_000*r.IntN(12) + r.IntN(1000)),
			Expiry: uint32(r.IntN(3)) + []uint32{0, 15, 127, 255, 32767, 800_000, 8_388_607, 499_999_990}[r.IntN(8)],
		}
		h.Hash[0] = byte(r.IntN(4))
		left -= h.Amount
		s.HTLCs = append(s.HTLCs, h)
	}
	s.Balance[0] = htlc.MilliSat(r.Uint64N(uint64(left)))
	s.Balance[1] = left - s.Balance[0]
	switch r.IntN(6) {
	case 0:
		s.Balance[0] = 0
	case 1:
		s.Balance[1] = htlc.MilliSat(r.IntN(1_500_000))
	}
	return s
}

// Digests makes no transactions; what it hashes is what btcd hashes of those that Build
// makes.
func TestDigestsAreOfTheTransactions(t *testing.T) {
	const seed = 1
	r := rand.New(rand.NewPCG(seed, 0))
	p, _, _ := channel(t)
	for round := range 300 {
		p.Opener = htlc.Side(r.IntN(2))
		p.Terms[0].DustLimit, p.Terms[1].DustLimit = 354, 600
		s := randomCommitment(r, p, []int{0, 1, 3, 20, 300}[round%5])
		checkDigests(t, p, s, fmt.Sprintf("seed %d round %d", seed, round))
	}
}

func checkDigests(t *testing.T, p *htlc.Params, s *htlc.Commitment, where string) {
	t.Helper()
	ds, err := bolt3.Format{}.Digests(p, s)
	require.NoError(t, err, where)
	tx, err := bolt3.Build(p, s)
	require.NoError(t, err, where)

	other := p.Terms[s.Holder.Other()]
	script := bolt3.FundingWitness(p.Terms[0].Funding, p.Terms[1].Funding)
	fetch := txscript.NewCannedPrevOutputFetcher(nil, int64(p.Capacity))
	want, err := txscript.CalcWitnessSigHash(script, txscript.NewTxSigHashes(tx.MsgTx, fetch),
		txscript.SigHashAll, tx.MsgTx, 0, int64(p.Capacity))
	require.NoError(t, err)
	require.Equal(t, want, ds[0].Hash[:], where)
	require.True(t, ds[0].Pub.IsEqual(other.Funding))
	n, ok := bolt3.Number(p, tx.MsgTx)
	require.True(t, ok)
	require.Equal(t, s.Number, n)

	ds = ds[1:]
	for i, o := range tx.Outputs {
		if i > 0 {
			require.LessOrEqual(t, tx.Outputs[i-1].Value, o.Value, where)
		}
		if o.Kind != bolt3.HTLC {
			continue
		}
		second, err := tx.HTLCTx(i)
		require.NoError(t, err)
		fetch := txscript.NewCannedPrevOutputFetcher(nil, int64(o.Value))
		want, err := txscript.CalcWitnessSigHash(o.Script, txscript.NewTxSigHashes(second, fetch),
			bolt3.HTLCHashType, second, 0, int64(o.Value))
		require.NoError(t, err)
		require.Equal(t, want, ds[0].Hash[:], where)
		require.Equal(t, s.Point, ds[0].Point)
		require.True(t, ds[0].Pub.IsEqual(bolt3.TweakPub(other.HTLC, s.Point)))
		ds = ds[1:]
	}
	require.Empty(t, ds, where)
}

// The scripts are those that lnd makes.
func TestScriptsAreAsLndWritesThem(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 0))
	p, _, _ := channel(t)
	for range 100 {
		s := randomCommitment(r, p, 8)
		tx, err := bolt3.Build(p, s)
		require.NoError(t, err)
		for _, o := range tx.Outputs {
			want, err := lndScript(&o, tx.Keys, s.Holder)
			require.NoError(t, err)
			require.Equal(t, want, o.Script, "kind %d, %+v", o.Kind, o.HTLC)
		}
	}
}

func lndScript(o *bolt3.Output, k *bolt3.Keys, holder htlc.Side) ([]byte, error) {
	switch {
	case o.Kind == bolt3.ToLocal:
		return input.CommitScriptToSelf(uint32(k.ToSelfDelay), k.Delayed, k.Revocation)
	case o.Kind == bolt3.ToRemote:
		return input.CommitScriptToRemoteConfirmed(k.ToRemote)
	case o.Kind == bolt3.LocalAnchor:
		return input.CommitScriptAnchor(k.HolderFund)
	case o.Kind == bolt3.RemoteAnchor:
		return input.CommitScriptAnchor(k.OtherFund)
	case o.HTLC.Offerer == holder:
		return input.SenderHTLCScript(k.HolderHTLC, k.OtherHTLC, k.Revocation, o.HTLC.Hash[:], true)
	default:
		return input.ReceiverHTLCScript(
			o.HTLC.Expiry, k.OtherHTLC, k.HolderHTLC, k.Revocation, o.HTLC.Hash[:], true)
	}
}

// An anchor is there when its side has an output or there are HTLCs.
func TestAnchorsOnlyWhenNeeded(t *testing.T) {
	p, _, _ := channel(t)
	p.Terms[0].DustLimit = 546
	all, _ := theHTLCs()
	secret := privKey(t, "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100")
	kinds := func(balance [2]htlc.MilliSat, hs ...*htlc.HTLC) (got []bolt3.Kind) {
		tx, err := bolt3.Build(p, &htlc.Commitment{
			Point: secret.PubKey(), FeeRate: 253, Balance: balance, HTLCs: hs,
		})
		require.NoError(t, err)
		for _, o := range tx.Outputs {
			got = append(got, o.Kind)
		}
		return got
	}
	const plenty = 5_000_000_000
	require.ElementsMatch(t, []bolt3.Kind{bolt3.ToLocal, bolt3.LocalAnchor}, kinds([2]htlc.MilliSat{plenty, 545_999}))
	require.ElementsMatch(t, []bolt3.Kind{bolt3.ToRemote, bolt3.RemoteAnchor}, kinds([2]htlc.MilliSat{0, plenty}))
	require.ElementsMatch(t, []bolt3.Kind{bolt3.HTLC, bolt3.LocalAnchor, bolt3.RemoteAnchor},
		kinds([2]htlc.MilliSat{}, all[4]))
	require.ElementsMatch(t,
		[]bolt3.Kind{bolt3.ToLocal, bolt3.ToRemote, bolt3.LocalAnchor, bolt3.RemoteAnchor},
		kinds([2]htlc.MilliSat{plenty, 546_000}))
}

func TestCommitmentRefusals(t *testing.T) {
	p, _, _ := channel(t)
	p.Terms[0].DustLimit = 546
	all, _ := theHTLCs()
	good := htlc.Commitment{Point: p.Terms[0].Payment, Balance: [2]htlc.MilliSat{9_000_000_000, 1_000_000_000}}
	for name, spoil := range map[string]func(p *htlc.Params, s *htlc.Commitment){
		"per_commitment_point":   func(_ *htlc.Params, s *htlc.Commitment) { s.Point = nil },
		"48 bits":                func(_ *htlc.Params, s *htlc.Commitment) { s.Number = 1 << 48 },
		"more than the capacity": func(_ *htlc.Params, s *htlc.Commitment) { s.HTLCs = all[:1] },
		"pays out more":          func(_ *htlc.Params, s *htlc.Commitment) { s.Balance[1] = ^htlc.MilliSat(0) },
		"out of range":           func(p *htlc.Params, _ *htlc.Commitment) { p.Capacity = 0 },
		"no outputs":             func(_ *htlc.Params, s *htlc.Commitment) { s.Balance = [2]htlc.MilliSat{} },
		"basepoint":              func(p *htlc.Params, _ *htlc.Commitment) { p.Terms[1].HTLC = nil },
	} {
		q, s := *p, good
		spoil(&q, &s)
		_, err := bolt3.Format{}.Digests(&q, &s)
		require.ErrorContains(t, err, name)
		_, err = bolt3.Build(&q, &s)
		require.ErrorContains(t, err, name)
	}
}

func BenchmarkDigests(b *testing.B) {
	for _, n := range []int{0, 1, 50, 966} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p, _, _ := channel(b)
			p.Capacity = 10_000_000_000
			s := randomCommitment(rand.New(rand.NewPCG(3, 0)), p, n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := (bolt3.Format{}).Digests(p, s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
