package main

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/enforce/records"
	"github.com/nichework/nwnd/internal/signer"
)

// oldChannel is a channel that gets many states: two channels of the real machine, the first of them with
// a store as a node has it. Every state goes through Step on both ends, with the secrets, points,
// facts and rows of a real one. Digests and signatures are stand-ins until real is called, since
// two million of each would take the better part of an hour and are not kept; and facts are
// appended for many states at a time, which saves syncs and no bytes.
type oldChannel struct {
	path   string
	db     *channeldb.DB
	stream channeldb.Stream
	ends   [2]*htlc.Channel
	keys   [2]*signer.Signer
	log    records.Log

	facts  [][]byte // not yet appended
	puts   []channeldb.KV
	weight int
	group  int // bytes of facts in one append, about

	stop    chan struct{}               // closed when no more states come
	sample  uint64                      // of how many commitments of the peer's one is kept
	samples map[uint64]*htlc.Commitment // as a cheater has them
	htlcs   int                         // that were offered
	offered [2]uint64                   // of them, by each end
}

// standIn signs and verifies by comparing digests. Its points are real; the next thousand are made
// on another core.
type standIn struct {
	*signer.Signer
	next   <-chan *btcec.PublicKey
	number uint64 // of the point that comes next
	last   [4]*btcec.PublicKey
}

func newStandIn(s *signer.Signer, stop <-chan struct{}) *standIn {
	points := make(chan *btcec.PublicKey, 1000)
	go func() {
		for n := uint64(0); ; n++ {
			secret := s.Secret(n)
			_, point := btcec.PrivKeyFromBytes(secret[:])
			select {
			case points <- point:
			case <-stop:
				return
			}
		}
	}()
	return &standIn{Signer: s, next: points}
}

// Point is asked for about in order.
func (s *standIn) Point(n uint64) *btcec.PublicKey {
	kept := uint64(len(s.last))
	if n+kept < s.number || n > s.number+kept {
		return s.Signer.Point(n)
	}
	for ; s.number <= n; s.number++ {
		s.last[s.number%kept] = <-s.next
	}
	return s.last[n%kept]
}

func (*standIn) Sign(ds []htlc.Digest) ([]lnwire.Sig, error) {
	sigs := make([]lnwire.Sig, len(ds))
	for i := range ds {
		var raw [64]byte
		copy(raw[:], ds[i].Hash[:])
		copy(raw[32:], ds[i].Hash[:])
		sigs[i], _ = lnwire.NewSigFromWireECDSA(raw[:])
	}
	return sigs, nil
}

func (s *standIn) Verify(ds []htlc.Digest, sigs []lnwire.Sig) error {
	want, err := s.Sign(ds)
	for i := range want {
		if want[i] != sigs[i] {
			return fmt.Errorf("signature %d of %d is another commitment's", i, len(ds))
		}
	}
	return err
}

// standInFormat is bitcoin's but for its digests.
type standInFormat struct{ bolt3.Format }

func (standInFormat) Digests(p *htlc.Params, com *htlc.Commitment) ([]htlc.Digest, error) {
	var b [32]byte
	for i, v := range []uint64{com.Number, uint64(com.FeeRate), uint64(com.Balance[0] + com.Balance[1]), uint64(len(com.HTLCs))} {
		binary.BigEndian.PutUint64(b[8*i:], v)
	}
	b[31], b[0] = 1, 0 // less than the group's order, not 0
	ds := make([]htlc.Digest, 1+len(com.HTLCs))
	for i := range ds {
		ds[i].Hash = b
	}
	return ds, nil
}

// secretsOf are the keys of one end.
func secretsOf(name string) signer.Secrets {
	key := func(of string) *btcec.PrivateKey {
		h := sha256.Sum256([]byte(name + " " + of))
		k, _ := btcec.PrivKeyFromBytes(h[:])
		return k
	}
	return signer.Secrets{
		Funding: key("funding"), Revocation: key("revocation"), Payment: key("payment"),
		Delayed: key("delayed"), HTLC: key("htlc"), Root: sha256.Sum256([]byte(name)),
	}
}

