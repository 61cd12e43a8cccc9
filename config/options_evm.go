package config

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// EVM is how to reach the chains on which channels in tokens are held.
type EVM struct {
	Chain       []string `long:"chain" description:"Chain to hold channels in tokens on, as name,chain id,profile,endpoint and more endpoints after further commas; may be given several times. Profiles are ethereum, op-stack, arbitrum and dev (for networks of one machine). An endpoint is a JSON-RPC URL, http, https, ws or wss, or the path of a socket; with several they are compared, and stand in for each other. (Experimental.)"`
	Asset       []string `long:"asset" description:"Asset to know from the start, as symbol,chain name,adjudicator,token; the zero address is the chain's coin; may be given several times. Others are added with nwcli assets add."`
	MaxGasPrice int64    `long:"maxgasprice" default:"100" description:"The most that a unit of gas may cost, in gwei. Coins are kept to close every channel at that price."`
	MaxHTLCs    int64    `long:"maxhtlcs" default:"30" description:"HTLCs that a peer may have in flight to us at once in a channel in a token opened from now on, 5 to 483; the peer says the same of ours. To claim one on chain takes the data of all: some 90,000 gas with 30, 1 million with 483, which still fits a block."`
}

// EVMChain is one chain as evm.chain names it.
type EVMChain struct {
	Name      string
	ID        uint64
	Profile   string
	Endpoints []string
}

const (
	maxEVMChains    = 16
	maxEVMEndpoints = 16
)

// EVMAsset is one asset as evm.asset names it: addresses are 20 bytes.
type EVMAsset struct {
	Symbol, Chain      string
	Adjudicator, Token [20]byte
}

const maxEVMAssets = 100

// assets reads evm.asset.
func (e *EVM) assets(chains []EVMChain) ([]EVMAsset, error) {
	if len(e.Asset) > maxEVMAssets {
		return nil, fmt.Errorf("config: evm.asset is given %d times, it may be %d times", len(e.Asset), maxEVMAssets)
	}
	var all []EVMAsset
	for _, text := range e.Asset {
		parts := strings.Split(text, ",")
		if len(parts) != 4 {
			return nil, fmt.Errorf("config: evm.asset %q needs symbol,chain name,adjudicator,token", text)
		}
		a := EVMAsset{Symbol: strings.TrimSpace(parts[0]), Chain: strings.TrimSpace(parts[1])}
		for i, to := range []*[20]byte{&a.Adjudicator, &a.Token} {
			raw, err := hex.DecodeString(strings.TrimPrefix(strings.TrimSpace(parts[2+i]), "0x"))
			if err != nil || len(raw) != len(to) {
				return nil, fmt.Errorf("config: evm.asset %q: %q is no address of 20 bytes", text, parts[2+i])
			}
			copy(to[:], raw)
		}
		if !slices.ContainsFunc(chains, func(c EVMChain) bool { return c.Name == a.Chain }) {
			return nil, fmt.Errorf("config: evm.asset %q: no evm.chain is named %q", text, a.Chain)
		}
		all = append(all, a)
	}
	return all, nil
}

// chains reads evm.chain.
func (e *EVM) chains() ([]EVMChain, error) {
	if len(e.Chain) > maxEVMChains {
		return nil, fmt.Errorf("config: evm.chain is given %d times, it may be %d times", len(e.Chain), maxEVMChains)
	}
	var all []EVMChain
	names, ids := make(map[string]bool), make(map[uint64]bool)
	for _, text := range e.Chain {
		c, err := parseEVMChain(text)
		if err != nil {
			return nil, err
		}
		if names[c.Name] || ids[c.ID] {
			return nil, fmt.Errorf("config: evm.chain: chain %s, id %d, is named twice", c.Name, c.ID)
		}
		names[c.Name], ids[c.ID] = true, true
		all = append(all, c)
	}
	return all, nil
}

// parseEVMChain reads one. What stands in an endpoint behind its host may be a key, so no error shows it.
func parseEVMChain(text string) (EVMChain, error) {
	parts := strings.Split(text, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if len(parts) < 4 {
		return EVMChain{}, errors.New("config: evm.chain needs name,chain id,profile,endpoint, " +
			"such as sepolia,11155111,ethereum,https://rpc.example")
	}
	c := EVMChain{Name: parts[0], Profile: parts[2], Endpoints: parts[3:]}
	id, err := strconv.ParseUint(parts[1], 10, 63)
	switch {
	case err != nil || id == 0:
		return EVMChain{}, fmt.Errorf("config: evm.chain: chain id %q is not a number from 1", parts[1])
	case c.Name == "" || len(c.Name) > 32 || strings.ContainsAny(c.Name, " \t/"):
		return EVMChain{}, fmt.Errorf("config: evm.chain: name %q needs 1 to 32 characters without spaces and slashes", c.Name)
	case len(c.Endpoints) > maxEVMEndpoints:
		return EVMChain{}, fmt.Errorf("config: evm.chain: %s has %d endpoints, at most %d", c.Name, len(c.Endpoints), maxEVMEndpoints)
	}
	c.ID = id
	switch c.Profile {
	case "ethereum", "op-stack", "arbitrum", "dev":
	default:
		return EVMChain{}, fmt.Errorf("config: evm.chain: profile %q of %s; there are ethereum, op-stack, arbitrum and dev", c.Profile, c.Name)
	}
	for i, e := range c.Endpoints {
		if filepath.IsAbs(e) {
			continue
		}
		u, err := url.Parse(e)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "ws" && u.Scheme != "wss" {
			return EVMChain{}, fmt.Errorf("config: evm.chain: endpoint %d of %s is neither an http, https, ws or wss URL "+
				"nor the path of a socket", i+1, c.Name)
		}
	}
	return c, nil
}
