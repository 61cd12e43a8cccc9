package node

import (
	"context"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/enforce"
	"github.com/nichework/nwnd/internal/signer"
	"github.com/nichework/nwnd/internal/wallet"
)

// Wallet is what the node needs of its on-chain wallet. OnChain makes one of wallet.Wallet.
type Wallet interface {
	enforce.Wallet // what pays for force closes

	ChannelKeys(index uint32) (signer.Secrets, error)
	NewAddress(ctx context.Context, kind wallet.AddressKind) (btcutil.Address, error)
	IsOurs(addr btcutil.Address) (bool, error)
	Balance(minConfs int32) (wallet.Balance, error)
	ListUnspent(minConfs, maxConfs int32) ([]wallet.Coin, error)
	Transactions(from, to int32, unconfirmed bool) ([]wallet.Transaction, error)
	Send(ctx context.Context, outputs []*wire.TxOut, rate wallet.SatPerKWeight, minConfs int32, label string) (*wire.MsgTx, error)
	SendAll(ctx context.Context, script []byte, rate wallet.SatPerKWeight, minConfs int32, label string) (*wire.MsgTx, error)
	Fund(script []byte, amount btcutil.Amount, rate wallet.SatPerKWeight, minConfs int32) (Funding, error)
	SendFrom(ctx context.Context, coins []wire.OutPoint, outputs []*wire.TxOut, rate wallet.SatPerKWeight, minConfs int32, label string) (*wire.MsgTx, error)
	SendAllFrom(ctx context.Context, coins []wire.OutPoint, script []byte, rate wallet.SatPerKWeight, minConfs int32, label string) (*wire.MsgTx, error)
	Estimate(coins []wire.OutPoint, outputs []*wire.TxOut, rate wallet.SatPerKWeight, minConfs int32) (btcutil.Amount, []wire.OutPoint, error)
	Accounts() ([]wallet.Account, error)
	Addresses() ([]wallet.Address, error)
	Transaction(txid chainhash.Hash) (wallet.Transaction, error)
	Label(txid chainhash.Hash, label string, overwrite bool) error
	Watch(ctx context.Context, each func(wallet.Transaction)) (done <-chan struct{})
	BumpFee(context.Context, wallet.BumpRequest) (wallet.Bump, error)
	Bumps() ([]wallet.Bump, error)
	Lease(id [32]byte, coin wire.OutPoint, length time.Duration) (time.Time, error)
	Release(id [32]byte, coin wire.OutPoint) error
	Leases() ([]wallet.Lease, error)
	Reserve(tx *wire.MsgTx) (release func())
	Synced() (bool, int32)
	Recovery() (wallet.Recovery, error)
	Keep(required func() btcutil.Amount)
}

// Funding is a signed transaction that nobody has seen yet; see wallet.Funding.
type Funding interface {
	Transaction() *wire.MsgTx
	Outpoint() wire.OutPoint
	Publish(ctx context.Context) error
	Release()
}

// OnChain is the real wallet.
type OnChain struct{ *wallet.Wallet }

// ChannelKeys derives a channel's secrets.
func (w OnChain) ChannelKeys(index uint32) (signer.Secrets, error) {
	return w.Keys().ChannelKeys(index)
}

// Fund builds and signs a channel's funding transaction.
func (w OnChain) Fund(script []byte, amount btcutil.Amount, rate wallet.SatPerKWeight, minConfs int32) (Funding, error) {
	f, err := w.Wallet.Fund(script, amount, rate, minConfs)
	if err != nil {
		return nil, err
	}
	return funding{f}, nil
}

type funding struct{ *wallet.Funding }

func (f funding) Transaction() *wire.MsgTx { return f.Tx }
