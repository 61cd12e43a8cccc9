package node

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/router"
)

// What is announced of a channel in a token must be so in its contract.
func TestAnnouncedTokenChannelsAreLookedUpInTheContract(t *testing.T) {
	n := newTokenNet(t, "alice", "bob")
	alice, bob := n.tokenNode("alice"), n.tokenNode("bob")
	at := n.openMiles(alice, bob, 50_000, 0)
	d, err := alice.tokenAt(at)
	require.NoError(t, err)
	p := d.channel().Params()
	check := func() *router.FundingCheck {
		keys := [2][33]byte{}
		first := alice.announcer.first(p)
		for i, s := range []htlc.Side{htlc.Local, htlc.Remote} {
			at := i
			if !first {
				at = 1 - i
			}
			copy(keys[at][:], p.Terms[s].Funding.SerializeCompressed())
		}
		return &router.FundingCheck{
			ChainHash: chainhash.Hash(d.token.ID), SCID: tokenSCID(d.token.ID, d.id), BitcoinKeys: keys, Extra: announcedParams(p, first),
		}
	}
	units, err := alice.tokenCapacity(t.Context(), check())
	require.NoError(t, err)
	require.EqualValues(t, 50_000, units)

	for name, spoil := range map[string]func(*router.FundingCheck){
		"no parameters":    func(c *router.FundingCheck) { c.Extra = nil },
		"cut parameters":   func(c *router.FundingCheck) { c.Extra = c.Extra[:len(c.Extra)-1] },
		"another nonce":    func(c *router.FundingCheck) { c.Extra[6+1+4] ^= 1 },
		"another opener":   func(c *router.FundingCheck) { c.Extra[6] ^= 1 },
		"no side":          func(c *router.FundingCheck) { c.Extra[6] = 2 },
		"another key":      func(c *router.FundingCheck) { c.BitcoinKeys[0] = c.BitcoinKeys[1] },
		"no key":           func(c *router.FundingCheck) { c.BitcoinKeys[0] = [33]byte{} },
		"another position": func(c *router.FundingCheck) { c.SCID = lnwire.ShortChannelID{BlockHeight: 16_500_000} },
	} {
		c := check()
		spoil(c)
		_, err := alice.tokenCapacity(t.Context(), c)
		require.ErrorIs(t, err, errNoSuchTokenChannel, name)
	}

	// Who announces his own keys under its short_channel_id doesn't keep it out of the graph.
	n.eventually("it is announced", func() bool { return alice.announcer.finished(d.id) != nil })
	g := newGossiper(router.NewGossip(router.NewGraph(), router.GossipConfig{Chains: bob.tokens.hashes()}), bob.self,
		bob.chainHash(), bob.log, nil, time.Now)
	g.capacity = bob.tokenCapacity
	forged := check()
	forged.BitcoinKeys[0] = forged.BitcoinKeys[1]
	require.ErrorIs(t, g.confirmToken(t.Context(), forged), errNoSuchTokenChannel)
	raw, err := router.Raw(alice.announcer.finished(d.id))
	require.NoError(t, err)
	ann := new(lnwire.ChannelAnnouncement1)
	require.NoError(t, ann.Decode(bytes.NewReader(raw.Payload), 0))
	require.NoError(t, g.accept(t.Context(), alice.self, ann))

	unknown := check()
	unknown.ChainHash[0] ^= 1
	_, err = alice.tokenCapacity(t.Context(), unknown)
	require.ErrorContains(t, err, "isn't known")
}

func TestTokenPositionsAreNoPositions(t *testing.T) {
	seen := make(map[lnwire.ShortChannelID]bool)
	for i := range 1000 {
		id := tokenSCID(AssetID{1}, lnwire.ChannelID{byte(i), byte(i >> 8)})
		require.True(t, isTokenSCID(id))
		require.Less(t, id.BlockHeight, uint32(1<<24))
		require.False(t, seen[id])
		seen[id] = true
		require.Equal(t, id, lnwire.NewShortChanIDFromInt(id.ToUint64()))
	}
	require.NotEqual(t, tokenSCID(AssetID{1}, lnwire.ChannelID{}), tokenSCID(AssetID{2}, lnwire.ChannelID{}))
	require.False(t, isTokenSCID(lnwire.ShortChannelID{BlockHeight: 16_250_000}), "lnd's aliases end there")
}

// A customer asks what a service costs; who serves nothing says so.
func TestPriceIsAskedOfAPeer(t *testing.T) {
	n := newTokenNet(t, "alice", "bob")
	alice, bob := n.tokenNode("alice"), n.tokenNode("bob")
	_, err := alice.PriceQuery(t.Context(), bob.key())
	require.ErrorIs(t, err, ErrPeerOffline)
	n.connect(alice, bob)
	_, err = alice.PriceQuery(t.Context(), bob.key())
	require.ErrorIs(t, err, ErrNotFound)
	price := Price{Symbol: "MILES", PerUnit: 250, Unit: "MB", Minimum: 100}
	require.NoError(t, bob.SetPrice(t.Context(), price))
	got, err := alice.PriceQuery(t.Context(), bob.key())
	require.NoError(t, err)
	require.Equal(t, price, got)
	for _, bad := range []Price{{Symbol: "MILES", Unit: "MB"}, {Symbol: "MILES", PerUnit: 1}, {Symbol: "MILES", PerUnit: 1, Unit: "a\x1b"}} {
		require.ErrorIs(t, bob.SetPrice(t.Context(), bad), ErrInvalid)
	}
	require.ErrorIs(t, bob.SetPrice(t.Context(), Price{Symbol: "OTHER", PerUnit: 1, Unit: "MB"}), ErrNotFound)
}

// A chain whose endpoints hang, or a stranger who announces a thousand channels that aren't there, doesn't hold up
// what bitcoin's blocks call for.
func TestBlocksDoNotWaitForAnnouncedTokenChannels(t *testing.T) {
	bitcoin := *chaincfg.RegressionNetParams.GenesisHash
	gate := router.NewGossip(router.NewGraph(), router.GossipConfig{Chains: []chainhash.Hash{bitcoin, {1}}})
	g := newGossiper(gate, router.Node{2}, bitcoin, slog.New(slog.DiscardHandler), nil, time.Now)
	hang, asked := make(chan struct{}), make(chan struct{}, 10)
	g.capacity = func(context.Context, *router.FundingCheck) (uint64, error) {
		asked <- struct{}{}
		<-hang
		return 0, errors.New("no endpoint answers")
	}
	for i := range 3 {
		require.True(t, gate.Postpone(&router.FundingCheck{ChainHash: chainhash.Hash{1}, SCID: lnwire.ShortChannelID{TxIndex: uint32(i)}}))
	}
	g.block(t.Context())
	<-asked
	g.block(t.Context())
	require.True(t, gate.Postpone(&router.FundingCheck{ChainHash: chainhash.Hash{1}, SCID: lnwire.ShortChannelID{TxIndex: 9}}))
	g.block(t.Context()) // one look at a time
	require.Len(t, gate.Postponed(), 1, "none is forgotten")
	close(hang)
	g.wg.Wait()
	require.Len(t, gate.Postponed(), 3)
}
