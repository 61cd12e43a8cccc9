package contract

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
)

// crowded is a channel with so many HTLCs of each side, of which Bob knows all preimages that pay him.
func crowded(t *testing.T, each int, maxGas uint64) *ordeal {
	t.Helper()
	o := openOrdeal(t)
	o.bob.config = func(c *Config) { c.MaxGas = maxGas }
	o.restore(o.bob, o.bob.ch.Encode())
	o.connect()
	for i := range each {
		id := o.bob.offer(100*unit, uint64(1000+i), o.now()+late)
		o.mallory.offer(100*unit, uint64(i), o.now()+late)
		o.outcomes[id] = "failed"
	}
	talk(o.bob, o.mallory)
	for i := range each {
		require.NoError(t, o.bob.step(htlc.Fulfill{ID: uint64(i), Preimage: preimageOf(uint64(i))}))
	}
	o.bob.outbox = nil
	o.mute = true
	o.ending, o.want = adjudicator.Local, bobs(600_000*unit+htlc.MilliSat(each)*100*unit)
	require.NoError(t, o.bob.step(htlc.Halt{Reason: "the test wants it"}))
	o.bob.court.Poke(o.bob.ch.ID())
	o.pump()
	return o
}

// All that a channel can hold is closed in one call, claimed in the next and got back in another, inside a
// block's and a transaction's gas limit.
func TestAttack49ManyHTLCsFitABlock(t *testing.T) {
	for _, each := range []int{30, 483} {
		t.Run(fmt.Sprint(each), func(t *testing.T) {
			o := crowded(t, each, 0)
			o.mine()
			closing := o.chain.tip().gas
			o.mine()
			s := o.bob.court.all[o.bob.ch.ID()].now
			require.Len(t, s.Claims, each)
			t.Logf("%d HTLCs of each side: %d gas to close, %d to claim", each, closing, o.chain.tip().gas)
			o.chain.largest = 0
			o.run(nil)
			t.Logf("%d gas, the most of a call that gets back %d of %d", o.chain.largest, each, 2*each)
			require.Empty(t, o.chain.reverted)
		})
	}
}

// Claims that don't fit one call go into several.
func TestAttack49ClaimsAreSplitByTheirGas(t *testing.T) {
	const each = 60
	limit := evm.ResolveGas(2*each, 7)
	o := crowded(t, each, limit)
	calls := o.bob.sender.wanted[o.bob.court.all[o.bob.ch.ID()].owner()]
	require.Len(t, calls, 1+(each+6)/7)
	for _, c := range calls[1:] {
		require.LessOrEqual(t, c.Gas, limit)
		require.NotZero(t, c.Deadline)
	}
	o.mine()
	o.mine()
	require.Len(t, o.bob.court.all[o.bob.ch.ID()].now.Claims, each)
	o.run(nil)
}
