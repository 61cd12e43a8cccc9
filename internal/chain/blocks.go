package chain

import "context"

// subscriber is one reader of Blocks. Its channel has one slot, with the latest tip.
type subscriber struct {
	out  chan Tip
	stop func() bool
}

// Blocks implements Chain. Beyond 1024 readers the channel comes closed.
func (f *Follower) Blocks(ctx context.Context) <-chan Tip {
	s := &subscriber{out: make(chan Tip, 1)}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ctx.Err() != nil || len(f.subs) >= maxSubscribers {
		close(s.out)
		return s.out
	}
	f.subs[s] = struct{}{}
	s.out <- f.t.tip()
	s.stop = context.AfterFunc(ctx, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.drop(s)
	})
	return s.out
}

// tell gives a tip to all readers; the one that they have not read is replaced.
func (f *Follower) tell(tip Tip) {
	f.heard, f.moved = f.now(), f.now() // also in the middle of many blocks
	for s := range f.subs {
		select {
		case <-s.out:
		default:
		}
		s.out <- tip
	}
}

func (f *Follower) drop(s *subscriber) {
	if _, ok := f.subs[s]; ok {
		delete(f.subs, s)
		close(s.out)
	}
}

// dropSubscribers closes what Blocks gave out.
func (f *Follower) dropSubscribers() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subs {
		s.stop()
		f.drop(s)
	}
}
