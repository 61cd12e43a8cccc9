// Package eip712 writes a channel's commitments for an adjudicator contract on an EVM
// chain: one EIP-712 digest, and so one signature, covers the balances and all HTLCs.
//
// In it A is the side that opened the channel and B the other; a commitment is the same
// whichever of them computes it. Expiries are unix seconds and nothing costs a fee.
package eip712
