package rpcserver

import (
	"context"
	"sync"

	"google.golang.org/grpc"

	"github.com/nichework/nwnd/lnrpc"
)

// stateBox is the state of the daemon; changed is closed when it changes.
type stateBox struct {
	mu      sync.Mutex
	now     lnrpc.WalletState
	stopped bool
	changed chan struct{}
}

func newStateBox() *stateBox {
	return &stateBox{now: lnrpc.WalletState_WAITING_TO_START, changed: make(chan struct{})}
}

func (b *stateBox) set(s lnrpc.WalletState) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.now != s {
		b.now = s
		b.wake()
	}
}

func (b *stateBox) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopped = true
	b.wake()
}

func (b *stateBox) wake() {
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *stateBox) get() (now lnrpc.WalletState, stopped bool, changed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now, b.stopped, b.changed
}

type stateService struct {
	lnrpc.UnimplementedStateServer
	box *stateBox
}

func (s *stateService) GetState(context.Context, *lnrpc.GetStateRequest) (*lnrpc.GetStateResponse, error) {
	now, _, _ := s.box.get()
	return &lnrpc.GetStateResponse{State: now}, nil
}

// SubscribeState sends the state now and each that follows; one that is passed through
// quickly may be skipped.
func (s *stateService) SubscribeState(_ *lnrpc.SubscribeStateRequest, to grpc.ServerStreamingServer[lnrpc.SubscribeStateResponse]) error {
	for sent := false; ; {
		now, stopped, changed := s.box.get()
		if stopped && sent {
			return nil
		}
		if err := to.Send(&lnrpc.SubscribeStateResponse{State: now}); err != nil {
			return err
		}
		sent = true
		select {
		case <-changed:
		case <-to.Context().Done():
			return nil
		}
	}
}
