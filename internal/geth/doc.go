// Package geth runs go-ethereum's execution node in this process, for networks on one machine
// and for tests: a simulated beacon, blocks and time on demand, JSON-RPC on loopback.
package geth

import _ "github.com/ethereum/go-ethereum/ethclient/simulated" // the node; used from here on
