package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// Bitcoind is how to reach a bitcoind.
type Bitcoind struct {
	Dir           string        `long:"dir" default:"~/.bitcoin" description:"Its data directory, to find its cookie in. (bitcoin.node=bitcoind is experimental.)"`
	RPCHost       string        `long:"rpchost" default:"localhost" description:"Its RPC address; the port depends on the network unless given."`
	RPCUser       string        `long:"rpcuser" description:"User of its RPC."`
	RPCPass       string        `long:"rpcpass" default-mask:"-" description:"Password of its RPC."`
	RPCCookie     string        `long:"rpccookie" default-mask:"<bitcoind.dir>/<network>/.cookie" description:"File with user and password, which it writes anew at each start; used when neither is given."`
	ZMQPubBlock   string        `long:"zmqpubrawblock" description:"Where it publishes blocks: the value of its own option of this name, such as tcp://127.0.0.1:28332."`
	ZMQPubTx      string        `long:"zmqpubrawtx" description:"Where it publishes transactions: the value of its own option of this name, such as tcp://127.0.0.1:28333."`
	ZMQDeadline   time.Duration `long:"zmqreaddeadline" default:"5s" description:"How long the rest of a published message may take."`
	RPCPolling    bool          `long:"rpcpolling" description:"Ask it for blocks and transactions instead of having them published."`
	BlockInterval time.Duration `long:"blockpollinginterval" default:"10s" description:"Time between two questions for blocks, with bitcoind.rpcpolling."`
	TxInterval    time.Duration `long:"txpollinginterval" default:"1m" description:"Time between two questions for transactions, with bitcoind.rpcpolling."`
	EstimateMode  string        `long:"estimatemode" default:"CONSERVATIVE" choice:"CONSERVATIVE" choice:"ECONOMICAL" description:"How it estimates fees."`
}

// fill finds the cookie, if it is needed, and the port.
func (b *Bitcoind) fill(n Network) {
	b.Dir, b.RPCCookie = expand(b.Dir), expand(b.RPCCookie)
	switch {
	case b.RPCUser != "" || b.RPCPass != "":
		b.RPCCookie = ""
	case b.RPCCookie == "":
		b.RPCCookie = filepath.Join(b.Dir, n.BitcoindDir, ".cookie")
	}
	b.RPCHost = withPort(b.RPCHost, n.BitcoindPort)
}

// check says what is missing to follow the chain by it.
func (b *Bitcoind) check(n Network) error {
	switch {
	case n.BitcoindPort == "":
		return fmt.Errorf("config: bitcoin.node=bitcoind is refused on %s, which bitcoind doesn't know: "+
			"use bitcoin.regtest", n.Name)
	case (b.RPCUser == "") != (b.RPCPass == ""):
		return errors.New("config: bitcoind.rpcuser and bitcoind.rpcpass need each other; with neither, " +
			"bitcoind.rpccookie is read")
	case b.RPCPolling:
		return nil
	case b.ZMQPubBlock == "" || b.ZMQPubTx == "":
		return errors.New("config: bitcoin.node=bitcoind needs bitcoind.zmqpubrawblock and " +
			"bitcoind.zmqpubrawtx, with the values of bitcoind's own options, or bitcoind.rpcpolling")
	case b.ZMQPubBlock == b.ZMQPubTx:
		return errors.New("config: bitcoind.zmqpubrawblock and bitcoind.zmqpubrawtx must differ, " +
			"so that transactions never displace a block")
	}
	return nil
}
