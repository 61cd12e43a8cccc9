package wallet

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcwallet/chain"

	"github.com/nichework/nwnd/internal/btcd"
)

// Backend is where a wallet learns of the chain from. It says in logs what it is, without secrets.
type Backend interface {
	fmt.Stringer

	// Dial gives a client that is connected and started. The wallet asks again after a pause
	// until it has one, and then for no other. birthday is the time before which no block
	// pays the wallet.
	Dial(ctx context.Context, birthday time.Time) (Client, error)
}

// Client is btcwallet's view of a backend. It reconnects by itself, until it is stopped, and then
// gives a chain.ClientConnected once more.
type Client interface {
	chain.Interface

	// Disconnected says whether the backend is away.
	Disconnected() bool
}

// Btcd is the Backend that is a btcd, over its websocket.
type Btcd struct {
	rpc    btcd.RPCConfig
	params *chaincfg.Params
}

var _ Backend = (*Btcd)(nil)

// NewBtcd reads the certificate; it doesn't talk to btcd yet.
func NewBtcd(rpc btcd.RPCConfig, params *chaincfg.Params) (*Btcd, error) {
	if _, err := rpc.Conn(); err != nil {
		return nil, err
	}
	return &Btcd{rpc, params}, nil
}

// String implements Backend.
func (b *Btcd) String() string { return b.rpc.String() }

// Dial implements Backend. It first sees whether anybody listens: the client's own attempt
// sleeps for seconds when not.
func (b *Btcd) Dial(ctx context.Context, _ time.Time) (Client, error) {
	probe, err := new(net.Dialer).DialContext(ctx, "tcp", b.rpc.Host)
	if err != nil {
		return nil, fmt.Errorf("wallet: connect: %w", err)
	}
	probe.Close()
	conn, err := b.rpc.Conn()
	if err != nil {
		return nil, err
	}
	client, err := chain.NewRPCClientWithConfig(&chain.RPCClientConfig{
		Conn: conn, Chain: b.params, ReconnectAttempts: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("wallet: client: %w", err)
	}
	if err := client.Start(ctx); err != nil {
		client.Stop()
		return nil, fmt.Errorf("wallet: connect: %w", err)
	}
	return client, nil
}
