package node

import (
	"context"
	"fmt"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/wallet"
)

// Unspent lists coins that are free to spend.
func (n *Node) Unspent(_ context.Context, minConfs, maxConfs int32) ([]Coin, error) {
	if minConfs < 0 || maxConfs < minConfs {
		return nil, fmt.Errorf("%w: from %d to %d confirmations", ErrInvalid, minConfs, maxConfs)
	}
	found, err := n.wallet.ListUnspent(minConfs, maxConfs)
	if err != nil {
		return nil, walletError(err)
	}
	all := make([]Coin, 0, len(found))
	for _, c := range found {
		v := Coin{
			Outpoint: c.Outpoint, Amount: c.Amount, Script: c.Script, Address: c.Address.EncodeAddress(),
			Confirmations: c.Confirmations,
		}
		if c.Kind == wallet.P2TR {
			v.Type = TaprootPubKey
		}
		all = append(all, v)
	}
	return all, nil
}

// Transactions lists what the wallet's history holds.
func (n *Node) Transactions(_ context.Context, from, to int32, unconfirmed bool) ([]Transaction, error) {
	found, err := n.wallet.Transactions(from, to, unconfirmed)
	if err != nil {
		return nil, walletError(err)
	}
	all := make([]Transaction, 0, len(found))
	for i := range found {
		all = append(all, n.transaction(&found[i]))
	}
	return all, nil
}

func (n *Node) transaction(t *wallet.Transaction) Transaction {
	v := Transaction{
		Tx: t.Tx, Amount: t.Amount, Fee: t.Fee, Height: t.Height, BlockHash: t.BlockHash,
		Confirmations: t.Confirmations, Time: t.Time, Label: t.Label,
	}
	for i, out := range t.Tx.TxOut {
		o := txOutput(out, n.cfg.Network)
		o.Ours = t.Ours[uint32(i)]
		v.Outputs = append(v.Outputs, o)
	}
	for i := range t.Tx.TxIn {
		v.OurInputs = append(v.OurInputs, t.Spends[uint32(i)])
	}
	return v
}

func txOutput(out *wire.TxOut, net *chaincfg.Params) TxOutput {
	class, addrs, _, err := txscript.ExtractPkScriptAddrs(out.PkScript, net)
	if err != nil {
		return TxOutput{Class: txscript.NonStandardTy}
	}
	o := TxOutput{Class: class}
	if len(addrs) == 1 {
		o.Address = addrs[0].EncodeAddress()
	}
	return o
}