// oldParams are those of the two ends of a channel of a bitcoin.
func oldParams(secrets [2]signer.Secrets) [2]*htlc.Params {
	out := wire.OutPoint{Hash: sha256.Sum256([]byte("funding"))}
	var all [2]*htlc.Params
	for i := range all {
		p := &htlc.Params{
			ID: lnwire.NewChanIDFromOutPoint(out), Opener: htlc.Side(i), Outpoint: out,
			Capacity: btcutil.SatoshiPerBitcoin, Pushed: 50_000_000_000, FeeRate: 1000, KeyIndex: 1, MinDepth: 1,
			MaxDust: 1_000_000_000, CloseScript: append([]byte{0, 20}, make([]byte, 20)...),
		}
		for side := range p.Terms {
			p.Terms[side] = htlc.Terms{DustLimit: 354, Reserve: 1_000_000, HTLCMinimum: 1,
				MaxInFlight: 100_000_000_000, MaxAccepted: htlc.MaxHTLCs, ToSelfDelay: 144}
			secrets[i^side].FillTerms(&p.Terms[side])
		}
		all[i] = p
	}
	return all
}

// newOldChannel opens the channel, with a store at path. One of so many commitments is kept to be tried
// later.
func newOldChannel(path string, sample uint64) (*oldChannel, error) {
	p := &oldChannel{path: path, group: 256 << 10, sample: sample, samples: make(map[uint64]*htlc.Commitment),
		stop: make(chan struct{})}
	secrets := [2]signer.Secrets{secretsOf("victim"), secretsOf("cheater")}
	params := oldParams(secrets)
	for i := range p.keys {
		var err error
		if p.keys[i], err = signer.New(secrets[i], signer.ECDSA, nil); err != nil {
			return nil, err
		}
	}
	for i := range p.ends {
		c, err := htlc.New(params[i], standInFormat{}, newStandIn(p.keys[i], p.stop), p.keys[1-i].Point(0), nil)
		if err != nil {
			return nil, err
		}
		p.ends[i], _, err = c.StepAll([]htlc.Input{
			htlc.FundingConfirmed{SCID: lnwire.ShortChannelID{BlockHeight: 100, TxIndex: 1}},
			htlc.Recv{Msg: &lnwire.ChannelReady{ChanID: params[i].ID, NextPerCommitmentPoint: p.keys[1-i].Point(1)}},
		})
		if err != nil {
			return nil, err
		}
	}
	if err := p.open(); err != nil {
		return nil, err
	}
	p.stream = channeldb.Stream("channel/" + string(params[0].ID[:]))
	first, err := p.ends[0].RemoteCommitments()
	if err == nil {
		p.samples[0] = first[0]
		err = p.db.Append(channeldb.Batch{Stream: p.stream, Snapshot: p.ends[0].Encode()})
	}
	return p, err
}

func (p *oldChannel) open() (err error) {
	p.db, err = channeldb.Open(p.path, channeldb.Options{Rising: []string{records.Bucket}})
	return err
}

func (p *oldChannel) close() error {
	close(p.stop)
	return p.db.Close()
}

// step gives an end a batch, and both what follows from it, until all is said.
func (p *oldChannel) step(at int, batch ...htlc.Input) error {
	for len(batch) > 0 {
		before := p.ends[at]
		next, eff, err := before.StepAll(batch)
		if err != nil {
			return fmt.Errorf("end %d of the channel: %w", at, err)
		}
		if at == 0 {
			if err := p.take(before, eff); err != nil {
				return err
			}
		}
		p.ends[at] = next
		at = 1 - at
		batch = make([]htlc.Input, len(eff.Send))
		for i, m := range eff.Send {
			batch[i] = htlc.Recv{Msg: m}
		}
	}
	if p.weight >= p.group {
		return p.flush()
	}
	return nil
}

// take keeps what a node makes durable of a step.
func (p *oldChannel) take(before *htlc.Channel, eff htlc.Effects) error {
	p.facts = append(p.facts, eff.Facts...)
	for _, f := range eff.Facts {
		p.weight += len(f)
	}
	if eff.Signed == nil {
		return nil
	}
	rows, err := p.log.Signed(p.db, before, eff.Signed)
	p.puts = append(p.puts, rows...)
	p.weight += 64 * len(rows)
	if n := eff.Signed.Number; n%p.sample == 0 {
		p.samples[n] = eff.Signed
	}
	return err
}

