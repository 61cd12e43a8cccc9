package router

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

func TestAnnouncedChannelWithUpdatesIsRouted(t *testing.T) {
	p := people(3)
	s := newTestGossip(GossipConfig{})
	s.confirmed(t, 1, p[0], p[1])
	s.confirmed(t, 2, p[1], p[2])
	for n, by := range []person{p[0], p[1]} {
		_, err := s.Receive(by.id, channelUpdate(t, uint64(n+1), by, 0, testUnix), testNow)
		require.NoError(t, err)
	}
	r, err := s.Graph().FindRoute(Query{Source: p[0].id, Target: p[2].id, Chain: testChain,
		Amount: 100_000, Height: 700, FinalCLTVDelta: 9, MaxFee: NoFeeLimit, Now: testNow})
	require.NoError(t, err)
	require.Equal(t, []Hop{
		{Node: p[1].id, Channel: cid(1), Received: 101_010, Forward: 100_000, OutgoingCLTV: 709, Fee: 1010, Capacity: 1_000_000_000},
		{Node: p[2].id, Channel: cid(2), Received: 100_000, Forward: 100_000, OutgoingCLTV: 709, Capacity: 1_000_000_000},
	}, r.Hops)
	require.Equal(t, uint32(749), r.CLTV)
	require.Equal(t, lnwire.MilliSatoshi(101_010), r.Amount)
}

func TestChannelAnnouncementRules(t *testing.T) {
	p := people(3)
	flip := func(s *lnwire.Sig) {
		b := bytes.Clone(s.RawBytes())
		b[40] ^= 1
		*s, _ = lnwire.NewSigFromWireECDSA(b)
	}
	for name, c := range map[string]struct {
		edit  func(*lnwire.ChannelAnnouncement1) // before signing
		spoil func(*lnwire.ChannelAnnouncement1) // after
		cause error
		react Reaction
	}{
		"node ids must ascend":            {edit: func(m *lnwire.ChannelAnnouncement1) { m.NodeID1, m.NodeID2 = m.NodeID2, m.NodeID1 }, cause: ErrNodeOrder, react: Warn},
		"node ids must differ":            {edit: func(m *lnwire.ChannelAnnouncement1) { m.NodeID2 = m.NodeID1 }, cause: ErrNodeOrder, react: Warn},
		"unknown chain_hash is ignored":   {edit: func(m *lnwire.ChannelAnnouncement1) { m.ChainHash = chainhash.Hash{9} }, cause: ErrUnknownChain, react: Ignore},
		"unknown even feature is ignored": {edit: func(m *lnwire.ChannelAnnouncement1) { m.Features = lnwire.NewRawFeatureVector(5000) }, cause: ErrFeatures, react: Ignore},
		"node_signature_1 must hold":      {spoil: func(m *lnwire.ChannelAnnouncement1) { flip(&m.NodeSig1) }, cause: ErrBadSignature, react: Disconnect},
		"node_signature_2 must hold":      {spoil: func(m *lnwire.ChannelAnnouncement1) { flip(&m.NodeSig2) }, cause: ErrBadSignature, react: Disconnect},
		"bitcoin_signature_1 must hold":   {spoil: func(m *lnwire.ChannelAnnouncement1) { flip(&m.BitcoinSig1) }, cause: ErrBadSignature, react: Disconnect},
		"bitcoin_signature_2 must hold":   {spoil: func(m *lnwire.ChannelAnnouncement1) { flip(&m.BitcoinSig2) }, cause: ErrBadSignature, react: Disconnect},
		"signatures cover unknown TLVs":   {spoil: func(m *lnwire.ChannelAnnouncement1) { m.ExtraOpaqueData = []byte{1, 1, 1} }, cause: ErrBadSignature, react: Disconnect},
		"keys must be points":             {edit: func(m *lnwire.ChannelAnnouncement1) { m.BitcoinKey2 = [33]byte{5} }, spoil: func(m *lnwire.ChannelAnnouncement1) {}, cause: ErrBadKey, react: Disconnect},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestGossip(GossipConfig{})
			if c.edit == nil {
				c.edit = func(*lnwire.ChannelAnnouncement1) {}
			}
			m := announcement(t, 1, p[0], p[1], c.edit)
			if c.spoil != nil {
				c.spoil(m)
			}
			check, err := s.Receive(p[0].id, m, testNow)
			require.Nil(t, check)
			require.ErrorIs(t, err, c.cause)
			require.Equal(t, c.react, ReactionTo(err))
			require.Zero(t, s.Graph().Stats())
		})
	}
}

