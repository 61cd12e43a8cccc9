package bitcoind

import (
	"context"
	"fmt"
	"net"
	"time"

	wchain "github.com/btcsuite/btcwallet/chain"

	"github.com/nichework/nwnd/internal/wallet"
)

const (
	prunedPeers = 4 // that btcwallet asks for blocks which bitcoind has pruned
	dialTimeout = 30 * time.Second
)

// Backend connects a wallet to the bitcoind of a Source.
type Backend struct {
	source *Source
	timing timing
}

var _ wallet.Backend = (*Backend)(nil)

// NewBackend gives a wallet the bitcoind that a source asks.
func NewBackend(source *Source) *Backend { return &Backend{source, defaultTiming} }

// String implements wallet.Backend.
func (b *Backend) String() string {
	return fmt.Sprintf("bitcoind %s at %s", b.source.cfg.Params.Name, b.source.cfg.Host)
}

// Dial implements wallet.Backend.
func (b *Backend) Dial(ctx context.Context, birthday time.Time) (wallet.Client, error) {
	c := &client{
		source: b.source, birthday: birthday, timing: b.timing, log: b.source.cfg.Log,
		out: make(chan any), done: make(chan struct{}),
	}
	s, err := c.dial(ctx)
	if err != nil {
		return nil, err
	}
	c.begin(s)
	return c, nil
}

// session is one connection of btcwallet's; it doesn't outlive a restart of bitcoind.
type session struct {
	*wchain.BitcoindClient
	conn       *wchain.BitcoindConn
	user, pass string        // that it was made with
	quit       chan struct{} // closed by close
	ended      chan struct{} // closed when none of its notifications is passed on any more
}

// dial makes a session with a bitcoind that answers, is on the right network and has the chain: btcwallet
// waits long for one that doesn't.
func (c *client) dial(ctx context.Context) (*session, error) {
	if _, _, err := c.source.Tip(ctx); err != nil {
		return nil, err
	}
	user, pass, err := c.source.cfg.login()
	if err != nil {
		return nil, err
	}
	type made struct {
		s   *session
		err error
	}
	result := make(chan made, 1)
	go func() {
		s, err := connect(c.source.cfg, user, pass, c.birthday)
		result <- made{s, err}
	}()
	select {
	case m := <-result:
		return m.s, m.err
	case <-ctx.Done():
		go func() {
			if m := <-result; m.err == nil {
				m.s.close()
			}
		}()
		return nil, ctx.Err()
	}
}

func connect(cfg Config, user, pass string, birthday time.Time) (*session, error) {
	with := &wchain.BitcoindConfig{
		ChainParams: cfg.Params, Host: cfg.Host, User: user, Pass: pass, PrunedModeMaxPeers: prunedPeers,
		Dialer: func(addr string) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
			defer cancel()
			return cfg.Dial(ctx, addr)
		},
	}
	if cfg.Polling {
		with.PollingConfig = &wchain.PollingConfig{BlockPollingInterval: cfg.BlockPoll, TxPollingInterval: cfg.TxPoll}
	} else {
		with.ZMQConfig = &wchain.ZMQConfig{
			ZMQBlockHost: cfg.ZMQBlock, ZMQTxHost: cfg.ZMQTx, ZMQReadDeadline: cfg.ZMQDeadline,
		}
	}
	conn, err := wchain.NewBitcoindConn(with)
	if err != nil {
		return nil, fmt.Errorf("bitcoind: wallet's connection: %w", err)
	}
	s := &session{conn: conn, user: user, pass: pass, quit: make(chan struct{}), ended: make(chan struct{})}
	close(s.ended) // begin makes a new one
	if err := conn.Start(); err != nil {
		conn.Stop()
		return nil, fmt.Errorf("bitcoind: wallet's connection: %w", err)
	}
	s.BitcoindClient = conn.NewBitcoindClient()
	s.SetBirthday(birthday)
	if err := s.Start(context.Background()); err != nil {
		s.close()
		return nil, fmt.Errorf("bitcoind: wallet's client: %w", err)
	}
	return s, nil
}

// close ends it. btcwallet's part may take some seconds more, when calls are under way.
func (s *session) close() {
	close(s.quit)
	<-s.ended
	go func() {
		s.BitcoindClient.Stop()
		s.conn.Stop()
	}()
}
