package node

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/wire"
)

// How long it takes until the chain counts as stale, unless configured.
const (
	chainPatience = 5 * time.Minute // without an answer
	blockPatience = 2 * time.Hour   // without a block: it happens to an honest chain once in years
	staleCheck    = 15 * time.Second
)

// blocksAreTimed says whether blocks come by proof of work, every ten minutes or so: on regtest
// and simnet they come on demand, so that their absence means nothing.
func blocksAreTimed(net *chaincfg.Params) bool {
	return net.Net != chaincfg.RegressionNetParams.Net && net.Net != chaincfg.SimNetParams.Net
}

// staleness is why the chain that we see is not to be trusted for deadlines, "" while it is. Whoever is
// cut off from the chain (eclipse), or fed old blocks (time dilation, arXiv 2006.01418), would
// accept HTLCs that have expired for everybody else; so meanwhile nothing comes in that didn't before.
// Nothing is closed for it: what is committed to has its deadlines still.
type staleness struct {
	check sync.Mutex // held from a look until it is told
	why   atomic.Pointer[string]
}

func (s *staleness) reason() string {
	if s == nil {
		return ""
	}
	if why := s.why.Load(); why != nil {
		return *why
	}
	return ""
}

// err is nil while the chain isn't stale.
func (s *staleness) err() error {
	if why := s.reason(); why != "" {
		return fmt.Errorf("%w: %s", ErrNotReady, why)
	}
	return nil
}

// followStaleness checks it now and then: it is silence that must be noticed.
func (n *Node) followStaleness() {
	tick := time.NewTicker(staleCheck)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			n.checkChain()
			n.checkEVM()
		case <-n.ctx.Done():
			return
		}
	}
}

// checkChain judges the chain by what is known of it now, and tells when that changes.
func (n *Node) checkChain() {
	n.stale.check.Lock()
	defer n.stale.check.Unlock()
	why := n.judgeChain()
	n.stale.why.Store(&why)
	if why == "" {
		n.alerts.clear(AlertChainStale, wire.OutPoint{})
		return
	}
	n.alerts.raise(AlertChainStale, wire.OutPoint{}, why)
}

func (n *Node) judgeChain() string {
	const meanwhile = "; until then no payment is forwarded, accepted or sent, and no channel opened"
	health, tip := n.chain.Health(), n.chain.Best()
	silence, still := n.cfg.ChainPatience, n.cfg.BlockPatience
	switch {
	case silence > 0 && health.Silent >= silence:
		return fmt.Sprintf("the chain backend has not answered for %v or more: see whether it runs and can be reached%s",
			silence, meanwhile)
	case still <= 0:
	case health.Still >= still:
		return fmt.Sprintf("no block came for %v or more: see whether the chain backend has peers%s", still, meanwhile)
	case n.now().Sub(tip.Time) >= still:
		return fmt.Sprintf("the last block is more than %v old: the chain backend is behind, its peers keep blocks from it, or this machine's clock is wrong%s",
			still, meanwhile)
	}
	return ""
}
