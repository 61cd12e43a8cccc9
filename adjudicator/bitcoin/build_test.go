package bitcoin_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/stretchr/testify/require"
)

// busy is a commitment of side 1 with HTLCs both ways, and its claims for the side asked.
func busy(t *testing.T, who int) (*scene, *chain, []*bitcoin.Claim) {
	s := newScene(t, 12)
	for i := range 12 {
		s.add(i%2, htlc.Sat(2000+i*3000))
	}
	tx := s.tx(1, s.channel(1).Local.Number).MsgTx
	c := newChain()
	c.add(tx, confirmed)
	return s, c, s.claims(s.judged(s.channel(who), tx), s.all)
}

// At any rate a transaction is either refused, or it pays its rate, makes no dust, and
// saves more than it costs (the checks of build).
func TestFeesNeverExceedWhatIsSaved(t *testing.T) {
	const seed = 13
	r := rand.New(rand.NewPCG(seed, 0))
	s, c, claims := busy(t, 0)
	made, refused := 0, 0
	for round := range 400 {
		rate := htlc.FeeRate(253 << r.IntN(9))
		var some []*bitcoin.Claim
		for _, claim := range claims {
			if r.IntN(3) == 0 {
				some = append(some, claim)
			}
		}
		o := &bitcoin.Order{Claims: some, Rate: rate, Dest: dest, Tip: 700}
		if r.IntN(3) == 0 {
			o.Fees = append(o.Fees, c.coin(uint32(round), htlc.Sat(r.IntN(200_000))))
		}
		if _, err := bitcoin.Build(o, s.keys[0]); err != nil {
			if len(some) > 0 {
				require.ErrorIs(t, err, bitcoin.ErrUneconomic, "seed %d round %d", seed, round)
				refused++
			}
			continue
		}
		made++
		c.build(t, o, s.keys[0])
	}
	require.Greater(t, made, 50)
	require.Greater(t, refused, 50)
}

// HTLC transactions of one locktime share a transaction, with claims that the locktime
// allows; the others are refused.
func TestHTLCTransactionsShareTheirLocktimeOnly(t *testing.T) {
	s, c, claims := busy(t, 1)
	var success, timeouts, others []*bitcoin.Claim
	for _, claim := range claims {
		switch claim.Path {
		case bitcoin.StageSuccess:
			success = append(success, claim)
		case bitcoin.StageTimeout:
			timeouts = append(timeouts, claim)
		case bitcoin.ToLocal:
			others = append(others, claim)
		}
	}
	require.Len(t, success, 6)
	require.Len(t, timeouts, 6)
	o := &bitcoin.Order{Claims: append(others, success...), Rate: 500, Dest: dest, Tip: 700}
	got := c.build(t, o, s.keys[1])
	require.Zero(t, got.Tx.LockTime)
	require.Len(t, got.Tx.TxOut, 7)
	for i := range success {
		require.EqualValues(t, got.Claims[i].Value, got.Tx.TxOut[i].Value)
	}
	o.Claims = append(success, timeouts[0])
	_, err := bitcoin.Build(o, s.keys[1])
	require.ErrorIs(t, err, bitcoin.ErrTogether)

	// Alone they pay no fee: what is theirs may not be touched.
	free := c.build(t, &bitcoin.Order{Claims: success, Rate: 500, Dest: dest, Tip: 700}, s.keys[1])
	require.Zero(t, free.Fee)
	paying := c.build(t, &bitcoin.Order{
		Claims: success, Fees: []bitcoin.FeeInput{c.coin(3, 40_000), c.coin(4, 1000)}, Rate: 500, Dest: dest, Tip: 700,
	}, s.keys[1])
	require.Positive(t, paying.Fee)

	sweep := *others[0]
	sweep.LockTime = 600
	_, err = bitcoin.Build(&bitcoin.Order{
		Claims: append(success, &sweep), Rate: 500, Dest: dest, Tip: 700,
	}, s.keys[1])
	require.ErrorIs(t, err, bitcoin.ErrTogether)
}

// rivalled is whether somebody gains by taking a claim's output first.
func rivalled(c *bitcoin.Claim) bool {
	return c.Deadline != 0 && c.Path != bitcoin.Anchor && c.Path != bitcoin.OtherAnchor
}