func TestFundingCheckNamesTheScriptOfBOLT3(t *testing.T) {
	p := people(2)
	check, err := Validate(announcement(t, 1, p[0], p[1], func(m *lnwire.ChannelAnnouncement1) {
		m.BitcoinKey1, m.BitcoinKey2 = m.BitcoinKey2, m.BitcoinKey1
	}))
	require.ErrorIs(t, err, ErrBadSignature) // signed by the other key each
	require.Nil(t, check)
	check, err = Validate(announcement(t, 1, p[0], p[1]))
	require.NoError(t, err)
	a, b := hex.EncodeToString(p[0].id[:]), hex.EncodeToString(p[1].id[:])
	script, _ := hex.DecodeString("5221" + a + "21" + b + "52ae")
	want := sha256.Sum256(script)
	require.Equal(t, append([]byte{0, 32}, want[:]...), check.Script)
	require.Equal(t, check.Script, fundingScript(p[1].id, p[0].id), "keys are sorted")
}

func TestNothingIsBelievedBeforeTheFundingOutputIsConfirmed(t *testing.T) {
	p := people(2)
	s := newTestGossip(GossipConfig{})
	check, err := s.Receive(p[0].id, announcement(t, 1, p[0], p[1]), testNow)
	require.NoError(t, err)
	require.Zero(t, s.Graph().Stats().Channels)

	_, err = s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix), testNow)
	require.ErrorIs(t, err, ErrWaiting)
	_, err = s.Receive(p[1].id, nodeAnnouncement(t, p[1], testUnix), testNow)
	require.ErrorIs(t, err, ErrWaiting)

	require.NoError(t, s.Confirm(check, 1_000_000_000, testNow))
	c, ok := s.Graph().Channel(cid(1))
	require.True(t, ok)
	require.NotNil(t, c.Policies[0], "the update that waited was taken")
	n, ok := s.Graph().Node(p[1].id)
	require.True(t, ok)
	require.Equal(t, "alias", n.Announcement.Alias.String())

	s2 := newTestGossip(GossipConfig{})
	check, err = s2.Receive(p[0].id, announcement(t, 1, p[0], p[1]), testNow)
	require.NoError(t, err)
	s2.Reject(check)
	_, err = s2.Receive(p[1].id, announcement(t, 1, p[0], p[1]), testNow)
	require.ErrorIs(t, err, ErrRejected)
}

func TestChannelUpdateRules(t *testing.T) {
	p := people(2)
	for name, c := range map[string]struct {
		by    int
		ts    uint32
		edit  func(*lnwire.ChannelUpdate1)
		cause error
		react Reaction
	}{
		"a newer one is taken":                     {ts: testUnix + 1},
		"the same timestamp is a duplicate":        {ts: testUnix, cause: ErrDuplicate},
		"an older timestamp is stale":              {ts: testUnix - 1, cause: ErrStale},
		"timestamp zero is refused":                {ts: 0, cause: ErrZeroTimestamp, react: Warn},
		"a day ahead is taken":                     {ts: testUnix + 86400},
		"more than a day ahead is refused":         {ts: testUnix + 86401, cause: ErrFuture},
		"two weeks old is refused":                 {ts: testUnix - 14*86400 - 1, cause: ErrStale},
		"the other node must not sign":             {by: 1, ts: testUnix + 1, cause: ErrBadSignature, react: Disconnect},
		"htlc_maximum_msat is capped by capacity":  {ts: testUnix + 1, edit: func(m *lnwire.ChannelUpdate1) { m.HtlcMaximumMsat = 1_000_000_001 }, cause: ErrHTLCMaximum},
		"htlc_maximum_msat may be the capacity":    {ts: testUnix + 1, edit: func(m *lnwire.ChannelUpdate1) { m.HtlcMaximumMsat = 1_000_000_000 }},
		"htlc_maximum_msat must reach the minimum": {ts: testUnix + 1, edit: func(m *lnwire.ChannelUpdate1) { m.HtlcMinimumMsat = 900_000_001 }, cause: ErrHTLCMaximum},
		"htlc_maximum_msat must be there":          {ts: testUnix + 1, edit: func(m *lnwire.ChannelUpdate1) { m.MessageFlags = 0 }, cause: ErrNoHTLCMaximum},
		"unknown chain_hash is ignored":            {ts: testUnix + 1, edit: func(m *lnwire.ChannelUpdate1) { m.ChainHash[0] = 9 }, cause: ErrUnknownChain},
		"an unknown channel waits":                 {ts: testUnix + 1, edit: func(m *lnwire.ChannelUpdate1) { m.ShortChannelID = scid(2) }, cause: ErrWaiting},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestGossip(GossipConfig{})
			s.confirmed(t, 1, p[0], p[1])
			_, err := s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix), testNow)
			require.NoError(t, err)
			if c.edit == nil {
				c.edit = func(*lnwire.ChannelUpdate1) {}
			}
			_, err = s.Receive(p[0].id, channelUpdate(t, 1, p[c.by], 0, c.ts, c.edit), testNow)
			got, _ := s.Graph().Channel(cid(1))
			if c.cause == nil {
				require.NoError(t, err)
				require.Equal(t, c.ts, got.Policies[0].Updated)
				return
			}
			require.ErrorIs(t, err, c.cause)
			require.Equal(t, c.react, ReactionTo(err))
			require.Equal(t, uint32(testUnix), got.Policies[0].Updated)
		})
	}
}

