package node

import (
	"context"
	"time"

	"github.com/nichework/nwnd/internal/peer"
	"github.com/nichework/nwnd/router"
)

// syncEvery is how often the answers that peers owe us are looked after.
const syncEvery = time.Second

// ask sends what the sync wants to know. A peer that is gone meanwhile is told to the sync elsewhere.
func (g *gossiper) ask(asks []router.Ask) {
	for _, a := range asks {
		g.mu.Lock()
		gp := g.peers[peer.ID(a.Peer)]
		g.mu.Unlock()
		if gp != nil {
			_ = gp.peer.Send(a.Msg)
		}
	}
}

// follow lets another peer take over from one that doesn't answer, and begins to ask again when it
// is time, until ctx ends. The upkeep of our own announcements goes with it.
func (g *gossiper) follow(ctx context.Context, own *upkeep) {
	tick := time.NewTicker(syncEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			g.ask(g.sync.Tick(g.now()))
			own.tick(g.now())
		}
	}
}
