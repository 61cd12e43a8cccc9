package rpcserver

import (
	"bytes"
	"context"
	"encoding/hex"
	"math"
	"slices"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// ListUnspent is of lnrpc.LightningServer.
func (l *lightning) ListUnspent(ctx context.Context, in *lnrpc.ListUnspentRequest) (*lnrpc.ListUnspentResponse, error) {
	coins, err := l.s.unspent(ctx, in.Account, in.MinConfs, in.MaxConfs)
	if err != nil {
		return nil, err
	}
	return &lnrpc.ListUnspentResponse{Utxos: coins}, nil
}

// unspent lists coins; as in lnd both bounds 0 is every coin, and no upper bound is none.
func (s *Server) unspent(ctx context.Context, account string, least, most int32) ([]*lnrpc.Utxo, error) {
	switch {
	case account != "" && account != "default":
		return nil, unimplemented("account " + account)
	case least < 0 || most < 0:
		return nil, invalid("min_confs and max_confs must be non-negative")
	case most == 0:
		most = math.MaxInt32
	case least > most:
		return nil, invalid("min_confs of %d is above max_confs of %d", least, most)
	}
	coins, err := s.node().Unspent(ctx, least, most)
	if err != nil {
		return nil, err
	}
	out := make([]*lnrpc.Utxo, len(coins))
	for i, c := range coins {
		out[i] = &lnrpc.Utxo{
			AddressType: lnrpc.AddressType_WITNESS_PUBKEY_HASH, Address: c.Address, AmountSat: int64(c.Amount),
			PkScript: hex.EncodeToString(c.Script), Confirmations: int64(c.Confirmations),
			Outpoint: rpcOutPoint(c.Outpoint),
		}
		if c.Type == node.TaprootPubKey {
			out[i].AddressType = lnrpc.AddressType_TAPROOT_PUBKEY
		}
	}
	return out, nil
}

// GetTransactions is of lnrpc.LightningServer. Like lnd it answers the newest first.
func (l *lightning) GetTransactions(ctx context.Context, in *lnrpc.GetTransactionsRequest) (*lnrpc.TransactionDetails, error) {
	from, to := in.StartHeight, in.EndHeight
	unconfirmed := to <= 0
	switch {
	case in.Account != "" && in.Account != "default":
		return nil, unimplemented("account " + in.Account)
	case from < 0 || to < -1:
		return nil, invalid("heights from %d to %d", from, to)
	case unconfirmed:
		to = math.MaxInt32
	}
	reversed := from > to
	if reversed {
		from, to = to, from
	}
	all, err := l.s.node().Transactions(ctx, from, to, unconfirmed)
	if err != nil {
		return nil, err
	}
	if reversed {
		slices.Reverse(all)
	}
	if int(in.IndexOffset) >= len(all) {
		return &lnrpc.TransactionDetails{}, nil
	}
	begin, end := int(in.IndexOffset), len(all)
	if in.MaxTransactions > 0 {
		end = min(end, begin+int(in.MaxTransactions))
	}
	out := &lnrpc.TransactionDetails{FirstIndex: uint64(begin), LastIndex: uint64(end - 1)}
	for i := range all[begin:end] {
		t, err := transaction(&all[begin+i])
		if err != nil {
			return nil, err
		}
		out.Transactions = append(out.Transactions, t)
	}
	slices.SortStableFunc(out.Transactions, func(a, b *lnrpc.Transaction) int {
		return int(a.NumConfirmations) - int(b.NumConfirmations)
	})
	return out, nil
}

// SubscribeTransactions is of lnrpc.LightningServer. As in lnd the bounds of the request
// don't matter.
func (l *lightning) SubscribeTransactions(_ *lnrpc.GetTransactionsRequest, to grpc.ServerStreamingServer[lnrpc.Transaction]) error {
	for t, err := range l.s.node().SubscribeTransactions(to.Context()) {
		if err != nil {
			return err
		}
		out, err := transaction(&t)
		if err != nil {
			return err
		}
		if err := to.Send(out); err != nil {
			return err
		}
	}
	return nil
}

func transaction(t *node.Transaction) (*lnrpc.Transaction, error) {
	var raw bytes.Buffer
	if err := t.Tx.Serialize(&raw); err != nil {
		return nil, err
	}
	out := &lnrpc.Transaction{
		TxHash: t.Tx.TxHash().String(), Amount: int64(t.Amount), NumConfirmations: t.Confirmations,
		BlockHeight: t.Height, TimeStamp: unix(t.Time), TotalFees: int64(t.Fee),
		RawTxHex: hex.EncodeToString(raw.Bytes()), Label: t.Label,
	}
	if t.BlockHash != (chainhash.Hash{}) {
		out.BlockHash = t.BlockHash.String()
	}
	for i, o := range t.Outputs {
		tx := t.Tx.TxOut[i]
		out.OutputDetails = append(out.OutputDetails, &lnrpc.OutputDetail{
			OutputType: outputType(o.Class), Address: o.Address, PkScript: hex.EncodeToString(tx.PkScript),
			OutputIndex: int64(i), Amount: tx.Value, IsOurAddress: o.Ours,
		})
		if o.Address != "" {
			out.DestAddresses = append(out.DestAddresses, o.Address)
		}
	}
	for i, ours := range t.OurInputs {
		out.PreviousOutpoints = append(out.PreviousOutpoints, &lnrpc.PreviousOutPoint{
			Outpoint: t.Tx.TxIn[i].PreviousOutPoint.String(), IsOurOutput: ours,
		})
	}
	return out, nil
}

func outputType(c txscript.ScriptClass) lnrpc.OutputScriptType {
	switch c {
	case txscript.PubKeyTy:
		return lnrpc.OutputScriptType_SCRIPT_TYPE_PUBKEY
	case txscript.PubKeyHashTy:
		return lnrpc.OutputScriptType_SCRIPT_TYPE_PUBKEY_HASH
	case txscript.ScriptHashTy:
		return lnrpc.OutputScriptType_SCRIPT_TYPE_SCRIPT_HASH
	case txscript.WitnessV0PubKeyHashTy:
		return lnrpc.OutputScriptType_SCRIPT_TYPE_WITNESS_V0_PUBKEY_HASH
	case txscript.WitnessV0ScriptHashTy:
		return lnrpc.OutputScriptType_SCRIPT_TYPE_WITNESS_V0_SCRIPT_HASH
	case txscript.MultiSigTy:
		return lnrpc.OutputScriptType_SCRIPT_TYPE_MULTISIG
	case txscript.NullDataTy:
		return lnrpc.OutputScriptType_SCRIPT_TYPE_NULLDATA
	case txscript.WitnessUnknownTy:
		return lnrpc.OutputScriptType_SCRIPT_TYPE_WITNESS_UNKNOWN
	case txscript.WitnessV1TaprootTy:
		return lnrpc.OutputScriptType_SCRIPT_TYPE_WITNESS_V1_TAPROOT
	}
	return lnrpc.OutputScriptType_SCRIPT_TYPE_NON_STANDARD
}
