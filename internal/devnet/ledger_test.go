package devnet

import (
	"errors"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// book is a ledger of alice, who opened a channel of 1000 sat out of 5000, and bob, who has 3000.
type book struct {
	*keeper
	t          *testing.T
	alice, bob *daemon.Node
	coins      map[string]wire.OutPoint
}

func newBook(t *testing.T, publisher string, owner func(sat int64) string) *book {
	b := &book{
		t: t, alice: &daemon.Node{Config: daemon.Config{Name: "alice"}}, bob: &daemon.Node{Config: daemon.Config{Name: "bob"}},
		coins: map[string]wire.OutPoint{},
	}
	k := &keeper{closings: map[wire.OutPoint]*Closing{}, coins: map[wire.OutPoint]coin{}}
	k.Coins, k.Fees, k.Owed, k.Anchors = map[*daemon.Node]int64{}, map[*daemon.Node]int64{}, map[*daemon.Node]int64{}, map[*daemon.Node]int64{}
	b.keeper = k
	payout := b.tx(nil, 5000, 3000)
	k.payout(payout, []*daemon.Node{b.alice, b.bob}, map[*daemon.Node]bool{b.alice: true, b.bob: true})
	funding := b.tx([]wire.OutPoint{at(payout, 0)}, 2000, 2900)
	b.must(k.read(funding))
	link := &Link{From: b.alice, To: b.bob, Capacity: 2000, Point: at(funding, 0)}
	k.closings[link.Point] = &Closing{Link: link, Publisher: b.node(publisher), Owner: func(sat int64) (*daemon.Node, error) {
		n := b.node(owner(sat))
		if n == nil {
			return nil, errors.New("no such output")
		}
		return n, nil
	}}
	b.coins["channel"], b.coins["alice"], b.coins["bob"] = link.Point, at(funding, 1), at(payout, 1)
	return b
}

func (b *book) node(name string) *daemon.Node {
	return map[string]*daemon.Node{"alice": b.alice, "bob": b.bob}[name]
}

func (b *book) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// tx makes a transaction; a coinbase-like one has an input that is nobody's.
func (b *book) tx(in []wire.OutPoint, out ...int64) *wire.MsgTx {
	tx := wire.NewMsgTx(2)
	if len(in) == 0 {
		in = []wire.OutPoint{{Hash: chainhash.Hash{1}}}
	}
	for i := range in {
		tx.AddTxIn(wire.NewTxIn(&in[i], nil, nil))
	}
	for _, sat := range out {
		tx.AddTxOut(wire.NewTxOut(sat, nil))
	}
	return tx
}

func at(tx *wire.MsgTx, i uint32) wire.OutPoint { return wire.OutPoint{Hash: tx.TxHash(), Index: i} }

// stage gives an input the witness of an HTLC transaction.
func stage(tx *wire.MsgTx, input int) {
	tx.TxIn[input].Witness = wire.TxWitness{nil, {1}, {1}, nil, {1}}
}

func (b *book) want(coins map[string]int64, fees map[string]int64) {
	b.t.Helper()
	b.sum()
	for name, sat := range coins {
		if got := b.Coins[b.node(name)]; got != sat {
			b.t.Errorf("%s has %d sat, want %d", name, got, sat)
		}
	}
	for name, sat := range fees {
		if got := b.Fees[b.node(name)]; got != sat {
			b.t.Errorf("%s paid %d sat of fees, want %d", name, got, sat)
		}
	}
}

// Each end has its own outputs less the fees of its own transactions, an HTLC by way of a second stage.
func TestLedgerOfAForceClose(t *testing.T) {
	b := newBook(t, "alice", func(sat int64) string {
		return map[int64]string{900: "bob", 300: "alice", 90: "alice"}[sat]
	})
	commitment := b.tx([]wire.OutPoint{b.coins["channel"]}, AnchorValue, AnchorValue, 900, 300, 90)
	b.must(b.read(commitment))
	staged := b.tx([]wire.OutPoint{at(commitment, 4), b.coins["alice"]}, 90, 2880)
	stage(staged, 0)
	b.must(b.read(staged))
	b.must(b.read(b.tx([]wire.OutPoint{at(commitment, 2)}, 890)))
	b.must(b.read(b.tx([]wire.OutPoint{at(commitment, 3), at(commitment, 0), at(staged, 0)}, 700)))
	b.want(map[string]int64{"alice": 2880 + 700, "bob": 3000 + 890}, map[string]int64{"alice": 100 + 20 + 20, "bob": 10})
	if b.Lost != AnchorValue || b.Anchors[b.alice] != 1 || b.Channels != 1290 {
		t.Errorf("%d sat in anchors that nobody took, alice took %d; %d sat in the channel", b.Lost, b.Anchors[b.alice], b.Channels)
	}
}

// What a cheater's HTLC transaction makes is the victim's as before, its fee is the cheater's.
func TestLedgerOfABreach(t *testing.T) {
	b := newBook(t, "alice", func(int64) string { return "bob" })
	commitment := b.tx([]wire.OutPoint{b.coins["channel"]}, 900, 90)
	b.must(b.read(commitment))
	staged := b.tx([]wire.OutPoint{at(commitment, 1), b.coins["alice"]}, 90, 2880)
	stage(staged, 0)
	b.must(b.read(staged))
	b.must(b.read(b.tx([]wire.OutPoint{at(commitment, 0), at(staged, 0)}, 970)))
	b.want(map[string]int64{"alice": 2880, "bob": 3970}, map[string]int64{"alice": 120, "bob": 20})
}

// Who takes an output of the other's with a coin of their own is found out.
func TestLedgerFindsTheft(t *testing.T) {
	b := newBook(t, "alice", func(int64) string { return "bob" })
	commitment := b.tx([]wire.OutPoint{b.coins["channel"]}, 900)
	b.must(b.read(commitment))
	if err := b.read(b.tx([]wire.OutPoint{at(commitment, 0), b.coins["alice"]}, 3000)); !errors.Is(err, ErrLedger) {
		t.Errorf("%v, want %v", err, ErrLedger)
	}
}

// An output of a value that a commitment should not have is an error.
func TestLedgerRefusesUnknownOutputs(t *testing.T) {
	b := newBook(t, "alice", func(int64) string { return "" })
	if err := b.read(b.tx([]wire.OutPoint{b.coins["channel"]}, 900)); !errors.Is(err, ErrLedger) {
		t.Errorf("%v, want %v", err, ErrLedger)
	}
}
