package restserver

import (
	"net/http"
	"sync"

	"google.golang.org/grpc/codes"
)

// door counts who is inside and lets nobody in once it is closed.
type door struct {
	mu     sync.Mutex
	inside int
	empty  chan struct{} // not nil: closed to newcomers
}

func (d *door) enter() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.empty != nil {
		return false
	}
	d.inside++
	return true
}

func (d *door) leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inside--; d.inside == 0 && d.empty != nil {
		close(d.empty)
	}
}

// close closes it; the channel is closed when nobody is inside any more. Closing it again
// gives the same channel.
func (d *door) close() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.empty == nil {
		d.empty = make(chan struct{})
		if d.inside == 0 {
			close(d.empty)
		}
	}
	return d.empty
}

func (d *door) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !d.enter() {
			refuse(w, http.StatusServiceUnavailable, codes.Unavailable, "the daemon is shutting down")
			return
		}
		defer d.leave()
		next.ServeHTTP(w, r)
	})
}
