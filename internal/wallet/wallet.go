package wallet

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/btcutil/hdkeychain"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btcwallet/waddrmgr"
	"github.com/btcsuite/btcwallet/wallet"
	"github.com/btcsuite/btcwallet/walletdb"
	_ "github.com/btcsuite/btcwallet/walletdb/bdb" // the driver "bdb"
	"github.com/btcsuite/btcwallet/walletdb/migration"
	"github.com/btcsuite/btcwallet/wtxmgr"
	bbolterrors "go.etcd.io/bbolt/errors"
)

const (
	fileName    = "wallet.db"
	driver      = "bdb"
	openTimeout = 5 * time.Second // for the lock of the file
	syncRetry   = 5 * time.Second // of btcwallet, when a sync failed
	minPassword = 8               // bytes, as lnd has it
)

// Names of btcwallet's top-level buckets, and of ours.
var (
	addrBucket = []byte("waddrmgr")
	txBucket   = []byte("wtxmgr")
	ownBucket  = []byte("nwnd")
	recoverKey = []byte("recovery window") // present while a restored wallet looks for its coins
)

// Config says where a wallet is and how to treat it.
type Config struct {
	Dir    string           // of wallet.db; made if absent
	Params *chaincfg.Params // of the chain
	Log    *slog.Logger     // nil: silent

	// RecoveryWindow, when a wallet is created of a seed that was used before, is how many
	// addresses in a row without payments end the search for coins. 0 for a new seed. The
	// wallet remembers it until it is synced; given to Open, it has the search go on from
	// where the wallet has got to.
	RecoveryWindow uint32

	// FastScrypt makes the password cheap to guess. For tests.
	FastScrypt bool
}

// Wallet is open and unlocked. Its methods are safe for concurrent use; those that need the
// chain answer ErrOffline when there is no connection.
type Wallet struct {
	params *chaincfg.Params
	log    *slog.Logger
	db     walletdb.DB
	w      *wallet.Wallet
	keys   *KeyRing
	link   link
	box    outbox

	window    uint32       // of the recovery that this wallet was opened with; 0: none
	scanned   atomic.Int32 // height that the recovery has looked up to
	recovered atomic.Bool  // the recovery has ended

	coins   sync.Mutex // held from choosing coins until they are locked or spent
	reserve func() btcutil.Amount
	fees    map[wire.OutPoint][]Coin // by owner, those of FeeCoins

	mu     sync.Mutex
	closed bool
	quit   chan struct{} // closed by Close
}

func (c Config) path() string { return filepath.Join(c.Dir, fileName) }

// Exists says whether there is a wallet.
func Exists(dir string) (bool, error) {
	_, err := os.Stat(Config{Dir: dir}.path())
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("wallet: %w", err)
	}
	return true, nil
}

// Create makes a wallet of a seed and opens it. It either is there afterwards or not: a crash
// leaves no half of one.
func Create(cfg Config, password []byte, words Mnemonic, seedPassphrase []byte) (*Wallet, error) {
	if len(password) < minPassword {
		return nil, fmt.Errorf("%w: %d bytes, at least %d", ErrShortPassword, len(password), minPassword)
	}
	if there, err := Exists(cfg.Dir); err != nil || there {
		return nil, errors.Join(err, existsError(there))
	}
	seed, err := openSeed(words, seedPassphrase)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("wallet: directory: %w", err)
	}
	draft := cfg.path() + ".new"
	if err := os.Remove(draft); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("wallet: remove an unfinished wallet: %w", err)
	}
	root, err := hdkeychain.NewMaster(seed.Entropy[:], cfg.Params)
	if err != nil {
		return nil, fmt.Errorf("wallet: master key: %w", err)
	}
	if err := cfg.write(draft, password, root, seed.BirthdayTime()); err != nil {
		return nil, errors.Join(fmt.Errorf("wallet: create: %w", err), os.Remove(draft))
	}
	if err := os.Rename(draft, cfg.path()); err != nil {
		return nil, fmt.Errorf("wallet: create: %w", err)
	}
	if err := syncDir(cfg.Dir); err != nil {
		return nil, fmt.Errorf("wallet: create: %w", err)
	}
	return Open(cfg, password)
}

func existsError(there bool) error {
	if there {
		return ErrExists
	}
	return nil
}

// write makes the database.
func (c Config) write(path string, password []byte, root *hdkeychain.ExtendedKey, birthday time.Time) (err error) {
	scrypt := &waddrmgr.DefaultScryptOptions
	if c.FastScrypt {
		scrypt = &waddrmgr.FastScryptOptions
	}
	db, err := walletdb.Create(driver, path, true, openTimeout, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return walletdb.Update(db, func(tx walletdb.ReadWriteTx) error {
		addrs, err := tx.CreateTopLevelBucket(addrBucket)
		if err != nil {
			return err
		}
		txs, err := tx.CreateTopLevelBucket(txBucket)
		if err != nil {
			return err
		}
		own, err := tx.CreateTopLevelBucket(ownBucket)
		if err != nil {
			return err
		}
		if err := waddrmgr.Create(addrs, root, password, password, c.Params, scrypt, birthday); err != nil {
			return err
		}
		if err := putRecovery(own, c.RecoveryWindow); err != nil {
			return err
		}
		return wtxmgr.Create(txs)
	})
}

// Open opens and unlocks the wallet of a directory.
func Open(cfg Config, password []byte) (*Wallet, error) {
	there, err := Exists(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, fmt.Errorf("%w: in %s", ErrNotFound, cfg.Dir)
	}
	db, err := walletdb.Open(driver, cfg.path(), true, openTimeout, false)
	if errors.Is(err, bbolterrors.ErrTimeout) {
		return nil, ErrInUse
	}
	if err != nil {
		return nil, fmt.Errorf("wallet: open: %w", err)
	}
	w, err := cfg.load(db, password)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return w, nil
}

func (c Config) load(db walletdb.DB, password []byte) (*Wallet, error) {
	window, err := recovery(db)
	if err != nil {
		return nil, fmt.Errorf("wallet: open: %w", err)
	}
	window = max(window, c.RecoveryWindow)
	inner, err := wallet.OpenWithRetry(db, password, nil, c.Params, window, syncRetry)
	if err != nil {
		return nil, passwordError(err)
	}
	w := &Wallet{
		params: c.Params, log: c.Log, db: db, w: inner, quit: make(chan struct{}), window: window,
	}
	if w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	inner.Start()
	if err := inner.Unlock(password, nil); err != nil {
		inner.Stop()
		inner.WaitForShutdown()
		return nil, passwordError(err)
	}
	if w.keys, err = newKeyRing(inner, c.Params); err != nil {
		inner.Stop()
		inner.WaitForShutdown()
		return nil, err
	}
	return w, nil
}

func passwordError(err error) error {
	if waddrmgr.IsError(err, waddrmgr.ErrWrongPassphrase) {
		return ErrWrongPassword
	}
	if errors.Is(err, migration.ErrReversion) {
		return ErrNewer
	}
	return fmt.Errorf("wallet: open: %w", err)
}

// Close ends the connection to the chain and closes the file. A second call does nothing.
func (w *Wallet) Close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	w.mu.Unlock()
	close(w.quit)
	w.link.stop()
	w.w.Stop()
	w.w.WaitForShutdown()
	if err := w.db.Close(); err != nil {
		return fmt.Errorf("wallet: close: %w", err)
	}
	return nil
}

// Keys gives the node's keys.
func (w *Wallet) Keys() *KeyRing { return w.keys }

// Params gives the chain's parameters.
func (w *Wallet) Params() *chaincfg.Params { return w.params }

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