// A plan loses no claim and doubles none; what it calls ready can be built at once.
func TestAPlanHasEveryClaimOnce(t *testing.T) {
	for who := range 2 {
		s, c, claims := busy(t, who)
		for _, tip := range []adjudicator.Height{confirmed - 1, confirmed, 500, 503, 700} {
			for _, rate := range []htlc.FeeRate{253, 2000, 20_000, 4_000_000} {
				plan := bitcoin.Plan(claims, tip, rate, dest)
				all := append(append([]*bitcoin.Claim{}, plan.Waiting...), plan.Uneconomic...)
				for _, batch := range plan.Ready {
					all = append(all, batch...)
					o := &bitcoin.Order{Claims: batch, Rate: rate, Dest: dest, Tip: tip}
					got := c.build(t, o, s.keys[who])
					for _, claim := range batch {
						require.Equal(t, rivalled(batch[0]), rivalled(claim))
					}
					require.LessOrEqual(t, got.Weight, int64(110_000))
				}
				require.ElementsMatch(t, claims, all)
				for _, w := range plan.Waiting {
					require.Greater(t, w.Matures(), tip+1)
				}
			}
		}
	}
}

// More HTLCs than two sides may have go in several transactions, the most urgent first.
func TestBatchesAreBounded(t *testing.T) {
	s, _, claims := busy(t, 0)
	var many []*bitcoin.Claim
	for i := range 1101 {
		for _, claim := range claims {
			if claim.Path == bitcoin.PreimageHTLC {
				one := *claim
				one.Out = wire.OutPoint{Index: uint32(i), Hash: claim.Out.Hash}
				one.Deadline = adjudicator.Height(1000 + (i*5)%1101)
				many = append(many, &one)
				break
			}
		}
	}
	plan := bitcoin.Plan(many, 700, 253, dest)
	require.Empty(t, plan.Waiting)
	require.Greater(t, len(plan.Ready), 2)
	last := adjudicator.Height(0)
	for _, batch := range plan.Ready {
		got, err := bitcoin.Build(&bitcoin.Order{Claims: batch, Rate: 253, Dest: dest, Tip: 700}, s.keys[0])
		require.NoError(t, err)
		require.LessOrEqual(t, got.Weight, int64(101_000))
		for _, claim := range batch {
			require.Greater(t, claim.Deadline, last)
			last = claim.Deadline
		}
	}
	_, err := bitcoin.Build(&bitcoin.Order{Claims: many, Rate: 253, Dest: dest, Tip: 700}, s.keys[0])
	require.ErrorIs(t, err, bitcoin.ErrTogether, "nodes don't relay it")
}

// spoiled answers with other signatures than asked for.
type spoiled struct {
	*keys
	how func([]lnwire.Sig) ([]lnwire.Sig, error)
}

func (s spoiled) SignClaims(ds []bitcoin.Digest) ([]lnwire.Sig, error) {
	sigs, err := s.keys.SignClaims(ds)
	if err != nil {
		return nil, err
	}
	return s.how(sigs)
}

func TestABadSignatureIsFoundBeforeItIsSent(t *testing.T) {
	s, _, claims := busy(t, 0)
	o := &bitcoin.Order{Claims: claims[len(claims)-1:], Rate: 253, Dest: dest, Tip: 700}
	broken := errors.New("broken")
	for name, how := range map[string]func([]lnwire.Sig) ([]lnwire.Sig, error){
		"none":  func([]lnwire.Sig) ([]lnwire.Sig, error) { return nil, nil },
		"zeros": func(sigs []lnwire.Sig) ([]lnwire.Sig, error) { return make([]lnwire.Sig, len(sigs)), nil },
		"other": func(sigs []lnwire.Sig) ([]lnwire.Sig, error) { sigs[0].RawBytes()[40] ^= 1; return sigs, nil },
	} {
		_, err := bitcoin.Build(o, spoiled{s.keys[0], how})
		require.ErrorIs(t, err, bitcoin.ErrSigner, name)
	}
	_, err := bitcoin.Build(o, spoiled{s.keys[0], func([]lnwire.Sig) ([]lnwire.Sig, error) { return nil, broken }})
	require.ErrorIs(t, err, broken)
}

