package restserver

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/lnrpc"
)

// raw connects without HTTP. Whatever is waited for fails after half a minute.
func (r *rig) raw(t *testing.T) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", r.addr)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	if r.tls != nil {
		c = tls.Client(c, r.tls)
	}
	require.NoError(t, c.SetDeadline(time.Now().Add(2*time.Minute)))
	return c
}

// ended demands that the server closes a connection.
func ended(t *testing.T, c net.Conn) {
	t.Helper()
	_, err := io.Copy(io.Discard, c)
	require.False(t, errors.Is(err, context.DeadlineExceeded), "the server did not close")
	var timeout net.Error
	require.False(t, errors.As(err, &timeout) && timeout.Timeout(), "the server did not close")
}

// quick waits for nothing for long; whoever makes requests of it may be too slow for them.
func quick(c *Config) {
	c.Limits.Header, c.Limits.Transfer = 50*time.Millisecond, 50*time.Millisecond
}

// impatient takes its time over a header only.
func impatient(c *Config) { c.Limits.Transfer = 500 * time.Millisecond }

func TestSlowHeaderIsCutOff(t *testing.T) {
	r := plain(t, empty, quick)
	for _, sent := range []string{"", "GET /v1/getinfo HTTP/1.1\r\nHost: x\r\nX-Slow: "} {
		c := r.raw(t)
		_, err := io.WriteString(c, sent)
		require.NoError(t, err)
		ended(t, c)
	}
	s := secure(t, empty, quick)
	c, err := net.Dial("tcp", s.addr) // never begins TLS
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SetDeadline(time.Now().Add(2*time.Minute)))
	ended(t, c)
}

func TestSlowBodyIsCutOff(t *testing.T) {
	r := plain(t, empty, impatient)
	for _, verb := range []string{"POST /v1/invoices", "GET /v1/getinfo"} {
		c := r.raw(t)
		_, err := fmt.Fprintf(c, "%s HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", verb)
		require.NoError(t, err)
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		require.NoError(t, err)
		defer resp.Body.Close()
		require.Equal(t, http.StatusRequestTimeout, resp.StatusCode, verb)
		require.True(t, resp.Close)
		ended(t, c)
	}
}

func TestIdleConnectionIsCutOff(t *testing.T) {
	r := plain(t, empty, func(c *Config) { c.Limits.Idle = 50 * time.Millisecond })
	c := r.raw(t)
	_, err := io.WriteString(c, "GET /v1/getinfo HTTP/1.1\r\nHost: x\r\n\r\n")
	require.NoError(t, err)
	ended(t, c)
}

// A client that asks for much and reads nothing does not hold its call for ever.
func TestClientThatDoesNotReadIsCutOff(t *testing.T) {
	over := make(chan error, 1)
	r := plain(t, func(_ call, send func(proto.Message) error) (err error) {
		big := &lnrpc.Invoice{Memo: strings.Repeat("x", 1<<20)}
		for err == nil {
			err = send(big)
		}
		over <- err
		return err
	}, impatient)
	c := r.raw(t)
	_, err := io.WriteString(c, "GET /v1/invoices/subscribe HTTP/1.1\r\nHost: x\r\n\r\n")
	require.NoError(t, err)
	select {
	case err := <-over:
		require.Error(t, err)
	case <-time.After(time.Minute):
		require.Fail(t, "it still sends")
	}
}

func TestBodyTooBig(t *testing.T) {
	r := plain(t, empty, func(c *Config) { c.Limits.Message = 1000 })
	memo := func(n int) string { return `{"memo":"` + strings.Repeat("x", n-len(`{"memo":""}`)) + `"}` }
	code, body, _ := r.do(t, "POST", "/v1/invoices", memo(1000))
	require.Equal(t, http.StatusOK, code, body)
	code, body, _ = r.do(t, "POST", "/v1/invoices", memo(1001))
	require.Equal(t, http.StatusRequestEntityTooLarge, code)
	require.Contains(t, body, "may have 1000 bytes")
}

func TestHeaderTooBig(t *testing.T) {
	r := plain(t, empty, nil)
	c := r.raw(t)
	_, err := fmt.Fprintf(c, "GET /v1/getinfo HTTP/1.1\r\nHost: x\r\nX-Long: %s", strings.Repeat("0", maxHeader+4096))
	require.NoError(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, resp.StatusCode)
}

