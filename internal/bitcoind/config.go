package bitcoind

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
)

// maxCookie is the most that a cookie file may hold, in bytes; bitcoind writes 75.
const maxCookie = 1024

// ErrNetwork: there is no bitcoind for the network.
var ErrNetwork = errors.New("bitcoind: expected testnet, testnet4, signet or regtest; bitcoind knows no other network")

// Config says how to reach a bitcoind.
type Config struct {
	Host       string // host:port of its RPC
	User, Pass string
	Cookie     string // file with both, which bitcoind writes anew at each start; used instead of them
	Params     *chaincfg.Params

	// Where it publishes blocks and transactions, as tcp://host:port: its options zmqpubrawblock and
	// zmqpubrawtx. With Polling it is asked for them instead.
	ZMQBlock, ZMQTx string
	ZMQDeadline     time.Duration // for the rest of a message that has begun; default 5 s
	Polling         bool
	BlockPoll       time.Duration // default 10 s
	TxPoll          time.Duration // default 60 s

	EstimateMode string // of estimatesmartfee: CONSERVATIVE, the default, or ECONOMICAL

	// Dial connects to peers of a pruned bitcoind at host:port, to get blocks from; nil: directly.
	Dial func(ctx context.Context, addr string) (net.Conn, error)
	Log  *slog.Logger // nil: silent
}

// chainNames are getblockchaininfo's names of the networks.
var chainNames = map[string]string{
	chaincfg.MainNetParams.Name:       "main",
	chaincfg.TestNet3Params.Name:      "test",
	chaincfg.TestNet4Params.Name:      "testnet4",
	chaincfg.SigNetParams.Name:        "signet",
	chaincfg.RegressionNetParams.Name: "regtest",
}

// checked gives the configuration with defaults, or ErrNetwork. That the rest is there is for package
// config to check, before anything starts.
func (c Config) checked() (Config, error) {
	if c.Params == nil || chainNames[c.Params.Name] == "" {
		return c, ErrNetwork
	}
	def := func(d *time.Duration, value time.Duration) {
		if *d <= 0 {
			*d = value
		}
	}
	def(&c.ZMQDeadline, 5*time.Second)
	def(&c.BlockPoll, 10*time.Second)
	def(&c.TxPoll, time.Minute)
	if c.EstimateMode == "" {
		c.EstimateMode = "CONSERVATIVE"
	}
	if c.Dial == nil {
		c.Dial = func(ctx context.Context, addr string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", addr)
		}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

// login gives user and password as they are now.
func (c Config) login() (user, pass string, err error) {
	if c.Cookie == "" {
		return c.User, c.Pass, nil
	}
	f, err := os.Open(c.Cookie)
	if err != nil {
		return "", "", fmt.Errorf("bitcoind: cookie, is bitcoind running? %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxCookie))
	if err != nil {
		return "", "", fmt.Errorf("bitcoind: cookie: %w", err)
	}
	user, pass, ok := strings.Cut(strings.TrimSpace(string(text)), ":")
	if !ok {
		return "", "", fmt.Errorf("bitcoind: cookie: %s is not of the form user:password", c.Cookie)
	}
	return user, pass, nil
}
