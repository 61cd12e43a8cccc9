package contract

import (
	"context"
	"errors"
	"testing"

	"github.com/ethereum/go-ethereum/common"
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
	require.Equal(t, o.bob.court.stored, o.chain.readers[len(o.chain.readers)-1].after-(o.chain.final().Number-o.bob.court.stored))
	require.GreaterOrEqual(t, o.bob.court.from, uint64(cursorStep))
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
	r.job.withdraw = &Withdrawal{}
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
		w := o.withdrawal(100_000 * unit)
		require.NoError(t, o.withdraw(w))
		for step := range 8 {
			if step == at {
				o.chain.reorg(2, false)
				o.bob.start()
				o.bob.pump()
			}
			o.mine()
		}
		require.Equal(t, bobs(100_000*unit), o.bob.paid())
		require.Equal(t, w.Totals, o.bob.funds.Withdrawn)
		require.Nil(t, o.bob.court.all[o.bob.ch.ID()].job.withdraw)
		require.Empty(t, o.bob.sender.wanted)
	}
}

func TestALowerWithdrawalIsRefused(t *testing.T) {
	o := openOrdeal(t)
	require.NoError(t, o.withdraw(o.withdrawal(100_000*unit)))
	require.ErrorContains(t, o.withdraw(o.withdrawal(90_000*unit)), "which are signed")
	o.bob.court.Forget(o.bob.ch.ID())
	require.ErrorContains(t, o.withdraw(o.withdrawal(110_000*unit)), "isn't watched")
}

// withdraw is the call of another goroutine.
func (o *ordeal) withdraw(w Withdrawal) error {
	done := make(chan error)
	go func() { done <- o.bob.court.Withdraw(onChain{o.bob}, w) }()
	for {
		select {
		case err := <-done:
			o.bob.pump()
			return err
		case <-o.bob.court.signal:
			if err := o.bob.court.step(nil); err != nil {
				return err
			}
		}
	}
}

// withdrawal pays so much to Bob, signed by both.
func (o *ordeal) withdrawal(m htlc.MilliSat) (w Withdrawal) {
	w.Totals[0] = units(m)
	digest := o.withdrawDigest(w.Totals)
	for i, n := range [...]*node{o.bob, o.mallory} {
		sigs, err := n.signer.Sign([]htlc.Digest{{Role: htlc.FundingKey, Hash: digest}})
		require.NoError(o, err)
		copy(w.Sigs[i][:], sigs[0].RawBytes())
	}
	return w
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
	require.ErrorContains(t, o.bob.court.Withdraw(onChain{o.bob}, Withdrawal{}), "ended")
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
