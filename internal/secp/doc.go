// Package secp signs and verifies 32-byte digests with ECDSA over secp256k1, in the
// 64-byte form that Lightning messages carry. It uses libsecp256k1 where cgo is and pure
// Go elsewhere; both give the same bytes. Signatures are deterministic (RFC 6979) with a
// low S, and a signature with a high S is never accepted, since nodes don't relay one
// (CVE-2020-26895).
package secp
