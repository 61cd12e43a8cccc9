package bitcoin_test

import (
	"crypto/sha256"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/ecdsa"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/stretchr/testify/require"
)

// chain has the outputs that can be spent, and the blocks that they are in.
type chain struct {
	outs    map[wire.OutPoint]*wire.TxOut
	heights map[wire.OutPoint]adjudicator.Height
}

func newChain() *chain {
	return &chain{make(map[wire.OutPoint]*wire.TxOut), make(map[wire.OutPoint]adjudicator.Height)}
}

func (c *chain) add(tx *wire.MsgTx, at adjudicator.Height) {
	txid := tx.TxHash()
	for i, out := range tx.TxOut {
		o := wire.OutPoint{Hash: txid, Index: uint32(i)}
		c.outs[o], c.heights[o] = out, at
	}
}

// execute runs every input's scripts, as nodes do before they relay.
func (c *chain) execute(tx *wire.MsgTx) error {
	fetch := txscript.NewMultiPrevOutFetcher(c.outs)
	hashes := txscript.NewTxSigHashes(tx, fetch)
	for i, in := range tx.TxIn {
		out := fetch.FetchPrevOutput(in.PreviousOutPoint)
		vm, err := txscript.NewEngine(out.PkScript, tx, i, txscript.StandardVerifyFlags, nil,
			hashes, out.Value, fetch)
		if err != nil {
			return err
		}
		if err := vm.Execute(); err != nil {
			return err
		}
	}
	return nil
}

// minable is whether the block of a height may hold the transaction: nLockTime and BIP 68. A
// commitment's nLockTime is a time of 1987.
func (c *chain) minable(tx *wire.MsgTx, at adjudicator.Height) bool {
	final := tx.LockTime == 0 || tx.LockTime >= txscript.LockTimeThreshold || adjudicator.Height(tx.LockTime) < at
	for _, in := range tx.TxIn {
		if in.Sequence&wire.SequenceLockTimeDisabled == 0 &&
			at < c.heights[in.PreviousOutPoint]+adjudicator.Height(in.Sequence&wire.SequenceLockTimeMask) {
			return false
		}
	}
	return final
}

var (
	dest      = append([]byte{txscript.OP_0, 20}, make([]byte, 20)...)
	walletKey = func() *btcec.PrivateKey {
		h := sha256.Sum256([]byte("wallet"))
		k, _ := btcec.PrivKeyFromBytes(h[:])
		return k
	}()
)

// coin is a coin of the wallet's, long confirmed.
func (c *chain) coin(n uint32, value htlc.Sat) bitcoin.FeeInput {
	pk := append([]byte{txscript.OP_0, 20}, btcutil.Hash160(walletKey.PubKey().SerializeCompressed())...)
	f := bitcoin.FeeInput{Out: wire.OutPoint{Index: n}, Value: value, PkScript: pk, Witness: 1 + 73 + 34}
	c.outs[f.Out], c.heights[f.Out] = &wire.TxOut{Value: int64(value), PkScript: pk}, 1
	return f
}

// signCoins signs the wallet's inputs, as the wallet does later.
func (c *chain) signCoins(t testing.TB, s *bitcoin.Spend) {
	fetch := txscript.NewMultiPrevOutFetcher(c.outs)
	hashes := txscript.NewTxSigHashes(s.Tx, fetch)
	for i := len(s.Claims); i < len(s.Tx.TxIn); i++ {
		out := c.outs[s.Tx.TxIn[i].PreviousOutPoint]
		var err error
		s.Tx.TxIn[i].Witness, err = txscript.WitnessSignature(
			s.Tx, hashes, i, out.Value, out.PkScript, txscript.SigHashAll, walletKey, true)
		require.NoError(t, err)
	}
}

