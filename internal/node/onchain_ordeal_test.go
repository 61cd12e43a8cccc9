package node

import (
	"slices"
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/onion"
)

// ordeal is a channel of bob's and trudy's that ends on chain with HTLCs in it: one of
// mallory's that trudy claims there by its preimage, one of mallory's that nobody claims, and
// one that trudy owes bob, who has its preimage, or has paid before she publishes a state
// without it.
type ordeal struct {
	t              *testing.T
	n              *testNet
	mallory, trudy *stranger
	bob            *testNode
	point          wire.OutPoint
	paid           lntypes.Preimage
	kind           CloseKind
	want           btcutil.Amount // bob's on chain, before fees

	state      *htlc.Channel // of trudy's, as of the commitment
	commitment *wire.MsgTx
	sent       []*wire.MsgTx // trudy's
	claimed    bool
	onChain    uint32 // the block that had the commitment first

	dies   func() bool // bob's store has failed; nil: it never does
	raised func()      // raises him
	away   bool        // the chain's backend is
	least  int         // blocks to go on for, whatever has ended
}

const (
	ordealPaid   = 20_000 * sat
	ordealUnpaid = 30_000 * sat
	ordealOwed   = 40_000 * sat
	ordealDelay  = 12
	ordealExpiry = 24
)

// beginOrdeal leads up to the commitment, which waits for a block.
func beginOrdeal(t *testing.T, ending adjudicator.Ending) *ordeal {
	n := newStrictNet(t)
	o := &ordeal{t: t, n: n, bob: n.node("bob"), paid: lntypes.Preimage{1}}
	o.mallory, o.trudy = n.stranger("mallory", o.bob), n.stranger("trudy", o.bob)
	o.trudy.delay = ordealDelay
	o.mallory.open(10_000_000, 1_000_000)
	o.trudy.open(10_000_000, 5_000_000)
	n.chain.MineN(40) // no reorganisation of these tests goes back to the funding
	o.point = o.trudy.c.Params().Outpoint
	o.forward(o.paid, ordealPaid)
	o.forward(lntypes.Preimage{2}, ordealUnpaid)
	o.state = o.trudy.c
	if ending == adjudicator.Revoked {
		before, _ := o.state.Numbers()
		o.owe()
		o.trudy.pump("trudy has paid and revoked", func() bool {
			now, _ := o.trudy.c.Numbers()
			at, _ := o.trudy.driver().channel().InFlight()
			return len(o.trudy.resolvedTo()) == 1 && now > before && at == 2
		})
		o.kind = ClosedByBreach
	} else {
		o.owe()
		o.state = o.trudy.c
		o.kind = ClosedByPeer
		o.want = o.trudy.driver().channel().Balance(htlc.Local).ToSatoshis() + (ordealUnpaid + ordealOwed).ToSatoshis()
	}
	o.trudy.disconnect()
	if ending == adjudicator.Local {
		o.kind = ClosedByUs
		o.commitment = o.bob.force(o.point)
		return o
	}
	o.commitment = o.trudy.commits(o.state)
	if ending == adjudicator.Revoked {
		o.want = 0
		for _, out := range o.commitment.TxOut {
			if out.Value != 330 {
				o.want += btcutil.Amount(out.Value)
			}
		}
	}
	o.sent = append(o.sent, o.commitment)
	return o
}

// forward has an HTLC of mallory's lie with trudy.
func (o *ordeal) forward(preimage lntypes.Preimage, amount lnwire.MilliSatoshi) {
	have, expiry := len(o.trudy.locked()), o.n.heightNow()+ordealExpiry
	add := htlc.Add{Amount: amount + 2*sat, Hash: preimage.Hash(), Expiry: expiry + uint32(DefaultPolicy.CLTVDelta)}
	add.Onion, _ = o.mallory.wrap(add.Hash,
		onion.Hop{Node: o.bob.key(), Payload: onion.Payload{Amount: amount, Expiry: expiry, Channel: o.trudy.driver().channel().SCID()}},
		onion.Hop{Node: o.trudy.key(), Payload: onion.Payload{Amount: amount, Expiry: expiry}})
	o.mallory.step(add)
	o.trudy.pump("trudy has it", func() bool { o.mallory.drain(); return len(o.trudy.locked()) == have+1 })
}

// owe has trudy pay an invoice of bob's, who has the preimage when it returns.
func (o *ordeal) owe() {
	inv := o.bob.invoice(ordealOwed)
	h := o.trudy.forInvoice(inv, ordealOwed)
	h.add.Onion, _ = o.trudy.wrap(h.add.Hash, onionHop(o.bob, h))
	o.trudy.step(h.add)
	o.trudy.pump("bob has the preimage", func() bool { return fulfilled(o.trudy.driver()) })
}

