// Package evm decides what a channel in an EVM chain's adjudicator contract calls for: which
// state was posted, what of it is ours, which call makes it so, and by when. It is pure: what
// happened on chain and what time it is there come in as values.
package evm
