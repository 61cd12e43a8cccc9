package oracle

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/htlc/eip712"
	"github.com/nichework/nwnd/internal/signer"
)

// profile is a kind of schedule.
type profile struct {
	name     string
	lnd      [2]bool // which side is lnd
	evm      bool
	opener   htlc.Side
	capacity htlc.Sat
	pushed   htlc.MilliSat
	rate     htlc.FeeRate
	burst    int // adds at once, at most
	most     int // HTLCs that a side keeps in flight, about
	fill     int // HTLCs to have at once before any is resolved
}

// slots are a side's max_accepted_htlcs: some more than it is to have in flight.
func (p *profile) slots(f htlc.Format) uint16 {
	most := htlc.Slots(f, p.capacity)
	if p.most > 0 {
		most = min(most, 2*(p.most+p.burst))
	}
	return uint16(most)
}

// world is two nodes, the wires between them and the ledger that watches.
type world struct {
	profile
	r     *rand.Rand
	nodes [2]node
	wire  [2][]lnwire.Message // by sender
	led   *ledger
	stats *stats
	pre   map[[32]byte]htlc.Preimage
	made  uint64
	seed  uint64
	onion *[lnwire.OnionPacketSize]byte
	vault vault
}

func newWorld(t testing.TB, pr profile, seed uint64) (*world, error) {
	w := &world{
		profile: pr, seed: seed, stats: &stats{}, pre: map[[32]byte]htlc.Preimage{},
		r: rand.New(rand.NewPCG(seed, 0)), onion: new([lnwire.OnionPacketSize]byte),
	}
	p := &htlc.Params{
		Opener: pr.opener, Capacity: pr.capacity, Pushed: pr.pushed, FeeRate: pr.rate,
		MaxDust: 50_000_000,
	}
	h := derive(seed, 99)
	copy(p.Outpoint.Hash[:], h[:])
	p.Outpoint.Index = 1
	p.ID = lnwire.NewChanIDFromOutPoint(p.Outpoint)
	kind, format := signer.ECDSA, htlc.Format(bolt3.Format{})
	if pr.evm {
		kind, format = signer.EIP2098, eip712.Format{ChainID: 31337, Decimals: uint8(5 + seed%14)}
		p.FeeRate = 0
	}
	keys := [2]signer.Secrets{secrets(seed * 2), secrets(seed*2 + 1)}
	var signers [2]*signer.Signer
	for side := range signers {
		keys[side].FillTerms(&p.Terms[side])
		t := &p.Terms[side]
		t.DustLimit, t.Reserve = []htlc.Sat{354, 573}[side], pr.capacity/100
		t.HTLCMinimum, t.MaxInFlight, t.MaxAccepted = 1, htlc.MilliSat(pr.capacity)*1000, pr.slots(format)
		t.ToSelfDelay = uint16(144 + side)
		var err error
		if signers[side], err = signer.New(keys[side], kind, signer.NewPool(0)); err != nil {
			return nil, err
		}
	}
	w.led = newLedger(format, p, signers, w.stats)
	w.vault.in[p.Opener] = p.Capacity
	for i := range w.nodes {
		side := htlc.Side(i)
		if pr.lnd[side] {
			n, err := newLnd(t, side, p, keys, signers, w.stats)
			if err != nil {
				return nil, err
			}
			ready, err := n.ready()
			if err != nil {
				return nil, err
			}
			w.nodes[side], w.wire[side] = n, []lnwire.Message{ready}
			continue
		}
		n, err := newOurs(side, p, format, signers[side], signers[side.Other()], w.stats)
		if err != nil {
			return nil, err
		}
		n.paid = func(done htlc.WithdrawDone) error { return w.paid(side, done) }
		n.command(htlc.FundingConfirmed{SCID: lnwire.NewShortChanIDFromInt(1<<40 | 1)})
		w.nodes[side] = n
	}
	return w, w.drain()
}

// run goes on until so many updates were signed, then settles everything.
func (w *world) run(updates int) error {
	for steps := 0; w.stats.updates() < updates; steps++ {
		if steps > 100*updates+10_000 {
			return fmt.Errorf("no progress: %v", w.stats)
		}
		if err := w.step(); err != nil {
			return fmt.Errorf("step %d (%v): %w", steps, w.stats, err)
		}
	}
	return w.finish()
}

