package main

import (
	"math/big"

	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// open makes A's deposit, of an allowance that is exact, as nwnd gives it.
func (c *channel) open() (uint64, error) { return c.deposit(evm.SideA, depositA, depositA) }

// openFirstMoney opens the first channel of a token, of an allowance that stays.
func (c *channel) openFirstMoney() (uint64, error) { return c.deposit(evm.SideA, depositA, 2*depositA) }

func (c *channel) secondDeposit() (uint64, error) {
	if _, err := c.open(); err != nil {
		return 0, err
	}
	return c.deposit(evm.SideB, depositB, depositB)
}

// funded makes both deposits.
func (c *channel) funded() error {
	_, err := c.secondDeposit()
	return err
}

// withdraw pays A up to a total.
func (c *channel) withdraw(total uint64) (uint64, error) {
	a, b, err := both(c.digests.WithdrawDigest(c.id, *uint256.NewInt(total), uint256.Int{}))
	if err != nil {
		return 0, err
	}
	return c.call(adjudicator.PackWithdraw(c.calldata(), new(big.Int).SetUint64(total), new(big.Int), a, b))
}

func (c *channel) withdrawFirst() (uint64, error) {
	if err := c.funded(); err != nil {
		return 0, err
	}
	return c.withdraw(depositA / 3)
}

func (c *channel) withdrawLater() (uint64, error) {
	if _, err := c.withdrawFirst(); err != nil {
		return 0, err
	}
	return c.withdraw(depositA / 2)
}

// cooperate closes with both paid.
func (c *channel) cooperate() (uint64, error) {
	if err := c.funded(); err != nil {
		return 0, err
	}
	const paid = depositB / 7 // by A to B
	s := evm.Cooperation{
		A: *uint256.NewInt(depositA - paid), B: *uint256.NewInt(depositB + paid),
		AccA: *uint256.NewInt(depositA), AccB: *uint256.NewInt(depositB),
	}
	a, b, err := both(c.digests.CoopDigest(c.id, s))
	if err != nil {
		return 0, err
	}
	return c.call(adjudicator.PackCoop(c.calldata(), s.A.ToBig(), s.B.ToBig(), s.AccA.ToBig(), s.AccB.ToBig(),
		new(big.Int), new(big.Int), a, b))
}
