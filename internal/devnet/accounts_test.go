package devnet

import (
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/btcd"
	"github.com/nichework/nwnd/internal/btcd/btcdtest"
)

// spend is a transaction from one output to others.
func spend(from wire.OutPoint, values ...int64) *wire.MsgTx {
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&from, nil, nil))
	for _, v := range values {
		tx.AddTxOut(wire.NewTxOut(v, nil))
	}
	return tx
}

func TestFeeIsWhatGoesInLessWhatComesOut(t *testing.T) {
	a := Accounts{Fee: map[chainhash.Hash]int64{}}
	outputs := map[wire.OutPoint]int64{}
	coinbase := spend(wire.OutPoint{Index: wire.MaxPrevOutIndex}, 1000)
	if err := a.add(coinbase, outputs, true); err != nil {
		t.Fatal(err)
	}
	first := spend(wire.OutPoint{Hash: coinbase.TxHash()}, 600, 390)
	second := spend(wire.OutPoint{Hash: first.TxHash(), Index: 1}, 385)
	for _, tx := range []*wire.MsgTx{first, second} {
		if err := a.add(tx, outputs, false); err != nil {
			t.Fatal(err)
		}
	}
	if len(a.Fee) != 2 || a.Fee[first.TxHash()] != 10 || a.Fee[second.TxHash()] != 5 {
		t.Fatalf("%v", a.Fee)
	}
	if err := a.add(spend(wire.OutPoint{Index: 7}, 1), outputs, false); err == nil {
		t.Fatal("a spend of nothing was taken")
	}
}

func TestTheFaucetsFeeIsNobodys(t *testing.T) {
	net, err := Start(t.Context(), t.TempDir(), Programs{Btcd: btcdtest.Binary(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := net.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	script := make([]byte, 20)
	addr, err := btcutil.NewAddressWitnessPubKeyHash(script, net.Chain.Params())
	if err != nil {
		t.Fatal(err)
	}
	txid, err := net.Chain.Pay(5000, addr.String())
	if err != nil {
		t.Fatal(err)
	}
	if err := net.Confirm(t.Context(), txid); err != nil {
		t.Fatal(err)
	}
	a, err := net.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if a.Fee[txid] <= 0 || a.Height != int64(btcd.SegwitHeight(net.Chain.Params()))+deep {
		t.Fatalf("fee %d at height %d", a.Fee[txid], a.Height)
	}
	net.payouts[txid] = nil
	if a, err = net.Accounts(t.Context()); err != nil || len(a.Fee) != 0 {
		t.Fatalf("%v, %v", a.Fee, err)
	}
}
