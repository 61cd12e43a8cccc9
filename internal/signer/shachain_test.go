package signer_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/shachain"
	"github.com/nichework/nwnd/internal/signer"
	"github.com/stretchr/testify/require"
)

// BOLT 3, Appendix D, "Generation Tests": its index I is our number 2^48-1-I.
func TestAppendixDGeneration(t *testing.T) {
	const last = 1<<48 - 1
	for _, v := range []struct {
		name  string
		seed  byte
		index uint64
		want  string
	}{
		{"0 final node", 0, last, "02a40c85b6f28da08dfdbe0926c53fab2de6d28c10301f8f7c4073d5e42e3148"},
		{"FF final node", 0xff, last, "7cc854b54e3e0dcdb010d7a3fee464a9687be6e8db3be6854c475621e007a5dc"},
		{"FF alternate bits 1", 0xff, 0xaaaaaaaaaaa, "56f4008fb007ca9acf0e15b054d5c9fd12ee06cea347914ddbaed70d1c13a528"},
		{"FF alternate bits 2", 0xff, 0x555555555555, "9015daaeb06dba4ccc05b91b2f73bd54405f2be9f217fbacd3c5ac2e62327d31"},
		{"01 last nontrivial node", 1, 1, "915c75942a26bb3a433a8ce2cb0427c29ec6c1775cfc78328b57f6ba7bfeaa9c"},
	} {
		t.Run(v.name, func(t *testing.T) {
			keys := secrets(9)
			for i := range keys.Root {
				keys.Root[i] = v.seed
			}
			s, err := signer.New(keys, signer.ECDSA, nil)
			require.NoError(t, err)
			got := s.Secret(last - v.index)
			require.Equal(t, v.want, hex.EncodeToString(got[:]))
		})
	}
}

// BOLT 3, Appendix D, "Storage Tests": what a peer reveals must fit what it revealed
// before.
func TestAppendixDStorage(t *testing.T) {
	raw, err := os.ReadFile("testdata/shachain_storage.json")
	require.NoError(t, err)
	var vectors []struct {
		Name    string
		Inserts []struct {
			Index  uint64
			Secret string
			OK     bool
		}
	}
	require.NoError(t, json.Unmarshal(raw, &vectors))
	require.Len(t, vectors, 9)
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			store := shachain.NewRevocationStore()
			for n, in := range v.Inserts {
				require.Equal(t, uint64(1<<48-1-n), in.Index)
				b, err := hex.DecodeString(in.Secret)
				require.NoError(t, err)
				err = store.AddNextEntry((*chainhash.Hash)(b))
				require.Equal(t, in.OK, err == nil, "index %d: %v", in.Index, err)
			}
		})
	}
}

// Every secret that a signer gives can be kept in a peer's store and looked up again.
func TestSecretsFitAStore(t *testing.T) {
	s, err := signer.New(secrets(3), signer.ECDSA, nil)
	require.NoError(t, err)
	store := shachain.NewRevocationStore()
	for n := range uint64(300) {
		secret := s.Secret(n)
		require.NoError(t, store.AddNextEntry((*chainhash.Hash)(&secret)))
	}
	for n := range uint64(300) {
		got, err := store.LookUp(n)
		require.NoError(t, err)
		require.Equal(t, s.Secret(n), [32]byte(*got))
	}
}
