package feeurl

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/nichework/nwnd/internal/chain"
)

const (
	defaultMin = 5 * time.Minute  // lnd's
	defaultMax = 20 * time.Minute // lnd's
	leastAge   = time.Hour        // an answer is good for this long, or for three intervals
	askTimeout = 10 * time.Second
	dialTime   = 5 * time.Second
)

// ErrURL: the address of the service can't be used.
var ErrURL = errors.New("feeurl: expected http://host/path or https://host/path")

// Config says whom to ask, and when.
type Config struct {
	URL      string
	Min, Max time.Duration // between two questions; default 5 and 20 minutes
	Log      *slog.Logger  // nil: silent

	// Dial connects to the host:port of the service; nil: directly.
	Dial func(ctx context.Context, addr string) (net.Conn, error)
	// Via is for tests; nil: HTTP by Dial.
	Via http.RoundTripper
}

// Source is a chain.Source whose fees come from a web service.
type Source struct {
	chain.Source
	url      string
	min, max time.Duration
	log      *slog.Logger
	http     *http.Client

	cancel context.CancelFunc
	ended  chan struct{}
	first  chan struct{} // closed after the first question, whatever became of it

	mu     sync.Mutex // guards what follows
	last   table
	when   time.Time // of last; zero: there is none
	silent bool      // the last question failed; only to log changes
}

var _ chain.Source = (*Source)(nil)

// Wrap begins to ask for fees, until Close or the end of ctx. It doesn't wait for an answer.
func Wrap(ctx context.Context, source chain.Source, cfg Config) (*Source, error) {
	if err := Check(cfg.URL); err != nil {
		return nil, err
	}
	s := &Source{
		Source: source, url: cfg.URL, min: cfg.Min, max: cfg.Max, log: cfg.Log,
		ended: make(chan struct{}), first: make(chan struct{}),
	}
	if s.min <= 0 {
		s.min = defaultMin
	}
	if s.max <= 0 {
		s.max = max(defaultMax, s.min)
	}
	if s.min > s.max {
		return nil, fmt.Errorf("feeurl: the least interval %v is above the greatest %v", s.min, s.max)
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if cfg.Via == nil {
		cfg.Via = transport(cfg.Dial)
	}
	s.http = &http.Client{Transport: cfg.Via, Timeout: askTimeout, CheckRedirect: redirect}
	ctx, s.cancel = context.WithCancel(ctx)
	go s.run(ctx)
	return s, nil
}

func transport(dial func(ctx context.Context, addr string) (net.Conn, error)) *http.Transport {
	t := &http.Transport{
		DialContext:         (&net.Dialer{Timeout: dialTime}).DialContext,
		TLSHandshakeTimeout: dialTime, MaxResponseHeaderBytes: 1 << 16, DisableKeepAlives: true,
	}
	if dial != nil {
		t.DialContext = func(ctx context.Context, _, addr string) (net.Conn, error) { return dial(ctx, addr) }
	}
	return t
}

// Check says whether Wrap would take an address; the error doesn't repeat it, as it may hold a key.
func Check(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ErrURL
	}
	return nil
}

// redirect follows the service within what it was reached by: never from https to http.
func redirect(to *http.Request, via []*http.Request) error {
	if len(via) > 3 {
		return errors.New("more than 3 redirections")
	}
	if to.URL.Scheme != "https" && via[0].URL.Scheme == "https" || Check(to.URL.String()) != nil {
		return errors.New("a redirection away from " + via[0].URL.Scheme)
	}
	return nil
}

// Close ends the questions.
func (s *Source) Close() {
	s.cancel()
	<-s.ended
}

// EstimateFee implements chain.Source.
func (s *Source) EstimateFee(ctx context.Context, target uint32) (chain.SatPerKWeight, error) {
	select {
	case <-s.first:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	if known, ok := s.fresh(); ok {
		return known.rate(target), nil
	}
	return s.Source.EstimateFee(ctx, target)
}

// fresh gives the last answer, unless it is too old.
func (s *Source) fresh() (table, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last, !s.when.IsZero() && time.Since(s.when) <= s.age()
}

// age is how long an answer is good.
func (s *Source) age() time.Duration { return max(leastAge, 3*s.max) }

func (s *Source) run(ctx context.Context) {
	defer close(s.ended)
	answered := sync.OnceFunc(func() { close(s.first) })
	defer answered()
	for {
		said, err := s.ask(ctx)
		if ctx.Err() != nil {
			return
		}
		s.note(said, err)
		answered()
		timer := time.NewTimer(s.min + rand.N(s.max-s.min+1))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// note keeps an answer; one that failed leaves the last one to age.
func (s *Source) note(said table, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		if s.silent {
			s.log.Info("the fee service answers again")
		}
		s.last, s.when, s.silent = said, time.Now(), false
		return
	}
	if !s.silent {
		s.log.Warn("no fees from fee.url; what it said last is used while it is not too old, then the chain source",
			"old", s.age(), "err", err)
	}
	s.silent = true
}

// ask makes one question. Its errors name the host only: paths and queries hold keys.
func (s *Source) ask(ctx context.Context) (table, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return table{}, ErrURL
	}
	req.Header.Set("Accept", "application/json")
	resp, err := s.http.Do(req)
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		err = wrapped.Err // without the address
	}
	if err != nil {
		return table{}, fmt.Errorf("feeurl: %s doesn't answer: %w", req.URL.Host, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return table{}, fmt.Errorf("feeurl: %s answers status %d, expected 200", req.URL.Host, resp.StatusCode)
	}
	return parse(resp.Body)
}
