package feeurl

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/chain"
)

const good = `{"fee_by_block_target":{"2":20000,"6":8000},"min_relay_feerate":1000}`

// node is a chain source that estimates what the test sets.
type node struct {
	chain.Source
	rate chain.SatPerKWeight
	err  error
}

func (n *node) EstimateFee(context.Context, uint32) (chain.SatPerKWeight, error) {
	return n.rate, n.err
}

// via answers requests by a function; what it returns is a body or a failure.
type via func(*http.Request) (string, error)

func (v via) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := v(r)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// wrap asks a server over HTTP.
func wrap(t *testing.T, inner chain.Source, url string, log *slog.Logger) *Source {
	t.Helper()
	s, err := Wrap(t.Context(), inner, Config{URL: url, Log: log})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

func TestTheServiceIsAskedBeforeTheChainSource(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "/fees", r.URL.Path)
		_, _ = io.WriteString(w, good)
	}))
	defer server.Close()
	s := wrap(t, &node{rate: 777}, server.URL+"/fees", nil)
	got, err := s.EstimateFee(t.Context(), 6)
	require.NoError(t, err)
	require.Equal(t, chain.SatPerKWeight(2000), got)
}

func TestTheServiceIsReachedAsTheCallerSays(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, good)
	}))
	defer server.Close()
	dialled := make(chan string, 1)
	s, err := Wrap(t.Context(), &node{}, Config{
		URL: "http://fees.example/v1",
		Dial: func(ctx context.Context, addr string) (net.Conn, error) {
			dialled <- addr
			return new(net.Dialer).DialContext(ctx, "tcp", server.Listener.Addr().String())
		},
	})
	require.NoError(t, err)
	defer s.Close()
	got, err := s.EstimateFee(t.Context(), 6)
	require.NoError(t, err)
	require.Equal(t, chain.SatPerKWeight(2000), got)
	require.Equal(t, "fees.example:80", <-dialled, "a name, which nobody here resolves")
}

func TestWithoutAnAnswerTheChainSourceIsAsked(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"garbage":   func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") },
		"not found": func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) },
		"failure":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"elsewhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		},
		"round again": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) },
		"hangs up":    func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"huge": func(w http.ResponseWriter, _ *http.Request) {
			chunk := bytes.Repeat([]byte(" "), 1<<16)
			for range 2 * maxBody / len(chunk) {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
			_, _ = io.WriteString(w, good)
		},
		"zero": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"fee_by_block_target":{"6":0}}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(handler)
			defer server.Close()
			var log bytes.Buffer
			s := wrap(t, &node{rate: 777}, server.URL+"/secret-key", slog.New(slog.NewTextHandler(&log, nil)))
			got, err := s.EstimateFee(t.Context(), 6)
			require.NoError(t, err)
			require.Equal(t, chain.SatPerKWeight(777), got)
			s.Close()
			require.Contains(t, log.String(), "fee.url")
			require.NotContains(t, log.String(), "secret-key")
		})
	}
}

// What neither knows stays 0 here, and is the follower's fallback to its users.
func TestUnknownFeeIsNeverARateOfZero(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	s := wrap(t, &node{rate: 0}, server.URL, nil)
	got, err := s.EstimateFee(t.Context(), 6)
	require.NoError(t, err)
	require.Zero(t, got, "0 is unknown, as chain.Source has it")

	s = wrap(t, &node{err: chain.ErrUnavailable}, server.URL, nil)
	_, err = s.EstimateFee(t.Context(), 6)
	require.ErrorIs(t, err, chain.ErrUnavailable)
}

func TestTheServiceIsAskedAgainWithinTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []time.Time
		s, err := Wrap(t.Context(), &node{}, Config{
			URL: "https://fees.example/v1", Min: time.Minute, Max: 3 * time.Minute,
			Via: via(func(*http.Request) (string, error) {
				asked = append(asked, time.Now())
				return good, nil
			}),
		})
		require.NoError(t, err)
		time.Sleep(10 * time.Hour) // of the bubble
		s.Close()
		require.Greater(t, len(asked), 200)
		shortest, longest := time.Hour, time.Duration(0)
		for i := range len(asked) - 1 {
			gap := asked[i+1].Sub(asked[i])
			shortest, longest = min(shortest, gap), max(longest, gap)
		}
		require.GreaterOrEqual(t, shortest, time.Minute)
		require.LessOrEqual(t, longest, 3*time.Minute)
		require.Greater(t, longest-shortest, time.Minute, "they are spread over the window")
	})
}

func TestAnAnswerIsKeptWhileItIsNotTooOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var away atomic.Bool
		s, err := Wrap(t.Context(), &node{rate: 777}, Config{
			URL: "https://fees.example/v1", Min: 29 * time.Minute, Max: 30 * time.Minute,
			Via: via(func(*http.Request) (string, error) {
				if away.Load() {
					return "", errors.New("away")
				}
				return good, nil
			}),
		})
		require.NoError(t, err)
		defer s.Close()
		rate := func() chain.SatPerKWeight {
			got, err := s.EstimateFee(t.Context(), 6)
			require.NoError(t, err)
			return got
		}
		require.Equal(t, chain.SatPerKWeight(2000), rate())
		away.Store(true)
		time.Sleep(89 * time.Minute)
		require.Equal(t, chain.SatPerKWeight(2000), rate(), "it is good for three intervals")
		time.Sleep(2 * time.Minute)
		require.Equal(t, chain.SatPerKWeight(777), rate(), "it is too old")
		away.Store(false)
		time.Sleep(31 * time.Minute)
		require.Equal(t, chain.SatPerKWeight(2000), rate(), "the service is back")
	})
}

func TestASlowServiceHoldsUpOnlyTheFirstQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := Wrap(t.Context(), &node{rate: 777}, Config{
			URL: "https://fees.example/v1",
			Via: via(func(r *http.Request) (string, error) {
				<-r.Context().Done()
				return "", r.Context().Err()
			}),
		})
		require.NoError(t, err)
		defer s.Close()
		began := time.Now()
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = s.EstimateFee(impatient, 6)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		got, err := s.EstimateFee(t.Context(), 6)
		require.NoError(t, err)
		require.Equal(t, chain.SatPerKWeight(777), got)
		require.Equal(t, askTimeout, time.Since(began))
		time.Sleep(defaultMax) // the next question is under way, or was
		began = time.Now()
		_, err = s.EstimateFee(t.Context(), 6)
		require.NoError(t, err)
		require.Zero(t, time.Since(began))
	})
}

func TestHTTPSIsNotLeft(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, good)
	}))
	defer plain.Close()
	tls := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer tls.Close()
	s, err := Wrap(t.Context(), &node{rate: 777}, Config{URL: tls.URL, Via: tls.Client().Transport})
	require.NoError(t, err)
	defer s.Close()
	got, err := s.EstimateFee(t.Context(), 6)
	require.NoError(t, err)
	require.Equal(t, chain.SatPerKWeight(777), got)
}

func TestAnAddressThatIsNotHTTPIsRefused(t *testing.T) {
	for _, address := range []string{"", "fees.example", "ftp://fees.example/x", "file:///etc/passwd", "http://", "https:///x", "http://[::1"} {
		_, err := Wrap(t.Context(), &node{}, Config{URL: address})
		require.ErrorIs(t, err, ErrURL, address)
	}
	require.NoError(t, Check("https://user:key@fees.example:8443/v1?token=x"))

	_, err := Wrap(t.Context(), &node{}, Config{URL: "http://fees.example", Min: time.Hour, Max: time.Minute})
	require.ErrorContains(t, err, "1h0m0s")
}
