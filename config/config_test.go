package config

import (
	"bytes"
	"errors"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("rewrite", false, "write the sample file anew")

// load writes the file into a new directory and loads it with the flags over it.
func load(t *testing.T, file string, args ...string) (*Config, error) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "nwnd.conf"), []byte(file), 0o600))
	return Load(append([]string{"--nwnddir=" + dir}, args...))
}

func TestSampleIsWrittenFromTheOptions(t *testing.T) {
	var want bytes.Buffer
	require.NoError(t, WriteSample(&want))
	if *rewrite {
		require.NoError(t, os.WriteFile("sample-nwnd.conf", want.Bytes(), 0o644))
	}
	got, err := os.ReadFile("sample-nwnd.conf")
	require.NoError(t, err)
	require.Equal(t, want.String(), string(got), "run go test ./config -rewrite")
}

// Every line of the sample, uncommented, is an option that the file may hold, and its
// value is the default.
func TestSampleHoldsTheDefaults(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, WriteSample(&text))
	var file strings.Builder
	options := 0
	for _, l := range strings.Split(text.String(), "\n") {
		o := strings.TrimPrefix(l, "# ")
		name, value, ok := strings.Cut(o, "=")
		switch {
		case strings.HasPrefix(l, "["):
			file.WriteString(l + "\n")
		case o != l && ok && !strings.Contains(name, " "):
			options++
			if value == "" || strings.Contains(value, "<") || name == "bitcoin.regtest" {
				continue // paths that depend on others
			}
			file.WriteString(o + "\n")
		}
	}
	require.Greater(t, options, 40)
	dir := t.TempDir()
	path := filepath.Join(dir, "nwnd.conf")
	require.NoError(t, os.WriteFile(path, []byte(file.String()), 0o600))
	got, err := Load([]string{"--nwnddir=" + dir, "--bitcoin.regtest"})
	require.NoError(t, err, file.String())
	require.NoError(t, os.Remove(path))
	want, err := Load([]string{"--nwnddir=" + dir, "--bitcoin.regtest"})
	require.NoError(t, err)
	require.Equal(t, path, got.File)
	got.File = ""
	require.Equal(t, want, got)
}

func TestDefaults(t *testing.T) {
	c, err := load(t, "", "--bitcoin.regtest")
	require.NoError(t, err)
	require.Equal(t, []string{"0.0.0.0:9735"}, c.Listen)
	require.Equal(t, []string{"localhost:10009"}, c.RPCListen)
	require.Equal(t, "localhost:18334", c.Btcd.RPCHost)
	require.Equal(t, [3]byte{0x33, 0x99, 0xff}, c.RGB)
	require.EqualValues(t, 1000, c.Bitcoin.BaseFee)
	require.EqualValues(t, 1, c.Bitcoin.FeeRate)
	require.EqualValues(t, 80, c.Bitcoin.TimeLockDelta)
	require.Equal(t, filepath.Join(c.NwndDir, "data", "chain", "bitcoin", "regtest",
		"admin.macaroon"), c.AdminMacPath)
	require.Equal(t, filepath.Join(c.NwndDir, "tls.cert"), c.TLSCertPath)
	require.Equal(t, filepath.Join(c.NwndDir, "logs", "bitcoin", "regtest", "nwnd.log"), c.LogFile())
	require.Equal(t, filepath.Join(c.NwndDir, "data", "graph", "regtest"), c.GraphDir())
}

func TestRESTOptions(t *testing.T) {
	c, err := load(t, "", "--bitcoin.regtest")
	require.NoError(t, err)
	require.Equal(t, []string{"localhost:8080"}, c.RESTListen)
	require.Equal(t, 30*time.Second, c.WSPingInterval)
	require.Equal(t, 5*time.Second, c.WSPongWait)

	c, err = load(t, "restlisten=10.0.0.3\nno-rest-tls=true\nrestcors=*\nrestcors=https://page.example:99\n", "--bitcoin.regtest")
	require.NoError(t, err)
	require.Equal(t, []string{"10.0.0.3:8080"}, c.RESTListen)
	require.Equal(t, []string{"*", "https://page.example:99"}, c.RESTCORS)

	_, err = load(t, "norest=true\nno-macaroons=true\nrestlisten=0.0.0.0:8080\n", "--bitcoin.regtest")
	require.NoError(t, err, "what isn't served can't be reached")
}

func TestFlagsWinOverTheFile(t *testing.T) {
	file := "[Application Options]\nalias=from file\nlisten=1.2.3.4\nlisten=[::1]:77\n" +
		"[Bitcoin]\nbitcoin.simnet=true\nbitcoin.basefee=5\nbitcoin.feerate=6\n"
	c, err := load(t, file, "--bitcoin.basefee=7", "--alias=from flag")
	require.NoError(t, err)
	require.Equal(t, "from flag", c.Alias)
	require.EqualValues(t, 7, c.Bitcoin.BaseFee)
	require.EqualValues(t, 6, c.Bitcoin.FeeRate)
	require.Equal(t, []string{"1.2.3.4:9735", "[::1]:77"}, c.Listen)
	require.Equal(t, "simnet", c.Network.Name)

	c, err = load(t, file, "--listen=9.9.9.9:1")
	require.NoError(t, err)
	require.Equal(t, []string{"9.9.9.9:1"}, c.Listen, "a list is replaced, not appended to")
}

