package node

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/peer"
	"github.com/nichework/nwnd/router"
)

// gossiper is the shell of router.Gossip: it asks the chain about announced channels and
// moves messages between the graph and the peers, a bounded amount at a time.
type gossiper struct {
	log   *slog.Logger
	gate  *router.Gossip
	self  router.Node
	chain chainhash.Hash
	find  func(context.Context, lnwire.ShortChannelID) (wire.OutPoint, *wire.TxOut, error)
	own   func(to *peer.Peer) []lnwire.Message // this node's own announcements, which every peer gets
	extra func() []chainhash.Hash              // assets beside bitcoin
	// capacity is what an announced channel in a token holds, in units; errNoSuchTokenChannel if there is none.
	capacity func(context.Context, *router.FundingCheck) (uint64, error)
	wg       *sync.WaitGroup
	now      func() time.Time
	sync     *router.Sync
	spends   *spends
	trusts   func() uint32 // height that a block may have, if announcements are believed unseen; else nil
	began    time.Time
	store    *graphStore
	history  *historyStore // nil before the node has started

	mu      sync.Mutex
	peers   map[peer.ID]*gossipPeer
	changed chan struct{} // closed and replaced when there is something new
	gone    map[router.Node]time.Time

	rechecking atomic.Bool // announced channels in tokens are looked up again
}

// Housekeeping of the graph.
const (
	peerBudgetKept = 10 * time.Minute // a peer that comes back sooner has the budget it left
	maxGone        = 10_000           // peers whose budget is kept while they are away
	prunedAtOnce   = 1000             // channels that one block forgets for want of news
	pruneAfter     = time.Hour        // of a start at which no peer told us what it knows
)

func newGossiper(gate *router.Gossip, self router.Node, chain chainhash.Hash, log *slog.Logger,
	find func(context.Context, lnwire.ShortChannelID) (wire.OutPoint, *wire.TxOut, error), now func() time.Time) *gossiper {

	return &gossiper{
		log: log, gate: gate, self: self, chain: chain, find: find, now: now,
		own:   func(*peer.Peer) []lnwire.Message { return nil },
		extra: func() []chainhash.Hash { return nil }, wg: new(sync.WaitGroup),
		sync: router.NewSync(gate, router.SyncConfig{Chain: chain}), began: now(),
		spends: &spends{log: log, graph: gate.Graph(), chain: chain},
		peers:  make(map[peer.ID]*gossipPeer), changed: make(chan struct{}), gone: make(map[router.Node]time.Time),
	}
}

// isGossip says which messages belong here.
func isGossip(msg lnwire.Message) bool {
	switch msg.(type) {
	case *lnwire.ChannelAnnouncement1, *lnwire.ChannelUpdate1, *lnwire.NodeAnnouncement1,
		*lnwire.GossipTimestampRange, *lnwire.QueryChannelRange, *lnwire.QueryShortChanIDs,
		*lnwire.ReplyChannelRange, *lnwire.ReplyShortChanIDsEnd:
		return true
	}
	return false
}

// up begins to exchange gossip with a peer, until its connection ends.
func (g *gossiper) up(ctx context.Context, wg *sync.WaitGroup, p *peer.Peer) {
	gp := newGossipPeer(g, p)
	g.mu.Lock()
	g.peers[p.ID()] = gp
	g.mu.Unlock()
	wg.Add(2)
	go func() { defer wg.Done(); gp.receiveLoop(ctx) }()
	go func() { defer wg.Done(); gp.sendLoop(ctx) }()
	if p.Features().HasFeature(lnwire.GossipQueriesOptional) {
		g.ask(g.sync.Up(gp.id, g.now()))
	}
	if speaksTokens(p) {
		for _, h := range g.extra() {
			_ = p.Send(everythingOf(h))
		}
	}
}

// everythingOf asks for all that is known of an asset's channels, and for the news. Of assets there is
// little enough to be told it at every connection.
func everythingOf(asset chainhash.Hash) *lnwire.GossipTimestampRange {
	return &lnwire.GossipTimestampRange{ChainHash: asset, TimestampRange: math.MaxUint32}
}

// follow takes gossip of one more asset, and asks the peers for what there is.
func (g *gossiper) followAsset(asset chainhash.Hash) {
	g.gate.FollowChain(asset)
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, gp := range g.peers {
		if speaksTokens(gp.peer) {
			_ = gp.peer.Send(everythingOf(asset))
		}
	}
}

func (g *gossiper) down(p *peer.Peer) {
	if g.leave(p) {
		g.ask(g.sync.Down(router.Node(p.ID()), g.now()))
	}
}

// leave forgets a connection, and says if it was its peer's latest.
func (g *gossiper) leave(p *peer.Peer) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	gp := g.peers[p.ID()]
	latest := gp != nil && gp.peer == p
	if latest {
		delete(g.peers, p.ID())
	}
	if len(g.gone) < maxGone {
		g.gone[router.Node(p.ID())] = g.now()
	} else {
		g.gate.Gone(router.Node(p.ID()))
	}
	return latest
}

// receive queues a message for judgement. It waits while the peer's queue is full, which
// holds up that peer alone.
func (g *gossiper) receive(ctx context.Context, p *peer.Peer, msg lnwire.Message) {
	g.mu.Lock()
	gp := g.peers[p.ID()]
	g.mu.Unlock()
	if gp == nil {
		return
	}
	gp.queue(ctx, msg)
}