// step does one thing at random.
func (w *world) step() error {
	side := htlc.Side(w.r.IntN(2))
	switch n := w.r.IntN(100); {
	case n < 22:
		w.offer(side)
	case n < 40:
		if w.fill > w.stats.largest {
			break
		}
		w.resolve(side, 1+w.r.IntN(w.burst))
	case n < 43:
		w.money(side)
	case n < 80:
		return w.deliver(side, 1+w.r.IntN(6))
	case n < 95:
		return w.pump(side)
	case n < 97:
		return w.reconnect()
	default:
		return w.drain()
	}
	if w.r.IntN(2) == 0 {
		return w.pump(side)
	}
	return nil
}

// offer adds HTLCs, some with a hash, an amount or both that were used before.
func (w *world) offer(side htlc.Side) {
	n := 0
	for k := range w.led.current[side.Other()].htlcs {
		if k.offerer == side {
			n++
		}
	}
	if n >= w.most {
		return
	}
	for range 1 + w.r.IntN(w.burst) {
		w.nodes[side].command(htlc.Add{
			Amount: w.amount(side), Hash: w.hash(), Expiry: w.expiry(), Onion: w.onion,
			Ref: htlc.Ref{ID: w.made},
		})
	}
}

func (w *world) amount(side htlc.Side) htlc.MilliSat {
	if w.evm && w.r.IntN(3) == 0 {
		return htlc.MilliSat(1 + w.r.IntN(3000))
	}
	switch w.r.IntN(4) {
	case 0: // about a dust limit
		limit := htlc.MilliSat(w.led.params.Terms[w.r.IntN(2)].DustLimit)
		return limit*1000 - 1500 + htlc.MilliSat(w.r.IntN(3000))
	case 1:
		return htlc.MilliSat(1_000_000 * (1 + w.r.IntN(3)))
	default:
		return 1 + htlc.MilliSat(w.r.Int64N(int64(w.capacity)*1000/int64(20+4*w.most)))
	}
}

// hash is of a preimage that the world knows.
func (w *world) hash() [32]byte {
	if w.made == 0 || w.r.IntN(8) > 0 {
		w.made++
	}
	p := htlc.Preimage(derive(w.seed+1<<32, w.made))
	h := sha256.Sum256(p[:])
	w.pre[h] = p
	return h
}

func (w *world) expiry() uint32 {
	if w.evm {
		return 1_700_000_000 + uint32(w.r.IntN(100))
	}
	return 500_000 + uint32(w.r.IntN(100))
}

// resolve ends some of the incoming HTLCs that wait for it.
func (w *world) resolve(side htlc.Side, n int) {
	list := w.nodes[side].incoming()
	w.r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for _, in := range list[:min(n, len(list))] {
		switch w.r.IntN(10) {
		case 0, 1, 2:
			w.nodes[side].command(htlc.Fail{ID: in.id, Reason: make([]byte, 256+w.r.IntN(100))})
		case 3:
			w.nodes[side].command(htlc.FailMalformed{
				ID: in.id, Code: uint16(lnwire.CodeInvalidOnionHmac), OnionHash: in.hash,
			})
		default:
			w.nodes[side].command(htlc.Fulfill{ID: in.id, Preimage: w.pre[in.hash]})
		}
	}
}

// money changes the fee rate, or moves money in and out of the channel.
func (w *world) money(side htlc.Side) {
	if !w.evm {
		w.fee()
		return
	}
	switch w.r.IntN(3) {
	case 0:
		w.pay(side)
	case 1:
		w.withdraw(side)
	default:
		w.look(side)
	}
}

func (w *world) fee() {
	rate := htlc.FeeRate(253 + w.r.IntN(3000))
	if w.r.IntN(4) == 0 {
		rate = htlc.FeeRate(253 + w.r.IntN(40_000))
	}
	slots := 2 * int(w.slots(bolt3.Format{}))
	if w.lnd[w.opener] && (bolt3.Format{}).Fee(rate, slots) > htlc.FeeAllowance(bolt3.Format{}, w.capacity) {
		return // it knows of no allowance, and ours would refuse
	}
	w.nodes[w.opener].command(htlc.SetFee{Rate: rate})
}

