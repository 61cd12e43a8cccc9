package bitcoind

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	wchain "github.com/btcsuite/btcwallet/chain"

	"github.com/nichework/nwnd/internal/chain"
)

// watch looks at bitcoind again and again, and makes a new session when the last one is of no more use.
func (c *client) watch(ctx context.Context) {
	tick := time.NewTicker(c.timing.check)
	defer tick.Stop()
	patience := c.timing.stall
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		tip, _, err := c.source.Tip(ctx)
		if err != nil {
			c.noAnswer()
			continue
		}
		why := c.fault(tip, patience)
		if why == "" {
			continue
		}
		s, err := c.dial(ctx)
		if err != nil {
			c.noAnswer()
			continue
		}
		c.log.Info("the wallet's connection to bitcoind is made anew", "why", why)
		c.session().close()
		c.use(ctx, s)
		if why == behind || why == silent {
			patience = min(2*patience, time.Hour) // if that didn't help, it never may
		} else {
			patience = c.timing.stall
		}
	}
}

// Why a session is of no more use.
const (
	wasAway  = "bitcoind was away"
	newLogin = "bitcoind has another cookie"
	behind   = "the wallet has not heard of the last block"
	silent   = "a rescan has stopped"
)

// fault says what is wrong with the session of a bitcoind that answers, "" if nothing.
func (c *client) fault(tip chainhash.Hash, patience time.Duration) string {
	user, pass, err := c.source.cfg.login()
	if err != nil {
		return "" // the next look at the tip fails of it
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost() {
		return wasAway
	}
	c.gone = time.Time{}
	if stamp, _ := c.s.BlockStamp(); stamp.Hash == tip || !c.notified {
		c.current = time.Now()
	}
	quiet := !c.telling && time.Since(c.heard) > patience
	switch {
	case user != c.s.user || pass != c.s.pass:
		return newLogin
	case quiet && c.rescans > 0:
		return silent
	case quiet && time.Since(c.current) > c.source.cfg.lag()+patience:
		return behind
	}
	return ""
}

// lag is how late blocks may be known.
func (c Config) lag() time.Duration {
	if c.Polling {
		return c.BlockPoll
	}
	return 0
}

// noAnswer notes since when bitcoind is away.
func (c *client) noAnswer() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone.IsZero() {
		c.gone = time.Now()
	}
}

// rejected puts a refusal into btcwallet's terms, by which the wallet forgets a transaction.
func rejected(err error) error {
	var as error
	switch {
	case err == nil || !errors.Is(err, chain.ErrRejected):
		return err
	case errors.Is(err, chain.ErrMissingInputs):
		as = wchain.ErrMissingInputs
	case errors.Is(err, chain.ErrConflict):
		as = wchain.ErrMempoolConflict
	case errors.Is(err, chain.ErrFeeTooLow):
		as = wchain.ErrMempoolMinFeeNotMet
	default:
		as = errors.New("TX rejected") // what btcd says, and the wallet knows
	}
	return fmt.Errorf("%w: %w", as, err)
}