func TestOrdersThatMakeNoSense(t *testing.T) {
	s, _, claims := busy(t, 0)
	good := bitcoin.Order{Claims: claims, Rate: 253, Dest: dest, Tip: 700}
	for name, spoil := range map[string]func(o *bitcoin.Order){
		"no claim":  func(o *bitcoin.Order) { o.Claims = nil },
		"no script": func(o *bitcoin.Order) { o.Dest = nil },
		"twice":     func(o *bitcoin.Order) { o.Claims = append(claims[:1:1], claims[0]) },
	} {
		o := good
		spoil(&o)
		_, err := bitcoin.Build(&o, s.keys[0])
		require.ErrorIs(t, err, bitcoin.ErrTogether, name)
	}
}

// What is left after the fee is an output from the dust limit on, to the satoshi.
func TestNoOutputIsBelowDust(t *testing.T) {
	s, _, claims := busy(t, 1)
	claim := *only(t, claims, bitcoin.ToLocal)
	claim.Value = 1_000_000
	o := &bitcoin.Order{Claims: []*bitcoin.Claim{&claim}, Rate: 1000, Dest: dest, Tip: 700}
	got, err := bitcoin.Build(o, s.keys[1])
	require.NoError(t, err)
	claim.Value = got.Fee + bitcoin.Dust(dest)
	got, err = bitcoin.Build(o, s.keys[1])
	require.NoError(t, err)
	require.Equal(t, int64(bitcoin.Dust(dest)), got.Tx.TxOut[0].Value)
	claim.Value--
	_, err = bitcoin.Build(o, s.keys[1])
	require.ErrorIs(t, err, bitcoin.ErrUneconomic)
}

// BOLT 3, "Dust Limits".
func TestDustIsAsNodesHaveIt(t *testing.T) {
	script := func(n int, b ...byte) []byte { return append(b, make([]byte, n-len(b))...) }
	p2pkh := append(append([]byte{0x76, 0xa9, 20}, make([]byte, 20)...), 0x88, 0xac)
	p2sh := append(append([]byte{0xa9, 20}, make([]byte, 20)...), 0x87)
	for _, c := range []struct {
		script []byte
		want   htlc.Sat
	}{
		{p2pkh, 546}, {p2sh, 540}, {script(22, 0, 20), 294}, {script(34, 0, 32), 330}, {script(42, 0x51, 40), 354},
	} {
		require.Equal(t, c.want, bitcoin.Dust(c.script), "%x", c.script)
	}
}

func TestEveryPathHasItsName(t *testing.T) {
	seen := make(map[string]bool)
	for p := bitcoin.ToLocal; p <= bitcoin.RevokedStage; p++ {
		require.False(t, seen[p.String()], "%d is a second %q", p, p)
		seen[p.String()] = true
	}
	require.Equal(t, "unknown path", bitcoin.Path(99).String())
}

// What claims, coins and the rest weigh by themselves is what a transaction of them weighs.
func TestATransactionWeighsWhatItsPartsDo(t *testing.T) {
	s, c, claims := busy(t, 1)
	coin := c.coin(3, 90_000)
	for _, claim := range claims {
		fees := []bitcoin.FeeInput{coin}
		if claim.Value < 1000 {
			continue
		}
		got := c.build(t, &bitcoin.Order{Claims: []*bitcoin.Claim{claim}, Fees: fees, Rate: 500, Dest: dest, Tip: 700}, s.keys[1])
		require.Equal(t, bitcoin.Overhead(2, dest)+claim.Weight()+coin.Weight(), got.Weight, claim.Path)
		if !claim.Path.Staged() {
			require.Zero(t, claim.StageWeight())
			continue
		}
		c.add(got.Tx, 701)
		later := s.judged(s.channel(1), s.tx(1, s.channel(1).Local.Number).MsgTx).Follow(got.Tx, 701).Claims
		require.Len(t, later, 1)
		require.Equal(t, later[0].Weight(), claim.StageWeight())
	}
}
