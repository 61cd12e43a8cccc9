package eip712_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/math"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/signer/core/apitypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/eip712"
	"github.com/nichework/nwnd/internal/signer"
	"github.com/stretchr/testify/require"
)

func secrets(seed uint64) signer.Secrets {
	var keys [5]*btcec.PrivateKey
	for i := range keys {
		h := sha256.Sum256(binary.BigEndian.AppendUint64(nil, 5*seed+uint64(i)))
		keys[i], _ = btcec.PrivKeyFromBytes(h[:])
	}
	return signer.Secrets{
		Funding: keys[0], Revocation: keys[1], Payment: keys[2], Delayed: keys[3], HTLC: keys[4],
	}
}

func randomFormat(r *rand.Rand) eip712.Format {
	f := eip712.Format{ChainID: r.Uint64(), Decimals: uint8(r.IntN(25))}
	for i := range f.Contract {
		f.Contract[i] = byte(r.Uint32())
	}
	return f
}

func randomParams(r *rand.Rand) *htlc.Params {
	p := &htlc.Params{Opener: htlc.Side(r.IntN(2)), Capacity: htlc.Sat(1_000_000 + r.Int64N(1<<50))}
	for i := range p.ID {
		p.ID[i] = byte(r.Uint32())
	}
	for side := range p.Terms {
		keys := secrets(uint64(side) + 10)
		keys.FillTerms(&p.Terms[side])
	}
	return p
}

// randomMoves are deposits and withdrawals that leave the capacity of the parameters.
func randomMoves(r *rand.Rand, p *htlc.Params) (in, out [2]htlc.Sat) {
	spare := htlc.Sat(r.Int64N(1 << 40))
	out[0] = htlc.Sat(r.Int64N(int64(spare) + 1))
	out[1] = spare - out[0]
	in[0] = htlc.Sat(r.Int64N(int64(p.Capacity+spare) + 1))
	in[1] = p.Capacity + spare - in[0]
	return in, out
}

func randomCommitment(r *rand.Rand, p *htlc.Params, n int) *htlc.Commitment {
	keys := secrets(r.Uint64N(1 << 30))
	in, out := randomMoves(r, p)
	s := &htlc.Commitment{
		Deposited: in, Withdrawn: out, Holder: htlc.Side(r.IntN(2)), Number: r.Uint64N(1 << 48), Point: keys.Funding.PubKey(),
	}
	left := htlc.MilliSat(p.Capacity) * 1000
	for i := range n {
		h := &htlc.HTLC{
			Offerer: htlc.Side(r.IntN(2)), ID: uint64(i),
			Amount: htlc.MilliSat(r.IntN(3000)), Expiry: 500_000_000 + uint32(r.IntN(1<<31)),
		}
		h.Hash = sha256.Sum256([]byte{byte(i)})
		left -= h.Amount
		s.HTLCs = append(s.HTLCs, h)
	}
	r.Shuffle(n, func(i, j int) { s.HTLCs[i], s.HTLCs[j] = s.HTLCs[j], s.HTLCs[i] })
	s.Balance[0] = htlc.MilliSat(r.Uint64N(uint64(left)))
	s.Balance[1] = left - s.Balance[0]
	return s
}

// units is the rule of the design in the words of big integers.
func units(f eip712.Format, m htlc.MilliSat) *big.Int {
	exp := max(0, int64(f.Decimals)-6)
	n := new(big.Int).Exp(big.NewInt(10), big.NewInt(exp), nil)
	n.Mul(n, new(big.Int).SetUint64(uint64(m)))
	return n.Div(n, big.NewInt(1000))
}

// whole is an amount of units.
func whole(f eip712.Format, n htlc.Sat) *big.Int { return units(f, htlc.MilliSat(n)*1000) }

func side(p *htlc.Params, s htlc.Side) int64 {
	if s == p.Opener {
		return 0
	}
	return 1
}

