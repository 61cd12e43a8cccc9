package neutrino

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/btcutil/gcs"
	"github.com/btcsuite/btcd/btcutil/gcs/builder"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightninglabs/neutrino"
	"github.com/lightninglabs/neutrino/headerfs"

	"github.com/nichework/nwnd/internal/chain"
)

// Tip implements chain.Source: the last block whose filter's header is known too. While headers
// are fetched it is a block of long ago.
func (s *Service) Tip(ctx context.Context) (chainhash.Hash, int32, error) {
	if err := ctx.Err(); err != nil {
		return chainhash.Hash{}, 0, err
	}
	best, err := s.cs.BestBlock()
	if err != nil {
		return chainhash.Hash{}, 0, unavailable("tip", err)
	}
	return best.Hash, best.Height, nil
}

// HashAt implements chain.Source.
func (s *Service) HashAt(ctx context.Context, height int32) (chainhash.Hash, error) {
	_, tip, err := s.Tip(ctx)
	if err != nil {
		return chainhash.Hash{}, err
	}
	if height < 0 || height > tip {
		return chainhash.Hash{}, fmt.Errorf("%w: height %d of %d", chain.ErrUnknownBlock, height, tip)
	}
	hash, err := s.cs.GetBlockHash(int64(height))
	if err != nil {
		return chainhash.Hash{}, unavailable("block hash", err)
	}
	return *hash, nil
}

// Header implements chain.Filters.
func (s *Service) Header(ctx context.Context, hash chainhash.Hash) (*wire.BlockHeader, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	header, err := s.cs.GetBlockHeader(&hash)
	if errors.Is(err, headerfs.ErrHashNotFound) {
		return nil, fmt.Errorf("%w: %v", chain.ErrUnknownBlock, hash)
	}
	if err != nil {
		return nil, unavailable("header", err)
	}
	if header.BlockHash() != hash { // it left the chain while it was looked up
		return nil, fmt.Errorf("%w: %v", chain.ErrUnknownBlock, hash)
	}
	return header, nil
}

// Block implements chain.Source, for blocks of the best chain: a peer is asked for it, unless it
// was asked for lately.
func (s *Service) Block(ctx context.Context, hash chainhash.Hash) (*wire.MsgBlock, error) {
	if _, err := s.Header(ctx, hash); err != nil {
		return nil, err
	}
	block, err := ask(ctx, s, func() (*btcutil.Block, error) { return s.cs.GetBlock(hash) })
	if err != nil {
		return nil, unavailable("block", err)
	}
	return block.MsgBlock(), nil
}

// TxIDs implements chain.Source.
func (s *Service) TxIDs(ctx context.Context, hash chainhash.Hash) ([]chainhash.Hash, error) {
	block, err := s.Block(ctx, hash)
	if err != nil {
		return nil, err
	}
	return block.TxHashes()
}

// MayContain implements chain.Filters. Filters are fetched a thousand at a time if there are so
// many up to the tip.
func (s *Service) MayContain(ctx context.Context, hash chainhash.Hash, scripts [][]byte) (bool, error) {
	if _, err := s.Header(ctx, hash); err != nil {
		return false, err
	}
	filter, err := ask(ctx, s, func() (*gcs.Filter, error) {
		return s.cs.GetCFilter(hash, wire.GCSFilterRegular, neutrino.OptimisticBatch())
	})
	if err != nil {
		return false, unavailable("filter", err)
	}
	if filter.N() == 0 {
		return false, nil
	}
	may, err := filter.MatchAny(builder.DeriveKey(&hash), scripts)
	if err != nil {
		return false, unavailable("filter", err)
	}
	return may, nil
}

// Unspent implements chain.Source. It reads the block that has the output and then all filters up
// to the tip, so it takes as long as the output is old.
func (s *Service) Unspent(ctx context.Context, at wire.OutPoint, hash chainhash.Hash) (*wire.TxOut, error) {
	block, err := s.Block(ctx, hash)
	if err != nil {
		return nil, err
	}
	out := output(block, at)
	if out == nil || txscript.IsUnspendable(out.PkScript) {
		return nil, nil
	}
	_, birth, err := s.cs.BlockHeaders.FetchHeader(&hash)
	if err != nil {
		return nil, unavailable("header", err)
	}
	if spends(block, at) {
		return nil, nil
	}
	_, tip, err := s.Tip(ctx)
	if err != nil {
		return nil, err
	}
	prev := hash
	for height := int32(birth) + 1; height <= tip; height++ {
		next, err := s.HashAt(ctx, height)
		if err != nil {
			return nil, err
		}
		header, err := s.Header(ctx, next)
		if err != nil {
			return nil, err
		}
		if header.PrevBlock != prev {
			return nil, fmt.Errorf("%w: the chain changed while it was read, at height %d", chain.ErrUnavailable, height)
		}
		prev = next
		may, err := s.MayContain(ctx, next, [][]byte{out.PkScript})
		if err != nil {
			return nil, err
		}
		if !may {
			continue
		}
		if block, err = s.Block(ctx, next); err != nil {
			return nil, err
		}
		if spends(block, at) {
			return nil, nil
		}
	}
	return out, nil
}

// output finds an output in a block, nil if it isn't there.
func output(block *wire.MsgBlock, at wire.OutPoint) *wire.TxOut {
	for _, tx := range block.Transactions {
		if int(at.Index) < len(tx.TxOut) && tx.TxHash() == at.Hash {
			return tx.TxOut[at.Index]
		}
	}
	return nil
}

func spends(block *wire.MsgBlock, at wire.OutPoint) bool {
	for _, tx := range block.Transactions {
		if slices.ContainsFunc(tx.TxIn, func(in *wire.TxIn) bool { return in.PreviousOutPoint == at }) {
			return true
		}
	}
	return false
}

// EstimateFee implements chain.Source: peers tell no fees. See package feeurl.
func (s *Service) EstimateFee(ctx context.Context, _ uint32) (chain.SatPerKWeight, error) {
	return 0, ctx.Err()
}

// unavailable makes of any error one that wraps chain.ErrUnavailable.
func unavailable(what string, err error) error {
	return fmt.Errorf("%w: %s: %w", chain.ErrUnavailable, what, err)
}
