package node

import (
	"testing"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/onion"
)

// between is mallory - bob - trudy, the ends strangers: what bob does is seen message by
// message.
func between(t *testing.T) (n *testNet, mallory, trudy *stranger, bob *testNode) {
	n = newTestNet(t)
	bob = n.node("bob")
	mallory, trudy = n.stranger("mallory", bob), n.stranger("trudy", bob)
	mallory.open(10_000_000, 1_000_000)
	trudy.open(10_000_000, 5_000_000)
	return n, mallory, trudy, bob
}

// through is an HTLC of mallory's for trudy.
func (s *stranger) through(trudy *stranger, amount lnwire.MilliSatoshi, hash lntypes.Hash) htlc.Add {
	s.t.Helper()
	expiry := s.net.heightNow() + 100
	add := htlc.Add{Amount: amount + 2*sat, Hash: hash, Expiry: expiry + uint32(DefaultPolicy.CLTVDelta)}
	add.Onion, _ = s.wrap(hash,
		onion.Hop{Node: s.node.key(), Payload: onion.Payload{Amount: amount, Expiry: expiry, Channel: trudy.driver().channel().SCID()}},
		onion.Hop{Node: trudy.key(), Payload: onion.Payload{Amount: amount, Expiry: expiry}})
	return add
}

// locked are the HTLCs that were irrevocably offered to the stranger.
func (s *stranger) locked() (all []*htlc.HTLC) {
	for _, r := range s.heard {
		if l, ok := r.(htlc.LockedIn); ok {
			all = append(all, l.HTLC)
		}
	}
	return all
}

// resolvedTo is how each of the stranger's own HTLCs ended, by id.
func (s *stranger) resolvedTo() map[uint64]bool {
	m := make(map[uint64]bool)
	for _, r := range s.heard {
		switch r := r.(type) {
		case htlc.Fulfilled:
			m[r.HTLC.ID] = true
		case htlc.Failed:
			m[r.HTLC.ID] = false
		}
	}
	return m
}

// LDK 0.2.5 #4854: two HTLCs of one hash and amount are two HTLCs. The one that was failed
// is failed, the one that was paid is paid, in whichever order, also if the node restarts in
// between.
func TestAttack17TwoHTLCsOfOneHashAndAmountAreToldApart(t *testing.T) {
	for _, c := range []struct {
		name        string
		paid        int
		failedFirst bool
		restart     bool
	}{
		{"first paid", 0, false, false},
		{"second paid", 1, false, false},
		{"second paid after the first failed", 1, true, false},
		{"first paid after the second failed", 0, true, false},
		{"first paid, restart between", 0, true, true},
		{"second paid, restart between", 1, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, mallory, trudy, bob := between(t)
			preimage := lntypes.Preimage{7}
			before := bob.balance()
			mallory.step(mallory.through(trudy, 10_000*sat, preimage.Hash()), mallory.through(trudy, 10_000*sat, preimage.Hash()))
			trudy.pump("trudy has both", func() bool { mallory.drain(); return len(trudy.locked()) == 2 })
			got := trudy.locked()
			pay := func() {
				trudy.step(htlc.Fulfill{ID: got[c.paid].ID, Preimage: htlc.Preimage(preimage)})
			}
			fail := func() {
				trudy.step(htlc.Fail{ID: got[1-c.paid].ID, Reason: make([]byte, onion.MinFailure)})
			}
			first, second := pay, fail
			if c.failedFirst {
				first, second = fail, pay
			}
			both := func(what string, ok func() bool) {
				n.t.Helper()
				trudy.pump(what, func() bool {
					mallory.drain()
					return ok()
				})
			}
			first()
			both("first is resolved", func() bool { return len(mallory.resolvedTo()) == 1 })
			if c.restart {
				bob.restart()
				mallory.reconnected()
				trudy.reconnected()
			}
			second()
			both("second is resolved", func() bool { return len(mallory.resolvedTo()) == 2 })
			require.Equal(t, map[uint64]bool{uint64(c.paid): true, uint64(1 - c.paid): false}, mallory.resolvedTo())
			mallory.forgetAll()
			both("all is quiet", func() bool { return n.quiet(bob) })
			require.Equal(t, before+2*sat, bob.balance())
		})
	}
}

// drain handles what has come, without waiting.
func (s *stranger) drain() {
	s.t.Helper()
	for len(s.in) > 0 {
		if m := <-s.in; m.MsgType() != lnwire.MsgAnnounceSignatures {
			s.step(htlc.Recv{Msg: m})
		}
	}
}

// lnd before 0.17.5 (attack 14) failed upstream what was paid downstream; the preimage counts
// though the outgoing channel halts right behind it, and though the node dies.
func TestAttack14PreimageOfAHaltedChannelIsUsed(t *testing.T) {
	n, mallory, trudy, bob := between(t)
	preimage := lntypes.Preimage{7}
	mallory.step(mallory.through(trudy, 10_000*sat, preimage.Hash()))
	trudy.pump("trudy has it", func() bool { mallory.drain(); return len(trudy.locked()) == 1 })
	out := trudy.driver()
	out.post(job{in: htlc.Halt{Reason: "test"}})
	n.eventually("halted", func() bool { return out.channel().State() == htlc.Halted })
	trudy.send(&lnwire.UpdateFulfillHTLC{ChanID: out.id, ID: 0, PaymentPreimage: preimage})
	mallory.pump("mallory is told the preimage", func() bool { return len(mallory.resolvedTo()) == 1 })
	require.True(t, mallory.resolvedTo()[0])
	bob.restart()
	mallory.heard = nil
	mallory.reconnected()
	require.Empty(t, mallory.resolvedTo())
	n.eventually("circuit is closed", func() bool { return bob.sw.circuits.len() == 0 })
}

