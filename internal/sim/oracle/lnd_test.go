package oracle

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/channeldb"
	"github.com/lightningnetwork/lnd/input"
	"github.com/lightningnetwork/lnd/keychain"
	"github.com/lightningnetwork/lnd/lnwallet"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/shachain"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/signer"
)

// lnd is a node whose channel is lnd's LightningChannel, driven as lnd's link drives it.
type lnd struct {
	side    htlc.Side
	params  *htlc.Params // as A sees them
	lc      *lnwallet.LightningChannel
	db      *channeldb.ChannelStateDB
	signer  input.Signer
	pool    *lnwallet.SigPool
	queue   []htlc.Input
	open    map[uint64][32]byte
	decided map[uint64]htlc.Input // not forgotten before lnd does
	up      bool
	feeOpen bool // a fee update of this side is not in both commitments
	closing closing
	stats   *stats
}

const lndType = channeldb.SingleFunderTweaklessBit | channeldb.AnchorOutputsBit | channeldb.ZeroHtlcTxFeeBit

// newLnd makes a channel in lnd's own database, in the state that funding leaves it in.
func newLnd(t testing.TB, side htlc.Side, p *htlc.Params, keys [2]signer.Secrets, points [2]*signer.Signer, st *stats) (*lnd, error) {
	mine, theirs := config(&p.Terms[side]), config(&p.Terms[side.Other()])
	db := channeldb.OpenForTesting(t, memoryDir(t)).ChannelStateDB()
	k := keys[side]
	sign := newLndSigner(k)
	pool := lnwallet.NewSigPool(1, sign)
	if err := pool.Start(); err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = pool.Stop() })

	fee := bolt3.Format{}.Fee(p.FeeRate, 0) - 2*bolt3.AnchorValue
	var balance [2]lnwire.MilliSatoshi
	balance[p.Opener] = lnwire.NewMSatFromSatoshis(p.Capacity-fee-2*bolt3.AnchorValue) - p.Pushed
	balance[p.Opener.Other()] = p.Pushed
	commitment := func(holder htlc.Side) (channeldb.ChannelCommitment, error) {
		tx, err := bolt3.Build(p, firstCommitment(p, holder, points[holder]))
		if err != nil {
			return channeldb.ChannelCommitment{}, err
		}
		return channeldb.ChannelCommitment{
			LocalBalance: balance[side], RemoteBalance: balance[side.Other()],
			CommitFee: fee, FeePerKw: btcutil.Amount(p.FeeRate),
			CommitTx: tx.MsgTx, CommitSig: make([]byte, 70),
		}, nil
	}
	local, err := commitment(side)
	if err != nil {
		return nil, err
	}
	remote, err := commitment(side.Other())
	if err != nil {
		return nil, err
	}
	scid := lnwire.NewShortChanIDFromInt(1<<40 | 1)
	state := &channeldb.OpenChannel{
		LocalChanCfg: mine, RemoteChanCfg: theirs,
		IdentityPub:     keys[side.Other()].Funding.PubKey(),
		FundingOutpoint: p.Outpoint, ShortChannelID: scid,
		ChanType: lndType, IsInitiator: side == p.Opener, Capacity: p.Capacity,
		RemoteCurrentRevocation: points[side.Other()].Point(0),
		RevocationProducer:      shachain.NewRevocationProducer(chainhash.Hash(k.Root)),
		RevocationStore:         shachain.NewRevocationStore(),
		LocalCommitment:         local, RemoteCommitment: remote,
		Db: db, Packager: channeldb.NewChannelPackager(scid),
		FundingTxn: fundingTx(p),
	}
	lc, err := lnwallet.NewLightningChannel(sign, state, pool)
	if err != nil {
		return nil, err
	}
	if err := state.SyncPending(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, 1); err != nil {
		return nil, err
	}
	return &lnd{
		side: side, params: p, lc: lc, db: db, signer: sign, pool: pool, stats: st, up: true,
		open: map[uint64][32]byte{}, decided: map[uint64]htlc.Input{},
	}, nil
}

