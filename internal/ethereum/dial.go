package ethereum

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"unicode"

	"github.com/ethereum/go-ethereum/rpc"
)

var errTooLong = errors.New("the answer is longer than allowed")

// hostOf is what may be told of an endpoint: no path, no query, no password.
func hostOf(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return "(unreadable URL)"
	}
	if u.Host == "" {
		return endpoint // a socket
	}
	return u.Scheme + "://" + u.Host
}

// dial connects with a limit on what an answer may weigh. The function ends the connection.
func dial(ctx context.Context, endpoint string, limit int64) (*rpc.Client, func(), error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return nil, nil, errors.New("unreadable URL")
	}
	if u.Scheme != "" {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		client, err := rpc.DialOptions(ctx, endpoint,
			rpc.WithHTTPClient(&http.Client{Transport: limited{transport, limit}, CheckRedirect: stay}),
			rpc.WithWebsocketMessageSizeLimit(limit))
		if err != nil {
			return nil, nil, err
		}
		return client, func() {
			client.Close()
			transport.CloseIdleConnections()
		}, nil
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", endpoint)
	if err != nil {
		return nil, nil, err
	}
	socket := &meter{Conn: conn, limit: limit}
	client, err := rpc.DialIO(ctx, socket, socket)
	if err != nil {
		_ = conn.Close()
		return nil, nil, err
	}
	return client, func() {
		_ = conn.Close()
		client.Close()
	}, nil
}

// stay refuses to be sent elsewhere: an endpoint is what the operator named.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// limited bounds the bodies of answers.
type limited struct {
	http.RoundTripper
	limit int64
}

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := l.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = &body{res.Body, l.limit}
	}
	return res, err
}

type body struct {
	io.ReadCloser
	left int64
}

func (b *body) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// meter bounds what comes over a socket since we last asked something.
type meter struct {
	net.Conn
	limit int64
	read  atomic.Int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Conn.Read(p)
	if m.read.Add(int64(n)) > m.limit {
		_ = m.Conn.Close()
		return 0, errTooLong
	}
	return n, err
}

func (m *meter) Write(p []byte) (int, error) {
	m.read.Store(0)
	return m.Conn.Write(p)
}

// answerError is what an endpoint itself said, in place of a result.
type answerError struct {
	code int
	text string
	data any
}

func (e *answerError) Error() string { return fmt.Sprintf("%s (code %d)", e.text, e.code) }

// tidy takes out of an error what must not be logged, and makes an endpoint's words printable and short.
func tidy(err error) error {
	var answer rpc.Error
	var status rpc.HTTPError
	var where *url.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errTooLong):
		return errTooLong
	case errors.As(err, &answer):
		e := &answerError{code: answer.ErrorCode(), text: printable(answer.Error())}
		if d, ok := err.(rpc.DataError); ok { //nolint:errorlint // as the client gives it
			e.data = d.ErrorData()
		}
		return e
	case errors.As(err, &status):
		return fmt.Errorf("http status %d: %s", status.StatusCode, printable(string(status.Body)))
	case errors.As(err, &where):
		return where.Err
	}
	return errors.New(printable(err.Error()))
}

// tidied is tidy of an error that may have been tidied.
func tidied(err error) error {
	if answered(err) {
		return err
	}
	return tidy(err)
}

const maxWords = 200

func printable(s string) string {
	s = strings.ToValidUTF8(s[:min(len(s), maxWords)], "")
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
}

// answered tells an endpoint's own refusal from a connection that failed.
func answered(err error) bool {
	var a *answerError
	return errors.As(err, &a)
}
