// Package htlctest lets tests run channels without cryptography: a Format that hashes the
// ledger, a Signer whose signatures are hashes too, and pairs of channels that meet over
// a link which a test may cut.
package htlctest