// build makes a transaction, signs the wallet's part, and checks all that must hold of any.
func (c *chain) build(t testing.TB, o *bitcoin.Order, k *keys) *bitcoin.Spend {
	s, err := bitcoin.Build(o, k)
	require.NoError(t, err)
	c.signCoins(t, s)
	require.NoError(t, c.execute(s.Tx))
	require.True(t, c.minable(s.Tx, o.Tip+1))

	weight := int64(3*s.Tx.SerializeSizeStripped() + s.Tx.SerializeSize())
	require.Equal(t, s.Weight, weight+shorter(s.Tx), "weight, but for short signatures")
	var in, out, saved htlc.Sat
	for _, i := range s.Tx.TxIn {
		require.Less(t, i.Sequence, wire.MaxTxInSequenceNum-1, "a later one may pay more")
		in += htlc.Sat(c.outs[i.PreviousOutPoint].Value)
	}
	for _, o := range s.Tx.TxOut {
		out += htlc.Sat(o.Value)
		require.GreaterOrEqual(t, htlc.Sat(o.Value), bitcoin.Dust(o.PkScript))
	}
	for _, claim := range s.Claims {
		saved += claim.Value
	}
	require.Equal(t, s.Fee, in-out)
	require.Less(t, s.Fee, saved)
	if s.Fee > 0 {
		require.GreaterOrEqual(t, int64(s.Fee)*1000, int64(o.Rate)*s.Weight)
	}
	return s
}

// shorter is by how many bytes signatures are below the longest.
func shorter(tx *wire.MsgTx) (n int64) {
	for _, in := range tx.TxIn {
		for _, item := range in.Witness {
			if len(item) > 60 && len(item) <= 72 && item[0] == 0x30 {
				if _, err := ecdsa.ParseDERSignature(item[:len(item)-1]); err == nil {
					n += int64(72 - len(item))
				}
			}
		}
	}
	return n
}

// order is one claim alone at its first block, with a coin where it can't pay for itself.
func (c *chain) order(claim *bitcoin.Claim) *bitcoin.Order {
	o := &bitcoin.Order{Claims: []*bitcoin.Claim{claim}, Rate: 253, Dest: dest, Tip: claim.Matures() - 1}
	if claim.Path == bitcoin.StageSuccess || claim.Path == bitcoin.StageTimeout || claim.Value < 500 {
		o.Fees = []bitcoin.FeeInput{c.coin(0, 50_000)}
	}
	return o
}

// locks checks that a claim can be taken at its first block and, scripts and chain agreeing,
// not a block earlier.
func (c *chain) locks(t testing.TB, claim *bitcoin.Claim, k *keys) *bitcoin.Spend {
	o := c.order(claim)
	s := c.build(t, o, k)
	first := claim.Matures()
	if first > claim.Confirmed {
		require.False(t, c.minable(s.Tx, first-1), claim.Path)
		early := *o
		early.Tip--
		_, err := bitcoin.Build(&early, k)
		require.ErrorIs(t, err, bitcoin.ErrLocked)
	}
	fails := func(change func(*bitcoin.Claim)) {
		wrong := *claim
		change(&wrong)
		early := *o
		early.Claims = []*bitcoin.Claim{&wrong}
		early.Tip = max(o.Tip, wrong.Matures())
		s, err := bitcoin.Build(&early, k)
		require.NoError(t, err)
		c.signCoins(t, s)
		require.Error(t, c.execute(s.Tx), "%v", claim.Path)
	}
	if claim.Delay > 0 {
		fails(func(w *bitcoin.Claim) { w.Delay-- })
	}
	if claim.LockTime > 0 {
		fails(func(w *bitcoin.Claim) { w.LockTime-- })
	}
	if claim.NeedsPreimage {
		fails(func(w *bitcoin.Claim) { w.Preimage = &htlc.Preimage{1} })
		unknown := *claim
		unknown.Preimage = nil
		require.False(t, unknown.Ready(1_000_000))
		o := *o
		o.Claims = []*bitcoin.Claim{&unknown}
		_, err := bitcoin.Build(&o, k)
		require.ErrorIs(t, err, bitcoin.ErrPreimage)
	}
	return s
}
