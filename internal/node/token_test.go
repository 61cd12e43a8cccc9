package node

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/backup"
)

func callOf(to common.Address, data []byte) ethereum.CallMsg {
	return ethereum.CallMsg{To: &to, Data: data}
}

// Two nodes open a channel in points, pay both ways and close it; everyone has what is his.
func TestTokenChannelOpensPaysAndCloses(t *testing.T) {
	n := newTokenNet(t, "alice", "bob")
	alice, bob := n.tokenNode("alice"), n.tokenNode("bob")
	at := n.openMiles(alice, bob, 100_000, 20_000)
	require.EqualValues(t, milesEach-100_000, n.milesOf("alice"))
	require.Equal(t, PaymentSucceeded, n.payMiles(alice, bob, 5_000_000).Status)
	require.Equal(t, PaymentSucceeded, n.payMiles(bob, alice, 1_000_000).Status)

	// lnd's API shows nothing of it.
	channels, err := alice.ListChannels(t.Context())
	require.NoError(t, err)
	require.Empty(t, channels)
	balance, err := alice.ChannelBalance(t.Context())
	require.NoError(t, err)
	require.Zero(t, balance)
	payments, err := alice.ListPayments(t.Context(), ListPayments{IncludeIncomplete: true})
	require.NoError(t, err)
	require.Empty(t, payments.Payments)
	invoices, err := bob.ListInvoices(t.Context(), ListInvoices{})
	require.NoError(t, err)
	require.Empty(t, invoices.Invoices)

	n.has(alice, at, 76_000_000)
	n.has(bob, at, 24_000_000)

	closed := make(chan error, 1)
	go func() {
		var last error
		for _, err := range alice.CloseTokenChannel(t.Context(), CloseTokenChannel{Channel: at}) {
			last = err
		}
		closed <- last
	}()
	n.mining("the close is final", func() bool {
		select {
		case err := <-closed:
			require.NoError(t, err)
			return true
		default:
			return false
		}
	})
	require.EqualValues(t, milesEach-24_000, n.milesOf("alice"))
	require.EqualValues(t, milesEach+24_000, n.milesOf("bob"))
}

// hub makes alice - hub - bob in MILES, announced, and waits until all know all.
func hub(t *testing.T) (n *tokenNet, alice, middle, bob *testNode, ab, bc wire.OutPoint) {
	n = newTokenNet(t, "alice", "hub", "bob")
	alice, middle, bob = n.tokenNode("alice"), n.tokenNode("hub"), n.tokenNode("bob")
	ab = n.openMiles(alice, middle, 100_000, 0)
	bc = n.openMiles(middle, bob, 50_000, 0)
	n.mining("all know the graph", func() bool {
		for _, x := range []*testNode{alice, middle, bob} {
			if x.graph.Stats().Policies < 4 {
				return false
			}
		}
		return true
	})
	return n, alice, middle, bob, ab, bc
}

func TestTokenPaymentGoesOverAHubFoundByGossip(t *testing.T) {
	n, alice, middle, bob, ab, bc := hub(t)
	p := n.payMiles(alice, bob, 7_000_000)
	require.Equal(t, PaymentSucceeded, p.Status)
	require.Len(t, p.Attempts[0].Route.Hops, 2)
	n.has(bob, bc, 7_000_000)
	n.has(middle, ab, 7_000_000+p.Fee)
	forwards, err := middle.ListForwards(t.Context(), ListForwards{})
	require.NoError(t, err)
	require.Empty(t, forwards.Forwards, "lnd's clients would take it for bitcoin")
}

