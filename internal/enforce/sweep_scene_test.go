package enforce_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"log/slog"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/htlc/htlctest"
	"github.com/nichework/nwnd/internal/enforce"
	"github.com/nichework/nwnd/internal/signer"
)

// pair is a channel whose sides have real keys.
type pair struct {
	t       testing.TB
	w       *htlctest.World
	signers [2]*signer.Signer
	records [2]map[bitcoin.HTLC]bitcoin.Record
	history [2]*bitcoin.History
}

func newPair(t testing.TB) *pair {
	cfg := htlctest.Default()
	cfg.Format = bolt3.Format{}
	cfg.Params.Terms[0].ToSelfDelay, cfg.Params.Terms[1].ToSelfDelay = 144, 30
	w, err := htlctest.NewWorld(cfg)
	require.NoError(t, err)
	p := &pair{t: t, w: w}
	for i, seed := range []string{"opener", "acceptor"} {
		key := func(name string) *btcec.PrivateKey {
			h := sha256.Sum256([]byte(seed + "/" + name))
			k, _ := btcec.PrivKeyFromBytes(h[:])
			return k
		}
		p.signers[i], err = signer.New(signer.Secrets{
			Funding: key("funding"), Revocation: key("revocation"), Payment: key("payment"),
			Delayed: key("delayed"), HTLC: key("htlc"), Root: sha256.Sum256([]byte(seed)),
		}, signer.ECDSA, nil)
		require.NoError(t, err)
		p.history[i], err = bitcoin.NewHistory(1, nil)
		require.NoError(t, err)
		p.records[i] = make(map[bitcoin.HTLC]bitcoin.Record)
	}
	return p
}

// add has a side offer an HTLC, which locks in. HTLCs expire from 500 on.
func (p *pair) add(side int, sat htlc.Sat) {
	p.w.Add(side, htlc.MilliSat(sat)*1000)
	p.w.Feed(side)
	p.look()
	for len(p.w.Nodes[0].Inbox)+len(p.w.Nodes[1].Inbox) > 0 {
		for i := range p.w.Nodes {
			p.w.Deliver(i, 1)
			p.look()
		}
	}
}

// look notes the HTLCs of what the peers may publish.
func (p *pair) look() {
	require.NoError(p.t, p.w.Err)
	for i, n := range p.w.Nodes {
		remote, err := n.Channel.RemoteCommitments()
		require.NoError(p.t, err)
		last := remote[len(remote)-1]
		if last.Number == 0 {
			continue
		}
		changed, err := p.history[i].Signed(n.Channel.Params(), last)
		require.NoError(p.t, err)
		for _, r := range changed {
			p.records[i][r.HTLC] = r
		}
	}
}

func (p *pair) channel(side int) *bitcoin.Channel {
	ch, err := bitcoin.ChannelOf(p.w.Nodes[side].Channel, p.signers[side], func(uint64) ([]bitcoin.Record, error) {
		var all []bitcoin.Record
		for _, r := range p.records[side] {
			all = append(all, r)
		}
		return all, nil
	})
	require.NoError(p.t, err)
	ds, err := bolt3.Format{}.Digests(ch.Params, ch.Local)
	require.NoError(p.t, err)
	ch.LocalSigs, err = p.signers[1-side].Sign(ds)
	require.NoError(p.t, err)
	return ch
}

// commitment is a side's newest, signed.
func (p *pair) commitment(side int) *wire.MsgTx {
	tx, err := bitcoin.Publish(p.channel(side), p.signers[side])
	require.NoError(p.t, err)
	return tx
}

func (p *pair) preimages(hash [32]byte) (htlc.Preimage, bool) {
	pre := p.w.Preimage(&htlc.HTLC{Hash: hash})
	return pre, pre != htlc.Preimage{}
}

// claims are a side's on a commitment in the block of a height.
func (p *pair) claims(side int, tx *wire.MsgTx, at uint32) (*bitcoin.Spent, []*bitcoin.Claim) {
	spent, err := bitcoin.Classify(p.channel(side), tx)
	require.NoError(p.t, err)
	claims, err := spent.Claims(adjudicator.Height(at), p.preimages)
	require.NoError(p.t, err)
	return spent, claims
}

// want is what the court would ask for, with a deadline of the test's.
func (p *pair) want(side int, c *bitcoin.Claim, deadline uint32) enforce.Want {
	params := p.w.Nodes[side].Channel.Params()
	return enforce.Want{
		Channel: lnwire.NewChanIDFromOutPoint(params.Outpoint), Point: params.Outpoint,
		Claim: c, Signer: p.signers[side], Deadline: adjudicator.Height(deadline),
	}
}

