package oracle

import (
	"fmt"
	"os"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/ecdsa"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/input"
	"github.com/nichework/nwnd/internal/secp"
	"github.com/nichework/nwnd/internal/signer"
)

// lndSigner signs for lnd. Its mock signer would multiply for every key at each call.
type lndSigner struct {
	*input.MockSigner
	keys map[[33]byte]*btcec.PrivateKey
}

func newLndSigner(k signer.Secrets) *lndSigner {
	all := []*btcec.PrivateKey{k.Funding, k.Revocation, k.Payment, k.Delayed, k.HTLC}
	s := &lndSigner{input.NewMockSigner(all, nil), map[[33]byte]*btcec.PrivateKey{}}
	for _, key := range all {
		s.keys[[33]byte(key.PubKey().SerializeCompressed())] = key
	}
	return s
}

// SignOutputRaw signs what lnd describes, over lnd's own sighash.
func (s *lndSigner) SignOutputRaw(tx *wire.MsgTx, d *input.SignDescriptor) (input.Signature, error) {
	key := s.keys[[33]byte(d.KeyDesc.PubKey.SerializeCompressed())]
	if key == nil || d.DoubleTweak != nil {
		return nil, fmt.Errorf("no key for %x", d.KeyDesc.PubKey.SerializeCompressed())
	}
	if d.SingleTweak != nil {
		key = input.TweakPrivKey(key, d.SingleTweak)
	}
	hash, err := txscript.CalcWitnessSigHash(d.WitnessScript, d.SigHashes, d.HashType, tx, d.InputIndex, d.Output.Value)
	if err != nil {
		return nil, err
	}
	raw, _, err := secp.Sign(key, (*[32]byte)(hash))
	if err != nil {
		return nil, err
	}
	var r, sc btcec.ModNScalar
	r.SetByteSlice(raw[:32])
	sc.SetByteSlice(raw[32:])
	return ecdsa.NewSignature(&r, &sc), nil
}

// memoryDir is a directory without a disk below it where there is one: the schedules ask
// for thousands of syncs of lnd's database, and none of them crashes the machine.
func memoryDir(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "oracle")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