// packed is an independent packing of the locks.
func packed(f eip712.Format, p *htlc.Params, s *htlc.Commitment) (out []byte, locked *big.Int) {
	locked = new(big.Int)
	for to := range int64(2) {
		var mine []*htlc.HTLC
		for _, h := range s.HTLCs {
			if side(p, h.Offerer.Other()) == to && units(f, h.Amount).Sign() > 0 {
				mine = append(mine, h)
			}
		}
		slices.SortFunc(mine, func(a, b *htlc.HTLC) int { return int(a.ID) - int(b.ID) })
		for _, h := range mine {
			lock := make([]byte, 64)
			copy(lock, h.Hash[:])
			value := units(f, h.Amount)
			value.FillBytes(lock[32:48])
			big.NewInt(int64(h.Expiry)).FillBytes(lock[48:54])
			lock[54] = byte(to)
			locked.Add(locked, value)
			out = append(out, lock...)
		}
	}
	return out, locked
}

func typed(f eip712.Format, primary string, fields []apitypes.Type, message apitypes.TypedDataMessage) apitypes.TypedData {
	return apitypes.TypedData{
		Types: apitypes.Types{
			"EIP712Domain": {
				{Name: "name", Type: "string"}, {Name: "version", Type: "string"},
				{Name: "chainId", Type: "uint256"}, {Name: "verifyingContract", Type: "address"},
			},
			primary: fields,
		},
		PrimaryType: primary,
		Domain: apitypes.TypedDataDomain{
			Name: "nwnd", Version: "1",
			ChainId:           (*math.HexOrDecimal256)(new(big.Int).SetUint64(f.ChainID)),
			VerifyingContract: common.Address(f.Contract).Hex(),
		},
		Message: message,
	}
}

func fields(names ...string) (out []apitypes.Type) {
	for i := 0; i < len(names); i += 2 {
		out = append(out, apitypes.Type{Type: names[i], Name: names[i+1]})
	}
	return out
}

// Digests are those that go-ethereum computes of the same typed data.
func TestDigestsAreGoEthereums(t *testing.T) {
	const seed = 1
	r := rand.New(rand.NewPCG(seed, 0))
	for round := range 300 {
		where := fmt.Sprintf("seed %d round %d", seed, round)
		f, p := randomFormat(r), randomParams(r)
		s := randomCommitment(r, p, []int{0, 1, 5, 30}[round%4])
		ds, err := f.Digests(p, s)
		require.NoError(t, err, where)
		require.Len(t, ds, 1)
		require.True(t, ds[0].Pub.IsEqual(p.Terms[s.Holder.Other()].Funding))
		require.Equal(t, htlc.FundingKey, ds[0].Role)

		locks, locked := packed(f, p, s)
		require.Equal(t, locks, append([]byte(nil), f.Locks(p, s)...), where)
		total := units(f, htlc.MilliSat(p.Capacity)*1000)
		toB := units(f, s.Balance[p.Opener.Other()])
		toA := new(big.Int).Sub(total, toB)
		toA.Sub(toA, locked)
		rev := crypto.PubkeyToAddress(*s.Point.ToECDSA())
		want, _, err := apitypes.TypedDataAndHash(typed(f, "Commitment", fields(
			"bytes32", "id", "uint8", "holder", "uint64", "n", "uint128", "toA", "uint128", "toB",
			"uint128", "accA", "uint128", "accB", "uint128", "outA", "uint128", "outB",
			"address", "rev", "uint128", "locked", "bytes32", "locksHash",
		), apitypes.TypedDataMessage{
			"id": p.ID[:], "holder": big.NewInt(side(p, s.Holder)), "n": new(big.Int).SetUint64(s.Number),
			"toA": toA, "toB": toB, "accA": whole(f, s.Deposited[p.Opener]), "accB": whole(f, s.Deposited[1-p.Opener]),
			"outA": whole(f, s.Withdrawn[p.Opener]), "outB": whole(f, s.Withdrawn[1-p.Opener]), "rev": rev.Hex(),
			"locked": locked, "locksHash": crypto.Keccak256(locks),
		}))
		require.NoError(t, err)
		require.Equal(t, want, ds[0].Hash[:], where)
	}
}