func TestMainNetIsRefused(t *testing.T) {
	for _, file := range []string{"", "[Bitcoin]\nbitcoin.mainnet=true\n"} {
		_, err := load(t, file, "--bitcoin.mainnet")
		require.ErrorIs(t, err, ErrMainNet)
	}
	_, err := load(t, "[Bitcoin]\nbitcoin.mainnet=true\n", "--bitcoin.regtest")
	require.ErrorIs(t, err, ErrMainNet)
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		args []string
		want string
	}{
		"no network":        {"", nil, "no network is chosen"},
		"two networks":      {"", []string{"--bitcoin.regtest", "--bitcoin.simnet"}, "two networks"},
		"color":             {"", []string{"--bitcoin.regtest", "--color=red"}, `color "red"`},
		"alias":             {"", []string{"--bitcoin.regtest", "--alias=" + strings.Repeat("x", 33)}, "33 bytes"},
		"level":             {"", []string{"--bitcoin.regtest", "--debuglevel=loud"}, `"loud"`},
		"time lock":         {"", []string{"--bitcoin.regtest", "--bitcoin.timelockdelta=17"}, "is 17, it may be 18"},
		"port":              {"", []string{"--bitcoin.regtest", "--listen=:99999"}, "listen"},
		"argument":          {"", []string{"--bitcoin.regtest", "start"}, "1 arguments begin without --"},
		"unknown flag":      {"", []string{"--bitcoin.regtest", "--nosuch"}, "nosuch"},
		"unknown option":    {"[Bitcoin]\nbitcoin.nosuch=1\n", nil, "line 2: unknown option"},
		"no seed elsewhere": {"", []string{"--bitcoin.signet", "--noseedbackup"}, "refused on signet"},
		"open API": {"", []string{"--bitcoin.regtest", "--no-macaroons", "--rpclisten=0.0.0.0:1"},
			"not loopback"},
		"open API, all": {"", []string{"--bitcoin.regtest", "--no-macaroons", "--rpclisten=:1"},
			"not loopback"},
		"sizes":      {"", []string{"--bitcoin.regtest", "--minchansize=30000", "--maxchansize=20000"}, "above"},
		"fee window": {"", []string{"--bitcoin.regtest", "--fee.min-update-timeout=21m"}, "fee.max-update-timeout 20m0s"},
		"fee haste":  {"", []string{"--bitcoin.regtest", "--fee.min-update-timeout=0s"}, "at least 1s"},
		"named file": {"", []string{"--bitcoin.regtest", "--configfile=/nonexistent/x.conf"},
			"/nonexistent/x.conf"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, c.file, c.args...)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestMalformedLineIsNotQuoted(t *testing.T) {
	_, err := load(t, "[btcd]\nbtcd.rpcpass hunter2\n", "--bitcoin.regtest")
	require.ErrorContains(t, err, "line 2")
	require.NotContains(t, err.Error(), "hunter2")
}

func TestHelpListsOptions(t *testing.T) {
	_, err := load(t, "", "--help")
	var help *Help
	require.ErrorAs(t, err, &help)
	require.Contains(t, help.Text, "--bitcoin.timelockdelta")
}

func TestForClientForgives(t *testing.T) {
	dir := t.TempDir()
	file := "[Application Options]\nrpclisten=localhost:4444\nfuture=1\n[New]\nx=1\n" +
		"[Bitcoin]\nbitcoin.regtest=1\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "nwnd.conf"), []byte(file), 0o600))
	c, err := ForClient(dir, "", "")
	require.NoError(t, err)
	require.Equal(t, []string{"localhost:4444"}, c.RPCListen)
	require.Equal(t, filepath.Join(dir, "data/chain/bitcoin/regtest/admin.macaroon"), c.AdminMacPath)

	c, err = ForClient(dir, "", "simnet")
	require.NoError(t, err)
	require.Equal(t, "simnet", c.Network.Name)
	_, err = ForClient(dir, "", "moonnet")
	require.ErrorContains(t, err, "moonnet")
}

func TestPasswordFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pw")
	write := func(text string, mode os.FileMode) {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		require.NoError(t, os.Chmod(path, mode))
	}
	write("correct horse\r\n", 0o640)
	got, err := ReadPassword(path)
	require.NoError(t, err)
	require.Equal(t, "correct horse", string(got))

	write("correct horse\n", 0o604)
	_, err = ReadPassword(path)
	require.True(t, errors.Is(err, ErrExposed), "%v", err)
	require.NotContains(t, err.Error(), "horse")

	write("\n", 0o600)
	_, err = ReadPassword(path)
	require.ErrorContains(t, err, "empty")

	write(strings.Repeat("x", maxPasswordFile+1), 0o600)
	_, err = ReadPassword(path)
	require.ErrorContains(t, err, "more than 4096")
}

func TestLevels(t *testing.T) {
	l, err := ParseLevels("warn,peer=debug, RPCS=trace")
	require.NoError(t, err)
	require.Equal(t, slog.LevelWarn, l.Of("HTLC"))
	require.Equal(t, slog.LevelDebug, l.Of("PEER"))
	require.Equal(t, LevelTrace, l.Of("rpcs"))
	require.Equal(t, "trace", LevelName(l.Of("RPCS")))
	require.Equal(t, "warn", LevelName(l.Default))
	for _, bad := range []string{"", "=debug", "info,debug", "PEER=", "PEER=loud"} {
		_, err := ParseLevels(bad)
		require.Error(t, err, bad)
	}
}
