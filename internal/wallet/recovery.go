package wallet

import (
	"errors"
	"fmt"
	"time"

	"github.com/btcsuite/btcwallet/chain"
	"github.com/btcsuite/btcwallet/waddrmgr"
	"github.com/btcsuite/btcwallet/walletdb"
)

// filterStep is how many blocks are looked through between two notes of the progress. btcwallet
// asks for up to 2,000 at a time, and notes on disk when it is through with those.
const filterStep = 100

// recoverySaid is the time between two lines of the log.
const recoverySaid = 10 * time.Second

// errClosed ends what a closed wallet still asks for.
var errClosed = errors.New("wallet: closed")

// Recovery is how far the search for the coins of a restored wallet has got.
type Recovery struct {
	Wanted   bool // this process opened the wallet to look for coins
	Finished bool
	Height   int32   // looked through up to it; 0: it hasn't begun
	Target   int32   // last block of the chain
	Progress float64 // of the blocks since the wallet's birthday: 0 to 1
}

// Recovery tells how far the search for coins has got.
func (w *Wallet) Recovery() (Recovery, error) {
	r := Recovery{Wanted: w.window > 0, Finished: w.window > 0 && w.recovered.Load()}
	if !r.Wanted {
		return r, nil
	}
	var birthday waddrmgr.BlockStamp
	err := walletdb.View(w.db, func(tx walletdb.ReadTx) error {
		var err error
		birthday, _, err = w.w.Manager.BirthdayBlock(tx.ReadBucket(addrBucket))
		return err
	})
	if waddrmgr.IsError(err, waddrmgr.ErrBirthdayBlockNotSet) {
		return r, nil
	}
	if err != nil {
		return r, fmt.Errorf("wallet: recovery: %w", err)
	}
	r.Height = max(w.w.Manager.SyncedTo().Height, w.scanned.Load())
	r.Target = r.Height
	if client, err := w.online(); err == nil {
		if _, best, err := client.GetBestBlock(); err == nil {
			r.Target = max(r.Target, best)
		}
	}
	r.Progress = share(birthday.Height, r.Height, r.Target, r.Finished)
	return r, nil
}

// share is the part of the blocks from first to target, both included, that at is through; it is 1
// only if all is finished.
func share(first, at, target int32, finished bool) float64 {
	if finished {
		return 1
	}
	if at < first || target < first {
		return 0
	}
	return min(float64(at-first+1)/float64(target-first+1), 0.99)
}

// sayRecovery logs the progress of a recovery.
func (w *Wallet) sayRecovery() {
	r, err := w.Recovery()
	if err != nil || !r.Wanted || r.Finished {
		return
	}
	w.log.Info("looking for the wallet's coins", "height", r.Height, "of", r.Target, "percent", int(100*r.Progress))
}

// FilterBlocks is of chain.Interface. It passes a recovery's request on in small parts.
func (f *feed) FilterBlocks(req *chain.FilterBlocksRequest) (*chain.FilterBlocksResponse, error) {
	for from := 0; from < len(req.Blocks); from += filterStep {
		select {
		case <-f.quit:
			return nil, errClosed
		default:
		}
		part := *req
		part.Blocks = req.Blocks[from:min(from+filterStep, len(req.Blocks))]
		found, err := f.Interface.FilterBlocks(&part)
		if err != nil {
			return nil, err
		}
		if found != nil {
			found.BatchIndex += uint32(from)
			f.scanned(found.BlockMeta.Height)
			return found, nil
		}
		f.scanned(part.Blocks[len(part.Blocks)-1].Height)
	}
	return nil, nil
}