// flush appends what was taken, as a driver does.
func (p *oldChannel) flush() error {
	b := channeldb.Batch{Stream: p.stream, Facts: p.facts, Puts: p.puts}
	if p.db.NeedsSnapshot(p.stream) {
		b.Snapshot = p.ends[0].Encode()
	}
	p.facts, p.puts, p.weight = nil, nil, 0
	return p.db.Append(b)
}

// number is that of the peer's newest commitment.
func (p *oldChannel) number() uint64 {
	_, remote := p.ends[0].Numbers()
	return remote
}

// feesTo makes states without HTLCs, by changes of the fee rate, up to a number.
func (p *oldChannel) feesTo(n uint64) error {
	for at := p.number(); at < n; at++ {
		if err := p.step(0, htlc.SetFee{Rate: htlc.FeeRate(1001 - at%2)}); err != nil {
			return err
		}
		if p.number() != at+1 {
			return fmt.Errorf("commitment %d did not follow on %d", at+1, at)
		}
	}
	return p.flush()
}

// htlcsTo makes states with HTLCs up to a number: two or three are offered, by whichever side has
// more, half of them are paid, and all are gone before the next.
func (p *oldChannel) htlcsTo(n uint64) error {
	for p.number() < n {
		from, c := 0, p.ends[0]
		if c.Balance(htlc.Local) < c.Balance(htlc.Remote) {
			from = 1
		}
		at := p.number()
		adds, ends, forgets := p.some(from)
		for i, batch := range [][]htlc.Input{adds, ends, forgets} {
			if err := p.step(from^i&1, batch...); err != nil {
				return err
			}
		}
		if p.number() == at {
			return fmt.Errorf("HTLCs made no commitment behind %d", at)
		}
	}
	return p.flush()
}

// some are new HTLCs, what ends them and what forgets them.
func (p *oldChannel) some(from int) (adds, ends, forgets []htlc.Input) {
	for range 2 + p.htlcs%3%2 {
		id := p.offered[from]
		preimage := htlc.Preimage(sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(p.htlcs))))
		adds = append(adds, htlc.Add{Amount: 2_000_000, Hash: sha256.Sum256(preimage[:]),
			Expiry: 900_000 + uint32(p.htlcs%2000), Onion: new([lnwire.OnionPacketSize]byte)})
		if p.htlcs%2 == 0 {
			ends = append(ends, htlc.Fulfill{ID: id, Preimage: preimage})
		} else {
			ends = append(ends, htlc.Fail{ID: id, Reason: make([]byte, 292)})
		}
		forgets = append(forgets, htlc.Forget{ID: id})
		p.offered[from]++
		p.htlcs++
	}
	return adds, ends, forgets
}

// real starts the channel again, from the store, with the digests and signatures of a real one, and
// makes a few more states.
func (p *oldChannel) real() error {
	stored, err := p.load()
	if err != nil {
		return err
	}
	other, err := htlc.Decode(p.ends[1].Encode(), bolt3.Format{}, p.keys[1])
	if err != nil {
		return err
	}
	p.ends, p.log = [2]*htlc.Channel{stored, other}, records.Log{}
	var hello [2][]htlc.Input
	for i := range p.ends {
		next, eff, err := p.ends[i].StepAll([]htlc.Input{htlc.Connected{}})
		if err != nil {
			return err
		}
		p.ends[i] = next
		for _, m := range eff.Send {
			hello[1-i] = append(hello[1-i], htlc.Recv{Msg: m})
		}
	}
	if err := errors.Join(p.step(0, hello[0]...), p.step(1, hello[1]...)); err != nil {
		return err
	}
	return p.htlcsTo(p.number() + 10)
}

// load reads the channel from the store.
func (p *oldChannel) load() (*htlc.Channel, error) {
	var c *htlc.Channel
	err := p.db.Replay(p.stream,
		func(b []byte) (err error) { c, err = htlc.Decode(b, bolt3.Format{}, p.keys[0]); return err },
		func(b []byte) (err error) { c, err = c.Apply(b); return err })
	if err == nil && c == nil {
		err = errors.New("the store has no channel")
	}
	return c, err
}
