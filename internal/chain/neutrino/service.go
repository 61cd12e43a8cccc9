package neutrino

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcwallet/walletdb"
	_ "github.com/btcsuite/btcwallet/walletdb/bdb" // the driver "bdb"
	"github.com/lightninglabs/neutrino"
	"github.com/lightninglabs/neutrino/headerfs"
	bbolterrors "go.etcd.io/bbolt/errors"

	"github.com/nichework/nwnd/internal/chain"
)

// Names of files, as lnd has them; neutrino adds block_headers.bin, reg_filter_headers.bin and
// peers.json.
const (
	dbFile = "neutrino.db"
	driver = "bdb"
)

const (
	openTimeout = 5 * time.Second // for the lock of the file
	maxAsked    = 16              // questions to peers under way
)

// ErrInUse: another process has the database open.
var ErrInUse = errors.New("neutrino: " + dbFile + " is in use by another process")

// Config of a Service. Dir and Params are required.
type Config struct {
	Dir     string           // of neutrino.db and the headers; made if absent
	Params  *chaincfg.Params // of the chain
	Connect []string         // host:port; if any: peers to connect to, and to no other
	Add     []string         // host:port; peers to connect to beside those found

	// AssertHeader is a filter header known to be right; if the one on disk differs, all are
	// fetched anew. nil: none is known.
	AssertHeader *headerfs.FilterHeader

	PersistFilters   bool          // keep filters on disk, some 20 kB a block on the main network
	BroadcastTimeout time.Duration // for peers to ask for a transaction; default 5 s

	// Dial connects to a peer, LookupIP finds a host's addresses; nil: the system's ways.
	Dial     func(net.Addr) (net.Conn, error)
	LookupIP func(host string) ([]net.IP, error)

	Log *slog.Logger // nil: silent
}

// Service is a running light client. It is safe for concurrent use.
type Service struct {
	cs     *neutrino.ChainService
	db     walletdb.DB
	params *chaincfg.Params
	log    *slog.Logger
	asked  chan struct{} // one slot for each question under way

	end    func() // of the progress log
	closed sync.Once
}

var (
	_ chain.Source  = (*Service)(nil)
	_ chain.Filters = (*Service)(nil)
)

// Open opens the database and begins to look for peers.
func Open(cfg Config) (*Service, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("neutrino: directory: %w", err)
	}
	db, err := walletdb.Create(driver, filepath.Join(cfg.Dir, dbFile), true, openTimeout, false)
	if errors.Is(err, bbolterrors.ErrTimeout) {
		return nil, ErrInUse
	}
	if err != nil {
		return nil, fmt.Errorf("neutrino: open %s: %w", dbFile, err)
	}
	cs, err := neutrino.NewChainService(neutrino.Config{
		DataDir: cfg.Dir, Database: db, ChainParams: *cfg.Params, ConnectPeers: cfg.Connect, AddPeers: cfg.Add,
		Dialer: cfg.Dial, NameResolver: cfg.LookupIP, PersistToDisk: cfg.PersistFilters,
		BroadcastTimeout: cfg.BroadcastTimeout, AssertFilterHeader: cfg.AssertHeader,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("neutrino: %w", err), db.Close())
	}
	s := &Service{cs: cs, db: db, params: cfg.Params, log: cfg.Log, asked: make(chan struct{}, maxAsked)}
	if err := cs.Start(context.Background()); err != nil {
		return nil, errors.Join(fmt.Errorf("neutrino: start: %w", err), db.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	s.end = func() { cancel(); <-done }
	go func() {
		defer close(done)
		s.tell(ctx)
	}()
	return s, nil
}

// Close ends the connections and closes the database. A second call does nothing.
func (s *Service) Close() (err error) {
	s.closed.Do(func() {
		s.end()
		err = errors.Join(s.cs.Stop(), s.db.Close())
		if err != nil {
			err = fmt.Errorf("neutrino: close: %w", err)
		}
	})
	return err
}

// ChainService is what the wallet's client is made of.
func (s *Service) ChainService() *neutrino.ChainService { return s.cs }

// ask has peers answer a question, which the library can't be made to give up: when ctx ends, it
// goes on for up to half a minute on its own, and counts as under way for as long.
func ask[T any](ctx context.Context, s *Service, question func() (T, error)) (T, error) {
	var none T
	select {
	case s.asked <- struct{}{}:
	case <-ctx.Done():
		return none, ctx.Err()
	}
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		defer func() { <-s.asked }()
		value, err := question()
		answers <- answer{value, err}
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}
