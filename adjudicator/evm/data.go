package evm

import (
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator/evm/binding"
	"github.com/nichework/nwnd/htlc"
)

var abi = binding.NewAdjudicator()

// Data is the calldata of an act. The signer is asked for our signature where the contract wants it.
func (c *Case) Data(a *Act, s htlc.Signer) ([]byte, error) {
	terms := c.known.Terms
	switch a.Kind {
	case Close:
		return c.closeData(s)
	case Resolve:
		return PackResolve(terms, c.packed(), a.Claims), nil
	case Settle:
		return PackSettle(terms), nil
	case SettlePartial:
		return PackSettlePartial(terms, c.packed()), nil
	case Punish:
		return c.punishData(s)
	case Cooperate:
		return c.coopData()
	case Withdraw:
		return c.withdrawData()
	}
	return nil, fmt.Errorf("evm: nobody knows how to make call %v", a.Kind)
}

// closeData is the call that posts our newest commitment. Both sign the same digest.
func (c *Case) closeData(s htlc.Signer) ([]byte, error) {
	k := c.known
	com, err := k.commitment(k.Local)
	if err != nil {
		return nil, err
	}
	digests, err := k.Format.Digests(k.Params, k.Local)
	if err != nil {
		return nil, err
	}
	ours, err := s.Sign(digests[:1])
	if err != nil {
		return nil, fmt.Errorf("evm: our signature on commitment %d: %w", com.N, err)
	}
	return PackClose(k.Terms, com, k.Format.Locks(k.Params, k.Local), rawSig(k.LocalSig), rawSig(&ours[0])), nil
}

// packed is the array of locks that the contract compares with what was posted, or with what the call
// before this one posts.
func (c *Case) packed() []byte {
	if c.State.Phase == PhaseOpen {
		return c.known.Format.Locks(c.known.Params, c.known.Local)
	}
	locks := make([]Lock, len(c.Locks))
	for i := range c.Locks {
		locks[i] = c.Locks[i].Lock
	}
	return PackLocks(locks)
}

// punishData punishes in our own name, without a tower: we grant a bounty of nothing.
func (c *Case) punishData(s htlc.Signer) ([]byte, error) {
	k := c.known
	grants, err := s.Sign([]htlc.Digest{k.Format.GrantDigest(k.Params, common.Address{}, [16]byte{})})
	if err != nil {
		return nil, fmt.Errorf("evm: our signature on the grant to punish: %w", err)
	}
	return PackPunish(k.Terms, c.Secret, common.Address{}, Amount{}, rawSig(&grants[0])), nil
}

// coopSize is the length of what eip712.Format.CloseTx gives: seven words, two signatures.
const coopSize = 7*32 + 2*64

// coopData is the call of the close that both signed.
func (c *Case) coopData() ([]byte, error) {
	tx := c.known.CloseTx
	if len(tx) != coopSize {
		return nil, fmt.Errorf("%w: cooperative close of %d bytes, want %d", ErrChannel, len(tx), coopSize)
	}
	var s Cooperation
	for i, a := range [...]*Amount{&s.A, &s.B, &s.AccA, &s.AccB, &s.OutA, &s.OutB} {
		a.SetBytes(tx[32*(i+1) : 32*(i+2)]) // behind the id
	}
	sigs := tx[7*32:]
	return PackCoop(c.known.Terms, s, Sig(sigs[:64]), Sig(sigs[64:])), nil
}

// withdrawData is the call of the withdrawal that both signed.
func (c *Case) withdrawData() ([]byte, error) {
	call, _, err := c.known.withdrawal(&c.State)
	if err != nil {
		return nil, err
	}
	if call == nil {
		return nil, fmt.Errorf("%w: no withdrawal is due", ErrChannel)
	}
	var a, b Amount
	a.SetBytes(call[32:64])
	b.SetBytes(call[64:96])
	return PackWithdraw(c.known.Terms, a, b, Sig(call[96:160]), Sig(call[160:])), nil
}

// bound is the parameters as the contract's binding has them.
func (p Params) bound() binding.IAdjudicatorParams {
	return binding.IAdjudicatorParams{A: p.A, B: p.B, PayA: p.PayA, PayB: p.PayB, Token: p.Token, Delay: p.Delay, Nonce: p.Nonce}
}

func boundSig(b []byte) binding.IAdjudicatorSig {
	return binding.IAdjudicatorSig{R: [32]byte(b[:32]), Vs: [32]byte(b[32:64])}
}

func rawSig(s *lnwire.Sig) Sig { return Sig(s.RawBytes()) }