// fundingTx is a transaction that lnd can store; nobody looks inside.
func fundingTx(p *htlc.Params) *wire.MsgTx {
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&wire.OutPoint{Index: 1}, nil, nil))
	tx.AddTxOut(wire.NewTxOut(int64(p.Capacity), make([]byte, 34)))
	return tx
}

func firstCommitment(p *htlc.Params, holder htlc.Side, s *signer.Signer) *htlc.Commitment {
	c := &htlc.Commitment{Holder: holder, Point: s.Point(0), FeeRate: p.FeeRate}
	c.Balance[p.Opener] = htlc.MilliSat(p.Capacity)*1000 - p.Pushed
	c.Balance[p.Opener.Other()] = p.Pushed
	return c
}

func config(t *htlc.Terms) channeldb.ChannelConfig {
	desc := func(k *btcec.PublicKey) keychain.KeyDescriptor { return keychain.KeyDescriptor{PubKey: k} }
	return channeldb.ChannelConfig{
		// What lnd keeps here are the limits that this side must hold to.
		ChannelStateBounds: channeldb.ChannelStateBounds{
			MaxPendingAmount: t.MaxInFlight, ChanReserve: t.Reserve,
			MinHTLC: t.HTLCMinimum, MaxAcceptedHtlcs: t.MaxAccepted,
		},
		CommitmentParams: channeldb.CommitmentParams{DustLimit: t.DustLimit, CsvDelay: t.ToSelfDelay},
		MultiSigKey:      desc(t.Funding), RevocationBasePoint: desc(t.Revocation),
		PaymentBasePoint: desc(t.Payment), DelayBasePoint: desc(t.Delayed), HtlcBasePoint: desc(t.HTLC),
	}
}

func (n *lnd) command(in htlc.Input) {
	switch in := in.(type) {
	case htlc.Fulfill:
		n.decide(in.ID, in)
	case htlc.Fail:
		n.decide(in.ID, in)
	case htlc.FailMalformed:
		n.decide(in.ID, in)
	}
	n.queue = append(n.queue, in)
}

func (n *lnd) decide(id uint64, in htlc.Input) {
	delete(n.open, id)
	n.decided[id] = in
}

func (n *lnd) deliver(msg lnwire.Message) { n.queue = append(n.queue, htlc.Recv{Msg: msg}) }
func (n *lnd) incoming() []incoming       { return sorted(n.open) }

// pump handles the queue and signs if a commitment is owed, as lnd's link does.
func (n *lnd) pump() ([]lnwire.Message, error) {
	batch := n.queue
	n.queue = nil
	var out []lnwire.Message
	for _, in := range batch {
		msgs, err := n.handle(in)
		if err != nil {
			return nil, fmt.Errorf("%v (lnd): %T: %w", name(n.side), in, err)
		}
		out = append(out, msgs...)
	}
	if !n.up || !n.lc.OweCommitment() {
		return out, nil
	}
	next, err := n.lc.SignNextCommitment(context.Background())
	if errors.Is(err, lnwallet.ErrNoWindow) {
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%v (lnd): sign: %w", name(n.side), err)
	}
	return append(out, &lnwire.CommitSig{
		ChanID: n.params.ID, CommitSig: next.CommitSig, HtlcSigs: next.HtlcSigs,
	}), nil
}

func (n *lnd) handle(in htlc.Input) ([]lnwire.Message, error) {
	switch in := in.(type) {
	case htlc.Recv:
		return n.recv(in.Msg)
	case htlc.Add:
		return n.add(in)
	case htlc.Shutdown:
		return n.offer(n.shutdown())
	case htlc.SetFee:
		if !n.up || !n.lc.IsInitiator() {
			return nil, nil
		}
		// lnd puts its own fee updates into the wrong order when it starts again with two of
		// them under way, and then refuses good signatures. (Its link proposes one in ten
		// minutes or so.) Nor does it foresee HTLCs that the peer adds meanwhile: a fee of
		// half of what it has, as its link would take it, may be more than it can sign.
		if n.feeOpen {
			return nil, nil
		}
		rate := n.lc.IdealCommitFeeRate(chainRate(in.Rate), 253, chainRate(in.Rate), 0.1)
		if err := n.lc.UpdateFee(rate); err != nil {
			return nil, nil // it can't afford that rate
		}
		n.feeOpen = true
		return []lnwire.Message{&lnwire.UpdateFee{ChanID: n.params.ID, FeePerKw: uint32(rate)}}, nil
	case htlc.Fulfill:
		return n.resolve(in.ID, in)
	case htlc.Fail:
		return n.resolve(in.ID, in)
	case htlc.FailMalformed:
		return n.resolve(in.ID, in)
	}
	return nil, nil
}

