package node

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/peer"
)

// openingTimeout is how long a peer may take over an opening.
const openingTimeout = 10 * time.Minute

// Limits of openings unless configured.
const (
	defaultMaxPending      = 4   // per peer: being opened, or waiting for confirmations
	defaultMaxPendingTotal = 100 // in all
)

// openings are the channels being opened, in both roles, until they are durable. Messages
// of one peer come on that peer's goroutine, one at a time.
type openings struct {
	n *Node

	mu sync.Mutex
	m  map[openingKey]*opening

	spares      []channelKeys // of openings that came to nothing: a stranger can't use keys up
	tokenSpares []uint32      // key indices of those in tokens

	funding sync.Mutex // held from the look whether there are tokens for an opening of ours until it counts (promised)

	birth sync.Mutex // held from the look whether a channel id is free until it is taken
}

// openingKey names an opening: temporary ids are the opener's choice, so they are only
// unique per peer.
type openingKey struct {
	peer    peer.ID
	pending [32]byte
}

// channelKeys are what a channel takes from the wallet: the index of its secrets, and where
// its balance goes in the end.
type channelKeys struct {
	index  uint32
	script []byte
}

// opening is one in progress. Its fields belong to the peer's goroutine; the caller's ends
// of it are the channels.
type opening struct {
	key     openingKey
	peer    *peer.Peer
	core    *htlc.Opening
	record  channelRecord
	token   *token       // that the channel is in; nil: bitcoin
	units   uint64       // of it that we deposit
	keys    *channelKeys // nil before it has any, or once it has signed with them
	timer   *time.Timer
	over    bool         // it has ended or becomes a channel; openings.mu guards it
	request *openRequest // as the opener
}

// openRequest is what the caller of OpenChannel waits for.
type openRequest struct {
	OpenChannel
	rate    uint64 // of the funding transaction, sat/kw
	funding Funding
	done    chan openResult // capacity 1
}

type openResult struct {
	channel *driver
	err     error
}

func newOpenings(n *Node) (*openings, error) {
	return &openings{n: n, m: make(map[openingKey]*opening)}, nil
}

// admit takes an opening into the table, if the limits on pending channels allow
// (a peer could otherwise make us watch any number of channels that it never funds). Those
// that we open and those opened to us are counted apart: strangers can't keep us from opening.
func (s *openings) admit(o *opening) error {
	opener := htlc.Remote
	if o.request != nil {
		opener = htlc.Local
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	perPeer, total := s.pending(o.key.peer, opener)
	for k, other := range s.m {
		if (other.request != nil) != (o.request != nil) {
			continue
		}
		total++
		if k.peer == o.key.peer {
			perPeer++
		}
	}
	if limit := s.n.cfg.MaxPending; perPeer >= limit {
		return fmt.Errorf("%w: %d channels with this peer are pending, at most %d", ErrBusy, perPeer, limit)
	}
	if limit := s.n.cfg.MaxPendingTotal; total >= limit {
		return fmt.Errorf("%w: %d channels are pending, at most %d", ErrBusy, total, limit)
	}
	if s.m[o.key] != nil {
		return fmt.Errorf("%w: temporary channel id is in use", ErrInvalid)
	}
	s.m[o.key] = o
	o.timer = time.AfterFunc(openingTimeout, func() {
		s.end(o, fmt.Errorf("node: the peer took longer than %v over opening a channel", openingTimeout))
	})
	return nil
}

// pending counts channels of an opener that wait for their funding transaction.
func (s *openings) pending(id peer.ID, opener htlc.Side) (perPeer, total int) {
	for _, d := range s.n.sw.live() {
		c := d.channel()
		if c.Params().Opener != opener || c.State() != htlc.Funding && !unfunded(c) {
			continue
		}
		total++
		if d.channel().Params().Peer == [33]byte(id) {
			perPeer++
		}
	}
	return perPeer, total
}

func (s *openings) find(key openingKey) *opening {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.m[key]; o != nil && !o.over {
		return o
	}
	return nil
}

// unborn are openings of ours in a token, with the ids of their channels; zero before there is one.
func (s *openings) unborn(t *token) map[*opening]lnwire.ChannelID {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[*opening]lnwire.ChannelID)
	for _, o := range s.m {
		if o.token == t && o.request != nil && o.core != nil {
			params := o.core.Params()
			all[o] = params.ID
		}
	}
	return all
}

// byChannel finds the opening whose channel id is known already.
func (s *openings) byChannel(p *peer.Peer, id lnwire.ChannelID) *opening {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, o := range s.m {
		if k.peer != p.ID() || o.core == nil || o.over {
			continue
		}
		if params := o.core.Params(); params.ID == id {
			return o
		}
	}
	return nil
}

