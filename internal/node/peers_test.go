package node

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/peer"
)

// No peer may speak for another's channel.
func TestMessagesForAnotherPeersChannelAreRefused(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	owner, thief := n.stranger("owner", bob), n.stranger("thief", bob)
	owner.open(1_000_000, 0)
	d := owner.driver()
	id := d.id
	before := d.channel().Encode()
	script := append([]byte{0, 20}, make([]byte, 20)...)
	thief.send(
		&lnwire.Error{ChanID: id, Data: []byte("fail it")},
		&lnwire.Shutdown{ChannelID: id, Address: script},
		&lnwire.UpdateFulfillHTLC{ChanID: id},
		&lnwire.RevokeAndAck{ChanID: id, NextRevocationKey: thief.key()},
		&lnwire.ChannelReestablish{ChanID: id, LocalUnrevokedCommitPoint: thief.key()},
	)
	require.Contains(t, thief.refused(), "unknown channel", "as for one that isn't there")
	bob.sync(d)
	require.Equal(t, before, d.channel().Encode())
	require.Equal(t, htlc.Open, d.channel().State())
}

// What a peer says after a breach doesn't count until it connects anew: an HTLC that was
// refused for its amount would else make the commitment behind it look forged.
func TestBreachOfTheProtocolIsNoWorseByWhatFollowsIt(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	mallory := n.stranger("mallory", bob)
	mallory.open(1_000_000, 0)
	d := mallory.driver()
	sig, err := lnwire.NewSigFromWireECDSA(make([]byte, 64))
	require.NoError(t, err)
	// The messages come apart, so that each is a batch of its own.
	mallory.send(&lnwire.UpdateAddHTLC{ChanID: d.id, ID: 7, Amount: 1})
	expect[*lnwire.Warning](mallory)
	d.inbox.receive(job{in: htlc.Recv{Msg: &lnwire.CommitSig{ChanID: d.id, CommitSig: sig}}})
	d.inbox.receive(job{in: htlc.Recv{Msg: &lnwire.RevokeAndAck{ChanID: d.id, NextRevocationKey: mallory.key()}}})
	bob.sync(d)
	d.inbox.receive(job{in: htlc.Recv{Msg: &lnwire.Error{ChanID: d.id, Data: []byte("said on a connection that has ended")}}})
	require.Error(t, <-mallory.down)
	n.eventually("bob knows", func() bool { return bob.peers.Peer(mallory.id()) == nil })
	bob.sync(d)
	require.Equal(t, htlc.Open, d.channel().State(), d.channel().Halted())
	mallory.step(htlc.Disconnected{})
	mallory.connectAnew()
	mallory.step(htlc.Connected{})
	mallory.pump("channel is up again", func() bool { return d.channel().Connected() && mallory.c.Connected() })
	inv := bob.invoice(10_000 * sat)
	require.Nil(t, mallory.payFinal(mallory.forInvoice(inv, 10_000*sat)))
}

// A breach that ends the channel is told to the peer once it is durable, once, and again when
// the peer comes back.
func TestChannelThatFailsTellsItsPeer(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	mallory := n.stranger("mallory", bob)
	mallory.open(1_000_000, 0)
	d := mallory.driver()
	mallory.send(&lnwire.UpdateFee{ChanID: d.id, FeePerKw: 1}) // below what may be relayed
	require.Contains(t, mallory.refused(), "update_fee")
	require.Equal(t, htlc.Halted, d.channel().State())
	require.Contains(t, d.channel().Halted(), "update_fee")
	bob.sync(d)
	for len(mallory.in) > 0 {
		_, again := (<-mallory.in).(*lnwire.Error)
		require.False(t, again)
	}
	bob.restart()
	mallory.connectAnew()
	require.Contains(t, mallory.refused(), "update_fee")
}

// An internal fault stops the channel, and the peer is told that too.
func TestInternalFaultStopsTheChannelAlone(t *testing.T) {
	n, mallory, trudy, bob := between(t)
	d := trudy.driver()
	d.post(job{in: htlc.Fulfill{ID: 99}}) // there is no such HTLC
	n.eventually("channel is halted", func() bool { return d.channel().State() == htlc.Halted })
	require.Contains(t, d.channel().Halted(), "internal fault")
	require.Contains(t, trudy.refused(), "internal fault")
	inv := bob.invoice(10_000 * sat)
	require.Nil(t, mallory.payFinal(mallory.forInvoice(inv, 10_000*sat)), "the others go on")
}

// What a peer says can't play tricks on a log or a terminal.
func TestAttack37PeersTextIsPrintable(t *testing.T) {
	require.Equal(t, "a?[31mb?", printable([]byte("a\x1b[31mb\n")))
	require.Len(t, printable(make([]byte, 65535)), 256)
}

// Infinite inbox, lnd before 0.18.5: what waits of a peer is bounded in bytes too, whatever
// it is that the peer makes large.
func TestAttack29InfiniteInboxOfAChannelIsBoundedInBytes(t *testing.T) {
	large := make([]byte, 60_000)
	for _, msg := range []lnwire.Message{
		&lnwire.UpdateFailHTLC{Reason: large},
		&lnwire.UpdateFulfillHTLC{ExtraData: large},
		&lnwire.UpdateAddHTLC{CustomRecords: lnwire.CustomRecords{65537: large}},
		&lnwire.CommitSig{HtlcSigs: make([]lnwire.Sig, 900)},
		&lnwire.Error{Data: large},
		&lnwire.Shutdown{ExtraData: large},
		&lnwire.ChannelReestablish{ExtraData: large},
		&lnwire.RevokeAndAck{ExtraData: large},
		&lnwire.ClosingSigned{ExtraData: large},
		&lnwire.UpdateFee{ExtraData: large},
		&lnwire.ChannelReady{ExtraData: large},
		&lnwire.UpdateFailMalformedHTLC{ExtraData: large},
		&lnwire.Stfu{},
	} {
		require.GreaterOrEqual(t, messageSize(msg), len(large), "%v", msg.MsgType())
	}
	synctest.Test(t, func(t *testing.T) {
		b := newInbox()
		j := job{in: htlc.Recv{Msg: &lnwire.UpdateFailHTLC{Reason: large}}}
		fit := maxPeerBytes / j.size()
		for range fit {
			require.True(t, b.receive(j))
		}
		received := make(chan bool, 1)
		go func() { received <- b.receive(j) }()
		synctest.Wait()
		require.Empty(t, received, "its reader waits")
		require.Len(t, b.take(), fit)
		require.True(t, <-received)
		require.Equal(t, j.size(), b.bytes)
		b.take()
		require.Zero(t, b.bytes)
	})
}

