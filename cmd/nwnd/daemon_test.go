package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/aezeed"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/wallet"
	"github.com/nichework/nwnd/lnrpc"
)

// output is written by the daemon while the test reads it.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

func args(dir string, more ...string) []string {
	return append([]string{"--nwnddir=" + dir, "--bitcoin.regtest", "--rpclisten=127.0.0.1:0", "--restlisten=127.0.0.1:0", "--nolisten",
		"--btcd.rpccert=" + filepath.Join(dir, "none.cert")}, more...)
}

// address is where the daemon says that it serves its API.
func address(t *testing.T, out *output) (addr string) { return served(t, out, "API") }

func served(t *testing.T, out *output, what string) (addr string) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, rest, ok := strings.Cut(out.String(), `msg="serving the `+what+`" in=RPCS address=`)
		addr, _, _ = strings.Cut(rest, "\n")
		addr, _, _ = strings.Cut(addr, " ")
		return ok && strings.Contains(rest, "\n")
	}, time.Minute, 5*time.Millisecond)
	return addr
}

func TestDaemonWaitsForAWallet(t *testing.T) {
	dir, out := t.TempDir(), &output{}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- daemon(ctx, args(dir), out) }()

	addr := address(t, out)
	creds, err := credentials.NewClientTLSFromFile(filepath.Join(dir, "tls.cert"), "")
	require.NoError(t, err)
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(creds))
	require.NoError(t, err)
	defer conn.Close()
	call, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	s, err := lnrpc.NewStateClient(conn).GetState(call, &lnrpc.GetStateRequest{})
	require.NoError(t, err)
	require.Equal(t, lnrpc.WalletState_NON_EXISTING, s.State)
	seed, err := lnrpc.NewWalletUnlockerClient(conn).GenSeed(call, &lnrpc.GenSeedRequest{})
	require.NoError(t, err)
	require.Len(t, seed.CipherSeedMnemonic, 24)
	require.Len(t, seed.EncipheredSeed, 33)

	err = daemon(ctx, args(dir), &output{})
	require.ErrorContains(t, err, "another nwnd (process ")

	stop()
	require.NoError(t, <-done)
	for _, f := range []string{"admin.macaroon", "readonly.macaroon", "invoice.macaroon", "macaroons.key"} {
		info, err := os.Stat(filepath.Join(dir, "data/chain/bitcoin/regtest", f))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), f)
	}
	require.NotContains(t, out.String(), seed.CipherSeedMnemonic[0]+" "+seed.CipherSeedMnemonic[1])
}

func TestDaemonRefuses(t *testing.T) {
	dir := t.TempDir()
	password := filepath.Join(dir, "password")
	require.NoError(t, os.WriteFile(password, []byte("correct horse\n"), 0o600))
	open := filepath.Join(dir, "open")
	require.NoError(t, os.WriteFile(open, []byte("correct horse\n"), 0o600))
	require.NoError(t, os.Chmod(open, 0o644))
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"mainnet":           {[]string{"--bitcoin.mainnet"}, "bitcoin.mainnet is refused"},
		"exposed password":  {args(dir, "--wallet-unlock-password-file="+open, "--wallet-unlock-allow-create"), "must not be readable by others"},
		"nothing to unlock": {args(dir, "--wallet-unlock-password-file="+password), "there is no wallet"},
		"REST address":      {args(dir, "--restlisten=256.0.0.1:1"), "restlisten is where"},
		"taken address":     {args(dir, "--rpclisten=256.0.0.1:1"), "cannot listen"},
	} {
		t.Run(name, func(t *testing.T) {
			out := &output{}
			err := daemon(context.Background(), c.args, out)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, out.String(), "horse")
		})
	}
}

// A wallet without a backup is made and opened; the node then misses its chain.
func TestDaemonWithoutAChain(t *testing.T) {
	dir := t.TempDir()
	err := daemon(context.Background(), args(dir, "--noseedbackup"), &output{})
	require.ErrorContains(t, err, "none.cert")
	exists, err := wallet.Exists(filepath.Join(dir, "data/chain/bitcoin/regtest"))
	require.NoError(t, err)
	require.True(t, exists)
}

// lnd's wallet has the name of ours: a directory of lnd's is never touched.
func TestDaemonRefusesADirectoryOfLnds(t *testing.T) {
	for _, name := range []string{"graph/regtest/channel.db", "chain/bitcoin/regtest/macaroons.db"} {
		dir := t.TempDir()
		path := filepath.Join(dir, "data", name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte("lnd"), 0o600))
		err := daemon(context.Background(), args(dir, "--noseedbackup"), &output{})
		require.ErrorContains(t, err, path+" is lnd's")
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, entries, 1, "nothing was made")
	}
}

func TestDaemonTellsWhatItIgnores(t *testing.T) {
	dir, out := t.TempDir(), &output{}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "nwnd.conf"), []byte("[protocol]\nprotocol.zero-conf=1\n"), 0o600))
	err := daemon(context.Background(), args(dir, "--wallet-unlock-password-file="+filepath.Join(dir, "none")), out)
	require.ErrorContains(t, err, "password file")
	require.Contains(t, out.String(), `msg="option of lnd's is ignored" in=NWND option=protocol.zero-conf reason="not built"`)
}

func TestSubcommands(t *testing.T) {
	for arg, want := range map[string]string{
		"version": "nwnd version 0.21.1-beta commit=nwnd-", "help": "nwnd devnet", "--help": "--bitcoin.timelockdelta",
		"sampleconfig": "# bitcoin.timelockdelta=80", "--debuglevel=show": "Supported subsystems [BTCN CHAN CRTR DISC EVM HLCK", "-V": "nwnd version",
	} {
		var out, errs bytes.Buffer
		require.Zero(t, run(context.Background(), []string{arg}, &out, &errs), errs.String())
		require.Contains(t, out.String(), want)
	}
	var out, errs bytes.Buffer
	require.Equal(t, 1, run(context.Background(), []string{"--bitcoin.mainnet"}, &out, &errs))
	require.Contains(t, errs.String(), "nwnd: config: bitcoin.mainnet is refused")
}

func TestSeedIsOfTheEntropyGiven(t *testing.T) {
	k := &keeper{cfg: &config.Config{}}
	entropy := bytes.Repeat([]byte{7}, 16)
	words, enciphered, err := k.GenSeed(entropy, []byte("pass"))
	require.NoError(t, err)
	require.Len(t, enciphered, 33)
	m := aezeed.Mnemonic(words)
	seed, err := m.ToCipherSeed([]byte("pass"))
	require.NoError(t, err)
	require.Equal(t, entropy, seed.Entropy[:])
	_, _, err = k.GenSeed(entropy[1:], nil)
	require.ErrorContains(t, err, "entropy of 15 bytes")
}

func TestLockEndsWithItsHolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "dir")
	unlock, err := lockDir(dir)
	require.NoError(t, err)
	_, err = lockDir(dir)
	require.ErrorContains(t, err, "another nwnd")
	unlock()
	unlock, err = lockDir(dir)
	require.NoError(t, err)
	unlock()
}
