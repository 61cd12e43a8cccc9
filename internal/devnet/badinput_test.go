package devnet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/ecdsa"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/lightningnetwork/lnd/keychain"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/zpay32"
	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/internal/btcd/btcdtest"
	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/internal/peer"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// badInput is two nodes with a channel, which everybody mistreats.
type badInput struct {
	*testing.T
	net        *Net
	alice, bob *daemon.Node
	link       Link
	seed       uint64
	local      int64 // alice's balance
}

// TestBadInputIsAClearErrorAndNothingIsLost does to running nodes what users, strangers and disks do.
// After each the channel has the balances that it had, and at the end it carries payments both ways.
func TestBadInputIsAClearErrorAndNothingIsLost(t *testing.T) {
	ctx := t.Context()
	b := &badInput{T: t, seed: rand.Uint64()}
	t.Logf("seed %d", b.seed)
	var err error
	programs := Programs{Btcd: btcdtest.Binary(t), Nwnd: filepath.Join(buildPrograms(t), "nwnd")}
	b.net, err = Start(ctx, t.TempDir(), programs)
	require.NoError(t, err)
	defer func() { require.NoError(t, b.net.Stop(context.WithoutCancel(ctx))) }()
	b.alice, err = b.net.Add(daemon.NWND, "alice")
	require.NoError(t, err)
	b.bob, err = b.net.Add(daemon.NWND, "bob")
	require.NoError(t, err)
	require.NoError(t, b.net.StartAll(ctx))
	require.NoError(t, b.net.Fund(ctx, btcutil.SatoshiPerBitcoin, b.alice))
	b.link = Link{From: b.alice, To: b.bob, Capacity: 1_000_000, Push: 400_000}
	require.NoError(t, b.net.OpenAll(ctx, &b.link))
	c, err := b.alice.Channel(ctx, b.link.Point)
	require.NoError(t, err)
	b.local = c.LocalBalance

	for _, c := range []struct {
		name string
		do   func(*badInput, context.Context)
	}{
		{"invoices", (*badInput).invoices},
		{"amounts", (*badInput).amounts},
		{"unknown peers", (*badInput).unknownPeers},
		{"macaroons", (*badInput).macaroons},
		{"garbage on the ports", (*badInput).garbage},
		{"flood of peers", (*badInput).floodOfPeers},
		{"flood of payments", (*badInput).floodOfPayments},
		{"second daemon", (*badInput).secondDaemon},
		{"wrong password", (*badInput).wrongPassword},
		{"damaged and newer database", (*badInput).database},
	} {
		ok := t.Run(c.name, func(t *testing.T) {
			sub := *b
			sub.T = t
			c.do(&sub, t.Context())
			sub.unharmed(t.Context())
		})
		if !ok {
			return // what follows would fail for its sake
		}
	}
	for _, pair := range [][2]*daemon.Node{{b.alice, b.bob}, {b.bob, b.alice}} {
		inv, err := pair[1].Invoice(ctx, 1000)
		require.NoError(t, err)
		_, err = pair[0].PayOK(ctx, inv.PaymentRequest)
		require.NoError(t, err)
	}
	b.unharmed(ctx)
}

// unharmed waits until the channel is at rest with the balances of the beginning at both ends.
func (b *badInput) unharmed(ctx context.Context) {
	b.Helper()
	for _, n := range []*daemon.Node{b.alice, b.bob} {
		require.NoError(b, n.AwaitChannel(ctx, b.link.Point, "the balance it had", func(c *lnrpc.Channel) error {
			have := c.LocalBalance
			if n == b.bob {
				have = c.RemoteBalance
			}
			if have != b.local {
				return fmt.Errorf("alice has %d, not %d", have, b.local)
			}
			return errors.Join(daemon.Active(c), daemon.Settled(c))
		}))
	}
}

// refused wants a status with this code that says each of the texts, which are regular expressions.
func (b *badInput) refused(err error, code codes.Code, says ...string) {
	b.Helper()
	require.Error(b, err)
	require.Equal(b, code, status.Code(err), err)
	for _, s := range says {
		require.Regexp(b, s, err.Error())
	}
}

