package contract

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
)

// restore has a node go on with an older state of its channel, as from a backup of its disk.
func (o *ordeal) restore(n *node, snapshot []byte) {
	n.disk.snapshot, n.disk.facts = snapshot, nil
	n.start()
	n.pump()
}

// A peer's state that is newer than our data pays what is ours of it, HTLCs too: their locks are in the
// calldata of its close.
func TestANewerStateThanWeKnowOfIsSeenThrough(t *testing.T) {
	for _, router := range []bool{false, true} {
		t.Run(fmt.Sprintf("through another contract=%v", router), func(t *testing.T) {
			o := openOrdeal(t)
			ours := o.mallory.offer(20_000*unit, 1, o.now()+late)
			back := o.bob.offer(5_000*unit, 3, o.now()+soon)
			talk(o.bob, o.mallory)
			snapshot := o.bob.ch.Encode()
			o.mallory.offer(1_000*unit, 2, o.now()+soon)
			talk(o.bob, o.mallory)
			data := o.closeData(o.mallory)
			o.mute = true
			o.restore(o.bob, snapshot)
			require.NoError(o, o.bob.step(htlc.Fulfill{ID: ours, Preimage: preimageOf(1)}))
			if router {
				o.chain.post(nil)
				// What comes first only looks like a close.
				wrapped := append(append(bytes.Clone(data[:4]), make([]byte, 32)...), data...)
				o.chain.posts[0].to, o.chain.posts[0].data = o.chain.router(), wrapped
			} else {
				o.chain.post(data)
			}
			o.bob.reader.fails = true
			o.mine()
			require.Contains(t, o.bob.raised, AlarmStale, o.describe())
			o.bob.reader.fails = false // it is asked again
			o.ending, o.want = adjudicator.RemoteNewer, bobs(620_000*unit)
			o.outcomes = map[uint64]string{back: "failed"}
			o.run(nil)
			require.True(t, o.bob.everUp[AlarmStale])
		})
	}
}

// router puts a contract on the chain that passes its calldata on to the adjudicator, but for the first 36
// bytes.
func (c *chain) router() common.Address {
	at := common.Address{0x70}
	// calldatacopy(0, 36, calldatasize - 36); call(gas, adjudicator, 0, 0, calldatasize - 36, 0, 0)
	code := append(common.FromHex("60243603602460003760006000602436036000600073"), c.contract[:]...)
	code = append(code, common.FromHex("5af100")...)
	c.tip().state.SetCode(at, code, tracing.CodeChangeUnspecified)
	return at
}

// An old state of our own may be punished by the peer. If it isn't, it is settled as it is.
func TestAnOldStateOfOursIsSettledIfThePeerLetsIt(t *testing.T) {
	o := openOrdeal(t)
	data := o.closeData(o.bob)
	paid := o.bob.offer(100_000*unit, 1, o.now()+late)
	talk(o.bob, o.mallory)
	require.NoError(t, o.mallory.step(htlc.Fulfill{ID: paid, Preimage: preimageOf(1)}))
	talk(o.bob, o.mallory)
	o.mute = true
	o.chain.post(data)
	o.ending, o.want = adjudicator.LocalOther, bobs(600_000*unit)
	o.run(nil)
	require.True(t, o.bob.everUp[AlarmStale])
}

