package evm

import (
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm/binding"
	"github.com/nichework/nwnd/htlc"
)

var abi = binding.NewAdjudicator()

// Data is the calldata of an act. The signer is asked for our signature where the contract wants it.
func (c *Case) Data(a *Act, s htlc.Signer) ([]byte, error) {
	terms := c.known.Terms.bound()
	switch a.Kind {
	case Close:
		return c.closeData(s)
	case Resolve:
		locks, err := c.packed()
		if err != nil {
			return nil, err
		}
		return abi.TryPackResolve(terms, locks, PackClaims(a.Claims))
	case Settle:
		return abi.TryPackSettle(terms)
	case SettlePartial:
		locks, err := c.packed()
		if err != nil {
			return nil, err
		}
		return abi.TryPackSettlePartial(terms, locks)
	case Punish:
		return c.punishData(s)
	case Cooperate:
		return c.coopData()
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
	state := binding.IAdjudicatorCommitment{
		Holder: com.Holder, N: com.N, ToA: com.ToA.ToBig(), ToB: com.ToB.ToBig(), AccA: com.AccA.ToBig(), AccB: com.AccB.ToBig(),
		OutA: com.OutA.ToBig(), OutB: com.OutB.ToBig(), Rev: com.Rev,
	}
	return abi.TryPackClose(k.Terms.bound(), state, k.Format.Locks(k.Params, k.Local),
		boundSig(k.LocalSig.RawBytes()), boundSig(ours[0].RawBytes()))
}

// packed is the array of locks that the contract compares with what was posted, or with what the call
// before this one posts.
func (c *Case) packed() ([]byte, error) {
	if c.State.Phase == PhaseOpen {
		return c.known.Format.Locks(c.known.Params, c.known.Local), nil
	}
	locks := make([]Lock, len(c.Locks))
	for i := range c.Locks {
		locks[i] = c.Locks[i].Lock
	}
	return PackLocks(locks), nil
}

// punishData punishes in our own name, without a tower: we grant a bounty of nothing.
func (c *Case) punishData(s htlc.Signer) ([]byte, error) {
	k := c.known
	grants, err := s.Sign([]htlc.Digest{k.Format.GrantDigest(k.Params, common.Address{}, [16]byte{})})
	if err != nil {
		return nil, fmt.Errorf("evm: our signature on the grant to punish: %w", err)
	}
	var none Amount
	return abi.TryPackPunish(k.Terms.bound(), c.Secret, common.Address{}, none.ToBig(), boundSig(grants[0].RawBytes()))
}

// coopSize is the length of what eip712.Format.CloseTx gives: seven words, two signatures.
const coopSize = 7*32 + 2*64

// coopData is the call of the close that both signed.
func (c *Case) coopData() ([]byte, error) {
	tx := c.known.CloseTx
	if len(tx) != coopSize {
		return nil, fmt.Errorf("%w: cooperative close of %d bytes, want %d", ErrChannel, len(tx), coopSize)
	}
	var n [6]Amount // behind the id
	for i := range n {
		n[i].SetBytes(tx[32*(i+1) : 32*(i+2)])
	}
	return abi.TryPackCoop(c.known.Terms.bound(), n[0].ToBig(), n[1].ToBig(), n[2].ToBig(), n[3].ToBig(), n[4].ToBig(), n[5].ToBig(),
		boundSig(tx[7*32:7*32+64]), boundSig(tx[7*32+64:]))
}

// WithdrawData is the call of a withdrawal that both signed.
func WithdrawData(p Params, totals [2]Amount, sigs [2]Sig) []byte {
	return abi.PackWithdraw(p.bound(), totals[0].ToBig(), totals[1].ToBig(), boundSig(sigs[0][:]), boundSig(sigs[1][:]))
}

// bound is the parameters as the contract's binding has them.
func (p Params) bound() binding.IAdjudicatorParams {
	return binding.IAdjudicatorParams{A: p.A, B: p.B, PayA: p.PayA, PayB: p.PayB, Token: p.Token, Delay: p.Delay, Nonce: p.Nonce}
}

func boundSig(b []byte) binding.IAdjudicatorSig {
	return binding.IAdjudicatorSig{R: [32]byte(b[:32]), Vs: [32]byte(b[32:64])}
}
