package node

import (
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/onion"
	"github.com/nichework/nwnd/router"
)

// routeFinder prepares attempts and learns from them.
type routeFinder interface {
	prepare(p *payment, part shard, ignore *ignored) (*attempt, *driver, htlc.Add, error)
	succeeded(a *attempt)
	learn(o outcome, ignore *ignored) FailureReason // FailureNone: try again
	reasonOf(err error) FailureReason
}

// shard is the part of a payment for which a route is asked.
type shard struct {
	amount, maxFee lnwire.MilliSatoshi
	left           lnwire.MilliSatoshi // of the payment, this part included
	flying         []flying            // other parts of the same payment
}

// flying is a part that is out.
type flying struct {
	id     uint64
	by     lnwire.ShortChannelID // of ours
	amount lnwire.MilliSatoshi
}

// blockPadding is added to every route's expiries, so that a block found while the HTLC
// travels doesn't make its end refuse it.
const blockPadding = 3

// ignored is what one payment shall not try again.
type ignored struct {
	channels map[router.DirectedChan]struct{}
	own      map[lnwire.ChannelID]struct{}
}

func newIgnored() *ignored {
	return &ignored{
		channels: make(map[router.DirectedChan]struct{}),
		own:      make(map[lnwire.ChannelID]struct{}),
	}
}

func (i *ignored) channel(d *driver) { i.own[d.id] = struct{}{} }

// routes finds routes in the graph over this node's channels.
type routes struct {
	self    router.Node
	chain   chainhash.Hash
	graph   *router.Graph
	history *router.History
	gossip  func(router.Node, *lnwire.ChannelUpdate1) bool // takes a failure's channel_update; true if it was new
	local   func() []*driver
	height  func() uint32
	now     func() time.Time

	tokens *tokens
	token  *token // whose channels are looked at; nil: bitcoin's
}

// in are the routes of an asset. One that isn't known any more has none.
func (r *routes) in(id AssetID) *routes {
	if id == (AssetID{}) {
		return r
	}
	of := *r
	of.chain = chainhash.Hash(id)
	if of.token = r.tokens.byHash(id); of.token == nil {
		of.local, of.history = func() []*driver { return nil }, nil
		return &of
	}
	of.history = of.token.history
	// The graph counts time in units of cltv_expiry_delta, from now: see timed.
	of.height = func() uint32 { return 0 }
	return &of
}

// timed turns a route's expiries from ticks ahead into the chain's time.
func (r *routes) timed(route *router.Route) {
	if r.token == nil {
		return
	}
	t := r.token.times()
	at := func(ticks uint32) uint32 { return t.now + ticks*t.tick }
	route.CLTV = at(route.CLTV)
	for i := range route.Hops {
		route.Hops[i].OutgoingCLTV = at(route.Hops[i].OutgoingCLTV)
	}
}

// padding is added to every expiry of a route.
func (r *routes) padding() uint32 {
	if r.token == nil {
		return blockPadding
	}
	return 1 // a tick
}

// localChannels are those that could carry an HTLC now, by short_channel_id.
func (r *routes) localChannels(ignore *ignored, only []lnwire.ShortChannelID) ([]router.LocalChannel, map[uint64]*driver) {
	list, byID := []router.LocalChannel{}, make(map[uint64]*driver)
	for _, d := range r.local() {
		c := d.channel()
		scid := c.SCID()
		if _, skip := ignore.own[d.id]; skip || d.token != r.token || c.State() != htlc.Open || !c.Connected() || !allowed(only, scid) {
			continue
		}
		list = append(list, router.LocalChannel{
			Channel:   router.ChanID{Chain: r.chain, SCID: scid},
			Peer:      router.Node(c.Params().Peer),
			Spendable: c.Spendable(),
			HTLCMin:   c.Params().Terms[htlc.Remote].HTLCMinimum,
		})
		byID[scid.ToUint64()] = d
	}
	return list, byID
}

func allowed(only []lnwire.ShortChannelID, scid lnwire.ShortChannelID) bool {
	for _, c := range only {
		if c == scid {
			return true
		}
	}
	return len(only) == 0
}

func (r *routes) query(o *order, local []router.LocalChannel) router.Query {
	q := router.Query{
		Source: r.self, Target: router.Node(o.dest), Chain: r.chain, Amount: o.amount,
		Height: r.height() + r.padding(), FinalCLTVDelta: o.finalDelta, MaxCLTVDelta: o.cltvLimit,
		MaxFee: o.feeLimit, Local: local, History: r.history, Now: r.now(), Weights: preferring(o.timePref),
	}
	if o.lastHop != nil {
		n := router.Node(*o.lastHop)
		q.LastHop = &n
	}
	for _, hint := range o.hints {
		for i, h := range hint {
			to := router.Node(o.dest)
			if i+1 < len(hint) {
				to = router.Node(hint[i+1].Node)
			}
			q.Hints = append(q.Hints, router.Hint{
				Channel: router.ChanID{Chain: r.chain, SCID: h.SCID}, From: router.Node(h.Node), To: to,
				Policy: router.Policy{CLTVDelta: h.CLTVDelta, FeeBase: h.BaseFee, FeeRate: h.FeePPM},
			})
		}
	}
	return q
}