// lnd's clients take every capacity for satoshis, and pay over any channel that they are told of.
func TestTokenChannelsAreNoPartOfBitcoinsGraph(t *testing.T) {
	_, alice, middle, bob, ab, _ := hub(t)
	for _, x := range []*testNode{alice, middle, bob} {
		info, err := x.NetworkInfo(t.Context())
		require.NoError(t, err)
		require.Zero(t, info)
		require.NoError(t, x.DescribeGraph(t.Context(), true, func(GraphNode) error { return nil }, func(e GraphEdge) error {
			t.Errorf("channel %v of %v", e.SCID, e.Capacity)
			return nil
		}))
		seen, err := x.NodeInfo(t.Context(), PubKey(middle.self), true)
		require.NoError(t, err)
		require.Zero(t, seen.NumChannels)
		require.Zero(t, seen.TotalCapacity)
		require.Empty(t, seen.Channels)
		_, err = x.leg(PubKey(alice.self), PubKey(middle.self), 1000, false)
		require.Error(t, err, "no route in bitcoin goes over it")
	}
	d, err := alice.tokenAt(ab)
	require.NoError(t, err)
	hop := Hop{SCID: d.channel().SCID(), Node: PubKey(middle.self)}
	_, err = alice.checkRoute(&Route{Hops: []Hop{hop}}, lntypes.Hash{})
	require.ErrorContains(t, err, "isn't ours", "nor is anything sent by it that counts in blocks")
}

// What was in flight when everyone died is settled when they are back.
func TestTokenPaymentOutlivesCrashes(t *testing.T) {
	n, alice, middle, bob, _, bc := hub(t)
	preimage := lntypes.Preimage{9}
	hash := preimage.Hash()
	inv, err := bob.AddTokenInvoice(t.Context(), AddTokenInvoice{Symbol: "MILES", AddInvoice: AddInvoice{Amount: 3_000_000, Hash: &hash}})
	require.NoError(t, err)
	go func() {
		for range alice.PayToken(t.Context(), PayToken{SendPayment: SendPayment{PaymentRequest: inv.PaymentRequest, FeeLimit: amountOfAll}}) {
		}
	}()
	accepted := func() bool {
		v, err := bob.TokenInvoice(t.Context(), hash)
		return err == nil && v.State == InvoiceAccepted
	}
	n.eventually("bob holds it", accepted)
	for _, x := range []*testNode{middle, bob, alice} {
		x.restart()
	}
	n.connect(alice, middle)
	n.connect(middle, bob)
	n.mining("bob holds it again and settles", func() bool { return bob.SettleTokenInvoice(t.Context(), preimage) == nil })
	n.eventually("alice has paid", func() bool {
		for p, err := range alice.TrackTokenPayment(t.Context(), hash) {
			if err != nil {
				return false
			}
			if p.Status == PaymentSucceeded {
				return true
			}
		}
		return false
	})
	n.has(bob, bc, 3_000_000)
}

// heldMiles has alice pay bob a hold invoice over a direct channel, and waits until bob holds it.
func heldMiles(t *testing.T) (n *tokenNet, alice, bob *testNode, at wire.OutPoint, preimage lntypes.Preimage) {
	n = newTokenNet(t, "alice", "bob")
	alice, bob = n.tokenNode("alice"), n.tokenNode("bob")
	at = n.openMiles(alice, bob, 100_000, 20_000)
	preimage = lntypes.Preimage{9}
	hash := preimage.Hash()
	inv, err := bob.AddTokenInvoice(t.Context(), AddTokenInvoice{Symbol: "MILES", AddInvoice: AddInvoice{Amount: 3_000_000, Hash: &hash}})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go func() {
		for range alice.PayToken(ctx, PayToken{SendPayment: SendPayment{PaymentRequest: inv.PaymentRequest, FeeLimit: amountOfAll}}) {
		}
	}()
	n.eventually("bob holds it", func() bool {
		v, err := bob.TokenInvoice(t.Context(), hash)
		return err == nil && v.State == InvoiceAccepted
	})
	return n, alice, bob, at, preimage
}

// forces has a node close a channel alone, without waiting for the end.
func (n *tokenNet) forces(node *testNode, at wire.OutPoint) {
	n.t.Helper()
	d, err := node.tokenAt(at)
	require.NoError(n.t, err)
	require.NoError(n.t, node.beginTokenClose(n.t.Context(), d, true))
}

