package bitcoind

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"

	"github.com/nichework/nwnd/internal/chain"
)

const (
	maxTarget     = 1008        // blocks that estimatesmartfee looks ahead
	progressEvery = time.Minute // between two words on a download of the chain
)

// Source is the chain.Source that is a bitcoind. It holds no connection: a bitcoind that goes away and
// comes back is only a time without answers.
type Source struct {
	*chain.RPC
	cfg Config

	mu     sync.Mutex // guards what follows
	synced bool       // it has had the whole chain once
	pruned bool       // it has been said
	said   time.Time  // of the last word on its download
}

var _ chain.Source = (*Source)(nil)

// New checks the configuration; it doesn't talk to bitcoind yet.
func New(cfg Config) (*Source, error) {
	cfg, err := cfg.checked()
	if err != nil {
		return nil, err
	}
	return &Source{RPC: chain.NewRPC("http://"+cfg.Host, nil, cfg.login), cfg: cfg}, nil
}

// chainInfo is what getblockchaininfo tells of interest.
type chainInfo struct {
	Chain       string  `json:"chain"`
	Blocks      int32   `json:"blocks"`
	Headers     int32   `json:"headers"`
	Best        string  `json:"bestblockhash"`
	Progress    float64 `json:"verificationprogress"` // 0 to 1
	Downloading bool    `json:"initialblockdownload"`
	Pruned      bool    `json:"pruned"`
	PruneHeight int32   `json:"pruneheight"` // the first block that it has
}

// Tip implements chain.Source. A bitcoind of another network is chain.ErrWrongNetwork. One that
// downloads the chain has no tip until it has had all of it once: what it tells of before is old.
func (s *Source) Tip(ctx context.Context) (chainhash.Hash, int32, error) {
	var info chainInfo
	if err := s.Call(ctx, &info, "getblockchaininfo"); err != nil {
		return chainhash.Hash{}, 0, chain.Unavailable("tip", err)
	}
	if want := chainNames[s.cfg.Params.Name]; info.Chain != want {
		return chainhash.Hash{}, 0, fmt.Errorf("%w: bitcoind at %s is on %q, expected %q",
			chain.ErrWrongNetwork, s.cfg.Host, info.Chain, want)
	}
	if err := s.judge(info); err != nil {
		return chainhash.Hash{}, 0, err
	}
	hash, err := chainhash.NewHashFromStr(info.Best)
	if err != nil {
		return chainhash.Hash{}, 0, chain.Unavailable("tip", err)
	}
	return *hash, info.Blocks, nil
}

// judge says whether bitcoind has got to the tip, and logs what its operator should know. On regtest
// blocks come on demand, and a bitcoind whose last one is a day old says that it is downloading.
func (s *Source) judge(info chainInfo) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if info.Pruned && !s.pruned {
		s.pruned = true
		s.cfg.Log.Warn("bitcoind is pruned: what needs an older block waits until bitcoind has got it from a peer again",
			"first_block", info.PruneHeight)
	}
	if s.synced || !info.Downloading || s.cfg.Params.Net == chaincfg.RegressionNetParams.Net {
		s.synced = true
		return nil
	}
	if time.Since(s.said) >= progressEvery {
		s.said = time.Now()
		s.cfg.Log.Info("bitcoind is downloading the chain; waiting for it", "block", info.Blocks, "of", info.Headers,
			"percent", fmt.Sprintf("%.1f", 100*info.Progress))
	}
	return fmt.Errorf("%w: bitcoind is downloading the chain: it has block %d of %d, %.1f%%",
		chain.ErrUnavailable, info.Blocks, info.Headers, 100*info.Progress)
}

// EstimateFee implements chain.Source. Until it has seen enough, bitcoind answers without a rate.
func (s *Source) EstimateFee(ctx context.Context, target uint32) (chain.SatPerKWeight, error) {
	var said struct {
		Rate float64 `json:"feerate"` // BTC per 1000 vbytes
	}
	if err := s.Call(ctx, &said, "estimatesmartfee", min(max(target, 1), maxTarget), s.cfg.EstimateMode); err != nil {
		return 0, chain.Unavailable("fee", err)
	}
	return chain.RateOf(said.Rate)
}
