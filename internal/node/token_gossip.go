package node

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/eip712"
	"github.com/nichework/nwnd/router"
)

// What channel_announcement of a token channel has behind BOLT 7's fields: a TLV record with what the
// contract's channel id is made of besides the keys (docs/spec/token-channels.md).
const (
	announcedType = 0x6e776e65 // odd
	announcedSize = 1 + 4 + 8 + 20 + 20
)

// errNoSuchTokenChannel says that an announced channel isn't open in its contract.
var errNoSuchTokenChannel = errors.New("node: no such channel is open in the adjudicator")

// errOtherTokenChannel says that an announcement isn't by those whose channel has its short_channel_id: it says
// nothing about theirs.
var errOtherTokenChannel = fmt.Errorf("%w: not the channel of this short_channel_id", errNoSuchTokenChannel)

// announcedParams is the record: which node is A (0: the first), delay, nonce, payA, payB.
func announcedParams(p *htlc.Params, weAreFirst bool) []byte {
	v, _ := eip712.Format{}.Channel(p) // it was opened with them
	b := []byte{0xfe}
	b = binary.BigEndian.AppendUint32(b, announcedType)
	b = append(b, announcedSize, 1)
	if weAreFirst == (p.Opener == htlc.Local) {
		b[len(b)-1] = 0
	}
	b = binary.BigEndian.AppendUint32(b, v.Delay)
	b = binary.BigEndian.AppendUint64(b, v.Nonce)
	return append(append(b, v.PayA[:]...), v.PayB[:]...)
}

// readAnnounced reads it again, with the keys of both nodes in their order.
func readAnnounced(extra []byte, keys [2][33]byte, token common.Address) (evm.Params, error) {
	const head = 6
	if len(extra) < head+announcedSize || extra[0] != 0xfe || binary.BigEndian.Uint32(extra[1:]) != announcedType ||
		extra[5] != announcedSize {
		return evm.Params{}, fmt.Errorf("%w: the announcement doesn't tell its parameters", errOtherTokenChannel)
	}
	b := extra[head:]
	var who [2]common.Address
	for i, key := range keys {
		pub, err := btcec.ParsePubKey(key[:])
		if err != nil {
			return evm.Params{}, fmt.Errorf("%w: %w", errOtherTokenChannel, err)
		}
		who[i] = eip712.Address(pub)
	}
	if b[0] > 1 {
		return evm.Params{}, fmt.Errorf("%w: side %d", errOtherTokenChannel, b[0])
	}
	p := evm.Params{A: who[b[0]], B: who[1-b[0]], Token: token, Delay: binary.BigEndian.Uint32(b[1:]), Nonce: binary.BigEndian.Uint64(b[5:])}
	copy(p.PayA[:], b[13:])
	copy(p.PayB[:], b[33:])
	return p, nil
}

// tokenCapacity asks the contract what an announced channel holds.
func (n *Node) tokenCapacity(ctx context.Context, check *router.FundingCheck) (uint64, error) {
	t := n.tokens.byHash(check.ChainHash)
	if t == nil {
		return 0, fmt.Errorf("node: asset %x isn't known any more", check.ChainHash[:4])
	}
	p, err := readAnnounced(check.Extra, check.BitcoinKeys, t.Token)
	if err != nil {
		return 0, err
	}
	id := p.ID(t.ChainID, t.Adjudicator)
	if want := tokenSCID(t.ID, id); check.SCID != want {
		return 0, fmt.Errorf("%w: channel %x is %v, announced as %v", errOtherTokenChannel, id[:4], want, check.SCID)
	}
	if d := n.sw.channelByID(id); d != nil && d.token == t && d.channel().State() != htlc.Closed {
		if f := d.onChain.Load(); f != nil { // ours: nobody need be asked, least of all while its driver waits
			return t.unitsHeld(&evm.Channel{
				DepA: f.Deposits[0], DepB: f.Deposits[1], WithdrawnA: f.Withdrawn[0], WithdrawnB: f.Withdrawn[1],
			}), nil
		}
	}
	final := t.chain.cfg.Reader.Final()
	out, err := t.chain.cfg.Reader.Call(ctx, t.Adjudicator, evm.PackChannel(id), final.Hash)
	if err != nil {
		return 0, err
	}
	v, err := evm.UnpackChannel(out)
	if err != nil {
		return 0, err
	}
	if v.Phase != evm.PhaseOpen {
		if v.Phase == evm.PhaseNone && t.chain.cfg.Reader.Head().Number > final.Number {
			return 0, fmt.Errorf("node: channel %x is not final in the adjudicator yet", id[:4])
		}
		return 0, fmt.Errorf("%w: channel %x", errNoSuchTokenChannel, id[:4])
	}
	return t.unitsHeld(&v), nil
}

// unitsHeld is what is in a channel, in whole units; at most what a channel may have.
func (t *token) unitsHeld(v *evm.Channel) uint64 {
	held := new(big.Int).Add(v.DepA.ToBig(), v.DepB.ToBig())
	held.Sub(held.Sub(held, v.WithdrawnA.ToBig()), v.WithdrawnB.ToBig())
	held.Div(held, t.scale())
	if !held.IsUint64() || held.Uint64() > uint64(maxTokenCapacity) {
		return uint64(maxTokenCapacity)
	}
	return held.Uint64()
}

// recheck looks announced channels in tokens up again, one after the other, while the caller goes on: endpoints of
// another chain, and strangers who announce what isn't there, must not hold up what bitcoin's blocks call for.
func (g *gossiper) recheck(ctx context.Context, all []*router.FundingCheck) {
	if len(all) == 0 {
		return
	}
	if !g.rechecking.CompareAndSwap(false, true) {
		for _, check := range all {
			g.gate.PostponeAsset(check, g.now())
		}
		return
	}
	g.wg.Go(func() {
		defer g.rechecking.Store(false)
		for _, check := range all {
			if ctx.Err() != nil {
				return
			}
			if err := g.confirmToken(ctx, check); err == nil {
				g.notify()
			}
		}
	})
}
