package htlc

import (
	"bytes"
	"encoding/binary"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/shachain"
)

// Encode is a snapshot of everything durable. Decode(Encode()) followed by the facts made
// since is the channel after a crash.
func (c *Channel) Encode() []byte {
	s := begin(c)
	s.disconnected()
	c = s.c

	e := encoder{b: make([]byte, 0, 2048)}
	e.byte(version)
	e.params(c.params)
	for side := range c.htlcs {
		e.uint(uint64(c.balance[side]))
		e.uint(c.nextID[side])
		e.uint(uint64(len(c.htlcs[side])))
		for i := range c.htlcs[side] {
			e.entry(&c.htlcs[side][i])
		}
	}
	e.uint(uint64(len(c.fees)))
	for _, f := range c.fees {
		e.uint(uint64(f.rate))
		e.byte(byte(f.state))
	}
	e.uint(c.localNumber)
	e.sigs(c.localSigs)
	e.uint(c.remoteNumber)
	e.bool(c.unacked)
	e.bool(c.revokedLast)
	e.key(c.remotePoint)
	e.key(c.remoteNext)
	e.secrets(c.secrets)
	e.life(&c.life)
	e.ledger(c)
	return e.b
}

// ParamsOf reads the parameters alone off what Encode wrote, for who has to find out by them which format
// and which signer the channel needs.
func ParamsOf(snapshot []byte) (*Params, error) {
	d := decoder{b: snapshot}
	if err := d.begin("snapshot"); err != nil {
		return nil, err
	}
	p := d.params()
	return p, d.err
}

// Decode reads a snapshot. The channel is disconnected.
func Decode(snapshot []byte, f Format, s Signer) (*Channel, error) {
	d := decoder{b: snapshot}
	if err := d.begin("snapshot"); err != nil {
		return nil, err
	}
	c := &Channel{params: d.params(), format: f, signer: s}
	for side := range c.htlcs {
		c.balance[side] = MilliSat(d.uint())
		c.nextID[side] = d.uint()
		n := d.count(minHTLC)
		for range n {
			c.htlcs[side] = append(c.htlcs[side], d.entry(Side(side)))
		}
	}
	n := d.count(2)
	for range n {
		c.fees = append(c.fees, feeUpdate{FeeRate(d.uint()), state(d.byte())})
	}
	c.localNumber = d.uint()
	c.localSigs = d.sigs()
	c.remoteNumber = d.uint()
	c.unacked = d.bool()
	c.revokedLast = d.bool()
	c.remotePoint = d.key()
	c.remoteNext = d.key()
	c.secrets = d.secrets()
	d.life(&c.life)
	d.ledger(c)
	if err := d.end(); err != nil {
		return nil, err
	}
	return c, c.check()
}

// check refuses a snapshot that would make a later step panic.
func (c *Channel) check() error {
	if len(c.fees) == 0 || c.remotePoint == nil || c.unacked && c.remoteNext == nil {
		return corrupt("no fee rate or no point")
	}
	if c.localNumber >= 1<<48 || c.remoteNumber >= 1<<48 {
		return corrupt("commitments %d and %d beyond 48 bits", c.localNumber, c.remoteNumber)
	}
	for _, f := range c.fees {
		if f.state == noState || f.state >= numStates {
			return corrupt("fee in state %d", f.state)
		}
	}
	for _, t := range c.params.Terms {
		if t.Funding == nil || t.Revocation == nil || t.Payment == nil ||
			t.Delayed == nil || t.HTLC == nil {
			return corrupt("a basepoint is missing")
		}
	}
	for side, list := range c.htlcs {
		for i := range list {
			e := &list[i]
			if i > 0 && e.ID <= list[i-1].ID || e.ID >= c.nextID[side] {
				return corrupt("%v HTLC %d out of order", Side(side), e.ID)
			}
			if ours := e.state <= rcvdRemoveAckRevocation; e.state == noState ||
				e.state >= numStates || ours != (Side(side) == Local) {
				return corrupt("%v HTLC %d in state %d", Side(side), e.ID, e.state)
			}
			if settled[e.state] != inside && e.out == nil {
				return corrupt("%v HTLC %d in state %v without an outcome", Side(side), e.ID, e.state)
			}
		}
	}
	return c.checkMoves()
}

func (e *encoder) entry(h *entry) {
	needed := h.state == sentAddCommit || h.Offerer == Remote && settled[h.state] == inside
	e.htlc(h.HTLC, needed)
	e.byte(byte(h.state))
	e.bool(h.overDust)
	e.bool(h.forgotten)
	e.outcome(h.out)
	e.bool(h.timedOut)
	e.bool(h.late != nil)
	if h.late != nil {
		e.fixed(h.late[:])
	}
}

func (d *decoder) entry(offerer Side) entry {
	e := entry{
		HTLC: d.htlc(offerer), state: state(d.byte()),
		overDust: d.bool(), forgotten: d.bool(), out: d.outcome(),
	}
	if d.version == 1 {
		return e
	}
	e.timedOut = d.bool()
	if d.bool() {
		e.late = new(Preimage)
		d.fixed(e.late[:])
	}
	return e
}

// maxBuckets is the size of a full shachain store: more would not fit its array.
const maxBuckets = 48

func (e *encoder) secrets(s *shachain.RevocationStore) {
	var b bytes.Buffer
	_ = s.Encode(&b) // a bytes.Buffer takes everything
	e.bytes(b.Bytes())
}

func (d *decoder) secrets() *shachain.RevocationStore {
	b := d.bytes()
	if d.err != nil || len(b) == 0 || b[0] > maxBuckets {
		d.fail("bad revocation secrets")
		return nil
	}
	s, err := shachain.NewRevocationStoreFromBytes(bytes.NewReader(b))
	if err != nil || binary.BigEndian.Uint64(b[len(b)-8:]) >= 1<<maxBuckets {
		d.fail("bad revocation secrets")
	}
	return s
}

