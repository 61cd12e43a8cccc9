package node

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"sync"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/chain/chaintest"
	"github.com/nichework/nwnd/internal/signer"
	"github.com/nichework/nwnd/internal/wallet"
)

// fakeWallet has all the coins it wants, on a fake chain. Its keys follow from its name, so
// a node that restarts has the same.
type fakeWallet struct {
	name  string
	chain *chaintest.Fake
	coins []wallet.Coin
	fakeCoins
	fakeFees
	txs []wallet.Transaction

	mu       sync.Mutex
	count    uint32
	funded   int
	released int
	reserved map[wire.OutPoint]bool
}

func (w *fakeWallet) key(what string, index uint32) *btcec.PrivateKey {
	h := sha256.Sum256(binary.BigEndian.AppendUint32([]byte(w.name+what), index))
	key, _ := btcec.PrivKeyFromBytes(h[:])
	return key
}

func (w *fakeWallet) next() uint32 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count++
	return w.count
}

func (w *fakeWallet) ChannelKeys(i uint32) (signer.Secrets, error) {
	return signer.Secrets{
		Funding: w.key("funding", i), Revocation: w.key("revocation", i), Payment: w.key("payment", i),
		Delayed: w.key("delayed", i), HTLC: w.key("htlc", i), Root: sha256.Sum256(w.key("root", i).Serialize()),
	}, nil
}

func (w *fakeWallet) NewAddress(context.Context, wallet.AddressKind) (btcutil.Address, error) {
	key := w.key("address", w.next())
	return btcutil.NewAddressWitnessPubKeyHash(btcutil.Hash160(key.PubKey().SerializeCompressed()),
		&chaincfg.RegressionNetParams)
}

func (w *fakeWallet) IsOurs(btcutil.Address) (bool, error) { return true, nil }

func (w *fakeWallet) Balance(int32) (wallet.Balance, error) { return wallet.Balance{}, nil }

func (w *fakeWallet) ListUnspent(int32, int32) ([]wallet.Coin, error) { return w.coins, nil }

func (w *fakeWallet) Transactions(int32, int32, bool) ([]wallet.Transaction, error) {
	return w.txs, nil
}

func (w *fakeWallet) Accounts() ([]wallet.Account, error) {
	return []wallet.Account{{Name: "default", Kind: wallet.P2TR, External: w.count}}, nil
}

func (w *fakeWallet) Recovery() (wallet.Recovery, error) { return wallet.Recovery{}, nil }

func (w *fakeWallet) Synced() (bool, int32) { return true, w.chain.Best().Height }

// pay makes a transaction out of a coin that comes from nowhere.
func (w *fakeWallet) pay(outputs []*wire.TxOut) *wire.MsgTx {
	tx := wire.NewMsgTx(2)
	from := sha256.Sum256(w.key("coin", w.next()).Serialize())
	tx.AddTxIn(wire.NewTxIn(&wire.OutPoint{Hash: from}, nil, nil))
	tx.TxOut = outputs
	return tx
}

func (w *fakeWallet) Send(ctx context.Context, outputs []*wire.TxOut, _ wallet.SatPerKWeight, _ int32, _ string) (*wire.MsgTx, error) {
	tx := w.pay(outputs)
	return tx, w.chain.Publish(ctx, tx)
}

func (w *fakeWallet) SendAll(ctx context.Context, script []byte, rate wallet.SatPerKWeight, confs int32, label string) (*wire.MsgTx, error) {
	return w.Send(ctx, []*wire.TxOut{wire.NewTxOut(1000, script)}, rate, confs, label)
}

func (w *fakeWallet) Publish(ctx context.Context, tx *wire.MsgTx, _ string) error {
	return w.chain.Publish(ctx, tx)
}

func (w *fakeWallet) Reserve(tx *wire.MsgTx) (release func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.reserved == nil {
		w.reserved = make(map[wire.OutPoint]bool)
	}
	for _, in := range tx.TxIn {
		w.reserved[in.PreviousOutPoint] = true
	}
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, in := range tx.TxIn {
			delete(w.reserved, in.PreviousOutPoint)
		}
	}
}

// kept is how many coins are reserved.
func (w *fakeWallet) kept() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.reserved)
}

// forget is what a restart does to reservations; it tells what they were.
func (w *fakeWallet) forget() map[wire.OutPoint]bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	was := w.reserved
	w.reserved = nil
	return was
}

func (w *fakeWallet) Fund(script []byte, amount btcutil.Amount, _ wallet.SatPerKWeight, _ int32) (Funding, error) {
	if err := w.pays(amount); err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.funded++
	w.mu.Unlock()
	return &fakeFunding{w, w.pay([]*wire.TxOut{wire.NewTxOut(int64(amount), script)})}, nil
}

type fakeFunding struct {
	w  *fakeWallet
	tx *wire.MsgTx
}

func (f *fakeFunding) Transaction() *wire.MsgTx { return f.tx }
func (f *fakeFunding) Outpoint() wire.OutPoint  { return wire.OutPoint{Hash: f.tx.TxHash()} }
func (f *fakeFunding) Publish(ctx context.Context) error {
	return f.w.chain.Publish(ctx, f.tx)
}
func (f *fakeFunding) Release() {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	f.w.released++
}
