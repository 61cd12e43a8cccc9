package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/config"
)

// unitFile is the unit's settings; a name that stands twice has its last value.
func unitFile(t *testing.T) map[string]string {
	text, err := os.ReadFile("../../contrib/nwnd.service")
	require.NoError(t, err)
	all := make(map[string]string)
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(line, "#") {
			all[name] = value
		}
	}
	return all
}

// What the unit promises systemd is what the daemon does, and its command line is understood.
func TestTheUnitFitsTheDaemon(t *testing.T) {
	unit := unitFile(t)
	require.Equal(t, "notify", unit["Type"])
	for _, name := range []string{"WatchdogSec", "TimeoutStartSec", "TimeoutStopSec"} {
		d, err := time.ParseDuration(unit[name])
		require.NoError(t, err, name)
		require.Greater(t, d, stopTimeout+torTimeout, "%s: a shutdown may take that long", name)
	}
	command := strings.Fields(unit["ExecStart"])
	require.Equal(t, "/usr/local/bin/nwnd", command[0])
	dir := t.TempDir()
	flags := append(command[1:], "--bitcoin.regtest")
	for i := range flags {
		flags[i] = strings.NewReplacer("/etc/nwnd", dir, "/var/lib/nwnd", dir).Replace(flags[i])
	}
	require.NoError(t, os.WriteFile(dir+"/nwnd.conf", nil, 0o600))
	cfg, err := config.Load(flags)
	require.NoError(t, err)
	require.Equal(t, dir, cfg.NwndDir)
	require.Equal(t, "/var/lib/"+unit["StateDirectory"], strings.TrimPrefix(command[1], "--nwnddir="))
}
