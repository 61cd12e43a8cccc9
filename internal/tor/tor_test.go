package tor

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/tor"
	"github.com/stretchr/testify/require"
)

const onion = serviceID + ".onion:9735"

// through is a dialer of which every connection that leaves the process is noted.
func through(socks string) (*Dialer, *[]string) {
	var left []string
	d := &Dialer{SOCKS: socks}
	d.direct = func(ctx context.Context, network, addr string) (net.Conn, error) {
		left = append(left, addr)
		if addr != socks {
			return nil, errors.New("direct")
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	return d, &left
}

// With a proxy nothing goes anywhere else, and no name is resolved on the way.
func TestEverythingGoesThroughTheProxy(t *testing.T) {
	s := newSocks(t)
	d, left := through(s.addr)
	for _, addr := range []string{"peer.example:9735", "203.0.113.7:9735", "[2001:db8::1]:9735", onion} {
		conn, err := d.Dial(t.Context(), addr)
		require.NoError(t, err)
		require.Equal(t, addr, conn.RemoteAddr().String(), "the peer's address, not the proxy's")
		_, err = conn.Write([]byte("ping"))
		require.NoError(t, err)
		b := make([]byte, 4)
		_, err = conn.Read(b)
		require.NoError(t, err)
		require.Equal(t, "ping", string(b))
		require.NoError(t, conn.Close())
	}
	ips, err := d.LookupHost(t.Context(), "peer.example")
	require.NoError(t, err)
	require.Equal(t, []string{"10.1.2.3"}, ips)

	var got []string
	for _, a := range s.requests() {
		got = append(got, a.host)
		require.Equal(t, !strings.Contains(a.host, "113") && !strings.Contains(a.host, "db8"), a.isName, a.host)
		require.Empty(t, a.user)
	}
	require.Equal(t, []string{"peer.example:9735", "203.0.113.7:9735", "[2001:db8::1]:9735", onion, "peer.example"}, got)
	require.Equal(t, []string{s.addr, s.addr, s.addr, s.addr}, *left)
}

func TestIsolatedConnectionsHaveUsersOfTheirOwn(t *testing.T) {
	s := newSocks(t)
	d, _ := through(s.addr)
	d.Isolate = true
	for range 3 {
		conn, err := d.Dial(t.Context(), "peer.example:1")
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	}
	users := make(map[string]bool)
	for _, a := range s.requests() {
		require.NotEmpty(t, a.pass)
		users[a.user] = true
	}
	require.Len(t, users, 3)
}

func TestOnionsOnlyLeavesTheRestAlone(t *testing.T) {
	s := newSocks(t)
	d, left := through(s.addr)
	d.OnionsOnly = true
	_, err := d.Dial(t.Context(), "203.0.113.7:9735")
	require.EqualError(t, err, "direct")
	conn, err := d.Dial(t.Context(), onion)
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	require.Equal(t, []string{"203.0.113.7:9735", s.addr}, *left)
}

// Without Tor an onion address would be told to a name server.
func TestAnOnionAddressIsRefusedWithoutTor(t *testing.T) {
	d, left := through("")
	for _, addr := range []string{onion, strings.ToUpper(onion), "short.onion:1", serviceID + ".onion.:9735"} {
		_, err := d.Dial(t.Context(), addr)
		require.ErrorIs(t, err, ErrOnion, addr)
		_, err = d.LookupHost(t.Context(), strings.Split(addr, ":")[0])
		require.ErrorContains(t, err, "has no IP address")
	}
	require.Empty(t, *left)
}

func TestAProxyThatIsNotThereIsNotPassedBy(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	d, left := through(l.Addr().String())
	_, err = d.Dial(t.Context(), "203.0.113.7:9735")
	require.ErrorContains(t, err, "by the proxy at "+l.Addr().String())
	_, err = d.LookupHost(t.Context(), "peer.example")
	require.Error(t, err)
	require.Equal(t, []string{l.Addr().String()}, *left)
}

func TestAProxyThatDoesNotAnswerIsGivenUp(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	d, _ := through(l.Addr().String())
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = d.Dial(ctx, "peer.example:1")
	var slow net.Error // its connection's or its answer's
	require.ErrorAs(t, err, &slow)
	require.True(t, slow.Timeout(), "%v", err)
	_, err = d.LookupHost(ctx, "peer.example")
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestAddresses(t *testing.T) {
	for addr, want := range map[string]net.Addr{
		"203.0.113.7:9735":         &net.TCPAddr{IP: net.ParseIP("203.0.113.7"), Port: 9735},
		"peer.example:1":           named("peer.example:1"),
		onion:                      &tor.OnionAddr{OnionService: serviceID + ".onion", Port: 9735},
		"expyuzz4wqqyqhjn.onion:7": &tor.OnionAddr{OnionService: "expyuzz4wqqyqhjn.onion", Port: 7},
	} {
		got, err := Address(addr)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for addr, want := range map[string]string{"peer.example": "missing port", "x:99999": `port "99999"`,
		"short.onion:1": "has 11 letters", strings.Repeat("1", 56) + ".onion:1": "is no onion address"} {
		_, err := Address(addr)
		require.ErrorContains(t, err, want, addr)
	}
}

func service(t *testing.T, c *control, password string) *Service {
	return &Service{Control: c.addr, Password: password, Port: 9735, Targets: []int{19735, 29735},
		KeyFile: filepath.Join(t.TempDir(), "deep", "key")}
}

func TestAnOnionServiceIsMadeAndKeepsItsKey(t *testing.T) {
	for name, password := range map[string]string{"by cookie": "", "by password": "correct horse"} {
		t.Run(name, func(t *testing.T) {
			c := newControl(t, password)
			s := service(t, c, password)
			addr, err := s.Start(t.Context())
			require.NoError(t, err)
			require.Equal(t, &tor.OnionAddr{OnionService: serviceID + ".onion", Port: 9735}, addr)
			info, err := os.Stat(s.KeyFile)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
			require.NoError(t, s.Check(t.Context()))
			require.NoError(t, s.Stop(t.Context()))

			again := *s
			_, err = again.Start(t.Context())
			require.NoError(t, err)
			require.NoError(t, again.Stop(t.Context()))
			var made []string
			for _, cmd := range c.seen() {
				if strings.HasPrefix(cmd, "ADD_ONION") {
					made = append(made, strings.TrimSpace(cmd))
				}
			}
			require.Equal(t, []string{
				"ADD_ONION NEW:ED25519-V3 Port=9735,19735 Port=9735,29735",
				"ADD_ONION ED25519-V3:c2VjcmV0 Port=9735,19735 Port=9735,29735",
			}, made, "the second time with the key")
			require.Contains(t, c.seen(), "DEL_ONION")
		})
	}
}

func TestTheServiceIsMadeAnewWhenTorComesBack(t *testing.T) {
	c := newControl(t, "")
	s := service(t, c, "")
	_, err := s.Start(t.Context())
	require.NoError(t, err)
	c.drop()
	for attempts := 0; ; attempts++ { // the kernel tells of the lost connection by and by
		if err = s.Check(t.Context()); err == nil {
			break
		}
		require.Less(t, attempts, 1000, "%v", err)
	}
	c.mu.Lock()
	require.Contains(t, c.services, serviceID)
	c.mu.Unlock()
	require.NoError(t, s.Stop(t.Context()))
}

func TestAnOnionServiceThatCannotBeMade(t *testing.T) {
	c := newControl(t, "right")
	s := service(t, c, "wrong secret")
	_, err := s.Start(t.Context())
	require.ErrorContains(t, err, "control port at "+c.addr)
	require.NotContains(t, err.Error(), "secret")

	s = service(t, c, "right")
	require.NoError(t, os.MkdirAll(filepath.Dir(s.KeyFile), 0o700))
	require.NoError(t, os.WriteFile(s.KeyFile, []byte("ED25519-V3:hush"), 0o600))
	require.NoError(t, os.Chmod(s.KeyFile, 0o644))
	_, err = s.Start(t.Context())
	require.ErrorContains(t, err, "chmod 600")
	require.NotContains(t, err.Error(), "hush")

	require.NoError(t, os.Chmod(s.KeyFile, 0o600))
	require.NoError(t, os.WriteFile(s.KeyFile, []byte("RSA1024:hush"), 0o600))
	_, err = s.Start(t.Context())
	require.ErrorContains(t, err, "holds no ED25519-V3 key")
	require.NotContains(t, err.Error(), "hush")

	l, err := net.Listen("tcp", "127.0.0.1:0") // takes the connection and says nothing
	require.NoError(t, err)
	defer l.Close()
	s.Control = l.Addr().String()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = s.Start(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = alone(ctx, s, func() (int, error) { return 0, errors.New("ran beside another") })
	require.ErrorContains(t, err, "the control port doesn't answer")
}
