package contract

import (
	"fmt"
	"log/slog"

	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/ethereum"
)

// resolver sees one channel through to its end on chain. It decides anew at every head from what the
// contract says then, so a reorganisation needs no rule of its own.
type resolver struct {
	court *Court
	ch    Channel
	id    lnwire.ChannelID
	terms evm.Params
	mine  uint8 // our side in the contract
	log   *slog.Logger

	job     job
	touched bool // the job is to be stored
	dirty   bool

	upTo   uint64        // final is as of this final block
	at     ethereum.Head // that block, zero before an update told of it
	final  evm.State
	now    evm.State                  // as of the newest block
	moves  []Move                     // by which it came to final, the newest last
	moving []Move                     // and from there to now
	locks  map[common.Hash][]evm.Lock // by the close's transaction, where our data doesn't have them
	judged *evm.Case                  // of now; nil while nothing is to be done
	acts   []evm.Act                  // that are wanted

	signer  htlc.Signer
	asked   bool // something is wanted of the sender
	halting bool
	since   uint64 // the time of the first head at which the channel was looked at
	stopped uint64 // the time of the head at which the channel was found stopped first, 0: it was not
	learned map[uint64]bool
	lost    map[uint64]bool
	told    Funds
	shown   Funds // in the report
	done    bool
	ended   bool
	buried  bool
	alarms  [numAlarms]bool
	ending  adjudicator.Ending // that was last told of
}

func newResolver(c *Court, ch Channel, j job) (*resolver, error) {
	id, asset := ch.ID(), ch.Asset()
	if asset.Adjudicator != c.cfg.Contract || asset.ChainID != c.cfg.Reader.ChainID() {
		return nil, fmt.Errorf("contract: channel %v is in %v on chain %d, this court's is %v on chain %d",
			id, asset.Adjudicator, asset.ChainID, c.cfg.Contract, c.cfg.Reader.ChainID())
	}
	params := ch.View().Params()
	terms, err := evm.TermsOf(params, asset)
	if err != nil {
		return nil, fmt.Errorf("contract: channel %v: %w", id, err)
	}
	r := &resolver{
		court: c, ch: ch, id: id, terms: terms, mine: evm.Side(params, htlc.Local), log: c.log.With("channel", id.String()), job: j,
		upTo: ch.Since(), final: j.state, now: j.state, locks: make(map[common.Hash][]evm.Lock),
		learned: make(map[uint64]bool), lost: make(map[uint64]bool),
	}
	if j.state.Count > 0 {
		r.upTo = max(j.upTo, c.stored)
	}
	return r, nil
}

// forget has everything that happened to the channel read again.
func (r *resolver) forget() {
	r.upTo, r.at, r.final, r.now = r.ch.Since(), ethereum.Head{}, evm.State{}, evm.State{}
	r.moves, r.moving = nil, nil
	r.job.done, r.done, r.ended, r.told, r.touched = 0, false, false, Funds{}, true
}

// halted reports whether a channel's commitments don't change any more.
func halted(view *htlc.Channel) bool { return view.State() >= htlc.Halted }

// owner names the channel to the sender.
func (r *resolver) owner() string { return "channel " + r.id.String() }

// judge brings the channel up to what is on chain now.
func (r *resolver) judge() {
	if r.at == (ethereum.Head{}) {
		return // what is known of it may be from long ago
	}
	if r.since == 0 {
		r.since = r.court.head.Time
	}
	view := r.ch.View()
	r.funded()
	r.court.reserve(r.id, view, r.now.Phase)
	if r.stop(view) {
		return // poked when it has
	}
	if !r.active(view) {
		r.judged, r.acts = nil, nil
		r.want(nil)
		r.show(false)
		return
	}
	if err := r.resolve(view); err != nil {
		r.log.Error("what is on chain of the channel can't be judged; it is tried again at the next block", "err", err)
		r.raise(AlarmUnknown, fmt.Sprintf("the channel can't be seen through on chain: %v; keep this node's data and "+
			"report this", err))
	}
	r.show(true)
}