// accept judges a message, asks the chain where needed, and says whether it was taken.
func (g *gossiper) accept(ctx context.Context, from router.Node, msg lnwire.Message) error {
	check, err := g.gate.Receive(from, msg, g.now())
	if err == nil && check != nil {
		err = g.confirm(ctx, check)
	}
	if err == nil {
		g.notify()
	}
	return err
}

// confirm looks an announced channel's funding output up. While the chain can't tell, be it
// that it doesn't answer or that our view of it lags, the question waits for a block.
func (g *gossiper) confirm(ctx context.Context, check *router.FundingCheck) error {
	if check.ChainHash != g.chain {
		return g.confirmToken(ctx, check)
	}
	if g.trusts != nil {
		return g.believe(check)
	}
	seen := g.spends.seen.Load()
	at, out, err := g.find(ctx, check.SCID)
	switch {
	case chainSaysNo(err):
		g.gate.Reject(check)
		return err
	case err != nil:
		g.gate.Postpone(check)
		return err
	case string(out.PkScript) != string(check.Script):
		g.gate.Reject(check)
		return errors.New("node: the output pays another script")
	}
	check.Funding = at
	if err := g.gate.Confirm(check, lnwire.MilliSatoshi(out.Value)*1000, g.now()); err != nil {
		return err
	}
	if g.spends.seen.Load() == seen {
		return nil
	}
	// A block came meanwhile, and may have spent what was not in the graph yet.
	if _, _, err = g.find(ctx, check.SCID); chainSaysNo(err) {
		g.gate.Graph().RemoveChannel(check.ID())
		g.gate.Reject(check)
		return err
	}
	return nil
}

// confirmToken looks an announced channel in a token up in its contract.
func (g *gossiper) confirmToken(ctx context.Context, check *router.FundingCheck) error {
	units, err := g.capacity(ctx, check)
	switch {
	case errors.Is(err, errOtherTokenChannel): // to remember it would keep out the one that has the position
		return err
	case errors.Is(err, errNoSuchTokenChannel):
		g.gate.Reject(check)
		return err
	case err != nil:
		g.gate.PostponeAsset(check, g.now())
		return err
	}
	return g.gate.Confirm(check, lnwire.MilliSatoshi(units)*1000, g.now())
}

// block asks again what the chain couldn't tell before, and forgets what is long without
// news.
func (g *gossiper) block(ctx context.Context) {
	g.forget()
	g.prune()
	var inTokens []*router.FundingCheck
	for _, check := range g.gate.Postponed() {
		if check.ChainHash != g.chain {
			inTokens = append(inTokens, check)
			continue
		}
		if ctx.Err() != nil {
			return
		}
		if err := g.confirm(ctx, check); err == nil {
			g.notify()
		}
	}
	g.recheck(ctx, inTokens)
}

// prune forgets what is long without news. After a start peers have their say first: it may be
// us who heard nothing.
func (g *gossiper) prune() {
	if !g.sync.Synced() && g.now().Sub(g.began) < pruneAfter {
		return
	}
	if pruned := g.gate.Prune(g.now(), prunedAtOnce); len(pruned) > 0 {
		g.log.Info("channels without news were forgotten", "count", len(pruned))
	}
}

// forget drops the budgets of peers that are long gone.
func (g *gossiper) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for id, since := range g.gone {
		switch {
		case g.peers[peer.ID(id)] != nil:
			delete(g.gone, id)
		case g.now().Sub(since) > peerBudgetKept:
			delete(g.gone, id)
			g.gate.Gone(id)
		}
	}
}

// publish takes this node's own message and hands it to every peer.
func (g *gossiper) publish(ctx context.Context, msg lnwire.Message) error {
	err := g.accept(ctx, g.self, msg)
	if err != nil && !errors.Is(err, router.ErrDuplicate) && !errors.Is(err, router.ErrStale) {
		return err
	}
	raw, err := router.Raw(msg) // encoding a message changes it, and it has several readers
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, gp := range g.peers {
		if chain, ok := chainOfGossip(msg); !ok || chain == g.chain || speaksTokens(gp.peer) {
			gp.peer.SendGossip(raw)
		}
	}
	return nil
}

// chainOfGossip is the asset that a message is about, if it is about one.
func chainOfGossip(msg lnwire.Message) (chainhash.Hash, bool) {
	switch m := msg.(type) {
	case *lnwire.ChannelAnnouncement1:
		return m.ChainHash, true
	case *lnwire.ChannelUpdate1:
		return m.ChainHash, true
	}
	return chainhash.Hash{}, false
}

// publishChannelUpdate takes this node's update of a channel and tells every peer, or only
// the channel's own while the channel is not announced.
func (g *gossiper) publishChannelUpdate(ctx context.Context, d *driver, u *lnwire.ChannelUpdate1, public bool) error {
	if public {
		return g.publish(ctx, u)
	}
	// It may come before our own graph has the channel, and is then taken later.
	if err := g.accept(ctx, g.self, u); err != nil && !errors.Is(err, router.ErrDuplicate) && !errors.Is(err, router.ErrWaiting) {
		return err
	}
	raw, err := router.Raw(u)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if gp := g.peers[peer.ID(d.channel().Params().Peer)]; gp != nil {
		gp.peer.SendGossip(raw)
	}
	return nil
}

// learn takes a channel_update out of an onion failure. It is not relayed, which would
// tell who paid. True if it was news.
func (g *gossiper) learn(reporter router.Node, u *lnwire.ChannelUpdate1) bool {
	return g.gate.ReceiveFromFailure(reporter, u, g.now()) == nil
}

func (g *gossiper) notify() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.changed)
	g.changed = make(chan struct{})
}

func (g *gossiper) news() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.changed
}
