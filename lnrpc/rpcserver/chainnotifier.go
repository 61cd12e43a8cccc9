package rpcserver

import (
	"bytes"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/chainrpc"
)

type chainNotifier struct {
	chainrpc.UnimplementedChainNotifierServer
	s *Server
}

// RegisterBlockEpochNtfn is of chainrpc.ChainNotifierServer.
func (c *chainNotifier) RegisterBlockEpochNtfn(in *chainrpc.BlockEpoch, to grpc.ServerStreamingServer[chainrpc.BlockEpoch]) error {
	var after *node.Block
	if len(in.Hash) > 0 {
		hash, err := chainhash.NewHash(in.Hash)
		if err != nil {
			return invalid("hash has %d bytes, needs 32", len(in.Hash))
		}
		if in.Height != 0 && *hash != (chainhash.Hash{}) {
			after = &node.Block{Height: in.Height, Hash: *hash}
		}
	}
	for b, err := range c.s.node().Blocks(to.Context(), after) {
		if err != nil {
			return err
		}
		if err := to.Send(&chainrpc.BlockEpoch{Hash: b.Hash[:], Height: b.Height}); err != nil {
			return err
		}
	}
	return nil
}

// RegisterConfirmationsNtfn is of chainrpc.ChainNotifierServer. A transaction is looked for by
// its id; by its script alone, as lnd can, it isn't.
func (c *chainNotifier) RegisterConfirmationsNtfn(in *chainrpc.ConfRequest, to grpc.ServerStreamingServer[chainrpc.ConfEvent]) error {
	if in.IncludeBlock {
		return unimplemented("include_block")
	}
	var txid chainhash.Hash
	if len(in.Txid) > 0 {
		if len(in.Txid) != len(txid) {
			return invalid("txid has %d bytes, needs 32", len(in.Txid))
		}
		txid = chainhash.Hash(in.Txid)
	}
	if txid == (chainhash.Hash{}) {
		return unimplemented("looking for a transaction by its script alone")
	}
	w := node.ConfWatch{Tx: txid, Script: in.Script, Depth: in.NumConfs, Hint: in.HeightHint}
	for e, err := range c.s.node().Confirmations(to.Context(), w) {
		if err != nil {
			return err
		}
		out := &chainrpc.ConfEvent{Event: &chainrpc.ConfEvent_Reorg{Reorg: &chainrpc.Reorg{}}}
		if e.Confirmed {
			raw, err := serialized(e.Tx)
			if err != nil {
				return err
			}
			out.Event = &chainrpc.ConfEvent_Conf{Conf: &chainrpc.ConfDetails{
				RawTx: raw, BlockHash: e.BlockHash[:], BlockHeight: uint32(e.Height), TxIndex: e.TxIndex,
			}}
		}
		if err := to.Send(out); err != nil {
			return err
		}
	}
	return nil
}

// RegisterSpendNtfn is of chainrpc.ChainNotifierServer. An output is looked for by its
// outpoint, not by its script alone.
func (c *chainNotifier) RegisterSpendNtfn(in *chainrpc.SpendRequest, to grpc.ServerStreamingServer[chainrpc.SpendEvent]) error {
	if in.Outpoint == nil || len(in.Outpoint.Hash) == 0 {
		return unimplemented("looking for a spend by a script alone")
	}
	if len(in.Outpoint.Hash) != chainhash.HashSize {
		return invalid("outpoint's hash has %d bytes, needs 32", len(in.Outpoint.Hash))
	}
	at := wire.OutPoint{Hash: chainhash.Hash(in.Outpoint.Hash), Index: in.Outpoint.Index}
	for e, err := range c.s.node().Spends(to.Context(), node.SpendWatch{Output: at, Script: in.Script, Hint: in.HeightHint}) {
		if err != nil {
			return err
		}
		out := &chainrpc.SpendEvent{Event: &chainrpc.SpendEvent_Reorg{Reorg: &chainrpc.Reorg{}}}
		if e.Spent {
			raw, err := serialized(e.Tx)
			if err != nil {
				return err
			}
			txid := e.Tx.TxHash()
			out.Event = &chainrpc.SpendEvent_Spend{Spend: &chainrpc.SpendDetails{
				SpendingOutpoint: in.Outpoint, RawSpendingTx: raw, SpendingTxHash: txid[:],
				SpendingInputIndex: e.Input, SpendingHeight: uint32(e.Height),
			}}
		}
		if err := to.Send(out); err != nil {
			return err
		}
	}
	return nil
}

func serialized(tx *wire.MsgTx) ([]byte, error) {
	var b bytes.Buffer
	err := tx.Serialize(&b)
	return b.Bytes(), err
}