func (b *badInput) pay(ctx context.Context, req *routerrpc.SendPaymentRequest) error {
	req.TimeoutSeconds, req.FeeLimitMsat = 30, 10_000
	stream, err := b.alice.Router().SendPaymentV2(ctx, req)
	if err != nil {
		return err
	}
	for {
		p, err := stream.Recv()
		if err != nil {
			return err
		}
		switch p.Status {
		case lnrpc.Payment_SUCCEEDED:
			return nil
		case lnrpc.Payment_FAILED:
			return errors.New(p.FailureReason.String())
		}
	}
}

// invoice is one that a stranger signed, for another network or at another time.
func (b *badInput) invoice(params *chaincfg.Params, at time.Time, options ...func(*zpay32.Invoice)) string {
	key, err := btcec.NewPrivateKey()
	require.NoError(b, err)
	options = append(options, zpay32.Description("x"), zpay32.PaymentAddr([32]byte{1}))
	inv, err := zpay32.NewInvoice(params, [32]byte{2}, at, options...)
	require.NoError(b, err)
	text, err := inv.Encode(zpay32.MessageSigner{SignCompact: func(msg []byte) ([]byte, error) {
		hash := sha256.Sum256(msg)
		return ecdsa.SignCompact(key, hash[:], true), nil
	}})
	require.NoError(b, err)
	return text
}

func (b *badInput) invoices(ctx context.Context) {
	amount := zpay32.Amount(1_000_000)
	b.refused(b.pay(ctx, &routerrpc.SendPaymentRequest{
		PaymentRequest: b.invoice(&chaincfg.TestNet3Params, time.Now(), amount),
	}), codes.InvalidArgument, "payment request for simnet")
	b.refused(b.pay(ctx, &routerrpc.SendPaymentRequest{
		PaymentRequest: b.invoice(&chaincfg.SimNetParams, time.Now().Add(-2*time.Hour), amount),
	}), codes.InvalidArgument, "invoice expired 1h0m")
	b.refused(b.pay(ctx, &routerrpc.SendPaymentRequest{
		PaymentRequest: b.invoice(&chaincfg.SimNetParams, time.Now()),
	}), codes.InvalidArgument, "amount must be specified")
	b.refused(b.pay(ctx, &routerrpc.SendPaymentRequest{PaymentRequest: "lnsb1nonsense"}), codes.InvalidArgument, "payment request")
	b.refused(b.pay(ctx, &routerrpc.SendPaymentRequest{}), codes.InvalidArgument)
	_, err := b.alice.Lightning().DecodePayReq(ctx, &lnrpc.PayReqString{PayReq: strings.Repeat("l", 100_000)})
	b.refused(err, codes.InvalidArgument)
	require.EqualError(b, b.pay(ctx, &routerrpc.SendPaymentRequest{
		PaymentRequest: b.invoice(&chaincfg.SimNetParams, time.Now(), amount),
	}), lnrpc.PaymentFailureReason_FAILURE_REASON_NO_ROUTE.String(), "nobody knows its payee")
}

func (b *badInput) amounts(ctx context.Context) {
	ln := b.alice.Lightning()
	const tooMuch = 21_000_000*btcutil.SatoshiPerBitcoin + 1
	addr, err := b.alice.NewAddress(ctx)
	require.NoError(b, err)
	for _, sat := range []int64{0, -1, tooMuch, 1<<63 - 1, -1 << 63} {
		if sat != 0 { // an invoice without an amount is one
			_, err := ln.AddInvoice(ctx, &lnrpc.Invoice{Value: sat})
			b.refused(err, codes.InvalidArgument, "value|amount")
			_, err = ln.AddInvoice(ctx, &lnrpc.Invoice{ValueMsat: sat})
			if sat < 0 {
				b.refused(err, codes.InvalidArgument, "value|amount")
			}
		}
		_, err = ln.SendCoins(ctx, &lnrpc.SendCoinsRequest{Addr: addr, Amount: sat, SatPerVbyte: 1})
		b.refused(err, codes.InvalidArgument, "amount")
		_, err = ln.OpenChannelSync(ctx, &lnrpc.OpenChannelRequest{NodePubkey: b.bob.KeyBytes(), LocalFundingAmount: sat, SatPerVbyte: 1})
		b.refused(err, codes.InvalidArgument, "amount")
		err = b.pay(ctx, &routerrpc.SendPaymentRequest{Dest: b.bob.KeyBytes(), Amt: sat, PaymentHash: make([]byte, 32)})
		b.refused(err, codes.InvalidArgument, "am")
		_, err = ln.QueryRoutes(ctx, &lnrpc.QueryRoutesRequest{PubKey: b.bob.Key(), Amt: sat})
		require.Contains(b, []codes.Code{codes.InvalidArgument, codes.NotFound}, status.Code(err), err)
		require.ErrorContains(b, err, "am")
	}
	_, err = ln.SendCoins(ctx, &lnrpc.SendCoinsRequest{Addr: addr, Amount: 20_000_000 * btcutil.SatoshiPerBitcoin, SatPerVbyte: 1})
	b.refused(err, codes.FailedPrecondition, "insufficient")
	_, err = ln.SendCoins(ctx, &lnrpc.SendCoinsRequest{Addr: "nonsense", Amount: 1000, SatPerVbyte: 1})
	b.refused(err, codes.InvalidArgument, "address")
	_, err = ln.SendCoins(ctx, &lnrpc.SendCoinsRequest{Addr: "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", Amount: 1000, SatPerVbyte: 1})
	b.refused(err, codes.InvalidArgument, "simnet")
}