func TestCoopDigestIsGoEthereums(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 0))
	for range 100 {
		f, p := randomFormat(r), randomParams(r)
		s := randomCommitment(r, p, 0)
		c := &htlc.Close{Balance: s.Balance, Deposited: s.Deposited, Withdrawn: s.Withdrawn}
		d, err := f.CloseDigest(p, c)
		require.NoError(t, err)
		total := units(f, htlc.MilliSat(p.Capacity)*1000)
		b := units(f, c.Balance[p.Opener.Other()])
		a := new(big.Int).Sub(total, b)
		want, _, err := apitypes.TypedDataAndHash(typed(f, "Coop", fields(
			"bytes32", "id", "uint128", "a", "uint128", "b",
			"uint128", "accA", "uint128", "accB", "uint128", "outA", "uint128", "outB",
		), apitypes.TypedDataMessage{
			"id": p.ID[:], "a": a, "b": b,
			"accA": whole(f, s.Deposited[p.Opener]), "accB": whole(f, s.Deposited[1-p.Opener]),
			"outA": whole(f, s.Withdrawn[p.Opener]), "outB": whole(f, s.Withdrawn[1-p.Opener]),
		}))
		require.NoError(t, err)
		require.Equal(t, want, d.Hash[:])

		raw, err := f.CloseTx(p, c, [2]lnwire.Sig{})
		require.NoError(t, err)
		require.Len(t, raw, 7*32+2*64)
		require.Equal(t, p.ID[:], raw[:32])
		require.Equal(t, a, new(big.Int).SetBytes(raw[32:64]))
	}
}

// Both sides compute the same digests: what is Local to one is Remote to the other.
func TestBothSidesAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 0))
	for range 50 {
		f, p := randomFormat(r), randomParams(r)
		s := randomCommitment(r, p, 10)
		q, u := *p, *s
		q.Opener, u.Holder = p.Opener.Other(), s.Holder.Other()
		q.Terms[0], q.Terms[1] = p.Terms[1], p.Terms[0]
		u.Balance[0], u.Balance[1] = s.Balance[1], s.Balance[0]
		u.Deposited[0], u.Deposited[1] = s.Deposited[1], s.Deposited[0]
		u.Withdrawn[0], u.Withdrawn[1] = s.Withdrawn[1], s.Withdrawn[0]
		u.HTLCs = nil
		for _, h := range s.HTLCs {
			g := *h
			g.Offerer = h.Offerer.Other()
			u.HTLCs = append(u.HTLCs, &g)
		}
		a, err := f.Digests(p, s)
		require.NoError(t, err)
		b, err := f.Digests(&q, &u)
		require.NoError(t, err)
		require.Equal(t, a[0].Hash, b[0].Hash)
		require.True(t, a[0].Pub.IsEqual(b[0].Pub))
	}
}

// A signature is what the contract's ecrecover takes.
func TestSignaturesRecoverToTheAddress(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 0))
	keys := secrets(11) // the remote side's
	sign, err := signer.New(keys, signer.EIP2098, nil)
	require.NoError(t, err)
	for range 50 {
		f, p := randomFormat(r), randomParams(r)
		s := randomCommitment(r, p, 3)
		s.Holder = htlc.Local
		ds, err := f.Digests(p, s)
		require.NoError(t, err)
		sigs, err := sign.Sign(ds)
		require.NoError(t, err)
		require.NoError(t, sign.Verify(ds, sigs))
		raw := slices.Clone(sigs[0].RawBytes())
		raw = append(raw, raw[32]>>7)
		raw[32] &= 0x7f
		pub, err := crypto.SigToPub(ds[0].Hash[:], raw)
		require.NoError(t, err)
		require.Equal(t, common.Address(eip712.Address(keys.Funding.PubKey())), crypto.PubkeyToAddress(*pub))
	}
}

