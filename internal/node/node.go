package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/backup"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/enforce"
	"github.com/nichework/nwnd/internal/onion"
	"github.com/nichework/nwnd/internal/peer"
	"github.com/nichework/nwnd/internal/signer"
	"github.com/nichework/nwnd/router"
)

// Config is what a node is made of. The caller owns what it passes in and closes it after
// Run has returned.
type Config struct {
	Network  *chaincfg.Params
	Identity *btcec.PrivateKey
	DB       *channeldb.DB
	Chain    chain.Chain
	Wallet   Wallet
	Log      *slog.Logger

	Alias     string
	Color     [3]byte
	Listen    []net.Listener
	Addresses []net.Addr // told to others
	Version   string

	Policy            ChannelPolicy // of new channels
	MinConfs          uint32        // before a channel opened to us is used; 0 chooses 3 to 6 by its size
	FinalConfs        uint32        // from which on what is on chain is final; at least 6
	FinalConfsPerBTC  uint32        // more, for each whole bitcoin at stake
	MaxPending        int           // channels being opened, per peer
	MaxPendingTotal   int
	MinChannel        int64 // satoshi
	MaxChannel        int64 // satoshi; above 2^24-1 is for those who trust their software
	ConnectTimeout    time.Duration
	PeerLimits        peer.Limits
	Dial              func(ctx context.Context, addr string) (net.Conn, error) // to a peer; nil: TCP
	Now               func() time.Time
	FeeUpdateInterval time.Duration
	AcceptKeysend     bool // take payments that no invoice asked for

	Backup backup.File // of channels; without a path none is written

	// TrustGraph believes announcements of channels whose signatures are right, without a look at the
	// chain, and sees no channel of others closed there: for a chain whose blocks are dear.
	TrustGraph bool

	EVM []EVMConfig // chains on which channels in tokens may be held

	// ChainPatience is for how long the chain backend may be silent, BlockPatience for how long there may
	// be no block, before the chain counts as stale; 0: 5 minutes, and 2 hours but on regtest and
	// simnet; negative: for ever.
	ChainPatience, BlockPatience time.Duration

	after func(time.Duration, func()) (stop func() bool) // nil: time.AfterFunc
}

// Node is a running Lightning node. It implements API.
type Node struct {
	cfg   Config
	log   *slog.Logger
	ctx   context.Context // ends with the node
	stop  context.CancelFunc
	wg    sync.WaitGroup
	fault chan error    // the first error that must stop the node; capacity 1
	ready chan struct{} // closed when start has ended well

	backlogs chan struct{} // one slot for each old block that is read for a stream

	self   [33]byte
	now    func() time.Time
	db     *channeldb.DB
	chain  chain.Chain
	wallet Wallet
	format htlc.Format
	pool   *signer.Pool

	sw        *Switch
	peers     *peer.Manager
	gossip    *gossiper
	graph     *router.Graph
	policies  *policies
	announcer *announcer
	invoices  *Invoices
	payments  *Payments
	inTokens  inTokens
	openings  *openings
	hosts     *hosts
	backups   *backups
	totals    *totals
	alerts    *alerts
	stale     *staleness
	tokens    *tokens
	benches   benches
	prices    prices
	payer     *payer
	court     *enforce.Court
	sweeper   *enforce.Sweeper
	events    channelEvents
	htlcs     *htlcEvents
	routes    *routes
	keys      sync.Mutex // of the next key index
	updating  sync.Mutex // held while a channel_update is signed and sent

	selfMu  sync.Mutex
	selfMsg *lnwire.NodeAnnouncement1 // our newest node_announcement
	addrs   []net.Addr                // that it tells
}

var _ API = (*Node)(nil)

// New puts a node together and reads its state; nothing runs before Run.
func New(cfg Config) (*Node, error) {
	cfg.complete()
	ctx, stop := context.WithCancel(context.Background())
	n := &Node{
		cfg: cfg, log: cfg.Log, ctx: ctx, stop: stop, fault: make(chan error, 1), ready: make(chan struct{}), now: cfg.Now,
		db: cfg.DB, chain: cfg.Chain, wallet: cfg.Wallet, format: bolt3.Format{}, pool: signer.NewPool(0),
		graph: router.NewGraph(), backlogs: make(chan struct{}, maxBacklogs), stale: new(staleness),
	}
	n.addrs = cfg.Addresses
	copy(n.self[:], cfg.Identity.PubKey().SerializeCompressed())
	if n.cfg.Alias == "" {
		n.cfg.Alias = defaultAlias(n.self[:])
	}
	if err := n.assemble(); err != nil {
		stop()
		return nil, err
	}
	return n, nil
}

