package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/lightningnetwork/lnd/aezeed"
	"github.com/lightningnetwork/lnd/keychain"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/wallet"
	"github.com/nichework/nwnd/lnrpc/rpcserver"
)

// noSeedPassword is that of wallets made with noseedbackup, which protects nothing.
const noSeedPassword = "no seed, no backup"

// keeper opens the wallet once, from the password file or for a client.
type keeper struct {
	cfg *config.Config
	log *slog.Logger

	mu   sync.Mutex
	open *wallet.Wallet
}

func (k *keeper) config(window uint32) wallet.Config {
	return wallet.Config{
		Dir: k.cfg.ChainDir(), Params: k.cfg.Network.Params, Log: k.log, RecoveryWindow: window,
		FastScrypt: k.cfg.NoSeedBackup, // its password is no secret
	}
}

// Exists is of rpcserver.Wallet.
func (k *keeper) Exists() (bool, error) { return wallet.Exists(k.cfg.ChainDir()) }

// GenSeed is of rpcserver.Wallet.
func (k *keeper) GenSeed(entropy, passphrase []byte) ([]string, []byte, error) {
	var chosen *[aezeed.EntropySize]byte
	if len(entropy) > 0 {
		if len(entropy) != aezeed.EntropySize {
			return nil, nil, fmt.Errorf("entropy of %d bytes, needs %d", len(entropy), aezeed.EntropySize)
		}
		chosen = (*[aezeed.EntropySize]byte)(entropy)
	}
	seed, err := aezeed.New(keychain.CurrentKeyDerivationVersion, chosen, time.Now())
	if err != nil {
		return nil, nil, fmt.Errorf("new seed: %w", err)
	}
	words, err := seed.ToMnemonic(passphrase)
	if err != nil {
		return nil, nil, fmt.Errorf("new seed: %w", err)
	}
	enciphered, err := seed.Encipher(passphrase)
	if err != nil {
		return nil, nil, fmt.Errorf("new seed: %w", err)
	}
	return words[:], enciphered[:], nil
}

// Create is of rpcserver.Wallet.
func (k *keeper) Create(_ context.Context, in rpcserver.NewWallet) error {
	var words wallet.Mnemonic
	if len(in.Words) != len(words) {
		return fmt.Errorf("a seed has %d words, these are %d", len(words), len(in.Words))
	}
	copy(words[:], in.Words)
	return k.hold(wallet.Create(k.config(in.RecoveryWindow), in.Password, words, in.SeedPassphrase))
}

// Unlock is of rpcserver.Wallet.
func (k *keeper) Unlock(_ context.Context, password []byte, window uint32) error {
	err := k.hold(wallet.Open(k.config(window), password))
	if errors.Is(err, wallet.ErrWrongPassword) {
		return errors.New("invalid passphrase for master public key") // as clients of lnd expect
	}
	return err
}

// ChangePassword is of rpcserver.Wallet. As in lnd no password is that of a wallet whose seed
// nobody saw.
func (k *keeper) ChangePassword(_ context.Context, password, another []byte) error {
	if len(password) == 0 {
		password = []byte(noSeedPassword)
	}
	w, err := wallet.Open(k.config(0), password)
	if err == nil {
		if err = w.ChangePassword(password, another); err != nil {
			err = errors.Join(err, w.Close())
		}
	}
	if errors.Is(err, wallet.ErrWrongPassword) {
		return errors.New("invalid passphrase for master public key")
	}
	return k.hold(w, err)
}

func (k *keeper) hold(w *wallet.Wallet, err error) error {
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.open != nil {
		return errors.Join(errors.New("the wallet is open"), w.Close())
	}
	k.open = w
	return nil
}

// wallet is the open wallet, nil if there is none.
func (k *keeper) wallet() *wallet.Wallet {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.open
}

// Close closes the wallet if it is open.
func (k *keeper) Close() error {
	if w := k.wallet(); w != nil {
		return w.Close()
	}
	return nil
}

// auto opens the wallet without a client where the options say so, and tells whether it did.
func (k *keeper) auto(ctx context.Context) (bool, error) {
	exists, err := k.Exists()
	switch {
	case err != nil:
		return false, err
	case k.cfg.NoSeedBackup && !exists:
		words, _, err := k.GenSeed(nil, nil)
		if err != nil {
			return false, err
		}
		k.log.Warn("creating a wallet whose seed nobody will have seen")
		return true, k.Create(ctx, rpcserver.NewWallet{Password: []byte(noSeedPassword), Words: words})
	case k.cfg.NoSeedBackup:
		return true, k.Unlock(ctx, []byte(noSeedPassword), 0)
	case k.cfg.PasswordFile == "":
		return false, nil
	}
	password, err := config.ReadPassword(k.cfg.PasswordFile)
	if err != nil {
		return false, err // also when there is nothing to open yet: better now than later
	}
	defer clear(password)
	if !exists {
		if !k.cfg.AllowCreate {
			return false, errors.New("there is no wallet that the password file could open: start " +
				"without wallet-unlock-password-file, or with wallet-unlock-allow-create too, and " +
				"use nwcli create")
		}
		return false, nil
	}
	if err := k.Unlock(ctx, password, 0); err != nil {
		return false, fmt.Errorf("the password in %s does not open the wallet in %s: %w",
			k.cfg.PasswordFile, k.cfg.ChainDir(), err)
	}
	return true, nil
}
