// Package node is the shell round the pure core: one goroutine per channel, the switch
// that forwards between them, payments, invoices, channel opening, gossip, and the wiring
// of these to peers, the store, the wallet and the chain.
//
// Every change to a channel goes through its driver (driver.go), which makes the facts
// of a batch durable before anything leaves the process. The switch (switch.go) carries
// results from one channel to another and never blocks: what it can owe is bounded by the
// HTLC limits of the channels.
package node
