// Package devnet is a Lightning network on this machine: a real btcd, real nodes as
// processes, and the two commands made of them, `nwnd devnet` and `nwnd demo`.
package devnet
