// Package devnet is Lightning networks on this machine: a real btcd, go-ethereum's node in this process, real
// nodes as processes, and the two commands made of them, `nwnd devnet` and `nwnd demo`.
package devnet