func (b *badInput) unknownPeers(ctx context.Context) {
	ln := b.alice.Lightning()
	key, err := btcec.NewPrivateKey()
	require.NoError(b, err)
	stranger := key.PubKey().SerializeCompressed()
	_, err = ln.OpenChannelSync(ctx, &lnrpc.OpenChannelRequest{NodePubkey: stranger, LocalFundingAmount: 100_000, SatPerVbyte: 1})
	b.refused(err, codes.FailedPrecondition, "not connected", hex.EncodeToString(stranger))
	_, err = ln.DisconnectPeer(ctx, &lnrpc.DisconnectPeerRequest{PubKey: hex.EncodeToString(stranger)})
	b.refused(err, codes.NotFound, "not connected")
	_, err = ln.GetNodeInfo(ctx, &lnrpc.NodeInfoRequest{PubKey: hex.EncodeToString(stranger)})
	b.refused(err, codes.NotFound)
	_, err = ln.ConnectPeer(ctx, &lnrpc.ConnectPeerRequest{Addr: &lnrpc.LightningAddress{Pubkey: "02zz", Host: b.bob.Address()}})
	b.refused(err, codes.InvalidArgument, "key")
	_, err = ln.ConnectPeer(ctx, &lnrpc.ConnectPeerRequest{
		Addr: &lnrpc.LightningAddress{Pubkey: hex.EncodeToString(stranger), Host: b.bob.Address()}, // which is another
	})
	b.refused(err, codes.Unknown, "handshake act two: .*; is "+hex.EncodeToString(stranger)+" its key")
}

// dial connects to alice's API with this macaroon, none if it is nil.
func (b *badInput) dial(macaroon []byte) lnrpc.LightningClient {
	creds, err := credentials.NewClientTLSFromFile(b.alice.CertFile(), "")
	require.NoError(b, err)
	options := []grpc.DialOption{grpc.WithTransportCredentials(creds)}
	if macaroon != nil {
		options = append(options, grpc.WithPerRPCCredentials(withMacaroon(hex.EncodeToString(macaroon))))
	}
	conn, err := grpc.NewClient(b.alice.RPCAddress(), options...)
	require.NoError(b, err)
	b.Cleanup(func() { conn.Close() })
	return lnrpc.NewLightningClient(conn)
}

type withMacaroon string

func (m withMacaroon) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"macaroon": string(m)}, nil
}

func (withMacaroon) RequireTransportSecurity() bool { return true }

