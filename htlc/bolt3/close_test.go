package bolt3_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwallet"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/signer"
	"github.com/stretchr/testify/require"
)

func closeScripts() [2][]byte {
	return [2][]byte{
		append([]byte{txscript.OP_0, 20}, bytes.Repeat([]byte{7}, 20)...),
		append([]byte{txscript.OP_1, 32}, bytes.Repeat([]byte{8}, 32)...),
	}
}

// A close is what lnd makes of the same balances, dust on either side among them.
func TestCloseIsAsLndMakesIt(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 0))
	p, _, _ := channel(t)
	p.Terms[0].DustLimit, p.Terms[1].DustLimit = 354, 573
	for range 300 {
		p.Opener = htlc.Side(r.IntN(2))
		c := &htlc.Close{Script: closeScripts(), Fee: htlc.Sat(r.IntN(700))}
		c.Balance[0] = htlc.MilliSat(700_000 + r.IntN(1_000_000))
		if r.IntN(2) == 0 {
			c.Balance[0] = 5_000_000_000
		}
		c.Balance[1] = 10_000_000_000 - c.Balance[0]
		if r.IntN(2) == 0 {
			c.Balance[0], c.Balance[1] = c.Balance[1], c.Balance[0]
		}
		got, err := bolt3.BuildClose(p, c)
		require.NoError(t, err)
		sat := [2]btcutil.Amount{c.Balance[0].ToSatoshis(), c.Balance[1].ToSatoshis()}
		sat[p.Opener] -= c.Fee
		want, err := lnwallet.CreateCooperativeCloseTx(*wire.NewTxIn(&p.Outpoint, nil, nil),
			p.Terms[0].DustLimit, p.Terms[1].DustLimit, sat[0], sat[1], c.Script[0], c.Script[1])
		require.NoError(t, err)
		require.Equal(t, serialize(t, want), serialize(t, got), "%+v", c)
	}
}

// The signed close spends the funding output, as bitcoin's rules have it.
func TestCloseTxIsValid(t *testing.T) {
	p, a, b := channel(t)
	p.Terms[0].DustLimit, p.Terms[1].DustLimit = 354, 354
	c := &htlc.Close{Script: closeScripts(), Fee: 1000, Balance: [2]htlc.MilliSat{4_000_000_999, 5_999_999_001}}
	d, err := bolt3.Format{}.CloseDigest(p, c)
	require.NoError(t, err)
	var sigs [2]lnwire.Sig
	for side, keys := range []signer.Secrets{a, b} {
		s, err := signer.New(keys, signer.ECDSA, nil)
		require.NoError(t, err)
		got, err := s.Sign([]htlc.Digest{d})
		require.NoError(t, err)
		sigs[side] = got[0]
	}
	raw, err := bolt3.Format{}.CloseTx(p, c, sigs)
	require.NoError(t, err)
	tx := wire.NewMsgTx(2)
	require.NoError(t, tx.Deserialize(bytes.NewReader(raw)))
	require.Len(t, tx.TxOut, 2)
	require.Zero(t, tx.LockTime)
	require.Equal(t, uint32(0xffffffff), tx.TxIn[0].Sequence)

	pk, err := bolt3.FundingScript(p)
	require.NoError(t, err)
	fetch := txscript.NewCannedPrevOutputFetcher(pk, int64(p.Capacity))
	vm, err := txscript.NewEngine(pk, tx, 0, txscript.StandardVerifyFlags, nil,
		txscript.NewTxSigHashes(tx, fetch), int64(p.Capacity), fetch)
	require.NoError(t, err)
	require.NoError(t, vm.Execute())

	// The estimate of the fee is for this weight, signatures at their longest.
	weight := htlc.Sat(3*tx.SerializeSizeStripped() + tx.SerializeSize())
	fee := bolt3.Format{}.CloseFee(1000, p, c.Script)
	require.GreaterOrEqual(t, fee, weight)
	require.LessOrEqual(t, fee, weight+6)

	_, err = bolt3.Format{}.CloseTx(p, c, [2]lnwire.Sig{})
	require.Error(t, err)
}

func TestCloseRefusals(t *testing.T) {
	p, _, _ := channel(t)
	p.Terms[0].DustLimit, p.Terms[1].DustLimit = 354, 354
	half := [2]htlc.MilliSat{5_000_000_000, 5_000_000_000}
	for name, c := range map[string]htlc.Close{
		"opener has 5000000 sat": {Balance: half, Fee: 5_000_001},
		"fee is -1":              {Balance: half, Fee: -1},
		"more than the capacity": {Balance: [2]htlc.MilliSat{half[0], half[1] + 1}},
		"capacity of 10000000":   {Balance: [2]htlc.MilliSat{^htlc.MilliSat(0), 2}},
		"dust":                   {Balance: [2]htlc.MilliSat{300_000, 300_000}},
	} {
		c.Script = closeScripts()
		_, err := bolt3.Format{}.CloseDigest(p, &c)
		require.ErrorContains(t, err, name)
		_, err = bolt3.Format{}.CloseTx(p, &c, [2]lnwire.Sig{})
		require.ErrorContains(t, err, name)
	}
}