// show tells of the channel as it is now, and wakes who follows it: of one that is only watched, when its money
// changed.
func (r *resolver) show(acting bool) {
	v := r.report()
	r.court.report(r.id, v)
	if acting || v.Funds != r.shown {
		r.shown = v.Funds
		r.ch.Changed()
	}
}

// active reports whether there is anything to do about the channel.
func (r *resolver) active(view *htlc.Channel) bool {
	_, withdraws, err := view.Withdrawal()
	return halted(view) || view.CloseTx() != nil || withdraws || err != nil ||
		r.now.Phase >= evm.PhaseClosing || r.final.Phase >= evm.PhaseClosing
}

// stop halts a channel that must be, so that its commitments are those that can be on chain: one whose
// state was posted, or one with an HTLC that is overdue. It is true as long as the channel hasn't halted.
func (r *resolver) stop(view *htlc.Channel) bool {
	if halted(view) {
		if r.stopped == 0 {
			r.stopped = r.court.head.Time
		}
		return false
	}
	reason := ""
	switch {
	case r.now.How == evm.ByCoop:
		return false
	case r.now.Phase >= evm.PhaseClosing:
		reason = fmt.Sprintf("commitment %d was posted to its contract in block %d", r.now.N, r.now.Closed.Block)
	default:
		if reason = evm.Overdue(view, r.court.head.Time, r.since, r.court.cfg.Profile); reason == "" {
			return false
		}
	}
	if !r.halting {
		r.halting = true
		r.log.Warn("the channel goes on chain", "why", reason)
		r.ch.Halt(reason)
	}
	return true
}

// resolve looks at what is on chain, and at what is to be done about it.
func (r *resolver) resolve(view *htlc.Channel) error {
	known, err := r.known(view)
	if err != nil {
		return err
	}
	c, err := r.judgement(known, r.now)
	if err != nil {
		return err
	}
	r.judged = c
	r.reveal(c)
	r.tell(c)
	final, err := r.judgement(known, r.final)
	if err != nil {
		return err
	}
	if halted(view) {
		r.fail(final)
	}
	if err := r.wants(c, view); err != nil {
		return err
	}
	r.finish(final)
	return nil
}

// known is what must be known of the channel to judge.
func (r *resolver) known(view *htlc.Channel) (*evm.Known, error) {
	if r.signer == nil {
		s, err := r.ch.Signer()
		if err != nil {
			return nil, err
		}
		r.signer = s
	}
	return evm.KnownOf(view, r.signer, r.ch.Asset())
}

// judgement judges a state, with the locks that the close's calldata has if we don't know them.
func (r *resolver) judgement(known *evm.Known, s evm.State) (*evm.Case, error) {
	c, err := evm.Judge(known, s, r.locks[s.Closed.Tx])
	if err != nil || !c.NeedsLocks() {
		return c, err
	}
	locks, err := r.posted(s.Closed.Tx)
	if err != nil {
		r.log.Warn("the posted state's HTLCs can't be read; it is tried again at the next block",
			"tx", s.Closed.Tx, "err", err)
		return c, nil
	}
	r.locks[s.Closed.Tx] = locks
	return evm.Judge(known, s, locks)
}

// funded tells what money the channel has, finally.
func (r *resolver) funded() {
	if f := fundsOf(&r.final); r.final.Phase != evm.PhaseNone && f != r.told {
		r.told = f
		r.ch.Funded(f)
		r.ch.Changed()
	}
}

func fundsOf(s *evm.State) Funds {
	return Funds{Opened: s.Opened, Deposits: s.Deposits, Withdrawn: s.Withdrawn}
}

// end ends what people were told of and what was wanted.
func (r *resolver) end() {
	for a := range r.alarms {
		r.clear(Alarm(a))
	}
	r.want(nil)
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
