package wallet

import (
	"errors"
	"fmt"
	"time"

	"github.com/lightningnetwork/lnd/aezeed"
	"github.com/lightningnetwork/lnd/keychain"
)

// Mnemonic is a seed in words.
type Mnemonic = [aezeed.NumMnemonicWords]string

// GenSeed makes a seed whose birthday is now's day. The passphrase encrypts it; nil stands for
// aezeed's default.
func GenSeed(passphrase []byte, now time.Time) (Mnemonic, error) {
	seed, err := aezeed.New(keychain.CurrentKeyDerivationVersion, nil, now)
	if err != nil {
		return Mnemonic{}, fmt.Errorf("wallet: new seed: %w", err)
	}
	words, err := seed.ToMnemonic(passphrase)
	if err != nil {
		return Mnemonic{}, fmt.Errorf("wallet: new seed: %w", err)
	}
	return Mnemonic(words), nil
}

// openSeed decrypts a seed. Its errors don't repeat the words.
func openSeed(words Mnemonic, passphrase []byte) (*aezeed.CipherSeed, error) {
	m := aezeed.Mnemonic(words)
	seed, err := m.ToCipherSeed(passphrase)
	var unknown aezeed.ErrUnknownMnemonicWord
	switch {
	case err == nil:
		return seed, nil
	case errors.As(err, &unknown):
		return nil, fmt.Errorf("%w: word %d is not in the list", ErrMnemonic, unknown.Index+1)
	case errors.Is(err, aezeed.ErrInvalidPass):
		return nil, ErrWrongSeedPassphrase
	case errors.Is(err, aezeed.ErrIncorrectMnemonic):
		return nil, fmt.Errorf("%w: the checksum is wrong", ErrMnemonic)
	}
	return nil, fmt.Errorf("%w: %w", ErrMnemonic, err)
}
