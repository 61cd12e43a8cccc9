package config

import (
	"bufio"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lndSample is the sample of the lnd that go.mod names.
func lndSample(t *testing.T) string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/lightningnetwork/lnd").Output()
	require.NoError(t, err)
	return filepath.Join(strings.TrimSpace(string(out)), "sample-lnd.conf")
}

var optionLine = regexp.MustCompile(`^(?:; ?)?([a-z][a-z0-9._-]+)=(.*)$`)

// lndNames are all options that lnd's sample shows.
func lndNames(t *testing.T) []string {
	f, err := os.Open(lndSample(t))
	require.NoError(t, err)
	defer f.Close()
	names := make(map[string]bool)
	for s := bufio.NewScanner(f); s.Scan(); {
		if m := optionLine.FindStringSubmatch(s.Text()); m != nil {
			names[m[1]] = true
		}
	}
	require.Greater(t, len(names), 280)
	return slices.Sorted(maps.Keys(names))
}

// Every option that lnd's sample shows is one of ours, or we say what becomes of it. An
// option that nwnd gains must leave lnd-options.txt.
func TestEveryOptionOfLndIsKnown(t *testing.T) {
	r := newReader(false)
	for _, name := range lndNames(t) {
		_, ours := r.own[name]
		_, listed := r.foreign[name]
		require.True(t, ours || listed, "%s is neither an option nor in lnd-options.txt", name)
	}
	for name, f := range r.foreign {
		_, ours := r.own[name]
		require.False(t, ours, "%s is an option of ours: take its line out of lnd-options.txt", name)
		if f.alias != "" {
			require.Contains(t, r.own, f.alias)
			continue
		}
		require.NotEmpty(t, f.reason, name)
	}
	require.Len(t, r.foreign, lines(lndOptions), "a line is malformed or there twice")
}

func lines(text string) (n int) {
	for l := range strings.Lines(text) {
		if l != "\n" && !strings.HasPrefix(l, "#") {
			n++
		}
	}
	return n
}

// The sections of lnd's sample are known too.
func TestEverySectionOfLndIsKnown(t *testing.T) {
	text, err := os.ReadFile(lndSample(t))
	require.NoError(t, err)
	sections := 0
	for l := range strings.Lines(string(text)) {
		if strings.HasPrefix(l, "[") {
			sections++
			require.NoError(t, newReader(false).section(strings.TrimSpace(l)))
		}
	}
	require.Greater(t, sections, 30)
}

func TestAnOperatorsLndConfWorks(t *testing.T) {
	t.Setenv("NODE_LOGS", filepath.Join(t.TempDir(), "logs"))
	dir := t.TempDir()
	path := filepath.Join(dir, "lnd.conf")
	require.NoError(t, os.WriteFile(path, []byte(`; a comment
alias=before any section
[Application Options]
debuglevel=debug,PEER=info
maxpendingchannels=5
logdir=$NODE_LOGS
accept-keysend=1
wallet-unlock-password-file="/run/secret words"
allow-circular-route=true
[Bitcoin]
bitcoin.active=1
bitcoin.testnet4=true
bitcoin.node=btcd
Bitcoin.BaseFee=7
[Btcd]
btcd.rpcuser=me
btcd.rpcpass=a=b;c#d
[protocol]
protocol.wumbo-channels=true
protocol.no-anchors=false
[wtclient]
wtclient.active=0
[logging]
logging.file.max-files=3
[bolt]
db.bolt.auto-compact=true
db.bolt.auto-compact=true
`), 0o600))
	c, err := Load([]string{"-C", path, "--lnddir=" + dir, "--routerrpc.attemptcost", "5", "--sync-freelist", "--listen=:1"})
	require.NoError(t, err)
	require.Equal(t, dir, c.NwndDir)
	require.Equal(t, "before any section", c.Alias)
	require.Equal(t, "testnet4", c.Network.Name)
	require.EqualValues(t, 7, c.Bitcoin.BaseFee)
	require.Equal(t, "a=b;c#d", c.Btcd.RPCPass)
	require.Equal(t, "/run/secret words", c.PasswordFile)
	require.Equal(t, os.Getenv("NODE_LOGS"), c.LogDir)
	require.Equal(t, 3, c.MaxLogFiles)
	require.True(t, c.AcceptKeysend)
	require.Equal(t, []string{":1"}, c.Listen)
	var ignored []string
	for _, i := range c.Ignored {
		ignored = append(ignored, i.Name)
		require.NotEmpty(t, i.Reason)
	}
	require.Equal(t, []string{"routerrpc.attemptcost", "sync-freelist", "allow-circular-route", "bitcoin.active",
		"protocol.wumbo-channels", "protocol.no-anchors", "wtclient.active", "db.bolt.auto-compact"}, ignored)
}

