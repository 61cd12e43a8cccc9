package neutrino

import (
	"context"
	"time"
)

const (
	progressCheck = time.Second
	progressEvery = 10 * time.Second // between two lines of the log
)

// Progress is how far a light client has got.
type Progress struct {
	Headers int32 // height up to which headers are known
	Filters int32 // height up to which the filters' headers are known, too: the tip
	Target  int32 // height that the peers claim, or ours if they claim less
	Peers   int
	Synced  bool
}

// Progress asks for no peer's answer.
func (s *Service) Progress() (Progress, error) {
	_, headers, err := s.cs.BlockHeaders.ChainTip()
	if err != nil {
		return Progress{}, unavailable("headers", err)
	}
	_, filters, err := s.cs.RegFilterHeaders.ChainTip()
	if err != nil {
		return Progress{}, unavailable("filter headers", err)
	}
	p := Progress{
		Headers: int32(headers), Filters: int32(filters), Target: int32(headers), Synced: s.cs.IsCurrent(),
	}
	for _, peer := range s.cs.Peers() {
		p.Peers++
		p.Target = max(p.Target, peer.LastBlock())
	}
	return p, nil
}

// tell logs the progress while there is some to be made, until ctx ends.
func (s *Service) tell(ctx context.Context) {
	tick := time.NewTicker(progressCheck)
	defer tick.Stop()
	var said time.Time
	synced := false
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		p, err := s.Progress()
		switch {
		case err != nil:
		case p.Synced && p.Peers > 0 && !synced:
			synced = true
			s.log.Info("synced to the chain", "height", p.Filters, "peers", p.Peers)
		case (!p.Synced || p.Peers == 0) && time.Since(said) >= progressEvery:
			said, synced = time.Now(), false
			s.log.Info("syncing", p.attrs()...)
		}
	}
}

// attrs is the line of the log: which stage, how far, of how much.
func (p Progress) attrs() []any {
	stage, at := "headers", p.Headers
	switch {
	case p.Peers == 0:
		return []any{"stage", "looking for peers", "height", p.Filters}
	case p.Headers >= p.Target:
		stage, at = "filters", p.Filters
	}
	percent := int64(100)
	if p.Target > 0 {
		percent = int64(at) * 100 / int64(p.Target)
	}
	return []any{"stage", stage, "height", at, "of", p.Target, "percent", percent, "peers", p.Peers}
}
