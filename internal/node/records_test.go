package node

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/htlc/htlctest"
	"github.com/nichework/nwnd/internal/enforce/records"
)

var recordSeed = flag.Uint64("records.seed", 0, "run one random schedule of the record tests only")

// duo is the two drivers of a channel, each with a disk and no goroutine: chance says what happens
// when.
type duo struct {
	t      *testing.T
	r      *rand.Rand
	where  string
	ends   [2]*duoEnd
	linked bool
	adds   byte
}

type duoEnd struct {
	disk   *dbtest.Disk
	db     *channeldb.DB
	d      *driver
	signer htlc.Signer
	inbox  []job
	remote map[uint64]*htlc.Commitment // the other's commitments, as this end signed them
}

// toEnd is a connection to the other end.
type toEnd struct{ *duoEnd }

func (c toEnd) Send(msgs ...lnwire.Message) error {
	for _, m := range msgs {
		c.inbox = append(c.inbox, job{in: htlc.Recv{Msg: m}})
	}
	return nil
}
func (toEnd) Disconnect(error) {}

func newDuo(t *testing.T, seed uint64) *duo {
	cfg := htlctest.Default()
	cfg.Format = bolt3.Format{}
	cfg.Params.KeyIndex = 7
	cfg.Params.Terms[0].DustLimit, cfg.Params.Terms[1].DustLimit = 354, 600
	pair, signers, err := htlctest.NewPair(cfg)
	require.NoError(t, err)
	w := &duo{t: t, r: rand.New(rand.NewPCG(seed, 3)), linked: true, where: fmt.Sprintf(
		"seed %d; replay: go test ./internal/node -run '^%s$' -records.seed %d", seed, t.Name(), seed)}
	for i := range pair {
		e := &duoEnd{disk: dbtest.New(t), signer: signers[i], remote: make(map[uint64]*htlc.Commitment)}
		w.ends[i] = e
		e.db = e.disk.Open()
		require.NoError(t, e.db.Append(channeldb.Batch{Stream: streamOf(pair[i].ID()), Snapshot: pair[i].Encode()}))
		w.drive(e, pair[i])
	}
	for i, e := range w.ends {
		e.d.peer = toEnd{w.ends[1-i]}
	}
	return w
}

func (w *duo) drive(e *duoEnd, c *htlc.Channel) {
	e.d = newDriver(c, e.db, slog.New(slog.DiscardHandler), func(*driver, htlc.Effects) {})
	w.look(e)
}

// look notes the commitments that the other end may have.
func (w *duo) look(e *duoEnd) {
	all, err := e.d.channel().RemoteCommitments()
	require.NoError(w.t, err, w.where)
	for _, com := range all {
		e.remote[com.Number] = com
	}
}

// do gives an end a batch; if its disk fails it dies, and starts again from that.
func (w *duo) do(i int, batch ...job) {
	e := w.ends[i]
	if err := e.d.process(batch); err != nil {
		require.ErrorIs(w.t, err, dbtest.ErrInjected, w.where)
		w.restart(i)
		return
	}
	require.NotEqual(w.t, htlc.Halted, e.d.channel().State(), "%s: %s", w.where, e.d.channel().Halted())
	w.look(e)
}

// restart loads an end from its disk. What it signed and did not make durable has never left.
func (w *duo) restart(i int) {
	e := w.ends[i]
	e.disk.FailAt(-1_000_000, dbtest.Lost)
	e.db = e.disk.Open()
	var c *htlc.Channel
	err := e.db.Replay(streamOf(e.d.id),
		func(b []byte) (err error) { c, err = htlc.Decode(b, bolt3.Format{}, e.signer); return err },
		func(b []byte) (err error) { c, err = c.Apply(b); return err })
	require.NoError(w.t, err, w.where)
	all, err := c.RemoteCommitments()
	require.NoError(w.t, err, w.where)
	for n := range e.remote {
		if n > all[len(all)-1].Number {
			delete(e.remote, n)
		}
	}
	w.cut()
	w.drive(e, c)
}

