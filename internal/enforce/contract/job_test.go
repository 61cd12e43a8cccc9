package contract

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/ethereum"
)

// What is final is stored, so that a start reads no more than what came since.
func TestAStartReadsOnlyWhatIsNew(t *testing.T) {
	o := openOrdeal(t)
	for range cursorStep {
		o.mine()
	}
	o.bob.start()
	o.bob.pump()
	require.GreaterOrEqual(t, o.chain.readers[len(o.chain.readers)-1].began, uint64(cursorStep))
	require.Equal(t, evm.PhaseOpen, o.bob.court.Report(o.bob.ch.ID()).Phase)
	require.Less(t, o.bob.disk.writes, 10, "a write for each block is too much")
}

// A channel that began before what is being told has it told again; others take nothing twice.
func TestAChannelThatIsWatchedLateMissesNothing(t *testing.T) {
	o := openOrdeal(t)
	o.bob.start()
	o.bob.disk.rows = make(map[string]map[string][]byte) // as a channel from a backup
	other := newEnds(t, evm.Asset{ChainID: testChainID, Adjudicator: o.chain.contract, Decimals: decimals + 1})
	n := newNode(t, o.chain, 'x', evm.Asset{ChainID: testChainID, Adjudicator: o.chain.contract, Decimals: decimals + 1}, other[0])
	n.court.Forget(n.ch.ID())
	n.court.Watch(younger{onChain{n}, 4})
	n.pump()
	require.EqualValues(t, o.chain.final().Number, n.court.from)
	n.court.Watch(onChain{o.bob})
	n.pump()
	require.Equal(t, units(capacity*1000), n.court.all[o.bob.ch.ID()].final.Deposits[0])
	require.Equal(t, units(capacity*1000), o.bob.funds.Deposits[0])
	o.mine()
	n.pump()
	require.Equal(t, units(capacity*1000), n.court.all[o.bob.ch.ID()].final.Deposits[0])
}

// younger is a channel that began behind a block.
type younger struct {
	onChain
	since uint64
}

func (y younger) Since() uint64 { return y.since }

// A channel that is being caught up with, in pieces, is not taken for one that is known up to where all
// others are: a start goes on where its piece ended.
func TestTheCursorWaitsForAChannelThatIsCaughtUpWith(t *testing.T) {
	o := openOrdeal(t)
	for range cursorStep {
		o.mine()
	}
	other := newEnds(t, evm.Asset{ChainID: testChainID, Adjudicator: o.chain.contract, Decimals: decimals + 1})
	n := newNode(t, o.chain, 'x', evm.Asset{ChainID: testChainID, Adjudicator: o.chain.contract, Decimals: decimals + 1}, other[0])
	terms, err := evm.TermsOf(n.ch.Params(), n.asset)
	require.NoError(t, err)
	o.chain.deposit(terms, evm.SideA, units(capacity))
	for range finalDepth + 1 {
		o.mine()
	}
	n.pump()
	require.Greater(t, n.court.stored, uint64(cursorStep))
	n.reader.away = true
	n.court.Watch(onChain{o.bob})
	n.pump()
	piece := o.chain.blocks[3]
	f := o.chain.readers[len(o.chain.readers)-1]
	f.ch <- ethereum.Update{Head: piece.Head, Final: piece.Head, Settled: o.chain.blocks[2].logs}
	n.pump()
	again, err := New(n.court.cfg)
	require.NoError(t, err)
	require.Equal(t, piece.Number, again.stored)
	require.Equal(t, units(capacity*1000), again.jobs[o.bob.ch.ID()].state.Deposits[0])
}

// As long as a stored job isn't watched, nothing says that it is newer than it is.
func TestTheCursorWaitsForEveryStoredJob(t *testing.T) {
	o := openOrdeal(t)
	before := o.bob.court.stored
	o.bob.start()
	o.bob.court.drain() // Watch
	delete(o.bob.court.all, o.bob.ch.ID())
	o.bob.court.jobs[o.bob.ch.ID()] = job{upTo: before}
	for range 2 * cursorStep {
		o.chain.mine(blockTime)
		o.bob.pump()
	}
	require.Equal(t, before, o.bob.court.stored)
}

func TestAChannelOfAnotherContractIsRefused(t *testing.T) {
	o := openOrdeal(t)
	for name, spoil := range map[string]func(*evm.Asset){
		"contract": func(a *evm.Asset) { a.Adjudicator = common.Address{1} },
		"chain":    func(a *evm.Asset) { a.ChainID = 1 },
		"token":    func(a *evm.Asset) { a.Token = common.Address{1} }, // so the id is another one
	} {
		asset := o.bob.asset
		spoil(&asset)
		n := *o.bob
		n.asset = asset
		_, err := newResolver(o.bob.court, onChain{&n}, job{})
		require.Error(t, err, name)
	}
	_, err := New(Config{})
	require.Error(t, err)
}