// claimed reports whether an opening of ours, with whatever peer, has that channel id: the
// peer that was told our funding output must not have it taken from under us.
func (s *openings) claimed(id lnwire.ChannelID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.m {
		if o.request == nil || o.core == nil {
			continue
		}
		if params := o.core.Params(); params.ID == id {
			return true
		}
	}
	return false
}

// own notes the coins of an opening, whose end frees them; false if it has ended.
func (s *openings) own(o *opening, f Funding) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m[o.key] != o || o.over {
		return false
	}
	o.request.funding, o.keys = f, nil
	return true
}

// take is true for one caller, who ends the opening or makes a channel of it, and then calls
// remove: until then it counts.
func (s *openings) take(o *opening) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m[o.key] != o || o.over {
		return false
	}
	o.over = true
	o.timer.Stop()
	return true
}

func (s *openings) remove(o *opening) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, o.key)
}

// end gives an opening up: its coins are free again and its caller is told why.
func (s *openings) end(o *opening, err error) {
	if !s.take(o) {
		return
	}
	defer s.remove(o)
	s.spare(o)
	if o.request == nil {
		s.n.log.Info("opening of a channel by a peer ended", "peer", o.key.peer, "why", err)
		return
	}
	if o.request.funding != nil {
		o.request.funding.Release()
	}
	o.request.done <- openResult{err: err}
}

// spare keeps the keys of an opening that ended before anything was signed with them, for
// another. There are never more than there were openings at once.
func (s *openings) spare(o *opening) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case o.keys == nil:
	case o.token != nil:
		s.tokenSpares = append(s.tokenSpares, o.keys.index)
	default:
		s.spares = append(s.spares, *o.keys)
	}
	o.keys = nil
}

// keys are fresh ones for a channel, or spare ones.
func (s *openings) keys(ctx context.Context) (*channelKeys, error) {
	s.mu.Lock()
	if last := len(s.spares) - 1; last >= 0 {
		k := s.spares[last]
		s.spares = s.spares[:last]
		s.mu.Unlock()
		return &k, nil
	}
	s.mu.Unlock()
	index, err := s.n.nextKeyIndex()
	if err != nil {
		return nil, err
	}
	addr, err := s.n.NewAddress(ctx, TaprootPubKey)
	if err != nil {
		return nil, err
	}
	script, err := s.n.script(addr.String())
	return &channelKeys{index: index, script: script}, err
}

// refuse ends an opening and tells the peer.
func (s *openings) refuse(p *peer.Peer, o *opening, pending [32]byte, err error) {
	s.n.log.Warn("channel can't be opened", "peer", p.ID(), "err", err)
	_ = p.Send(&lnwire.Error{ChanID: lnwire.ChannelID(pending), Data: lnwire.ErrorData(openError(err))})
	if o != nil {
		s.end(o, err)
	}
}

// openError is what the peer may know: its own mistake, or that we can't now.
func openError(err error) string {
	var pe *htlc.PeerError
	if errors.As(err, &pe) || errors.Is(err, ErrBusy) || errors.Is(err, ErrNotReady) || errors.Is(err, ErrInvalid) {
		return err.Error()
	}
	return "channel can't be opened: internal error"
}

// peerDown ends what was being opened with a peer: nothing of it is durable.
func (s *openings) peerDown(p *peer.Peer) {
	s.mu.Lock()
	var gone []*opening
	for _, o := range s.m {
		if o.peer == p {
			gone = append(gone, o)
		}
	}
	s.mu.Unlock()
	for _, o := range gone {
		s.end(o, fmt.Errorf("%w: the connection ended while the channel was being opened", ErrPeerOffline))
	}
}

// peerError ends the opening that an error names; false if it names none.
func (s *openings) peerError(p *peer.Peer, m *lnwire.Error) bool {
	o := s.find(openingKey{peer: p.ID(), pending: m.ChanID})
	if o == nil {
		o = s.byChannel(p, m.ChanID)
	}
	if o == nil {
		return false
	}
	s.end(o, fmt.Errorf("node: the peer refused the channel: %s", printable(m.Data)))
	return true
}

// receive handles the messages of opening; it runs on the peer's goroutine.
func (s *openings) receive(p *peer.Peer, msg lnwire.Message) {
	switch m := msg.(type) {
	case *lnwire.OpenChannel:
		s.proposed(p, m)
	case *lnwire.AcceptChannel:
		s.accepted(p, m)
	case *lnwire.FundingCreated:
		s.created(p, m)
	case *lnwire.FundingSigned:
		s.signed(p, m)
	}
}
