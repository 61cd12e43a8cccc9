// Package btcd runs btcsuite's btcd as a private chain on loopback and mines on it: the
// bitcoin of nwnd's devnet, demo and tests.
//
// The network is simnet. lnd v0.21.1 ("--bitcoin.simnet --bitcoin.node=btcd") and btcwallet both
// run on it, its subsidy stays 50 BTC for 210,000 blocks, and btcd keeps its blocks over a
// restart. Regtest works too, but btcd wipes its regtest database at every start and halves the
// subsidy every 150 blocks. On both a coinbase matures after 100 blocks; segwit, CSV and taproot
// are voted in by version bits and active from block SegwitHeight (simnet 300, regtest 432),
// up to which Start mines. lnd derives keys with coin type 1 on simnet, not chaincfg's 115.
//
// What btcd does not do: keep its mempool over a restart, relay packages, or estimate fees on a
// chain without a market (it answers 0 or an error, to be read as "unknown").
package btcd
