// Package geth runs go-ethereum's execution node in this process, for networks on one machine
// and for tests. It serves JSON-RPC over HTTP, WebSocket and IPC as any node does; what stands in the
// place of Ethereum's beacon chain is the owner: blocks come every period or when asked for
// (Mine), with transactions or without (Skip), their clock can be moved (Warp), and the newest
// can be exchanged for others (Reorg).
//
// The simulated beacon of go-ethereum is not used: it can't move the clock while transactions
// wait, reorganises by surprise and finalises each 32nd block the moment it is made. Here, as on
// Ethereum, a block is "safe" with Config.Safe blocks on it and "finalized" with Config.Final
// (32 and 64), both never lower than before; a follower that wants it sooner counts blocks.
//
// All of it is in memory and gone with the process; a day of a block each second takes some 300 MB. States are
// kept of the newest 128 blocks and can be computed again for 1024. go-ethereum logs nothing unless somebody sets its root logger.
package geth
