package node

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/btcsuite/btcd/wire"
	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/enforce/contract"
	"github.com/nichework/nwnd/internal/ethereum"
)

// moves are the deposits and withdrawals of a token channel that somebody waits for, and a deposit of the
// peer's that we wait for.
type moves struct {
	mu      sync.Mutex
	refused error    // of the last withdrawal
	asked   htlc.Sat // that was refused
	awaited htlc.Sat // deposits that the peer announced and that aren't final for us; 0: none
	since   uint32   // the chain's time when it did; 0: it wasn't known then
	late    uint64   // the head at which they were overdue first; 0: they aren't
	short   shortfall
}

// DepositToChannel adds units to our side of an open channel. It returns when both sides' states account
// for them, with the transaction that did it: it is final then. What was asked for is done though its caller leaves.
func (n *Node) DepositToChannel(ctx context.Context, at wire.OutPoint, units uint64) (common.Hash, error) {
	d, err := n.openToken(at, units)
	if err != nil {
		return common.Hash{}, err
	}
	target, err := n.fundDeposit(ctx, d, units)
	if err != nil {
		return common.Hash{}, err
	}
	return n.followDeposit(ctx, d, target)
}

// fundDeposit makes our next deposit durable, if there are tokens for it that nothing else counts on.
func (n *Node) fundDeposit(ctx context.Context, d *driver, units uint64) (target uint64, err error) {
	n.openings.funding.Lock()
	defer n.openings.funding.Unlock()
	if err := n.canFund(ctx, d.token, units); err != nil {
		return 0, err
	}
	return n.addDeposit(d, units)
}

// followDeposit waits until our deposits come to so many units, and count in our commitment.
func (n *Node) followDeposit(ctx context.Context, d *driver, target uint64) (tx common.Hash, err error) {
	err = n.followMove(ctx, d, func() (done bool, err error) {
		com, _, err := d.channel().LocalCommitment()
		if err != nil {
			return false, err
		}
		if uint64(com.Deposited[htlc.Local]) < target {
			return false, d.undepositable()
		}
		tx, done = d.movedBy(false, target)
		return done, nil
	})
	return tx, err
}

// movedBy is the transaction by which our deposits or withdrawals came to so many units, as far as it is known; ok
// once they have.
func (d *driver) movedBy(out bool, units uint64) (tx common.Hash, ok bool) {
	r := d.bench.Load().report(d.id)
	if r == nil {
		return common.Hash{}, false
	}
	side := evm.Side(d.channel().Params(), htlc.Local)
	has, total := r.Funds.Deposits[side], uint256.MustFromBig(d.token.base(units))
	if out {
		has = r.Funds.Withdrawn[side]
	}
	return r.Moved(side, out, *total), !has.Lt(total)
}

// openToken is an open channel of which so many units are to be moved.
func (n *Node) openToken(at wire.OutPoint, units uint64) (*driver, error) {
	d, err := n.tokenAt(at)
	if err != nil {
		return nil, err
	}
	switch c := d.channel(); {
	case units == 0 || units > uint64(maxTokenCapacity):
		return nil, fmt.Errorf("%w: %d units; it may be 1 to %d", ErrInvalid, units, int64(maxTokenCapacity))
	case c.State() != htlc.Open:
		return nil, fmt.Errorf("%w: channel %v is %v", ErrInvalid, d.id, c.State())
	case !c.Connected():
		return nil, fmt.Errorf("%w: both sides must account for what is moved", ErrPeerOffline)
	}
	return d, nil
}

// addDeposit makes durable that so many units more are to be deposited.
func (n *Node) addDeposit(d *driver, units uint64) (target uint64, err error) {
	target = n.depositTarget(d)
	if f := d.onChain.Load(); f != nil { // others may have deposited for us
		side := evm.Side(d.channel().Params(), htlc.Local)
		target = max(target, uint64(d.token.wholeUnits(f.Deposits[side].ToBig())))
	}
	d.coins.Lock()
	defer d.coins.Unlock()
	target = max(target, d.target) + units
	if target > uint64(maxTokenCapacity) {
		return 0, fmt.Errorf("%w: that makes deposits of %d units, at most %d", ErrInvalid, target, int64(maxTokenCapacity))
	}
	if err := n.db.Append(channeldb.Batch{Puts: []channeldb.KV{put(bucketDeposits, d.id[:], key64(target))}}); err != nil {
		return 0, err
	}
	d.target = target
	return target, nil
}

// followMove waits until something is so, or can't be any more.
func (n *Node) followMove(ctx context.Context, d *driver, done func() (bool, error)) error {
	for {
		changed := d.changes.wait()
		ok, err := done()
		if ok || err != nil {
			return err
		}
		if c := d.channel(); c.State() != htlc.Open {
			return fmt.Errorf("%w: channel %v is %v: %s", ErrInvalid, d.id, c.State(), c.Halted())
		}
		if err := n.await(ctx, changed); err != nil {
			return err
		}
	}
}