// Bodies of all requests together have bounded room, which comes back.
func TestBodiesShareRoom(t *testing.T) {
	r := plain(t, empty, func(c *Config) { c.Limits.Memory = 8 << 10 })
	held := make([]net.Conn, 2)
	for i := range held { // 4 KiB each, for as long as the body doesn't end
		held[i] = r.raw(t)
		_, err := io.WriteString(held[i], "POST /v1/invoices HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
		require.NoError(t, err)
		line, err := bufio.NewReader(held[i]).ReadString('\n')
		require.NoError(t, err)
		require.Contains(t, line, "100 Continue", "its body is being read")
	}
	code, body, _ := r.do(t, "POST", "/v1/invoices", "{}")
	require.Equal(t, http.StatusTooManyRequests, code, body)
	code, _, _ = r.do(t, "GET", "/v1/getinfo", "")
	require.Equal(t, http.StatusOK, code, "what has no body needs no room")
	for _, c := range held {
		_, err := io.WriteString(c, "{}")
		require.NoError(t, err)
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		require.NoError(t, err)
		resp.Body.Close()
	}
	require.Eventually(t, func() bool {
		code, _, _ := r.do(t, "POST", "/v1/invoices", "{}")
		return code == http.StatusOK
	}, 2*time.Minute, time.Millisecond)
}

func TestTooManyCalls(t *testing.T) {
	began, end := make(chan struct{}), make(chan struct{})
	r := plain(t, func(c call, send func(proto.Message) error) error {
		began <- struct{}{}
		<-end
		return empty(c, send)
	}, func(c *Config) { c.Limits.Calls = 2 })
	answers := make(chan int, 2)
	for range 2 {
		go func() {
			resp, err := r.client.Get(r.url + "/v1/getinfo")
			if err != nil {
				answers <- 0
				return
			}
			resp.Body.Close()
			answers <- resp.StatusCode
		}()
		<-began
	}
	code, body, _ := r.do(t, "GET", "/v1/getinfo", "")
	require.Equal(t, http.StatusTooManyRequests, code)
	require.Contains(t, body, "too many calls at once")
	close(end)
	require.Equal(t, http.StatusOK, <-answers)
	require.Equal(t, http.StatusOK, <-answers)
}

// More connections than the limit wait until others end.
func TestFloodOfConnections(t *testing.T) {
	r := plain(t, empty, func(c *Config) {
		c.Limits.Connections = 3
		c.Limits.Header = 200 * time.Millisecond
	})
	began := time.Now()
	for range 30 {
		r.raw(t)
	}
	code, _, _ := r.do(t, "GET", "/v1/getinfo", "")
	require.Equal(t, http.StatusOK, code)
	require.GreaterOrEqual(t, time.Since(began), 9*200*time.Millisecond, "30 connections that say nothing, 3 at once")
}

func TestGarbageOnThePort(t *testing.T) {
	for name, r := range map[string]*rig{"plain": plain(t, empty, quick), "tls": secure(t, empty, quick)} {
		for _, garbage := range []string{
			"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", strings.Repeat("\x00", 4096), "SSH-2.0-x\r\n\r\n",
			"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
			"GET / HTTP/9.9\r\n\r\n", "GET \x00 HTTP/1.1\r\nHost: x\r\n\r\n", strings.Repeat("A", 100_000),
		} {
			c, err := net.Dial("tcp", r.addr)
			require.NoError(t, err)
			require.NoError(t, c.SetDeadline(time.Now().Add(2*time.Minute)))
			_, _ = io.WriteString(c, garbage) // the server may close in the middle
			ended(t, c)
			c.Close()
		}
		require.Eventually(t, func() bool { // a handshake may take longer than this server waits
			resp, err := r.client.Get(r.url + "/v1/getinfo")
			if err != nil {
				return false
			}
			resp.Body.Close()
			return resp.StatusCode == http.StatusOK
		}, 2*time.Minute, time.Millisecond, name)
	}
}

// Stop waits for what is under way, until it is told not to; then nothing runs any more.
func TestStopEndsEverything(t *testing.T) {
	began, canceled := make(chan struct{}), make(chan struct{})
	r := plain(t, func(c call, _ func(proto.Message) error) error {
		began <- struct{}{}
		<-c.ctx.Done()
		close(canceled)
		return c.ctx.Err()
	}, nil)
	failed := make(chan error, 1)
	go func() {
		resp, err := r.client.Get(r.url + "/v1/invoices/subscribe")
		if err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		failed <- err
	}()
	<-began
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() { r.Stop(ctx); close(stopped) }()
	<-r.stopping.Done()
	select {
	case <-stopped:
		require.Fail(t, "it did not wait")
	default:
	}
	cancel()
	<-stopped
	<-canceled
	<-failed
	_, err := r.client.Get(r.url + "/v1/getinfo")
	require.Error(t, err)
}