func (e *encoder) life(l *life) {
	e.bool(l.confirmed)
	e.uint(l.scid.ToUint64())
	e.bool(l.ready)
	e.uint(l.alias)
	e.uint(uint64(l.closeRate))
	for side := range l.closing {
		e.bool(l.closing[side])
		e.bytes(l.closeScript[side])
	}
	e.bytes(l.closeTx)
	e.bytes([]byte(l.halted))
	e.bool(l.stale)
	e.bool(l.spent != nil)
	if l.spent != nil {
		e.fixed(l.spent.TxID[:])
		e.bool(l.spent.Cooperative)
	}
}

func (d *decoder) life(l *life) {
	l.confirmed = d.bool()
	l.scid = lnwire.NewShortChanIDFromInt(d.uint())
	l.ready = d.bool()
	l.alias = d.uint()
	l.closeRate = FeeRate(d.uint())
	for side := range l.closing {
		l.closing[side] = d.bool()
		l.closeScript[side] = d.bytes()
	}
	l.closeTx = d.bytes()
	l.halted, l.stale = d.halted()
	if d.bool() {
		l.spent = &FundingSpent{}
		d.fixed(l.spent.TxID[:])
		l.spent.Cooperative = d.bool()
	}
}

func (e *encoder) params(p *Params) {
	e.fixed(p.ID[:])
	e.fixed(p.ChainHash[:])
	e.fixed(p.Peer[:])
	e.byte(byte(p.Opener))
	e.fixed(p.Outpoint.Hash[:])
	e.uint(uint64(p.Outpoint.Index))
	e.uint(uint64(p.Capacity))
	e.uint(uint64(p.Pushed))
	e.uint(uint64(p.FeeRate))
	e.uint(uint64(p.KeyIndex))
	e.uint(uint64(p.MinDepth))
	e.bool(p.Announce)
	e.bytes(p.FundingTx)
	e.uint(uint64(p.MaxDust))
	e.bytes(p.CloseScript)
	for i := range p.Terms {
		t := &p.Terms[i]
		e.uint(uint64(t.DustLimit))
		e.uint(uint64(t.Reserve))
		e.uint(uint64(t.HTLCMinimum))
		e.uint(uint64(t.MaxInFlight))
		e.uint(uint64(t.MaxAccepted))
		e.uint(uint64(t.ToSelfDelay))
		e.key(t.Funding)
		e.key(t.Revocation)
		e.key(t.Payment)
		e.key(t.Delayed)
		e.key(t.HTLC)
		e.bytes(t.CloseScript)
	}
	e.uint(p.Nonce)
}

func (d *decoder) params() *Params {
	p := &Params{}
	d.fixed(p.ID[:])
	d.fixed(p.ChainHash[:])
	d.fixed(p.Peer[:])
	p.Opener = Side(d.byte() & 1)
	d.fixed(p.Outpoint.Hash[:])
	p.Outpoint.Index = uint32(d.uint())
	p.Capacity = Sat(d.uint())
	p.Pushed = MilliSat(d.uint())
	p.FeeRate = FeeRate(d.uint())
	p.KeyIndex = uint32(d.uint())
	p.MinDepth = uint32(d.uint())
	p.Announce = d.bool()
	p.FundingTx = d.bytes()
	p.MaxDust = MilliSat(d.uint())
	p.CloseScript = d.bytes()
	for i := range p.Terms {
		t := &p.Terms[i]
		t.DustLimit = Sat(d.uint())
		t.Reserve = Sat(d.uint())
		t.HTLCMinimum = MilliSat(d.uint())
		t.MaxInFlight = MilliSat(d.uint())
		t.MaxAccepted = uint16(d.uint())
		t.ToSelfDelay = uint16(d.uint())
		t.Funding = d.key()
		t.Revocation = d.key()
		t.Payment = d.key()
		t.Delayed = d.key()
		t.HTLC = d.key()
		t.CloseScript = d.bytes()
	}
	if d.version >= 3 {
		p.Nonce = d.uint()
	}
	return p
}

// ledger is what came with version 3: deposits and withdrawals.
func (e *encoder) ledger(c *Channel) {
	for side := range c.gross {
		e.gross(c.gross[side])
		for _, m := range c.moves[side] {
			e.uint(uint64(m.amount))
			e.byte(byte(m.state))
		}
	}
	e.grant(&c.grant)
}

func (d *decoder) ledger(c *Channel) {
	if d.version < 3 {
		c.gross[c.params.Opener][deposit] = c.params.Capacity
		return
	}
	for side := range c.gross {
		c.gross[side] = d.gross()
		for kind := range c.moves[side] {
			c.moves[side][kind] = move{Sat(d.uint()), state(d.byte())}
		}
	}
	c.grant = d.grant()
}

func (e *encoder) gross(g gross) {
	for _, total := range g {
		e.uint(uint64(total))
	}
}

func (d *decoder) gross() (g gross) {
	for kind := range g {
		g[kind] = Sat(d.uint())
	}
	return g
}

func (e *encoder) grant(g *grant) {
	for _, total := range g.total {
		e.uint(uint64(total))
	}
	if g.total != [2]Sat{} {
		e.fixed(g.sig.RawBytes())
	}
}

func (d *decoder) grant() (g grant) {
	for side := range g.total {
		g.total[side] = Sat(d.uint())
	}
	if raw := [64]byte{}; g.total != [2]Sat{} {
		d.fixed(raw[:])
		g.sig, _ = lnwire.NewSigFromWireECDSA(raw[:])
	}
	return g
}
