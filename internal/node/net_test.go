package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain/chaintest"
	"github.com/nichework/nwnd/internal/peer"
)

// patience bounds every wait of these tests; it is reached only when something is wrong.
const patience = 2 * time.Minute

// testNet is a network of nodes in this process, on a chain in memory, over real sockets.
type testNet struct {
	t     testing.TB
	chain *chaintest.Fake
	heard atomic.Int64 // when a stranger heard something last, unix nanoseconds
	doors sync.Map     // addresses where nodes of this network listen now
}

func newTestNet(t testing.TB) *testNet { return &testNet{t: t, chain: chaintest.New(t)} }

// dial connects to a node that is up. The address of one that is down may be another's meanwhile, even
// that of a node of the same name, and so the same key, in another process with these tests.
func (n *testNet) dial(ctx context.Context, addr string) (net.Conn, error) {
	if _, up := n.doors.Load(addr); !up {
		return nil, fmt.Errorf("dial %s: %w", addr, syscall.ECONNREFUSED)
	}
	return new(net.Dialer).DialContext(ctx, "tcp", addr)
}

// testNode is a node with what outlives its restarts.
type testNode struct {
	net    *testNet
	name   string
	disk   *dbtest.Disk
	wallet *fakeWallet
	addr   string
	adjust func(*Config)

	*Node
	listener net.Listener
	ended    chan error
}

func (n *testNet) node(name string, adjust ...func(*Config)) *testNode {
	tn := &testNode{
		net: n, name: name, disk: dbtest.New(n.t), wallet: &fakeWallet{name: name, chain: n.chain},
	}
	tn.adjust = func(c *Config) {
		for _, f := range adjust {
			f(c)
		}
	}
	tn.start()
	n.t.Cleanup(func() { tn.stop() })
	return tn
}

// start brings the node up from what is on its disk.
func (n *testNode) start() {
	t := n.net.t
	l := listen(t, n.addr)
	n.addr, n.listener = l.Addr().String(), l
	cfg := Config{
		Network: &chaincfg.RegressionNetParams, Identity: n.wallet.key("identity", 0), DB: n.disk.Open(),
		Chain: n.net.chain, Wallet: n.wallet, Alias: n.name, Listen: []net.Listener{l}, MinConfs: 1,
		MaxPending: 10, Log: testLog(n.name), Dial: n.net.dial,
		PeerLimits: peer.Limits{MinBackoff: 5 * time.Millisecond, MaxBackoff: 50 * time.Millisecond},
	}
	n.adjust(&cfg)
	node, err := New(cfg)
	require.NoError(t, err)
	n.Node, n.ended = node, make(chan error, 1)
	n.net.doors.Store(n.addr, n)
	go func() { n.ended <- node.Run() }()
}

// listen takes an address, or one for a new node: below those that are given to whoever asks for any port, so that
// nobody has it when the node comes back.
func listen(t testing.TB, addr string) net.Listener {
	at := addr
	for tries := 0; ; tries++ {
		if addr == "" {
			at = fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(8_000))
		}
		l, err := net.Listen("tcp", at)
		if err == nil {
			return l
		}
		require.True(t, addr == "" && tries < 100, "%v", err)
	}
}

// testLog is silent, or tells everything when NWND_TEST_LOG is set.
func testLog(name string) *slog.Logger {
	if os.Getenv("NWND_TEST_LOG") == "" {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})).With("node", name)
}

// stop ends the node as an operator would; it returns why Run ended.
func (n *testNode) stop() error {
	n.net.doors.Delete(n.addr)
	n.Node.Close()
	select {
	case err := <-n.ended:
		n.ended <- err
		_ = n.listener.Close() // it is open only if the node died before it could listen
		return err
	case <-time.After(patience):
		n.net.t.Fatalf("%s did not stop", n.name)
		return nil
	}
}

// crash is the death of the process: nothing more is committed, then all goroutines end.
func (n *testNode) crash() {
	n.disk.Crash()
	_ = n.stop()
}

func (n *testNode) restart() {
	n.crash()
	n.start()
}

func (n *testNode) key() *btcec.PublicKey { return n.cfg.Identity.PubKey() }

