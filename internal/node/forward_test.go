package node

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/onion"
)

// chained is mallory - bob - carol, mallory a stranger.
func chained(t *testing.T) (n *testNet, mallory *stranger, bob, carol *testNode) {
	n = newTestNet(t)
	bob, carol = n.node("bob"), n.node("carol")
	n.open(bob, carol, 1_000_000, 0)
	mallory = n.stranger("mallory", bob)
	mallory.open(10_000_000, 1_000_000)
	n.eventually("bob knows what he asks on his channel", func() bool { return bob.policies.Update(bob.to(carol)) != nil })
	return n, mallory, bob, carol
}

// to is the channel with a peer.
func (n *testNode) to(other *testNode) *driver {
	for _, d := range n.sw.channels() {
		if d.channel().Params().Peer == other.self {
			return d
		}
	}
	return nil
}

// relayed is an HTLC that bob is asked to forward to carol.
type relayed struct {
	add      htlc.Add
	via, end onion.Payload
}

// relay is one that keeps bob's policy exactly, for an invoice of carol's.
func (s *stranger) relay(inv Invoice, to *testNode, amount lnwire.MilliSatoshi) relayed {
	policy := s.node.policies.Policy(s.node.to(to))
	expiry := s.net.heightNow() + uint32(inv.CLTVExpiry)
	return relayed{
		add: htlc.Add{Amount: amount + policy.Fee(amount), Hash: inv.Hash, Expiry: expiry + uint32(policy.CLTVDelta)},
		via: onion.Payload{Amount: amount, Expiry: expiry, Channel: s.node.to(to).channel().SCID()},
		end: onion.Payload{Amount: amount, Expiry: expiry, PaymentData: &onion.PaymentData{Secret: inv.PaymentAddr, Total: amount}},
	}
}

func (s *stranger) payVia(r relayed, to *testNode) *told {
	s.t.Helper()
	return s.try(r.add, onion.Hop{Node: s.node.key(), Payload: r.via}, onion.Hop{Node: to.key(), Payload: r.end})
}

