package bolt3_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/secp"
	"github.com/nichework/nwnd/internal/signer"
	"github.com/stretchr/testify/require"
)

// The facts below are those of BOLT 3, Appendices B, C and F; testdata holds the
// commitments of Appendix F for anchors with zero-fee HTLC transactions.

type vector struct {
	Name      string        `json:"name"`
	ToLocal   htlc.MilliSat `json:"to_local_msat"`
	ToRemote  htlc.MilliSat `json:"to_remote_msat"`
	FeeRate   htlc.FeeRate  `json:"feerate_per_kw"`
	Dust      htlc.Sat      `json:"dust_limit_satoshi"`
	HTLCs     string        `json:"htlcs"`
	Tx        string        `json:"commitment_tx"`
	RemoteSig string        `json:"remote_signature"`
	HTLCTxs   []struct {
		RemoteSig string `json:"remote_signature"`
		Tx        string `json:"tx"`
	} `json:"htlc_txs"`
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

func privKey(t testing.TB, s string) *btcec.PrivateKey {
	t.Helper()
	key, _ := btcec.PrivKeyFromBytes(unhex(t, s))
	return key
}

func repeated(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

// party is one side of the vectors' channel. What the appendix doesn't give is derived
// from a fixed byte.
func party(t testing.TB, funding string, payment, delayed, revocation byte) signer.Secrets {
	key := func(b byte) *btcec.PrivateKey { return privKey(t, hex.EncodeToString(repeated(b))) }
	return signer.Secrets{
		Funding: privKey(t, funding), Payment: key(payment), HTLC: key(payment),
		Delayed: key(delayed), Revocation: key(revocation),
	}
}

// channel is Appendix B's and C's.
func channel(t testing.TB) (p *htlc.Params, local, remote signer.Secrets) {
	local = party(t, "30ff4956bbdd3222d44cc5e8a1261dab1e07957bdac5ae88fe3261ef321f3749", 0x11, 0x33, 0x77)
	remote = party(t, "1552dfba4f6cf29a62a0af13c8d6981d36d0ef8d61ba10fb0fe90da7634d7e13", 0x44, 0x66, 0x22)
	txid := unhex(t, "8984484a580b825b9972d7adb15050b3ab624ccd731946b3eeddb92f4e7ef6be")
	p = &htlc.Params{Opener: htlc.Local, Capacity: 10_000_000}
	for i, b := range txid {
		p.Outpoint.Hash[31-i] = b
	}
	local.FillTerms(&p.Terms[htlc.Local])
	remote.FillTerms(&p.Terms[htlc.Remote])
	p.Terms[htlc.Local].ToSelfDelay = 144
	p.Terms[htlc.Remote].ToSelfDelay = 144
	return p, local, remote
}

// theHTLCs are Appendix C's, the last two those of the case with equal amounts.
func theHTLCs() (all [7]*htlc.HTLC, preimages [7][32]byte) {
	for i, h := range []htlc.HTLC{
		{Offerer: htlc.Remote, Amount: 1_000_000, Expiry: 500},
		{Offerer: htlc.Remote, Amount: 2_000_000, Expiry: 501},
		{Offerer: htlc.Local, Amount: 2_000_000, Expiry: 502},
		{Offerer: htlc.Local, Amount: 3_000_000, Expiry: 503},
		{Offerer: htlc.Remote, Amount: 4_000_000, Expiry: 504},
		{Offerer: htlc.Local, Amount: 5_000_000, Expiry: 506},
		{Offerer: htlc.Local, Amount: 5_000_001, Expiry: 505},
	} {
		preimages[i] = [32]byte(repeated(byte(min(i, 5))))
		h.ID = uint64(i)
		h.Hash = sha256.Sum256(preimages[i][:])
		all[i] = &h
	}
	return all, preimages
}

func serialize(t testing.TB, tx *wire.MsgTx) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, tx.Serialize(&b))
	return hex.EncodeToString(b.Bytes())
}

func der(t testing.TB, sig lnwire.Sig) string {
	t.Helper()
	s, err := sig.ToSignature()
	require.NoError(t, err)
	return hex.EncodeToString(s.Serialize())
}

