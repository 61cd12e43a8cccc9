package contract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/signer"
)

// disk is what survives a node's death: rows, and the facts of its channel. A write can be told to fail,
// before or after it is kept; all after it fail too, until the node starts again.
type disk struct {
	rows     map[string]map[string][]byte
	snapshot []byte
	facts    [][]byte
	writes   int
	failAt   int // the write that fails, counted from 0; -1 is none
	kept     bool
	dead     bool
}

var errDied = errors.New("test: the node died at this write")

func (d *disk) write(do func()) error {
	if d.dead {
		return errDied
	}
	fails := d.writes == d.failAt
	if d.writes++; fails {
		d.dead = true
	}
	if !fails || d.kept {
		do()
	}
	if fails {
		return errDied
	}
	return nil
}

func (d *disk) Append(batches ...channeldb.Batch) error {
	return d.write(func() {
		for _, b := range batches {
			for _, kv := range b.Puts {
				if d.rows[kv.Bucket] == nil {
					d.rows[kv.Bucket] = make(map[string][]byte)
				}
				if kv.Value == nil {
					delete(d.rows[kv.Bucket], string(kv.Key))
				} else {
					d.rows[kv.Bucket][string(kv.Key)] = bytes.Clone(kv.Value)
				}
			}
		}
	})
}

func (d *disk) Get(bucket string, key []byte) ([]byte, error) {
	return d.rows[bucket][string(key)], nil
}

func (d *disk) Scan(bucket string, from []byte, _ bool, each func(k, v []byte) bool) error {
	for _, k := range slices.Sorted(maps.Keys(d.rows[bucket])) {
		if k >= string(from) && !each([]byte(k), d.rows[bucket][k]) {
			return nil
		}
	}
	return nil
}

// node is one side with a disk, a court and what it was told. All of it runs on the test's goroutine:
// pump does everything that is waiting.
type node struct {
	t      testing.TB
	name   string
	chain  *chain
	asset  evm.Asset
	signer *signer.Signer
	disk   *disk
	reader *reader
	sender *sender
	config func(*Config) // of the court, may be nil

	ch    *htlc.Channel
	court *Court
	stop  context.CancelFunc
	inbox []htlc.Input

	outbox   []lnwire.Message
	outcomes map[uint64]string // of HTLCs that we offered
	raised   map[Alarm]string
	everUp   map[Alarm]bool
	funds    Funds
	ends     []End
	buried   bool
	failed   func(h *htlc.HTLC) // when an HTLC is failed back
}

func newNode(t testing.TB, c *chain, name byte, asset evm.Asset, e end) *node {
	n := &node{
		t: t, name: string(name), chain: c, asset: asset, signer: e.signer,
		disk:   &disk{rows: make(map[string]map[string][]byte), failAt: -1, snapshot: e.ch.Encode()},
		reader: &reader{chain: c}, sender: c.newSender(name), outcomes: make(map[uint64]string),
		everUp: make(map[Alarm]bool),
	}
	n.start()
	return n
}

// start begins with what the disk has.
func (n *node) start() {
	n.t.Helper()
	if n.stop != nil {
		n.stop()
	}
	n.disk.dead, n.inbox, n.outbox, n.raised = false, nil, nil, make(map[Alarm]string)
	ch, err := htlc.Decode(n.disk.snapshot, n.asset.Format(), n.signer)
	require.NoError(n.t, err)
	for _, f := range n.disk.facts {
		ch, err = ch.Apply(f)
		require.NoError(n.t, err)
	}
	n.ch = ch
	n.results(ch.Pending())
	cfg := Config{
		Reader: n.reader, Sender: n.sender, Contract: n.chain.contract, Profile: testProfile, DB: n.disk,
	}
	if n.config != nil {
		n.config(&cfg)
	}
	n.court, err = New(cfg)
	require.NoError(n.t, err)
	n.court.ctx, n.stop = context.WithCancel(context.Background())
	n.t.Cleanup(n.stop)
	n.court.Watch(onChain{n})
}

// pump does all that is waiting, and starts the node again if it died.
func (n *node) pump() {
	n.t.Helper()
	for {
		again, err := n.work()
		if n.disk.dead {
			n.start()
			continue
		}
		require.NoError(n.t, err)
		if !again {
			return
		}
	}
}

