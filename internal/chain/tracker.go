package chain

import (
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
)

// conf is where a transaction was found.
type conf struct {
	tx    *wire.MsgTx
	index uint32
	block Tip
}

// spend is where an output was spent.
type spend struct {
	tx    *wire.MsgTx
	input uint32
	block Tip
}

type confWatch struct {
	txid   chainhash.Hash
	script []byte // of one of its outputs
	depth  int32
	found  *conf
	cell   *cell[conf]
	scan   func() // looks through the blocks before the tip

	searched searched
}

// searched is whether scan has ended: what is found or not is so for the whole chain from a height.
type searched struct {
	done  bool
	since int32
}

type spendWatch struct {
	outpoint wire.OutPoint
	script   []byte // its
	found    *spend
	cell     *cell[spend]
	scan     func() // looks through the blocks before the tip

	searched searched
}

// tracker is a part of the best chain and what is watched on it. It does no I/O and has no lock.
//
// Invariant: recent is a run of blocks that ends with the tip, each the parent of the next, and
// every watch knows all that happened to it in the blocks connected since it was added.
type tracker struct {
	keep   int   // blocks in recent, at most
	recent []Tip // the oldest first; never empty

	confs  map[chainhash.Hash]map[*confWatch]struct{}
	spends map[wire.OutPoint]map[*spendWatch]struct{}
	count  int
	added  int // watches, ever
}

func newTracker(start Tip, keep int) *tracker {
	return &tracker{
		keep:   keep,
		recent: []Tip{start},
		confs:  make(map[chainhash.Hash]map[*confWatch]struct{}),
		spends: make(map[wire.OutPoint]map[*spendWatch]struct{}),
	}
}

func (t *tracker) tip() Tip { return t.recent[len(t.recent)-1] }

// at gives a recent block by its height.
func (t *tracker) at(height int32) (Tip, bool) {
	i := int(height) - int(t.recent[0].Height)
	if i < 0 || i >= len(t.recent) {
		return Tip{}, false
	}
	return t.recent[i], true
}

// stands says whether a block may be in the chain: it is, or is older than what we keep.
func (t *tracker) stands(b Tip) bool {
	known, ok := t.at(b.Height)
	return b.Height < t.recent[0].Height || ok && known.Hash == b.Hash
}

// connect adds the block after the tip.
func (t *tracker) connect(block *wire.MsgBlock, hash chainhash.Hash) {
	at := Tip{Height: t.tip().Height + 1, Hash: hash, Time: block.Header.Timestamp}
	for i, tx := range block.Transactions {
		t.see(tx, uint32(i), at)
	}
	if len(t.recent) == t.keep {
		t.recent = append(t.recent[:0], t.recent[1:]...)
	}
	t.recent = append(t.recent, at)
	t.ripen()
}

// see compares a transaction with what is watched.
func (t *tracker) see(tx *wire.MsgTx, index uint32, at Tip) {
	if len(t.confs) > 0 {
		for w := range t.confs[tx.TxHash()] {
			w.found = &conf{tx, index, at}
		}
	}
	if len(t.spends) == 0 {
		return
	}
	for i, in := range tx.TxIn {
		for w := range t.spends[in.PreviousOutPoint] {
			w.found = &spend{tx, uint32(i), at}
			w.cell.set(w.found)
		}
	}
}

// ripen tells of the transactions that are deep enough now.
func (t *tracker) ripen() {
	for _, watches := range t.confs {
		for w := range watches {
			t.ripe(w)
		}
	}
}

func (t *tracker) ripe(w *confWatch) {
	if w.found != nil && t.tip().Height-w.found.block.Height+1 >= w.depth {
		w.cell.set(w.found)
	}
}

// disconnect removes the tip. The caller never removes the last block kept.
func (t *tracker) disconnect() {
	gone := t.tip()
	t.recent = t.recent[:len(t.recent)-1]
	for _, watches := range t.confs {
		for w := range watches {
			if w.found != nil && w.found.block.Hash == gone.Hash {
				w.found = nil
				w.cell.set(nil)
			}
		}
	}
	for _, watches := range t.spends {
		for w := range watches {
			if w.found != nil && w.found.block.Hash == gone.Hash {
				w.found = nil
				w.cell.set(nil)
			}
		}
	}
}

func (t *tracker) addConf(w *confWatch) {
	if t.confs[w.txid] == nil {
		t.confs[w.txid] = make(map[*confWatch]struct{})
	}
	t.confs[w.txid][w] = struct{}{}
	t.count++
	t.added++
}

func (t *tracker) dropConf(w *confWatch) {
	delete(t.confs[w.txid], w)
	if len(t.confs[w.txid]) == 0 {
		delete(t.confs, w.txid)
	}
	t.count--
}

func (t *tracker) addSpend(w *spendWatch) {
	if t.spends[w.outpoint] == nil {
		t.spends[w.outpoint] = make(map[*spendWatch]struct{})
	}
	t.spends[w.outpoint][w] = struct{}{}
	t.count++
	t.added++
}

func (t *tracker) dropSpend(w *spendWatch) {
	delete(t.spends[w.outpoint], w)
	if len(t.spends[w.outpoint]) == 0 {
		delete(t.spends, w.outpoint)
	}
	t.count--
}
