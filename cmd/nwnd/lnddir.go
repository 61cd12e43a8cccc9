package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nichework/nwnd/config"
)

// refuseLndsDir refuses a data directory in which an lnd has lived: the wallets' files have
// the same name, and an lnd.conf may well name it. Two nodes on one wallet lose money.
func refuseLndsDir(cfg *config.Config) error {
	for _, path := range []string{
		filepath.Join(cfg.GraphDir(), "channel.db"),
		filepath.Join(cfg.ChainDir(), "macaroons.db"),
		filepath.Join(cfg.ChainDir(), "lnd.sqlite"),
		filepath.Join(cfg.ChainDir(), "chain.sqlite"),
	} {
		_, err := os.Stat(path)
		if err == nil {
			return fmt.Errorf("%s is lnd's: nwnd needs a data directory of its own; give another datadir "+
				"(a seed moves with nwcli create --restore, channels don't)", path)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
