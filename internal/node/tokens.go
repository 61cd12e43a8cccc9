package node

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/router"
)

// EVMConfig is an EVM chain that channels may be held on. The caller runs it.
type EVMConfig struct {
	Name    string // for the operator
	Profile evm.Profile
	Reader  ethereum.Reader
	Sender  ethereum.Sender

	// GasPrice is the most, in wei, that a unit of gas may cost: gas accounts are kept so that every
	// channel could be closed at it. Nil: nothing is kept.
	GasPrice *big.Int

	// MaxHTLCs is how many HTLCs a peer may have in flight to us in a channel opened from now on; 0 is eip712.DefaultHTLCs.
	MaxHTLCs uint16
}

// token is an asset on an EVM chain.
type token struct {
	Asset
	chain   *evmChain
	history *router.History // of payments in it
	odd     atomic.Pointer[oddity]
}

// clock is the chain's time: unix seconds of its last block, 0 before one was read. Never a wall clock.
func (t *token) clock() uint32 { return t.chain.clock() }

func (c *evmChain) clock() uint32 { return uint32(min(c.cfg.Reader.Head().Time, math.MaxUint32)) }

func (t *token) format() htlc.Format { return t.Asset.Format() }

// hash is the asset's id, as gossip and BOLT 2 have it.
func (t *token) hash() chainhash.Hash { return chainhash.Hash(t.ID) }

// evmChain is one configured chain.
type evmChain struct {
	cfg    EVMConfig
	gasLow atomic.Pointer[string] // why no more HTLCs may come, "" or nil if they may
}

// bucketAssets: asset id -> symbol, name, chain and what makes the id.
const bucketAssets = "assets"

// maxAssets bounds the assets that a node knows.
const maxAssets = 1000

// tokens are the assets that this node knows, and their chains.
type tokens struct {
	db     reader
	graph  *router.Graph
	chains []*evmChain

	mu     sync.RWMutex
	byID   map[AssetID]*token
	symbol map[string]*token // by lower case
}

func newTokens(db reader, graph *router.Graph, chains []EVMConfig) (*tokens, error) {
	s := &tokens{db: db, graph: graph, byID: make(map[AssetID]*token), symbol: make(map[string]*token)}
	for _, c := range chains {
		if c.Reader == nil || c.Sender == nil || s.chain(c.Name) != nil {
			return nil, fmt.Errorf("node: EVM chain %q is incomplete or there twice", c.Name)
		}
		s.chains = append(s.chains, &evmChain{cfg: c})
	}
	return s, s.load()
}

func (s *tokens) load() error {
	odd, err := loadOddities(s.db)
	if err != nil {
		return err
	}
	var bad error
	err = s.db.Scan(bucketAssets, nil, false, func(_, v []byte) bool {
		a, err := decodeAsset(v)
		if err != nil {
			bad = err
			return false
		}
		if c := s.chain(a.Chain); c != nil && c.cfg.Reader.ChainID() == a.ChainID {
			t := s.token(a, c)
			if o, ok := odd[a.ID]; ok {
				t.odd.Store(&o)
			}
			s.put(t)
		} // else its chain isn't configured (any more): nothing can be held in it
		return len(s.byID) < maxAssets
	})
	return errors.Join(err, bad)
}

func (s *tokens) token(a Asset, c *evmChain) *token {
	return &token{Asset: a, chain: c, history: router.NewHistory(s.graph, 0)}
}

// put makes a token known; s.mu is held, or nobody else has s yet.
func (s *tokens) put(t *token) {
	s.byID[t.ID] = t
	s.symbol[strings.ToLower(t.Symbol)] = t
}

func (s *tokens) chain(name string) *evmChain {
	for _, c := range s.chains {
		if c.cfg.Name == name {
			return c
		}
	}
	return nil
}

// byHash is the token of a chain_hash, nil if it is none that we know.
func (s *tokens) byHash(id [32]byte) *token {
	if s == nil {
		return nil
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byID[id]
}

// named is the token with a symbol.
func (s *tokens) named(symbol string) (*token, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if t := s.symbol[strings.ToLower(symbol)]; t != nil {
		return t, nil
	}
	if len(s.chains) == 0 {
		return nil, ErrNoChain
	}
	return nil, fmt.Errorf("%w: no asset %q; assets that are known: %s", ErrNotFound, symbol, s.symbols())
}

func (s *tokens) symbols() string {
	all := make([]string, 0, len(s.symbol))
	for _, t := range s.symbol {
		all = append(all, t.Symbol)
	}
	if len(all) == 0 {
		return "none"
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// all are the known tokens, by symbol.
func (s *tokens) all() []*token {
	if s == nil {
		return nil
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]*token, 0, len(s.byID))
	for _, t := range s.byID {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b *token) int { return strings.Compare(a.Symbol, b.Symbol) })
	return all
}

// hashes are the chain_hashes of the known tokens.
func (s *tokens) hashes() []chainhash.Hash {
	var all []chainhash.Hash
	for _, t := range s.all() {
		all = append(all, t.hash())
	}
	return all
}

const assetVersion = 1

func encodeAsset(a *Asset) []byte {
	w := newRecord(assetVersion)
	w.u64(a.ChainID).raw(a.Adjudicator[:]).raw(a.Token[:]).u8(a.Decimals)
	return w.bytes([]byte(a.Symbol)).bytes([]byte(a.Name)).bytes([]byte(a.Chain)).b
}

func decodeAsset(b []byte) (Asset, error) {
	r := openRecord(b, assetVersion)
	var a Asset
	a.ChainID = r.u64()
	a.Adjudicator, a.Token = r.address(), r.address()
	a.Decimals = r.u8()
	a.Symbol, a.Name, a.Chain = string(r.bytes()), string(r.bytes()), string(r.bytes())
	if err := r.done(); err != nil {
		return Asset{}, fmt.Errorf("asset: %w", err)
	}
	a.ID = a.Asset.ID()
	return a, a.Check()
}

func assetPut(a *Asset) channeldb.KV { return put(bucketAssets, a.ID[:], encodeAsset(a)) }

func (r *recordReader) address() (a common.Address) {
	copy(a[:], r.take(len(a)))
	return a
}

// leastClock is the earliest of all chains' times.
func (s *tokens) leastClock() uint32 {
	if s == nil || len(s.chains) == 0 {
		return 0
	}
	least := uint32(math.MaxUint32)
	for _, c := range s.chains {
		least = min(least, c.clock())
	}
	return least
}
