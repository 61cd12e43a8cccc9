package contract

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
)

// ordeal is a channel on its way through the contract while a test does something to it. Bob opened it;
// Mallory is the peer. At the end everybody has what the settled state gives them.
type ordeal struct {
	*testing.T
	chain        *chain
	bob, mallory *node
	ending       adjudicator.Ending
	want         *big.Int          // that Bob is paid
	instead      *big.Int          // that he is paid if a reorganisation let his own commitment in, nil: as much
	more         bool              // he may be paid more, if Mallory comes too late
	outcomes     map[uint64]string // of HTLCs that Bob offered
	steps        int
	mute         bool // Mallory's node does nothing
}

// The expiries of an ordeal's HTLCs, in seconds after it began. The contest period ends between them.
const (
	soon = contest / 2
	late = contest + 10*blockTime
)

var ordealEndings = []adjudicator.Ending{
	adjudicator.Local, adjudicator.Remote, adjudicator.RemoteNext, adjudicator.Revoked, adjudicator.Cooperative,
}

func newOrdeal(t *testing.T, ending adjudicator.Ending) *ordeal {
	t.Helper()
	o := openOrdeal(t)
	o.ending = ending
	switch ending {
	case adjudicator.Cooperative:
		o.cooperate()
	case adjudicator.Revoked:
		o.cheat()
	default:
		o.htlcs()
		o.part()
	}
	return o
}

// openOrdeal has the channel open and final, and Bob's and Mallory's nodes connected.
func openOrdeal(t *testing.T) *ordeal {
	t.Helper()
	o := &ordeal{T: t, chain: newChain(t), outcomes: make(map[uint64]string)}
	asset := evm.Asset{ChainID: testChainID, Adjudicator: o.chain.contract, Decimals: decimals}
	ends := newEnds(t, asset)
	o.bob, o.mallory = newNode(t, o.chain, 'b', asset, ends[0]), newNode(t, o.chain, 'm', asset, ends[1])
	o.bob.failed = o.checkFailed
	terms, err := evm.TermsOf(o.bob.ch.Params(), asset)
	require.NoError(t, err)
	o.chain.deposit(terms, evm.SideA, units(capacity*1000))
	for range finalDepth + 1 {
		o.mine()
	}
	require.Equal(t, [2]evm.Amount{units(capacity * 1000)}, o.bob.funds.Deposits)
	o.connect()
	return o
}

// connect has both nodes speak to each other.
func (o *ordeal) connect() {
	o.Helper()
	for _, n := range [...]*node{o.bob, o.mallory} {
		require.NoError(o, n.step(htlc.Connected{}))
	}
	talk(o.bob, o.mallory)
}

// units is what an amount is on chain.
func units(m htlc.MilliSat) (a evm.Amount) {
	a.SetUint64(uint64(m) * baseUnits / 1000)
	return a
}

func (o *ordeal) now() uint64 { return o.chain.tip().Time }

// mine makes a block and has the nodes do what follows.
func (o *ordeal) mine() {
	o.Helper()
	o.chain.mine(blockTime)
	o.pump()
}

func (o *ordeal) pump() {
	o.Helper()
	o.bob.pump()
	if !o.mute {
		o.mallory.pump()
	}
}

// htlcs puts HTLCs of every fate into both commitments.
func (o *ordeal) htlcs() {
	now := o.now()
	bob, mallory := o.bob, o.mallory
	taken := bob.offer(50_000*unit, 1, now+soon)
	back := bob.offer(30_000*unit, 2, now+late)
	tiny := bob.offer(dust, 3, now+soon)
	later := bob.offer(7_000*unit, 4, now+late) // its preimage comes when the contest is over
	ours := mallory.offer(20_000*unit, 5, now+soon)
	mallory.offer(10_000*unit, 6, now+late)
	talk(bob, mallory)
	o.outcomes = map[uint64]string{taken: "fulfilled", back: "failed", tiny: "failed", later: "fulfilled"}
	o.want = bobs(600_000*unit - 50_000*unit - 7_000*unit + 20_000*unit)
	if o.ending == adjudicator.RemoteNext {
		// Mallory has a commitment with one more HTLC, and has not revoked the one before.
		added := bob.offer(4_000*unit, 7, now+soon)
		for _, m := range bob.outbox {
			require.NoError(o, mallory.step(htlc.Recv{Msg: m}))
		}
		o.outcomes[added] = "failed"
	}
	bob.outbox, mallory.outbox = nil, nil
	require.NoError(o, mallory.step(htlc.Fulfill{ID: taken, Preimage: preimageOf(1)}))
	require.NoError(o, bob.step(htlc.Fulfill{ID: ours, Preimage: preimageOf(5)}))
	bob.outbox, mallory.outbox = nil, nil
}

// bobs is what the contract pays to the opener, who has the remainder of what can't be divided: here that
// is the HTLC that is too small to have a lock.
func bobs(m htlc.MilliSat) *big.Int {
	a := units(m)
	return a.ToBig()
}

// part ends the channel by one side's commitment.
func (o *ordeal) part() {
	closer := o.bob
	if o.ending != adjudicator.Local {
		closer = o.mallory
	}
	require.NoError(o, closer.step(htlc.Halt{Reason: "the test wants it"}))
	closer.outbox = nil
	closer.court.Poke(closer.ch.ID())
	o.pump()
}