// A state that was revoked is punished however long ago that was.
func TestBreachesAtEveryAgeArePunished(t *testing.T) {
	for _, age := range []int{1, 100, 1000} {
		t.Run(fmt.Sprintf("%d states", age), func(t *testing.T) {
			o := openOrdeal(t)
			old := o.bob.offer(1_000*unit, 1, o.now()+late)
			talk(o.bob, o.mallory)
			data := o.closeData(o.mallory)
			_, before := o.bob.ch.Numbers()
			for i := range age {
				id := o.mallory.offer(100*unit, uint64(i+2), o.now()+late)
				talk(o.bob, o.mallory)
				if _, now := o.bob.ch.Numbers(); now >= before+uint64(age) {
					break
				}
				require.NoError(t, o.bob.step(htlc.Fulfill{ID: id, Preimage: preimageOf(uint64(i + 2))}))
				talk(o.bob, o.mallory)
			}
			_, now := o.bob.ch.Numbers()
			require.GreaterOrEqual(t, now, before+uint64(age))
			o.mute = true
			o.chain.post(data)
			o.ending, o.want = adjudicator.Revoked, bobs(capacity*1000)
			o.outcomes = map[uint64]string{old: "failed"}
			o.run(nil)
			require.True(t, o.bob.everUp[AlarmBreach])
			require.Contains(t, o.bob.raised, AlarmBreach)
			require.Len(t, o.bob.raised, 1)
		})
	}
}

// A cheater who uses a preimage before it is punished has told it: the money is ours, and the incoming
// HTLC too.
func TestPreimagesThatACheaterUsesAreLearned(t *testing.T) {
	o := openOrdeal(t)
	old := o.bob.offer(50_000*unit, 1, o.now()+late)
	talk(o.bob, o.mallory)
	data := o.closeData(o.mallory)
	terms, err := evm.TermsOf(o.bob.ch.Params(), o.bob.asset)
	require.NoError(t, err)
	com, _, err := o.mallory.ch.LocalCommitment()
	require.NoError(t, err)
	locks := o.mallory.asset.Format().Locks(o.mallory.ch.Params(), com)
	o.mallory.offer(10_000*unit, 2, o.now()+late)
	talk(o.bob, o.mallory)
	o.mute = true
	o.bob.sender.stuck = true
	o.chain.post(data)
	o.chain.post(evm.PackResolve(terms, locks, []evm.Claim{{Preimage: preimageOf(1)}}))
	o.mine()
	require.Equal(t, "fulfilled", o.bob.outcomes[old], "it was seen in a block that may be undone")
	o.bob.sender.stuck = false
	o.ending, o.want = adjudicator.Revoked, bobs(capacity*1000)
	o.outcomes = map[uint64]string{old: "fulfilled"}
	o.run(nil)
}

// A preimage counts even if the block that showed it is undone, and so does not the end without one.
func TestAttack48APreimageInABlockThatIsUndoneIsKnown(t *testing.T) {
	o := newOrdeal(t, adjudicator.Remote)
	for o.bob.outcomes[0] == "" {
		o.mine()
	}
	require.Equal(t, "fulfilled", o.bob.outcomes[0])
	o.mute = true
	o.mallory.sender.stuck = true
	o.chain.reorg(2, false)
	o.bob.pump()
	o.chain.mine(soon) // Mallory doesn't claim again
	o.more = true
	o.outcomes[3] = "failed" // she doesn't claim that either
	o.run(nil)
}

// A channel whose peer failed it is left to the peer for a while, if no HTLC waits.
func TestAPeerThatFailedTheChannelMayCloseFirst(t *testing.T) {
	o := openOrdeal(t)
	o.mute = true
	require.NoError(t, o.mallory.step(htlc.Halt{Reason: "no reason"}))
	talk(o.bob, o.mallory)
	require.Equal(t, htlc.Halted, o.bob.ch.State())
	o.bob.court.Poke(o.bob.ch.ID())
	o.pump()
	began := o.now()
	for o.bob.court.all[o.bob.ch.ID()].now.Phase == evm.PhaseOpen {
		o.mine()
	}
	require.Greater(t, o.now(), began+courtesy*uint64(testProfile.Inclusion+testProfile.Polling))
	o.ending, o.want = adjudicator.Local, bobs(600_000*unit)
	o.run(nil)
}

// What a receiver refuses waits in the contract, and people are told.
func TestARefusedPaymentIsToldOf(t *testing.T) {
	o := newOrdeal(t, adjudicator.Local)
	o.chain.tip().state.SetCode(payouts[0], common.FromHex("60006000fd"), tracing.CodeChangeUnspecified)
	for o.bob.raised[AlarmOwed] == "" && o.steps < ordealSteps {
		o.steps++
		o.mine()
	}
	require.Contains(t, o.bob.raised[AlarmOwed], "refused a payment")
	require.Zero(t, o.bob.paid().Sign())
}

