package contract

import (
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/internal/ethereum"
)

// debtor names a credit in the contract: what a receiver refused when it was pushed there.
type debtor struct{ token, who common.Address }

// debts are the credits of which the contract told something, and that are to be looked at. At the start
// everything is: the events may be from long ago.
type debts struct {
	asked  map[debtor]bool // whose balance was looked at since the last event about it
	amount map[debtor]*big.Int
	wanted bool // claims are wanted of the sender
}

// note has a credit looked at again.
func (d *debts) note(e evm.Event) {
	switch e := e.(type) {
	case evm.Owed:
		delete(d.asked, debtor{e.Token, e.Who})
	case evm.OwedClaimed:
		delete(d.asked, debtor{e.Token, e.Who})
	}
}

// collectOwed looks at what the contract owes to where channels are paid, and tells people. What it owes to the
// account that we send from is fetched as soon as that takes it again: until then the call reverts, and is
// not sent. Another address's owner has to claim it, to yet another one if need be.
func (c *Court) collectOwed() {
	if c.owed.asked == nil {
		c.owed.asked, c.owed.amount = make(map[debtor]bool), make(map[debtor]*big.Int)
	}
	var calls []ethereum.Call
	wanted, answers := make(map[debtor]bool), true
	for _, r := range c.all {
		d := debtor{r.terms.Token, [2]common.Address{r.terms.PayA, r.terms.PayB}[r.mine]}
		if !c.owed.asked[d] {
			if !answers {
				continue
			}
			amount, err := c.owedTo(d)
			if err != nil {
				answers = false // one question's patience is all that the channels, which wait for it, can afford
				r.log.Debug("what the contract owes isn't known", "to", d.who, "err", err)
				continue // at the next head
			}
			c.owed.asked[d], c.owed.amount[d] = true, amount
		}
		amount := c.owed.amount[d]
		if amount.Sign() == 0 {
			r.clear(AlarmOwed)
			continue
		}
		r.raise(AlarmOwed, fmt.Sprintf("%v refused a payment of %v base units of %v; they wait in the contract until "+
			"they are claimed", d.who, amount, d.token))
		if d.who == c.cfg.Sender.Account() && !wanted[d] {
			wanted[d] = true
			calls = append(calls, d.claim(c.cfg.Contract, amount))
		}
	}
	c.wantOwed(calls)
}

// claim is the call that fetches a credit to its owner, sent by that.
func (d debtor) claim(contract common.Address, amount *big.Int) ethereum.Call {
	call := ethereum.Call{
		To: contract, Data: evm.PackClaimOwed(d.token, d.who, d.who, evm.Sig{}), Own: true,
		What: fmt.Sprintf("claim %v base units that %v refused before", amount, d.who),
	}
	if d.token == (common.Address{}) {
		call.Worth = amount
	}
	return call
}

// wantOwed replaces what the sender does about credits.
func (c *Court) wantOwed(calls []ethereum.Call) {
	if len(calls) == 0 && !c.owed.wanted {
		return
	}
	c.owed.wanted = true
	if err := c.cfg.Sender.Want("owed by "+c.cfg.Contract.String(), calls); err != nil {
		c.log.Error("what the contract owes can't be claimed; it is tried again at the next block", "err", err)
		return
	}
	c.owed.wanted = len(calls) > 0
}

// owedTo asks the contract at the newest block.
func (c *Court) owedTo(d debtor) (*big.Int, error) {
	ctx, stop := c.asking()
	defer stop()
	answer, err := c.cfg.Reader.Call(ctx, c.cfg.Contract, evm.PackOwed(d.token, d.who), c.head.Hash)
	if err != nil {
		return nil, err
	}
	a, err := evm.UnpackOwed(answer)
	return a.ToBig(), err
}