func (n *lnd) add(in htlc.Add) ([]lnwire.Message, error) {
	if !n.up {
		return nil, nil
	}
	msg := &lnwire.UpdateAddHTLC{
		ChanID: n.params.ID, Amount: in.Amount, PaymentHash: in.Hash, Expiry: in.Expiry, OnionBlob: *in.Onion,
	}
	id, err := n.lc.AddHTLC(msg, nil)
	if err != nil {
		n.stats.refused++
		return nil, nil
	}
	msg.ID = id
	return []lnwire.Message{msg}, nil
}

// resolve ends an incoming HTLC, unless lnd has that in its log already.
func (n *lnd) resolve(id uint64, in htlc.Input) ([]lnwire.Message, error) {
	if !n.up {
		return nil, nil
	}
	var msg lnwire.Message
	var err error
	switch in := in.(type) {
	case htlc.Fulfill:
		msg = &lnwire.UpdateFulfillHTLC{ChanID: n.params.ID, ID: id, PaymentPreimage: in.Preimage}
		err = n.lc.SettleHTLC(in.Preimage, id, nil, nil, nil)
	case htlc.Fail:
		msg = &lnwire.UpdateFailHTLC{ChanID: n.params.ID, ID: id, Reason: in.Reason}
		err = n.lc.FailHTLC(id, in.Reason, nil, nil, nil)
	case htlc.FailMalformed:
		msg = &lnwire.UpdateFailMalformedHTLC{
			ChanID: n.params.ID, ID: id, FailureCode: lnwire.FailCode(in.Code), ShaOnionBlob: in.OnionHash,
		}
		err = n.lc.MalformedFailHTLC(id, lnwire.FailCode(in.Code), in.OnionHash, nil)
	}
	var unknown lnwallet.ErrUnknownHtlcIndex
	var already lnwallet.ErrHtlcIndexAlreadySettled
	var failed lnwallet.ErrHtlcIndexAlreadyFailed
	switch {
	case errors.As(err, &unknown):
		delete(n.decided, id)
		return nil, nil
	case errors.As(err, &already), errors.As(err, &failed):
		return nil, nil
	}
	return []lnwire.Message{msg}, err
}

func (n *lnd) recv(msg lnwire.Message) ([]lnwire.Message, error) {
	switch msg := msg.(type) {
	case *lnwire.UpdateAddHTLC:
		_, err := n.lc.ReceiveHTLC(msg)
		return nil, err
	case *lnwire.UpdateFulfillHTLC:
		return nil, n.lc.ReceiveHTLCSettle(msg.PaymentPreimage, msg.ID)
	case *lnwire.UpdateFailHTLC:
		return nil, n.lc.ReceiveFailHTLC(msg.ID, msg.Reason)
	case *lnwire.UpdateFailMalformedHTLC:
		return nil, n.lc.ReceiveFailHTLC(msg.ID, msg.ShaOnionBlob[:])
	case *lnwire.UpdateFee:
		return nil, n.lc.ReceiveUpdateFee(chainRate(htlc.FeeRate(msg.FeePerKw)))
	case *lnwire.CommitSig:
		err := n.lc.ReceiveNewCommitment(&lnwallet.CommitSigs{CommitSig: msg.CommitSig, HtlcSigs: msg.HtlcSigs})
		if err != nil {
			return nil, err
		}
		revocation, _, _, err := n.lc.RevokeCurrentCommitment()
		return []lnwire.Message{revocation}, err
	case *lnwire.RevokeAndAck:
		return nil, n.revoked(msg)
	case *lnwire.ChannelReady:
		if n.lc.RemoteNextRevocation() == nil {
			return nil, n.lc.InitNextRevocation(msg.NextPerCommitmentPoint)
		}
		return nil, nil
	case *lnwire.ChannelReestablish:
		return n.reestablish(msg)
	case *lnwire.Shutdown:
		return n.recvShutdown()
	case *lnwire.ClosingSigned:
		return n.recvClosingSigned(msg)
	}
	return nil, fmt.Errorf("unexpected message")
}

