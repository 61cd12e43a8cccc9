package btcd

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
)

// prepare makes the directory and what lies in it: certificate, credentials, faucet key.
func (n *Node) prepare() error {
	if err := os.MkdirAll(n.cfg.Dir, 0o700); err != nil {
		return fmt.Errorf("btcd: directory: %w", err)
	}
	var pass [16]byte
	if _, err := rand.Read(pass[:]); err != nil {
		return fmt.Errorf("btcd: password: %w", err)
	}
	n.rpc = RPCConfig{
		Host: n.cfg.RPCListen, User: "nwnd", Pass: hex.EncodeToString(pass[:]), Network: n.params.Name,
	}
	if !n.cfg.NoTLS {
		n.rpc.CertPath = filepath.Join(n.cfg.Dir, "rpc.cert")
		if err := makeCert(n.rpc.CertPath, n.keyPath()); err != nil {
			return err
		}
	}
	key, err := loadKey(filepath.Join(n.cfg.Dir, "faucet.key"))
	if err != nil {
		return err
	}
	if n.faucet, err = newFaucet(key, n.params); err != nil {
		return err
	}
	n.mining = n.faucet.addr
	if n.cfg.MiningAddr != "" {
		if n.mining, err = btcutil.DecodeAddress(n.cfg.MiningAddr, n.params); err != nil {
			return fmt.Errorf("btcd: mining address: %w", err)
		}
	}
	return nil
}

func (n *Node) keyPath() string { return filepath.Join(n.cfg.Dir, "rpc.key") }

func (n *Node) confPath() string { return filepath.Join(n.cfg.Dir, "btcd.conf") }

// conf is the config file. It holds the credentials, which every user of the machine could read
// among the arguments, and keeps the user's own btcd.conf out.
func (n *Node) conf() string {
	return "[Application Options]\nrpcuser=" + n.rpc.User + "\nrpcpass=" + n.rpc.Pass + "\n"
}

// args are btcd's arguments.
func (n *Node) args() []string {
	args := []string{
		"--" + n.params.Name,
		"--configfile=" + n.confPath(),
		"--datadir=" + filepath.Join(n.cfg.Dir, "data"),
		"--logdir=" + filepath.Join(n.cfg.Dir, "logs"),
		"--rpclisten=" + n.rpc.Host,
		"--miningaddr=" + n.mining.EncodeAddress(),
		"--txindex",
		"--listen=" + n.rpc.P2P,
		"--whitelist=127.0.0.1", // nobody here is banned
		"--rpcmaxclients=1000",
		"--rpcmaxwebsockets=500",
		"--rpcmaxconcurrentreqs=1000",
	}
	if n.params.Name == Regtest {
		args = append(args, "--rejectnonstd")
	}
	if n.cfg.NoTLS {
		args = append(args, "--notls")
	} else {
		args = append(args, "--rpccert="+n.rpc.CertPath, "--rpckey="+n.keyPath())
	}
	return append(args, n.cfg.Args...)
}

// makeCert writes a certificate for localhost and its key, unless both are there.
func makeCert(certPath, keyPath string) error {
	_, certErr := os.Stat(certPath)
	_, keyErr := os.Stat(keyPath)
	if certErr == nil && keyErr == nil {
		return nil
	}
	cert, key, err := btcutil.NewTLSCertPair("nwnd private chain", time.Now().AddDate(10, 0, 0), nil)
	if err != nil {
		return fmt.Errorf("btcd: certificate: %w", err)
	}
	if err := os.WriteFile(keyPath, key, 0o600); err != nil {
		return fmt.Errorf("btcd: certificate key: %w", err)
	}
	if err := os.WriteFile(certPath, cert, 0o644); err != nil {
		return fmt.Errorf("btcd: certificate: %w", err)
	}
	return nil
}

// loadKey reads a private key in hex, or makes one and writes it.
func loadKey(path string) (*btcec.PrivateKey, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		key, err := btcec.NewPrivateKey()
		if err != nil {
			return nil, fmt.Errorf("btcd: faucet key: %w", err)
		}
		if err := os.WriteFile(path, []byte(hex.EncodeToString(key.Serialize())), 0o600); err != nil {
			return nil, fmt.Errorf("btcd: faucet key: %w", err)
		}
		return key, nil
	}
	if err != nil {
		return nil, fmt.Errorf("btcd: faucet key: %w", err)
	}
	raw, err := hex.DecodeString(string(text))
	if err != nil || len(raw) != btcec.PrivKeyBytesLen {
		return nil, fmt.Errorf("btcd: faucet key: %s holds no key of %d bytes in hex", path, btcec.PrivKeyBytesLen)
	}
	key, _ := btcec.PrivKeyFromBytes(raw)
	return key, nil
}
