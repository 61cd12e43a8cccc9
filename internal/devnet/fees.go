package devnet

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/nichework/nwnd/internal/devnet/proc"
)

// FeeSource is a web service that tells nodes what transactions cost, as --fee.url takes it.
type FeeSource struct {
	URL string

	rate   atomic.Int64
	asked  atomic.Int64
	server *http.Server
}

// feeFloor is the least that btcd relays, in satoshi per 1000 vbytes.
const feeFloor = 1000

// NewFeeSource serves a rate in satoshi per vbyte on loopback until Close.
func NewFeeSource(satPerVByte int64) (*FeeSource, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("devnet: fee source: %w", err)
	}
	s := &FeeSource{URL: "http://" + l.Addr().String()}
	s.Set(satPerVByte)
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go s.server.Serve(l)
	return s, nil
}

// Set changes the rate from the next question on.
func (s *FeeSource) Set(satPerVByte int64) { s.rate.Store(satPerVByte) }

// SetAndTell is Set, and waits until so many nodes have asked since, if they ask equally often.
func (s *FeeSource) SetAndTell(ctx context.Context, satPerVByte int64, nodes int) error {
	s.Set(satPerVByte)
	enough := s.asked.Load() + int64(2*nodes)
	return proc.Await(ctx, "nodes to ask for fee rates", func(context.Context) error {
		if n := enough - s.asked.Load(); n > 0 {
			return fmt.Errorf("%d questions are missing", n)
		}
		return nil
	})
}

// Close ends the service.
func (s *FeeSource) Close() error { return s.server.Close() }

// ServeHTTP answers in lnd's form: the rate for a block, half of it for six, the least for a day.
func (s *FeeSource) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	rate := s.rate.Load() * feeFloor
	defer s.asked.Add(1)
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"fee_by_block_target": map[uint32]int64{1: rate, 2: rate, 6: max(rate/2, feeFloor), 144: max(rate/4, feeFloor), 1008: feeFloor},
		"min_relay_feerate":   feeFloor,
	})
}