func TestCorruptJobsAreRefused(t *testing.T) {
	o := newOrdeal(t, adjudicator.Local)
	for range 8 {
		o.mine()
	}
	r := o.bob.court.all[o.bob.ch.ID()]
	r.job.state, r.job.upTo = r.final, r.upTo
	good := r.job.encode()
	have, err := decodeJob(good)
	require.NoError(t, err)
	require.Equal(t, r.job, have)
	for n := range good {
		_, err := decodeJob(good[:n])
		require.Error(t, err)
	}
	for _, bad := range [][]byte{append(good, 0), append([]byte{9}, good[1:]...)} {
		_, err := decodeJob(bad)
		require.Error(t, err)
	}
	o.bob.disk.rows[bucketJobs] = map[string][]byte{string(o.bob.court.JobRow(o.bob.ch.ID()).Key): good[:20]}
	_, err = New(Config{Reader: o.bob.reader, Sender: o.bob.sender, Contract: o.chain.contract, DB: o.bob.disk})
	require.ErrorIs(t, err, errJob)
}

// A withdrawal that both signed is wanted until it is in a final block, over starts and reorganisations.
func TestAWithdrawalIsMadeOnce(t *testing.T) {
	for at := range 6 {
		o := openOrdeal(t)
		require.NoError(t, o.bob.step(htlc.Withdraw{Total: capacity / 10}))
		talk(o.bob, o.mallory)
		_, ok, err := o.bob.ch.Withdrawal()
		require.NoError(t, err)
		require.True(t, ok)
		o.bob.court.Poke(o.bob.ch.ID())
		o.bob.pump()
		require.Equal(t, []string{"withdraw"}, o.bob.court.Report(o.bob.ch.ID()).Calls)
		for step := range 8 {
			if step == at {
				o.chain.reorg(2, false)
				o.bob.start()
				o.bob.pump()
			}
			o.mine()
		}
		total := units(capacity * 100)
		require.Equal(t, total.ToBig(), o.bob.paid())
		require.Equal(t, total, o.bob.funds.Withdrawn[0])
		require.Empty(t, o.bob.sender.wanted)
		require.Empty(t, o.chain.reverted)
	}
}

// A deposit and a withdrawal are known by the transaction that is in a block: by another one once that is undone, and by none
// before there is one.
func TestDepositsAndWithdrawalsAreKnownByTheirTransactions(t *testing.T) {
	o := openOrdeal(t)
	terms, err := evm.TermsOf(o.bob.ch.Params(), o.bob.asset)
	require.NoError(t, err)
	known := func(out bool, total evm.Amount) (tx common.Hash, block *block) {
		tx = o.bob.court.Report(o.bob.ch.ID()).Moved(evm.SideA, out, total)
		for _, b := range o.chain.blocks {
			if slices.ContainsFunc(b.txs, func(x *types.Transaction) bool { return x.Hash() == tx }) {
				block = b
			}
		}
		return tx, block
	}
	had := o.bob.funds.Deposits[0]
	var first, second evm.Amount
	first.AddUint64(&had, 300)
	second.AddUint64(&had, 1000)
	o.chain.deposit(terms, evm.SideA, *uint256.NewInt(300))
	o.mine()
	tx, at := known(false, first)
	require.NotNil(t, at, "%v is in a block", tx)
	other, none := known(false, second)
	require.Zero(t, other)
	require.Nil(t, none)
	o.chain.reorg(1, false)
	o.bob.pump()
	o.chain.deposit(terms, evm.SideA, *uint256.NewInt(1000))
	o.mine()
	tx, at = known(false, first)
	require.NotNil(t, at, "what was undone isn't told: %v", tx)
	other, _ = known(false, second)
	require.Equal(t, tx, other, "one did both")
	for range keepMoves + finalDepth + 1 {
		o.chain.deposit(terms, evm.SideB, *uint256.NewInt(1))
		o.mine()
	}
	tx, _ = known(false, first)
	require.Zero(t, tx, "long ago")
	require.LessOrEqual(t, len(o.bob.court.Report(o.bob.ch.ID()).Moves), 2*keepMoves)
}

