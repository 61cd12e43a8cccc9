// Package wallet is the node's seed, its keys and its coins on the bitcoin chain: btcsuite's
// btcwallet, driven so that a seed can move between nwnd and lnd.
//
// The seed is an aezeed of 24 words that carries its birthday. Coins are on lnd's default accounts,
// m/84'/0'/0' (p2wkh) and m/86'/0'/0' (p2tr, also for change), with coin type 0 on every network; keys
// of the node and its channels are m/1017'/coin'/family'/0/index of lnd's keychain, with coin type
// 0 on mainnet and 1 elsewhere. Everything is in wallet.db, encrypted with the wallet's password.
//
// Rates are in satoshi per 1000 weight units; 250 of them are 1 sat/vbyte.
//
// Locks on coins live in memory: after a restart the coins of a funding transaction that nobody
// saved are free again, and for one that was saved the node calls Reserve or Publish.
package wallet
