package contract

import (
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// debtor names a credit in the contract: what a receiver refused when it was pushed there.
type debtor struct{ token, who common.Address }

// debts are the credits of which the contract told something, and that are to be looked at. At the start
// everything is: the events may be from long ago.
type debts struct {
	asked  map[debtor]bool // whose balance was looked at since the last event about it
	amount map[debtor]*big.Int
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

// collectOwed looks at what the contract owes to where channels are paid, and tells people. It is paid by
// a call of claimOwed, which its owner signs: to the same address it would most likely be refused again.
func (c *Court) collectOwed() {
	if c.owed.asked == nil {
		c.owed = debts{make(map[debtor]bool), make(map[debtor]*big.Int)}
	}
	for _, r := range c.all {
		d := debtor{r.terms.Token, [2]common.Address{r.terms.PayA, r.terms.PayB}[r.mine]}
		if !c.owed.asked[d] {
			amount, err := c.owedTo(d)
			if err != nil {
				r.log.Debug("what the contract owes isn't known", "to", d.who, "err", err)
				continue // at the next head
			}
			c.owed.asked[d], c.owed.amount[d] = true, amount
		}
		if a := c.owed.amount[d]; a.Sign() > 0 {
			r.raise(AlarmOwed, fmt.Sprintf("%v refused a payment of %v base units of %v; they wait in the contract until "+
				"they are claimed to another address", d.who, a, d.token))
		} else {
			r.clear(AlarmOwed)
		}
	}
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