// cooperate ends the channel by a close that both signed.
func (o *ordeal) cooperate() {
	require.NoError(o, o.bob.step(htlc.Shutdown{}))
	talk(o.bob, o.mallory)
	require.NotNil(o, o.bob.ch.CloseTx())
	for _, n := range [...]*node{o.bob, o.mallory} {
		n.court.Poke(n.ch.ID())
	}
	o.want = bobs(600_000 * unit)
	o.pump()
}

// cheat has Mallory post a state that she revoked, in which she had more. Her node is mute from then on.
func (o *ordeal) cheat() {
	bob, mallory := o.bob, o.mallory
	old := bob.offer(1_000*unit, 1, o.now()+soon)
	talk(bob, mallory)
	data := o.closeData(mallory)
	paid := mallory.offer(300_000*unit, 2, o.now()+late)
	talk(bob, mallory)
	require.NoError(o, bob.step(htlc.Fulfill{ID: paid, Preimage: preimageOf(2)}))
	talk(bob, mallory)
	o.chain.post(data)
	o.mute = true
	o.outcomes[old] = "failed"
	o.want, o.instead = bobs(capacity*1000), bobs(900_000*unit)
	o.pump()
}

// closeData is a call that posts a node's newest commitment.
func (o *ordeal) closeData(n *node) []byte {
	o.Helper()
	known, err := evm.KnownOf(n.ch, n.signer, n.asset)
	require.NoError(o, err)
	known.Halted = true
	c, err := evm.Judge(known, n.court.all[n.ch.ID()].now, nil)
	require.NoError(o, err)
	acts, err := c.Acts(o.now(), DefaultMaxGas)
	require.NoError(o, err)
	require.Equal(o, evm.Close, acts[0].Kind)
	data, err := c.Data(&acts[0], n.signer)
	require.NoError(o, err)
	return data
}

// checkFailed holds that an HTLC is failed back only when nobody can take it any more.
func (o *ordeal) checkFailed(h *htlc.HTLC) {
	final := o.chain.final()
	s := o.bob.court.all[o.bob.ch.ID()].final
	if s.Phase < evm.PhaseClosing && final.Time < uint64(h.Expiry) {
		o.Fatalf("HTLC %d was failed back at a final time of %d, with nothing posted; it expires at %d", h.ID, final.Time, h.Expiry)
	}
}

// ordealSteps is more blocks than an ordeal takes.
const ordealSteps = 3*contest/blockTime + 20

// run mines until all is over. Do happens after each block.
func (o *ordeal) run(do func(step int)) {
	o.Helper()
	for o.steps = 0; ; o.steps++ {
		if do != nil {
			do(o.steps)
		}
		if o.over() {
			break
		}
		if o.steps > ordealSteps {
			o.Fatalf("not over after %d blocks: %v", o.steps, o.describe())
		}
		if o.steps == contest/blockTime+5 && o.outcomesWant(4) {
			_ = o.mallory.step(htlc.Fulfill{ID: 3, Preimage: preimageOf(4)})
			o.mallory.outbox = nil
			o.mallory.court.Poke(o.mallory.ch.ID())
		}
		o.mine()
	}
	o.check()
}

// outcomesWant reports whether the ordeal has so many HTLCs of Bob's, at least.
func (o *ordeal) outcomesWant(n int) bool { return len(o.outcomes) >= n }

func (o *ordeal) over() bool {
	return len(o.bob.ends) > 0 && o.bob.court.all[o.bob.ch.ID()].done && len(o.chain.posts)+len(o.chain.kept) == 0
}

func (o *ordeal) describe() string {
	r := o.bob.court.Report(o.bob.ch.ID())
	return fmt.Sprintf("%+v; reverted: %v", r, o.chain.reverted)
}

// check compares what everybody got with what is theirs.
func (o *ordeal) check() {
	o.Helper()
	for range finalDepth + 1 {
		o.mine()
	}
	end, want := o.bob.ends[len(o.bob.ends)-1], o.want
	if end.Ending != o.ending {
		require.Equal(o, adjudicator.Local, end.Ending)
		require.NotEqual(o, adjudicator.Cooperative, o.ending)
		if o.instead != nil {
			want = o.instead
		}
	}
	if have := o.bob.paid(); !o.more || have.Cmp(want) < 0 {
		require.Equal(o, want.String(), have.String(), o.describe())
	}
	withdrawn := o.bob.funds.Withdrawn[evm.SideA]
	require.Equal(o, o.bob.paid().String(), new(big.Int).Add(end.Recovered.ToBig(), withdrawn.ToBig()).String())
	for id, want := range o.outcomes {
		require.Equal(o, want, o.bob.outcomes[id], "HTLC %d", id)
	}
	deposits := o.bob.court.all[o.bob.ch.ID()].final.Deposits
	total := deposits[0]
	total.Add(&total, &deposits[1])
	sum := new(big.Int).Add(o.chain.balance(payouts[0]), o.chain.balance(payouts[1]))
	require.Equal(o, total.ToBig().String(), sum.Add(sum, o.chain.balance(o.chain.contract)).String())
}

func TestEveryEndingIsSeenThrough(t *testing.T) {
	for _, ending := range ordealEndings {
		t.Run(ending.String(), func(t *testing.T) {
			o := newOrdeal(t, ending)
			o.run(nil)
			t.Logf("%d blocks, %d wei for gas, calls that both sent: %v", o.steps, o.bob.sender.spent.Uint64(), o.chain.reverted)
		})
	}
}
