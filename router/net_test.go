package router

import (
	"bytes"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/ecdsa"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

var (
	testChain = chainhash.Hash{1}
	testNow   = time.Unix(1_700_000_000, 0)
)

const testUnix = 1_700_000_000

// person is a node with keys, for signed gossip.
type person struct {
	key *btcec.PrivateKey
	id  Node
}

// people returns n nodes in ascending order of node_id, the same ones every time.
func people(n int) []person {
	all := make([]person, n)
	for i := range all {
		k, _ := btcec.PrivKeyFromBytes(bytes.Repeat([]byte{byte(i + 1), 7}, 16))
		all[i] = person{k, Node(k.PubKey().SerializeCompressed())}
	}
	for i := range all {
		for j := i; j > 0 && bytes.Compare(all[j].id[:], all[j-1].id[:]) < 0; j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	return all
}

func (p person) sign(t testing.TB, signed []byte) lnwire.Sig {
	h := chainhash.DoubleHashB(signed)
	sig, err := lnwire.NewSigFromSignature(ecdsa.Sign(p.key, h))
	require.NoError(t, err)
	return sig
}

func scid(n uint64) lnwire.ShortChannelID {
	return lnwire.ShortChannelID{BlockHeight: uint32(n), TxIndex: 1, TxPosition: 0}
}

func cid(n uint64) ChanID { return ChanID{testChain, scid(n)} }

// announcement is channel n between a < b; their node keys are the bitcoin keys too.
func announcement(t testing.TB, n uint64, a, b person, edit ...func(*lnwire.ChannelAnnouncement1)) *lnwire.ChannelAnnouncement1 {
	m := &lnwire.ChannelAnnouncement1{Features: lnwire.NewRawFeatureVector(), ChainHash: testChain,
		ShortChannelID: scid(n), NodeID1: a.id, NodeID2: b.id, BitcoinKey1: a.id, BitcoinKey2: b.id}
	for _, e := range edit {
		e(m)
	}
	d, err := m.DataToSign()
	require.NoError(t, err)
	m.NodeSig1, m.NodeSig2 = a.sign(t, d), b.sign(t, d)
	m.BitcoinSig1, m.BitcoinSig2 = m.NodeSig1, m.NodeSig2
	return m
}

func channelUpdate(t testing.TB, n uint64, by person, d Direction, ts uint32, edit ...func(*lnwire.ChannelUpdate1)) *lnwire.ChannelUpdate1 {
	m := &lnwire.ChannelUpdate1{ChainHash: testChain, ShortChannelID: scid(n), Timestamp: ts,
		MessageFlags: lnwire.ChanUpdateRequiredMaxHtlc, ChannelFlags: lnwire.ChanUpdateChanFlags(d),
		TimeLockDelta: 40, HtlcMinimumMsat: 1, HtlcMaximumMsat: 900_000_000, BaseFee: 1000, FeeRate: 100}
	for _, e := range edit {
		e(m)
	}
	data, err := m.DataToSign()
	require.NoError(t, err)
	m.Signature = by.sign(t, data)
	return m
}

func nodeAnnouncement(t testing.TB, by person, ts uint32) *lnwire.NodeAnnouncement1 {
	m := &lnwire.NodeAnnouncement1{Features: lnwire.NewRawFeatureVector(), Timestamp: ts, NodeID: by.id}
	m.Alias, _ = lnwire.NewNodeAlias("alias")
	d, err := m.DataToSign()
	require.NoError(t, err)
	m.Signature = by.sign(t, d)
	return m
}

func newTestGossip(c GossipConfig) *Gossip {
	c.Chains = append(c.Chains, testChain)
	return NewGossip(NewGraph(), c)
}

// confirmed announces channel n and confirms it with a capacity of 10^9.
func (s *Gossip) confirmed(t testing.TB, n uint64, a, b person) {
	t.Helper()
	check, err := s.Receive(a.id, announcement(t, n, a, b), testNow)
	require.NoError(t, err)
	require.NoError(t, s.Confirm(check, 1_000_000_000, testNow))
}