// BOLT 2, closing_signed: an output below its script's dust limit can't be relayed, and the
// channel is failed. The dust limit of the channel (354 or more) doesn't see to it.
func TestCloseThatNobodyRelaysIsRefused(t *testing.T) {
	p, _, _ := channel(t)
	p.Opener, p.Terms[0].DustLimit, p.Terms[1].DustLimit = htlc.Local, 354, 354
	rep := func(n int, prefix ...byte) []byte { return append(prefix, bytes.Repeat([]byte{5}, n)...) }
	for name, tc := range map[string]struct {
		script []byte
		least  htlc.MilliSat
	}{
		"p2pkh":  {append(rep(20, 0x76, 0xa9, 20), 0x88, 0xac), 546},
		"p2sh":   {append(rep(20, 0xa9, 20), 0x87), 540},
		"p2wpkh": {rep(20, 0, 20), 354},
		"p2wsh":  {rep(32, 0, 32), 354},
		"p2tr":   {rep(32, 0x51, 32), 354},
	} {
		t.Run(name, func(t *testing.T) {
			c := &htlc.Close{Script: [2][]byte{closeScripts()[0], tc.script}, Fee: 300}
			for value, want := range map[htlc.MilliSat]bool{353: true, 354: tc.least == 354, tc.least - 1: tc.least == 354, tc.least: true} {
				c.Balance = [2]htlc.MilliSat{10_000_000_000 - value*1000, value * 1000}
				_, err := bolt3.Format{}.CloseDigest(p, c)
				if want {
					require.NoError(t, err, value)
				} else {
					require.ErrorIs(t, err, bolt3.ErrCloseDust, value)
				}
			}
		})
	}
}

func TestCheckScript(t *testing.T) {
	rep := func(n int, prefix ...byte) []byte { return append(prefix, bytes.Repeat([]byte{5}, n)...) }
	good := map[string][]byte{
		"p2pkh":    append(rep(20, 0x76, 0xa9, 20), 0x88, 0xac),
		"p2sh":     append(rep(20, 0xa9, 20), 0x87),
		"p2wpkh":   rep(20, 0, 20),
		"p2wsh":    rep(32, 0, 32),
		"p2tr":     rep(32, 0x51, 32),
		"shortest": rep(2, 0x60, 2),
		"longest":  rep(40, 0x52, 40),
	}
	for name, s := range good {
		require.NoError(t, bolt3.Format{}.CheckScript(s), name)
	}
	bad := map[string][]byte{
		"none": nil, "v0 of 21": rep(21, 0, 21), "v0 of 33": rep(33, 0, 33), "v1 of 1": rep(1, 0x51, 1),
		"v1 of 41": rep(41, 0x51, 41), "length lies": rep(32, 0x51, 31), "v17": rep(32, 0x61, 32),
		"p2pk": append(rep(33, 33), 0xac), "OP_RETURN": {0x6a}, "huge": rep(100_000),
	}
	for name, s := range bad {
		require.ErrorIs(t, bolt3.Format{}.CheckScript(s), bolt3.ErrScript, name)
	}
}

func TestExpiryIsAHeight(t *testing.T) {
	require.NoError(t, bolt3.Format{}.CheckExpiry(499_999_999))
	require.ErrorIs(t, bolt3.Format{}.CheckExpiry(500_000_000), htlc.ErrExpiry)
}

// BOLT 3, "Fees": weight times rate, rounded down, and two anchors.
func TestFee(t *testing.T) {
	require.Equal(t, htlc.Sat(660), bolt3.Format{}.Fee(0, 483))
	require.Equal(t, htlc.Sat(253*1124/1000+660), bolt3.Format{}.Fee(253, 0))
	require.Equal(t, htlc.Sat(15000*(1124+172*5)/1000+660), bolt3.Format{}.Fee(15000, 5))
	require.Positive(t, bolt3.Format{}.Fee(^htlc.FeeRate(0), 966))
}

// HTLC transactions pay no fee, so the dust limit alone decides.
func TestTrimmed(t *testing.T) {
	for _, rate := range []htlc.FeeRate{0, 253, 1 << 31} {
		require.True(t, bolt3.Format{}.Trimmed(&htlc.HTLC{Amount: 353_999}, htlc.Local, 354, rate))
		require.False(t, bolt3.Format{}.Trimmed(&htlc.HTLC{Amount: 354_000}, htlc.Remote, 354, rate))
	}
}