// preferring weighs the risk of an attempt against fees, as lnd has it: at 1 it counts 19 times as
// much, at -1 a nineteenth.
func preferring(pref float64) *router.Weights {
	w := router.DefaultWeights
	factor := 1/(0.5-pref*0.45) - 1
	w.AttemptCost, w.AttemptPPM = w.AttemptCost*factor, w.AttemptPPM*factor
	return &w
}

// reserve takes from the channels what parts of the same payment need that are on their way
// to a channel, but not in it yet.
func reserve(local []router.LocalChannel, drivers map[uint64]*driver, parts []flying) {
	for _, part := range parts {
		d := drivers[part.by.ToUint64()]
		if d == nil || carries(d, part.id) {
			continue
		}
		for i := range local {
			if local[i].Channel.SCID == part.by {
				local[i].Spendable -= min(local[i].Spendable, part.amount)
			}
		}
	}
}

func spendable(local []router.LocalChannel) (sum lnwire.MilliSatoshi) {
	for i := range local {
		sum += local[i].Spendable
	}
	return sum
}

// errLocalBalance: not even all channels together can carry what is left of a payment.
var errLocalBalance = errors.New("node: insufficient local balance")

func carries(d *driver, id uint64) bool {
	for _, h := range d.channel().HTLCs() {
		if h.Offerer == htlc.Local && h.Ref.Own() && h.Ref.ID == id {
			return true
		}
	}
	return false
}

// prepare finds a route for a part of a payment and builds its onion.
func (r *routes) prepare(p *payment, part shard, ignore *ignored) (*attempt, *driver, htlc.Add, error) {
	r = r.in(p.order.asset)
	local, drivers := r.localChannels(ignore, p.order.chans)
	reserve(local, drivers, part.flying)
	if sum := spendable(local); sum < part.left {
		return nil, nil, htlc.Add{}, fmt.Errorf("%w: the channels that can be used have %v in all, needs %v",
			errLocalBalance, sum, part.left)
	}
	q := r.query(&p.order, local)
	q.Amount, q.MaxFee = part.amount, part.maxFee
	q.IgnoreChannels = ignore.channels
	route, err := r.graph.FindRoute(q)
	if err != nil {
		return nil, nil, htlc.Add{}, err
	}
	r.timed(route)
	d := drivers[route.Hops[0].Channel.SCID.ToUint64()]
	if d == nil {
		return nil, nil, htlc.Add{}, fmt.Errorf("node: route begins with channel %v, which isn't ours", route.Hops[0].Channel)
	}
	a := &attempt{Attempt: Attempt{Route: fromRouterRoute(route)}, asset: p.order.asset}
	if _, err := rand.Read(a.session[:]); err != nil {
		return nil, nil, htlc.Add{}, err
	}
	p.order.address(&a.Route)
	packet, err := buildOnion(a, p.Hash)
	if err != nil {
		return nil, nil, htlc.Add{}, err
	}
	return a, d, htlc.Add{Amount: route.Amount, Hash: p.Hash, Expiry: route.CLTV, Onion: packet}, nil
}

func fromRouterRoute(route *router.Route) Route {
	v := Route{TotalAmount: route.Amount, TotalFees: route.Fees, TotalTimeLock: route.CLTV}
	for _, h := range route.Hops {
		v.Hops = append(v.Hops, Hop{
			Node: PubKey(h.Node), SCID: h.Channel.SCID, Capacity: btcutil.Amount(h.Capacity / 1000),
			AmountToForward: h.Forward, Fee: h.Fee, Expiry: h.OutgoingCLTV,
		})
	}
	return v
}

// asRouterRoute is what History needs to know of a route.
func asRouterRoute(self router.Node, chain chainhash.Hash, v *Route) *router.Route {
	route := &router.Route{Source: self, Chain: chain, Amount: v.TotalAmount, CLTV: v.TotalTimeLock, Fees: v.TotalFees}
	for i := range v.Hops {
		h := &v.Hops[i]
		route.Hops = append(route.Hops, router.Hop{
			Node: router.Node(h.Node), Channel: router.ChanID{Chain: chain, SCID: h.SCID},
			Received: h.AmountToForward + h.Fee, Forward: h.AmountToForward, OutgoingCLTV: h.Expiry,
			Fee: h.Fee, Capacity: lnwire.NewMSatFromSatoshis(h.Capacity),
		})
	}
	return route
}

