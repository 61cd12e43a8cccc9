package enforce

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/chain"
)

// spend is a transaction in a block that spends an output.
type spend struct {
	tx     *wire.MsgTx
	input  uint32
	height adjudicator.Height
	block  chainhash.Hash
}

// watched is an output of a channel on chain that is followed.
type watched struct {
	script []byte // its pkScript
	spend  *spend // nil: unspent
	stop   context.CancelFunc
}

// resolver sees one channel through to its end on chain. It decides anew at every block
// from what is in blocks then, so a reorganisation needs no rule of its own.
type resolver struct {
	court *Court
	ch    Channel
	id    lnwire.ChannelID
	log   *slog.Logger
	ctx   context.Context
	stop  context.CancelFunc

	job    job
	stored []byte // of job
	dirty  bool

	params *htlc.Params
	signer Signer
	spend  *spend         // of the funding output
	spent  *bitcoin.Spent // what it is; nil until it was judged
	outs   map[wire.OutPoint]*watched
	rival  *bitcoin.Spent // the newest commitment of the peer that waits for a block
	wants  []Want
	claims []*bitcoin.Claim // all there are, taken ones too

	learned map[uint64]bool // what was told upstream
	lost    map[uint64]bool
	ended   bool
	buried  bool
	alarms  [AlarmStale + 1]bool
	halting bool
	stopped adjudicator.Height // the tip at which the channel was found stopped first, 0: it was not
}

func newResolver(c *Court, ch Channel, j job) *resolver {
	p := ch.View().Params()
	r := &resolver{
		court: c, ch: ch, id: ch.ID(), log: c.log.With("channel", p.Outpoint.String()),
		job: j, params: p, outs: make(map[wire.OutPoint]*watched),
		learned: make(map[uint64]bool), lost: make(map[uint64]bool),
	}
	r.stored, _ = j.encode() // it was decoded just now
	if j.state == Idle {
		r.stored = nil
	}
	r.ctx, r.stop = context.WithCancel(c.ctx)
	return r
}

// active reports whether the channel is, or must get, on chain.
func (r *resolver) active() bool { return r.spend != nil || r.job.state != Idle || r.stopped != 0 }

// watchFunding follows the funding output.
func (r *resolver) watchFunding() error {
	script, err := bolt3.FundingScript(r.params)
	if err != nil {
		return err
	}
	hint := r.ch.Hint()
	if h := int32(r.job.height) - KeepDepth; h > hint {
		hint = h
	}
	if m := r.court.cfg.Mempool; m != nil {
		m.Add(r.params.Outpoint, script)
	}
	return r.follow(r.ctx, r.params.Outpoint, script, hint, r.funding)
}

// follow gives every change of an output's spend in blocks to each, on Run's goroutine.
func (r *resolver) follow(ctx context.Context, out wire.OutPoint, script []byte, hint int32, each func(*spend)) error {
	events, err := r.court.cfg.Chain.WatchSpent(ctx, out, script, hint)
	if err != nil {
		return err
	}
	go func() {
		for e := range events {
			if !r.court.send(ctx, func() { r.dirty = true; each(spendOf(e)) }) {
				return
			}
		}
	}()
	return nil
}

func spendOf(e chain.SpendEvent) *spend {
	if !e.Spent {
		return nil
	}
	return &spend{tx: e.Tx, input: e.Input, height: adjudicator.Height(max(e.Height, 0)), block: e.BlockHash}
}

// funding takes what became of the funding output.
func (r *resolver) funding(s *spend) {
	if s == nil {
		if r.spend == nil {
			return
		}
		r.log.Warn("the spend of the channel's funding output left the chain in a reorganisation",
			"txid", r.spend.tx.TxHash(), "height", r.spend.height)
		r.release()
		r.spend, r.spent, r.claims = nil, nil, nil
		r.job.state, r.ended = Publishing, false
		clear(r.lost)
		return
	}
	r.log.Info("the channel's funding output was spent", "txid", s.tx.TxHash(), "height", s.height)
	r.forgetRival()
	r.spend, r.spent = s, nil
	r.job.tx, r.job.height = s.tx, s.height
	if r.job.state < Resolving {
		r.job.state = Resolving
	}
}