func (b *badInput) macaroons(ctx context.Context) {
	admin, err := os.ReadFile(b.alice.MacaroonFile())
	require.NoError(b, err)
	forged := bytes.Clone(admin)
	forged[len(forged)-1] ^= 1
	bobs, err := os.ReadFile(b.bob.MacaroonFile())
	require.NoError(b, err)
	for name, m := range map[string][]byte{
		"none": nil, "empty": {}, "noise": []byte("noise"), "cut short": admin[:len(admin)/2], "forged": forged, "of another node": bobs,
		"huge": make([]byte, 1<<16),
	} {
		_, err := b.dial(m).GetInfo(ctx, &lnrpc.GetInfoRequest{})
		require.Error(b, err, name)
		require.Contains(b, []codes.Code{codes.Unauthenticated, codes.PermissionDenied, codes.ResourceExhausted, codes.Internal}, status.Code(err), "%s: %v", name, err)
		require.NotContains(b, err.Error(), hex.EncodeToString(admin[len(admin)-16:]), "a secret in an error")
	}
	readonly, err := os.ReadFile(filepath.Join(b.alice.DataDir(), "data/chain/bitcoin/simnet/readonly.macaroon"))
	require.NoError(b, err)
	reader := b.dial(readonly)
	_, err = reader.GetInfo(ctx, &lnrpc.GetInfoRequest{})
	require.NoError(b, err)
	_, err = reader.AddInvoice(ctx, &lnrpc.Invoice{Value: 1})
	b.refused(err, codes.PermissionDenied, "permission")
}

// garbage sends noise, half messages and other protocols to both ports of bob's.
func (b *badInput) garbage(ctx context.Context) {
	r := rand.New(rand.NewPCG(b.seed, 1))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	for _, addr := range []string{b.bob.Address(), b.bob.RPCAddress()} {
		for _, junk := range [][]byte{{}, {0}, noise[:50], noise[:1000], noise,
			[]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), bytes.Repeat([]byte{0}, 50), []byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")} {
			conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
			require.NoError(b, err)
			_, _ = conn.Write(junk) // which may be cut off
			_ = conn.(*net.TCPConn).CloseWrite()
			require.NoError(b, conn.SetReadDeadline(time.Now().Add(30*time.Second)))
			_, err = io.Copy(io.Discard, conn)
			require.False(b, errors.Is(err, os.ErrDeadlineExceeded), "%s is still open after %d bytes", addr, len(junk))
			conn.Close()
		}
	}
	conn, err := tls.Dial("tcp", b.bob.RPCAddress(), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
	require.NoError(b, err)
	_, _ = conn.Write(append([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), noise...))
	_, err = io.Copy(io.Discard, conn)
	require.False(b, errors.Is(err, os.ErrDeadlineExceeded), err)
	conn.Close()

	// A stranger who gets through the handshake and then talks nonsense.
	for range 20 {
		stranger := b.stranger(ctx)
		size := 2 + r.IntN(2000)
		_ = stranger.Write(noise[:size])
		_ = stranger.Flush()
		stranger.Close()
	}
	_, err = b.bob.Lightning().GetInfo(ctx, &lnrpc.GetInfoRequest{})
	require.NoError(b, err)
}

// stranger shakes hands with bob and says nothing.
func (b *badInput) stranger(ctx context.Context) *peer.Transport {
	remote, err := btcec.ParsePubKey(b.bob.KeyBytes())
	require.NoError(b, err)
	key, err := btcec.NewPrivateKey()
	require.NoError(b, err)
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", b.bob.Address())
	require.NoError(b, err)
	require.NoError(b, conn.SetDeadline(time.Now().Add(30*time.Second)))
	transport, err := peer.Initiate(conn, &keychain.PrivKeyECDH{PrivKey: key}, remote)
	require.NoError(b, err)
	return transport
}

// floodOfPeers keeps more connections open than bob has room for; alice's stays.
func (b *badInput) floodOfPeers(ctx context.Context) {
	init := lnwire.NewInitMessage(lnwire.NewRawFeatureVector(), lnwire.NewRawFeatureVector(
		lnwire.DataLossProtectRequired, lnwire.StaticRemoteKeyRequired, lnwire.PaymentAddrRequired, lnwire.TLVOnionPayloadRequired,
		lnwire.ExplicitChannelTypeRequired, lnwire.AnchorsZeroFeeHtlcTxRequired,
	))
	var hello bytes.Buffer
	_, err := lnwire.WriteMessage(&hello, init, 0)
	require.NoError(b, err)
	for range 150 {
		stranger := b.stranger(ctx)
		defer stranger.Close()
		_ = stranger.Write(hello.Bytes())
		_ = stranger.Flush()
		_, _ = stranger.Read() // its init, or the end
	}
	peers, err := b.bob.Lightning().ListPeers(ctx, &lnrpc.ListPeersRequest{})
	require.NoError(b, err)
	require.LessOrEqual(b, len(peers.Peers), 101, "100 strangers and a peer with a channel")
	require.Greater(b, len(peers.Peers), 10)
	var keys []string
	for _, p := range peers.Peers {
		keys = append(keys, p.PubKey)
	}
	require.Contains(b, keys, b.alice.Key())
	_, err = b.alice.Lightning().ConnectPeer(ctx, &lnrpc.ConnectPeerRequest{
		Addr: &lnrpc.LightningAddress{Pubkey: b.bob.Key(), Host: b.bob.Address()},
	})
	b.refused(err, codes.AlreadyExists, "already connected")
}