func (n *lnd) revoked(msg *lnwire.RevokeAndAck) error {
	pkg, _, err := n.lc.ReceiveRevocation(msg)
	if err != nil {
		return err
	}
	for _, u := range pkg.Adds {
		add, ok := u.UpdateMsg.(*lnwire.UpdateAddHTLC)
		if !ok {
			return fmt.Errorf("lnd locks in a %T", u.UpdateMsg)
		}
		n.open[add.ID] = add.PaymentHash
	}
	return n.lc.RemoveFwdPkgs(pkg.Height)
}

func (n *lnd) reestablish(msg *lnwire.ChannelReestablish) ([]lnwire.Message, error) {
	out, _, _, err := n.lc.ProcessChanSyncMsg(context.Background(), msg)
	if err != nil {
		return nil, err
	}
	if msg.NextLocalCommitHeight == 1 && n.lc.State().LocalCommitment.CommitHeight == 0 {
		ready, err := n.ready()
		if err != nil {
			return nil, err
		}
		out = append([]lnwire.Message{ready}, out...)
	}
	n.up = true
	for _, id := range sortedKeys(n.decided) {
		msgs, err := n.resolve(id, n.decided[id])
		if err != nil {
			return nil, err
		}
		out = append(out, msgs...)
	}
	return out, nil
}

func (n *lnd) ready() (*lnwire.ChannelReady, error) {
	point, err := n.lc.NextRevocationKey()
	return &lnwire.ChannelReady{ChanID: n.params.ID, NextPerCommitmentPoint: point}, err
}

func (n *lnd) connect() ([]lnwire.Message, error) {
	msg, err := n.lc.State().ChanSyncMsg()
	if err != nil {
		return nil, err
	}
	msg.ChanID = n.params.ID
	return []lnwire.Message{msg}, nil
}

// disconnect loads the channel from lnd's database again, as a new link does.
func (n *lnd) disconnect() error {
	var kept []htlc.Input
	for _, in := range n.queue {
		if _, msg := in.(htlc.Recv); !msg {
			kept = append(kept, in)
		}
	}
	n.queue, n.up = kept, false
	state, err := n.db.FetchChannel(n.params.Outpoint)
	if err != nil {
		return err
	}
	n.lc, err = lnwallet.NewLightningChannel(n.signer, state, n.pool)
	return err
}

func (n *lnd) crash(*rand.Rand) ([]lnwire.Message, error) { return nil, n.disconnect() }

func (n *lnd) told(*ledger) error { return nil }

// check compares lnd's transactions with those that are made of the ledger.
func (n *lnd) check(l *ledger) error {
	n.feeOpen = n.feeOpen && !l.quiet()
	state := n.lc.State()
	if err := sameTx(l, l.current[n.side], n.side, state.LocalCommitment.CommitTx); err != nil {
		return err
	}
	peer := n.side.Other()
	want := l.current[peer]
	if state.RemoteCommitment.CommitHeight+1 == want.number {
		return nil // the peer's revocation is on its way
	}
	return sameTx(l, want, peer, state.RemoteCommitment.CommitTx)
}

func sameTx(l *ledger, want *state, holder htlc.Side, have *wire.MsgTx) error {
	if want.number == 0 {
		return nil
	}
	if want.txid == nil {
		tx, err := bolt3.Build(l.params, want.computed)
		if err != nil {
			return err
		}
		id := tx.MsgTx.TxHash()
		want.txid = &id
	}
	if id := have.TxHash(); id != *want.txid {
		return fmt.Errorf("lnd has transaction %v for %v's commitment %d, the ledger %v",
			id, name(holder), want.number, *want.txid)
	}
	return nil
}