// WithdrawFromChannel takes units out of our side of an open channel. It returns when they are paid, with the
// transaction in whose block they are.
func (n *Node) WithdrawFromChannel(ctx context.Context, at wire.OutPoint, units uint64) (common.Hash, error) {
	d, err := n.openToken(at, units)
	if err != nil {
		return common.Hash{}, err
	}
	com, _, err := d.channel().LocalCommitment()
	if err != nil {
		return common.Hash{}, err
	}
	total := com.Withdrawn[htlc.Local] + htlc.Sat(units)
	d.moves.mu.Lock()
	d.moves.refused = nil
	d.moves.mu.Unlock()
	d.post(job{in: htlc.Withdraw{Total: total}})
	var tx common.Hash
	err = n.followMove(ctx, d, func() (done bool, err error) {
		d.moves.mu.Lock()
		defer d.moves.mu.Unlock()
		if d.moves.refused != nil && d.moves.asked == total {
			return false, fmt.Errorf("%w: %w", ErrInvalid, d.moves.refused)
		}
		tx, done = d.movedBy(true, uint64(total))
		return done, nil
	})
	return tx, err
}

// movedMoney carries out what a channel says of deposits and withdrawals. It runs on the channel's goroutine.
func (n *Node) movedMoney(d *driver, r htlc.Result) {
	switch r := r.(type) {
	case htlc.DepositCounted:
		d.moves.mu.Lock()
		if r.Side == htlc.Remote {
			d.moves.awaited = 0
		}
		d.moves.mu.Unlock()
		d.log.Info("deposits count in both commitments", "side", r.Side, "units", int64(r.Total))
	case htlc.DepositAwaited:
		d.moves.mu.Lock()
		if d.moves.awaited != r.Total {
			d.moves.awaited, d.moves.since, d.moves.late = r.Total, d.token.clock(), 0
		}
		d.moves.mu.Unlock()
	case htlc.WithdrawDone:
		n.poke(d) // its court has it paid
	case htlc.NotWithdrawn:
		d.moves.mu.Lock()
		d.moves.refused, d.moves.asked = r.Err, r.Total
		d.moves.mu.Unlock()
	default:
		return
	}
	d.changes.notify()
}

// depositsFinal tells the channel what of its money is final on chain.
func (n *Node) depositsFinal(d *driver, f contract.Funds) {
	var in htlc.Seen
	for _, s := range []htlc.Side{htlc.Local, htlc.Remote} {
		side := evm.Side(d.channel().Params(), s)
		in.Deposited[s] = d.token.wholeUnits(f.Deposits[side].ToBig())
		in.Withdrawn[s] = d.token.wholeUnits(f.Withdrawn[side].ToBig())
	}
	d.post(job{in: in})
}

// checkAwaited fails channels whose peer announced a deposit that doesn't become final for us.
func (n *Node) checkAwaited(b *bench, u ethereum.Update) {
	worked := b.court.Head().Number
	for _, d := range n.channelsOf(b) {
		f := d.onChain.Load()
		if f == nil {
			continue
		}
		side := evm.Side(d.channel().Params(), htlc.Remote)
		awaited, since, overdue := d.moves.overdue(d.token.wholeUnits(f.Deposits[side].ToBig()), &b.chain.cfg.Profile, u, worked)
		if overdue {
			d.post(job{in: htlc.Halt{Reason: fmt.Sprintf("the peer announced deposits of %d units at %d, and in final blocks the chain doesn't have them at %d",
				int64(awaited), since, u.Final.Time)}})
		}
	}
}

// overdue tells whether the chain should have what the peer announced to be final, and has not. Blocks of after
// the announcement must be final, whatever a clock says: a chain that stood still, or that couldn't be read, isn't the
// peer's fault. The contract's court has worked up to a head: until it comes to this one, it may know of the deposit.
func (m *moves) overdue(has htlc.Sat, p *evm.Profile, u ethereum.Update, worked uint64) (awaited htlc.Sat, since uint32, over bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.awaited <= has {
		m.awaited, m.late = 0, 0
		return 0, 0, false
	}
	if m.since == 0 {
		m.since = uint32(min(u.Head.Time, math.MaxUint32))
	}
	if u.Final.Time <= uint64(m.since)+uint64(p.Behind)+uint64(p.Polling) {
		return 0, 0, false
	}
	if m.late == 0 {
		m.late = u.Head.Number
	}
	return m.awaited, m.since, worked >= m.late
}

var _ AssetAPI = (*Node)(nil)
