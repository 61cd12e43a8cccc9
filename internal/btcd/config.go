package btcd

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/btcsuite/btcd/chaincfg"
)

// Errors of this package.
var (
	ErrNoBinary = errors.New("btcd: no btcd program: not beside the running one, not in $PATH")
	ErrNetwork  = errors.New("btcd: unknown private network")
	ErrExited   = errors.New("btcd: the process ended before it was ready")
	ErrStopped  = errors.New("btcd: not running")
	ErrNoFunds  = errors.New("btcd: the faucet has no mature coins")
)

// Networks that can be run.
const (
	Simnet  = "simnet"
	Regtest = "regtest"
)

// Config is what Start needs. Only Dir is required.
type Config struct {
	Dir        string       // blocks, certificate, logs, faucet key; made if absent
	Binary     string       // path of btcd; empty: Find()
	Network    string       // Simnet (default) or Regtest
	MiningAddr string       // who earns what Mine mines; empty: the faucet (see Pay)
	Height     int32        // Start mines up to it; 0: SegwitHeight; negative: mine nothing
	RPCListen  string       // host:port for RPC; empty: a free loopback port
	NoTLS      bool         // serve RPC in the clear (loopback only)
	Args       []string     // further arguments of btcd, as they are
	Log        *slog.Logger // nil: silent
}

// params gives the chain's parameters.
func (c Config) params() (*chaincfg.Params, error) {
	switch c.Network {
	case Simnet, "":
		return &chaincfg.SimNetParams, nil
	case Regtest:
		return &chaincfg.RegressionNetParams, nil
	}
	return nil, fmt.Errorf("%w: %q, have %q and %q", ErrNetwork, c.Network, Simnet, Regtest)
}

// SegwitHeight is the first block in which segwit and taproot hold, for a chain whose blocks are
// all mined here: version bits start with the second window, lock in with the third.
func SegwitHeight(p *chaincfg.Params) int32 {
	return 3 * int32(p.MinerConfirmationWindow)
}

// Find looks for a btcd program: beside the running executable, then in $PATH.
func Find() (string, error) {
	if exe, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(exe), "btcd")
		if fi, err := os.Stat(beside); err == nil && fi.Mode().IsRegular() && fi.Mode()&0o111 != 0 {
			return beside, nil
		}
	}
	if path, err := exec.LookPath("btcd"); err == nil {
		return path, nil
	}
	return "", ErrNoBinary
}
