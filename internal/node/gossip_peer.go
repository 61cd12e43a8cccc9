package node

import (
	"context"
	"sync"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/peer"
	"github.com/nichework/nwnd/router"
)

// Limits of the exchange with one peer.
const (
	gossipInbox = 1000    // messages that wait to be judged; then its reader waits
	gossipBytes = 1 << 20 // and what they hold
	gossipChunk = 100     // messages that are looked up at once to be sent
)

// gossipPeer exchanges gossip over one connection.
type gossipPeer struct {
	g     *gossiper
	peer  *peer.Peer
	id    router.Node
	inbox chan lnwire.Message
	room  chan struct{} // a message was taken; capacity 1

	mu    sync.Mutex
	held  int // bytes of what waits in the inbox
	feeds map[chainhash.Hash]*gossipFeed
}

// maxFeeds is of how many assets one peer is told.
const maxFeeds = 64

// gossipFeed is what a peer wants to be told of one asset.
type gossipFeed struct {
	filter *router.Filter // gossipPeer.mu guards it
	wanted chan struct{}  // a filter came; capacity 1
}

func newGossipFeed() *gossipFeed { return &gossipFeed{wanted: make(chan struct{}, 1)} }

func newGossipPeer(g *gossiper, p *peer.Peer) *gossipPeer {
	return &gossipPeer{
		g: g, peer: p, id: router.Node(p.ID()),
		inbox: make(chan lnwire.Message, gossipInbox), room: make(chan struct{}, 1),
		feeds: map[chainhash.Hash]*gossipFeed{g.chain: newGossipFeed()},
	}
}

func (gp *gossipPeer) receiveLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-gp.peer.Done():
			return
		case msg := <-gp.inbox:
			gp.release(gossipSize(msg))
			gp.handle(ctx, msg)
		}
	}
}

// queue hands a message to the receive loop, once there is room for it (a peer could
// otherwise make us hold 64 kB for each of its messages).
func (gp *gossipPeer) queue(ctx context.Context, msg lnwire.Message) {
	for size := gossipSize(msg); !gp.reserve(size); {
		select {
		case <-gp.room:
		case <-gp.peer.Done():
			return
		case <-ctx.Done():
			return
		}
	}
	select {
	case gp.inbox <- msg:
	case <-gp.peer.Done():
	case <-ctx.Done():
	}
}

// reserve takes room for a message; one alone always fits.
func (gp *gossipPeer) reserve(size int) bool {
	gp.mu.Lock()
	defer gp.mu.Unlock()
	if gp.held > 0 && gp.held+size > gossipBytes {
		return false
	}
	gp.held += size
	return true
}

func (gp *gossipPeer) release(size int) {
	gp.mu.Lock()
	gp.held -= size
	gp.mu.Unlock()
	select {
	case gp.room <- struct{}{}:
	default:
	}
}

// gossipSize is about what a message takes in memory, in bytes.
func gossipSize(msg lnwire.Message) int {
	const fixed = 1024 // signatures, keys and the structure round them
	switch m := msg.(type) {
	case *lnwire.ChannelAnnouncement1:
		return fixed + len(m.ExtraOpaqueData) + m.Features.SerializeSize()
	case *lnwire.ChannelUpdate1:
		return fixed + len(m.ExtraOpaqueData)
	case *lnwire.NodeAnnouncement1:
		return fixed + len(m.ExtraOpaqueData) + m.Features.SerializeSize() + 64*len(m.Addresses)
	case *lnwire.QueryShortChanIDs:
		return fixed + 16*len(m.ShortChanIDs) + len(m.ExtraData)
	case *lnwire.ReplyChannelRange:
		return fixed + 16*len(m.ShortChanIDs) + len(m.ExtraData)
	}
	return fixed
}

