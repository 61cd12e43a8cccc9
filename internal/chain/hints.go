package chain

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"maps"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
)

// Hints keep, over a restart, how far the chain was searched for each watch in vain, so that a light
// client needn't fetch the same filters at every start. They are only a saving: without them the
// search begins at the watch's own height.
type Hints interface {
	// LoadHints gives what was saved last.
	LoadHints() (map[string]Hint, error)
	// SaveHints replaces it.
	SaveHints(map[string]Hint) error
}

// Hint is a block up to which, itself included, a watch has found nothing that is in the chain from
// some height.
type Hint struct {
	From   int32
	Height int32
	Hash   chainhash.Hash
}

const (
	hintEvery = 36   // blocks between two savings
	hintKept  = 2016 // blocks for which a hint that no watch uses is kept
)

// hints is what a follower knows of them; its mutex guards it.
type hints struct {
	store Hints // nil: none are kept
	known map[string]Hint
	saved int32 // tip's height when they were saved last
}

// A search is worth something only to one with the same script: filters are asked for that alone.

func confKey(txid chainhash.Hash, script []byte) string {
	of := sha256.Sum256(script)
	return "c" + string(txid[:]) + string(of[:])
}

func spendKey(at wire.OutPoint, script []byte) string {
	of := sha256.Sum256(script)
	return "s" + string(at.Hash[:]) + string(binary.LittleEndian.AppendUint32(nil, at.Index)) + string(of[:])
}

// loadHints reads what an earlier follower saved.
func (f *Follower) loadHints() {
	if f.hints.store == nil {
		return
	}
	known, err := f.hints.store.LoadHints()
	if err != nil {
		f.log.Warn("the past is searched again, since it isn't known how far it was", "err", err)
	}
	f.hints.known = make(map[string]Hint, len(known))
	maps.Copy(f.hints.known, known)
	f.hints.saved = f.t.tip().Height
}

// searchFrom gives the height to search from: after the hint's block if that is still in the chain, and
// the height from which all will have been searched then.
func (f *Follower) searchFrom(ctx context.Context, key string, from int32) (start, since int32) {
	f.mu.Lock()
	h, ok := f.hints.known[key]
	f.mu.Unlock()
	if !ok || h.From > from || h.Height < from {
		return from, from
	}
	if hash, err := f.source.HashAt(ctx, h.Height); err != nil || hash != h.Hash {
		return from, from
	}
	return h.Height + 1, h.From
}

// noteHint takes down how far a watch was searched for, unless a search from farther back was. found is
// the height of what it found, -1 for nothing. The caller holds the lock.
func (f *Follower) noteHint(key string, s *searched, found int32) {
	old, ok := f.hints.known[key]
	if f.hints.store == nil || !s.done || ok && old.From < s.since {
		return
	}
	at := f.t.tip()
	if found >= 0 {
		var ok bool
		if at, ok = f.t.at(found - 1); !ok {
			return
		}
	}
	if ok || len(f.hints.known) < f.max {
		f.hints.known[key] = Hint{s.since, at.Height, at.Hash}
	}
}

// noteHints takes down all watches, forgets what none has used for long, and gives a copy to be
// saved. The caller holds the lock.
func (f *Follower) noteHints() map[string]Hint {
	used := make(map[string]struct{}, f.t.count)
	for txid, watches := range f.t.confs {
		for w := range watches {
			key := confKey(txid, w.script)
			used[key] = struct{}{}
			f.noteHint(key, &w.searched, w.at())
		}
	}
	for at, watches := range f.t.spends {
		for w := range watches {
			key := spendKey(at, w.script)
			used[key] = struct{}{}
			f.noteHint(key, &w.searched, w.at())
		}
	}
	tip := f.t.tip().Height
	maps.DeleteFunc(f.hints.known, func(key string, h Hint) bool {
		_, ok := used[key]
		return !ok && h.Height < tip-hintKept
	})
	f.hints.saved = tip
	return maps.Clone(f.hints.known)
}

// saveHints saves if it is time to.
func (f *Follower) saveHints(now bool) {
	f.mu.Lock()
	if f.hints.store == nil || f.t == nil || !now && f.t.tip().Height < f.hints.saved+hintEvery {
		f.mu.Unlock()
		return
	}
	all := f.noteHints()
	f.mu.Unlock()
	if err := f.hints.store.SaveHints(all); err != nil {
		f.log.Warn("after a restart the past is searched again", "err", err)
	}
}

// at is the height of the block that has it, -1 if it isn't found.
func (w *confWatch) at() int32 {
	if w.found == nil {
		return -1
	}
	return w.found.block.Height
}

// at is the height of the block that spends it, -1 if none does.
func (w *spendWatch) at() int32 {
	if w.found == nil {
		return -1
	}
	return w.found.block.Height
}
