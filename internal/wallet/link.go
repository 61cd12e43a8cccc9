package wallet

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcwallet/walletdb"
)

const (
	connectRetry = 2 * time.Second // until the first connection; later ones are the client's
	linkCheck    = time.Second     // between two looks at the connection
	owedRetry    = 3 * time.Second // between two attempts to hand over what couldn't be
	askTimeout   = 10 * time.Second
)

// link is the wallet's connection to its backend.
type link struct {
	mu     sync.Mutex
	cancel context.CancelFunc
	done   chan struct{}
	client Client // nil until the first connection
}

func (l *link) get() Client {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.client
}

// stop ends connecting and watching; btcwallet ends the connection itself.
func (l *link) stop() {
	l.mu.Lock()
	cancel, done := l.cancel, l.done
	l.mu.Unlock()
	if cancel != nil {
		cancel()
		<-done
	}
}

// Start connects the wallet to a backend in the background, and keeps trying until Close or the
// end of ctx. A wallet is started once.
func (w *Wallet) Start(ctx context.Context, backend Backend) error {
	w.link.mu.Lock()
	defer w.link.mu.Unlock()
	if w.link.cancel != nil {
		return fmt.Errorf("wallet: started twice")
	}
	ctx, w.link.cancel = context.WithCancel(ctx)
	w.link.done = make(chan struct{})
	go func() {
		defer close(w.link.done)
		if w.connect(ctx, backend) {
			w.watch(ctx)
		}
	}()
	return nil
}

// connect tries until there is a connection.
func (w *Wallet) connect(ctx context.Context, backend Backend) bool {
	for said := false; ctx.Err() == nil; {
		client, err := backend.Dial(ctx, w.w.Manager.Birthday())
		if err == nil {
			w.link.mu.Lock()
			w.link.client = client
			w.link.mu.Unlock()
			w.w.SynchronizeRPC(newFeed(client, w.quit, w.scanned.Store, &w.box))
			w.log.Info("wallet connected", "backend", backend)
			return true
		}
		if !said {
			w.log.Warn("wallet can't connect; trying on", "backend", backend, "err", err)
			said = true
		}
		select {
		case <-time.After(connectRetry):
		case <-ctx.Done():
		}
	}
	return false
}

// watch logs when the connection goes and comes, and notes the end of a recovery.
func (w *Wallet) watch(ctx context.Context) {
	tick := time.NewTicker(linkCheck)
	defer tick.Stop()
	up, said, tried := true, time.Time{}, time.Time{}
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		client := w.link.get()
		if now := !client.Disconnected(); now != up {
			up = now
			if up {
				w.log.Info("wallet connected again")
			} else {
				w.log.Warn("wallet lost its connection; trying on")
			}
		}
		if up && time.Since(tried) >= owedRetry {
			w.payOwed(ctx, client)
			tried = time.Now()
		}
		switch synced, _ := w.Synced(); {
		case w.recovered.Load():
		case synced:
			if err := w.endRecovery(); err != nil {
				w.log.Error("can't note the end of the recovery; it will run again", "err", err)
			}
			w.recovered.Store(true)
		case time.Since(said) >= recoverySaid:
			said = time.Now()
			w.sayRecovery()
		}
	}
}

// online gives the connection, or ErrOffline.
func (w *Wallet) online() (Client, error) {
	client := w.link.get()
	if client == nil || client.Disconnected() {
		return nil, ErrOffline
	}
	return client, nil
}

// Synced says whether the wallet knows the last block that its backend told of, and gives the height it
// has got to.
func (w *Wallet) Synced() (bool, int32) {
	at := w.w.Manager.SyncedTo().Height
	client, err := w.online()
	if err != nil || !w.w.ChainSynced() {
		return false, at
	}
	best, err := client.BlockStamp()
	return err == nil && at >= best.Height, at
}

// listen asks the backend to tell of payments to an address. Without a connection it is no loss: a new
// one begins with a look for all addresses. Not so a light client's, which itself looks for them.
func (w *Wallet) listen(ctx context.Context, addr btcutil.Address) {
	client := w.link.get()
	if client == nil || client.Disconnected() && client.BackEnd() != light {
		return
	}
	answer := make(chan error, 1)
	go func() { answer <- client.NotifyReceived([]btcutil.Address{addr}) }()
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	select {
	case err := <-answer:
		if err != nil {
			w.log.Warn("the backend doesn't watch a new address until the next connection", "err", err)
		}
	case <-ctx.Done():
	}
}

// putRecovery notes that coins are to be looked for.
func putRecovery(own walletdb.ReadWriteBucket, window uint32) error {
	if window == 0 {
		return nil
	}
	return own.Put(recoverKey, fmt.Appendf(nil, "%d", window))
}

// recovery gives the window of a recovery that hasn't ended, else 0.
func recovery(db walletdb.DB) (window uint32, err error) {
	err = walletdb.View(db, func(tx walletdb.ReadTx) error {
		own := tx.ReadBucket(ownBucket)
		if own == nil {
			return nil
		}
		text := own.Get(recoverKey)
		if text == nil {
			return nil
		}
		if _, err := fmt.Sscanf(string(text), "%d", &window); err != nil {
			return fmt.Errorf("recovery window: %w", err)
		}
		return nil
	})
	return window, err
}

func (w *Wallet) endRecovery() error {
	if window, err := recovery(w.db); err != nil || window == 0 {
		return err
	}
	err := walletdb.Update(w.db, func(tx walletdb.ReadWriteTx) error {
		return tx.ReadWriteBucket(ownBucket).Delete(recoverKey)
	})
	if err == nil {
		w.log.Info("the wallet's coins are found", "height", w.w.Manager.SyncedTo().Height)
	}
	return err
}