func (c *Config) complete() {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 30 * time.Second
	}
	orDefault(&c.MaxPending, defaultMaxPending)
	orDefault(&c.MaxPendingTotal, defaultMaxPendingTotal)
	orDefault(&c.MaxChannel, int64(smallChannel))
	orDefault(&c.Policy, DefaultPolicy)
	orDefault(&c.ChainPatience, chainPatience)
	if blocksAreTimed(c.Network) {
		orDefault(&c.BlockPatience, blockPatience)
	}
	if c.FeeUpdateInterval == 0 {
		c.FeeUpdateInterval = 10 * time.Minute
	}
}

func orDefault[T comparable](value *T, standard T) {
	var zero T
	if *value == zero {
		*value = standard
	}
}

func (n *Node) chainHash() chainhash.Hash { return *n.cfg.Network.GenesisHash }

// assemble makes the parts, lowest first.
func (n *Node) assemble() (err error) {
	if n.tokens, err = newTokens(n.db, n.graph, n.cfg.EVM); err != nil {
		return err
	}
	gate := router.NewGossip(n.graph, router.GossipConfig{
		Chains: append(n.tokens.hashes(), n.chainHash()), Self: n.self,
	})
	n.gossip = newGossiper(gate, n.self, n.chainHash(), n.log.With("part", "gossip"), n.chain.FundingOutput, n.now)
	n.gossip.own, n.gossip.extra, n.gossip.capacity, n.gossip.wg = n.ownGossip, n.tokens.hashes, n.tokenCapacity, &n.wg
	if n.cfg.TrustGraph {
		n.gossip.trusts = n.reachable
	}
	n.gossip.store = newGraphStore(n.db, gate, n.gossip.log)
	n.policies = &policies{
		db: n.db, key: n.cfg.Identity, self: n.self, chain: n.chainHash(), now: n.now,
		standard: n.cfg.Policy, m: make(map[lnwire.ChannelID]*policyEntry),
	}
	n.announcer = &announcer{
		log: n.log.With("part", "announce"), key: n.cfg.Identity, self: n.self, chain: n.chainHash(),
		db: n.db, append: n.db.Append, gossip: n.gossip, signer: n.gossipSigner, m: make(map[lnwire.ChannelID]*announcement),
		buried: make(map[lnwire.ChannelID]struct{}), announced: n.publishNode,
	}
	n.htlcs = &htlcEvents{now: n.now}
	if n.invoices, err = n.newInvoices(bitcoinSpace, invoiceSigner(n.cfg.Network, n.cfg.Identity)); err != nil {
		return err
	}
	n.invoices.keysend = n.cfg.AcceptKeysend
	if n.inTokens.Invoices, err = n.newInvoices(tokenSpace, tokenInvoiceSigner(n.cfg.Identity)); err != nil {
		return err
	}
	n.routes = &routes{
		self: n.self, chain: n.chainHash(), graph: n.graph, history: router.NewHistory(n.graph, 0),
		local: func() []*driver { return n.sw.live() }, height: n.height, now: n.now,
		gossip: n.gossip.learn, tokens: n.tokens,
	}
	if n.payments, err = n.newPayments(bitcoinSpace); err != nil {
		return err
	}
	if n.inTokens.Payments, err = n.newPayments(tokenSpace); err != nil {
		return err
	}
	n.sw = &Switch{
		log: n.log.With("part", "switch"), circuits: newCircuits(), replays: newReplays(n.db),
		onions: onion.NewPeeler(onion.NewKey(n.cfg.Identity)),
		final:  receivers{n.invoices, n.inTokens.Invoices},
		own:    senders{n.payments, n.inTokens.Payments},
		blocks: heightFunc(n.height), book: n.policies, events: n.htlcs,
		byID: make(map[lnwire.ChannelID]*driver), bySCID: make(map[uint64]*driver),
	}
	if n.sw.history, err = newForwards(n.db, n.now); err != nil {
		return err
	}
	if n.sw.tokenHistory, err = newForwards(tokenSpace.reader(n.db), n.now); err != nil {
		return err
	}
	if n.sw.failures, err = newFailedForwards(n.db, n.now); err != nil {
		return err
	}
	n.totals = newTotals()
	n.alerts = &alerts{log: n.log.With("part", "alert"), now: n.now}
	n.sw.stale = n.stale
	n.hosts = &hosts{db: n.db}
	n.backups = newBackups(n, n.cfg.Backup)
	if err := n.assembleCourt(); err != nil {
		return err
	}
	if n.openings, err = newOpenings(n); err != nil {
		return err
	}
	n.wallet.Keep(n.reserved)
	n.peers, err = peer.NewManager(peer.Config{
		Identity: onion.NewKey(n.cfg.Identity), Features: n.features(), Network: n.chainHash(), Understands: understands,
		Handler: peerHandler{n}, Log: n.log.With("part", "peer"), Limits: n.cfg.PeerLimits,
		Dial: n.cfg.Dial,
	})
	return err
}