// What is taken at once fits one append, and nothing is left behind.
func TestBatchFitsOneAppend(t *testing.T) {
	b := newInbox()
	record := job{puts: []channeldb.KV{{Bucket: "b", Key: []byte("k"), Value: make([]byte, 1<<20)}}}
	for range 10 {
		b.post(record)
	}
	for range 2*maxLocalJobs + 1 {
		b.post(job{})
	}
	b.post(job{puts: []channeldb.KV{{Value: make([]byte, 2*maxLocalBytes)}}})
	total := 0
	for batch := b.take(); len(batch) > 0; batch = b.take() {
		bytes := 0
		for i := range batch {
			bytes += batch[i].size()
		}
		require.LessOrEqual(t, len(batch), maxLocalJobs)
		require.True(t, bytes <= maxLocalBytes || len(batch) == 1, "%d bytes in %d jobs", bytes, len(batch))
		total += len(batch)
	}
	require.Equal(t, 10+2*maxLocalJobs+1+1, total)
}

// A full inbox holds up its peer alone, and its own driver's end lets that peer go.
func TestInboxIsBounded(t *testing.T) {
	b := newInbox()
	for range maxPeerJobs {
		require.True(t, b.receive(job{in: htlc.Recv{}}))
	}
	waits := make(chan bool)
	go func() { waits <- b.receive(job{in: htlc.Recv{}}) }()
	for range maxLocalJobs {
		require.True(t, b.post(job{}), "results never wait")
	}
	require.Len(t, b.take(), maxLocalJobs+maxPeerJobs)
	require.True(t, <-waits)
	for range maxPeerJobs - 1 {
		b.receive(job{in: htlc.Recv{}})
	}
	go func() { waits <- b.receive(job{in: htlc.Recv{}}) }()
	b.close()
	require.False(t, <-waits)
	require.False(t, b.post(job{}))
}

// What is given back comes first, in its order, and counts again.
func TestWhatIsGivenBackComesFirst(t *testing.T) {
	b := newInbox()
	recv := func(n int) job { return job{in: htlc.Recv{Msg: &lnwire.Error{Data: make([]byte, n)}}} }
	local := func(id uint64) job { return job{in: htlc.Forget{ID: id}} }
	b.post(local(1), local(2))
	b.receive(recv(1))
	b.receive(recv(2))
	batch := b.take()
	b.post(local(3))
	b.receive(recv(3))
	b.giveBack(batch[1:])
	require.Equal(t, []job{local(2), local(3), recv(1), recv(2), recv(3)}, b.take())
	require.Zero(t, b.bytes)
}

// A request that the channel refuses takes nothing else with it: what came with it is done,
// what the peer said behind it is heard.
func TestRefusedRequestIsInNothingsWay(t *testing.T) {
	_, mallory, trudy, bob := between(t)
	preimage := lntypes.Preimage{1}
	mallory.step(mallory.through(trudy, 10_000*sat, preimage.Hash()))
	trudy.pump("trudy has it", func() bool { mallory.drain(); return len(trudy.locked()) == 1 })
	d := trudy.driver()
	bob.sync(d)
	trudy.drain()
	hold := make(chan struct{})
	d.post(job{after: func() { <-hold }}) // so that what follows is one batch
	d.post(job{in: htlc.Shutdown{Script: []byte{0x51}}})
	d.inbox.receive(job{in: htlc.Recv{Msg: &lnwire.UpdateFulfillHTLC{ChanID: d.id, ID: 0, PaymentPreimage: preimage}}})
	close(hold)
	mallory.pump("the preimage was heard", func() bool { return mallory.resolvedTo()[0] })

	good := append([]byte{0, 20}, make([]byte, 20)...)
	hold = make(chan struct{})
	d.post(job{after: func() { <-hold }})
	d.post(job{in: htlc.Shutdown{Script: good}}, job{in: htlc.Shutdown{Script: []byte{0x51}}})
	close(hold)
	expect[*lnwire.Shutdown](trudy)
	require.NoError(t, bob.stopped())
}

// What belongs to one connection is not stepped together with another's.
func TestBatchEndsWhereTheConnectionChanges(t *testing.T) {
	b := newInbox()
	recv, up, down := job{in: htlc.Recv{}}, job{in: htlc.Connected{}}, job{in: htlc.Disconnected{}}
	for _, j := range []job{recv, recv, down, up, recv, down} {
		b.receive(j)
	}
	b.post(job{})
	var sizes []int
	for batch := b.take(); len(batch) > 0; batch = b.take() {
		sizes = append(sizes, len(batch))
	}
	require.Equal(t, []int{1 + 2, 1, 1, 1, 1}, sizes)
}

var errTest = errors.New("test")

func peerID(n *testNode) peer.ID { return peer.ID(n.self) }