// lnd before 0.20.1 panicked on it.
func TestAttack30TimestampZeroIsRefused(t *testing.T) {
	p := people(3)
	s := newTestGossip(GossipConfig{Self: p[2].id})
	s.confirmed(t, 1, p[0], p[1])
	require.NoError(t, s.AddPrivate(cid(2), p[0].id, p[2].id, 1_000_000_000, testNow))
	for name, m := range map[string]lnwire.Message{
		"update of an announced channel":  channelUpdate(t, 1, p[0], 0, 0),
		"update of a channel of our own":  channelUpdate(t, 2, p[0], 0, 0),
		"update of an unknown channel":    channelUpdate(t, 3, p[0], 0, 0),
		"announcement of a node":          nodeAnnouncement(t, p[0], 0),
		"announcement of an unknown node": nodeAnnouncement(t, p[2], 0),
	} {
		_, err := s.Receive(p[0].id, m, testNow)
		require.ErrorIs(t, err, ErrZeroTimestamp, name)
		require.Equal(t, Warn, ReactionTo(err), name)
	}
	require.Zero(t, s.waiting.n)
}

func TestDisabledDirectionIsNotRouted(t *testing.T) {
	p := people(2)
	s := newTestGossip(GossipConfig{})
	s.confirmed(t, 1, p[0], p[1])
	_, err := s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix, func(m *lnwire.ChannelUpdate1) {
		m.ChannelFlags |= lnwire.ChanUpdateDisabled
	}), testNow)
	require.NoError(t, err)
	q := Query{Source: p[0].id, Target: p[1].id, Chain: testChain, Amount: 1000, Now: testNow}
	_, err = s.Graph().FindRoute(q)
	require.ErrorIs(t, err, ErrNoRoute)
	require.Equal(t, ReasonCapacity, ReasonOf(err))
	_, err = s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix+1), testNow)
	require.NoError(t, err)
	_, err = s.Graph().FindRoute(q)
	require.NoError(t, err)
}

func TestNodeAnnouncementRules(t *testing.T) {
	p := people(3)
	s := newTestGossip(GossipConfig{})
	s.confirmed(t, 1, p[0], p[1])
	take := func(m *lnwire.NodeAnnouncement1) error {
		_, err := s.Receive(p[1].id, m, testNow)
		return err
	}
	require.ErrorIs(t, take(nodeAnnouncement(t, p[2], testUnix)), ErrWaiting, "a node without channels waits")
	require.ErrorIs(t, take(nodeAnnouncement(t, p[0], 0)), ErrZeroTimestamp)
	require.ErrorIs(t, take(nodeAnnouncement(t, p[0], testUnix+86401)), ErrFuture)
	require.NoError(t, take(nodeAnnouncement(t, p[0], testUnix)))
	require.ErrorIs(t, take(nodeAnnouncement(t, p[0], testUnix)), ErrDuplicate)
	require.ErrorIs(t, take(nodeAnnouncement(t, p[0], testUnix-1)), ErrStale)
	forged := nodeAnnouncement(t, p[1], testUnix+1)
	forged.NodeID = p[0].id
	err := take(forged)
	require.ErrorIs(t, err, ErrBadSignature)
	require.Equal(t, Disconnect, ReactionTo(err))
}

