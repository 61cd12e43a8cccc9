package node

import (
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
)

// Coin is an output that the wallet can spend.
type Coin struct {
	Outpoint      wire.OutPoint
	Amount        btcutil.Amount
	Script        []byte
	Address       string
	Type          AddressType
	Confirmations int32 // 0: in no block
}

// Transaction is one that pays to or from the wallet.
type Transaction struct {
	Tx            *wire.MsgTx
	Amount        btcutil.Amount // what the wallet gained; negative: lost, fee included
	Fee           btcutil.Amount // 0 if others paid inputs too
	Height        int32          // 0: in no block
	BlockHash     chainhash.Hash
	Confirmations int32
	Time          time.Time // of the block, else when it was seen
	Label         string
	Outputs       []TxOutput
	OurInputs     []bool // by input: it spends the wallet's coin
}

// TxOutput is an output of a transaction.
type TxOutput struct {
	Class   txscript.ScriptClass
	Address string // "" when the script names none, or several
	Ours    bool
}

// Signed tells whose signature it is.
type Signed struct {
	Key   PubKey
	Found bool // a key could be recovered: the signature is one of this message
	Known bool // the key is a node's of the graph
}