// What would be dangerous to ignore is refused, by its name and with the reason; the value
// may be a secret.
func TestWhatMustNotBeIgnoredIsRefused(t *testing.T) {
	for line, want := range map[string]string{
		"wtclient.active=true":                  "no watchtower would watch",
		"remotesigner.enable=1":                 "option remotesigner.enable is refused unless it is false",
		"max-commit-fee-rate-anchors=20":        "unless it is 10",
		"channel-max-fee-exposure=400000":       "500,000 satoshis",
		"upfront-shutdown-address=bcrt1qsecret": "option upfront-shutdown-address is refused: closes would pay to another address; remove it",
		"protocol.no-anchors=true":              "without anchors",
		"keysend-hold-time=2s":                  "settled at once",
		"cluster.enable-leader-election=true":   "two nodes with the same keys",
		"db.backend=postgres":                   "below datadir",
		"nat=true":                              "give externalip",
		"bitcoin.signetchallenge=5121":          "another network",
		"dry-run-migration":                     "line 2: option dry-run-migration: not of the form option=value",
	} {
		_, err := load(t, "[Application Options]\n"+line+"\n", "--bitcoin.regtest")
		require.ErrorContains(t, err, want, line)
		require.ErrorContains(t, err, "line 2", line)
		require.NotContains(t, err.Error(), "secret", line)
	}
	for _, line := range []string{"db.backend=bolt", "keysend-hold-time=0", "max-commit-fee-rate-anchors=10",
		"upfront-shutdown-address=", "remotesigner.enable=0", "remotesigner.enable=False"} {
		_, err := load(t, line+"\n", "--bitcoin.regtest")
		require.NoError(t, err, line)
	}
	_, err := load(t, "", "--bitcoin.regtest", "--wtclient.active")
	require.ErrorContains(t, err, "no watchtower would watch", "a bare flag is true")
}

func TestAnUnknownOptionNamesTheNearest(t *testing.T) {
	_, err := load(t, "[Bitcoin]\nbitcoin.timelockdetla=80\n", "--bitcoin.regtest")
	require.ErrorContains(t, err, "line 2: unknown option; is it bitcoin.timelockdelta?")
	_, err = load(t, "", "--bitcoin.regtest", "--restlistn=:1")
	require.ErrorContains(t, err, "unknown option: restlistn; is it restlisten?")
	_, err = load(t, "", "--bitcoin.regtest", "--qqqqqqqq")
	require.EqualError(t, err, "config: unknown option: qqqqqqqq")
	_, err = load(t, "", "--bitcoin.regtest", "--"+strings.Repeat("q", 101))
	require.ErrorContains(t, err, "unknown option of 101 letters")
	_, err = load(t, "[Bitcoins]\n", "--bitcoin.regtest")
	require.ErrorContains(t, err, "line 1: there is no section of that name")
	_, err = load(t, strings.Repeat("#", maxFile+1), "--bitcoin.regtest")
	require.ErrorContains(t, err, "more than 1048576 bytes")
}

// lndValues are the values that lnd's sample shows for each option: defaults and examples.
func lndValues(t *testing.T) map[string][]string {
	f, err := os.Open(lndSample(t))
	require.NoError(t, err)
	defer f.Close()
	all := make(map[string][]string)
	for s := bufio.NewScanner(f); s.Scan(); {
		if m := optionLine.FindStringSubmatch(s.Text()); m != nil && !strings.ContainsAny(m[2], "[<$)") { // prose
			all[m[1]] = append(all[m[1]], m[2])
		}
	}
	return all
}

// What lnd's sample shows is taken as it stands: by options of ours as a value, by the others as
// one that may be ignored, at least its default.
func TestTheValuesOfLndsSampleAreTaken(t *testing.T) {
	r := newReader(false)
	taken := 0
	for name, values := range lndValues(t) {
		if f, listed := r.foreign[name]; listed {
			ok := f.alias != "" || slices.ContainsFunc(values, func(v string) bool { return f.refuses(v) == nil })
			require.True(t, ok, "%s is refused with each of %v", name, values)
			continue
		}
		for _, v := range values {
			_, err := load(t, name+"="+v+"\n", "--bitcoin.regtest")
			require.NoError(t, err, "%s=%s", name, v)
			taken++
		}
	}
	require.Greater(t, taken, 70)
}

func TestAnEmptyValueIsNoneGiven(t *testing.T) {
	c, err := load(t, "connectiontimeout=\naddpeer=\nlisten=\nnolisten=\n", "--bitcoin.regtest")
	require.NoError(t, err)
	require.Equal(t, 30*time.Second, c.ConnectTimeout)
	require.Empty(t, c.AddPeers)
	require.Equal(t, []string{"0.0.0.0:9735"}, c.Listen)
	require.True(t, c.DisableListen, "but for what is on or off: there it is on, as for a flag")
}
