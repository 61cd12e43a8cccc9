package bitcoind

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/btcsuite/btcd/btcjson"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/chain"
)

// errNoPeer: none of bitcoind's peers keeps all blocks.
var errNoPeer = errors.New("bitcoind: it has no peer with all blocks")

// Block implements chain.Source.
func (s *Source) Block(ctx context.Context, hash chainhash.Hash) (*wire.MsgBlock, error) {
	block, err := s.RPC.Block(ctx, hash)
	if chain.RPCCode(err) == btcjson.ErrRPCMisc {
		return nil, s.fetch(ctx, hash, err)
	}
	return block, err
}

// TxIDs implements chain.Source.
func (s *Source) TxIDs(ctx context.Context, hash chainhash.Hash) ([]chainhash.Hash, error) {
	ids, err := s.RPC.TxIDs(ctx, hash)
	if chain.RPCCode(err) == btcjson.ErrRPCMisc {
		return nil, s.fetch(ctx, hash, err)
	}
	return ids, err
}

// fetch has bitcoind get a block again that it has pruned, of a peer (getblockfrompeer, since 23.0). It
// answers at once and the block comes later, so whoever needs it asks again.
func (s *Source) fetch(ctx context.Context, hash chainhash.Hash, missing error) error {
	var peers []struct {
		ID       int64    `json:"id"`
		Services []string `json:"servicesnames"`
	}
	err := s.Call(ctx, &peers, "getpeerinfo")
	peers = slices.DeleteFunc(peers, func(p struct {
		ID       int64    `json:"id"`
		Services []string `json:"servicesnames"`
	}) bool {
		return !slices.Contains(p.Services, "NETWORK")
	})
	if err == nil && len(peers) == 0 {
		err = errNoPeer
	}
	if err != nil {
		return fmt.Errorf("%w: block %v: %w, and can't be got again: %w", chain.ErrUnavailable, hash, missing, err)
	}
	peer := peers[rand.IntN(len(peers))].ID
	var nothing struct{}
	if err := s.Call(ctx, &nothing, "getblockfrompeer", hash.String(), peer); err != nil {
		return fmt.Errorf("%w: block %v: %w; asked peer %d for it: %w", chain.ErrUnavailable, hash, missing, peer, err)
	}
	return fmt.Errorf("%w: block %v: %w; peer %d is asked for it", chain.ErrUnavailable, hash, missing, peer)
}