func (w *duo) cut() {
	if !w.linked {
		return
	}
	w.linked = false
	for i, e := range w.ends {
		e.inbox = nil
		w.do(i, job{in: htlc.Disconnected{}})
	}
}

func (w *duo) link() {
	if w.linked {
		return
	}
	w.linked = true
	for i := range w.ends {
		if w.linked { // the first may die of it
			w.do(i, job{in: htlc.Connected{}, peer: toEnd{w.ends[1-i]}})
		}
	}
}

// run lets chance drive the channel.
func (w *duo) run(steps int) *duo {
	for range steps {
		i := w.r.IntN(2)
		e := w.ends[i]
		switch k := w.r.IntN(20); {
		case k < 5:
			for range 1 + w.r.IntN(3) {
				w.adds++
				amount := htlc.MilliSat(200_000 + w.r.IntN(2_000_000)) // round the dust limits, too
				w.do(i, job{in: htlc.Add{Amount: amount, Hash: sha256.Sum256(w.preimage(w.adds)), Expiry: 500 + uint32(w.adds),
					Onion: new([lnwire.OnionPacketSize]byte)}})
			}
		case k < 15:
			n := min(len(e.inbox), 1+w.r.IntN(4))
			batch := e.inbox[:n:n]
			e.inbox = e.inbox[n:]
			w.do(i, batch...)
		case k < 18:
			w.resolve(i)
		case k == 18:
			w.do(i, job{in: htlc.SetFee{Rate: htlc.FeeRate(500 + w.r.IntN(2000))}})
		default:
			w.cut()
		}
		if !w.linked && w.r.IntN(2) == 0 {
			w.link()
		}
	}
	return w
}

func (w *duo) preimage(n byte) []byte {
	p := sha256.Sum256([]byte{n})
	return p[:]
}

// resolve ends the first HTLC that waits for that.
func (w *duo) resolve(i int) {
	for _, h := range w.ends[i].d.channel().HTLCs() {
		if h.Offerer != htlc.Remote || !h.LockedIn {
			continue
		}
		in := htlc.Input(htlc.Fail{ID: h.ID, Reason: []byte("no")})
		for n := range byte(255) {
			if p := w.preimage(n); w.r.IntN(2) == 0 && sha256.Sum256(p) == h.Hash {
				in = htlc.Fulfill{ID: h.ID, Preimage: htlc.Preimage(p)}
			}
		}
		w.do(i, job{in: in})
		return
	}
}

// check compares the records of every state with the outputs of its transaction; it counts those.
func (w *duo) check() (outputs int) {
	for _, e := range w.ends {
		c := e.d.channel()
		for n, com := range e.remote {
			all, err := records.Of(e.db, c, n)
			require.NoError(w.t, err, w.where)
			want := htlcOutputs(w.t, c, com)
			require.ElementsMatch(w.t, want, covering(all, n), "%s: commitment %d", w.where, n)
			outputs += len(want)
		}
	}
	return outputs
}

func htlcOutputs(t *testing.T, c *htlc.Channel, com *htlc.Commitment) (all []bitcoin.HTLC) {
	tx, err := bolt3.Build(c.Params(), com)
	require.NoError(t, err)
	for _, o := range tx.Outputs {
		if o.Kind == bolt3.HTLC {
			all = append(all, bitcoin.HTLC{Offerer: o.HTLC.Offerer, ID: o.HTLC.ID,
				Hash160: bolt3.PaymentHash160(o.HTLC.Hash), Expiry: o.HTLC.Expiry})
		}
	}
	return all
}

func covering(all []bitcoin.Record, n uint64) (in []bitcoin.HTLC) {
	for _, r := range all {
		if r.From <= n && (r.Open || n <= r.To) {
			in = append(in, r.HTLC)
		}
	}
	return in
}

