package chain

import (
	"context"
	"errors"

	"github.com/btcsuite/btcd/wire"
)

// Announcer is a Mempool that tells by itself, so that a transaction is seen too that is there only for
// a moment, as in replacement cycling.
type Announcer interface {
	// Announce calls each for every transaction that is accepted and spends one of the outputs,
	// or one that was among them, until ctx ends or the connection does. outs gives the
	// outputs of now and a channel that is closed when there are more.
	Announce(ctx context.Context, outs func() ([]wire.OutPoint, <-chan struct{}), each func(*wire.MsgTx)) error
}

// listen has the source announce what a watch wants, again and again. Asking goes on beside it: that finds
// what was there before, and what was announced while there was no connection.
func (w *MempoolWatch) listen(ctx context.Context, source Announcer) {
	for {
		if outs, more := w.wants(); len(outs) == 0 { // most nodes, most of the time
			select {
			case <-more:
			case <-ctx.Done():
				return
			}
		}
		err := source.Announce(ctx, w.wants, w.announced)
		if ctx.Err() != nil {
			return
		}
		w.f.log.Debug("the mempool is asked, not listened to, until there is a connection", "err", err)
		if !w.f.pause(ctx) {
			return
		}
	}
}

// wants gives what is watched, and a channel that is closed when something is added.
func (w *MempoolWatch) wants() ([]wire.OutPoint, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	outs := make([]wire.OutPoint, 0, len(w.told))
	for out := range w.told {
		outs = append(outs, out)
	}
	return outs, w.added
}

// announced tells of a transaction, unless it was told before or nothing of it is watched any more.
func (w *MempoolWatch) announced(tx *wire.MsgTx) {
	if w.isNews(tx) && !w.tell(tx) {
		w.f.log.Error("too many transactions wait to be looked at; one is told only if it stays in the mempool", "txid", tx.TxHash())
	}
}

func (w *MempoolWatch) isNews(tx *wire.MsgTx) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	txid := tx.TxHash()
	for _, in := range tx.TxIn {
		if told, there := w.told[in.PreviousOutPoint]; there && (told == nil || *told != txid) {
			return true
		}
	}
	return false
}

// errDisconnected ends a connection that announces.
var errDisconnected = errors.New("chain: the connection has ended")
