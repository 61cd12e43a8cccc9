package wallet

import (
	"crypto/sha256"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/ecdsa"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcwallet/waddrmgr"
	"github.com/btcsuite/btcwallet/wallet"
	"github.com/lightningnetwork/lnd/keychain"

	"github.com/nichework/nwnd/internal/signer"
)

// families is the highest of lnd's key families that exist.
const families = uint32(keychain.KeyFamilyTowerID)

// KeyRing derives the keys of the node and its channels. It is safe for concurrent use.
type KeyRing struct {
	ring keychain.SecretKeyRing
	node *btcec.PrivateKey
}

// CoinType is the one that lnd derives keys with on a chain: 0 on mainnet, 1 on all others
// (chaincfg says 115 for simnet).
func CoinType(params *chaincfg.Params) uint32 {
	if params.Name == chaincfg.MainNetParams.Name {
		return keychain.CoinTypeBitcoin
	}
	return keychain.CoinTypeTestnet
}

func newKeyRing(w *wallet.Wallet, params *chaincfg.Params) (*KeyRing, error) {
	coin := CoinType(params)
	scope := waddrmgr.KeyScope{Purpose: keychain.BIP0043Purpose, Coin: coin}
	manager, err := w.Manager.FetchScopedKeyManager(scope)
	if waddrmgr.IsError(err, waddrmgr.ErrScopeNotFound) {
		manager, err = w.AddScopeManager(scope, waddrmgr.ScopeAddrSchema{
			ExternalAddrType: waddrmgr.WitnessPubKey,
			InternalAddrType: waddrmgr.WitnessPubKey,
		})
	}
	if err != nil {
		return nil, fmt.Errorf("wallet: key scope: %w", err)
	}
	if err := w.InitAccounts(manager, false, families); err != nil {
		return nil, fmt.Errorf("wallet: key families: %w", err)
	}
	k := &KeyRing{ring: keychain.NewBtcWalletKeyRing(w, coin)}
	k.node, err = k.derive(keychain.KeyFamilyNodeKey, 0)
	return k, err
}

// derive gives the key at m/1017'/coin'/family'/0/index.
func (k *KeyRing) derive(family keychain.KeyFamily, index uint32) (*btcec.PrivateKey, error) {
	key, err := k.ring.DerivePrivKey(keychain.KeyDescriptor{
		KeyLocator: keychain.KeyLocator{Family: family, Index: index},
	})
	if err != nil {
		return nil, fmt.Errorf("wallet: key %d of family %d: %w", index, family, err)
	}
	return key, nil
}

// NodeKey is the node's public key.
func (k *KeyRing) NodeKey() *btcec.PublicKey { return k.node.PubKey() }

// Node does ECDH with the node's key, for BOLT 8 and BOLT 4.
func (k *KeyRing) Node() keychain.SingleKeyECDH { return &keychain.PrivKeyECDH{PrivKey: k.node} }

// NodePrivate is the node's private key, for what signs with it: gossip, invoices, messages.
func (k *KeyRing) NodePrivate() *btcec.PrivateKey { return k.node }

// SignDigest signs 32 bytes with the node's key.
func (k *KeyRing) SignDigest(digest [32]byte) *ecdsa.Signature {
	return ecdsa.Sign(k.node, digest[:])
}

// SignCompact signs 32 bytes with the node's key so that the key can be recovered (BOLT 11).
func (k *KeyRing) SignCompact(digest [32]byte) []byte {
	return ecdsa.SignCompact(k.node, digest[:], true)
}

// ChannelKeys derives what a channel needs, all at one index; the root of its per-commitment
// secrets is, as in lnd, the ECDH of the keys RevocationRoot and MultiSig. An index is for one channel
// only. A call takes some milliseconds: keep what it returns.
func (k *KeyRing) ChannelKeys(index uint32) (signer.Secrets, error) {
	var s signer.Secrets
	var root *btcec.PrivateKey
	for _, want := range []struct {
		key    **btcec.PrivateKey
		family keychain.KeyFamily
	}{
		{&s.Funding, keychain.KeyFamilyMultiSig},
		{&s.Revocation, keychain.KeyFamilyRevocationBase},
		{&s.HTLC, keychain.KeyFamilyHtlcBase},
		{&s.Payment, keychain.KeyFamilyPaymentBase},
		{&s.Delayed, keychain.KeyFamilyDelayBase},
		{&root, keychain.KeyFamilyRevocationRoot},
	} {
		key, err := k.derive(want.family, index)
		if err != nil {
			return signer.Secrets{}, err
		}
		*want.key = key
	}
	shared, err := (&keychain.PrivKeyECDH{PrivKey: root}).ECDH(s.Funding.PubKey())
	if err != nil {
		return signer.Secrets{}, fmt.Errorf("wallet: revocation root %d: %w", index, err)
	}
	s.Root = shared
	return s, nil
}

// BackupKey is the public key from which the key of channel backups follows, in lnd as here:
// m/1017'/coin'/7'/0/0.
func (k *KeyRing) BackupKey() (*btcec.PublicKey, error) {
	key, err := k.derive(keychain.KeyFamilyBaseEncryption, 0)
	if err != nil {
		return nil, err
	}
	return key.PubKey(), nil
}

// Secret derives 32 bytes for a purpose of the node's own (keys of files, say), which nobody can
// tell from the seed's other keys.
func (k *KeyRing) Secret(purpose string) ([32]byte, error) {
	key, err := k.derive(keychain.KeyFamilyBaseEncryption, 0)
	if err != nil {
		return [32]byte{}, err
	}
	return sha256.Sum256(append([]byte("nwnd "+purpose+"\x00"), key.Serialize()...)), nil
}
