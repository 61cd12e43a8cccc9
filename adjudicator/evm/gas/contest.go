package main

import (
	"math/big"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
)

// closeBy posts a state of n locks in a channel with both deposits.
func (c *channel) closeBy(n int) (uint64, error) {
	if err := c.funded(); err != nil {
		return 0, err
	}
	s, locks, locked := state(n)
	c.locks = locks
	packed := evm.PackLocks(locks)
	a, b, err := both(c.digests.CommitmentDigest(c.id, s, *locked, crypto.Keccak256Hash(packed)))
	if err != nil {
		return 0, err
	}
	commitment := binding.IAdjudicatorCommitment{
		Holder: s.Holder, N: s.N, Rev: s.Rev, ToA: s.ToA.ToBig(), ToB: s.ToB.ToBig(),
		AccA: s.AccA.ToBig(), AccB: s.AccB.ToBig(), OutA: new(big.Int), OutB: new(big.Int),
	}
	return c.call(adjudicator.PackClose(c.calldata(), commitment, packed, b, a))
}

func closeWith(n int) func(*channel) (uint64, error) {
	return func(c *channel) (uint64, error) { return c.closeBy(n) }
}

// resolve claims the first locks.
func (c *channel) resolve(n int) (uint64, error) {
	var claims []evm.Claim
	for i := range n {
		claims = append(claims, evm.Claim{Index: uint16(i), Preimage: random("preimage", i)})
	}
	return c.call(adjudicator.PackResolve(c.calldata(), evm.PackLocks(c.locks), evm.PackClaims(claims)))
}

// resolveWith claims n of so many locks.
func resolveWith(n, of int) func(*channel) (uint64, error) {
	return func(c *channel) (uint64, error) {
		if _, err := c.closeBy(of); err != nil {
			return 0, err
		}
		return c.resolve(n)
	}
}

// settle pays both when the contest period is over.
func (c *channel) settle() (uint64, error) {
	if err := c.pass(delay); err != nil {
		return 0, err
	}
	return c.call(adjudicator.PackSettle(c.calldata()))
}

func (c *channel) settleAfterClose() (uint64, error) {
	if _, err := c.closeBy(0); err != nil {
		return 0, err
	}
	return c.settle()
}

// punishFor takes what A posted, for a bounty of whoever pays for gas.
func punishFor(bounty uint64) func(*channel) (uint64, error) {
	return func(c *channel) (uint64, error) {
		if _, err := c.closeBy(0); err != nil {
			return 0, err
		}
		tower := address("payer")
		grant, err := sign(key("b"), c.digests.GrantDigest(c.id, tower, *uint256.NewInt(bounty)))
		if err != nil {
			return 0, err
		}
		return c.call(adjudicator.PackPunish(c.calldata(), secret, tower, new(big.Int).SetUint64(bounty), grant))
	}
}

// forceClose is all that a channel with one HTLC costs from the close on.
func (c *channel) forceClose() (uint64, error) {
	var sum uint64
	for _, step := range []func() (uint64, error){
		func() (uint64, error) { return c.closeBy(1) },
		func() (uint64, error) { return c.resolve(1) },
		c.settle,
	} {
		used, err := step()
		if err != nil {
			return 0, err
		}
		sum += used
	}
	return sum, nil
}
