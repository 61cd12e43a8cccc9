package config

import (
	"errors"
	"fmt"
	"net"

	"github.com/btcsuite/btcd/chaincfg"
)

// ErrMainNet is why nwnd does not start on the main network.
var ErrMainNet = errors.New("config: bitcoin.mainnet is refused: this version cannot yet " +
	"enforce a channel on chain, so real money could be lost; use bitcoin.regtest, " +
	"bitcoin.simnet, bitcoin.signet, bitcoin.testnet or bitcoin.testnet4")

// Network is a chain that nwnd can follow.
type Network struct {
	Name     string // as in paths and in GetInfo: "regtest", "testnet", ...
	Params   *chaincfg.Params
	BtcdPort string // of btcd's RPC

	BitcoindPort string // of bitcoind's RPC
	BitcoindDir  string // within its data directory

	// Worthless tells that coins of this network can be had for the asking on one's
	// own machine.
	Worthless bool
}

// NetworkNamed finds a network by its name, "mainnet" included: whoever only looks for
// files of a daemon may know of it.
func NetworkNamed(name string) (Network, error) {
	for _, n := range networks(&Bitcoin{}) {
		if n.Name == name {
			return n.Network, nil
		}
	}
	return Network{}, fmt.Errorf("config: no network is called %q", name)
}

type chosen struct {
	Network
	on bool
}

func networks(b *Bitcoin) []chosen {
	return []chosen{
		{Network{"mainnet", &chaincfg.MainNetParams, "8334", "8332", "", false}, b.MainNet},
		{Network{"testnet", &chaincfg.TestNet3Params, "18334", "18332", "testnet3", false}, b.TestNet3},
		{Network{"testnet4", &chaincfg.TestNet4Params, "48334", "48332", "testnet4", false}, b.TestNet4},
		{Network{"signet", &chaincfg.SigNetParams, "38332", "38332", "signet", false}, b.SigNet},
		{Network{"simnet", &chaincfg.SimNetParams, "18556", "", "", true}, b.SimNet},
		{Network{"regtest", &chaincfg.RegressionNetParams, "18334", "18443", "regtest", true}, b.RegTest},
	}
}

// network is the one that the options choose.
func (b *Bitcoin) network() (Network, error) {
	var found []Network
	for _, n := range networks(b) {
		if n.on {
			found = append(found, n.Network)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return Network{}, errors.New("config: no network is chosen: give one of " +
			"bitcoin.regtest, bitcoin.simnet, bitcoin.signet, bitcoin.testnet, bitcoin.testnet4")
	}
	return Network{}, fmt.Errorf("config: two networks are chosen: %s and %s",
		found[0].Name, found[1].Name)
}

// withPort is addr with port added if it has none.
func withPort(addr, port string) string {
	if _, _, err := net.SplitHostPort(addr); err == nil {
		return addr
	}
	if n := len(addr); n > 1 && addr[0] == '[' && addr[n-1] == ']' {
		addr = addr[1 : n-1]
	}
	return net.JoinHostPort(addr, port)
}
