package contract

import (
	"context"
	"fmt"
	"math/big"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
)

// reserve notes for how many HTLCs of a channel gas must be kept: as many as are in flight. Nothing is
// kept for a channel that ended, nor for one that its peer opened and never deposited in: strangers could make up
// any number of those.
func (c *Court) reserve(id lnwire.ChannelID, view *htlc.Channel, phase evm.Phase) {
	n, _ := view.InFlight()
	madeUp := phase == evm.PhaseNone && view.Params().Opener == htlc.Remote
	c.mu.Lock()
	defer c.mu.Unlock()
	if delete(c.locks, id); !madeUp && phase != evm.PhaseEnded && view.State() != htlc.Closed {
		c.locks[id] = n
	}
}

// Reserve is what it takes, in wei, to close every watched channel and to resolve its HTLCs at the
// highest price of gas, with so many more channels and HTLCs than there are now. It is 0 if the court was
// given no price.
func (c *Court) Reserve(channels, htlcs int) *big.Int {
	c.mu.Lock()
	var gas uint64
	for _, n := range c.locks {
		gas += evm.ReserveGas(n)
	}
	c.mu.Unlock()
	gas += uint64(max(channels, 0)) * evm.ReserveGas(0)
	gas += uint64(max(htlcs, 0)) * (evm.ReserveGas(1) - evm.ReserveGas(0))
	wei := new(big.Int).SetUint64(gas)
	if c.cfg.GasPrice == nil {
		return wei.SetInt64(0)
	}
	return wei.Mul(wei, c.cfg.GasPrice)
}

// GasBalance is what the accounts that pay for gas have, in wei.
func (c *Court) GasBalance(ctx context.Context) (*big.Int, error) {
	sum := new(big.Int)
	for _, who := range c.cfg.Sender.Addresses() {
		b, err := c.cfg.Reader.Balance(ctx, who)
		if err != nil {
			return nil, fmt.Errorf("contract: the gas balance of %v: %w", who, err)
		}
		sum.Add(sum, b)
	}
	return sum, nil
}

// watchGas compares what there is with what it takes to close everything, after each head.
func (c *Court) watchGas(ctx context.Context) {
	low := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.gas:
		}
		if c.cfg.GasPrice == nil || c.cfg.GasLow == nil {
			continue
		}
		have, err := c.GasBalance(ctx)
		if err != nil {
			c.log.Debug("the gas balance isn't known", "err", err)
			continue
		}
		need := c.Reserve(0, 0)
		switch short := have.Cmp(need) < 0; {
		case short:
			low = true
			c.cfg.GasLow(fmt.Sprintf("the accounts that pay for gas have %v wei and need %v to close every channel at %v wei a "+
				"unit: send coins to %v", have, need, c.cfg.GasPrice, c.cfg.Sender.Account()))
		case low:
			low = false
			c.cfg.GasLow("")
		}
	}
}