// step is one block, with what trudy does before it.
func (o *ordeal) step() {
	o.t.Helper()
	for _, tx := range o.sent {
		_ = o.n.chain.Publish(o.t.Context(), tx) // it may be in a block or have lost its race
	}
	if o.onChain != 0 && !o.claimed && o.n.heightNow() > o.onChain {
		path := bitcoin.StageSuccess
		if o.kind == ClosedByUs {
			path = bitcoin.PreimageHTLC
		}
		o.claimed = true
		o.sent = append(o.sent, o.trudy.claims(o.state, o.commitment, adjudicator.Height(o.onChain), path, preimages(o.paid))...)
	}
	o.block()
	if o.onChain == 0 {
		o.await("bob sees the commitment", func() bool { v, ok := o.bob.forced(o.point); return ok && v.Height != 0 })
		o.onChain = o.n.heightNow()
	}
	o.mallory.drain()
}

// block mines one and waits for bob's court, if it can see it.
func (o *ordeal) block() {
	o.t.Helper()
	height := adjudicator.Height(o.n.chain.Mine())
	if o.away {
		return
	}
	o.await("the court is at the tip", func() bool { return o.bob.court.Height() >= height })
}

// await waits for something, and raises bob if he dies of it.
func (o *ordeal) await(what string, ok func() bool) {
	o.t.Helper()
	dead := func() bool { return o.dies != nil && o.dies() }
	o.n.eventually(what, func() bool { return dead() || ok() })
	if dead() {
		o.raised()
		o.n.eventually(what, ok)
	}
}

// finished reports whether bob is done with the channel and with mallory's HTLCs.
func (o *ordeal) finished() bool {
	_, closed := o.bob.closedAs(o.point)
	_, again := o.bob.forced(o.point) // a reorganisation can undo the end
	return closed && !again && len(o.mallory.resolvedTo()) == 2
}

// run goes on to the end; each is called after every block.
func (o *ordeal) run(each func(step int)) {
	o.t.Helper()
	const most = 150
	for i := range most {
		o.step()
		if each != nil {
			each(i)
		}
		if i >= o.least && o.finished() {
			o.check()
			return
		}
	}
	v, _ := o.bob.forced(o.point)
	sweeps, _ := o.bob.Sweeps(o.t.Context())
	for _, s := range sweeps {
		o.t.Logf("sweep: %+v", s)
	}
	for _, tx := range o.n.chain.Published() {
		o.t.Logf("waits for a block: %v", tx.TxHash())
	}
	o.mallory.pump("mallory's HTLCs are resolved", func() bool { return len(o.mallory.resolvedTo()) == 2 })
	o.t.Fatalf("not over after %d blocks: %+v", most, v)
}

// check says that bob lost nothing.
func (o *ordeal) check() {
	o.t.Helper()
	closed, _ := o.bob.closedAs(o.point)
	require.Equal(o.t, o.kind, closed.Kind)
	resolved := o.mallory.resolvedTo()
	taken := o.bob.takenOf(closed)
	require.False(o.t, resolved[1], "nobody paid it")
	if resolved[0] {
		require.GreaterOrEqual(o.t, taken, o.want)
	} else {
		require.GreaterOrEqual(o.t, taken, o.want+extra(o.kind, ordealPaid), "trudy didn't claim it, so it is bob's")
	}
	require.Equal(o.t, htlc.Open, o.mallory.driver().channel().State())
	o.n.eventually("nothing but the breach alarms", func() bool {
		alerts, err := o.bob.Alerts(o.t.Context())
		require.NoError(o.t, err)
		return !slices.ContainsFunc(alerts, func(a Alert) bool { return a.Kind != AlertBreach })
	})
}

// extra is what bob has more on chain when trudy doesn't claim an HTLC: a cheater's was his all
// along.
func extra(kind CloseKind, amount lnwire.MilliSatoshi) btcutil.Amount {
	if kind == ClosedByBreach {
		return 0
	}
	return amount.ToSatoshis()
}

func TestChannelWithHTLCsIsSettledOnChain(t *testing.T) {
	for _, e := range ordealEndings {
		t.Run(e.name, func(t *testing.T) {
			o := beginOrdeal(t, e.ending)
			o.run(nil)
			if e.ending != adjudicator.Revoked {
				require.True(t, o.mallory.resolvedTo()[0], "trudy claimed it in the first block that she could")
			}
		})
	}
}

// ordealEndings are in an order that a seed can repeat.
var ordealEndings = []struct {
	name   string
	ending adjudicator.Ending
}{{"ours", adjudicator.Local}, {"the peers", adjudicator.Remote}, {"revoked", adjudicator.Revoked}}
