package contract

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
)

// withProfile is an open channel whose nodes go by a chain's profile, with an HTLC from each side.
func withProfile(t *testing.T, p evm.Profile, expiry uint64) (o *ordeal, offered, taken uint64) {
	t.Helper()
	o = openOrdeal(t)
	for _, n := range [...]*node{o.bob, o.mallory} {
		n.config = func(c *Config) { c.Profile = p }
		n.disk.snapshot, n.disk.facts = n.ch.Encode(), nil
		n.start()
		n.pump()
	}
	o.connect()
	offered = o.bob.offer(30_000*unit, 1, expiry)
	taken = o.mallory.offer(20_000*unit, 2, expiry)
	talk(o.bob, o.mallory)
	require.NoError(t, o.bob.step(htlc.Fulfill{ID: taken, Preimage: preimageOf(2)}))
	o.bob.outbox = nil // Mallory doesn't listen
	o.mute = true
	return o, offered, taken
}

// An outage of the chain as long as its profile says, that begins at the worst moment, whose end has
// timestamps that run ahead, and after which a transaction takes as long as it may: the claim is in time.
func TestAnOutageUpToTheProfilesBoundLosesNoClaim(t *testing.T) {
	for name, p := range evm.Profiles {
		t.Run(name, func(t *testing.T) {
			expiry := uint64(genesisTime + 10*24*3600)
			o, offered, _ := withProfile(t, p, expiry)
			o.chain.mine(expiry - uint64(p.Margin()) - 1 - o.now())
			o.pump()
			require.Equal(t, htlc.Open, o.bob.ch.State(), "it is too early")
			o.bob.sender.stuck = true
			o.chain.mine(uint64(p.Outage + p.Ahead))
			o.pump()
			require.Equal(t, htlc.Halted, o.bob.ch.State())
			require.Equal(t, []string{"close", "resolve"}, o.bob.court.Report(o.bob.ch.ID()).Calls)
			o.bob.sender.stuck = false
			o.chain.mine(uint64(p.Polling + p.Inclusion)) // the close
			o.pump()
			require.Equal(t, []string{"resolve"}, o.bob.court.Report(o.bob.ch.ID()).Calls)
			o.chain.mine(uint64(p.Polling + p.Inclusion)) // the claim
			o.pump()
			require.Less(t, o.now(), expiry)
			require.Equal(t, LockClaimed, o.bob.court.Report(o.bob.ch.ID()).Locks[0].State)
			o.ending, o.want = adjudicator.Local, bobs(620_000*unit)
			o.outcomes = map[uint64]string{offered: "failed"}
			o.run(nil)
		})
	}
}

// Beyond the bound a claim may be late: nothing else is lost, and nothing is sent in vain.
func TestAClaimThatIsTooLateIsNotSent(t *testing.T) {
	expiry := uint64(genesisTime + 10*24*3600)
	o, offered, _ := withProfile(t, evm.Ethereum, expiry)
	o.chain.mine(expiry - o.now())
	o.pump()
	require.Equal(t, []string{"close"}, o.bob.court.Report(o.bob.ch.ID()).Calls)
	o.ending, o.want = adjudicator.Local, bobs(600_000*unit)
	o.outcomes = map[uint64]string{offered: "failed"}
	o.run(nil)
	require.Empty(t, o.chain.reverted)
}

// A chain whose clock is behind, or stands still, delays the end of an HTLC that we offered: only a final
// block at or past its expiry says that nobody claims it any more.
func TestAnHTLCFailsOnlyBehindAFinalBlockPastItsExpiry(t *testing.T) {
	expiry := uint64(genesisTime + 10*24*3600)
	for _, posted := range []bool{true, false} {
		o, offered, taken := withProfile(t, evm.Arbitrum, expiry)
		o.bob.sender.stuck = !posted // or nothing of ours ever gets into a block
		require.NoError(t, o.bob.step(htlc.Halt{Reason: "the test wants it"}))
		o.bob.court.Poke(o.bob.ch.ID())
		o.pump()
		o.chain.mine(expiry - 10 - o.now())
		o.pump()
		for range 9 {
			o.chain.mine(1)
			o.pump()
			require.Empty(t, o.bob.outcomes)
		}
		for range finalDepth + 1 {
			require.Empty(t, o.bob.outcomes, "the block past the expiry isn't final")
			o.chain.mine(1)
			o.pump()
		}
		require.Equal(t, map[uint64]string{offered: "failed"}, o.bob.outcomes)
		require.Equal(t, !posted, o.bob.court.Report(o.bob.ch.ID()).Phase == evm.PhaseOpen)
		_ = taken
	}
}

// An HTLC that expired and that the peer doesn't fail has the channel closed, after some grace.
func TestAnExpiredHTLCHaltsTheChannelAfterSomeGrace(t *testing.T) {
	o := openOrdeal(t)
	expiry := o.now() + soon
	o.bob.offer(30_000*unit, 1, expiry)
	talk(o.bob, o.mallory)
	o.mute = true
	grace := uint64(testProfile.Polling + testProfile.Inclusion)
	o.chain.mine(expiry + grace - 1 - o.now())
	o.pump()
	require.Equal(t, htlc.Open, o.bob.ch.State())
	o.chain.mine(1)
	o.pump()
	require.Equal(t, htlc.Halted, o.bob.ch.State())
	require.Contains(t, o.bob.ch.Halted(), "outgoing HTLC 0 expired")
}

// What expired while we were away the peer couldn't fail to us: it has the same grace from the first block that we see. Meanwhile
// it can fail it, and the channel stays. What must be claimed in time doesn't wait.
func TestAnHTLCThatExpiredWhileWeWereAwayHaltsTheChannelAfterSomeGrace(t *testing.T) {
	grace := uint64(testProfile.Polling + testProfile.Inclusion)
	for _, known := range []bool{false, true} {
		o := openOrdeal(t)
		expiry := o.now() + soon
		o.bob.offer(30_000*unit, 1, expiry)
		theirs := o.mallory.offer(20_000*unit, 2, expiry)
		talk(o.bob, o.mallory)
		o.mute = true
		if known {
			require.NoError(t, o.bob.step(htlc.Fulfill{ID: theirs, Preimage: preimageOf(2)}))
			o.bob.outbox = nil
		}
		o.chain.mine(expiry + grace + 1000 - o.now())
		o.bob.start()
		o.pump()
		if known {
			require.Equal(t, htlc.Halted, o.bob.ch.State())
			require.Contains(t, o.bob.ch.Halted(), "incoming HTLC 0 expires")
			continue
		}
		require.Equal(t, htlc.Open, o.bob.ch.State())
		o.chain.mine(grace - 1)
		o.pump()
		require.Equal(t, htlc.Open, o.bob.ch.State())
		o.chain.mine(1)
		o.pump()
		require.Equal(t, htlc.Halted, o.bob.ch.State())
	}
}

// While a call nears its deadline people are told.
func TestADeadlineThatNearsIsToldOf(t *testing.T) {
	expiry := uint64(genesisTime + 10*24*3600)
	o, _, _ := withProfile(t, evm.Ethereum, expiry)
	o.bob.sender.stuck = true
	o.chain.mine(expiry - uint64(evm.Ethereum.Margin()) - o.now())
	o.pump()
	require.NotContains(t, o.bob.raised, AlarmDeadline)
	o.chain.mine(uint64(evm.Ethereum.Margin()+1) / 2)
	o.pump()
	require.Contains(t, o.bob.raised, AlarmDeadline)
	o.bob.sender.stuck = false
	o.mine()
	o.mine()
	require.NotContains(t, o.bob.raised, AlarmDeadline)
}
