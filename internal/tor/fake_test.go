package tor

import (
	"bufio"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// asked is what a proxy was asked for.
type asked struct {
	command    byte   // 1: connect, 0xF0: Tor's resolve
	host       string // as it was written: a name or an IP
	isName     bool
	user, pass string
}

// socks is a SOCKS5 proxy (RFC 1928, 1929) that answers connections itself: it sends back
// what it is sent. It resolves every name to 10.1.2.3.
type socks struct {
	addr string
	mu   sync.Mutex
	all  []asked
}

func newSocks(t *testing.T) *socks {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &socks{addr: l.Addr().String()}
	var serving sync.WaitGroup
	var open sync.Map
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Store(c, true)
			serving.Go(func() {
				defer c.Close()
				s.serve(c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		open.Range(func(c, _ any) bool { c.(net.Conn).Close(); return true })
		serving.Wait()
	})
	return s
}

func (s *socks) requests() []asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]asked(nil), s.all...)
}

func (s *socks) serve(c net.Conn) {
	r, a := bufio.NewReader(c), asked{}
	field := func(n int) []byte { b := make([]byte, n); io.ReadFull(r, b); return b }
	methods := field(int(field(2)[1]))
	method := byte(0)
	for _, m := range methods {
		method = max(method, m)
	}
	c.Write([]byte{5, method})
	if method == 2 {
		a.user = string(field(int(field(2)[1])))
		a.pass = string(field(int(field(1)[0])))
		c.Write([]byte{1, 0})
	}
	head := field(4)
	a.command = head[1]
	switch head[3] {
	case 1:
		a.host = net.IP(field(4)).String()
	case 3:
		a.host, a.isName = string(field(int(field(1)[0]))), true
	case 4:
		a.host = net.IP(field(16)).String()
	}
	port := binary.BigEndian.Uint16(field(2))
	if a.command == 1 {
		a.host = net.JoinHostPort(a.host, strconv.Itoa(int(port)))
	}
	s.mu.Lock()
	s.all = append(s.all, a)
	s.mu.Unlock()
	c.Write([]byte{5, 0, 0, 1, 10, 1, 2, 3, 0, 0})
	io.Copy(c, r)
}

// control is Tor's control port, as far as the specification goes that we need.
type control struct {
	addr             string
	password, cookie string // how one authenticates: one of them
	cookieFile       string

	mu       sync.Mutex
	commands []string // without their secrets
	services map[string]string
	open     map[net.Conn]bool
}

const serviceID = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid"

func newControl(t *testing.T, password string) *control {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := &control{addr: l.Addr().String(), password: password, services: map[string]string{}, open: map[net.Conn]bool{}}
	if password == "" {
		c.cookie = strings.Repeat("c", 32)
		c.cookieFile = filepath.Join(t.TempDir(), "control_auth_cookie")
		require.NoError(t, os.WriteFile(c.cookieFile, []byte(c.cookie), 0o600))
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			c.mu.Lock()
			c.open[conn] = true
			c.mu.Unlock()
			serving.Go(func() { c.serve(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); c.drop(); serving.Wait() })
	return c
}

// drop ends all connections, as a Tor that restarts does; services end with them.
func (c *control) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.open {
		conn.Close()
	}
	clear(c.open)
	clear(c.services)
}

func (c *control) seen() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.commands...)
}

func (c *control) serve(conn net.Conn) {
	defer conn.Close()
	var clientHash string
	authenticated := false
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		c.mu.Lock()
		c.commands = append(c.commands, word)
		answer := "515 Authentication required"
		switch {
		case word == "PROTOCOLINFO":
			methods := "HASHEDPASSWORD"
			if c.cookie != "" {
				methods = fmt.Sprintf("COOKIE,SAFECOOKIE COOKIEFILE=%q", c.cookieFile)
			}
			answer = "250-PROTOCOLINFO 1\r\n250-AUTH METHODS=" + methods + "\r\n250-VERSION Tor=\"0.4.8.10\"\r\n250 OK"
		case word == "AUTHCHALLENGE":
			client, _ := hex.DecodeString(strings.TrimPrefix(rest, "SAFECOOKIE "))
			nonce := make([]byte, 32)
			rand.Read(nonce)
			sum := func(key string) string {
				m := hmac.New(sha256.New, []byte("Tor safe cookie authentication "+key))
				m.Write([]byte(c.cookie))
				m.Write(client)
				m.Write(nonce)
				return hex.EncodeToString(m.Sum(nil))
			}
			clientHash = sum("controller-to-server hash")
			answer = fmt.Sprintf("250 AUTHCHALLENGE SERVERHASH=%s SERVERNONCE=%x", sum("server-to-controller hash"), nonce)
		case word == "AUTHENTICATE":
			authenticated = c.password != "" && rest == `"`+c.password+`"` || c.password == "" && rest == clientHash
			if authenticated {
				answer = "250 OK"
			}
		case !authenticated:
		case word == "ADD_ONION":
			c.commands[len(c.commands)-1] += " " + rest
			key, _, _ := strings.Cut(rest, " ")
			answer = "250-ServiceID=" + serviceID + "\r\n"
			if key == "NEW:ED25519-V3" {
				answer += "250-PrivateKey=ED25519-V3:c2VjcmV0\r\n"
			}
			c.services[serviceID] = rest
			answer += "250 OK"
		case word == "GETINFO":
			answer = "250-onions/current=" + strings.Join(keys(c.services), "\r\n") + "\r\n250 OK"
		case word == "DEL_ONION":
			delete(c.services, rest)
			answer = "250 OK"
		}
		c.mu.Unlock()
		fmt.Fprintf(conn, "%s\r\n", answer)
	}
}

func keys(m map[string]string) (all []string) {
	for k := range m {
		all = append(all, k)
	}
	return all
}