func TestUnitsAndTrimming(t *testing.T) {
	for _, v := range []struct {
		decimals uint8
		msat     htlc.MilliSat
		trimmed  bool
	}{
		{0, 999, true}, {0, 1000, false}, {6, 999, true}, {6, 1000, false},
		{7, 99, true}, {7, 100, false}, {8, 9, true}, {8, 10, false}, {9, 1, false}, {24, 1, false}, {24, 0, true},
	} {
		f := eip712.Format{Decimals: v.decimals}
		require.Equal(t, v.trimmed, f.Trimmed(&htlc.HTLC{Amount: v.msat}, htlc.Local, 1000, 9), "%+v", v)
	}
	require.Zero(t, eip712.Format{}.Fee(1000, 30))
	require.Zero(t, eip712.Format{}.CloseFee(1000, nil, [2][]byte{}))
}

func TestExpiryIsATime(t *testing.T) {
	require.NoError(t, eip712.Format{}.CheckExpiry(500_000_000))
	require.ErrorIs(t, eip712.Format{}.CheckExpiry(499_999_999), htlc.ErrExpiry)
}

func TestCheckScript(t *testing.T) {
	ok := append([]byte{0, 20}, make([]byte, 20)...)
	require.ErrorIs(t, eip712.Format{}.CheckScript(ok), eip712.ErrScript, "the zero address")
	ok[21] = 1
	require.NoError(t, eip712.Format{}.CheckScript(ok))
	require.ErrorIs(t, eip712.Format{}.CheckScript(ok[:21]), eip712.ErrScript)
	require.ErrorIs(t, eip712.Format{}.CheckScript(append([]byte{0x51, 20}, ok[2:]...)), eip712.ErrScript)
	require.ErrorIs(t, eip712.Format{}.CheckScript(nil), eip712.ErrScript)
}

func TestRefusals(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 0))
	for name, spoil := range map[string]func(*eip712.Format, *htlc.Params, *htlc.Commitment){
		"decimals":             func(f *eip712.Format, _ *htlc.Params, _ *htlc.Commitment) { f.Decimals = 25 },
		"out of range":         func(_ *eip712.Format, _ *htlc.Params, s *htlc.Commitment) { s.Deposited[0] = htlc.MaxCapacity + 1 },
		"units: out of range":  func(_ *eip712.Format, _ *htlc.Params, s *htlc.Commitment) { s.Withdrawn[1] = -1 },
		"withdrawn of":         func(_ *eip712.Format, _ *htlc.Params, s *htlc.Commitment) { s.Withdrawn = s.Deposited },
		"funding key":          func(_ *eip712.Format, p *htlc.Params, _ *htlc.Commitment) { p.Terms[1].Funding = nil },
		"per_commitment_point": func(_ *eip712.Format, _ *htlc.Params, s *htlc.Commitment) { s.Point = nil },
		"short of":             func(_ *eip712.Format, _ *htlc.Params, s *htlc.Commitment) { s.HTLCs = s.HTLCs[1:] },
		"exceeds":              func(_ *eip712.Format, _ *htlc.Params, s *htlc.Commitment) { s.Balance[0] = ^htlc.MilliSat(0) },
	} {
		f, p := randomFormat(r), randomParams(r)
		s := randomCommitment(r, p, 3)
		s.HTLCs[0].Amount++ // not zero
		s.Balance[0]--
		spoil(&f, p, s)
		_, err := f.Digests(p, s)
		require.ErrorContains(t, err, name)
	}
	f, p := randomFormat(r), randomParams(r)
	s := randomCommitment(r, p, 0)
	c := &htlc.Close{Balance: s.Balance, Deposited: s.Deposited, Withdrawn: s.Withdrawn, Fee: 1}
	_, err := f.CloseDigest(p, c)
	require.ErrorIs(t, err, eip712.ErrCloseFee)
	_, err = f.CloseTx(p, c, [2]lnwire.Sig{})
	require.ErrorIs(t, err, eip712.ErrCloseFee)
}

func BenchmarkDigests(b *testing.B) {
	for _, n := range []int{0, 30, 966} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := rand.New(rand.NewPCG(6, 0))
			p := randomParams(r)
			s := randomCommitment(r, p, n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := (eip712.Format{Decimals: 6}).Digests(p, s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
