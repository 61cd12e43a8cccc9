package node

import (
	"context"
	"encoding/binary"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/router"
)

const bucketScan = "graph_scan" // one row: the last block whose spends are in the graph's rows

const (
	scanKept   = 144  // blocks known by hash, so that a reorganisation of them is taken back exactly
	scanBack   = 4032 // a node that was away for longer reads only so many: the rest is stale
	buriedOnce = 1000 // channels that one block forgets for being closed
)

// blockReader is what a chain must offer beside chain.Chain for others' closed channels to be seen.
type blockReader interface {
	BlockAt(context.Context, int32) (*wire.MsgBlock, chainhash.Hash, error)
}

// spends looks through every block for spends of the graph's funding outputs (BOLT 7, "Pruning the
// Network View"). One goroutine follows the chain.
type spends struct {
	log    *slog.Logger
	blocks blockReader
	graph  *router.Graph
	chain  chainhash.Hash
	seen   atomic.Uint32 // grows before a block's spends are looked for

	mu     sync.Mutex
	recent []scanned // ascending heights without gap; the last is the newest
}

// scanned is a block that was looked through; a zero hash stands for any block.
type scanned struct {
	height int32
	hash   chainhash.Hash
}

func (s scanned) encode() []byte { return newRecord(1).u32(uint32(s.height)).raw(s.hash[:]).b }

// load takes up where the rows of the graph end.
func (s *spends) load(db reader) error {
	raw, err := db.Get(bucketScan, []byte("last"))
	if err != nil || len(raw) != 1+4+chainhash.HashSize || raw[0] != 1 {
		return err // a row that can't be read is as good as none: the tip is next
	}
	last := scanned{height: int32(binary.BigEndian.Uint32(raw[1:]) & math.MaxInt32)}
	copy(last.hash[:], raw[5:])
	s.recent = []scanned{last}
	return nil
}

// last is the newest block that was looked through.
func (s *spends) last() (scanned, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.recent) == 0 {
		return scanned{}, false
	}
	return s.recent[len(s.recent)-1], true
}

// run follows the chain until ctx ends. A block that can't be read is tried again at the next.
func (s *spends) run(ctx context.Context, tips <-chan chain.Tip) {
	for tip := range tips {
		if err := s.follow(ctx, tip); err != nil && ctx.Err() == nil {
			s.log.Warn("a block's spends can't be read; they are looked for again at the next", "err", err)
		}
		if gone := s.graph.Bury(s.chain, uint32(max(0, tip.Height)), buriedOnce); len(gone) > 0 {
			s.log.Info("closed channels were forgotten", "count", len(gone))
		}
	}
}

// follow looks through all blocks from the last one up to the tip.
func (s *spends) follow(ctx context.Context, tip chain.Tip) error {
	s.begin(tip)
	for ctx.Err() == nil {
		last, _ := s.last()
		if last.height >= tip.Height {
			if last.height == tip.Height && (last.hash == tip.Hash || last.hash == chainhash.Hash{}) {
				return nil
			}
			s.rewind()
			continue
		}
		block, hash, err := s.blocks.BlockAt(ctx, last.height+1)
		if err != nil {
			return err
		}
		if (last.hash != chainhash.Hash{}) && block.Header.PrevBlock != last.hash {
			s.rewind()
			continue
		}
		s.take(block, scanned{last.height + 1, hash})
	}
	return ctx.Err()
}

// begin chooses where to start: after the last block known, but not too far back.
func (s *spends) begin(tip chain.Tip) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch n := len(s.recent); {
	case n == 0:
		s.recent = []scanned{{tip.Height, tip.Hash}}
	case s.recent[n-1].height < tip.Height-scanBack:
		s.recent = []scanned{{height: tip.Height - scanBack}}
	}
}

func (s *spends) take(block *wire.MsgBlock, at scanned) {
	var outs []wire.OutPoint
	for i, tx := range block.Transactions {
		if i == 0 {
			continue // the coinbase spends nothing
		}
		for _, in := range tx.TxIn {
			outs = append(outs, in.PreviousOutPoint)
		}
	}
	s.seen.Add(1)
	if n := s.graph.Spend(s.chain, outs, uint32(at.height)); n > 0 {
		s.log.Debug("channels were closed", "height", at.height, "count", n)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.recent = append(s.recent, at); len(s.recent) > scanKept {
		s.recent = append(s.recent[:0], s.recent[len(s.recent)-scanKept:]...)
	}
}

// rewind takes the last block back, since it left the chain. When no other is known by hash, it goes
// back by as many as are usually known.
func (s *spends) rewind() {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.recent[len(s.recent)-1]
	s.recent = s.recent[:len(s.recent)-1]
	from := last.height
	if len(s.recent) == 0 {
		from = max(0, last.height-scanKept)
		s.recent = []scanned{{height: from - 1}}
	}
	s.graph.Unspend(s.chain, uint32(from))
}

// row says how far the graph's rows are, once all that it names is stored.
func (s scanned) row() channeldb.KV { return put(bucketScan, []byte("last"), s.encode()) }
