package ethereum

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// endpoint is one JSON-RPC service. Its goroutine keeps a report of what it says the chain's head is; others
// ask it through call and batch.
type endpoint struct {
	cfg   *Config
	url   string
	name  string // what may be told of it
	log   *slog.Logger
	woken func() // after each look
	slots chan struct{}
	most  int // logs in one read

	single atomic.Bool // it takes no batches

	mu      sync.Mutex
	client  *rpc.Client
	says    report
	span    uint64        // blocks that an eth_getLogs may have, as far as known
	aside   time.Time     // not asked for heads before then
	penalty time.Duration // how long the next time
	good    time.Time     // when it was last well
	moved   time.Time     // when it last had another head
	charge  *charge       // the others contradict it
	fits    int           // answers of that span since one was refused
}

// report is what an endpoint said last.
type report struct {
	head  header
	final uint64 // number of the block that is final by the profile's tag
	err   error  // it said nothing useful
	known bool
}

var errEnded = errors.New("no connection")

const (
	maxRequests = 8 // at once, of one endpoint
	maxBackoff  = time.Minute
)

func newEndpoint(cfg *Config, number int, url string, woken func()) *endpoint {
	name := fmt.Sprintf("endpoint %d (%s)", number, hostOf(url))
	return &endpoint{
		cfg: cfg, url: url, name: name, log: cfg.Log.With("endpoint", name), woken: woken,
		slots: make(chan struct{}, maxRequests), most: maxLogs, span: firstSpan,
	}
}

// run keeps the report until the context ends.
func (e *endpoint) run(ctx context.Context) {
	wait := e.cfg.Poll
	for ctx.Err() == nil {
		ok := e.session(ctx)
		if ok {
			wait = e.cfg.Poll
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, max(maxBackoff, e.cfg.Poll))
	}
}

// session is one connection: it looks at each head until something fails.
func (e *endpoint) session(ctx context.Context) (worked bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	dialing, stop := context.WithTimeout(ctx, e.cfg.Timeout)
	client, end, err := dial(dialing, e.url, e.cfg.MaxBody)
	stop()
	if err != nil {
		e.set(report{err: tidy(err)})
		return false
	}
	defer func() {
		e.mu.Lock()
		e.client = nil
		e.mu.Unlock()
		end()
	}()
	e.mu.Lock()
	e.client = client
	e.mu.Unlock()
	heads, ended := e.subscribe(ctx, client)
	for {
		r := e.look(ctx)
		if ctx.Err() != nil {
			return worked
		}
		e.set(r)
		if r.err != nil {
			return worked
		}
		worked = true
		select {
		case <-ctx.Done():
			return worked
		case <-heads:
		case <-ended:
			e.set(report{err: errEnded})
			return worked
		case <-time.After(e.cfg.Poll):
		}
	}
}

// subscribe asks for a sign at each new head. Without subscriptions neither channel ever says anything. What
// comes is a sign only: the head is asked for.
func (e *endpoint) subscribe(ctx context.Context, client *rpc.Client) (heads <-chan json.RawMessage, ended <-chan error) {
	if !client.SupportsSubscriptions() {
		return nil, nil
	}
	signs := make(chan json.RawMessage, 1)
	ctx, cancel := context.WithTimeout(ctx, e.cfg.Timeout)
	defer cancel()
	sub, err := client.EthSubscribe(ctx, signs, "newHeads")
	if err != nil {
		e.log.Debug("no subscription: polled", "err", tidy(err))
		return nil, nil
	}
	return signs, sub.Err()
}

// look asks for the chain's id and its head. The id is asked for every time, since a client may connect again by
// itself, and another chain may be there.
func (e *endpoint) look(ctx context.Context) report {
	var id hexutil.Uint64
	var head, final *wireHeader
	ask := []rpc.BatchElem{
		{Method: "eth_chainId", Result: &id},
		{Method: "eth_getBlockByNumber", Args: []any{"latest", false}, Result: &head},
	}
	tag := e.cfg.Profile.Finality.Tag
	if tag != "" {
		ask = append(ask, rpc.BatchElem{Method: "eth_getBlockByNumber", Args: []any{tag, false}, Result: &final})
	}
	if err := e.batch(ctx, ask); err != nil {
		return report{err: err}
	}
	for i := range ask[:2] {
		if ask[i].Error != nil {
			return report{err: fmt.Errorf("%s: %w", ask[i].Method, tidied(ask[i].Error))}
		}
	}
	if uint64(id) != e.cfg.ChainID {
		return report{err: fmt.Errorf("it is on chain %d, want %d", uint64(id), e.cfg.ChainID)}
	}
	r := report{known: true}
	if r.head, r.err = head.header(); r.err != nil {
		return report{err: fmt.Errorf("its head: %w", r.err)}
	}
	if tag == "" {
		r.final = r.head.Number - min(r.head.Number, e.cfg.Profile.Finality.Depth)
		return r
	}
	// A young chain has no final block yet.
	if h, err := final.header(); err == nil && ask[2].Error == nil {
		r.final = min(h.Number, r.head.Number)
	}
	return r
}

func (e *endpoint) set(r report) {
	e.mu.Lock()
	before := e.says
	e.says = r
	if r.head.Hash != before.head.Hash {
		e.moved = time.Now()
	}
	if now := time.Now(); r.err == nil && !now.Before(e.aside) {
		e.good = now
	}
	e.mu.Unlock()
	switch {
	case r.err != nil && (before.err == nil || before.err.Error() != r.err.Error()):
		e.log.Warn("an endpoint is not used at present", "err", r.err)
	case r.err == nil && before.err != nil:
		e.log.Info("an endpoint is used again")
	}
	e.woken()
}

func (e *endpoint) report() report {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.says
}

// call asks one thing, in bounded time.
func (e *endpoint) call(ctx context.Context, result any, method string, args ...any) error {
	return e.with(ctx, func(ctx context.Context, c *rpc.Client) error {
		return c.CallContext(ctx, result, method, args...)
	})
}

// batch asks several things at once, or one after the other if the endpoint takes no batches. The error is the
// connection's; each element has its own.
func (e *endpoint) batch(ctx context.Context, all []rpc.BatchElem) error {
	if !e.single.Load() {
		err := e.with(ctx, func(ctx context.Context, c *rpc.Client) error { return c.BatchCallContext(ctx, all) })
		if err == nil || !says(err, "cannot unmarshal object", "batch") {
			return err
		}
	}
	for i := range all {
		if all[i].Error = e.call(ctx, all[i].Result, all[i].Method, all[i].Args...); all[i].Error != nil && !answered(all[i].Error) {
			return all[i].Error
		}
	}
	e.single.Store(true)
	return nil
}

func (e *endpoint) with(ctx context.Context, f func(context.Context, *rpc.Client) error) error {
	ctx, cancel := context.WithTimeout(ctx, e.cfg.Timeout)
	defer cancel()
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	e.mu.Lock()
	client := e.client
	e.mu.Unlock()
	if client == nil {
		return errEnded
	}
	return tidy(f(ctx, client))
}

// header asks for a block by its number.
func (e *endpoint) header(ctx context.Context, n uint64) (header, error) {
	var w *wireHeader
	if err := e.call(ctx, &w, "eth_getBlockByNumber", number(n), false); err != nil {
		return header{}, err
	}
	h, err := w.header()
	if err == nil && h.Number != n {
		return header{}, fmt.Errorf("block %d, asked for %d", h.Number, n)
	}
	return h, err
}