// BOLT 4, "Failure Messages", and BOLT 7, "HTLC Fees": each rule at its limit and one off.
func TestForwardIsRefusedForTheReasonThatHolds(t *testing.T) {
	n, mallory, bob, carol := chained(t)
	out := bob.to(carol)
	policy := bob.policies.Policy(out)
	const amount = 20_000 * sat
	const unknown = lnwire.CodeIncorrectOrUnknownPaymentDetails // carol's, so bob forwarded it
	exact := func(amount lnwire.MilliSatoshi) func(*relayed) {
		return func(r *relayed) {
			r.via.Amount, r.end.Amount, r.end.PaymentData.Total = amount, amount, amount
			r.add.Amount = amount + policy.Fee(amount)
		}
	}
	expires := func(blocks uint32) func(*relayed) {
		return func(r *relayed) {
			r.via.Expiry, r.end.Expiry = n.heightNow()+blocks, n.heightNow()+blocks
			r.add.Expiry = n.heightNow() + blocks + uint32(policy.CLTVDelta)
		}
	}
	for _, c := range []struct {
		name   string
		change func(*relayed)
		want   lnwire.FailCode
		hop    int
	}{
		{"exactly what is asked", func(*relayed) {}, 0, 0},
		{"more than is asked", func(r *relayed) { r.add.Amount += 5 * sat; r.add.Expiry += 7 }, 0, 0},
		{"fee a unit too small", func(r *relayed) { r.add.Amount-- }, lnwire.CodeFeeInsufficient, 0},
		{"amount grows on the way", func(r *relayed) { r.via.Amount = r.add.Amount + 1 }, lnwire.CodeFeeInsufficient, 0},
		{"delta a block too small", func(r *relayed) { r.add.Expiry-- }, lnwire.CodeIncorrectCltvExpiry, 0},
		{"expiry grows on the way", func(r *relayed) { r.via.Expiry = r.add.Expiry + 1 }, lnwire.CodeIncorrectCltvExpiry, 0},
		{"least amount", exact(policy.MinHTLC), 0, 0},
		{"a unit below the least", exact(policy.MinHTLC - 1), lnwire.CodeAmountBelowMinimum, 0},
		{"nothing", exact(0), lnwire.CodeAmountBelowMinimum, 0},
		{"a unit above the most", exact(policy.MaxHTLC + 1), lnwire.CodeTemporaryChannelFailure, 0},
		{"all there ever was", func(r *relayed) { r.via.Amount = 1<<64 - 1 }, lnwire.CodeTemporaryChannelFailure, 0},
		{"expiry just far enough away", expires(minExpiryAhead + 1), unknown, 1},
		{"expiry a block too soon", expires(minExpiryAhead), lnwire.CodeExpiryTooSoon, 0},
		{"expiry in the past", func(r *relayed) { r.via.Expiry = 1 }, lnwire.CodeExpiryTooSoon, 0},
		{"expiry just near enough", expires(maxExpiryAhead), 0, 0},
		{"expiry a block too far", expires(maxExpiryAhead + 1), lnwire.CodeExpiryTooFar, 0},
		{"unknown next channel", func(r *relayed) { r.via.Channel.TxIndex++ }, lnwire.CodeUnknownNextPeer, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := mallory.relay(carol.invoice(0), carol, amount)
			c.change(&r)
			got := mallory.payVia(r, carol)
			if c.want == 0 {
				require.Nil(t, got)
				return
			}
			require.NotNil(t, got)
			require.Equal(t, c.want, got.code, "%v: %v", got.code, got.msg)
			require.Equal(t, c.hop, got.hop)
			if c.want&lnwire.FlagUpdate != 0 {
				u := updateOf(got.msg)
				require.NotNil(t, u)
				require.Equal(t, out.channel().SCID(), u.ShortChannelID)
				require.EqualValues(t, policy.BaseFee, u.BaseFee)
			}
		})
	}
	t.Run("next peer is away", func(t *testing.T) {
		r := mallory.relay(carol.invoice(0), carol, amount)
		require.NoError(t, carol.stop())
		n.eventually("bob knows", func() bool { return !out.channel().Connected() })
		got := mallory.payVia(r, carol)
		require.Equal(t, lnwire.CodeTemporaryChannelFailure, got.code)
		require.Equal(t, out.channel().SCID(), updateOf(got.msg).ShortChannelID)
	})
	t.Run("next channel is halted", func(t *testing.T) {
		out.post(job{in: htlc.Halt{Reason: "test"}})
		n.eventually("halted", func() bool { return out.channel().State() == htlc.Halted })
		r := relayed{
			add: htlc.Add{Amount: amount * 2, Hash: [32]byte{1}, Expiry: n.heightNow() + 500},
			via: onion.Payload{Amount: amount, Expiry: n.heightNow() + 100, Channel: out.channel().SCID()},
			end: onion.Payload{Amount: amount, Expiry: n.heightNow() + 100},
		}
		require.Equal(t, lnwire.CodeTemporaryChannelFailure, mallory.payVia(r, carol).code)
	})
	n.settled(bob)
}

// BOLT 2, update_fail_malformed_htlc: who sent an unreadable onion is told so at once; what
// the next node couldn't read becomes an encrypted failure of the node that sent it on.
func TestMalformedOnionIsFailedAndConverted(t *testing.T) {
	n, mallory, bob, carol := chained(t)
	r := mallory.relay(carol.invoice(0), carol, 20_000*sat)
	good, _ := mallory.wrap(r.add.Hash, onion.Hop{Node: bob.key(), Payload: r.via}, onion.Hop{Node: carol.key(), Payload: r.end})
	for _, c := range []struct {
		name   string
		change func(*[onion.Size]byte)
		want   lnwire.FailCode
	}{
		{"version", func(p *[onion.Size]byte) { p[0] = 1 }, lnwire.CodeInvalidOnionVersion},
		{"key", func(p *[onion.Size]byte) { p[1] = 9 }, lnwire.CodeInvalidOnionKey},
		{"hmac", func(p *[onion.Size]byte) { p[onion.Size-1] ^= 1 }, lnwire.CodeInvalidOnionHmac},
	} {
		bad := *good
		c.change(&bad)
		add := r.add
		add.Onion = &bad
		f, ok := mallory.offer(add).(htlc.Failed)
		require.True(t, ok)
		require.Equal(t, uint16(c.want), f.Code, c.name)
		require.Equal(t, onion.BadOnionHash(&bad), f.OnionHash)
	}
	got := mallory.try(r.add, onion.Hop{Node: bob.key(), Payload: r.via}, onion.Hop{Node: mallory.key(), Payload: r.end})
	require.Equal(t, lnwire.CodeInvalidOnionHmac, got.code)
	require.Zero(t, got.hop, "bob says that carol couldn't read it")
	failed, err := bob.FailedForwards(t.Context(), ListFailedForwards{})
	require.NoError(t, err)
	require.Contains(t, failed[0].Why, "InvalidOnionHmac")
	n.settled(bob, carol)
}

