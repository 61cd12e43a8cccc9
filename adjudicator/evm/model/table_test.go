package model_test

import (
	"crypto/sha256"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/model"
)

// table is one channel in the EVM, for tests of single rules: A put in 1000, B 500.
type table struct {
	t     testing.TB
	m     *machine
	w     *model.World // hashes what is signed; is not played on
	token *mood        // of the hostile token
	coins *mood        // of the receiver
	inEVM *half
	p     evm.Params
	id    [32]byte
}

const (
	depositA = 1000
	depositB = 500
	delay    = 3600
)

// open deals a channel in a token, which pays A at an address and B at nobody's.
func open(t testing.TB, token, payA common.Address) *table {
	t.Helper()
	x := &table{t: t, token: &mood{answer: answers[0]}, coins: &mood{}, inEVM: &half{}}
	calm, quiet := &mood{answer: answers[0]}, &mood{answer: answers[1]}
	x.m, x.w = newWorlds(t, 31337, [3]*mood{calm, quiet, x.token}, x.coins, [2]*half{{}, x.inEVM})
	x.p = evm.Params{
		A: keys[0].address, B: keys[1].address, PayA: payA, PayB: nobody, Token: token, Delay: delay, Nonce: 1,
	}
	x.id = x.p.ID(x.w.ChainID, x.m.contract)
	x.deposits()
	return x
}

func (x *table) deposits() {
	x.t.Helper()
	for side, amount := range []uint64{depositA, depositB} {
		x.ok(evm.PackDeposit(x.p, uint8(side), num(amount)), x.value(amount))
	}
}

func (x *table) value(amount uint64) evm.Amount {
	if x.p.Token == coin {
		return num(amount)
	}
	return evm.Amount{}
}

// try makes a call in rich's name.
func (x *table) try(data []byte, value ...evm.Amount) ([]evm.Event, error) {
	x.t.Helper()
	x.inEVM.begin()
	var sent evm.Amount
	if len(value) > 0 {
		sent = value[0]
	}
	o := x.m.call(rich, sent, data, gasLimit, true)
	var events []evm.Event
	for _, log := range o.logs {
		e, err := evm.UnpackEvent(log)
		require.NoError(x.t, err)
		events = append(events, e)
	}
	return events, o.err
}

func (x *table) ok(data []byte, value ...evm.Amount) []evm.Event {
	x.t.Helper()
	events, err := x.try(data, value...)
	require.NoError(x.t, err)
	return events
}

func (x *table) fails(want error, data []byte, value ...evm.Amount) {
	x.t.Helper()
	_, err := x.try(data, value...)
	require.Equal(x.t, want, err)
}

func (x *table) channel() evm.Channel {
	x.t.Helper()
	c, err := evm.UnpackChannel(x.m.view(x.t, evm.PackChannel(x.id)))
	require.NoError(x.t, err)
	return c
}

func (x *table) owed(who common.Address) uint64 {
	x.t.Helper()
	owed, err := evm.UnpackOwed(x.m.view(x.t, evm.PackOwed(x.p.Token, who)))
	require.NoError(x.t, err)
	return owed.Uint64()
}

// has is what an account has of the channel's token.
func (x *table) has(who common.Address) uint64 {
	if x.p.Token == coin {
		return x.m.state.GetBalance(who).Uint64()
	}
	balance := x.m.natives[x.p.Token].(native).get(who)
	return balance.Uint64()
}

// at sets the time, in seconds from the start.
func (x *table) at(seconds uint64) { x.m.vm.Context.Time = start + seconds }

// agreed is a state that accounts for both deposits.
func agreed(holder uint8, toA, toB uint64) evm.Commitment {
	return evm.Commitment{
		Holder: holder, N: 7, ToA: num(toA), ToB: num(toB), AccA: num(depositA), AccB: num(depositB),
		Rev: secrets[0].rev,
	}
}

// digest is what both sign of a state.
func (x *table) digest(c evm.Commitment, locks []evm.Lock) [32]byte {
	var locked evm.Amount
	for _, l := range locks {
		locked = add(locked, l.Amount)
	}
	return x.w.CommitmentDigest(x.id, c, locked, crypto.Keccak256Hash(evm.PackLocks(locks)))
}

// close is the call that posts a state which both signed.
func (x *table) close(c evm.Commitment, locks ...evm.Lock) []byte {
	a, b := keys[0].sign(x.digest(c, locks)), keys[1].sign(x.digest(c, locks))
	if c.Holder == evm.SideB {
		a, b = b, a
	}
	return evm.PackClose(x.p, c, evm.PackLocks(locks), b, a)
}

// coop is the call of a cooperative close that both signed.
func (x *table) coop(toA, toB uint64) []byte {
	c := evm.Cooperation{A: num(toA), B: num(toB), AccA: num(depositA), AccB: num(depositB)}
	digest := x.w.CoopDigest(x.id, c)
	return evm.PackCoop(x.p, c, keys[0].sign(digest), keys[1].sign(digest))
}

func (x *table) withdraw(totalA, totalB uint64) []byte {
	digest := x.w.WithdrawDigest(x.id, num(totalA), num(totalB))
	return evm.PackWithdraw(x.p, num(totalA), num(totalB), keys[0].sign(digest), keys[1].sign(digest))
}

// punish is the call by B's grant to a tower.
func (x *table) punish(tower common.Address, bounty uint64) []byte {
	grant := keys[1].sign(x.w.GrantDigest(x.id, tower, num(bounty)))
	return evm.PackPunish(x.p, secrets[0].value, tower, num(bounty), grant)
}

// lock n pays a side on the preimage of n bytes' first, n.
func lock(n byte, side uint8, amount, expiry uint64) evm.Lock {
	preimage := [32]byte{n}
	return evm.Lock{Hash: sha256.Sum256(preimage[:]), Amount: num(amount), Side: side, Expiry: start + expiry}
}

func claim(index uint16, n byte) evm.Claim { return evm.Claim{Index: index, Preimage: [32]byte{n}} }
