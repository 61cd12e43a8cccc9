package node

import (
	"math/rand"
	"slices"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/eip712"
	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/peer"
)

// What nwcli takes for something else, or for bitcoin, is no symbol.
func TestReservedWordsAreNoSymbols(t *testing.T) {
	for _, s := range []string{"btc", "BTC", "sat", "Sat", "msat", "mSAT", "any", "ANY", "all", "All", "", "a b", "12345678901234567"} {
		require.ErrorIs(t, checkSymbol(s), ErrInvalid, "%q", s)
	}
	for _, s := range []string{"MILES", "wBTC", "sats", "ALLY", "x.y-z_1"} {
		require.NoError(t, checkSymbol(s), s)
	}
}

// A peer whose init doesn't have the feature can't have been asked for what it means: it is told so.
func TestPeerWithoutTheFeatureOpensNoTokenChannel(t *testing.T) {
	n := newTokenNet(t, "bob")
	bob, plain := n.tokenNode("bob"), n.node("plain")
	n.connect(plain, bob)
	n.eventually("they are connected", func() bool { return bob.peers.Peer(peer.NewID(plain.key())) != nil })
	miles, err := bob.tokens.named("MILES")
	require.NoError(t, err)
	o := &opening{peer: bob.peers.Peer(peer.NewID(plain.key()))}
	_, err = bob.openings.answer(o, &lnwire.OpenChannel{ChainHash: chainhash.Hash(miles.ID), FundingAmount: 1000})
	require.ErrorIs(t, err, ErrInvalid)
	require.Contains(t, openError(err), "957")
	require.Nil(t, o.token)
}

// Openings that are being negotiated count on their tokens too: of two at once that need the same ones, the second is refused
// before anything is sent.
func TestTokensOfAnOpeningInNegotiationAreNotPromisedTwice(t *testing.T) {
	n := newTokenNet(t, "alice", "bob")
	alice, bob := n.tokenNode("alice"), n.tokenNode("bob")
	n.connect(alice, bob)
	bob.openings.birth.Lock() // he takes his time over funding_signed
	defer bob.openings.birth.Unlock()
	req := OpenTokenChannel{Peer: bob.key(), Symbol: "MILES", Capacity: milesEach/2 + 1}
	errs := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := alice.openings.proposeInToken(t.Context(), req)
			errs <- err
		}()
	}
	one, other := <-errs, <-errs
	if one != nil {
		one, other = other, one
	}
	require.NoError(t, one)
	require.ErrorIs(t, other, ErrInsufficientFunds)
	require.Empty(t, alice.sw.tokens(), "nothing is signed yet")
	miles, err := alice.tokens.named("MILES")
	require.NoError(t, err)
	require.Equal(t, miles.base(milesEach/2+1), alice.promised(miles))
}

// A side of a channel in a token holds as many HTLCs as the other one's operator lets it.
func TestOperatorSaysHowManyHTLCsATokenChannelHolds(t *testing.T) {
	n := newTokenNet(t, "alice", "bob")
	alice, bob := n.tokenNode("alice"), n.tokenNode("bob", func(c *Config) { c.EVM[0].MaxHTLCs = 200 })
	at := n.openMiles(alice, bob, 100_000, 0)
	d, err := alice.tokenAt(at)
	require.NoError(t, err)
	terms := d.channel().Params().Terms
	require.EqualValues(t, eip712.DefaultHTLCs, terms[htlc.Local].MaxAccepted)
	require.EqualValues(t, 200, terms[htlc.Remote].MaxAccepted)
}

// Of more deposits than one may want at once the same ones are first until they are in blocks; the rest follow.
func TestMoreDepositsThanFitWaitInLine(t *testing.T) {
	var all []*driver
	for i := range ethereum.MaxCalls + 44 {
		all = append(all, &driver{id: lnwire.ChannelID{byte(i >> 8), byte(i)}})
	}
	want := slices.Clone(all)
	rand.New(rand.NewSource(1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	calls := make([]ethereum.Call, 0, len(all))
	for i, d := range inLine(all) {
		require.Equal(t, want[i], d)
		calls = append(calls, ethereum.Call{What: d.id.String()})
	}
	first := firstInLine(calls)
	require.Len(t, first, ethereum.MaxCalls)
	require.Equal(t, want[0].id.String(), first[0].What)
	require.Len(t, firstInLine(calls[ethereum.MaxCalls:]), 44, "they follow")
}