// signTx signs a sighash that only the holder's own transactions have (SIGHASH_ALL).
func signTx(t testing.TB, key *btcec.PrivateKey, tx *wire.MsgTx, script []byte, value htlc.Sat) lnwire.Sig {
	t.Helper()
	fetch := txscript.NewCannedPrevOutputFetcher(nil, int64(value))
	hash, err := txscript.CalcWitnessSigHash(
		script, txscript.NewTxSigHashes(tx, fetch), txscript.SigHashAll, tx, 0, int64(value))
	require.NoError(t, err)
	raw, _, err := secp.Sign(key, (*[32]byte)(hash))
	require.NoError(t, err)
	sig, err := lnwire.NewSigFromWireECDSA(raw[:])
	require.NoError(t, err)
	return sig
}

// BOLT 3, Appendix F: every transaction to the byte, every signature.
func TestAppendixFZeroFeeHTLC(t *testing.T) {
	raw, err := os.ReadFile("testdata/anchors_zero_fee_htlc_tx.json")
	require.NoError(t, err)
	var vectors []vector
	require.NoError(t, json.Unmarshal(raw, &vectors))
	require.Len(t, vectors, 9)
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) { v.check(t) })
	}
}

func (v *vector) check(t *testing.T) {
	p, localKeys, remoteKeys := channel(t)
	p.Terms[htlc.Local].DustLimit = v.Dust
	all, preimages := theHTLCs()
	secret := privKey(t, "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100")
	s := &htlc.Commitment{
		Holder: htlc.Local, Number: 42, Point: secret.PubKey(), FeeRate: v.FeeRate,
		Balance: [2]htlc.MilliSat{v.ToLocal, v.ToRemote},
	}
	switch v.HTLCs {
	case "0 1 2 3 4":
		s.HTLCs = all[:5]
	case "1 5 6":
		s.HTLCs = []*htlc.HTLC{all[1], all[5], all[6]}
	}

	remote, err := signer.New(remoteKeys, signer.ECDSA, nil)
	require.NoError(t, err)
	local, err := signer.New(localKeys, signer.ECDSA, nil)
	require.NoError(t, err)
	ds, err := bolt3.Format{}.Digests(p, s)
	require.NoError(t, err)
	sigs, err := remote.Sign(ds)
	require.NoError(t, err)
	require.NoError(t, local.Verify(ds, sigs))
	require.Equal(t, v.RemoteSig, der(t, sigs[0]))
	require.Len(t, sigs, 1+len(v.HTLCTxs))

	tx, err := bolt3.Build(p, s)
	require.NoError(t, err)
	script := bolt3.FundingWitness(p.Terms[0].Funding, p.Terms[1].Funding)
	mine := signTx(t, localKeys.Funding, tx.MsgTx, script, p.Capacity)
	tx.MsgTx.TxIn[0].Witness, err = bolt3.SpendFunding(p, [2]lnwire.Sig{mine, sigs[0]})
	require.NoError(t, err)
	require.Equal(t, v.Tx, serialize(t, tx.MsgTx))
	n, ok := bolt3.Number(p, tx.MsgTx)
	require.True(t, ok)
	require.Equal(t, uint64(42), n)

	key := bolt3.TweakPriv(localKeys.HTLC, s.Point)
	i := 0
	for index, o := range tx.Outputs {
		if o.Kind != bolt3.HTLC {
			continue
		}
		second, err := tx.HTLCTx(index)
		require.NoError(t, err)
		var preimage []byte
		if o.HTLC.Offerer == htlc.Remote {
			preimage = preimages[o.HTLC.ID][:]
		}
		mine := signTx(t, key, second, o.Script, o.Value)
		second.TxIn[0].Witness, err = bolt3.SpendHTLC(o.Script, sigs[1+i], mine, preimage)
		require.NoError(t, err)
		require.Equal(t, v.HTLCTxs[i].RemoteSig, der(t, sigs[1+i]), "HTLC %d", o.HTLC.ID)
		require.Equal(t, v.HTLCTxs[i].Tx, serialize(t, second), "HTLC %d", o.HTLC.ID)
		i++
	}
	require.Len(t, tx.HTLCTxs(), i)
}