// Who recorded an onion and sends it again learns nothing, also after a restart, wherever the
// first went.
func TestReplayedOnionIsRefused(t *testing.T) {
	for name, change := range map[string]func(*relayed){
		"paid":             func(*relayed) {},
		"refused by bob":   func(r *relayed) { r.add.Amount-- },
		"refused by carol": func(r *relayed) { r.end.PaymentData.Secret[0] ^= 1 },
		"for another peer": func(r *relayed) { r.via.Channel.TxIndex++ },
	} {
		t.Run(name, func(t *testing.T) {
			n, mallory, bob, carol := chained(t)
			r := mallory.relay(carol.invoice(0), carol, 20_000*sat)
			change(&r)
			packet, _ := mallory.wrap(r.add.Hash, onion.Hop{Node: bob.key(), Payload: r.via}, onion.Hop{Node: carol.key(), Payload: r.end})
			r.add.Onion = packet
			mallory.offer(r.add)
			again := func() {
				f, ok := mallory.offer(r.add).(htlc.Failed)
				require.True(t, ok)
				require.Equal(t, uint16(lnwire.CodeInvalidOnionVersion), f.Code)
			}
			again()
			n.settled(bob)
			bob.restart()
			mallory.reconnected()
			again()
		})
	}
}

// reconnected connects to the node after its restart and takes the channel up again.
func (s *stranger) reconnected() {
	s.t.Helper()
	s.step(htlc.Disconnected{Reason: "restart"})
	s.connectAnew()
	s.step(htlc.Connected{})
	s.pump("channel is up again", func() bool {
		return s.driver() != nil && s.driver().channel().Connected() && s.c.Connected()
	})
}

// Marks live as long as their onion, are bounded, and leave their rows with them.
func TestReplayMarks(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	r := newReplays(bob.db)
	r.most = 10
	secret := func(i byte) [32]byte { return [32]byte{i} }
	in := func(id uint64) incomingKey { return incomingKey{ID: id} }
	rows := make(map[string][]byte)
	mark := func(i byte, id uint64, expiry uint32) bool {
		row, seen := r.mark(secret(i), in(id), expiry)
		for _, kv := range row {
			if rows[string(kv.Key)] = kv.Value; kv.Value == nil {
				delete(rows, string(kv.Key))
			}
		}
		return seen
	}
	require.False(t, mark(1, 1, 100))
	require.False(t, mark(1, 1, 100), "an HTLC may see its own mark again")
	require.True(t, mark(1, 2, 100))
	for i := byte(2); i <= 10; i++ {
		require.False(t, mark(i, uint64(i), 200))
	}
	require.Len(t, rows, 10)
	require.False(t, mark(11, 11, 300), "new ones are never refused")
	require.Len(t, rows, 10)
	require.False(t, mark(1, 2, 300), "the one that expired next made room")
	require.LessOrEqual(t, len(r.m), 10)
	require.Len(t, rows, len(r.m))
	require.Empty(t, r.expire(199, 0))
	expired := r.expire(200, 0)
	require.Len(t, r.m, len(rows)-len(expired))
	require.Empty(t, r.expire(200, 0))
	require.Len(t, r.expire(300, 0), len(rows)-len(expired))
	require.Empty(t, r.m)
	require.Empty(t, r.expires)
}

// An expiry is a stranger's to choose; a mark's life is not.
func TestReplayMarkOfAnEndlessHTLCIsForgotten(t *testing.T) {
	n, mallory, bob, carol := chained(t)
	r := mallory.relay(carol.invoice(0), carol, 20_000*sat)
	r.add.Expiry, r.via.Expiry = 400_000_080, 400_000_000
	require.Equal(t, lnwire.CodeExpiryTooFar, mallory.payVia(r, carol).code)
	require.Len(t, bob.sw.replays.m, 1)
	n.chain.MineN(maxExpiryAhead)
	n.eventually("mark is forgotten", func() bool {
		bob.sw.replays.mu.Lock()
		defer bob.sw.replays.mu.Unlock()
		return len(bob.sw.replays.m) == 0
	})
	n.eventually("its row too", func() bool {
		last, err := bob.db.LastKey(bucketReplays)
		return err == nil && last == nil
	})
}