// buildOnion wraps what an attempt's route tells its nodes.
func buildOnion(a *attempt, hash lntypes.Hash) (*[onion.Size]byte, error) {
	hops := make([]onion.Hop, len(a.Route.Hops))
	for i := range a.Route.Hops {
		h := &a.Route.Hops[i]
		key, err := btcec.ParsePubKey(h.Node[:])
		if err != nil {
			return nil, fmt.Errorf("node: hop %d of the route: %w", i, err)
		}
		hops[i] = onion.Hop{Node: key, Payload: onion.Payload{Amount: h.AmountToForward, Expiry: h.Expiry, Metadata: h.Metadata}}
		told := &hops[i].Payload
		if a.asset != (AssetID{}) {
			told.Asset = (*[32]byte)(&a.asset)
		}
		for _, typ := range slices.Sorted(maps.Keys(h.CustomRecords)) { // KeysendRecord is one of them
			told.Custom = append(told.Custom, onion.Record{Type: typ, Value: h.CustomRecords[typ]})
		}
		if h.PaymentAddr != nil {
			told.PaymentData = &onion.PaymentData{Secret: *h.PaymentAddr, Total: h.TotalAmount}
		}
		if i+1 < len(a.Route.Hops) {
			told.Channel = a.Route.Hops[i+1].SCID
		}
	}
	session, _ := btcec.PrivKeyFromBytes(a.session[:])
	packet, _, err := onion.Build(hops, hash, session)
	return packet, err
}

func (r *routes) succeeded(a *attempt) {
	if r = r.in(a.asset); r.history == nil {
		return // the asset isn't known any more
	}
	r.history.Report(router.Attempt{Route: asRouterRoute(r.self, r.chain, &a.Route), Settled: true, Now: r.now()})
}

// learn takes a failure in and says whether another attempt makes sense.
func (r *routes) learn(o outcome, ignore *ignored) FailureReason {
	var refused *refusal
	if errors.As(o.err, &refused) {
		ignore.channel(refused.channel)
		return FailureNone
	}
	r = r.in(o.attempt.asset)
	if r.history == nil {
		return FailureError // the asset isn't known any more
	}
	report := router.Attempt{
		Route: asRouterRoute(r.self, r.chain, &o.attempt.Route), FailedAt: router.UnknownReporter, Now: r.now(),
	}
	if o.failure != nil {
		report.FailedAt, report.Code = o.failure.Hop+1, o.failure.Code
		update, hops := updateOf(o.failure.Message), o.attempt.Route.Hops
		if update != nil && o.failure.Hop < len(hops) {
			report.Repaired = r.gossip(router.Node(hops[o.failure.Hop].Node), update)
		}
	}
	verdict := r.history.Report(report)
	switch {
	case !verdict.Final:
		return FailureNone
	case o.failure != nil && o.failure.Hop == len(o.attempt.Route.Hops)-1:
		return FailureIncorrectDetails
	}
	return FailureError
}

// reasonOf is what a payment that found no route ends with.
func (r *routes) reasonOf(err error) FailureReason {
	switch {
	case router.ReasonOf(err) == router.ReasonLocalBalance, errors.Is(err, errLocalBalance):
		return FailureInsufficientBalance
	case errors.Is(err, router.ErrNoRoute):
		return FailureNoRoute
	}
	return FailureError
}

// updateOf is the channel_update that a failure carries, if any.
func updateOf(m lnwire.FailureMessage) *lnwire.ChannelUpdate1 {
	switch m := m.(type) {
	case *lnwire.FailTemporaryChannelFailure:
		return m.Update
	case *lnwire.FailAmountBelowMinimum:
		return &m.Update
	case *lnwire.FailFeeInsufficient:
		return &m.Update
	case *lnwire.FailIncorrectCltvExpiry:
		return &m.Update
	case *lnwire.FailExpiryTooSoon:
		return &m.Update
	case *lnwire.FailChannelDisabled:
		return &m.Update
	}
	return nil
}

// readFailure finds out who failed an attempt and why.
func readFailure(a *attempt, f htlc.Failed) (*AttemptFailure, *onion.Failure, error) {
	if f.Code != 0 { // our peer couldn't read the onion; there is no encrypted reason
		read := &onion.Failure{Hop: 0, Code: lnwire.FailCode(f.Code)}
		return &AttemptFailure{SourceIndex: 1, Internal: read.Code.String()}, read, nil
	}
	keys, err := a.keys()
	if err != nil {
		return &AttemptFailure{Internal: err.Error()}, nil, err
	}
	read, err := keys.Decrypt(f.Reason)
	if err != nil {
		return &AttemptFailure{Internal: err.Error()}, nil, err
	}
	out := &AttemptFailure{SourceIndex: uint32(read.Hop + 1), Message: read.Message}
	if read.Message == nil {
		out.Internal = fmt.Sprintf("unknown failure code %d", read.Code)
	}
	return out, &read, nil
}