// work does one thing that is waiting; false if there is none.
func (n *node) work() (bool, error) {
	if len(n.inbox) > 0 {
		batch := n.inbox
		n.inbox = nil
		if err := n.step(batch...); err != nil {
			return true, err
		}
		n.court.Poke(n.ch.ID())
		return true, nil
	}
	select {
	case u := <-n.court.updates:
		return true, n.court.step(&u)
	case <-n.court.signal:
		return true, n.court.step(nil)
	default:
		return false, nil
	}
}

// step is a driver's: facts first, then messages and results.
func (n *node) step(batch ...htlc.Input) error {
	next, eff, err := n.ch.StepAll(batch)
	if err != nil {
		return err
	}
	if len(eff.Facts) > 0 {
		if err := n.disk.write(func() { n.disk.facts = append(n.disk.facts, eff.Facts...) }); err != nil {
			return err
		}
	}
	n.ch = next
	n.outbox = append(n.outbox, eff.Send...)
	n.results(eff.Results)
	return nil
}

func (n *node) results(all []htlc.Result) {
	for _, r := range all {
		switch r := r.(type) {
		case htlc.Fulfilled:
			n.outcome(r.HTLC, "fulfilled")
		case htlc.Failed:
			if n.outcomes[r.HTLC.ID] == "" && n.failed != nil {
				n.failed(r.HTLC)
			}
			n.outcome(r.HTLC, "failed")
		}
	}
}

// outcome is what the switch is told. It is told again after a start, but nothing else.
func (n *node) outcome(h *htlc.HTLC, what string) {
	if had := n.outcomes[h.ID]; had != "" && had != what {
		n.t.Fatalf("%s: HTLC %d is %s, but was %s", n.name, h.ID, what, had)
	}
	n.outcomes[h.ID] = what
}

// talk delivers messages between two nodes until there are none.
func talk(a, b *node) {
	a.t.Helper()
	for len(a.outbox)+len(b.outbox) > 0 {
		for _, d := range [...][2]*node{{a, b}, {b, a}} {
			msgs := d[0].outbox
			d[0].outbox = nil
			for _, m := range msgs {
				require.NoError(a.t, d[1].step(htlc.Recv{Msg: m}))
			}
		}
	}
}

// offer adds an HTLC.
func (n *node) offer(amount htlc.MilliSat, preimage uint64, expiry uint64) uint64 {
	n.t.Helper()
	ref := htlc.Ref{Chan: lnwire.ChannelID{9}, ID: preimage}
	require.NoError(n.t, n.step(htlc.Add{
		Amount: amount, Hash: hashOf(preimage), Expiry: uint32(expiry), Onion: new([lnwire.OnionPacketSize]byte), Ref: ref,
	}))
	for _, h := range n.ch.HTLCs() {
		if h.Offerer == htlc.Local && h.Ref == ref {
			return h.ID
		}
	}
	n.t.Fatal("the HTLC was refused")
	return 0
}

// paid is what the chain gave this side of the channel.
func (n *node) paid() *big.Int {
	return n.chain.balance(payouts[evm.Side(n.ch.Params(), htlc.Local)])
}

// onChain is a node's channel as a court sees it.
type onChain struct{ *node }

var _ Channel = onChain{}

func (o onChain) ID() lnwire.ChannelID         { return o.ch.ID() }
func (o onChain) View() *htlc.Channel          { return o.ch }
func (o onChain) Asset() evm.Asset             { return o.asset }
func (o onChain) Signer() (htlc.Signer, error) { return o.signer, nil }
func (o onChain) Since() uint64                { return 0 }
func (o onChain) Halt(reason string)           { o.inbox = append(o.inbox, htlc.Halt{Reason: reason}) }
func (o onChain) Learned(id uint64, p htlc.Preimage) {
	o.inbox = append(o.inbox, htlc.Learned{ID: id, Preimage: p})
}
func (o onChain) TimedOut(id uint64) { o.inbox = append(o.inbox, htlc.TimedOut{ID: id}) }
func (o onChain) Funded(f Funds)     { o.funds = f }
func (o onChain) Ended(e End)        { o.ends = append(o.ends, e) }
func (o onChain) Bury()              { o.buried = true }
func (o onChain) Changed()           {}
func (o onChain) Raise(a Alarm, text string) {
	o.raised[a], o.everUp[a] = text, true
}
func (o onChain) Clear(a Alarm) { delete(o.raised, a) }

func (d *disk) String() string { return fmt.Sprintf("disk after %d writes", d.writes) }