func TestUpdatesOfOneDirectionAreRateLimited(t *testing.T) {
	p := people(2)
	s := newTestGossip(GossipConfig{})
	s.confirmed(t, 1, p[0], p[1])
	for i := range 10 {
		_, err := s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix+uint32(i)), testNow)
		require.NoError(t, err)
	}
	_, err := s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix+20), testNow)
	require.ErrorIs(t, err, ErrRateLimit)
	_, err = s.Receive(p[1].id, channelUpdate(t, 1, p[1], 1, testUnix), testNow)
	require.NoError(t, err, "the other direction has its own bucket")
	_, err = s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix+20), testNow.Add(time.Minute))
	require.NoError(t, err, "one a minute comes back")
}

func TestAttack33PeerBudgetStopsBeforeSignatures(t *testing.T) {
	p := people(2)
	s := newTestGossip(GossipConfig{PeerBurst: 9, PeerRate: 1, Peers: 2})
	for range 2 {
		_, err := s.Receive(p[0].id, announcement(t, 1, p[0], p[1]), testNow)
		require.NoError(t, err)
	}
	_, err := s.Receive(p[0].id, announcement(t, 1, p[0], p[1]), testNow)
	require.ErrorIs(t, err, ErrRateLimit)
	_, err = s.Receive(p[0].id, announcement(t, 1, p[0], p[1]), testNow.Add(3*time.Second))
	require.NoError(t, err)
	for i := range 20 { // new names do not make new memory, nor much new budget
		_, _ = s.Receive(Node{2, byte(i)}, announcement(t, 1, p[0], p[1]), testNow)
	}
	require.Len(t, s.budget.peers, 2)
	_, err = s.Receive(Node{2, 99}, announcement(t, 1, p[0], p[1]), testNow)
	require.ErrorIs(t, err, ErrRateLimit)
}

func TestAttack31WaitingUpdatesAreBoundedUnderFlood(t *testing.T) {
	p := people(1)
	const limit, bytes = 400, 100_000
	s := newTestGossip(GossipConfig{Waiting: limit, WaitingBytes: bytes})
	m := channelUpdate(t, 1, p[0], 0, testUnix)
	for i := range 20 * limit {
		c := *m
		c.ShortChannelID = scid(uint64(i))
		if i%2 == 0 {
			c.ExtraOpaqueData = make([]byte, i%1000)
		}
		_, err := s.Receive(Node{2, byte(i % 32)}, &c, testNow)
		require.Error(t, err)
		require.LessOrEqual(t, s.waiting.n, limit)
		require.LessOrEqual(t, s.waiting.bytes, bytes)
		require.LessOrEqual(t, len(s.waiting.order), 2*limit+1)
	}
	require.Greater(t, s.waiting.n, 50)

	// One peer alone can't push out what others sent.
	s = newTestGossip(GossipConfig{Waiting: limit, WaitingBytes: 1 << 20})
	_, err := s.Receive(Node{3}, m, testNow)
	require.ErrorIs(t, err, ErrWaiting)
	for i := range 10 * limit {
		c := *m
		c.ShortChannelID = scid(uint64(10 + i))
		_, err = s.Receive(Node{2}, &c, testNow)
	}
	require.ErrorIs(t, err, ErrUnknownChannel)
	require.Len(t, s.waiting.items[waitChan(cid(1))], 1)
	require.Equal(t, limit/8, s.waiting.peers[Node{2}])
}

func TestForgedWaitingUpdateDoesNotDisplaceTheRealOne(t *testing.T) {
	p := people(2)
	s := newTestGossip(GossipConfig{})
	check, err := s.Receive(p[0].id, announcement(t, 1, p[0], p[1]), testNow)
	require.NoError(t, err)
	_, _ = s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix), testNow)
	forged := channelUpdate(t, 1, p[1], 0, testUnix+100)
	_, _ = s.Receive(Node{9}, forged, testNow)
	require.NoError(t, s.Confirm(check, 1_000_000_000, testNow))
	c, _ := s.Graph().Channel(cid(1))
	require.Equal(t, uint32(testUnix), c.Policies[0].Updated)
}