// bench is a sweeper on a network, with the outputs that it is to take.
type bench struct {
	*network
	*pair
	disk    *dbtest.Disk
	db      *channeldb.DB
	sweeper *enforce.Sweeper
	wants   []enforce.Want
	cfg     enforce.SweeperConfig
}

func newBench(t testing.TB) *bench { return newBenchOf(t, newPair(t)) }

// newBenchOf has a channel that others have too, and leaves it as it is.
func newBenchOf(t testing.TB, p *pair) *bench {
	b := &bench{network: newNetwork(t, 400), pair: p, disk: dbtest.New(t)}
	b.start()
	return b
}

func (b *bench) require() *require.Assertions { return require.New(b.network.t) }

// start opens the store and begins anew, as after a crash.
func (b *bench) start() {
	b.db = b.disk.Open()
	cfg := b.cfg
	cfg.Wallet, cfg.Chain, cfg.DB = b.network, b.network, b.db
	cfg.Log = slog.New(slog.NewTextHandler(b.network.t.Output(), nil))
	var err error
	b.sweeper, err = enforce.NewSweeper(cfg)
	b.require().NoError(err)
}

// open are the wants whose outputs no block has seen spent.
func (b *bench) open() []enforce.Want {
	var left []enforce.Want
	for _, w := range b.wants {
		if _, gone := b.spent[w.Claim.Out]; !gone {
			left = append(left, w)
		}
	}
	return left
}

// round is one with all that is open.
func (b *bench) round() {
	b.require().NoError(b.sweeper.Round(context.Background(), adjudicator.Height(b.height), b.open()))
}

// block is an empty block, and a round.
func (b *bench) block() {
	b.confirm()
	b.round()
}

func (b *bench) sweep(at wire.OutPoint) enforce.Sweep {
	for _, s := range b.sweeper.Sweeps() {
		if s.Outpoint == at {
			return s
		}
	}
	b.require().FailNow("no sweep of " + at.String())
	return enforce.Sweep{}
}

// publishes puts a side's commitment into the next block, and wants all of the other side's
// claims but the anchor, or its own, with a deadline for HTLCs.
func (b *bench) publishes(side, who int, deadline uint32) *wire.MsgTx {
	tx := b.commitment(side)
	b.confirm(tx)
	_, claims := b.claims(who, tx, b.height)
	for _, c := range claims {
		switch by := uint32(0); {
		case c.Path == bitcoin.Anchor:
		case c.HTLC.Hash160 != [20]byte{}:
			by = deadline
			fallthrough
		default:
			b.wants = append(b.wants, b.want(who, c, by))
		}
	}
	return tx
}

// only is the one want of a path.
func (b *bench) only(path bitcoin.Path) *enforce.Want {
	var found *enforce.Want
	for i := range b.wants {
		if b.wants[i].Claim.Path == path {
			b.require().Nil(found, "two of %v", path)
			found = &b.wants[i]
		}
	}
	b.require().NotNil(found, "none of %v", path)
	return found
}

// fund puts the channel's funding output into a block.
func (b *bench) fund(side int) {
	params := b.w.Nodes[side].Channel.Params()
	pk, err := bolt3.FundingScript(params)
	b.require().NoError(err)
	b.outs[params.Outpoint] = &wire.TxOut{Value: int64(params.Capacity), PkScript: pk}
	b.heights[params.Outpoint] = 1
}

// rates checks of everything that is published that it pays each output's taker no less than what was
// published before for it, and that it was durable.
type rates struct {
	paid map[wire.OutPoint]int64
	seen int
}

func watchRates(b *bench) *rates {
	r := &rates{paid: make(map[wire.OutPoint]int64)}
	b.before = func(tx *wire.MsgTx) {
		txid := tx.TxHash()
		row, err := b.db.Get("sweep_tx", txid[:])
		b.require().NoError(err)
		var raw bytes.Buffer
		b.require().NoError(tx.Serialize(&raw))
		b.require().True(bytes.HasSuffix(row, raw.Bytes()), "durable before it is sent")
		_, fee, err := b.inputs(tx)
		if err != nil {
			return // an input is spent
		}
		for _, out := range tx.TxOut {
			fee -= out.Value
		}
		rate := fee * 1000 / bitcoin.Weight(tx)
		for _, in := range tx.TxIn {
			at := in.PreviousOutPoint
			if _, coin := b.purse[at]; coin {
				continue
			}
			const shortSignatures = 10 // in a thousand: weights are told with the longest
			b.require().GreaterOrEqual(rate+rate*shortSignatures/1000+2, r.paid[at], "the fee for %v fell at %d", at, b.height)
			r.paid[at] = max(r.paid[at], rate)
			r.seen++
		}
	}
	return r
}

var seedFlag = flag.Uint64("seed", 0, "run one random schedule only")
