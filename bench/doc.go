// Command bench pays the same invoices with nwnd and with lnd, in turn, on one machine,
// one kind of chain and one disk, through the same client. Of nwnd alone it then measures
// what no rate shows: that nothing is lost when a node is killed in a stream of payments, a node
// with the graph of 2024's mainnet, one with a million payments behind it, and what a channel with a
// million past states costs to keep, to start, to close and to defend. `make bench` runs it.
package main
