package chain

import (
	"bytes"
	"context"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
)

// header gives a block's header, of the whole block where there is no cheaper way.
func (f *Follower) header(ctx context.Context, hash chainhash.Hash) (*wire.BlockHeader, error) {
	if f.filters != nil {
		return f.filters.Header(ctx, hash)
	}
	block, err := f.source.Block(ctx, hash)
	if err != nil {
		return nil, err
	}
	return &block.Header, nil
}

// relevant gives a block as far as the watches need it: without its transactions if none can be of
// interest. seen is how many watches there had ever been when that was judged, -1 for a whole block.
func (f *Follower) relevant(ctx context.Context, hash chainhash.Hash) (block *wire.MsgBlock, seen int, err error) {
	scripts, seen := f.watched()
	may := f.filters == nil
	if len(scripts) > 0 {
		if may, err = f.mayContain(ctx, hash, scripts); err != nil {
			return nil, 0, err
		}
	}
	if may {
		block, err = f.source.Block(ctx, hash)
		return block, -1, err
	}
	header, err := f.filters.Header(ctx, hash)
	if err != nil {
		return nil, 0, err
	}
	return wire.NewMsgBlock(header), seen, nil
}

// watched gives the scripts of all watches, none twice, and how many watches there have ever been.
func (f *Follower) watched() (scripts [][]byte, added int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.filters == nil {
		return nil, 0
	}
	known := make(map[string]struct{}, f.t.count)
	put := func(script []byte) {
		if _, ok := known[string(script)]; !ok {
			known[string(script)] = struct{}{}
			scripts = append(scripts, script)
		}
	}
	for _, watches := range f.t.confs {
		for w := range watches {
			put(w.script)
		}
	}
	for _, watches := range f.t.spends {
		for w := range watches {
			put(w.script)
		}
	}
	return scripts, f.t.added
}

// mayContain asks the filter of a block. Scripts that no filter has, match every block.
func (f *Follower) mayContain(ctx context.Context, hash chainhash.Hash, scripts [][]byte) (bool, error) {
	if f.filters == nil {
		return true, nil
	}
	for _, script := range scripts {
		if len(script) == 0 || bytes.HasPrefix(script, []byte{txscript.OP_RETURN}) {
			return true, nil
		}
	}
	return f.filters.MayContain(ctx, hash, scripts)
}
