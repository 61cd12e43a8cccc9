package node

import (
	"errors"
	"log/slog"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/ethereum"
)

// A deposit that the peer announced is overdue when blocks of long after are final and don't have it, and not
// because a chain stood still, couldn't be read at a start, or the peer went away before both had signed.
func TestAnnouncedDepositIsOverdueOnlyByFinalBlocks(t *testing.T) {
	p := evm.Profile{Behind: 60, Polling: 5}
	at := func(head, headTime, finalTime uint64) ethereum.Update {
		return ethereum.Update{Head: ethereum.Head{Number: head, Time: headTime}, Final: ethereum.Head{Time: finalTime}}
	}
	over := func(m *moves, has int64, u ethereum.Update, worked uint64) bool {
		_, _, v := m.overdue(htlc.Sat(has), &p, u, worked)
		return v
	}
	m := &moves{awaited: 100, since: 1000}
	require.False(t, over(m, 0, at(10, 900_000, 900), 10), "the chain stood still: nothing after the announcement is final")
	require.False(t, over(m, 0, at(11, 900_010, 1065), 11), "one final block may lag that far")
	require.False(t, over(m, 0, at(12, 900_020, 1066), 11), "its court hasn't seen this head")
	require.True(t, over(m, 0, at(13, 900_030, 1070), 12))
	require.False(t, over(m, 100, at(14, 900_040, 1080), 14), "it is there, though both didn't sign it yet")
	require.False(t, over(m, 0, at(15, 900_050, 1090), 15), "nothing is awaited any more")

	unread := &moves{awaited: 100} // announced before the chain was read for the first time
	require.False(t, over(unread, 0, at(10, 5000, 4990), 10))
	require.False(t, over(unread, 0, at(11, 5070, 5060), 11))
	require.False(t, over(unread, 0, at(12, 5100, 5090), 11))
	require.True(t, over(unread, 0, at(13, 5110, 5100), 13))
}

// chainThatSays is a chain of which only the clock and the health are asked.
type chainThatSays struct {
	ethereum.Reader
	head ethereum.Head
	err  error
}

func (c *chainThatSays) Head() ethereum.Head { return c.head }
func (c *chainThatSays) Health() error       { return c.err }

// A peer that opens a channel isn't told what our endpoints are, which accounts pay for gas, nor what they have.
func TestPeerIsNotToldWhyNoTokenChannelIsAccepted(t *testing.T) {
	chain := &chainThatSays{err: errors.New("rpc.private.example: 401")}
	in := &token{chain: &evmChain{cfg: EVMConfig{Name: "dev", Profile: evm.Dev, Reader: chain}}}
	s := &openings{n: &Node{log: slog.New(slog.DiscardHandler)}}
	refused := func() string {
		_, err := s.answerInToken(&opening{token: in}, &lnwire.OpenChannel{})
		require.ErrorIs(t, err, ErrNotReady)
		return openError(err)
	}
	require.NotContains(t, refused(), "private")
	chain.err, chain.head.Time = nil, 1_900_000_000
	low := "the accounts that pay for gas have 77 wei"
	in.chain.gasLow.Store(&low)
	require.NotContains(t, refused(), "77")
}

// A preimage isn't given away while nobody tells the time: the HTLC may have expired, and the payer would have
// its money back, and the preimage.
func TestHoldInvoiceInATokenIsNotSettledBlind(t *testing.T) {
	chain := &chainThatSays{}
	in := &token{chain: &evmChain{cfg: EVMConfig{Name: "dev", Profile: evm.Dev, Reader: chain}}}
	set := &partSet{parts: []*part{{d: &driver{token: in}, h: &htlc.HTLC{Expiry: 2_000_000_000}}}}
	why := func() string { return set.blind(func(d *driver) times { return d.token.times() }) }
	require.Contains(t, why(), "not read yet")
	chain.head.Time = 1_900_000_000
	require.Empty(t, why())
	for _, err := range []error{ethereum.ErrStale, ethereum.ErrNoEndpoint} {
		chain.err = err
		require.NotEmpty(t, why())
	}
	chain.err = ethereum.ErrDisagree
	require.Empty(t, why(), "one liar among endpoints can't keep us from our money")
	require.NotEmpty(t, in.times().stale, "but nothing new begins")
	chain.err = nil
	low := "gas"
	in.chain.gasLow.Store(&low)
	require.Empty(t, why())
}
