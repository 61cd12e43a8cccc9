package rpcserver

import (
	"context"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"iter"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"

	"github.com/nichework/nwnd/internal/node"
)

// fakeNode answers with what a test sets; a call that isn't set panics, which fails it.
type fakeNode struct {
	node.API
	info       node.Info
	recovery   node.Recovery
	err        error
	send       func(context.Context, node.SendPayment) iter.Seq2[node.Payment, error]
	track      func(context.Context, lntypes.Hash) iter.Seq2[node.Payment, error]
	opens      []node.OpenUpdate
	closes     []node.CloseUpdate
	channels   []node.Channel
	peers      []node.Peer
	pending    node.PendingChannels
	invoice    node.Invoice
	gotOpen    node.OpenChannel
	gotClose   node.CloseChannel
	gotInvoice node.AddInvoice
	gotPolicy  node.UpdatePolicy
	kept       []node.FailedPolicyUpdate
	gotRoutes  node.QueryRoutes
	fakeHold
	routes []node.RouteFound
	fakeMore
	fakeCoins
	fakeRouter
	fakeBackups
}

func (f *fakeNode) Info(context.Context) (node.Info, error) { return f.info, f.err }

func (f *fakeNode) Recovery(context.Context) (node.Recovery, error) { return f.recovery, f.err }

func (f *fakeNode) SendPayment(ctx context.Context, r node.SendPayment) iter.Seq2[node.Payment, error] {
	return f.send(ctx, r)
}

func (f *fakeNode) TrackPayment(ctx context.Context, h lntypes.Hash) iter.Seq2[node.Payment, error] {
	return f.track(ctx, h)
}

func (f *fakeNode) OpenChannel(_ context.Context, r node.OpenChannel) iter.Seq2[node.OpenUpdate, error] {
	f.gotOpen = r
	return all(f.opens, f.err)
}

func (f *fakeNode) CloseChannel(_ context.Context, r node.CloseChannel) iter.Seq2[node.CloseUpdate, error] {
	f.gotClose = r
	return all(f.closes, f.err)
}

func (f *fakeNode) ListChannels(context.Context) ([]node.Channel, error) { return f.channels, f.err }

func (f *fakeNode) ListPeers(context.Context) ([]node.Peer, error) { return f.peers, f.err }

func (f *fakeNode) PendingChannels(context.Context) (node.PendingChannels, error) {
	return f.pending, f.err
}

func (f *fakeNode) AddInvoice(_ context.Context, r node.AddInvoice) (node.Invoice, error) {
	f.gotInvoice = r
	return f.invoice, f.err
}

func (f *fakeNode) LookupInvoice(context.Context, lntypes.Hash) (node.Invoice, error) {
	return f.invoice, f.err
}

func (f *fakeNode) UpdatePolicy(_ context.Context, r node.UpdatePolicy) ([]node.FailedPolicyUpdate, error) {
	f.gotPolicy = r
	return f.kept, f.err
}

func (f *fakeNode) QueryRoutes(_ context.Context, r node.QueryRoutes) ([]node.RouteFound, error) {
	f.gotRoutes = r
	return f.routes, f.err
}

func (f *fakeNode) NodeInfo(context.Context, node.PubKey, bool) (node.NodeInfo, error) {
	return node.NodeInfo{}, f.err
}

// all yields the updates, then the error if there is one.
func all[T any](updates []T, err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, u := range updates {
			if !yield(u, nil) {
				return
			}
		}
		if err != nil {
			var zero T
			yield(zero, err)
		}
	}
}

// fakeWallet is a wallet whose password is "correct horse".
type fakeWallet struct {
	exists  bool
	created NewWallet
}

func (w *fakeWallet) Exists() (bool, error) { return w.exists, nil }

func (w *fakeWallet) GenSeed(_, _ []byte) ([]string, []byte, error) {
	return make([]string, 24), make([]byte, 33), nil
}

func (w *fakeWallet) Create(_ context.Context, n NewWallet) error {
	w.exists, w.created = true, n
	return nil
}

func (w *fakeWallet) Unlock(_ context.Context, password []byte, _ uint32) error {
	if string(password) != "correct horse" {
		return errors.New("invalid passphrase for master public key")
	}
	return nil
}

func (w *fakeWallet) ChangePassword(ctx context.Context, password, _ []byte) error {
	return w.Unlock(ctx, password, 0)
}

// world is a server on loopback and what a client of it needs.
type world struct {
	*Server
	dir    string
	wallet *fakeWallet
	keeper *Keeper
	node   *fakeNode
	stops  chan struct{}
	addr   string
}

// serve runs a server until the test ends.
func serve(t testing.TB, exists bool, change func(*Config)) *world {
	t.Helper()
	w := &world{dir: t.TempDir(), wallet: &fakeWallet{exists: exists}, node: &fakeNode{}, stops: make(chan struct{}, 1)}
	tls, err := LoadTLS(CertConfig{
		CertPath: filepath.Join(w.dir, "tls.cert"), KeyPath: filepath.Join(w.dir, "tls.key"), Lifetime: time.Hour,
	})
	require.NoError(t, err)
	w.keeper, err = OpenKeeper(filepath.Join(w.dir, "macaroons.key"))
	require.NoError(t, err)
	cfg := Config{
		Log: slog.New(slog.DiscardHandler), Version: "0.21.1-beta commit=nwnd-test", TLS: tls,
		Macaroons: w.keeper, Wallet: w.wallet, Shutdown: func() { w.stops <- struct{}{} },
	}
	if change != nil {
		change(&cfg)
	}
	w.Server, err = New(cfg)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w.addr = l.Addr().String()
	done := make(chan error, 1)
	go func() { done <- w.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		w.Stop(ctx)
		require.NoError(t, <-done)
	})
	return w
}

// up is a server with a node behind it.
func up(t testing.TB) *world {
	w := serve(t, true, nil)
	w.Unlocked()
	w.Activate(w.node)
	w.Ready()
	return w
}

type hexMacaroon string

func (m hexMacaroon) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"macaroon": string(m)}, nil
}
func (hexMacaroon) RequireTransportSecurity() bool { return true }

// dial connects over TLS, with a macaroon unless it is "".
func (w *world) dial(t testing.TB, mac string) *grpc.ClientConn {
	t.Helper()
	pem, err := os.ReadFile(filepath.Join(w.dir, "tls.cert"))
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(pem))
	opts := []grpc.DialOption{grpc.WithTransportCredentials(credentials.NewClientTLSFromCert(pool, ""))}
	if mac != "" {
		opts = append(opts, grpc.WithPerRPCCredentials(hexMacaroon(mac)))
	}
	c, err := grpc.NewClient(w.addr, opts...)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	return c
}

func (w *world) admin(t testing.TB) *grpc.ClientConn { return w.dial(t, w.bake(t)) }

func (w *world) bake(t testing.TB) string {
	t.Helper()
	b, err := w.keeper.Bake(context.Background(), AdminOps())
	require.NoError(t, err)
	return hex.EncodeToString(b)
}

// within is a context that ends a test that hangs.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// twoMacaroons is a context that sends two.
func twoMacaroons(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "macaroon", "00", "macaroon", "01")
}

// point is a node's key that a seed gives.
func point(seed byte) (*btcec.PublicKey, node.PubKey) {
	_, pub := btcec.PrivKeyFromBytes([]byte{seed})
	return pub, node.PubKey(pub.SerializeCompressed())
}
