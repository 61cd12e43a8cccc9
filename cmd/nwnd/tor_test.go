package main

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/config"
)

// controlPort is Tor's control port without authentication, which makes one service. It tells
// the commands that it was given.
func controlPort(t *testing.T) (addr string, commands <-chan string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	seen := make(chan string, 100)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		for lines := bufio.NewScanner(conn); lines.Scan(); {
			seen <- strings.TrimSpace(lines.Text())
			answer := "250 OK"
			switch word, _, _ := strings.Cut(lines.Text(), " "); word {
			case "PROTOCOLINFO":
				answer = "250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor=\"0.4.8.10\"\r\n250 OK"
			case "ADD_ONION":
				answer = "250-ServiceID=" + strings.TrimSuffix(onionHost, ".onion") + "\r\n250-PrivateKey=ED25519-V3:aHVzaA==\r\n250 OK"
			}
			fmt.Fprintf(conn, "%s\r\n", answer)
		}
	}()
	return l.Addr().String(), seen
}

// With tor.v3 the service leads to where the node listens, and is announced beside the rest.
func TestTheOnionServiceLeadsToTheListenersAndIsAnnounced(t *testing.T) {
	addr, commands := controlPort(t)
	cfg, err := config.Load([]string{"--nwnddir=" + t.TempDir(), "--bitcoin.regtest", "--listen=127.0.0.1:0", "--externalip=203.0.113.7",
		"--tor.active", "--tor.v3", "--tor.control=" + addr})
	require.NoError(t, err)
	p := &parts{}
	require.NoError(t, openDoors(t.Context(), cfg, p, slog.New(slog.DiscardHandler)))
	port := p.listeners[0].Addr().(*net.TCPAddr).Port
	require.Equal(t, []string{"203.0.113.7:9735", onionHost + ":9735"}, texts(p.addresses.now(t.Context())))
	require.Equal(t, "PROTOCOLINFO 1", <-commands)
	require.Equal(t, "AUTHENTICATE", <-commands)
	require.Equal(t, fmt.Sprintf("ADD_ONION NEW:ED25519-V3 Port=9735,%d", port), <-commands)
	key, err := os.ReadFile(cfg.Tor.PrivateKeyPath)
	require.NoError(t, err)
	require.Equal(t, "ED25519-V3:aHVzaA==", string(key))
	require.NoError(t, p.close())
	require.Equal(t, "DEL_ONION "+strings.TrimSuffix(onionHost, ".onion"), <-commands, "it ends with the node")
}

// A Tor that isn't there fails the start: nobody is to think that he can't be seen.
func TestATorThatIsNotThereFailsTheStart(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	cfg, err := config.Load([]string{"--nwnddir=" + t.TempDir(), "--bitcoin.regtest", "--listen=127.0.0.1:0",
		"--tor.active", "--tor.v3", "--tor.socks=" + l.Addr().String(), "--tor.control=" + l.Addr().String()})
	require.NoError(t, err)
	p := &parts{}
	require.ErrorContains(t, openDoors(t.Context(), cfg, p, slog.New(slog.DiscardHandler)), "control port at "+l.Addr().String())
	require.NoError(t, p.close())
}

func TestTheDialerIsThatOfTheOptions(t *testing.T) {
	load := func(flags ...string) *config.Config {
		cfg, err := config.Load(append(flags, "--nwnddir="+t.TempDir(), "--bitcoin.regtest"))
		require.NoError(t, err)
		return cfg
	}
	_, err := dialer(load()).Dial(context.Background(), onionHost+":9735")
	require.ErrorContains(t, err, "tor.active")
	d := dialer(load("--tor.active", "--tor.socks=127.0.0.1:7", "--tor.streamisolation"))
	require.Equal(t, "127.0.0.1:7", d.SOCKS)
	require.True(t, d.Isolate)
	require.False(t, d.OnionsOnly)
	require.True(t, dialer(load("--tor.active", "--tor.skip-proxy-for-clearnet-targets")).OnionsOnly)
}