// floodOfPayments sends onions that bob must refuse, many at a time.
func (b *badInput) floodOfPayments(ctx context.Context) {
	var all sync.WaitGroup
	errs := make([]error, 300)
	for i := range errs {
		all.Go(func() {
			hash := sha256.Sum256(fmt.Appendf(nil, "%d/%d", b.seed, i))
			errs[i] = b.pay(ctx, &routerrpc.SendPaymentRequest{
				Dest: b.bob.KeyBytes(), Amt: 1000, PaymentHash: hash[:], PaymentAddr: hash[:], FinalCltvDelta: 80,
			})
		})
	}
	all.Wait()
	for _, err := range errs {
		require.Error(b, err)
		require.Contains(b, []string{
			lnrpc.PaymentFailureReason_FAILURE_REASON_INCORRECT_PAYMENT_DETAILS.String(),
			lnrpc.PaymentFailureReason_FAILURE_REASON_NO_ROUTE.String(), // while the channel is full of the others
			lnrpc.PaymentFailureReason_FAILURE_REASON_INSUFFICIENT_BALANCE.String(),
		}, err.Error())
	}
}

// failsToStart runs bob's program with his arguments and wants it to end with an error that says this.
func (b *badInput) failsToStart(ctx context.Context, says ...string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, b.bob.Binary, b.bob.CommandLine()...).CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(b, err, &exit, "%s", out)
	require.Equal(b, 1, exit.ExitCode(), "%s", out)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	for _, s := range says {
		require.Contains(b, lines[len(lines)-1], s)
	}
	require.NotContains(b, string(out), "panic")
}

func (b *badInput) secondDaemon(ctx context.Context) {
	b.failsToStart(ctx, "another nwnd", fmt.Sprintf("process %d", b.bob.PID()))
}

func (b *badInput) wrongPassword(ctx context.Context) {
	require.NoError(b, b.bob.Stop(ctx))
	file := filepath.Join(b.bob.Dir, "password")
	right, err := os.ReadFile(file)
	require.NoError(b, err)
	require.NoError(b, os.WriteFile(file, []byte("incorrect horse"), 0o600))
	b.failsToStart(ctx, "passphrase", file)
	require.NoError(b, os.WriteFile(file, right, 0o600))
	require.NoError(b, b.bob.Start(ctx))
}

func (b *badInput) database(ctx context.Context) {
	require.NoError(b, b.bob.Stop(ctx))
	file := filepath.Join(b.bob.DataDir(), "data/chain/bitcoin/simnet/nwnd.db")
	good, err := os.ReadFile(file)
	require.NoError(b, err)

	damaged := bytes.Clone(good)
	for i := range damaged[:2*os.Getpagesize()] {
		damaged[i] ^= 0x55
	}
	require.NoError(b, os.WriteFile(file, damaged, 0o600))
	b.failsToStart(ctx, "nwnd.db", "damaged")
	after, err := os.ReadFile(file)
	require.NoError(b, err)
	require.True(b, bytes.Equal(damaged, after), "a damaged file is left as it is")

	require.NoError(b, os.WriteFile(file, good, 0o600))
	newer, err := bolt.Open(file, 0o600, &bolt.Options{Timeout: time.Second})
	require.NoError(b, err)
	require.NoError(b, newer.Update(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte{0, 0, 1, 0})
	}))
	require.NoError(b, newer.Close())
	b.failsToStart(ctx, "nwnd.db", "newer")

	require.NoError(b, os.WriteFile(file, good[:3*os.Getpagesize()], 0o600))
	b.failsToStart(ctx, "nwnd.db", "damaged")

	require.NoError(b, os.WriteFile(file, good, 0o600))
	require.NoError(b, b.bob.Start(ctx))
}