// deliver hands over the first messages of a wire.
func (w *world) deliver(to htlc.Side, n int) error {
	from := to.Other()
	n = min(n, len(w.wire[from]))
	for _, msg := range w.wire[from][:n] {
		w.nodes[to].deliver(msg)
	}
	w.wire[from] = w.wire[from][n:]
	if n == 0 || w.r.IntN(4) == 0 {
		return nil
	}
	return w.pump(to)
}

// pump lets a node work, and holds all that it says and all that it has against the
// ledger.
func (w *world) pump(side htlc.Side) error {
	out, err := w.nodes[side].pump()
	if err != nil {
		return err
	}
	if err := w.sent(side, out); err != nil {
		return err
	}
	return w.nodes[side].check(w.led)
}

func (w *world) sent(side htlc.Side, out []lnwire.Message) error {
	for _, msg := range out {
		msg, err := overTheWire(msg)
		if err != nil {
			return err
		}
		if err := w.led.sent(side, msg); err != nil {
			return err
		}
		w.wire[side] = append(w.wire[side], msg)
	}
	return w.led.conserved()
}

// overTheWire is a message as the other side reads it.
func overTheWire(msg lnwire.Message) (lnwire.Message, error) {
	var b bytes.Buffer
	if _, err := lnwire.WriteMessage(&b, msg, 0); err != nil {
		return nil, err
	}
	return lnwire.ReadMessage(&b, 0)
}

// reconnect cuts the wires with whatever is on them. Either node may crash.
func (w *world) reconnect() error {
	w.stats.reconnects++
	if !w.led.quiet() || len(w.wire[A])+len(w.wire[B]) > 0 {
		w.stats.midDance++
	}
	for i, n := range w.nodes {
		if w.r.IntN(3) == 0 {
			lost, err := n.crash(w.r)
			if err != nil {
				return err
			}
			if err := w.sent(htlc.Side(i), lost); err != nil {
				return err
			}
		} else if err := n.disconnect(); err != nil {
			return err
		}
	}
	w.wire = [2][]lnwire.Message{}
	w.led.disconnected()
	for i, n := range w.nodes {
		if err := n.check(w.led); err != nil {
			return fmt.Errorf("after the disconnect: %w", err)
		}
		out, err := n.connect()
		if err != nil {
			return err
		}
		if err := w.sent(htlc.Side(i), out); err != nil {
			return err
		}
	}
	return nil
}

// drain delivers until nobody has anything to say. Both must then have the same.
func (w *world) drain() error {
	w.look(A)
	w.look(B)
	for range 10_000 {
		busy := false
		for _, side := range []htlc.Side{A, B} {
			for _, msg := range w.wire[side.Other()] {
				w.nodes[side].deliver(msg)
			}
			w.wire[side.Other()] = nil
			if err := w.pump(side); err != nil {
				return err
			}
			busy = busy || len(w.wire[side]) > 0
		}
		if !busy {
			return w.converged()
		}
	}
	return errors.New("the nodes don't stop talking")
}

func (w *world) converged() error {
	if !w.led.quiet() {
		return errors.New("nobody speaks, but updates are not in both commitments")
	}
	a, b := w.led.current[A], w.led.current[B]
	if a.balance != b.balance || len(a.htlcs) != len(b.htlcs) || a.rate != b.rate {
		return fmt.Errorf("commitments differ: %v %v", a.balance, b.balance)
	}
	for k := range a.htlcs {
		if b.htlcs[k] == nil {
			return fmt.Errorf("HTLC %v is in one commitment only", k)
		}
	}
	for _, n := range w.nodes {
		if err := n.check(w.led); err != nil {
			return err
		}
	}
	return w.allCounted()
}

// finish ends every HTLC: nothing may be left. Then it closes.
func (w *world) finish() error {
	for range 100 {
		if err := w.drain(); err != nil {
			return err
		}
		if len(w.led.current[A].htlcs) == 0 {
			for _, n := range w.nodes {
				if err := n.told(w.led); err != nil {
					return err
				}
			}
			return w.close()
		}
		w.resolve(A, 1000)
		w.resolve(B, 1000)
	}
	return fmt.Errorf("%d HTLCs are left", len(w.led.current[A].htlcs))
}