func (gp *gossipPeer) handle(ctx context.Context, msg lnwire.Message) {
	var err error
	switch m := msg.(type) {
	case *lnwire.GossipTimestampRange:
		gp.filterCame(ctx, router.FilterOf(m))
		return
	case *lnwire.QueryChannelRange, *lnwire.QueryShortChanIDs:
		err = gp.answer(ctx, m)
	case *lnwire.ReplyChannelRange, *lnwire.ReplyShortChanIDsEnd:
		var asks []router.Ask
		asks, err = gp.g.sync.Receive(gp.id, m, gp.g.now())
		gp.g.ask(asks)
	default:
		err = gp.g.accept(ctx, gp.id, msg)
		gp.g.sync.Heard(gp.id, gp.g.now())
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	switch router.ReactionTo(err) {
	case router.Ignore:
		gp.g.log.Debug("gossip ignored", "peer", gp.peer.ID(), "type", msg.MsgType(), "why", err)
	case router.Warn:
		gp.g.log.Info("bad gossip", "peer", gp.peer.ID(), "type", msg.MsgType(), "why", err)
		_ = gp.peer.Send(&lnwire.Warning{Data: lnwire.WarningData(err.Error())})
	case router.Disconnect:
		_ = gp.peer.Send(&lnwire.Warning{Data: lnwire.WarningData(err.Error())})
		gp.peer.Disconnect(err)
	}
}

// filterCame notes what the peer wants to be told of an asset; the first of an asset begins to tell it.
func (gp *gossipPeer) filterCame(ctx context.Context, f router.Filter) {
	gp.mu.Lock()
	feed := gp.feeds[f.Chain]
	begin := feed == nil && len(gp.feeds) < maxFeeds && gp.g.gate.Follows(f.Chain)
	if begin {
		feed = newGossipFeed()
		gp.feeds[f.Chain] = feed
	}
	if feed != nil {
		feed.filter = &f
	}
	gp.mu.Unlock()
	if feed == nil {
		return
	}
	select {
	case feed.wanted <- struct{}{}:
	default:
	}
	if begin {
		gp.g.wg.Go(func() { gp.tell(ctx, feed) })
	}
}

// sendLoop gives the peer our own announcements, then what it wants to be told of bitcoin.
func (gp *gossipPeer) sendLoop(ctx context.Context) {
	for _, m := range gp.g.own(gp.peer) {
		if !gp.push(ctx, m) {
			return
		}
	}
	gp.mu.Lock()
	bitcoin := gp.feeds[gp.g.chain]
	gp.mu.Unlock()
	gp.tell(ctx, bitcoin)
}

// tell gives the peer what its filter of an asset asks for, once it sent one: first the backlog, then the
// news. It never holds more than a chunk.
func (gp *gossipPeer) tell(ctx context.Context, feed *gossipFeed) {
	var cursor router.Cursor
	var seq uint64
	var filter *router.Filter
	for {
		news := gp.g.news()
		if filter != nil {
			var chunk []*router.RawMessage
			if !cursor.Done() {
				chunk = gp.g.gate.Backlog(&cursor, *filter, gossipChunk)
			} else {
				chunk = gp.g.gate.Fresh(gp.id, *filter, &seq, gossipChunk)
			}
			for _, m := range chunk {
				if !gp.push(ctx, m) {
					return
				}
			}
			if !cursor.Done() || len(chunk) > 0 {
				continue
			}
		} else {
			news = nil
		}
		select {
		case <-ctx.Done():
			return
		case <-gp.peer.Done():
			return
		case <-news:
		case <-feed.wanted:
			gp.mu.Lock()
			filter = feed.filter
			gp.mu.Unlock()
			cursor, seq = router.Cursor{}, gp.g.gate.Seq()
		}
	}
}

// push queues one message, waiting for room. It is false when the connection has ended.
func (gp *gossipPeer) push(ctx context.Context, m lnwire.Message) bool {
	for !gp.peer.SendGossip(m) {
		select {
		case <-gp.peer.GossipReady():
		case <-gp.peer.Done():
			return false
		case <-ctx.Done():
			return false
		}
	}
	return true
}