// connect connects two nodes. After a restart each of them may be trying that already: of two connections that cross
// one ends before it was up, so it is tried again.
func (n *testNet) connect(a, b *testNode) {
	ctx, cancel := context.WithTimeout(n.t.Context(), patience)
	defer cancel()
	for {
		err := a.ConnectPeer(ctx, ConnectPeer{Key: b.key(), Host: b.addr})
		if err == nil || errors.Is(err, ErrAlreadyConnected) {
			return
		}
		select {
		case <-ctx.Done():
			require.NoError(n.t, err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// open makes a channel from a to b and waits until both can use it and know it publicly.
func (n *testNet) open(a, b *testNode, capacity, push btcutil.Amount) OpenUpdate {
	ctx, cancel := context.WithTimeout(n.t.Context(), patience)
	defer cancel()
	n.connect(a, b)
	var last OpenUpdate
	for u, err := range a.OpenChannel(ctx, OpenChannel{Peer: b.key(), Capacity: capacity, Push: push}) {
		require.NoError(n.t, err)
		if last = u; !u.Open {
			n.chain.MineN(announceDepth)
		}
	}
	require.True(n.t, last.Open)
	usable := func() bool { return a.usable() && b.usable() }
	if !assert.Eventually(n.t, usable, patience, 2*time.Millisecond, "channel is usable on both sides") {
		n.t.Fatalf("%s: %s\n%s: %s", a.name, a.states(), b.name, b.states())
	}
	return last
}

// states tells how a node's channels are.
func (n *testNode) states() (all []string) {
	for _, d := range n.sw.channels() {
		c := d.channel()
		all = append(all, fmt.Sprintf("%v: %v, connected %v, %s", d.id, c.State(), c.Connected(), c.Halted()))
	}
	return all
}

func (n *testNode) usable() bool {
	all := n.sw.channels()
	if len(all) == 0 {
		return false // it is still starting
	}
	for _, d := range all {
		if c := d.channel(); c.State() != htlc.Open || !c.Connected() {
			return false
		}
	}
	return true
}

// known waits until a node's graph has so many channels with both policies.
func (n *testNet) known(count int, nodes ...*testNode) {
	for _, at := range nodes {
		n.eventually(at.name+" knows the graph", func() bool { return at.graph.Stats().Policies >= 2*count })
	}
}

// eventually waits for what other goroutines bring about.
func (n *testNet) eventually(what string, ok func() bool) {
	n.t.Helper()
	require.Eventually(n.t, ok, patience, 2*time.Millisecond, what)
}

func (n *testNode) invoice(amount lnwire.MilliSatoshi) Invoice {
	v, err := n.AddInvoice(n.net.t.Context(), AddInvoice{Amount: amount, Memo: "test"})
	require.NoError(n.net.t, err)
	return v
}

// pay pays an invoice and returns how it ended.
func (n *testNode) pay(request string) Payment {
	n.net.t.Helper()
	ctx, cancel := context.WithTimeout(n.net.t.Context(), patience)
	defer cancel()
	var last Payment
	for p, err := range n.SendPayment(ctx, SendPayment{PaymentRequest: request, FeeLimit: 1_000_000}) {
		require.NoError(n.net.t, err)
		last = p
	}
	return last
}

// track waits for the end of a payment that was made before.
func (n *testNode) track(hash lntypes.Hash) (Payment, error) {
	ctx, cancel := context.WithTimeout(n.net.t.Context(), patience)
	defer cancel()
	var last Payment
	for p, err := range n.TrackPayment(ctx, hash) {
		if err != nil {
			return last, err
		}
		last = p
	}
	return last, nil
}

// settled waits until no channel of a node holds an HTLC, not even one to be forgotten.
func (n *testNet) settled(nodes ...*testNode) {
	n.t.Helper()
	for _, at := range nodes {
		quiet := func() bool { return n.quiet(at) }
		if !assert.Eventually(n.t, quiet, patience, 2*time.Millisecond) {
			n.t.Fatalf("%s still has HTLCs: %s", at.name, at.holds())
		}
	}
}

// holds tells what keeps a node from being quiet.
func (n *testNode) holds() string {
	var b strings.Builder
	n.sw.circuits.mu.Lock()
	for in, c := range n.sw.circuits.m {
		fmt.Fprintf(&b, "circuit %v/%d placed=%v %v/%d remembered=%v; ", in.Chan, in.ID, c.placed, c.out, c.outID, c.secret != nil)
	}
	n.sw.circuits.mu.Unlock()
	for _, d := range n.sw.channels() {
		for _, h := range d.channel().HTLCs() {
			fmt.Fprintf(&b, "; %v %v: %v %d %s fulfilled=%v", d.channel().SCID(), d.channel().State(), h.Offerer, h.ID, h.State, h.Fulfilled)
		}
	}
	return b.String()
}

func (n *testNet) quiet(nodes ...*testNode) bool {
	for _, at := range nodes {
		for _, d := range at.sw.channels() {
			if len(d.channel().HTLCs()) > 0 {
				return false
			}
		}
		if at.sw.circuits.len() > 0 {
			return false
		}
	}
	return true
}

// balance is what a node has in all its channels.
func (n *testNode) balance() (sum lnwire.MilliSatoshi) {
	for _, d := range n.sw.channels() {
		sum += d.channel().Balance(htlc.Local)
	}
	return sum
}

// stopped is why a node ended, nil while it runs.
func (n *testNode) stopped() error {
	select {
	case err := <-n.ended:
		n.ended <- err
		return fmt.Errorf("%s has stopped: %w", n.name, err)
	default:
		return nil
	}
}
