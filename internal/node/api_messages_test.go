package node

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/wallet"
)

// The signature is that which other implementations make of this key and message.
func TestMessageIsSignedAsOthersDo(t *testing.T) {
	n := newTestNet(t)
	key, _ := btcec.PrivKeyFromBytes([]byte{1})
	a := n.node("alice", func(c *Config) { c.Identity = key })
	sig, err := a.SignMessage(t.Context(), []byte("test message"), false)
	require.NoError(t, err)
	require.Equal(t, "d9tibmnic9t5y41hg7hkakdcra94akas9ku3rmmj4ag9mritc8ok4p5qzefs78c9pqfhpuftqqzhydbdwfg7u6w6wdxcqpqn4sj4e73e", sig)
	v, err := a.VerifyMessage(t.Context(), []byte("test message"), sig)
	require.NoError(t, err)
	require.Equal(t, Signed{Key: PubKey(key.PubKey().SerializeCompressed()), Found: true, Known: true}, v)

	v, err = a.VerifyMessage(t.Context(), []byte("another message"), sig)
	require.NoError(t, err)
	require.NotEqual(t, PubKey(key.PubKey().SerializeCompressed()), v.Key)
	require.False(t, v.Known)
	once, err := a.SignMessage(t.Context(), []byte("test message"), true)
	require.NoError(t, err)
	require.NotEqual(t, sig, once)
}

func TestSignaturesThatAreNone(t *testing.T) {
	a := newTestNet(t).node("alice")
	_, err := a.SignMessage(t.Context(), nil, false)
	require.ErrorIs(t, err, ErrInvalid)
	good, err := a.SignMessage(t.Context(), []byte("m"), false)
	require.NoError(t, err)
	for _, bad := range []string{"", good + "y", good[:103], strings.Repeat("l", 104), strings.Repeat("\xff", 104)} {
		_, err := a.VerifyMessage(t.Context(), []byte("m"), bad)
		require.ErrorIs(t, err, ErrInvalid, "%q", bad)
	}
	_, err = a.VerifyMessage(t.Context(), nil, good)
	require.ErrorIs(t, err, ErrInvalid)
	v, err := a.VerifyMessage(t.Context(), []byte("m"), strings.Repeat("y", 104))
	require.NoError(t, err)
	require.False(t, v.Found)
}

func TestCoinsAndTransactionsOfTheWallet(t *testing.T) {
	a := newTestNet(t).node("alice")
	addr, err := a.wallet.NewAddress(t.Context(), wallet.P2WKH)
	require.NoError(t, err)
	script, err := a.script(addr.EncodeAddress())
	require.NoError(t, err)
	a.wallet.coins = []wallet.Coin{{Amount: 5, Script: script, Address: addr, Kind: wallet.P2TR, Confirmations: 2}}
	coins, err := a.Unspent(t.Context(), 0, 9)
	require.NoError(t, err)
	require.Equal(t, []Coin{{Amount: 5, Script: script, Address: addr.EncodeAddress(), Type: TaprootPubKey, Confirmations: 2}}, coins)
	_, err = a.Unspent(t.Context(), 3, 2)
	require.ErrorIs(t, err, ErrInvalid)

	burn, err := hex.DecodeString("6a00")
	require.NoError(t, err)
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&wire.OutPoint{Index: 1}, nil, nil))
	tx.AddTxIn(wire.NewTxIn(&wire.OutPoint{Index: 2}, nil, nil))
	tx.AddTxOut(wire.NewTxOut(7, burn))
	tx.AddTxOut(wire.NewTxOut(8, script))
	a.wallet.txs = []wallet.Transaction{{Tx: tx, Amount: -3, Fee: 1, Ours: map[uint32]bool{1: true}, Spends: map[uint32]bool{0: true}}}
	txs, err := a.Transactions(t.Context(), 0, 9, true)
	require.NoError(t, err)
	require.Equal(t, btcutil.Amount(-3), txs[0].Amount)
	require.Equal(t, []bool{true, false}, txs[0].OurInputs)
	require.Empty(t, txs[0].Outputs[0].Address)
	require.Equal(t, addr.EncodeAddress(), txs[0].Outputs[1].Address)
	require.True(t, txs[0].Outputs[1].Ours)
}

func TestNetworkIsSummedUp(t *testing.T) {
	n, alice, bob, carol := line(t)
	_ = bob
	v, err := alice.NetworkInfo(t.Context())
	require.NoError(t, err)
	require.Equal(t, NetworkInfo{Nodes: 3, Channels: 2, MaxChannels: 2, Capacity: 2_000_000, Smallest: 1_000_000,
		Median: 1_000_000, Largest: 1_000_000}, v)
	mine := carol.sw.channels()[0].channel()
	e, err := carol.ChannelInfoAt(t.Context(), mine.Params().Outpoint)
	require.NoError(t, err)
	far, err := alice.ChannelInfo(t.Context(), mine.SCID())
	require.NoError(t, err)
	require.Equal(t, e.SCID, far.SCID)
	require.Equal(t, e.Capacity, far.Capacity)
	at, err := alice.ChannelInfoAt(t.Context(), mine.Params().Outpoint)
	require.NoError(t, err, "others' channels are found by their funding output too")
	far.Policy1, far.Policy2, at.Policy1, at.Policy2 = nil, nil, nil, nil // a newer update may have come
	require.Equal(t, far, at)
	_, err = alice.ChannelInfoAt(t.Context(), wire.OutPoint{Index: 9})
	require.ErrorIs(t, err, ErrNotFound)
	n.settled(alice)
}