// release ends the watches on the commitment's outputs.
func (r *resolver) release() {
	for out, w := range r.outs {
		w.stop()
		r.unwatch(out)
	}
	clear(r.outs)
}

// end ends all watches, and what people were told of.
func (r *resolver) end() {
	for a := range r.alarms {
		r.clear(Alarm(a))
	}
	r.release()
	r.unwatch(r.params.Outpoint)
	r.forgetRival()
	r.stop()
}

func (r *resolver) unwatch(out wire.OutPoint) {
	if m := r.court.cfg.Mempool; m != nil {
		m.Remove(out)
	}
}

// judge brings the job up to what is on chain now.
func (r *resolver) judge() error {
	view := r.ch.View()
	if r.spend == nil {
		r.wants = nil
		return r.unspent(view)
	}
	if err := r.resolve(view); err != nil {
		if errors.Is(err, errStored) {
			return err
		}
		r.log.Error("the spend of the channel's funds can't be judged; it is tried again at the next block",
			"txid", r.spend.tx.TxHash(), "err", err)
		r.raise(AlarmUnknown, fmt.Sprintf("the spend %v of the channel's funds can't be judged: %v; keep this "+
			"node's data and report this", r.spend.tx.TxHash(), err))
	} else if r.spent != nil && r.spent.Ending != adjudicator.Unknown {
		r.clear(AlarmUnknown)
	}
	return r.save()
}

// errStored wraps an error of the store, after which the node must stop.
var errStored = errors.New("enforce: the store failed")

// halted reports whether a channel's commitments don't change any more.
func halted(view *htlc.Channel) bool { return view.State() >= htlc.Halted }

// resolve looks at what is on chain, and at what is to be done about it.
func (r *resolver) resolve(view *htlc.Channel) error {
	if bitcoin.IsCommitment(r.params, r.spend.tx) && !halted(view) {
		r.halt(fmt.Sprintf("its funding output was spent by commitment %v in block %d",
			r.spend.tx.TxHash(), r.spend.height))
		return nil // poked when it has
	}
	if r.spent == nil {
		if err := r.classify(view); err != nil {
			return err
		}
	}
	if err := r.watchOutputs(view); err != nil {
		return err
	}
	r.upstream()
	r.gather()
	r.nearing()
	return r.finish()
}

// halt stops the channel, so that its commitments are those that can be on chain.
func (r *resolver) halt(reason string) {
	if !r.halting {
		r.halting = true
		r.ch.Halt(reason)
	}
}

// data is what must be known of the channel to judge a spend.
func (r *resolver) data(view *htlc.Channel) (*bitcoin.Channel, error) {
	if r.signer == nil {
		s, err := r.ch.Signer()
		if err != nil {
			return nil, err
		}
		r.signer = s
	}
	return bitcoin.ChannelOf(view, r.signer, r.ch.Records)
}

func (r *resolver) classify(view *htlc.Channel) error {
	data, err := r.data(view)
	if err != nil {
		return err
	}
	spent, err := bitcoin.Classify(data, r.spend.tx)
	if err != nil {
		return err
	}
	r.spent, r.job.ending = spent, spent.Ending
	if spent.Ending != adjudicator.Revoked { // a reorganisation undid that
		r.clear(AlarmBreach)
	}
	r.clear(AlarmStale) // the peer has closed it
	log := r.log.Info
	switch spent.Ending {
	case adjudicator.Revoked:
		log = r.log.Error
		r.raise(AlarmBreach, fmt.Sprintf("the peer published its revoked commitment %d as %v in block %d; "+
			"everything in it is being taken", spent.Number, spent.TxID, r.spend.height))
	case adjudicator.Unknown:
		log = r.log.Error
		r.raise(AlarmUnknown, fmt.Sprintf("transaction %v spent the channel's funds in block %d and is none that is "+
			"known; keep this node's data and report this", spent.TxID, r.spend.height))
		r.halt(fmt.Sprintf("its funding output was spent by %v, which is not known", spent.TxID))
	case adjudicator.RemoteNewer, adjudicator.LocalOther:
		log = r.log.Error
		r.raise(AlarmStale, fmt.Sprintf("%v is %v: this node's data of the channel is old; what is ours without "+
			"it is being taken", spent.TxID, spent.Ending))
	}
	log("the channel is settled on chain", "by", spent.Ending, "commitment", spent.Number, "txid", spent.TxID,
		"height", r.spend.height, "outputs", len(spent.Outputs), "unknown_outputs", spent.Others)
	return nil
}