// A ring may carry one hash through a node twice: bob forwards to carol, and what carol sends
// back he forwards to dave.
func TestOneHashGoesThroughANodeTwice(t *testing.T) {
	n := newTestNet(t)
	bob, carol, dave := n.node("bob"), n.node("carol"), n.node("dave")
	n.open(bob, carol, 1_000_000, 300_000)
	n.open(bob, dave, 1_000_000, 0)
	n.known(2, bob, carol, dave)
	mallory := n.stranger("mallory", bob)
	mallory.open(1_000_000, 0)
	bobs, carols := bob.balance(), carol.balance()
	inv := dave.invoice(10_000 * sat)
	const amount, delta = 10_000 * sat, 80
	expiry := n.heightNow() + uint32(inv.CLTVExpiry)
	fee := DefaultPolicy.Fee(amount) + sat
	hop := func(node *testNode, left int, to *driver) onion.Hop {
		return onion.Hop{Node: node.key(), Payload: onion.Payload{
			Amount: amount + fee*lnwire.MilliSatoshi(left), Expiry: expiry + uint32(delta*left), Channel: to.channel().SCID()}}
	}
	got := mallory.try(htlc.Add{Amount: amount + 3*fee, Hash: inv.Hash, Expiry: expiry + 3*delta},
		hop(bob, 2, bob.to(carol)), hop(carol, 1, carol.to(bob)), hop(bob, 0, bob.to(dave)),
		onion.Hop{Node: dave.key(), Payload: onion.Payload{Amount: amount, Expiry: expiry,
			PaymentData: &onion.PaymentData{Secret: inv.PaymentAddr, Total: amount}}})
	require.Nil(t, got)
	mallory.forgetAll()
	mallory.pump("all is quiet", func() bool { return n.quiet(bob, carol, dave) })
	require.Equal(t, bobs+2*fee, bob.balance())
	require.Equal(t, carols+fee, carol.balance())
	require.Equal(t, amount, dave.balance())
}

// 483 HTLCs each way at once through one node: no queue is in another's way.
func TestEverySlotFullBothWaysResolves(t *testing.T) {
	n := newTestNet(t)
	big := func(c *Config) { c.MaxChannel = 100_000_000 }
	bob := n.node("bob", big)
	mallory, trudy := n.stranger("mallory", bob), n.stranger("trudy", bob)
	mallory.open(16_000_000, 8_000_000)
	trudy.open(16_000_000, 8_000_000)
	const each = 483
	preimage := func(i int) lntypes.Preimage { return lntypes.Preimage{byte(i), byte(i >> 8), 1} }
	flood := func(from, to *stranger) {
		adds := make([]htlc.Input, each)
		for i := range adds {
			p := preimage(i)
			adds[i] = from.through(to, 5_000*sat, p.Hash())
		}
		from.step(adds...)
	}
	flood(mallory, trudy)
	flood(trudy, mallory)
	both := func(what string, ok func() bool) {
		trudy.pump(what, func() bool { mallory.drain(); return ok() })
	}
	both("all HTLCs have come", func() bool {
		return len(trudy.locked())+len(trudy.failures()) >= each && len(mallory.locked())+len(mallory.failures()) >= each
	})
	require.Len(t, trudy.locked(), each, "%d refused", len(mallory.failures()))
	require.Len(t, mallory.locked(), each, "%d refused", len(trudy.failures()))
	for _, s := range []*stranger{mallory, trudy} {
		var answers []htlc.Input
		for _, h := range s.locked() {
			i := int(h.Hash[0]) // half are paid
			if p := s.preimageOf(h.Hash, each, preimage); i%2 == 0 {
				answers = append(answers, htlc.Fulfill{ID: h.ID, Preimage: p})
			} else {
				answers = append(answers, htlc.Fail{ID: h.ID, Reason: make([]byte, onion.MinFailure)})
			}
		}
		s.step(answers...)
	}
	both("all are resolved", func() bool { return len(mallory.resolvedTo()) == each && len(trudy.resolvedTo()) == each })
	mallory.forgetAll()
	trudy.forgetAll()
	both("all is quiet", func() bool { return n.quiet(bob) })
}

func (s *stranger) failures() (all []htlc.Failed) {
	for _, r := range s.heard {
		if f, ok := r.(htlc.Failed); ok {
			all = append(all, f)
		}
	}
	return all
}

func (s *stranger) preimageOf(hash [32]byte, most int, preimage func(int) lntypes.Preimage) htlc.Preimage {
	for i := range most {
		if p := preimage(i); p.Hash() == hash {
			return htlc.Preimage(p)
		}
	}
	s.t.Fatalf("no preimage for %x", hash)
	return htlc.Preimage{}
}