// ended waits until a channel's end is final for a node, warping past every deadline.
func (n *tokenNet) ended(warp time.Duration, at wire.OutPoint, nodes ...*testNode) {
	n.t.Helper()
	if warp > 0 {
		n.mining("a state is posted", func() bool {
			d, err := nodes[0].tokenAt(at)
			require.NoError(n.t, err)
			r := d.bench.Load().report(d.id)
			return r != nil && r.CloseTx != common.Hash{}
		})
		require.NoError(n.t, n.evm.Warp(warp))
	}
	n.mining("the channel's end is final", func() bool {
		for _, x := range nodes {
			d, err := x.tokenAt(at)
			if err == nil && d.channel().State() != htlc.Closed {
				return false
			}
		}
		return true
	})
}

// The one who was offered an HTLC takes it on chain by its preimage; the payer learns that from the chain.
func TestTokenHTLCIsClaimedOnChain(t *testing.T) {
	n, alice, bob, at, preimage := heldMiles(t)
	n.forces(alice, at)
	n.mining("alice's state is posted", func() bool {
		d, err := alice.tokenAt(at)
		require.NoError(t, err)
		r := d.bench.Load().report(d.id)
		return r != nil && r.CloseTx != common.Hash{}
	})
	n.eventually("bob settles", func() bool { return bob.SettleTokenInvoice(t.Context(), preimage) == nil })
	n.mining("alice has learnt the preimage", func() bool {
		for p, err := range alice.TrackTokenPayment(t.Context(), preimage.Hash()) {
			return err == nil && p.Status == PaymentSucceeded
		}
		return false
	})
	n.ended(time.Hour, at, alice, bob)
	require.EqualValues(t, milesEach-23_000, n.milesOf("alice"))
	require.EqualValues(t, milesEach+23_000, n.milesOf("bob"))
}

// Without a preimage the HTLC is the payer's again, and its payment fails once that is final.
func TestTokenHTLCIsRefundedOnChain(t *testing.T) {
	n, alice, bob, at, preimage := heldMiles(t)
	n.forces(bob, at)
	n.ended(24*time.Hour, at, alice, bob)
	n.eventually("alice's payment failed", func() bool {
		for p, err := range alice.TrackTokenPayment(t.Context(), preimage.Hash()) {
			return err == nil && p.Status == PaymentFailed
		}
		return false
	})
	require.EqualValues(t, milesEach-20_000, n.milesOf("alice"))
	require.EqualValues(t, milesEach+20_000, n.milesOf("bob"))
}

// Who posts a state that he revoked loses everything, his own money too, though the victim was asleep.
func TestTokenBreachIsPunished(t *testing.T) {
	n := newTokenNet(t, "alice", "bob")
	alice, bob := n.tokenNode("alice"), n.tokenNode("bob")
	at := n.openMiles(alice, bob, 100_000, 0)
	d, err := alice.tokenAt(at)
	require.NoError(t, err)
	old := d.channel() // all is alice's in it
	require.Equal(t, PaymentSucceeded, n.payMiles(alice, bob, 60_000_000).Status)
	n.has(bob, at, 60_000_000)
	n.has(alice, at, 40_000_000)
	require.NoError(t, bob.stop())

	signer, err := alice.signer(old.Params())
	require.NoError(t, err)
	known, err := evm.KnownOf(old, signer, d.token.Asset.Asset)
	require.NoError(t, err)
	known.Halted = true
	state := evm.State{Phase: evm.PhaseOpen}
	state.Deposits[0].SetUint64(100_000)
	c, err := evm.Judge(known, state, nil)
	require.NoError(t, err)
	acts, err := c.Acts(0, 12_000_000)
	require.NoError(t, err)
	data, err := c.Data(&acts[0], signer)
	require.NoError(t, err)
	require.NoError(t, alice.stop())
	_, err = n.bank.Transact(t.Context(), d.token.Adjudicator, nil, data)
	require.NoError(t, err)
	require.NoError(t, n.evm.Mine(1))

	bob.start()
	<-bob.Started()
	n.ended(0, at, bob)
	require.EqualValues(t, milesEach+100_000, n.milesOf("bob"))
	require.EqualValues(t, milesEach-100_000, n.milesOf("alice"))
	counts, err := bob.AlertCounts(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, counts[AlertBreach].Raised)
}

