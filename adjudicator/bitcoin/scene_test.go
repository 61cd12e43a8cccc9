package bitcoin_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/htlc/htlctest"
	"github.com/nichework/nwnd/internal/signer"
	"github.com/stretchr/testify/require"
)

var seedFlag = flag.Uint64("seed", 0, "run one random schedule only")

// confirmed is the block of every commitment here; HTLCs expire from 500 on.
const confirmed = 400

// keys are a side's secrets, those of which htlctest's signer shows the public keys.
type keys struct {
	signer.Secrets
	*signer.Signer
}

func keysOf(t testing.TB, seed string) *keys {
	key := func(name string) *btcec.PrivateKey {
		h := sha256.Sum256([]byte(seed + "/" + name))
		k, _ := btcec.PrivKeyFromBytes(h[:])
		return k
	}
	s := signer.Secrets{
		Funding: key("funding"), Revocation: key("revocation"), Payment: key("payment"),
		Delayed: key("delayed"), HTLC: key("htlc"), Root: sha256.Sum256([]byte(seed)),
	}
	real, err := signer.New(s, signer.ECDSA, nil)
	require.NoError(t, err)
	return &keys{s, real}
}

// scene is a pair of channels, with all that each side ever had of them.
type scene struct {
	t     testing.TB
	w     *htlctest.World
	r     *rand.Rand
	keys  [2]*keys
	sides [2]side
	where string
}

// side is what one node has, and what a copy of its old data would.
type side struct {
	local   map[uint64]*htlc.Commitment // its own commitments, by number
	remote  map[uint64]*htlc.Commitment // the peer's, as it signed them
	history *bitcoin.History
	records map[string][]byte // by offerer and id, as a store has them
}

func newScene(t testing.TB, seed uint64) *scene {
	cfg := htlctest.Default()
	cfg.Format = bolt3.Format{}
	r := rand.New(rand.NewPCG(seed, 9))
	p := &cfg.Params
	p.Terms[0].DustLimit, p.Terms[1].DustLimit = 354, 600
	p.Terms[0].ToSelfDelay, p.Terms[1].ToSelfDelay = 144, 30
	p.CloseScript = append([]byte{0, 20}, make([]byte, 20)...)
	if r.IntN(3) == 0 {
		p.Pushed = 0 // the acceptor has nothing at first: no output, maybe no anchor
		p.Terms[1].Reserve = 1000
	}
	w, err := htlctest.NewWorld(cfg)
	require.NoError(t, err)
	s := &scene{
		t: t, w: w, r: r, keys: [2]*keys{keysOf(t, "opener"), keysOf(t, "acceptor")},
		where: fmt.Sprintf("seed %d; replay: go test ./adjudicator/bitcoin -run '^%s$' -seed %d", seed, t.Name(), seed),
	}
	for i := range s.sides {
		h, err := bitcoin.NewHistory(1, nil)
		require.NoError(t, err)
		s.sides[i] = side{
			local: make(map[uint64]*htlc.Commitment), remote: make(map[uint64]*htlc.Commitment),
			history: h, records: make(map[string][]byte),
		}
	}
	s.look()
	return s
}

// look notes what each side has now. A commitment that is seen again must be the same.
func (s *scene) look() {
	require.NoError(s.t, s.w.Err, s.where)
	for i := range s.sides {
		n, c := &s.sides[i], s.w.Nodes[i].Channel
		com, _, err := c.LocalCommitment()
		require.NoError(s.t, err)
		s.keep(c.Params(), n.local, com)
		remote, err := c.RemoteCommitments()
		require.NoError(s.t, err)
		for j, com := range remote {
			s.keep(c.Params(), n.remote, com)
			if com.Number == 0 || j+1 < len(remote) { // the older one was signed before
				continue
			}
			changed, err := n.history.Signed(c.Params(), com)
			require.NoError(s.t, err, s.where)
			for _, r := range changed {
				b, err := r.Append(nil)
				require.NoError(s.t, err)
				n.records[fmt.Sprint(r.Offerer, r.ID)] = b
			}
		}
	}
}

func (s *scene) keep(p *htlc.Params, all map[uint64]*htlc.Commitment, com *htlc.Commitment) {
	if old := all[com.Number]; old != nil && s.r.IntN(4) == 0 {
		a, err := bolt3.Build(p, old)
		require.NoError(s.t, err)
		b, err := bolt3.Build(p, com)
		require.NoError(s.t, err)
		require.Equal(s.t, a.MsgTx.TxHash(), b.MsgTx.TxHash(), "%s: two commitments %d", s.where, com.Number)
	}
	all[com.Number] = com
}

