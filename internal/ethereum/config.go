package ethereum

import (
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"time"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// What Health says, and what a question to the chain may end with.
var (
	ErrNoEndpoint = errors.New("ethereum: no endpoint answers for this chain")
	ErrDisagree   = errors.New("ethereum: endpoints contradict each other")
	ErrStale      = errors.New("ethereum: the chain stands still")
	ErrUndone     = errors.New("ethereum: blocks were undone that were final")
	ErrConfig     = errors.New("ethereum: unusable configuration")
)

// Config is what a Chain is made of.
type Config struct {
	Name    string // for people
	ChainID uint64
	Profile evm.Profile

	// Endpoints are URLs (http, https, ws, wss) or paths of sockets, the preferred first. What is in a
	// URL beyond its host is never logged: it may be a key.
	Endpoints []string

	// Signer holds the keys of the accounts that pay for gas; without one nothing is sent.
	Signer Signer
	// DB keeps what was signed. Needed if there is a Signer.
	DB Store
	// MaxFee is the most that a unit of gas may cost, in wei; default 500 gwei.
	MaxFee *big.Int
	// Reason explains the data that a contract reverted with; "" if it doesn't know. May be nil.
	Reason func(data []byte) string

	Poll    time.Duration // how often an endpoint is asked for its head; default half of Profile.Polling
	Timeout time.Duration // of one request; default 20 s
	MaxBody int64         // bytes of one answer; default 32 MiB
	Now     func() time.Time
	Log     *slog.Logger // nil: silent
}

const (
	maxEndpoints   = 16
	defaultTimeout = 20 * time.Second
	defaultBody    = 32 << 20
	defaultMaxFee  = 500e9
)

// complete fills in defaults.
func (c *Config) complete() error {
	switch {
	case c.ChainID == 0:
		return fmt.Errorf("%w: chain id is 0", ErrConfig)
	case len(c.Endpoints) == 0 || len(c.Endpoints) > maxEndpoints:
		return fmt.Errorf("%w: %d endpoints, want 1 to %d", ErrConfig, len(c.Endpoints), maxEndpoints)
	case c.Signer != nil && (c.DB == nil || len(c.Signer.Addresses()) == 0):
		return fmt.Errorf("%w: a signer needs a database and an account", ErrConfig)
	case c.MaxFee != nil && c.MaxFee.Sign() <= 0:
		return fmt.Errorf("%w: a fee ceiling of %v wei", ErrConfig, c.MaxFee)
	}
	if c.MaxFee == nil {
		c.MaxFee = big.NewInt(defaultMaxFee)
	}
	if c.Poll <= 0 {
		c.Poll = max(time.Duration(c.Profile.Polling)*time.Second/2, time.Second)
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	if c.MaxBody <= 0 {
		c.MaxBody = defaultBody
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Log = c.Log.With("chain", c.Name)
	return nil
}
