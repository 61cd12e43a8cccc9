package node

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/onion"
)

// times is how a channel's chain counts what expiries are compared with: blocks on bitcoin,
// seconds on an EVM chain. Times of two chains are never compared.
type times struct {
	now   uint32 // height, or time of the last block
	tick  uint32 // of cltv_expiry_delta: a block, or evm.Tick
	least uint32 // by more than this must an outgoing HTLC's expiry lie ahead: else it could not be resolved on chain in time
	most  uint32 // and by no more than this, or a peer could lock our money for long
	claim uint32 // so long before its expiry must a preimage be used on chain; it is revealed only to HTLCs with more
	spare uint32 // more than needed for an HTLC that waits for its next peer
	unit  string
	stale string // why nothing may begin, "" if it may
	blind bool   // it is because nobody tells what now is
}

// leastTime is the least expiry that is a unix time; less is a height (BOLT 3 has it of nLockTime).
const leastTime = 500_000_000

// maxSecondsAhead is maxExpiryAhead on a chain that counts seconds.
const maxSecondsAhead = 14 * 24 * 3600

func blockTimes(height uint32) times {
	return times{
		now: height, tick: 1, least: minExpiryAhead, most: maxExpiryAhead, claim: revealMargin, spare: waitMargin, unit: "blocks",
	}
}

func (t *token) times() times {
	p := &t.chain.cfg.Profile
	v := times{
		now: t.clock(), tick: evm.Tick, least: p.Margin(), most: maxSecondsAhead, claim: p.Margin() + p.Polling, spare: p.Polling,
		unit: "seconds",
	}
	if err := t.chain.cfg.Reader.Health(); err != nil {
		v.stale, v.blind = err.Error(), errors.Is(err, ethereum.ErrStale) || errors.Is(err, ethereum.ErrNoEndpoint)
	} else if v.now == 0 {
		v.stale, v.blind = "chain "+t.chain.cfg.Name+" was not read yet", true
	} else if low := t.chain.gasLow.Load(); low != nil { // what comes in must be claimed, if it comes to that
		v.stale = *low
	}
	return v
}

// times are those of a channel's chain.
func (s *Switch) times(d *driver) times {
	if d != nil && d.token != nil {
		return d.token.times()
	}
	v := blockTimes(s.blocks.Height())
	v.stale = s.stale.reason()
	return v
}

// wrongAsset says what an onion that leaves by a channel, or ends at it, tells wrongly of its asset.
func wrongAsset(d *driver, p *onion.Payload) string {
	switch {
	case d.token == nil && p.Asset == nil:
		return ""
	case d.token == nil:
		return fmt.Sprintf("the onion tells of asset %x on a channel in bitcoin", p.Asset[:4])
	case p.Asset == nil:
		return fmt.Sprintf("the onion doesn't tell of asset %s", d.token.Symbol)
	case *p.Asset != d.token.ID:
		return fmt.Sprintf("the onion tells of asset %x, the channel is in %s, %x", p.Asset[:4], d.token.Symbol, d.token.ID[:4])
	}
	return ""
}

// Token channels have short_channel_ids that are no positions: the height lies beyond the blocks of any
// chain that counts them, and beyond lnd's aliases (docs/spec/token-channels.md).
const (
	leastTokenHeight = 16_400_000
	tokenHeights     = 1<<24 - leastTokenHeight
)

func isTokenSCID(id lnwire.ShortChannelID) bool { return id.BlockHeight >= leastTokenHeight }

// tokenSCID is a channel's: SHA256 of the tag (twice), asset and channel id; four bytes of it choose the height,
// five the rest.
func tokenSCID(asset AssetID, id lnwire.ChannelID) lnwire.ShortChannelID {
	tag := sha256.Sum256([]byte("nwnd/scid"))
	b := append(tag[:], tag[:]...)
	b = append(append(b, asset[:]...), id[:]...)
	h := sha256.Sum256(b)
	low := binary.BigEndian.Uint64(h[4:12]) >> 24
	return lnwire.ShortChannelID{
		BlockHeight: leastTokenHeight + binary.BigEndian.Uint32(h[:4])%tokenHeights,
		TxIndex:     uint32(low >> 16), TxPosition: uint16(low),
	}
}