// run lets chance drive the channel.
func (s *scene) run(steps int) *scene {
	for range steps {
		i := s.r.IntN(2)
		n := s.w.Nodes[i]
		switch k := s.r.IntN(20); {
		case k < 6 && s.w.Linked:
			amount := htlc.MilliSat(1_000_000 + s.r.IntN(200_000_000))
			if s.r.IntN(4) == 0 {
				amount = htlc.MilliSat(200_000 + s.r.IntN(600_000)) // round the dust limits
			}
			s.w.Add(i, amount)
			s.w.Feed(i)
		case k < 16:
			s.w.Deliver(i, 1+s.r.IntN(3))
		case k < 18:
			for id := uint64(0); id < 200; id++ {
				if _, ok := n.Book.Arrived[id]; ok {
					s.w.Decide(i, id, s.r.IntN(2))
					break
				}
			}
		case k == 18:
			s.w.Feed(0, htlc.SetFee{Rate: htlc.FeeRate(500 + s.r.IntN(2000))})
		default:
			s.w.Cut()
			s.look()
			s.w.Link()
		}
		s.look()
	}
	return s
}

// settle delivers until nothing is under way, one message at a time.
func (s *scene) settle() {
	for len(s.w.Nodes[0].Inbox)+len(s.w.Nodes[1].Inbox) > 0 {
		for i := range s.w.Nodes {
			s.w.Deliver(i, 1)
			s.look()
		}
	}
}

// add offers an HTLC and lets it lock in.
func (s *scene) add(i int, sat htlc.Sat) {
	s.w.Add(i, htlc.MilliSat(sat)*1000)
	s.w.Feed(i)
	s.look()
	s.settle()
}

// channel is what side i knows now; its own commitment has real signatures.
func (s *scene) channel(i int) *bitcoin.Channel {
	c := s.w.Nodes[i].Channel
	ch, err := bitcoin.ChannelOf(c, s.keys[i].Signer, s.stored(i))
	require.NoError(s.t, err, s.where)
	if ch.Local != nil {
		s.signed(i, ch, ch.Local)
	}
	return ch
}

// cheater is side i with an old commitment of its own for its newest.
func (s *scene) cheater(i int, n uint64) *bitcoin.Channel {
	ch := *s.channel(i)
	s.signed(i, &ch, s.sides[i].local[n])
	return &ch
}

// signed gives a channel a commitment of its own with the peer's signatures.
func (s *scene) signed(i int, ch *bitcoin.Channel, com *htlc.Commitment) {
	ds, err := bolt3.Format{}.Digests(ch.Params, com)
	require.NoError(s.t, err)
	sigs, err := s.keys[1-i].Sign(ds)
	require.NoError(s.t, err)
	require.NoError(s.t, s.keys[i].Verify(ds, sigs))
	ch.Local, ch.LocalSigs = com, sigs
}

func (s *scene) stored(i int) func(uint64) ([]bitcoin.Record, error) {
	return func(uint64) ([]bitcoin.Record, error) {
		var all []bitcoin.Record
		for _, b := range s.sides[i].records {
			r, err := bitcoin.DecodeRecord(b)
			if err != nil {
				return nil, err
			}
			all = append(all, r)
		}
		return all, nil
	}
}

// tx is the transaction of a commitment of side i.
func (s *scene) tx(i int, n uint64) *bolt3.Tx {
	tx, err := bolt3.Build(s.w.Nodes[i].Channel.Params(), s.sides[i].local[n])
	require.NoError(s.t, err)
	return tx
}

// all knows every preimage, none knows none.
func (s *scene) all(hash [32]byte) (htlc.Preimage, bool) {
	p := s.w.Preimage(&htlc.HTLC{Hash: hash})
	return p, p != htlc.Preimage{}
}

func none([32]byte) (htlc.Preimage, bool) { return htlc.Preimage{}, false }

// scenes runs a test on random schedules.
func scenes(t *testing.T, count, steps int, test func(s *scene)) {
	from, to := uint64(1), uint64(count)
	if *seedFlag != 0 {
		from, to = *seedFlag, *seedFlag
	}
	for seed := from; seed <= to; seed++ {
		test(newScene(t, seed).run(steps))
	}
}