// Whatever a channel went through, with starts in between: the records of each state that its peer
// ever had are that state's HTLC outputs.
func TestRecordsOfEveryPastStateAreKept(t *testing.T) {
	outputs := 0
	for range 12 {
		seed := rand.Uint64()
		if *recordSeed != 0 {
			seed = *recordSeed
		}
		w := newDuo(t, seed)
		for range 3 {
			w.run(60)
			w.restart(w.r.IntN(2))
		}
		outputs += w.check()
	}
	require.Greater(t, outputs, 100)
}

// A node dies at each of its commits: no signature has left whose state has no records.
func TestRecordsAreDurableBeforeTheSignatureLeaves(t *testing.T) {
	seed := rand.Uint64()
	if *recordSeed != 0 {
		seed = *recordSeed
	}
	died := 0
	for range 10 { // one schedule may have few commits
		died += dieAtEachCommit(t, seed)
		if seed++; died > 10 {
			return
		}
	}
	t.Fatalf("died %d times only, with 10 seeds up to %d", died, seed)
}

// dieAtEachCommit runs a schedule again and again, each time with one more commit before an end's disk
// fails, and counts how often it did.
func dieAtEachCommit(t *testing.T, seed uint64) (died int) {
	for at := 0; died < 60; at++ {
		outcome := dbtest.Outcome(at % 2)
		w := newDuo(t, seed)
		victim := w.ends[0]
		victim.disk.FailAt(at/2, outcome)
		life := victim.db
		w.run(120)
		w.check()
		if victim.db == life {
			break
		}
		died++
	}
	return died
}

// What an earlier version signed has no records. The HTLCs that are open at the upgrade get some,
// which cover the states before, too.
func TestRecordsOfAnEarlierVersionsHTLCsBeginAtTheUpgrade(t *testing.T) {
	w := newDuo(t, rand.Uint64())
	for !openOutputs(w.ends[0]) {
		w.run(10)
	}
	e := w.ends[0]
	require.NoError(t, e.db.Append(channeldb.Batch{Drops: []channeldb.Prefix{records.Drop(e.d.channel())}}))
	w.restart(0)
	e = w.ends[0]
	all, err := e.d.channel().RemoteCommitments()
	require.NoError(t, err)
	before := all[len(all)-1]
	upgrade := before.Number
	open := htlcOutputs(t, e.d.channel(), before)
	check := func() {
		for n, com := range e.remote {
			got, err := records.Of(e.db, e.d.channel(), n)
			require.NoError(t, err, w.where)
			want := htlcOutputs(t, e.d.channel(), com)
			if n < upgrade {
				want = shared(want, open)
			}
			require.Subset(t, covering(got, n), want, "%s: commitment %d", w.where, n)
		}
	}
	check()
	w.run(100)
	check()
	w.restart(0)
	check()
}

func openOutputs(e *duoEnd) bool {
	all, err := e.d.channel().RemoteCommitments()
	return err == nil && len(bitcoin.OpenRecords(e.d.channel().Params(), all[len(all)-1])) > 0
}

func shared(a, b []bitcoin.HTLC) (both []bitcoin.HTLC) {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				both = append(both, x)
			}
		}
	}
	return both
}

// A channel that is forgotten leaves no records.
func TestRecordsGoWithTheirChannel(t *testing.T) {
	n := newTestNet(t)
	alice, carol := n.node("alice"), n.node("carol")
	n.open(alice, carol, 1_000_000, 0)
	n.open(alice, carol, 1_000_000, 0)
	n.known(2, alice, carol)
	require.Equal(t, PaymentSucceeded, alice.pay(carol.invoice(600_000*sat).PaymentRequest).Status)
	require.Equal(t, PaymentSucceeded, alice.pay(carol.invoice(600_000*sat).PaymentRequest).Status)
	n.settled(alice, carol)
	left := func() uint64 {
		rows, err := alice.db.Count(records.Bucket)
		require.NoError(t, err)
		return rows
	}
	require.EqualValues(t, 2, left())
	d := alice.sw.channels()[0]
	d.post(job{after: func() { alice.drop(d) }})
	n.eventually("its records are gone", func() bool { return left() == 1 })
}
