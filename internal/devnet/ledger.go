package devnet

import (
	"context"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// AnchorValue is what an anchor output holds, in satoshi (BOLT 3).
const AnchorValue = 330

// ErrLedger is returned when the chain says something else than it must.
var ErrLedger = errors.New("devnet: the chain's transactions don't fit")

// Closing is a channel that was closed by a commitment, and whose each of its outputs must be.
// The outputs of one commitment need different values, anchors aside.
type Closing struct {
	Link      *Link
	Publisher *daemon.Node                          // of the commitment
	Owner     func(sat int64) (*daemon.Node, error) // of an output, by its value
}

// Ledger is who owns what, told from the chain's blocks alone: nothing that a node reports goes into it.
type Ledger struct {
	Coins map[*daemon.Node]int64 // outside of channels, in satoshi
	Fees  map[*daemon.Node]int64 // of each one's own transactions, commitments aside
	Owed  map[*daemon.Node]int64 // outputs of closed channels that nobody took
	Lost  int64                  // in anchors that nobody took

	Channels int64 // outputs of commitments, anchors aside

	Anchors map[*daemon.Node]int64 // how many each one took
}

// keeper reads transactions into a ledger.
type keeper struct {
	Ledger
	closings map[wire.OutPoint]*Closing
	coins    map[wire.OutPoint]coin
}

// coin is an output that nobody has spent so far.
type coin struct {
	sat     int64
	owner   *daemon.Node // nil: an anchor, or a channel
	closing *Closing     // of the commitment that it comes from, nil: it's in the owner's wallet
}

// Ledger reads all blocks since Start for what nodes were given by Fund, and what became of it.
func (n *Net) Ledger(ctx context.Context, closings ...*Closing) (*Ledger, error) {
	if err := n.catchUp(ctx); err != nil {
		return nil, err
	}
	k := &keeper{closings: map[wire.OutPoint]*Closing{}, coins: map[wire.OutPoint]coin{}}
	k.Coins, k.Fees, k.Owed, k.Anchors = map[*daemon.Node]int64{}, map[*daemon.Node]int64{}, map[*daemon.Node]int64{}, map[*daemon.Node]int64{}
	known := map[*daemon.Node]bool{}
	for _, c := range closings {
		k.closings[c.Link.Point] = c
		known[c.Link.From], known[c.Link.To] = true, true
	}
	for _, b := range n.past.blocks {
		for _, tx := range b.txs {
			if to, ok := n.payouts[tx.TxHash()]; ok {
				k.payout(tx, to, known)
				continue
			}
			if err := k.read(tx); err != nil {
				return nil, err
			}
		}
	}
	k.sum()
	return &k.Ledger, nil
}

// payout takes the outputs of a transaction of Fund that go to known nodes.
func (k *keeper) payout(tx *wire.MsgTx, to []*daemon.Node, known map[*daemon.Node]bool) {
	for i, node := range to {
		if known[node] {
			k.coins[wire.OutPoint{Hash: tx.TxHash(), Index: uint32(i)}] = coin{sat: tx.TxOut[i].Value, owner: node}
		}
	}
}

// read takes one transaction into account, if it spends a coin.
func (k *keeper) read(tx *wire.MsgTx) error {
	if c := k.closings[tx.TxIn[0].PreviousOutPoint]; c != nil {
		return k.commitment(tx, c)
	}
	spent := make([]coin, len(tx.TxIn))
	var fee int64
	for i, in := range tx.TxIn {
		spent[i] = k.coins[in.PreviousOutPoint]
		delete(k.coins, in.PreviousOutPoint)
		fee += spent[i].sat
	}
	if fee == 0 {
		return nil // no coin of ours
	}
	by := author(tx, spent)
	for i, c := range spent {
		if c.owner == nil && c.closing != nil {
			k.Anchors[by]++
		}
		if c.owner != nil && c.owner != by && !staged(tx, i) {
			return fmt.Errorf("%w: %v takes %d sat that are %s's, with coins of %s", ErrLedger, tx.TxHash(), c.sat, c.owner.Name, by.Name)
		}
	}
	for i, out := range tx.TxOut {
		fee -= out.Value
		next := coin{sat: out.Value, owner: by}
		if i < len(spent) && spent[i].closing != nil && staged(tx, i) {
			next = coin{sat: out.Value, owner: spent[i].owner, closing: spent[i].closing}
		}
		k.coins[wire.OutPoint{Hash: tx.TxHash(), Index: uint32(i)}] = next
	}
	k.Fees[by] += fee
	return nil
}

// author is who made a transaction: whose wallet adds to it, else who published the commitment whose HTLC
// transaction it is, else to whom belongs what it takes. It is nil if that are anchors only.
func author(tx *wire.MsgTx, spent []coin) *daemon.Node {
	var by *daemon.Node
	for i, c := range spent {
		switch {
		case c.owner != nil && c.closing == nil:
			return c.owner
		case c.closing != nil && staged(tx, i):
			by = c.closing.Publisher
		case by == nil:
			by = c.owner
		}
	}
	return by
}

// commitment takes the outputs of a channel's last transaction.
func (k *keeper) commitment(tx *wire.MsgTx, c *Closing) error {
	for i, out := range tx.TxOut {
		next := coin{sat: out.Value, closing: c}
		if out.Value != AnchorValue {
			var err error
			if next.owner, err = c.Owner(out.Value); err != nil {
				return fmt.Errorf("%w: commitment %v, output %d: %w", ErrLedger, tx.TxHash(), i, err)
			}
			k.Channels += out.Value
		}
		k.coins[wire.OutPoint{Hash: tx.TxHash(), Index: uint32(i)}] = next
	}
	return nil
}

// staged says that an input is that of an HTLC transaction, whose output at the same index is encumbered
// again: its witness has two signatures (BOLT 3, "HTLC-Timeout and HTLC-Success Transactions").
func staged(tx *wire.MsgTx, input int) bool {
	w := tx.TxIn[input].Witness
	return len(w) == 5 && len(w[0]) == 0 && len(w[1]) > 0 && len(w[2]) > 0
}

// sum adds up the coins that are left.
func (k *keeper) sum() {
	for at, c := range k.coins {
		switch {
		case k.closings[at] != nil: // the channel is open
		case c.owner == nil:
			k.Lost += c.sat
		case c.closing != nil:
			k.Owed[c.owner] += c.sat
		default:
			k.Coins[c.owner] += c.sat
		}
	}
}

// mostLocked is more blocks than any lock of the channels here lasts.
const mostLocked = 200

// MineUntilTaken mines until Untaken lists nothing, and buries what took it.
func (n *Net) MineUntilTaken(ctx context.Context, point wire.OutPoint) error {
	err := n.MineUntil(ctx, mostLocked, func(ctx context.Context) error {
		left, err := n.Untaken(ctx, point)
		if err == nil && len(left) > 0 {
			err = fmt.Errorf("%d outputs of %v are not taken", len(left), point)
		}
		return err
	})
	if err != nil {
		return err
	}
	return n.Mine(ctx, deep)
}

// Output is one of a closed channel.
type Output struct {
	Sat    int64
	Height int64 // of its block; 0: in the mempool
	Staged bool  // of an HTLC transaction
}

// Untaken lists the outputs of a closed channel, and of its HTLC transactions, that neither a block nor
// the mempool spends; anchors are left out.
func (n *Net) Untaken(ctx context.Context, point wire.OutPoint) ([]Output, error) {
	spends, err := n.Spends(ctx)
	if err != nil {
		return nil, err
	}
	closing, ok := spends[point]
	if !ok {
		return nil, fmt.Errorf("%w: %v is not spent", ErrLedger, point)
	}
	var left []Output
	for i, out := range closing.Tx.TxOut {
		if out.Value == AnchorValue {
			continue
		}
		from, index := closing, i
		for {
			next, ok := spends[wire.OutPoint{Hash: from.Tx.TxHash(), Index: uint32(index)}]
			if !ok {
				left = append(left, Output{Sat: out.Value, Height: from.Height, Staged: from.Tx != closing.Tx})
				break
			}
			if !staged(next.Tx, next.Input) {
				break
			}
			from, index = next, next.Input
		}
	}
	return left, nil
}
