package geth

import (
	"maps"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/params"
)

// Defaults of Config.
const (
	ChainID  = 1337
	GasLimit = 36_000_000 // of a block; one transaction may take 2^24 (EIP-7825)
	Safe     = 32
	Final    = 64
)

// Config says what chain to run. Its zero value is a chain without money that makes blocks only
// when asked to.
type Config struct {
	ChainID  uint64             // 0: 1337
	Port     int                // on loopback, of HTTP and WebSocket; 0: a free one
	IPC      string             // path of a socket, at most about 100 characters; empty: none
	Alloc    types.GenesisAlloc // who has coins from the start, and code; see Coins
	Period   time.Duration      // between blocks; 0: only Mine makes them
	Offset   time.Duration      // of the chain's clock from this machine's
	GasLimit uint64             // of a block; 0: 36M
	BaseFee  *big.Int           // of the first block, in wei; nil: 1 gwei
	Safe     uint64             // blocks on a safe one; 0: 32
	Final    uint64             // blocks on a finalized one; 0: 64
	LogRange uint64             // the most blocks that eth_getLogs takes; 0: any number
}

// Coins is a genesis that gives each account so many ether.
func Coins(ether int64, to ...common.Address) types.GenesisAlloc {
	alloc := types.GenesisAlloc{}
	for _, a := range to {
		alloc[a] = types.Account{Balance: new(big.Int).Mul(big.NewInt(ether), big.NewInt(params.Ether))}
	}
	return alloc
}

// withDefaults fills in what is left open.
func (c Config) withDefaults() Config {
	if c.ChainID == 0 {
		c.ChainID = ChainID
	}
	if c.GasLimit == 0 {
		c.GasLimit = GasLimit
	}
	if c.Safe == 0 {
		c.Safe = Safe
	}
	if c.Final == 0 {
		c.Final = Final
	}
	return c
}

// shell configures the process's side: endpoints on loopback, no peers, no files.
func (c Config) shell() *node.Config {
	s := node.DefaultConfig
	s.Name = "geth"
	s.DataDir = ""
	s.P2P = p2p.Config{NoDiscovery: true, NoDial: true}
	s.IPCPath = c.IPC
	s.HTTPHost, s.HTTPPort = loopback, c.Port
	s.WSHost, s.WSPort = loopback, c.Port // the same listener
	s.HTTPModules = []string{"eth", "net", "web3", "txpool", "debug"}
	s.WSModules = s.HTTPModules
	s.AllowUnprotectedTxs = true // the deterministic deployment proxy's has no chain id
	return &s
}

// chain configures the execution layer, with caches for a chain that fits in memory.
func (c Config) chain() *ethconfig.Config {
	e := ethconfig.Defaults
	rules := *params.AllDevChainProtocolChanges
	rules.BogotaTime = nil // as on mainnet: later rules multiply the gas of new storage
	rules.ChainID = new(big.Int).SetUint64(c.ChainID)
	alloc := core.SystemContractAllocs()
	maps.Copy(alloc, c.Alloc)
	e.Genesis = &core.Genesis{Config: &rules, GasLimit: c.GasLimit, BaseFee: c.BaseFee, Alloc: alloc}
	e.Miner.GasCeil = c.GasLimit
	e.Miner.Recommit = time.Hour // a block takes all that waits, however slow the machine
	e.SyncMode = ethconfig.FullSync
	e.LogNoHistory = true // logs are found by their blocks' blooms, without an index
	e.StateHistory = 1024 // blocks whose states can be had again, for deep reorganisations
	e.TxPool.NoLocals = true
	e.TxPool.Journal = ""
	e.DatabaseCache, e.TrieCleanCache, e.TrieDirtyCache, e.SnapshotCache = 16, 16, 32, 16
	e.RPCTxFeeCap = 0 // a fee spike is something to test
	e.RangeLimit = c.LogRange
	return &e
}

const loopback = "127.0.0.1"
