package main

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
)

// What the measured channels are about: amounts in wei that use all the bytes that such amounts have.
const (
	depositA = 1_234_567_890_123_456_789
	depositB = 987_654_321_012_345_678
	bounty   = 12_345_678_901_234_567
	delay    = 86_400
	expiry   = 1_900_123_457
)

var adjudicator = binding.NewAdjudicator()

// channel is one of the chain's, and what its parties signed.
type channel struct {
	*chain
	params evm.Params
	id     [32]byte
	locks  []evm.Lock // of the state that it was closed with
}

// newChannel agrees on a channel that is not on chain yet.
func (c *chain) newChannel(token common.Address) *channel {
	c.channels++
	nonce := random("nonce", int(c.channels))
	p := evm.Params{
		A: address("a"), B: address("b"), PayA: address("pay a"), PayB: address("pay b"),
		Token: token, Delay: delay, Nonce: new(big.Int).SetBytes(nonce[:8]).Uint64(),
	}
	return &channel{chain: c, params: p, id: p.ID(chainID, c.adjudicator)}
}

// call is a call of the channel's with no coins.
func (c *channel) call(data []byte) (uint64, error) { return c.chain.call(data, nil) }

func (c *channel) calldata() binding.IAdjudicatorParams {
	return binding.IAdjudicatorParams(c.params)
}

// deposit adds money to a side, of a token as much as was allowed.
func (c *channel) deposit(side uint8, amount, allowance uint64) (uint64, error) {
	value := uint256.NewInt(amount)
	data := adjudicator.PackDeposit(c.calldata(), side, value.ToBig())
	if c.params.Token != (common.Address{}) {
		value = nil
		approval := binding.NewStandardToken().PackApprove(c.adjudicator, new(big.Int).SetUint64(allowance))
		if _, err := c.send(&c.params.Token, approval, nil); err != nil {
			return 0, err
		}
	}
	return c.chain.call(data, value)
}

// sign is what the holder of a key signs, by EIP-2098.
func sign(k *ecdsa.PrivateKey, digest [32]byte) (binding.IAdjudicatorSig, error) {
	rsv, err := crypto.Sign(digest[:], k)
	if err != nil {
		return binding.IAdjudicatorSig{}, err
	}
	sig := binding.IAdjudicatorSig{R: [32]byte(rsv[:32]), Vs: [32]byte(rsv[32:64])}
	sig.Vs[0] |= rsv[64] << 7
	return sig, nil
}

// both sides' signatures, A's first.
func both(digest [32]byte) (a, b binding.IAdjudicatorSig, err error) {
	if a, err = sign(key("a"), digest); err != nil {
		return a, b, err
	}
	b, err = sign(key("b"), digest)
	return a, b, err
}

// secret is A's per-commitment secret.
var secret = random("secret", 0)

// state is one that A may close with: n locks, every second of them A's if its preimage is known.
func state(n int) (evm.Commitment, []evm.Lock, *uint256.Int) {
	point, err := crypto.ToECDSA(secret[:])
	if err != nil {
		panic(err) // a constant that is a key
	}
	c := evm.Commitment{
		Holder: evm.SideA, N: 123_456, Rev: crypto.PubkeyToAddress(point.PublicKey),
		AccA: *uint256.NewInt(depositA), AccB: *uint256.NewInt(depositB),
		ToA: *uint256.NewInt(depositA), ToB: *uint256.NewInt(depositB),
	}
	var locks []evm.Lock
	locked := new(uint256.Int)
	for i := range n {
		preimage, r := random("preimage", i), random("amount", i)
		amount := new(uint256.Int).SetBytes(r[:6]) // some 10^14 wei
		amount.Or(amount, uint256.NewInt(1<<48))
		side := uint8(evm.SideA)
		if i >= (n+1)/2 {
			side = evm.SideB
		}
		locks = append(locks, evm.Lock{Hash: sha256.Sum256(preimage[:]), Amount: *amount, Expiry: expiry + uint64(i), Side: side})
		from := &c.ToB
		if side == evm.SideB {
			from = &c.ToA
		}
		from.Sub(from, amount)
		locked.Add(locked, amount)
	}
	return c, locks, locked
}
