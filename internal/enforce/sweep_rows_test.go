package enforce

import (
	"math/rand/v2"
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/chain"
)

// What is read is what was written; what is cut off or of another version is refused.
func TestSweepRowsComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 100 {
		row := &swept{
			out: wire.OutPoint{Index: r.Uint32()}, path: bitcoin.Path(r.IntN(12)), alone: r.IntN(2) == 0, coins: r.IntN(2) == 0,
			rate: chain.SatPerKWeight(r.Uint32()), start: chain.SatPerKWeight(r.Uint32()),
			fee: btcutil.Amount(r.Int64N(btcutil.MaxSatoshi)), attempts: r.Uint32(),
			first: adjudicator.Height(r.Uint32()), gone: adjudicator.Height(r.Uint32()),
			ask:  BumpRequest{Rate: chain.SatPerKWeight(r.Uint32()), Budget: btcutil.Amount(r.Int64N(btcutil.MaxSatoshi))},
			dest: make([]byte, r.IntN(maxDest+1)),
		}
		for i := range row.txid {
			row.txid[i], row.out.Hash[i] = byte(r.Uint32()), byte(r.Uint32())
		}
		key, b := outpointKey(row.out), row.encode()
		got, err := decodeSwept(key, b)
		require.NoError(t, err)
		if len(row.dest) == 0 {
			row.dest = nil
		}
		require.Equal(t, row, got)
		for n := range sweptFixed {
			_, err := decodeSwept(key, b[:n])
			require.ErrorIs(t, err, errSweepRow)
		}
		_, err = decodeSwept(key[1:], b)
		require.ErrorIs(t, err, errSweepRow)
		b[0]++
		_, err = decodeSwept(key, b)
		require.ErrorIs(t, err, errSweepRow)
	}
}

func TestSweepTransactionsComeBack(t *testing.T) {
	tx := wire.NewMsgTx(2)
	for i := range uint32(3) {
		in := wire.NewTxIn(&wire.OutPoint{Index: i}, []byte{}, wire.TxWitness{{1, 2, 3}})
		tx.AddTxIn(in)
	}
	tx.AddTxOut(wire.NewTxOut(5000, make([]byte, 34)))
	whole := &sweepTx{
		txid: tx.TxHash(), tx: tx, fee: 1234, rate: 777, cpfp: true,
		claims: []wire.OutPoint{{Index: 0}, {Index: 1}}, coins: []wire.OutPoint{{Index: 2}},
	}
	replaced := &sweepTx{txid: tx.TxHash(), fee: 1234, rate: 777, claims: []wire.OutPoint{{Index: 9}}}
	for _, want := range []*sweepTx{whole, replaced} {
		b, err := want.encode()
		require.NoError(t, err)
		got, err := decodeSweepTx(want.txid[:], b)
		require.NoError(t, err)
		require.Equal(t, want, got)
		for n := range b {
			if n == sweepTxFixed {
				continue // one that was replaced
			}
			_, err := decodeSweepTx(want.txid[:], b[:n])
			require.ErrorIs(t, err, errSweepRow, "%d bytes of %d", n, len(b))
		}
	}
	b, err := whole.encode()
	require.NoError(t, err)
	b[15] = 4 // more claims than inputs
	_, err = decodeSweepTx(whole.txid[:], b)
	require.ErrorIs(t, err, errSweepRow)
	_, err = (&sweepTx{}).encode()
	require.ErrorIs(t, err, errSweepRow)
}
