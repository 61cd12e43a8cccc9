// Package signer holds one channel's secrets and implements htlc.Signer with them, using
// all cores for large batches.
package signer
