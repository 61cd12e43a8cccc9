// Package dbtest gives tests a store in their own directory whose n-th commit fails or after which the
// machine dies.
package dbtest

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/channeldb/internal/fault"
)

// ErrInjected is the cause in a store that stopped because the test wanted it to.
var ErrInjected = errors.New("dbtest: injected fault")

// Outcome is what a commit that fails leaves on disk. Its callers see ErrStopped either way, so
// what comes after must be right for both.
type Outcome int

const (
	Lost Outcome = iota // nothing of the group is on disk
	Kept                // all of it is, though its callers were told otherwise
)

// Disk is a store's file and its faults. Commits are counted over all stores opened on it.
type Disk struct {
	t    testing.TB
	path string

	mu      sync.Mutex
	commits int
	fail    int // the commit that fails; -1 is none
	outcome Outcome
	lives   int // how often Crash was called; commits of an earlier life are lost
	open    *channeldb.DB
}

// New makes a disk in the test's directory.
func New(t testing.TB) *Disk {
	return &Disk{t: t, path: filepath.Join(t.TempDir(), "nwnd.db"), fail: -1}
}

// Path is the file's path.
func (d *Disk) Path() string { return d.path }

// Options opens a store on this disk by other means than Open: channeldb.Open(d.Path(), d.Options()).
// Such a store is the caller's to close, after Crash.
func (d *Disk) Options() channeldb.Options {
	d.mu.Lock()
	life := d.lives
	d.mu.Unlock()
	return channeldb.Options{Program: "nwnd test", Faults: &fault.Plan{
		Before: func(uint64) error { return d.step(life, Lost) },
		After:  func(uint64) error { return d.step(life, Kept) },
		NoSync: true, // no test can cut the power; Crash loses what was not committed
	}}
}

// Open opens the store, which the test's end closes. One that is still open is crashed first.
func (d *Disk) Open() *channeldb.DB {
	d.t.Helper()
	d.Crash()
	db, err := channeldb.Open(d.path, d.Options())
	if err != nil {
		d.t.Fatalf("dbtest: %v", err)
	}
	d.open = db
	d.t.Cleanup(func() { _ = db.Close() })
	return db
}

// FailAt makes the n-th commit from now fail, counted from 0, and with it the store.
func (d *Disk) FailAt(n int, o Outcome) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail, d.outcome = d.commits+n, o
}

// Commits is how many commits were tried so far: a run without faults tells how many there are
// to fail.
func (d *Disk) Commits() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.commits
}

// Crash is the death of the process: stores opened before it commit no more.
func (d *Disk) Crash() {
	d.mu.Lock()
	d.lives++
	db := d.open
	d.open = nil
	d.mu.Unlock()
	if db != nil {
		_ = db.Close()
	}
}

// step is asked before a commit (Lost) and after it (Kept) and answers with its fault.
func (d *Disk) step(life int, at Outcome) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.commits
	if at == Lost {
		d.commits++
		if life != d.lives {
			return ErrInjected
		}
	} else {
		n--
	}
	if n == d.fail && at == d.outcome {
		return ErrInjected
	}
	return nil
}
