// Package neutrino is a chain.Source without a full node: headers and compact filters (BIP 157,
// BIP 158) from bitcoin's peers, and of blocks only those whose filter matches.
//
// A Service is one lightninglabs/neutrino ChainService, which the node's follower (as Source and
// Filters) and the wallet share. What a light client can be fooled with is told in
// docs/security.md, why it is built like this in ADR 9.
package neutrino
