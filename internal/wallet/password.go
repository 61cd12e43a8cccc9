package wallet

import "fmt"

// ChangePassword encrypts the wallet with another password, of at least 8 bytes; it stays
// open. The old one is no use afterwards, but for copies of the file that were made before.
func (w *Wallet) ChangePassword(old, password []byte) error {
	if len(password) < minPassword {
		return fmt.Errorf("%w: %d bytes, at least %d", ErrShortPassword, len(password), minPassword)
	}
	if err := w.w.ChangePassphrases(old, password, old, password); err != nil {
		return passwordError(err)
	}
	return nil
}