// Both add money to an open channel and take some out, and then close it.
func TestTokenChannelIsToppedUpAndDrained(t *testing.T) {
	n := newTokenNet(t, "alice", "bob")
	alice, bob := n.tokenNode("alice"), n.tokenNode("bob")
	at := n.openMiles(alice, bob, 100_000, 0)
	do := func(what string, f func() error) {
		done := make(chan error, 1)
		go func() { done <- f() }()
		n.mining(what, func() bool {
			select {
			case err := <-done:
				require.NoError(t, err)
				return true
			default:
				return false
			}
		})
	}
	var tx common.Hash
	do("bob deposits", func() (err error) { tx, err = bob.DepositToChannel(t.Context(), at, 30_000); return err })
	n.moved(tx, evm.Deposited{ID: at.Hash, Side: 1, Amount: *uint256.NewInt(30_000)})
	n.has(bob, at, 30_000_000)
	n.has(alice, at, 100_000_000)
	require.Equal(t, PaymentSucceeded, n.payMiles(bob, alice, 20_000_000).Status)
	do("alice withdraws", func() (err error) { tx, err = alice.WithdrawFromChannel(t.Context(), at, 110_000); return err })
	n.moved(tx, evm.Withdrawn{ID: at.Hash, TotalA: *uint256.NewInt(110_000)})
	n.has(alice, at, 10_000_000)
	require.EqualValues(t, milesEach+10_000, n.milesOf("alice"))
	_, err := bob.WithdrawFromChannel(t.Context(), at, 9_999)
	require.ErrorContains(t, err, "reserve")
	n.forces(bob, at)
	n.ended(time.Hour, at, alice, bob)
	require.EqualValues(t, milesEach+20_000, n.milesOf("alice"))
	require.EqualValues(t, milesEach-20_000, n.milesOf("bob"))
}

// Who lost everything but the seed and the backup gets his money: the peer is asked to close.
func TestTokenChannelIsRestoredFromItsBackup(t *testing.T) {
	n := newTokenNet(t, "alice", "bob")
	_, base := btcec.PrivKeyFromBytes([]byte{31: 7})
	file := backup.File{Path: filepath.Join(t.TempDir(), backup.FileName), Key: backup.NewKey(base)}
	alice := n.tokenNode("alice", func(c *Config) { c.Backup = file })
	bob := n.tokenNode("bob")
	at := n.openMiles(alice, bob, 100_000, 0)
	require.Equal(t, PaymentSucceeded, n.payMiles(alice, bob, 30_000_000).Status)
	n.has(bob, at, 30_000_000)
	packed, err := os.ReadFile(file.Beside(backup.TokenFileName).Path)
	require.NoError(t, err)

	alice.wipe()
	n.mining("the chain is read", func() bool { return alice.tokens.chains[0].cfg.Reader.Final().Number > 0 })
	count, err := alice.RestoreTokenBackup(t.Context(), packed)
	require.NoError(t, err)
	require.Equal(t, 1, count)
	count, err = alice.RestoreTokenBackup(t.Context(), packed)
	require.NoError(t, err)
	require.Zero(t, count, "it is known now")
	d, err := alice.tokenAt(at)
	require.NoError(t, err)
	require.True(t, alice.gossip.gate.Follows(chainhash.Hash(d.token.ID)), "its asset's gossip is taken at once")
	require.NotZero(t, d.hint, "its contract is not read from the chain's first block: all others would wait for that")
	n.connect(alice, bob)
	n.ended(24*time.Hour, at, bob, alice)
	require.EqualValues(t, milesEach-30_000, n.milesOf("alice"))
	require.EqualValues(t, milesEach+30_000, n.milesOf("bob"))
	packed[0] ^= 1
	_, err = alice.RestoreTokenBackup(t.Context(), packed)
	require.ErrorIs(t, err, ErrInvalid)
}

