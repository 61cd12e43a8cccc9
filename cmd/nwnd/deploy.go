package main

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/nichework/nwnd/adjudicator/evm/deploy"
)

const deployUsage = `usage: nwnd deploy-adjudicator [--key=<file>] <endpoint>

Puts the contract that holds channels on an EVM chain, unless it is there, and prints its address, which is
the same on every chain. Without a key it only looks. The file has the 64 hex digits of the key of an
account that pays for it, and is readable to its owner alone.

`

// deployTimeout is enough for some blocks of any chain.
const deployTimeout = 10 * time.Minute

// deployMain is `nwnd deploy-adjudicator`; it returns the exit status.
func deployMain(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("nwnd deploy-adjudicator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, deployUsage) }
	keyFile := flags.String("key", "", "")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() != 1:
		flags.Usage()
		return 2
	}
	endpoint := flags.Arg(0)
	at, err := deployAdjudicator(ctx, endpoint, *keyFile)
	if err != nil {
		// There may be a key in the endpoint.
		return report(stderr, errors.New(strings.ReplaceAll(err.Error(), endpoint, "the endpoint")))
	}
	fmt.Fprintln(stdout, at)
	return 0
}

// deployAdjudicator gives the address where the adjudicator is afterwards.
func deployAdjudicator(ctx context.Context, endpoint, keyFile string) (common.Address, error) {
	ctx, cancel := context.WithTimeout(ctx, deployTimeout)
	defer cancel()
	chain, err := ethclient.DialContext(ctx, endpoint)
	if err != nil {
		return common.Address{}, errors.New("the endpoint is no JSON-RPC URL or socket that answers")
	}
	defer chain.Close()
	contract := deploy.Adjudicator()
	if keyFile == "" {
		there, err := deploy.Present(ctx, chain, contract.Address)
		if err == nil && !there {
			err = fmt.Errorf("the adjudicator is not on this chain; with --key it is put at %v", contract.Address)
		}
		return contract.Address, err
	}
	key, err := readEVMKey(keyFile)
	if err != nil {
		return common.Address{}, err
	}
	return contract.Address, deploy.NewAccount(chain, key).Put(ctx, contract)
}

// readEVMKey reads the key of an account. No error shows any of it.
func readEVMKey(file string) (*ecdsa.PrivateKey, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if open := info.Mode().Perm() & 0o077; open != 0 {
		return nil, fmt.Errorf("%s may be read by others (mode %v): chmod 600 it first", file, info.Mode().Perm())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	key, err := crypto.HexToECDSA(strings.TrimPrefix(strings.TrimSpace(string(text)), "0x"))
	if err != nil {
		return nil, fmt.Errorf("%s has no key: 64 hex digits are expected", file)
	}
	return key, nil
}