func TestPruneForgetsChannelsWithoutNewsForTwoWeeks(t *testing.T) {
	p := people(3)
	s := newTestGossip(GossipConfig{Self: p[2].id})
	s.confirmed(t, 1, p[0], p[1])
	s.confirmed(t, 2, p[1], p[2])
	_, err := s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix+3600), testNow)
	require.NoError(t, err)
	require.NoError(t, s.Graph().AddPrivate(cid(3), p[0].id, p[2].id, 5000))
	require.Empty(t, s.Prune(testNow.Add(StaleAfter+time.Hour), 10))
	require.Equal(t, []ChanID{cid(1)}, s.Prune(testNow.Add(StaleAfter+time.Hour+time.Second), 10), "not our own")
	require.Equal(t, 2, s.Graph().Stats().Channels)
}

func TestAnnouncementAheadOfOurChainIsPostponed(t *testing.T) {
	p := people(2)
	s := newTestGossip(GossipConfig{})
	check, err := s.Receive(p[0].id, announcement(t, 1, p[0], p[1]), testNow)
	require.NoError(t, err)
	require.True(t, s.Postpone(check))
	_, err = s.Receive(p[1].id, announcement(t, 1, p[0], p[1]), testNow)
	require.ErrorIs(t, err, ErrDuplicate)
	_, err = s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix), testNow)
	require.ErrorIs(t, err, ErrWaiting)
	again := s.Postponed()
	require.Equal(t, []*FundingCheck{check}, again)
	require.Empty(t, s.Postponed())
	require.NoError(t, s.Confirm(again[0], 1_000_000_000, testNow))
	c, _ := s.Graph().Channel(cid(1))
	require.NotNil(t, c.Policies[0])

	for i := range uint64(maxPostponed) {
		require.True(t, s.Postpone(&FundingCheck{ChainHash: testChain, SCID: scid(10 + i)}))
	}
	require.False(t, s.Postpone(check), "bounded")
	require.True(t, s.Postpone(&FundingCheck{ChainHash: testChain, SCID: scid(10)}))
}

// What is never in its contract is given up after a day; one peer, and all channels in assets, leave room for others.
func TestChannelsThatNeverAreInTheirContractAreGivenUp(t *testing.T) {
	s := newTestGossip(GossipConfig{})
	of := func(peer, n int) *FundingCheck {
		return &FundingCheck{ChainHash: chainhash.Hash{9}, SCID: scid(uint64(10_000*peer + n)), Peer: Node{byte(peer)}}
	}
	check := of(1, 0)
	require.True(t, s.PostponeAsset(check, testNow))
	require.Equal(t, []*FundingCheck{check}, s.Postponed())
	require.True(t, s.PostponeAsset(check, testNow.Add(postponedFor)))
	s.Postponed()
	require.False(t, s.PostponeAsset(check, testNow.Add(postponedFor+time.Second)))

	for i := range maxPostponedOfPeer {
		require.True(t, s.PostponeAsset(of(2, i), testNow))
	}
	require.False(t, s.PostponeAsset(of(2, maxPostponedOfPeer), testNow), "one peer")
	require.True(t, s.PostponeAsset(of(2, 0), testNow), "it waits already")
	for peer := 3; peer < 3+maxPostponedAssets/maxPostponedOfPeer-1; peer++ {
		for i := range maxPostponedOfPeer {
			require.True(t, s.PostponeAsset(of(peer, i), testNow))
		}
	}
	require.False(t, s.PostponeAsset(of(100, 0), testNow), "all peers")
	for i := range uint64(maxPostponed - maxPostponedAssets) {
		require.True(t, s.Postpone(&FundingCheck{ChainHash: testChain, SCID: scid(10 + i)}), "bitcoin's find room")
	}
	require.Len(t, s.Postponed(), maxPostponed)
}

// TestAPrivateChannelsUpdateMayComeFirst: its peer may be done with opening before we are.
func TestAPrivateChannelsUpdateMayComeFirst(t *testing.T) {
	p := people(2)
	s := newTestGossip(GossipConfig{})
	u := channelUpdate(t, 1, p[1], 1, testUnix)
	_, err := s.Receive(p[1].id, u, testNow)
	require.ErrorIs(t, err, ErrWaiting)
	require.NoError(t, s.AddPrivate(cid(1), p[0].id, p[1].id, 1_000_000_000, testNow))
	c, ok := s.Graph().Channel(cid(1))
	require.True(t, ok)
	require.NotNil(t, c.PolicyOf(p[1].id))
	require.False(t, c.Public)
}