// An asset that is removed while a peer takes its time over an opening leaves no channel behind: it would be
// taken for one in bitcoin, and the node could not start again.
func TestTokenChannelIsNotBornInARemovedAsset(t *testing.T) {
	n := newTokenNet(t, "alice", "bob")
	alice, bob := n.tokenNode("alice"), n.tokenNode("bob")
	n.connect(alice, bob)
	alice.openings.birth.Lock()
	o, err := alice.openings.proposeInToken(t.Context(), OpenTokenChannel{Peer: bob.key(), Symbol: "MILES", Capacity: 1000})
	require.NoError(t, err)
	n.eventually("bob has signed", func() bool { return len(bob.sw.tokens()) == 1 })
	s := alice.tokens
	s.mu.Lock() // as RemoveAsset does, just before
	delete(s.byID, o.token.ID)
	delete(s.symbol, "miles")
	s.mu.Unlock()
	alice.openings.birth.Unlock()
	r := <-o.request.done
	require.ErrorIs(t, r.err, ErrInvalid)
	require.Empty(t, alice.sw.filter(func(*driver) bool { return true }))
	alice.restart()
	_, err = alice.token(o.token.ID)
	require.NoError(t, err, "the row is still there")
}

// Whoever opens channels and deposits nothing can't make the node keep gas for their ends, and so stop taking
// HTLCs; but no more are accepted than there is gas for if they are all used one day.
func TestChannelsWithoutDepositKeepNoGas(t *testing.T) {
	n := newTokenNet(t, "alice", "bob")
	alice, bob := n.tokenNode("alice"), n.tokenNode("bob")
	n.connect(alice, bob)
	alice.openings.birth.Lock() // she takes her time after bob has signed
	defer alice.openings.birth.Unlock()
	_, err := alice.openings.proposeInToken(t.Context(), OpenTokenChannel{Peer: bob.key(), Symbol: "MILES", Capacity: 1000})
	require.NoError(t, err)
	n.eventually("bob has signed", func() bool { return len(bob.sw.tokens()) == 1 })
	d := bob.sw.tokens()[0]
	n.mining("bob's court has looked", func() bool { return d.bench.Load().report(d.id) != nil })
	require.Equal(t, evm.PhaseNone, d.bench.Load().report(d.id).Phase)
	chain := bob.tokens.chains[0]
	require.Zero(t, bob.gasNeeded(chain, 0).Sign())
	require.Equal(t, 1, bob.openings.undeposited(chain))
	require.Positive(t, bob.gasNeeded(chain, bob.openings.undeposited(chain)).Sign())
}

// Two openings can't count on the same money: the second channel would wait for its deposit for ever.
func TestTokensAreNotPromisedTwice(t *testing.T) {
	n := newTokenNet(t, "alice", "bob")
	alice, bob := n.tokenNode("alice"), n.tokenNode("bob")
	n.connect(alice, bob)
	req := OpenTokenChannel{Peer: bob.key(), Symbol: "MILES", Capacity: milesEach/2 + 1}
	_, err := alice.openings.proposeInToken(t.Context(), req)
	require.NoError(t, err)
	n.eventually("alice has a channel", func() bool { return len(alice.sw.tokens()) == 1 })
	_, err = alice.openings.proposeInToken(t.Context(), req)
	require.ErrorIs(t, err, ErrInsufficientFunds)
	d := alice.sw.tokens()[0]
	n.mining("it is open", func() bool { return d.channel().State() == htlc.Open })
	require.Zero(t, alice.promised(d.token).Sign())
	require.NoError(t, alice.canFund(t.Context(), d.token, milesEach/2-1))
}
