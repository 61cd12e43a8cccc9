// Package bitcoind lets a node follow the chain by a bitcoind, over its documented JSON-RPC and ZMQ:
// Source answers the questions of a chain.Follower, Backend connects the wallet by btcwallet's client.
//
// It is experimental: no bitcoind was at hand, and its tests run against package bitcoindtest, which
// speaks as bitcoind does and has a btcd behind it.
package bitcoind
