package btcd

import (
	"fmt"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
)

const (
	faucetFeePerByte = 10   // sat per byte, generous and simple
	faucetInputs     = 200  // most coins in one payment
	faucetDust       = 1000 // smallest change, sat
)

// faucet holds the coins that Mine earned when no other mining address was given.
type faucet struct {
	key    *btcec.PrivateKey
	addr   btcutil.Address
	script []byte

	scanned int32 // blocks up to here have been looked through
	coins   []coin
}

// coin is an output that the faucet can spend from a height on.
type coin struct {
	at     wire.OutPoint
	value  int64
	usable int32
}

func newFaucet(key *btcec.PrivateKey, params *chaincfg.Params) (*faucet, error) {
	hash := btcutil.Hash160(key.PubKey().SerializeCompressed())
	addr, err := btcutil.NewAddressWitnessPubKeyHash(hash, params)
	if err != nil {
		return nil, fmt.Errorf("btcd: faucet address: %w", err)
	}
	script, err := txscript.PayToAddrScript(addr)
	if err != nil {
		return nil, fmt.Errorf("btcd: faucet script: %w", err)
	}
	return &faucet{key: key, addr: addr, script: script}, nil
}

// forget has the next payment look through the chain again.
func (f *faucet) forget() { f.scanned, f.coins = 0, nil }

// Pay sends coins that were mined here to an address, unconfirmed (Mine confirms). Every address
// gets the amount, in one transaction.
func (n *Node) Pay(amount btcutil.Amount, addrs ...string) (chainhash.Hash, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.client == nil {
		return chainhash.Hash{}, ErrStopped
	}
	tx := wire.NewMsgTx(2)
	for _, a := range addrs {
		to, err := btcutil.DecodeAddress(a, n.params)
		if err != nil {
			return chainhash.Hash{}, fmt.Errorf("btcd: pay: %w", err)
		}
		script, err := txscript.PayToAddrScript(to)
		if err != nil {
			return chainhash.Hash{}, fmt.Errorf("btcd: pay: %w", err)
		}
		tx.AddTxOut(wire.NewTxOut(int64(amount), script))
	}
	used, err := n.fill(tx)
	if err != nil {
		return chainhash.Hash{}, err
	}
	if err := n.faucet.sign(tx, used); err != nil {
		return chainhash.Hash{}, err
	}
	id, err := n.client.SendRawTransaction(tx, true)
	if err != nil {
		n.faucet.forget() // a reorganisation may have taken coins away
		return chainhash.Hash{}, fmt.Errorf("btcd: pay: %w", err)
	}
	n.faucet.spent(tx, used)
	return *id, nil
}

// fill adds inputs and change, and returns the coins used.
func (n *Node) fill(tx *wire.MsgTx) ([]coin, error) {
	best, err := n.scan()
	if err != nil {
		return nil, err
	}
	need, have := int64(0), int64(0)
	for _, out := range tx.TxOut {
		need += out.Value
	}
	need += faucetFeePerByte * int64(tx.SerializeSize()+100)
	var used []coin
	for _, c := range n.faucet.coins {
		if have >= need || len(used) == faucetInputs {
			break
		}
		if c.usable > best+1 {
			continue
		}
		used = append(used, c)
		have += c.value
		need += faucetFeePerByte * 150
		tx.AddTxIn(wire.NewTxIn(&c.at, nil, nil))
	}
	if have < need {
		return nil, fmt.Errorf("%w: have %v in %d coins, need %v", ErrNoFunds,
			btcutil.Amount(have), len(used), btcutil.Amount(need))
	}
	if change := have - need; change >= faucetDust {
		tx.AddTxOut(wire.NewTxOut(change, n.faucet.script))
	}
	return used, nil
}

// scan looks for coinbases in the blocks since the last call, and returns the height.
func (n *Node) scan() (int32, error) {
	best, err := n.client.GetBlockCount()
	if err != nil {
		return 0, fmt.Errorf("btcd: faucet: %w", err)
	}
	f := n.faucet
	for h := f.scanned + 1; h <= int32(best); h++ {
		hash, err := n.client.GetBlockHash(int64(h))
		if err != nil {
			return 0, fmt.Errorf("btcd: faucet: %w", err)
		}
		block, err := n.client.GetBlock(hash)
		if err != nil {
			return 0, fmt.Errorf("btcd: faucet: %w", err)
		}
		for i, tx := range block.Transactions {
			usable := h
			if i == 0 {
				usable += int32(n.params.CoinbaseMaturity)
			}
			f.find(tx, usable)
		}
		f.scanned = h
	}
	return int32(best), nil
}

// find takes what a transaction spends of the coins, and adds what it pays to them.
func (f *faucet) find(tx *wire.MsgTx, usable int32) {
	spent := make(map[wire.OutPoint]bool, len(tx.TxIn))
	for _, in := range tx.TxIn {
		spent[in.PreviousOutPoint] = true
	}
	id := tx.TxHash()
	kept := f.coins[:0]
	for _, c := range f.coins {
		if !spent[c.at] && c.at.Hash != id { // our own change is there already
			kept = append(kept, c)
		}
	}
	f.coins = kept
	for i, out := range tx.TxOut {
		if string(out.PkScript) == string(f.script) {
			f.coins = append(f.coins, coin{wire.OutPoint{Hash: id, Index: uint32(i)}, out.Value, usable})
		}
	}
}

// spent notes a payment of our own before it is in a block.
func (f *faucet) spent(tx *wire.MsgTx, used []coin) {
	f.find(tx, 0)
}

// sign signs all inputs, which are all of the faucet's script.
func (f *faucet) sign(tx *wire.MsgTx, used []coin) error {
	prev := make(map[wire.OutPoint]*wire.TxOut, len(used))
	for _, c := range used {
		prev[c.at] = wire.NewTxOut(c.value, f.script)
	}
	hashes := txscript.NewTxSigHashes(tx, txscript.NewMultiPrevOutFetcher(prev))
	for i, c := range used {
		witness, err := txscript.WitnessSignature(tx, hashes, i, c.value, f.script,
			txscript.SigHashAll, f.key, true)
		if err != nil {
			return fmt.Errorf("btcd: faucet signature: %w", err)
		}
		tx.TxIn[i].Witness = witness
	}
	return nil
}

func unix(t int64) time.Time { return time.Unix(t, 0) }