// What the account that we send from refused is fetched once it takes it again, and no call is sent in vain
// before.
func TestARefusedPaymentIsClaimed(t *testing.T) {
	o := openOrdeal(t)
	o.bob.sender.account = payouts[0]
	o.ending, o.want = adjudicator.Remote, bobs(600_000*unit)
	refuses := func(code string) {
		o.chain.tip().state.SetCode(payouts[0], common.FromHex(code), tracing.CodeChangeUnspecified)
	}
	refuses("60006000fd")
	o.bob.sender.stuck = true // it could send nothing anyhow
	o.part()
	for o.bob.raised[AlarmOwed] == "" && o.steps < ordealSteps {
		o.steps++
		o.mine()
	}
	require.Contains(t, o.bob.raised[AlarmOwed], "refused a payment")
	require.Len(t, o.bob.sender.wanted, 1)
	refuses("")
	o.bob.sender.stuck = false
	o.mine()
	o.mine()
	require.Empty(t, o.bob.raised)
	require.Empty(t, o.bob.sender.wanted)
	o.run(nil)
	require.Empty(t, o.chain.reverted)
}

// A chain that is slow to say what it owes is asked once at a head and not for each channel: all of them wait for the answer.
func TestWhatIsOwedHoldsNoChannelUp(t *testing.T) {
	o := openOrdeal(t)
	asset := evm.Asset{ChainID: testChainID, Adjudicator: o.chain.contract, Decimals: decimals + 1}
	n := newNode(t, o.chain, 'x', asset, newEnds(t, asset)[0])
	n.court.Watch(onChain{o.bob})
	n.pump()
	require.Len(t, n.court.all, 2)
	n.court.owed = debts{}
	n.reader.fails, n.reader.calls = true, 0
	o.mine()
	n.pump()
	require.Equal(t, 1, n.reader.calls)
}

// Once everything has been final for long enough, nothing of the channel is needed.
func TestAChannelIsBuriedLongAfterItsEnd(t *testing.T) {
	o := newOrdeal(t, adjudicator.Cooperative)
	o.run(nil)
	require.False(t, o.bob.buried)
	o.chain.mine(keep)
	o.pump()
	require.False(t, o.bob.buried, "that block isn't final")
	for range finalDepth {
		o.mine()
	}
	require.True(t, o.bob.buried)
	o.bob.court.Forget(o.bob.ch.ID())
	o.bob.pump()
	require.Nil(t, o.bob.court.Report(o.bob.ch.ID()))
}

// What is decided when the contest is over doesn't wait for an HTLC that expires long after.
func TestDecidedMoneyDoesNotWaitForLateHTLCs(t *testing.T) {
	for _, far := range []bool{false, true} {
		t.Run(fmt.Sprintf("far=%v", far), func(t *testing.T) {
			o := openOrdeal(t)
			expiry := o.now() + contest + 3600
			if far {
				expiry += 24 * 3600
			}
			back := o.bob.offer(30_000*unit, 1, expiry)
			o.mallory.offer(1_000*unit, 2, expiry) // nobody knows its preimage
			talk(o.bob, o.mallory)
			o.mute = true
			o.ending, o.want = adjudicator.Local, bobs(600_000*unit)
			o.outcomes = map[uint64]string{back: "failed"}
			o.part()
			o.mine()
			o.chain.mine(contest)
			o.pump()
			o.mine()
			if far {
				require.Equal(t, bobs(570_000*unit), o.bob.paid())
			} else {
				require.Zero(t, o.bob.paid().Sign(), "the HTLC is not long to wait for")
			}
			require.Empty(t, o.bob.ends)
			o.chain.mine(expiry - o.now())
			o.pump()
			o.run(nil)
			require.Empty(t, o.chain.reverted)
		})
	}
}