// known looks a preimage up among those with which this node resolved an incoming HTLC of
// this channel.
func known(view *htlc.Channel) bitcoin.Preimages {
	return func(hash [32]byte) (htlc.Preimage, bool) { return view.Preimage(hash) }
}

// watchOutputs follows every output that may be ours, and those of the transactions that
// spend them, and lists the claims on all of them.
func (r *resolver) watchOutputs(view *htlc.Channel) error {
	claims, err := r.spent.Claims(r.spend.height, known(view))
	if err != nil {
		return err
	}
	for i := range claims {
		if err := r.watchOutput(claims[i].Out, claims[i].Script, r.spend.height); err != nil {
			return err
		}
	}
	for i := range r.spent.Outputs {
		o := &r.spent.Outputs[i]
		if o.Kind == bolt3.HTLC {
			at := wire.OutPoint{Hash: r.spent.TxID, Index: o.Index}
			if err := r.watchOutput(at, o.Script, r.spend.height); err != nil {
				return err
			}
		}
	}
	for out, w := range r.outs {
		if w.spend == nil || out.Hash != r.spent.TxID {
			continue
		}
		for _, c := range r.spent.Follow(w.spend.tx, w.spend.height).Claims {
			if hasClaim(claims, c.Out) {
				continue
			}
			claims = append(claims, c)
			if err := r.watchOutput(c.Out, c.Script, c.Confirmed); err != nil {
				return err
			}
		}
	}
	r.claims = claims
	return nil
}

func hasClaim(claims []*bitcoin.Claim, out wire.OutPoint) bool {
	for _, c := range claims {
		if c.Out == out {
			return true
		}
	}
	return false
}

// watchOutput follows one output, once.
func (r *resolver) watchOutput(out wire.OutPoint, script []byte, from adjudicator.Height) error {
	if r.outs[out] != nil {
		return nil
	}
	ctx, stop := context.WithCancel(r.ctx)
	w := &watched{script: bolt3.PayToScript(script), stop: stop}
	err := r.follow(ctx, out, w.script, int32(from), func(s *spend) {
		if s == nil && w.spend != nil {
			r.undone(out, w)
		}
		w.spend = s
	})
	if err != nil {
		stop()
		return fmt.Errorf("enforce: output %v can't be watched: %w", out, err)
	}
	r.outs[out] = w
	if m := r.court.cfg.Mempool; m != nil {
		m.Add(out, w.script)
	}
	return nil
}

// undone forgets what a spend that left the chain had made.
func (r *resolver) undone(out wire.OutPoint, w *watched) {
	txid := w.spend.tx.TxHash()
	r.log.Warn("a spend left the chain in a reorganisation", "output", out, "txid", txid)
	clear(r.lost)
	r.ended = false
	for child, cw := range r.outs {
		if child.Hash == txid {
			cw.stop()
			r.unwatch(child)
			delete(r.outs, child)
		}
	}
}

// depth is how deep a block is at the tip.
func (r *resolver) depth(at adjudicator.Height) uint32 {
	if at == 0 || at > r.court.tip {
		return 0
	}
	return uint32(r.court.tip-at) + 1
}

// final reports whether a spend can be relied on. The chain is asked: a new tip may be known here
// before it is that the block of the spend is not below it.
func (r *resolver) final(s *spend, amount btcutil.Amount) bool {
	return r.court.cfg.Chain.Depth(int32(s.height), s.block) >= max(r.court.cfg.Final(amount), 1)
}

func (r *resolver) raise(a Alarm, text string) {
	r.alarms[a] = true
	r.ch.Raise(a, text)
}

func (r *resolver) clear(a Alarm) {
	if r.alarms[a] {
		r.alarms[a] = false
		r.ch.Clear(a)
	}
}