type heightFunc func() uint32

// Height is the best block's.
func (f heightFunc) Height() uint32 { return f() }

func (n *Node) height() uint32 { return uint32(max(n.chain.Best().Height, 0)) }

// gossipSigner signs announcements with a channel's secrets, in ECDSA whatever its commitments have.
func (n *Node) gossipSigner(p *htlc.Params) (htlc.Signer, error) {
	secrets, err := n.wallet.ChannelKeys(p.KeyIndex)
	if err != nil {
		return nil, err
	}
	return signer.New(secrets, signer.ECDSA, n.pool)
}

// signer derives a channel's secrets.
func (n *Node) signer(p *htlc.Params) (htlc.Signer, error) {
	secrets, err := n.wallet.ChannelKeys(p.KeyIndex)
	if err != nil {
		return nil, err
	}
	if n.tokens.byHash(p.ChainHash) != nil {
		return signer.New(secrets, signer.EIP2098, n.pool)
	}
	return signer.New(secrets, signer.ECDSA, n.pool)
}

// Run brings the node up and returns when it was stopped, nil, or must not go on.
func (n *Node) Run() error {
	err := n.start()
	if err == nil {
		select {
		case err = <-n.fault:
		case <-n.ctx.Done():
		case <-n.db.Done():
			err = n.db.Err()
		}
	}
	n.stop()
	n.peers.Close()
	n.wg.Wait()
	n.endGossip()
	return err
}

// Started is closed when Run has read all that the node must know before anything is asked of it:
// without it, who asks again for a payment that was in flight would begin another.
func (n *Node) Started() <-chan struct{} { return n.ready }

// Close asks the node to stop; Run returns soon after.
func (n *Node) Close() { n.stop() }

// fail stops the node for a reason; the first one counts.
func (n *Node) fail(err error) {
	if err == nil || errors.Is(err, channeldb.ErrClosed) {
		return
	}
	select {
	case n.fault <- err:
	default:
	}
}

// start restores the channels, lets them repeat what is pending, and opens the doors.
func (n *Node) start() error {
	if err := n.startGossip(); err != nil {
		return err
	}
	all, err := n.loadChannels()
	if err != nil {
		return err
	}
	if err := n.sw.replays.load(); err != nil {
		return err
	}
	if err := errors.Join(n.payments.load(), n.inTokens.Payments.load()); err != nil {
		return err
	}
	n.waitForPeers()
	n.checkChain()
	n.sw.restore(all)
	n.invoices.restored()
	n.inTokens.Invoices.restored()
	if err := n.payments.resume(n.attemptsOut(all, false)); err != nil {
		return err
	}
	if err := n.inTokens.Payments.resume(n.attemptsOut(all, true)); err != nil {
		return err
	}
	for _, d := range all {
		if d.channel().State() == htlc.Open {
			n.opened(d) // again: what it does lives in memory
		}
		if d.token == nil {
			n.reserveFunding(d)
		}
		n.runDriver(d)
	}
	n.wg.Go(n.followBlocks)
	n.wg.Go(n.followStaleness)
	n.wg.Go(func() { n.backups.run(n.ctx) })
	n.wg.Go(func() { n.fail(n.court.Run(n.ctx)) })
	for _, t := range n.tokens.all() {
		n.tellOddity(t)
	}
	n.startBenches()
	for _, l := range n.cfg.Listen {
		n.wg.Go(func() {
			if err := n.peers.Serve(n.ctx, l); err != nil && n.ctx.Err() == nil {
				n.fail(fmt.Errorf("node: listening on %v: %w", l.Addr(), err))
			}
		})
	}
	n.reconnect(all)
	close(n.ready)
	return nil
}

// attemptsOut are the payment attempts, in bitcoin or in tokens, of which some channel knows.
func (n *Node) attemptsOut(all []*driver, tokens bool) map[uint64]bool {
	known := make(map[uint64]bool)
	for _, d := range all {
		if tokens != (d.token != nil) {
			continue
		}
		for _, h := range d.channel().HTLCs() {
			if h.Offerer == htlc.Local && h.Ref.Own() {
				known[h.Ref.ID] = true
			}
		}
	}
	return known
}

// runDriver starts a channel's goroutine and its watch on the chain.
func (n *Node) runDriver(d *driver) {
	ctx, stop := context.WithCancel(n.ctx)
	d.stop = stop
	n.wg.Go(func() { n.fail(d.run(ctx)) })
	watch := func() error { return n.watch(ctx, d) }
	if d.token != nil {
		watch = func() error { return n.watchToken(d) }
	}
	if err := watch(); err != nil && ctx.Err() == nil {
		n.fail(fmt.Errorf("node: channel %v can't be watched: %w", d.id, err))
	}
}