// Money that was deposited later, and what was withdrawn, is accounted for at the end.
func TestDepositsAndWithdrawalsEndUpRight(t *testing.T) {
	for _, ending := range []adjudicator.Ending{adjudicator.Local, adjudicator.Remote, adjudicator.Cooperative, adjudicator.Revoked} {
		t.Run(ending.String(), func(t *testing.T) {
			o := openOrdeal(t)
			terms, err := evm.TermsOf(o.bob.ch.Params(), o.bob.asset)
			require.NoError(t, err)
			o.chain.deposit(terms, evm.SideB, units(capacity*500))
			for range finalDepth + 1 {
				o.mine()
			}
			require.Equal(t, units(capacity*500), o.bob.funds.Deposits[1])
			require.NoError(t, o.bob.step(htlc.Seen{Deposited: [2]htlc.Sat{capacity, capacity / 2}}))
			require.NoError(t, o.mallory.step(htlc.Seen{Deposited: [2]htlc.Sat{capacity / 2, capacity}}))
			talk(o.bob, o.mallory)
			require.NoError(t, o.bob.step(htlc.Withdraw{Total: capacity / 10}))
			talk(o.bob, o.mallory)
			o.bob.court.Poke(o.bob.ch.ID())
			o.bob.pump()
			o.mine()
			require.Equal(t, 1, o.bob.paid().Sign())
			require.NotZero(t, o.bob.court.Report(o.bob.ch.ID()).Moved(evm.SideA, true, units(capacity*100)))
			o.ending, o.want = ending, bobs(600_000*unit)
			switch ending {
			case adjudicator.Cooperative:
				o.cooperate()
			case adjudicator.Revoked:
				o.mute, o.want = true, bobs(capacity*1500)
				old := o.closeData(o.mallory)
				o.mallory.offer(unit, 1, o.now()+late)
				talk(o.bob, o.mallory)
				o.chain.post(old)
			default:
				o.part()
			}
			o.run(nil)
		})
	}
}

// An error of the store ends the court before anything is done about what it could not store.
func TestNothingIsToldThatCouldNotBeStored(t *testing.T) {
	o := newOrdeal(t, adjudicator.Remote)
	r := o.bob.court.all[o.bob.ch.ID()]
	for r.final.Phase < evm.PhaseClosing {
		require.NotContains(t, o.bob.outcomes, uint64(2), "it fails once the close without it is final")
		o.bob.court.cfg.DB = failing{o.bob.disk}
		o.chain.mine(blockTime)
		o.mallory.pump()
		u := <-o.bob.court.updates
		if err := o.bob.court.step(&u); err != nil {
			require.ErrorIs(t, err, errFull)
			require.Empty(t, o.bob.inbox)
		}
		o.bob.court.cfg.DB = o.bob.disk
		o.bob.pump()
	}
	o.bob.court.Poke(o.bob.ch.ID())
	o.bob.pump()
	require.Equal(t, "failed", o.bob.outcomes[2])
}

type failing struct{ *disk }

var errFull = errors.New("test: the disk is full")

func (failing) Append(...channeldb.Batch) error { return errFull }

// Run does by itself what tests do step by step.
func TestTheCourtRuns(t *testing.T) {
	o := openOrdeal(t)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	o.bob.stop()
	o.bob.start()
	go func() { done <- o.bob.court.Run(ctx) }()
	for o.bob.court.Head() != o.chain.tip().Head {
		o.bob.court.Work() // returns at once; Run's goroutine is let run by the lock in Head
	}
	stop()
	require.NoError(t, <-done)
}

// A chain that undoes what was final breaks its profile's promise. What happened is read anew then.
func TestFinalBlocksThatAreUndoneAreReadAnew(t *testing.T) {
	for at := range 12 {
		o := newOrdeal(t, adjudicator.Local)
		o.more = true
		o.run(func(step int) {
			if step == at {
				o.chain.reorg(min(step+1, 2*finalDepth), false)
				o.pump()
			}
		})
	}
}

// Pieces of the past are folded, but nothing is done because of them.
func TestNothingIsDoneBecauseOfThePast(t *testing.T) {
	o := newOrdeal(t, adjudicator.Local)
	o.bob.stop()
	for range 5 {
		o.chain.mine(blockTime)
		o.mallory.pump()
	}
	o.bob.disk.rows = make(map[string]map[string][]byte)
	o.bob.sender.wanted = make(map[string][]ethereum.Call)
	o.chain.away = true
	o.bob.start()
	o.bob.pump()
	f := o.chain.readers[len(o.chain.readers)-1]
	old := o.chain.blocks[4]
	f.ch <- ethereum.Update{Head: old.Head, Final: old.Head, Settled: o.chain.blocks[2].logs}
	f.after = old.Number
	o.bob.pump()
	require.Empty(t, o.bob.sender.wanted, "that was before anything was posted")
	o.chain.away = false
	o.chain.tell()
	o.bob.pump()
	require.Equal(t, evm.PhaseClosing, o.bob.court.Report(o.bob.ch.ID()).Phase)
	o.more, o.outcomes[3] = true, "failed" // Mallory's last claim comes too late
	o.run(nil)
}
